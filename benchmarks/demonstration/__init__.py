"""The demonstration partnerships: deterministic generators with seed and scale."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path

from allocator.reading import write_workbook
from benchmarks.demonstration import demand, past, supply, surroundings
from benchmarks.demonstration.causes import CAUSES, PEPS2, stay_at_stage_1, without_cause
from benchmarks.demonstration.developing_together import DEVELOPING_TOGETHER
from benchmarks.demonstration.draw import Row
from benchmarks.demonstration.facts import Partnership
from benchmarks.demonstration.january_2022 import JANUARY_2022
from benchmarks.demonstration.two_universities import TWO_UNIVERSITIES

__all__ = ["CAUSES", "PARTNERSHIPS", "Sheets", "generate", "write"]

Sheets = dict[str, list[Row]]
PARTNERSHIPS: Mapping[str, Partnership] = {
    partnership.name: partnership for partnership in (DEVELOPING_TOGETHER, JANUARY_2022, TWO_UNIVERSITIES)
}
"""By name; the first is the one that ``make demo`` allocates."""


def generate(
    seed: int = 1, scale: float = 1.0, name: str = DEVELOPING_TOGETHER.name, without: Collection[str] = ()
) -> Sheets:
    """Draw a partnership.

    Parameters
    ----------
    seed
        The same seed gives the same rows.
    scale
        1: its own size. Cohorts, places, PEs and teams grow in proportion; agencies and districts stay.
    name
        Which one (:data:`PARTNERSHIPS`).
    without
        What takes places and is to be taken away (:data:`CAUSES`); all other rows stay as they are.

    Returns
    -------
    dict
        By sheet: its rows, each a mapping of column to value.

    Raises
    ------
    ValueError
        ``scale`` is not positive, or ``without`` names what is not known.
    KeyError
        There is no such partnership.
    """
    if scale <= 0:
        raise ValueError("scale must be positive")
    if unknown := sorted(set(without) - set(CAUSES)):
        raise ValueError(f"unknown: {', '.join(unknown)}; allowed: {', '.join(CAUSES)}")
    partnership = PARTNERSHIPS[name]
    hosts = supply.make(partnership, seed, scale)
    people = demand.make(partnership, seed, scale)
    sheets: Sheets = {
        "Tranches": surroundings.tranches(partnership),
        "Students": people.students,
        "Requests": people.requests,
        "History": people.history,
        "Agencies": hosts.agencies,
        "Teams": hosts.teams,
        "Offers": hosts.offers,
        "Educators": hosts.educators,
        "Places": surroundings.places(partnership),
        "Travel": surroundings.travel(partnership, people.students, hosts.offers, seed),
        "Past": surroundings.past_years(partnership),
        "Commitments": hosts.commitments,
        "Decisions": surroundings.decisions(partnership, people.students, people.requests, hosts.offers, seed),
        "Published": past.published(partnership, people, hosts, seed, scale),
        "Policy": surroundings.policy(partnership),
        "Lists": surroundings.lists(),
        "Calendar": surroundings.calendar({name: facts.first_day for name, facts in partnership.rounds.items()}),
    }
    if partnership.not_going_on and PEPS2 not in without:
        sheets = stay_at_stage_1(sheets, partnership, seed)
    for cause in without:
        sheets = without_cause(sheets, cause)
    return _moved(sheets, partnership)


def _moved(sheets: Sheets, partnership: Partnership) -> Sheets:
    """Every date in the partnership's own years, and its own names of rounds."""
    by, names = timedelta(days=partnership.days_moved), partnership.round_names

    def cell(column: str, value: object) -> object:
        if isinstance(value, date):
            return value + by
        return names.get(str(value), value) if column == "tranche" else value

    return {
        name: [{column: cell(column, value) for column, value in row.items()} for row in rows]
        for name, rows in sheets.items()
    }


def write(
    path: Path,
    seed: int = 1,
    scale: float = 1.0,
    name: str = DEVELOPING_TOGETHER.name,
    without: Collection[str] = (),
) -> None:
    """Write a partnership as a workbook.

    Parameters
    ----------
    path
        The workbook, replaced where it exists.
    seed, scale, name, without
        As for :func:`generate`.
    """
    write_workbook(path, generate(seed, scale, name, without))
