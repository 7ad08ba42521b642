"""Educators, and what other programmes take from them and from agencies."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.draw import Row, day_between, listed, scaled, source, spread
from benchmarks.demonstration.facts import Hub, Partnership, Shares, TeamFacts
from benchmarks.demonstration.hosts import teams_of

AS_HUB_LEAD: Row = {
    "qualification": "PEPS2", "load": c.HUB_PLACES, "practice_assessor": None, "needs_student_by": None,
    "fall_back": None, "registered": "yes", "current_until": date(2028, 12, 31), "absent_from": None,
    "absent_to": None, "leaves_on": None,
}  # fmt: skip
"""What makes a PE the lead of a student hub: always there, and room for all its places."""


def make_educators(partnership: Partnership, seed: int, scale: float) -> list[Row]:
    """PEs of every agency by team, then practice consultants, then independents.

    Parameters
    ----------
    partnership, seed, scale
        As for :func:`benchmarks.demonstration.generate`.

    Returns
    -------
    list of dict
        Rows of the sheet Educators.
    """
    draw = source(seed, "educators", partnership.drawn_as)
    agencies = partnership.agencies
    rows = agency_educators(
        ((a.agency, scaled(a.educators, scale), teams_of(a, scale)) for a in agencies), draw, partnership.qualification
    )
    with_own = [a.agency for a in agencies if a.educators]
    without_own = [a.agency for a in agencies if any(a.places) and a.educators <= 2]
    members = [a.agency for a in agencies if any(a.places) and a.membership != "outside"]
    number = scaled(len(partnership.consultants), scale)
    # A smaller partnership has less of them: a whole load of 5 would be a great part of its placements.
    of_full_size = [partnership.consultants[n % len(partnership.consultants)] for n in range(number)]
    loads = [max(1, round(load * min(1.0, scale))) for load in of_full_size]
    independents = scaled(partnership.independents, scale)
    rows += visiting_educators(loads, independents, with_own, without_own, len(rows), draw)
    for row in rows:
        if row["employed_by"] == "partnership":
            row["serves"] = listed(sorted({*members, *without_own}))
    for lead in hub_leads(rows, partnership.hub).values():
        lead.update(AS_HUB_LEAD | {"load": partnership.hub.places})
    return rows


def agency_educators(
    hosts: Iterable[tuple[str, int, list[TeamFacts]]], draw: random.Random, qualification: Shares = c.QUALIFICATION
) -> list[Row]:
    """PEs whom agencies employ, dealt to their teams.

    Parameters
    ----------
    hosts
        Agency, its number of PEs, its teams (shuffled here).
    draw
        Where chance comes from.
    qualification
        Shares of who is what.

    Returns
    -------
    list of dict
        Rows of the sheet Educators, numbered from PE001.
    """
    rows: list[Row] = []
    for agency, number, teams in hosts:
        draw.shuffle(teams)
        qualifications = spread(qualification, number, draw)
        rows += [
            {"employed_by": agency, "team": teams[n % len(teams)].team, "qualification": qualifications[n]}
            for n in range(number)
        ]
    shares = (c.REGISTERED, c.CURRENCY, c.LOAD, c.LONG_ARM, c.AWAY, c.ASSESSOR)
    columns = list(zip(*(spread(share, len(rows), draw) for share in shares), strict=True))
    peps2: defaultdict[object, list[str]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        row["pe"] = f"PE{number:03d}"
        if row["qualification"] == "PEPS2":
            peps2[row["employed_by"]].append(f"PE{number:03d}")
    for row, (registered, currency, load, long_arm, away, assessor) in zip(rows, columns, strict=True):
        _complete(row, registered, currency, load, long_arm, draw)
        _leave(row, away, draw)
        if str(row["qualification"]).startswith("trainee"):
            _assess(row, peps2[row["employed_by"]], assessor)
    return rows


def visiting_educators(
    loads: Sequence[int],
    independents: int,
    with_own: list[str],
    without_own: list[str],
    before: int,
    draw: random.Random,
) -> list[Row]:
    """Practice consultants, then independents: they serve every agency without PEs and one or two of the others.

    Parameters
    ----------
    loads
        Of each practice consultant.
    independents
        How many.
    with_own, without_own
        Agencies that have PEs of their own, and those that have too few.
    before
        PEs numbered so far.
    draw
        Where chance comes from.

    Returns
    -------
    list of dict
        Rows of the sheet Educators.
    """
    rows: list[Row] = []
    for number in range(1, len(loads) + independents + 1):
        consultant = number <= len(loads)
        row: Row = {"employed_by": "independent", "team": None, "qualification": "PEPS2"}
        if consultant:
            row = {"employed_by": "partnership", "team": None, "qualification": "PEPS2", "load": loads[number - 1]}
        row |= {"pe": f"PE{before + number:03d}", "registered": "yes"}
        row["last_student"] = day_between(date(2026, 1, 9), date(2026, 7, 31), draw)
        few = draw.sample(with_own, 2 if consultant else 1)
        row["serves"] = listed(sorted({*without_own, *few}))
        rows.append(row)
    return rows


def hub_leads(educators: list[Row], hub: Hub) -> dict[str, Row]:
    """The first PE of each team that runs a student hub, by team."""
    leads: dict[str, Row] = {}
    for row in educators:
        team = str(row["team"])
        if row["employed_by"] == hub.agency and (team == hub.team or team.startswith(f"{hub.team} ")):
            leads.setdefault(team, row)
    return leads


def _complete(
    row: Row, registered: str | None, currency: str, load: int | None, long_arm: str | None, draw: random.Random
) -> None:
    trainee = str(row["qualification"]).startswith("trainee")
    row |= {"registered": registered, "load": None if trainee else load, "long_arm": None if trainee else long_arm}
    if not trainee and currency == "current":
        row["last_student"] = day_between(date(2026, 2, 1), date(2026, 10, 30), draw)
    elif not trainee and currency == "lapsed":
        row["last_student"] = day_between(date(2023, 9, 1), date(2024, 10, 31), draw)


def _leave(row: Row, away: str | None, draw: random.Random) -> None:
    if away == "absent":
        first = day_between(date(2027, 1, 4), date(2027, 4, 30), draw)
        row |= {"absent_from": first, "absent_to": first + timedelta(weeks=draw.choice((3, 26)))}
    elif away == "leaves":
        row["leaves_on"] = day_between(date(2027, 3, 1), date(2028, 3, 31), draw)


def _assess(row: Row, peps2: list[str], assessor: str | None) -> None:
    row["practice_assessor"] = (peps2[0] if peps2 else "university") if assessor == "PEPS2" else assessor
    row["fall_back"] = peps2[-1] if peps2 else None
    row["needs_student_by"] = date(2027, 3, 1)


def make_commitments(partnership: Partnership, seed: int, scale: float, educators: list[Row]) -> list[Row]:
    """What other programmes take from agencies and from PEs.

    Parameters
    ----------
    partnership, seed, scale
        As for :func:`benchmarks.demonstration.generate`.
    educators
        Rows of the sheet Educators.

    Returns
    -------
    list of dict
        Rows of the sheet Commitments.
    """
    draw = source(seed, "commitments", partnership.drawn_as)
    dates: Row = {"from": c.TAKEN_FROM, "to": c.TAKEN_TO}
    rows: list[Row] = [
        {"agency": taken.agency, "programme": taken.programme, "number": scaled(taken.number, scale), **dates}
        for taken in partnership.taken
    ]
    leads = {lead["pe"] for lead in hub_leads(educators, partnership.hub).values()}
    able = [str(e["pe"]) for e in of_councils(partnership, educators, ("PEPS1", "PEPS2")) if e["pe"] not in leads]
    draw.shuffle(able)
    for programme, number in partnership.educators_taken.items():
        taken_now, able = able[: scaled(number, scale)], able[scaled(number, scale) :]
        rows += [{"pe": pe, "programme": programme, "number": 1, **dates} for pe in sorted(taken_now)]
    return rows


def of_councils(partnership: Partnership, educators: list[Row], qualifications: tuple[str, ...]) -> list[Row]:
    """PEs of councils with one of the qualifications."""
    councils = {a.agency for a in partnership.agencies if a.kind == "authority"}
    return [e for e in educators if e["employed_by"] in councils and e["qualification"] in qualifications]
