"""The tables of a plan as pages: students, places, agencies, what is owed, and so on; and each as a file."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Response

from allocator.report.tables import CSV, WORKBOOK, table_file
from allocator.views.facts import Facts
from allocator.views.shared_tables import shared_table
from allocator.views.table import Table
from api.pages.plans import Shown
from api.pages.rendering import page
from api.pages.table_view import NOTHING, Filter, Link, Prepared, View, link_to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from api.routes.run_files import type_of_file
from api.store import audit
from api.store.moments import utc_now

router = APIRouter(include_in_schema=False)
_DIGITS = re.compile(r"\s*\d+\s*")


class TablePage(NamedTuple):
    """A table of a plan as a page: where it comes from, what it can be filtered by, which columns are shown at first,
    and in which order: what is to be seen without scrolling sideways comes first.

    ``chosen``: none are those that the report prints. ``note``: where that of the report is of a workbook.
    ``deciding``: at first only the tranches that are being decided, as the overview and the board count.
    """

    title: str
    table: Callable[[Shown], Table]
    filters: tuple[Filter, ...]
    chosen: tuple[str, ...] = ()
    note: Callable[[Shown], str] | None = None
    template: str = "table.html"
    deciding: bool = False


def _about_students(plan: Shown) -> str:
    """What to know of the table of students on a screen."""
    against = plan.published.name if plan.published else "nothing, since nothing was published when the plan was made"
    return f"Changes are against {against}. More than {plan.facts.policy.travel_amber} minutes are in bold."


def _kind_of_change(text: str) -> str:
    """``other place: O1 → O2`` is an other place."""
    return text.partition(":")[0] or "unchanged"


def _without_number(text: str) -> str:
    """``overdue by 3 days`` and ``2 below its range`` without how many."""
    return _DIGITS.sub(" ", text).strip().replace(" by days", "").replace(" by day", "") or NOTHING


def _when(text: str) -> str:
    """The state of what is owed, or of a step: overdue, passed, today, later, done, or without a date."""
    passed = next((word for word in ("overdue", "date passed") if text.startswith(word)), "")
    return passed or ("later" if text.startswith("in ") else text or NOTHING)


PAGES: Mapping[str, TablePage] = {
    "students": TablePage(
        "Students",
        lambda plan: plan.students,
        (
            Filter("Result"), Filter("Agency"), Filter("Tranche"), Filter("Programme"), Filter("Stage"),
            Filter("Changed since the last version", _kind_of_change),
        ),
        (
            "Request", "Result", "Provisional because, or why not placed", "Agency", "Team", "PE", "Owner", "Due",
            "Tranche", "Programme", "Stage", "Offer", "Start", "End", "Minutes one way",
            "Changed since the last version",
        ),
        _about_students,
    ),
    "not-placed": TablePage(
        "Not placed",
        lambda plan: plan.not_placed,
        (Filter("Tranche"), Filter("Programme"), Filter("Stage"), Filter("Owner")),
        template="not-placed.html",
        deciding=True,
    ),
    "places": TablePage(
        "Places",
        lambda plan: plan.offers,
        (Filter("Use"), Filter("Agency"), Filter("Tranche"), Filter("Stage"), Filter("State")),
        (
            "Offer", "Agency", "Team", "Use", "Who has it, with PE", "If unused, why", "Who could take it", "Tranche",
            "Stage", "Places", "State", "PEs named or to be named", "Base", "Areas",
        ),
    ),
    "agencies": TablePage(
        "Agencies",
        lambda plan: plan.agencies,
        (Filter("Membership"), Filter("Academic year"), Filter("Against its range", _without_number)),
        (
            "Agency", "Academic year", "Against its range", "To settle", "Asked", "Offered", "Used", "Firm", "Unused",
            "Range", "Last heard from", "Membership",
        ),
    ),
    "educators": TablePage(
        "Educators",
        lambda plan: plan.educators,
        (Filter("Agency"), Filter("Stage"), Filter("Works"), Filter("Spare")),
        (
            "PE", "Agency", "Team", "Stage", "Spare", "Students", "Limit, students at once", "Needs a student by",
            "Current until", "Last student", "Practice assessor", "Works", "Registered",
        ),
    ),
    "chase": TablePage(
        "Chase list",
        lambda plan: plan.chase,
        (Filter("State", _when), Filter("Owner"), Filter("About"), Filter("Tranche")),
        (
            "State", "Due", "Owner", "What", "Which", "Where", "Requests that wait", "About", "Tranche", "Open since",
            "Days overdue",
        ),
    ),
    "calendar": TablePage(
        "Calendar",
        lambda plan: plan.calendar,
        (Filter("State", _when), Filter("Tranche"), Filter("Step"), Filter("Owner")),
    ),
}  # fmt: skip
"""By the last part of their address."""
_PREPARED: WeakKeyDictionary[Shown, dict[tuple[str, bool], Prepared]] = WeakKeyDictionary()


def links_of(facts: Facts, base: str) -> dict[str, Link]:
    """Where the cells of the tables of a plan lead, by heading.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    base
        Address of the round.
    """
    agencies = {facts.agency_name(a) for a in (*facts.dataset.agency_by_id, *(o.agency for o in facts.dataset.offers))}
    known = facts.dataset.educator_by_id
    agency, educator = link_to(f"{base}/agency"), link_to(f"{base}/educator")
    return {
        "Request": link_to(f"{base}/request"),
        "Offer": link_to(f"{base}/place"),
        "Agency": lambda text: agency(text) if text in agencies else "",
        "PE": lambda text: educator(text) if text in known else "",
        "Which": lambda text: _which(facts, base, text, agencies),
    }


def _which(facts: Facts, base: str, text: str, agencies: set[str]) -> str:
    """Where what something is owed about leads."""
    for known, where in (
        (facts.dataset.request_by_id, "request"), (facts.offers, "place"), (facts.dataset.educator_by_id, "educator"),
        (agencies, "agency"),
    ):  # fmt: skip
        if text in known:
            return link_to(f"{base}/{where}")(text)
    return ""


def prepared(visit: RoundVisit, name: str) -> Prepared:
    """A table of the plan of a round, ready to be shown.

    Parameters
    ----------
    visit
        Of a page of a round that has a plan.
    name
        A key of :data:`PAGES`.
    """
    plan = visit.plan
    assert plan is not None
    kept = _PREPARED.setdefault(plan, {})
    key = (name, visit.visit.meeting)
    if key not in kept:
        base = f"/rounds/{visit.round.id}"
        table, note = PAGES[name].table(plan), PAGES[name].note
        table = table if note is None else table._replace(note=note(plan))
        table = shared_table(table, plan.wall) if visit.visit.meeting else table
        kept[key] = Prepared(table, links_of(plan.facts, base), meeting=visit.visit.meeting)
    return kept[key]


def view_of(visit: RoundVisit, name: str) -> View | None:
    """What a visit sees of a table; None where the round has no plan."""
    if visit.plan is None:
        return None
    of_page = PAGES[name]
    params = visit.visit.request.query_params.multi_items()
    usual = [("Tranche", t.tranche) for t in visit.plan.facts.deciding] if of_page.deciding else ()
    return View(prepared(visit, name), of_page.filters, params, of_page.chosen, usual)


def some_rows(visit: RoundVisit, name: str, table: Table, chosen: Sequence[str]) -> View:
    """Some rows of a table, on a page about what they have in common.

    Parameters
    ----------
    visit
        Of a page of a round that has a plan.
    name
        A key of :data:`PAGES` whose links and note are wanted; blank for none.
    table
        Its rows.
    chosen
        Headings that are shown; none are those that the report prints.
    """
    assert visit.plan is not None
    links = links_of(visit.plan.facts, f"/rounds/{visit.round.id}") if name else {}
    table = table._replace(note="")
    table = shared_table(table, visit.plan.wall) if visit.visit.meeting else table
    return View(Prepared(table, links, meeting=visit.visit.meeting), (), (), chosen)


def _page(visit: RoundVisit, name: str) -> Response:
    return page(visit, PAGES[name].template, name=name, title=PAGES[name].title, view=view_of(visit, name))


@router.get("/rounds/{round}/students")
def students(visit: TheRoundVisit) -> Response:
    """The plan as a table: every request."""
    return _page(visit, "students")


@router.get("/rounds/{round}/not-placed")
def not_placed(visit: TheRoundVisit) -> Response:
    """Who is not placed: why, the nearest places, the smallest change."""
    return _page(visit, "not-placed")


@router.get("/rounds/{round}/places")
def places(visit: TheRoundVisit) -> Response:
    """Every offer."""
    return _page(visit, "places")


@router.get("/rounds/{round}/agencies")
def agencies(visit: TheRoundVisit) -> Response:
    """Every agency."""
    return _page(visit, "agencies")


@router.get("/rounds/{round}/educators")
def educators(visit: TheRoundVisit) -> Response:
    """Every PE."""
    return _page(visit, "educators")


@router.get("/rounds/{round}/chase")
def chase(visit: TheRoundVisit) -> Response:
    """Who owes what by when."""
    return _page(visit, "chase")


@router.get("/rounds/{round}/calendar")
def calendar(visit: TheRoundVisit) -> Response:
    """Key dates, what is still open for each, and what is overdue."""
    return _page(visit, "calendar")


@router.get("/rounds/{round}/tables/{file}")
def table_as_file(visit: TheRoundVisit, file: str) -> Response:
    """What a page shows of a table, as a file: the same rows, order and columns."""
    path = PurePosixPath(file)
    if path.stem not in PAGES or path.suffix not in (CSV, WORKBOOK):
        raise NotFoundError("There is no such file.")
    view = view_of(visit, path.stem)
    if view is None or visit.plan is None:
        raise NotFoundError("This round has no plan yet.")
    data = table_file(view.as_table(), path.suffix, visit.plan.facts)
    return downloaded(visit, file, data)


def downloaded(visit: RoundVisit, file: str, data: bytes) -> Response:
    """A file that a page gives away; the audit notes it.

    Parameters
    ----------
    visit
        Who takes it.
    file
        Its name: one of ours, without ids of people.
    data
        What it holds.
    """
    with visit.visit.service.store.transaction() as session:
        details = {"file": file}
        audit.record(session, visit.visit.person.account, "file_downloaded", visit.round.id, details, utc_now())
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(data, headers=headers, media_type=type_of_file(file))
