"""The supply side: Agencies, Teams, Offers, Educators, Commitments."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.draw import Row, day_between, divided, listed, scaled, source, spread, yes
from benchmarks.demonstration.educators import hub_leads, make_commitments, make_educators
from benchmarks.demonstration.facts import AgencyFacts, Partnership, Shares, TeamFacts
from benchmarks.demonstration.hosts import teams_of

ASKED_ON = date(2026, 9, 21)
COUNCIL_PROGRAMMES = "MSW; PgDip; Step Up; Apprenticeship"


class Supply(NamedTuple):
    """Rows of the five sheets."""

    agencies: list[Row]
    teams: list[Row]
    offers: list[Row]
    educators: list[Row]
    commitments: list[Row]


def make(partnership: Partnership, seed: int, scale: float) -> Supply:
    """Draw the supply side.

    Parameters
    ----------
    partnership, seed, scale
        As for :func:`benchmarks.demonstration.generate`.

    Returns
    -------
    Supply
        Rows of the five sheets.
    """
    name = partnership.drawn_as
    educators = make_educators(partnership, seed, scale)
    draw = source(seed, "offers", name)
    places = list(_places(partnership, draw, scale, educators))
    offering = Offering(
        stages={of: facts.stages for of, facts in partnership.rounds.items()},
        not_statutory={of: facts.not_statutory for of, facts in partnership.rounds.items() if facts.not_statutory},
        forecast={of: facts.forecast for of, facts in partnership.rounds.items()},
        any_programme=frozenset(of for of, facts in partnership.rounds.items() if facts.any_programme),
        educators=partnership.educators_of_offer,
        no_educator_percent=partnership.no_educator_percent,
    )
    return Supply(
        agencies=_agencies(partnership, source(seed, "agencies", name), scale),
        teams=[
            team_row(agency, team) | {"part": partnership.parts.get(team.place)}
            for agency in partnership.agencies
            for team in teams_of(agency, scale)
        ],
        offers=offer_rows(places, educators, offering, draw),
        educators=educators,
        commitments=make_commitments(partnership, seed, scale, educators),
    )


def _agencies(partnership: Partnership, draw: random.Random, scale: float) -> list[Row]:
    positions = [n for n, facts in enumerate(partnership.rounds.values()) if facts.status != "later"]
    taken = {row.agency for row in partnership.taken}
    posts = _newly_qualified(partnership, scale)
    rows: list[Row] = []
    for agency in partnership.agencies:
        room = sum(scaled(agency.places[position], scale) for position in positions)
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
                "nqsw_posts": posts.get(agency.agency),
                "maximum_at_once": room if agency.agency in taken else None,
                "asked_on": ASKED_ON,
                "heard_from": day_between(date(2026, 10, 1), date(2026, 11, 13), draw) if has_places else ASKED_ON,
                "asks_decision": yes(agency.asks_decision),
            }
        )
    return rows


def _newly_qualified(partnership: Partnership, scale: float) -> dict[str, int]:
    """Newly qualified posts by agency, as many of an authority's as its agencies have of its social workers."""
    found: dict[str, int] = {}
    for authority, posts in partnership.newly_qualified.items():
        workers = {
            agency.agency: agency.workers
            for agency in partnership.agencies
            if agency.workers and (not authority or authority in agency.authorities)
        }
        found |= divided(workers, scaled(posts, scale))
    return found


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


class Offering(NamedTuple):
    """How agencies offer, by round: stages, stages where an agency's work is not statutory, firm or forecast.

    Rounds that are not in ``not_statutory`` take the shares of all. ``any_programme``: rounds in which agencies that
    take some programmes only take all.
    """

    stages: Mapping[str, Shares]
    not_statutory: Mapping[str, Shares]
    forecast: Mapping[str, Shares]
    any_programme: frozenset[str] = frozenset()
    educators: Shares = c.EDUCATORS_OF_OFFER
    no_educator_percent: int = c.NO_EDUCATOR_PERCENT


class Place(NamedTuple):
    """Places of a team in a tranche that make one offer."""

    agency: AgencyFacts
    team: TeamFacts
    tranche: str
    capacity: int
    reserved_for: str | None = None
    stage: str | None = None
    hub_lead: str | None = None
    spokes: str | None = None


def _places(partnership: Partnership, draw: random.Random, scale: float, educators: list[Row]) -> Iterator[Place]:
    """Each agency's places of a round: hubs, ring-fenced ones, then the rest dealt to its teams in random order."""
    hub = partnership.hub
    leads = {team: str(row["pe"]) for team, row in hub_leads(educators, hub).items()}
    for position, name in enumerate(partnership.rounds):
        for agency in partnership.agencies:
            left = scaled(agency.places[position], scale)
            teams = teams_of(agency, scale)
            draw.shuffle(teams)
            if (agency.agency, name) == (hub.agency, hub.round):
                for team in [team for team in teams if team.team in leads and left >= hub.places]:
                    for offer in hub.offers:
                        lead = leads[team.team]
                        yield Place(agency, team, name, offer.places, hub_lead=lead, spokes=offer.spokes)
                    left -= hub.places
            for place in _ring_fenced(partnership, agency, teams, name, scale, draw):
                if place.capacity <= left:
                    yield place
                    left -= place.capacity
            sizes = spread(c.CAPACITY, left, draw)
            number = 0
            while left:
                capacity = min(sizes[number], left)
                yield Place(agency, teams[number % len(teams)], name, capacity)
                left -= capacity
                number += 1


def _ring_fenced(
    partnership: Partnership, agency: AgencyFacts, teams: list[TeamFacts], round_name: str, scale: float,
    draw: random.Random,
) -> Iterator[Place]:  # fmt: skip
    for kept in partnership.ring_fenced:
        if (kept.agency, kept.round) == (agency.agency, round_name):
            able = [team for team in teams if kept.authority in (None, team.authority)]
            left = scaled(kept.places, scale)
            while left:
                capacity = min(kept.places, left)
                yield Place(agency, draw.choice(able), round_name, capacity, kept.programme, kept.stage)
                left -= capacity


def offer_rows(places: Sequence[Place], educators: list[Row], offering: Offering, draw: random.Random) -> list[Row]:
    """Offers, one for each group of places.

    Parameters
    ----------
    places
        The groups, in order of id.
    educators
        Rows of the sheet Educators.
    offering
        How agencies offer.
    draw
        Where chance comes from.

    Returns
    -------
    list of dict
        Rows of the sheet Offers, numbered from O001.
    """
    staff = _staff(educators)
    rows: list[Row] = [{} for _ in places]
    for tranche in offering.stages:
        of_tranche = [n for n, place in enumerate(places) if place.tranche == tranche]
        for n, state in zip(of_tranche, spread(offering.forecast[tranche], len(of_tranche), draw), strict=True):
            rows[n]["state"] = state
        own_shares = offering.not_statutory.get(tranche)
        charity = [n for n in of_tranche if places[n].agency.statutory == "no" and own_shares]
        for group, shares in ((charity, own_shares or {}), (_less(of_tranche, charity), offering.stages[tranche])):
            for n, stage in zip(group, spread(shares, len(group), draw), strict=True):
                rows[n]["stage"] = places[n].stage or stage
    days = spread(c.OFFER_DAYS, len(places), draw)
    supervisors = spread(c.SUPERVISOR, len(places), draw)
    sources = spread(offering.educators, len(places), draw)
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
            "programmes": None if place.tranche in offering.any_programme else listed(agency.programmes),
            "on_site_supervisor": supervisors[number - 1] if agency.educators > 2 else "yes",
            "received_on": day_between(date(2026, 10, 1), date(2026, 11, 13), draw),
        }
        if agency.universities:
            row["universities"] = listed(agency.universities)
        row["probability"] = round(draw.uniform(0.5, 0.9), 1) if row["state"] == "forecast" else None
        if place.reserved_for:
            row |= {"reserved_for": place.reserved_for, "reserved_until": date(2026, 12, 18)}
        elif council and draw.randrange(100) < c.BA_CLOSED_PERCENT:
            row["programmes"] = COUNCIL_PROGRAMMES
        elif council and row["stage"] != "first" and draw.randrange(100) < c.MSW_FIRST_PERCENT:
            row |= {"reserved_for": "MSW", "reserved_until": date(2026, 12, 4)}
        row["educators"] = _who(sources[number - 1], row, staff, offering.no_educator_percent, draw)
        if place.hub_lead:
            row |= {"stage": "either", "days_a_week": 5, "state": "firm", "probability": None, "reserved_for": None}
            row |= {"reserved_until": None, "educators": place.hub_lead, "note": "student hub"}
        if place.spokes:
            row |= {"spokes": place.spokes, "note": "student hub with spokes"}
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
    source_of_educator: str,
    offer: Row,
    staff: dict[str, dict[str, list[Row]]],
    no_educator_percent: int,
    draw: random.Random,
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
    promised = draw.randrange(100) >= no_educator_percent
    if source_of_educator == "any" and not (missing and promised and colleagues):
        return None
    named = sorted(draw.sample(own, min(len(own), int(str(offer["capacity"])))))
    return listed([*named, f"TBC PEPS2 x{missing}" if missing > 1 else "TBC PEPS2"] if missing else named)
