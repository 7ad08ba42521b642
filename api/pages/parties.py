"""An agency, and a PE: everything about them on one page."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Response

from allocator.report.agencies import form_names
from allocator.report.writing import AGENCIES
from allocator.views.about import (
    account_of,
    agency_called,
    decisions_about,
    educators_of,
    offers_of,
    owed_about_educator,
    owed_by_agency,
    spans,
    students_at,
    students_of,
)
from allocator.views.account import accounts, years_of_accounts
from allocator.views.facts import Facts, day_of_plan
from allocator.views.table import Column, Table
from allocator.views.year import year_words
from api.pages.pictures import timeline
from api.pages.plans import Shown
from api.pages.rendering import page
from api.pages.table_view import View, words
from api.pages.tables import PAGES, some_rows
from api.pages.visiting import TheRoundVisit
from api.problems import NotFoundError
from models.entities import INDEPENDENT, PARTNERSHIP

router = APIRouter(include_in_schema=False)
NO_PLAN = "This round has no plan yet: there is nothing to show of it."
_STUDENTS = (
    "Request", "Result", "Provisional because, or why not placed", "Team", "PE", "Owner", "Due", "Tranche", "Programme",
    "Stage", "Offer", "Start", "End",
)  # fmt: skip
_OFFERS = (
    "Offer", "Team", "Use", "Who has it, with PE", "If unused, why", "Who could take it", "Tranche", "Stage", "Places",
    "State", "PEs named or to be named",
)  # fmt: skip
_EDUCATORS = (
    "PE", "Team", "Stage", "Spare", "Students", "Limit, students at once", "Needs a student by", "Current until",
    "Last student", "Practice assessor", "Becomes",
)  # fmt: skip
_OWED = PAGES["chase"].chosen


class Section(NamedTuple):
    """A table of the page: its heading, what stands there where it is empty, its address on the page."""

    title: str
    view: View
    empty: str
    id: str


def _chasing(facts: Facts) -> str:
    return f"To chase, on {day_of_plan(facts)}"


def turned(table: Table, titles: str) -> Table:
    """A table of few rows and many columns, turned: a row for each column, so that it is read from above to below.

    Parameters
    ----------
    table
        Of the library.
    titles
        The heading whose cells become headings.
    """
    headings = [column.title for column in table.columns]
    heads = [str(row[headings.index(titles)]) for row in table.rows]
    rows = [[h, *(words(row[n]) for row in table.rows)] for n, h in enumerate(headings) if h != titles and n]
    return table._replace(
        columns=[Column("Account of the year", 34), *(Column(head, 30) for head in heads)], rows=rows, keys=1,
        tone_column=None, printed=None,
    )  # fmt: skip


@router.get("/rounds/{round}/agency")
def agency(visit: TheRoundVisit, id: str = "") -> Response:
    """Everything about an agency, by its id or its name."""
    plan = _plan(visit.plan)
    facts = plan.facts
    found = agency_called(facts, id)
    if found is None:
        raise NotFoundError(f"The data have no agency that is called '{id}'. See the list of agencies.")
    name, form = facts.agency_name(found), form_names(facts).get(found)
    account = account_of(facts, plan.agencies, found)
    decisions = decisions_about(facts, plan.decisions, lambda d: d.agency == found)
    own = educators_of(facts, plan.educators, found)
    sections = [
        Section("Offers", some_rows(visit, "places", offers_of(facts, plan.offers, found), _OFFERS), "No offer.", "o"),
        Section("Students placed", some_rows(visit, "students", students_at(facts, plan.students, found), _STUDENTS),
                "Nobody is placed here.", "s"),
        Section("Practice educators", some_rows(visit, "educators", own, _EDUCATORS),
                "No PE of the agency is listed.", "e"),
        Section(_chasing(facts), some_rows(visit, "chase", owed_by_agency(facts, plan.chase, found), _OWED),
                "Nothing is owed.", "c"),
        Section("Decisions", some_rows(visit, "", decisions, ()), "No decision is about the agency.", "d"),
    ]  # fmt: skip
    settle = str(account.rows[0][-1] or "").splitlines() if account.rows else []
    return page(
        visit, "agency.html", agency=found, name=name, parts=sections, to_settle=settle,
        accounts=[(year_words(year), accounts(facts, year)[found]) for year in years_of_accounts(facts)],
        account=some_rows(visit, "", turned(account, "Academic year"), ()),
        form=f"/v1/runs/{plan.run}/files/{AGENCIES}/{quote(form)}" if form else "",
        about=facts.dataset.agency_by_id.get(found),
    )  # fmt: skip


@router.get("/rounds/{round}/educator")
def educator(visit: TheRoundVisit, id: str = "") -> Response:
    """Everything about a PE."""
    plan = _plan(visit.plan)
    facts = plan.facts
    found = facts.dataset.educator_by_id.get(id)
    if found is None:
        raise NotFoundError(f"The data have no PE '{id}'. See the list of educators.")
    row = next(row for row in plan.educators.rows if row[0] == id)
    said = dict(zip((column.title for column in plan.educators.columns), row, strict=True))
    taken = spans(facts, found)
    offers = plan.offers._replace(
        rows=[r for r in plan.offers.rows if any(e.pe == id for e in facts.offers[str(r[0])].educators)]
    )
    sections = [
        Section("Students", some_rows(visit, "students", students_of(facts, plan.students, id), _STUDENTS),
                "The plan gives this PE no student.", "s"),
        Section("Offers that name this PE", some_rows(visit, "places", offers, _OFFERS), "No offer.", "o"),
        Section(_chasing(facts), some_rows(visit, "chase", owed_about_educator(facts, plan.chase, id), _OWED),
                "Nothing is owed.", "c"),
        Section("Decisions", some_rows(visit, "", decisions_about(facts, plan.decisions, lambda d: d.pe == id), ()),
                "No decision is about this PE.", "d"),
    ]  # fmt: skip
    return page(
        visit, "educator.html", pe=id, said=said, parts=sections, taken=taken,
        picture=timeline(taken, facts.as_of) if taken else None,
        employed=found.employed_by not in (PARTNERSHIP, INDEPENDENT), by_tranche=_by_tranche(said),
    )  # fmt: skip


def _by_tranche(said: Mapping[str, object]) -> list[tuple[str, object]]:
    """How many students a PE has in each tranche, as the sheet Educators counts them."""
    return [(title.removeprefix("Students "), n) for title, n in said.items() if title.startswith("Students ")]


def _plan(plan: Shown | None) -> Shown:
    if plan is None:
        raise NotFoundError(NO_PLAN)
    return plan
