"""The supply side: Agencies, Teams, Offers, Educators, Commitments."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.agencies import AGENCIES, teams_of
from benchmarks.demonstration.draw import Row, day_between, listed, scaled, source, spread, yes
from benchmarks.demonstration.educators import hub_leads, make_commitments, make_educators
from benchmarks.demonstration.facts import AgencyFacts, TeamFacts

ASKED_ON = date(2026, 9, 21)
COUNCIL_PROGRAMMES = "MSW; PgDip; Step Up; Apprenticeship"


class Supply(NamedTuple):
    """Rows of the five sheets."""

    agencies: list[Row]
    teams: list[Row]
    offers: list[Row]
    educators: list[Row]
    commitments: list[Row]


def make(seed: int, scale: float) -> Supply:
    """Draw the supply side.

    Parameters
    ----------
    seed, scale
        As for :func:`benchmarks.demonstration.generate`.

    Returns
    -------
    Supply
        Rows of the five sheets.
    """
    educators = make_educators(seed, scale)
    draw = source(seed, "offers")
    places = list(_places(draw, scale, educators))
    return Supply(
        agencies=_agencies(source(seed, "agencies"), scale),
        teams=[team_row(agency, team) for agency in AGENCIES for team in teams_of(agency, scale)],
        offers=offer_rows(places, educators, Stages(c.STAGE, c.STAGE_NOT_STATUTORY), draw),
        educators=educators,
        commitments=make_commitments(seed, scale, educators),
    )


def _agencies(draw: random.Random, scale: float) -> list[Row]:
    rows: list[Row] = []
    for agency in AGENCIES:
        taken = c.AGENCY_COMMITMENTS.get(agency.agency)
        maximum = scaled(agency.places[0] + taken[1], scale) if taken else None
        # A partner without places is a member for other reasons, and said so when it was asked.
        has_places = any(agency.places)
        rows.append(
            {
                "agency": agency.agency,
                "kind": agency.kind,
                "directorate": agency.directorate,
                "membership": agency.membership,
                "authorities": listed(agency.authorities),
                "social_workers_fte": scaled(agency.workers, scale) if agency.workers else None,
                "maximum_at_once": maximum,
                "asked_on": ASKED_ON,
                "heard_from": day_between(date(2026, 10, 1), date(2026, 11, 13), draw) if has_places else ASKED_ON,
                "asks_decision": yes(agency.asks_decision),
            }
        )
    return rows


def team_row(agency: AgencyFacts, team: TeamFacts) -> Row:
    """A team's row.

    Parameters
    ----------
    agency, team
        Whose team, and the team.

    Returns
    -------
    dict
        Row of the sheet Teams.
    """
    statutory = team.statutory or agency.statutory
    return {
        "agency": agency.agency,
        "team": team.team,
        "place": team.place,
        "areas": listed(team.areas),
        "setting": agency.setting,
        "statutory_regulator": statutory,
        "statutory_dfe": "no" if team.statutory else agency.by_setting,
        "authorities": team.authority,
        "front_line": yes(agency.kind == "authority"),
    }


class Stages(NamedTuple):
    """Shares of the stages that offers take, by tranche: of all, and where an agency's work is not statutory."""

    shares: Mapping[str, Mapping[str, int]]
    not_statutory: Mapping[str, Mapping[str, int]]
    """Tranches that are not here take the shares of all."""


class Place(NamedTuple):
    """Places of a team in a tranche that make one offer."""

    agency: AgencyFacts
    team: TeamFacts
    tranche: str
    capacity: int
    reserved_for: str | None = None
    stage: str | None = None
    hub_lead: str | None = None


def _places(draw: random.Random, scale: float, educators: list[Row]) -> Iterator[Place]:
    """Each agency's places of a tranche: hubs, ring-fenced ones, then the rest dealt to its teams in random order."""
    leads = {team: str(row["pe"]) for team, row in hub_leads(educators).items()}
    for position, tranche in enumerate(c.TRANCHES):
        for agency in AGENCIES:
            left = scaled(agency.places[position], scale)
            teams = teams_of(agency, scale)
            draw.shuffle(teams)
            if (agency.agency, tranche) == (c.HUB.agency, c.HUB.tranche):
                for team in [team for team in teams if team.team in leads and left >= c.HUB.places]:
                    yield Place(agency, team, tranche, c.HUB.places, hub_lead=leads[team.team])
                    left -= c.HUB.places
            for place in _ring_fenced(agency, teams, tranche, scale, draw):
                if place.capacity <= left:
                    yield place
                    left -= place.capacity
            sizes = spread(c.CAPACITY, left, draw)
            number = 0
            while left:
                capacity = min(sizes[number], left)
                yield Place(agency, teams[number % len(teams)], tranche, capacity)
                left -= capacity
                number += 1


def _ring_fenced(
    agency: AgencyFacts, teams: list[TeamFacts], tranche: str, scale: float, draw: random.Random
) -> Iterator[Place]:
    for name, authority, of, stage, programme, places in c.RESERVED:
        if (name, of) == (agency.agency, tranche):
            able = [team for team in teams if authority in (None, team.authority)]
            left = scaled(places, scale)
            while left:
                capacity = min(places, left)
                yield Place(agency, draw.choice(able), tranche, capacity, programme, stage)
                left -= capacity


def offer_rows(places: Sequence[Place], educators: list[Row], stages: Stages, draw: random.Random) -> list[Row]:
    """Offers, one for each group of places.

    Parameters
    ----------
    places
        The groups, in order of id.
    educators
        Rows of the sheet Educators.
    stages
        Which stages the offers take.
    draw
        Where chance comes from.

    Returns
    -------
    list of dict
        Rows of the sheet Offers, numbered from O001.
    """
    staff = _staff(educators)
    rows: list[Row] = [{} for _ in places]
    for tranche in c.TRANCHES:
        of_tranche = [n for n, place in enumerate(places) if place.tranche == tranche]
        for n, state in zip(of_tranche, spread(c.FORECAST[tranche], len(of_tranche), draw), strict=True):
            rows[n]["state"] = state
        own_shares = stages.not_statutory.get(tranche)
        charity = [n for n in of_tranche if places[n].agency.statutory == "no" and own_shares]
        for group, shares in ((charity, own_shares or {}), (_less(of_tranche, charity), stages.shares[tranche])):
            for n, stage in zip(group, spread(shares, len(group), draw), strict=True):
                rows[n]["stage"] = places[n].stage or stage
    days = spread(c.OFFER_DAYS, len(places), draw)
    supervisors = spread(c.SUPERVISOR, len(places), draw)
    sources = spread(c.EDUCATORS_OF_OFFER, len(places), draw)
    for number, (row, place) in enumerate(zip(rows, places, strict=True), start=1):
        agency, team = place.agency, place.team
        council = agency.kind == "authority"
        features, cannot = _features(draw)
        by_equivalence = team.statutory == "by_equivalence"
        row |= {
            "offer": f"O{number:03d}",
            "agency": agency.agency,
            "team": team.team,
            "place": team.place,
            "areas": listed(team.areas),
            "equivalence_by": "university lead" if by_equivalence else None,
            "equivalence_on": date(2026, 6, 15) if by_equivalence else None,
            "tranche": place.tranche,
            "capacity": place.capacity,
            "days_a_week": days[number - 1],
            "driver_essential": yes(draw.randrange(100) < agency.drivers_percent and not place.reserved_for),
            "features": listed(features),
            "cannot": listed(cannot),
            "programmes": None if place.tranche == c.MAY else listed(agency.programmes),
            "on_site_supervisor": supervisors[number - 1] if agency.educators > 2 else "yes",
            "received_on": day_between(date(2026, 10, 1), date(2026, 11, 13), draw),
        }
        row["probability"] = round(draw.uniform(0.5, 0.9), 1) if row["state"] == "forecast" else None
        if place.reserved_for:
            row |= {"reserved_for": place.reserved_for, "reserved_until": date(2026, 12, 18)}
        elif council and draw.randrange(100) < c.BA_CLOSED_PERCENT:
            row["programmes"] = COUNCIL_PROGRAMMES
        elif council and row["stage"] != "first" and draw.randrange(100) < c.MSW_FIRST_PERCENT:
            row |= {"reserved_for": "MSW", "reserved_until": date(2026, 12, 4)}
        row["educators"] = _who(sources[number - 1], row, staff, draw)
        if place.hub_lead:
            row |= {"stage": "either", "days_a_week": 5, "state": "firm", "probability": None, "reserved_for": None}
            row |= {"reserved_until": None, "educators": place.hub_lead, "note": "student hub"}
    return rows


def _less(numbers: list[int], others: list[int]) -> list[int]:
    return sorted(set(numbers) - set(others))


def _features(draw: random.Random) -> tuple[list[str], list[str]]:
    has: list[str] = []
    cannot: list[str] = []
    for feature, percent in c.FEATURES.items():
        said = draw.randrange(100)
        if said < percent:
            has.append(feature)
        elif said < percent + c.CANNOT[feature]:
            cannot.append(feature)
    return has, cannot


def _staff(educators: list[Row]) -> dict[str, dict[str, list[Row]]]:
    """PEs by agency and team."""
    staff: defaultdict[str, defaultdict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in educators:
        staff[str(row["employed_by"])][str(row["team"])].append(row)
    return {agency: dict(teams) for agency, teams in staff.items()}


def _who(
    source_of_educator: str, offer: Row, staff: dict[str, dict[str, list[Row]]], draw: random.Random
) -> str | None:
    """Who supervises: where the team has too few PEs for the stage, the rest are to be named (mostly)."""
    if source_of_educator == "own":
        return "own PEPS2" if offer["stage"] != "first" else "own PEPS1"
    if source_of_educator.startswith("TBC"):
        return source_of_educator
    able = ("PEPS2", "trainee_2", "PEPS1", "trainee_1") if offer["stage"] == "first" else ("PEPS2", "trainee_2")
    colleagues = staff.get(str(offer["agency"]), {})
    own = [str(e["pe"]) for e in colleagues.get(str(offer["team"]), ()) if e["qualification"] in able]
    missing = max(0, int(str(offer["capacity"])) - len(own))
    promised = draw.randrange(100) >= c.NO_EDUCATOR_PERCENT
    if source_of_educator == "any" and not (missing and promised and colleagues):
        return None
    named = sorted(draw.sample(own, min(len(own), int(str(offer["capacity"])))))
    return listed([*named, f"TBC PEPS2 x{missing}" if missing > 1 else "TBC PEPS2"] if missing else named)
