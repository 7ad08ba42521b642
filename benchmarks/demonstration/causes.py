"""What takes places or gives some, each to be taken away alone: rows of the finished sheets change, and no others.

The five are those that the partnership named for January 2022, when too few places for MSW finals were found; a sixth,
Frontline, takes places in its other years too. Practice consultants give places. What taking one away does is an
assumption, and stands at each.
"""

from collections.abc import Callable, Mapping

from benchmarks.demonstration.draw import Row, source
from benchmarks.demonstration.facts import Partnership

Sheets = dict[str, list[Row]]
PEPS2 = "PEPS2"
"""That few PEs went on: what takes places here is a change of the sheets (:func:`stay_at_stage_1`), without it none."""


def _without_programme(programme: str) -> Callable[[Sheets], Sheets]:
    """Its students are gone; places kept for it are open to all, of any stage; so is what it takes elsewhere."""

    def away(sheets: Sheets) -> Sheets:
        gone = {row["student"] for row in sheets["Students"] if row["programme"] == programme}
        kept = {name: [row for row in rows if row.get("student") not in gone] for name, rows in sheets.items()}
        opened: Row = {"reserved_for": None, "reserved_until": None, "stage": "either"}
        kept["Offers"] = [row | opened if row.get("reserved_for") == programme else row for row in sheets["Offers"]]
        return _without_commitments(programme)(kept)

    return away


def _without_commitments(programme: str) -> Callable[[Sheets], Sheets]:
    """Agencies and PEs are free for students in its stead."""

    def away(sheets: Sheets) -> Sheets:
        left = [row for row in sheets["Commitments"] if row["programme"] != programme]
        return sheets | {"Commitments": left}

    return away


def _unchanged(sheets: Sheets) -> Sheets:
    return sheets


def stay_at_stage_1(sheets: Sheets, partnership: Partnership, seed: int) -> Sheets:
    """Some PEs of councils did not go on to PEPS2; a place for finals that only they would take is one for firsts.

    They are drawn among those on whom nothing else rests: no trainee, no hub, no placement that runs.

    Parameters
    ----------
    sheets
        As all went on.
    partnership, seed
        As for :func:`benchmarks.demonstration.generate`.

    Returns
    -------
    dict
        Rows that it does not concern are those given.
    """
    educators, offers = sheets["Educators"], sheets["Offers"]
    needed = {row.get(column) for row in educators for column in ("practice_assessor", "fall_back")}
    needed |= {row["pe"] for row in sheets["Published"]} | {r["educators"] for r in offers if r.get("note")}
    councils = {agency.agency for agency in partnership.agencies if agency.kind == "authority"}
    able = [
        str(row["pe"])
        for row in educators
        if row["employed_by"] in councils and row["qualification"] == "PEPS2" and row["pe"] not in needed
    ]
    draw = source(seed, "stage 1", partnership.drawn_as)
    stayed = set(draw.sample(able, min(len(able), partnership.not_going_on)))

    def only_they(row: Row) -> bool:
        who = set(str(row["educators"] or "").split("; "))
        return row["stage"] == "final" and who <= stayed

    return sheets | {
        "Educators": [row | {"qualification": "PEPS1"} if row["pe"] in stayed else row for row in educators],
        "Offers": [row | {"stage": "first"} if only_they(row) else row for row in offers],
    }


def _without_consultants(sheets: Sheets) -> Sheets:
    """They are there until today and leave: what they supervise already goes on."""
    today = next(row["value"] for row in sheets["Policy"] if row["setting"] == "as_of")
    leaving: Row = {"leaves_on": today}
    rows = [row | leaving if row["employed_by"] == "partnership" else row for row in sheets["Educators"]]
    return sheets | {"Educators": rows}


CAUSES: Mapping[str, Callable[[Sheets], Sheets]] = {
    "Step Up": _without_programme("Step Up"),
    "Think Ahead": _without_commitments("Think Ahead"),
    "ASYE": _without_commitments("ASYE"),
    "apprentices": _without_programme("Apprenticeship"),
    PEPS2: _unchanged,
    "Frontline": _without_commitments("Frontline"),
    "practice consultants": _without_consultants,
}
"""Name to what the sheets are without it."""


def without_cause(sheets: Sheets, cause: str) -> Sheets:
    """The sheets without one of :data:`CAUSES`.

    Parameters
    ----------
    sheets
        By name: rows.
    cause
        Its name.

    Returns
    -------
    dict
        Rows that it does not concern are those given.
    """
    return CAUSES[cause](sheets)
