"""One agency, or one PE: the rows of the report's tables that are about it, and what takes a PE's time."""

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from allocator.views.chase import Owed, owed
from allocator.views.facts import Facts
from allocator.views.table import Table
from models.decisions import Decision
from models.entities import Educator


class Span(NamedTuple):
    """What takes a PE's time from one day to another: a student of the plan, or a commitment to another programme."""

    kind: Literal["student", "commitment"]
    title: str
    first: date
    last: date
    number: float


def agency_called(facts: Facts, called: str) -> str | None:
    """The id of an agency, by id or by name; None where the data have none that is called so.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    called
        As somebody writes it.
    """
    known = {*facts.dataset.agency_by_id, *(offer.agency for offer in facts.dataset.offers)}
    if called in known:
        return called
    folded = called.strip().casefold()
    return next((a for a in sorted(known) if folded in (a.casefold(), facts.agency_name(a).casefold())), None)


def offers_of(facts: Facts, table: Table, agency: str) -> Table:
    """The rows of the sheet Offers whose place an agency leads, or of which some days are in its teams."""
    return _some(table, lambda offer: agency in _sites(facts, offer))


def students_at(facts: Facts, table: Table, agency: str) -> Table:
    """The rows of the sheet Students of those who are placed with an agency, for all or some of their days."""
    placed = {m.request for m in facts.matches if agency in _sites(facts, m.offer)}
    return _some(table, placed.__contains__)


def educators_of(facts: Facts, table: Table, agency: str) -> Table:
    """The rows of the sheet Educators of those whom an agency employs."""
    known = facts.dataset.educator_by_id
    return _some(table, lambda pe: known[pe].employed_by == agency)


def account_of(facts: Facts, table: Table, agency: str) -> Table:
    """The rows of the sheet Agencies of one agency, a row for each academic year."""
    name = facts.agency_name(agency)
    return _some(table, name.__eq__)


def students_of(facts: Facts, table: Table, pe: str) -> Table:
    """The rows of the sheet Students of those whom a PE has in the plan."""
    supervised = {m.request for m in facts.matches_of_pe.get(pe, ())}
    return _some(table, supervised.__contains__)


def owed_by_agency(facts: Facts, table: Table, agency: str) -> Table:
    """The rows of the chase list that an agency owes, or that are about it."""
    name = facts.agency_name(agency)
    return _owed(
        facts, table, lambda row: name in (row.owner, row.which, row.where) or row.where.startswith(f"{name}, ")
    )


def owed_about_educator(facts: Facts, table: Table, pe: str) -> Table:
    """The rows of the chase list that are about a PE or the students of one."""
    about = {pe} | {m.request for m in facts.matches_of_pe.get(pe, ())}
    return _owed(facts, table, lambda row: row.which in about)


def decisions_about(facts: Facts, table: Table, wanted: Callable[[Decision], bool]) -> Table:
    """The rows of the sheet Decisions that somebody wants, such as those about one PE."""
    kept = [row for row in table.rows if wanted(facts.decision_by_id[str(row[-1])])]
    return table._replace(rows=kept)


def spans(facts: Facts, educator: Educator) -> list[Span]:
    """What takes a PE's time, by first day; what has no days takes those from the first tranche to the last.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    educator
        Listed.
    """
    tranches = facts.horizon_tranches or facts.dataset.tranches
    found = [
        Span("student", m.request, m.start, m.end, 1.0)
        for m in facts.matches_of_pe.get(educator.pe, ())
        if m.start and m.end
    ]
    days = [t.first_day for t in tranches] + [d for s in found for d in (s.first, s.last)]
    earliest, latest = min(days, default=date.max), max(days, default=date.min)
    found += [
        Span("commitment", c.programme or "another programme", first, last, float(c.number))
        for c in facts.dataset.commitments
        if c.pe == educator.pe
        if (first := c.first_day or earliest) <= (last := c.last_day or latest)
    ]
    return sorted(found, key=lambda span: (span.first, span.last, span.title))


def _sites(facts: Facts, offer: str) -> set[str]:
    return {agency for agency, _ in facts.offers[offer].sites}


def _some(table: Table, wanted: Callable[[str], bool]) -> Table:
    """The rows whose first cell is wanted."""
    return table._replace(rows=[row for row in table.rows if wanted(str(row[0]))])


def _owed(facts: Facts, table: Table, wanted: Callable[[Owed], bool]) -> Table:
    return table._replace(rows=[row for row, one in zip(table.rows, owed(facts), strict=True) if wanted(one)])
