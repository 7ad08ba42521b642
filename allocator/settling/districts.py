"""Places from which nobody knows how long it takes: no district, without coordinates, or without a measured time."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from allocator.settling.directories import Directory
from allocator.settling.draft import Draft, Facts
from models.base import natural_key
from models.entities import Place, TravelTime

_DISTRICT = re.compile(r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]?")
_EXAMPLES = 3


def is_district(text: str) -> bool:
    """Whether a text is written like a postcode district.

    Parameters
    ----------
    text
        As typed.

    Returns
    -------
    bool
        True for ``CR0`` and ``EC1A``; False for the name of a town.
    """
    return _DISTRICT.fullmatch(text) is not None


class _Cells(NamedTuple):
    """Cells of a column that name the same place."""

    sheet: str
    column: str
    place: str


def check_places(draft: Draft, places: Iterable[Place], travel: Iterable[TravelTime]) -> None:
    """Name the places from which no travel time is known, each once for a column, with all its rows.

    Where nothing is known of any place, that the sheets are missing is said instead; what is no district among
    districts is named all the same, since nobody would find it on any map of them.

    Parameters
    ----------
    draft
        Everything has been read.
    places
        Places with coordinates.
    travel
        Measured times.
    """
    rows: defaultdict[_Cells, set[int]] = defaultdict(set)
    for sheet, column, place, row in _uses(draft):
        rows[_Cells(sheet, column, place)].add(row)
    located = {p.place for p in places}
    measured = {end for time in travel for end in (time.origin, time.destination)}
    known, common = Directory("Places", located | measured), _common_districts(rows)
    for cells in sorted(rows, key=lambda c: (c.sheet, c.column, natural_key(c.place))):
        others = common[cells.sheet, cells.column]
        is_town = bool(others) and not is_district(cells.place) and cells.place not in measured
        there = draft.table("Places").there or (measured and cells.place not in measured)
        if cells.place in located or not (is_town or there):
            continue
        facts: dict[str, Any] = {
            "sheet": cells.sheet, "rows": rows[cells], "column": cells.column, "found": cells.place,
            "subject": cells.place, "suggestion": known.suggestion(cells.place),
        }  # fmt: skip
        if is_town:
            draft.collector.add("V443", **facts, others=others)
        else:
            draft.collector.add("V407", **facts)


def _uses(draft: Draft) -> Iterable[tuple[str, str, str, int]]:
    """Sheet, column, place and row of each cell that says where a student who asks lives, or where an offer is."""
    for student in {facts["student"] for facts in draft.requests.values()}:
        if home := draft.students[student].get("home"):
            yield "Students", "home", home, draft.row_by_student[student].number
    for offer, facts in draft.offers.items():
        row = draft.rows["Offers", offer]
        if place := facts.get("place"):
            of_team = _row_of_team(draft, facts) if row.get("place") is None else None
            yield ("Offers", "place", place, row.number) if of_team is None else ("Teams", "place", place, of_team)
        for spoke in facts.get("spokes", ()):
            if spoke.place:
                yield "Offers", "spokes", spoke.place, row.number


def _row_of_team(draft: Draft, offer: Facts) -> int | None:
    return draft.row_number("Teams", f"{offer['agency']}/{offer['team']}")


def _common_districts(rows: Mapping[_Cells, Collection[int]]) -> dict[tuple[str, str], str]:
    """The commonest districts of each column, by sheet and column; empty where most of its places are none."""
    counts: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for cells, numbers in rows.items():
        counts[cells.sheet, cells.column][cells.place] = len(numbers)
    found = {}
    for column, of_column in counts.items():
        districts = sorted(filter(is_district, of_column), key=lambda place: (-of_column[place], natural_key(place)))
        found[column] = ", ".join(districts[:_EXAMPLES]) if 2 * len(districts) >= len(of_column) else ""
    return found
