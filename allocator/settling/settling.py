"""Settles a register, the typed rows of all sheets, into a dataset and a policy; needs no file."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from allocator.reading.collecting import Collector, without_rows
from allocator.reading.columns import Sheet
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
from allocator.settling.ending_early import KIND as END_EARLY
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
from models.entities import (
    Agency,
    CalendarEntry,
    ClosedDay,
    Commitment,
    Educator,
    Employment,
    History,
    Offer,
    Past,
    Place,
    Published,
    Request,
    Student,
    Team,
    TravelTime,
)
from models.errors import InputUnusableError, Issue
from models.policy import Policy
from models.register import Page, Register
from models.versions import Version

DECISIONS = "Decisions"
_UNUSABLE = frozenset(("V107", "V108", "V109", "V114", "V116", "V128", "V130"))
"""What of sheets and columns makes an input unusable, where it stops."""
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
    draft = _begun(register, settings, today or date.today(), last)
    named = _read_names(draft)
    draft.decided = without_undone(draft)
    end_early(draft, draft.decided)
    return _ended(draft, named, _read_around(draft, named), each=each)


class Beginning:
    """What all sheets but Decisions say: registers that differ there alone are settled from it, many times.

    But a decision that ends a placement early does so by rows of other sheets, and an id that is given to a row depends
    on the words of all sheets: then everything is settled.

    Parameters
    ----------
    register, settings, today
        As for :func:`settle`.

    Raises
    ------
    InputUnusableError
        As of :func:`settle`.
    """

    def __init__(self, register: Register, settings: Mapping[str, str], today: date | None) -> None:
        self._register, self._settings, self._today = register, dict(settings), today or date.today()
        self._draft = _begun(register, settings, self._today, last=False, but=DECISIONS)
        self._named = _read_names(self._draft)
        self._around = None if self._draft.numbered else _read_around(self._draft, self._named)

    def is_of(self, register: Register, settings: Mapping[str, str], today: date | None) -> bool:
        """Whether a register, as it is to be settled, begins so."""
        mine, pages = ({n: p for n, p in r.pages.items() if n != DECISIONS} for r in (self._register, register))
        return (
            mine.keys() == pages.keys()
            and all(mine[name] is page for name, page in pages.items())
            and self._register.issues == register.issues
            and (self._settings, self._today) == (settings, today or date.today())
        )

    def settle(self, register: Register) -> Reading:
        """A register that begins so, settled with every problem by itself."""
        rows = register.pages[DECISIONS].rows if DECISIONS in register.pages else ()
        if self._around is None or any(row.get("decision") == END_EARLY for row in rows):
            return settle(register, self._settings, self._today, each=True)
        draft = self._draft.copy()
        own = {DECISIONS: _table(register.pages[DECISIONS], last=False)} if DECISIONS in register.pages else {}
        draft.tables |= own
        _check_sheet(SHEETS[DECISIONS], draft.tables, draft.collector)
        draft.words.resolve(own, draft.collector)
        draft.decided = without_undone(draft)
        return _ended(draft, self._named, self._around, each=True)


_KEPT: list[Beginning] = []
"""The beginning of what was last settled beside another."""


def settle_beside(register: Register, settings: Mapping[str, str] = {}, today: date | None = None) -> Reading:
    """What :func:`settle` says, every problem by itself, to whoever enters one decision after another.

    What the sheets but Decisions say is kept until others are settled so.

    Parameters
    ----------
    register, settings, today
        As for :func:`settle`.

    Raises
    ------
    InputUnusableError, PolicyError
        As of :func:`settle`.
    """
    begun = next((kept for kept in _KEPT if kept.is_of(register, settings, today)), None)
    if begun is None:
        begun = Beginning(register, settings, today)
        _KEPT[:] = [begun]
    return begun.settle(register)


def _begun(register: Register, settings: Mapping[str, str], today: date, last: bool, but: str = "") -> Draft:
    """The typed rows with words and ids as they are meant; without the sheet ``but``."""
    collector = Collector(register.issues)
    tables = {name: _table(page, last) for name, page in register.pages.items()}
    sheets = {name: table for name, table in tables.items() if name not in ("Lists", but)}
    words = WordLists(tables.get("Lists"), collector)
    policy = read_policy(sheets.get("Policy"), settings, today, collector)
    for sheet in SHEETS.values():
        if sheet.name != but:
            _check_sheet(sheet, sheets, collector)
    if any(i.code in _UNUSABLE and i.level == "stop" for i in collector.issues):
        raise InputUnusableError(collector.in_order())
    words.resolve(sheets, collector)
    policy = with_listed_programmes(policy, words.lists["programmes"], words.new["programmes"], collector)
    check_ids(sheets, collector)
    return Draft(sheets, collector, words, policy, policy.as_of or today)


def _table(page: Page, last: bool) -> Table:
    rows = list(page.rows) if last else [row.copy() for row in page.rows]
    return Table(SHEETS[page.name], rows, frozenset(page.columns), page.there, page.origin)


def _check_sheet(sheet: Sheet, tables: Mapping[str, Table], collector: Collector) -> None:
    """Say what of a sheet and its columns everybody needs and is not there, and what the absence of others costs."""
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


class _Named(NamedTuple):
    """What the sheets of hosts and people say beside what is in the draft."""

    places: tuple[Place, ...]
    holidays: tuple[date, ...]


class _Around(NamedTuple):
    """What the other sheets say beside what is in the draft."""

    outcomes: tuple[Employment, ...]
    travel: tuple[TravelTime, ...]
    past: tuple[Past, ...]
    commitments: tuple[Commitment, ...]
    calendar: tuple[CalendarEntry, ...]
    closed: tuple[ClosedDay, ...]
    versions: tuple[Version, ...]


def _read_names(draft: Draft) -> _Named:
    """Hosts and people, whom all else names."""
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
    return _Named(places, holidays)


def _read_around(draft: Draft, named: _Named) -> _Around:
    """What is asked for, what was, what is published, and what the days are like."""
    read_history(draft)
    outcomes = read_outcomes(draft)
    read_requests(draft)
    travel = read_travel(draft)
    past = read_past(draft)
    commitments = read_commitments(draft)
    calendar, closed = read_calendar(draft)
    free = {*named.holidays, *(c.date for c in closed if c.agency is None)}
    draft.working_days = WorkingDays(free)
    for name in {c.agency for c in closed if c.agency is not None}:
        draft.working_days_at[name] = WorkingDays({*free, *(c.date for c in closed if c.agency == name)})
    read_published(draft)
    versions = read_versions(draft)
    return _Around(outcomes, travel, past, commitments, calendar, closed, versions)


def _ended(draft: Draft, named: _Named, around: _Around, *, each: bool) -> Reading:
    """The reading, once decisions are carried out; the draft is used up."""
    collector = draft.collector
    carry_out(draft)
    commitments = (*around.commitments, *commitments_of_lost(draft))
    keep_free(draft)
    check_everything(draft, named.places, around.travel)
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
        places=named.places,
        travel=around.travel,
        past=around.past,
        outcomes=around.outcomes,
        commitments=commitments,
        decisions=tuple(draft.decisions),
        published=_frozen(Published, draft.published),
        versions=around.versions,
        calendar=around.calendar,
        words=draft.words.as_words(),
        bank_holidays=named.holidays,
        closed_days=around.closed,
    )
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
