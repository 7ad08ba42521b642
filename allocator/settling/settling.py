"""Settles a register, the typed rows of all sheets, into a dataset and a policy; needs no file."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from allocator.reading.collecting import Collector, without_rows
from allocator.reading.grouping import in_order
from allocator.reading.origins import NumberedId
from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from allocator.reading.tables import Table
from allocator.settling.crosschecks import check_everything, check_something_left
from allocator.settling.draft import Draft, Facts
from allocator.settling.educators import check_assessors, read_educators
from allocator.settling.effects import carry_out
from allocator.settling.employers import keep_free
from allocator.settling.ending_early import end_early
from allocator.settling.guarantees import check_guarantees
from allocator.settling.hosts import read_agencies, read_teams
from allocator.settling.identities import check_ids
from allocator.settling.lost import commitments_of_lost
from allocator.settling.offers import read_offers
from allocator.settling.outcomes import read_outcomes, read_past
from allocator.settling.parts import settle_parts
from allocator.settling.plausible import check_plausible
from allocator.settling.published import read_published
from allocator.settling.requests import read_requests
from allocator.settling.settings import read_policy, with_listed_programmes
from allocator.settling.students import read_history, read_students
from allocator.settling.surroundings import read_calendar, read_commitments, read_places, read_travel
from allocator.settling.traces import Traces
from allocator.settling.tranches import read_tranches
from allocator.settling.undoing import without_undone
from allocator.settling.versions import read_versions
from allocator.settling.wordlists import WordLists
from allocator.settling.working_days import WorkingDays, english_bank_holidays
from models.base import Record, compact, natural_key
from models.dataset import Dataset
from models.entities import Agency, Educator, History, Offer, Published, Request, Student, Team
from models.errors import InputUnusableError, Issue
from models.policy import Policy
from models.register import Page, Register

YEARS_AHEAD = 2
"""Bank holidays are held for so many years after the last date of the input."""


class Reading(Record):
    """What an input says: facts, policy (``as_of`` filled), every problem, worst first, and ids given to rows."""

    dataset: Dataset
    policy: Policy
    issues: tuple[Issue, ...]
    numbered: tuple[NumberedId, ...] = ()
    traces: Traces = Traces()


def settle(
    register: Register, settings: Mapping[str, str] = {}, today: date | None = None, *, last: bool = False,
    each: bool = False,
) -> Reading:  # fmt: skip
    """Settle what the rows of all sheets say together: blanks filled, names found, decisions carried out.

    Parameters
    ----------
    register
        The rows of the sheets.
    settings
        Settings for this run, as ``--set`` gives them; they win over the Policy sheet.
    today
        Fills the policy's ``as_of`` where it is blank; by default the day of the run.
    last
        True where nobody looks at the register again: its rows are then changed, not copies of them.
    each
        True where every problem is wanted by itself, not many of one kind and cause as one.

    Returns
    -------
    Reading
        Dataset, policy and issues.

    Raises
    ------
    InputUnusableError
        The input cannot be used; holds every problem that was found.
    PolicyError
        One of ``settings`` is unknown or out of range.
    """
    today = today or date.today()
    collector = Collector(register.issues)
    tables = {name: _table(page, last) for name, page in register.pages.items()}
    sheets = {name: table for name, table in tables.items() if name != "Lists"}
    words = WordLists(tables.get("Lists"), collector)
    policy = read_policy(sheets.get("Policy"), settings, today, collector)
    if not _complete(sheets, collector):
        raise InputUnusableError(collector.in_order())
    words.resolve(sheets, collector)
    policy = with_listed_programmes(policy, words.lists["programmes"], words.new["programmes"], collector)
    check_ids(sheets, collector)
    draft = Draft(sheets, collector, words, policy, policy.as_of or today)
    dataset, published_at = _resolve(draft)
    if collector.stopped:
        raise InputUnusableError(collector.in_order())
    dataset = dataset.model_copy(update={"issues": without_rows(collector.issues)})
    return Reading(
        dataset=dataset, policy=draft.policy, numbered=tuple(draft.numbered),
        issues=tuple(in_order(collector.issues)) if each else collector.in_order(),
        traces=Traces(
            decisions=draft.decided_at, published=published_at, contradictions=tuple(draft.contradictions),
            undone=tuple(draft.undone),
        ),
    )  # fmt: skip


def _table(page: Page, last: bool) -> Table:
    rows = list(page.rows) if last else [row.copy() for row in page.rows]
    return Table(SHEETS[page.name], rows, frozenset(page.columns), page.there, page.origin)


def _complete(tables: dict[str, Table], collector: Collector) -> bool:
    """Whether the sheets and columns that everybody needs are there; says what the absence of others costs."""
    for sheet in SHEETS.values():
        table = tables.get(sheet.name)
        if sheet.required and table is None:
            columns = ", ".join(c.name for c in sheet.columns if c.least)
            others = [i.sheet or "" for i in collector.issues if i.code == "V111"]
            collector.add(
                "V107",
                sheet=sheet.name,
                missing=sheet.name,
                columns=columns,
                suggestion=did_you_mean(sheet.name, others).replace("Did you mean", "Is it"),
            )
        elif table is None:
            if sheet.absent and _matters(sheet.name, tables):
                collector.add("V110", sheet=sheet.name, missing=sheet.name, cost=sheet.absent)
        elif table.columns:
            _check_columns(table, tables, collector)
            if sheet.required and not table.rows:
                collector.add("V109", sheet=sheet.name, row=None, subject=sheet.row)
        elif sheet.required and not any(i.code == "V116" and i.sheet == sheet.name for i in collector.issues):
            columns = ", ".join(c.name for c in sheet.columns if c.least)
            collector.add("V130", sheet=sheet.name, columns=columns, subject=sheet.row)
    return not any(
        i.code in {"V107", "V108", "V109", "V114", "V116", "V128", "V130"} and i.level == "stop"
        for i in collector.issues
    )


def _matters(sheet: str, tables: Mapping[str, Table]) -> bool:
    """History is only missed where somebody asks for a final and no sheet tells of a first."""
    if sheet != "History":
        return True
    finals = any(r.get("stage") == "final" for s in ("Students", "Requests") if s in tables for r in tables[s].rows)
    return finals and "first_agency" not in (tables["Students"].columns if "Students" in tables else ())


def _check_columns(table: Table, tables: Mapping[str, Table], collector: Collector) -> None:
    sheet = table.sheet
    missing = [c.name for c in sheet.columns if c.required and c.name not in table.columns]
    if sheet.name == "Offers":
        teams = tables["Teams"].columns if "Teams" in tables else frozenset()
        missing += [c for c in ("place", "areas") if c not in table.columns and c not in teams]
    if sheet.name == "Students" and "stage" not in table.columns and "Requests" not in tables:
        missing.append("stage")
    unread = [i.found or "" for i in collector.issues if i.code == "V112" and i.sheet == sheet.name]
    for name in missing:
        near = did_you_mean(name, unread).replace("Did you mean", "Is it")
        collector.add(
            "V108",
            sheet=sheet.name,
            column=name,
            level="stop" if sheet.required else "set_aside",
            missing=name,
            suggestion=near,
            note=sheet.by_name[name].note,
        )
    if missing and not sheet.required:
        table.rows.clear()


def _resolve(draft: Draft) -> tuple[Dataset, dict[str, int]]:
    """The dataset, and the rows of its published matches."""
    places = read_places(draft)
    read_tranches(draft)
    settle_parts(draft)
    holidays = english_bank_holidays(_years(draft))
    read_agencies(draft)
    read_teams(draft)
    read_educators(draft)
    check_assessors(draft)
    read_offers(draft)
    read_students(draft)
    draft.decided = without_undone(draft)
    end_early(draft, draft.decided)
    read_history(draft)
    outcomes = read_outcomes(draft)
    read_requests(draft)
    travel = read_travel(draft)
    past = read_past(draft)
    commitments = read_commitments(draft)
    calendar, closed = read_calendar(draft)
    free = {*holidays, *(c.date for c in closed if c.agency is None)}
    draft.working_days = WorkingDays(free)
    for name in {c.agency for c in closed if c.agency is not None}:
        draft.working_days_at[name] = WorkingDays({*free, *(c.date for c in closed if c.agency == name)})
    read_published(draft)
    versions = read_versions(draft)
    carry_out(draft)
    commitments = (*commitments, *commitments_of_lost(draft))
    keep_free(draft)
    check_everything(draft, places)
    check_plausible(draft)
    check_guarantees(draft)
    check_something_left(draft)
    published_at = {name: draft.rows["Published", name].number for name in draft.published}
    draft.forget_rows()
    dataset = Dataset(
        tranches=tuple(sorted(draft.tranches.values(), key=lambda t: natural_key(t.tranche))),
        students=_frozen(Student, draft.students),
        requests=_frozen(Request, draft.requests),
        history=tuple(sorted(draft.history, key=_history_key)),
        agencies=_frozen(Agency, draft.agencies),
        teams=_frozen(Team, {f"{a}\0{t}": facts for (a, t), facts in draft.teams.items()}),
        offers=_frozen(Offer, draft.offers),
        educators=_frozen(Educator, draft.educators),
        places=places,
        travel=travel,
        past=past,
        outcomes=outcomes,
        commitments=commitments,
        decisions=tuple(draft.decisions),
        published=_frozen(Published, draft.published),
        versions=versions,
        calendar=calendar,
        words=draft.words.as_words(),
        bank_holidays=holidays,
        closed_days=closed,
    )
    return dataset, published_at


def _frozen(kind: Any, facts: dict[str, Facts]) -> Any:
    # The facts go as the entities come: both at once would fill the memory.
    return tuple(compact(kind(**facts.pop(name))) for name in sorted(facts, key=natural_key))


def _history_key(row: History) -> tuple[Any, ...]:
    return (natural_key(row.student), row.start or date.min, row.model_dump_json())


def _years(draft: Draft) -> Iterable[int]:
    """All years that the input touches, and those after them into which placements may run."""
    years = {draft.as_of.year}
    for name in ("Tranches", "Offers", "Requests", "Published"):
        table = draft.table(name)
        for column in (c.name for c in table.sheet.columns if c.kind == "date"):
            days = {row.get(column) for row in table.rows}
            years |= {day.year for day in days if day is not None}
    return range(min(years), max(years) + YEARS_AHEAD + 1)
