"""The supply side of England: Agencies, Teams, Offers, Educators, Commitments."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from benchmarks.demonstration import calibration as shared
from benchmarks.demonstration.draw import Row, day_between, listed, source, spread, yes
from benchmarks.demonstration.educators import AS_HUB_LEAD, agency_educators, visiting_educators
from benchmarks.demonstration.facts import TeamFacts
from benchmarks.demonstration.supply import ASKED_ON, Offering, Place, Supply, offer_rows, team_row
from benchmarks.england import calibration as c
from benchmarks.england.agencies import Host, by_university, with_places
from benchmarks.england.demand import Member
from benchmarks.england.geography import University

RingFenced = dict[tuple[str, str], Counter[tuple[str, str]]]
"""(agency, tranche) to the number of places by (stage, programme)."""


def share_out(seed: int, members: list[Member], hosts: list[Host]) -> list[Host]:
    """What every agency offers: the needs of its universities by size and nearness, unevenly.

    Parameters
    ----------
    seed
        The same seed gives the same places.
    members
        The students, whose requests have to be met.
    hosts
        The agencies.

    Returns
    -------
    list of Host
        With places, PEs and teams.
    """
    draw = source(seed, "places", "england")
    near = by_university(hosts)
    needed: defaultdict[str, Counter[University]] = defaultdict(Counter)
    for member in members:
        for _, tranche in member.cohort.requests if not member.cohort.found_by_employer else ():
            needed[tranche][member.university] += 1
    places: defaultdict[str, list[int]] = defaultdict(list)
    for tranche in c.TRANCHES:
        asked: Counter[str] = Counter()
        for university, number in needed[tranche].items():
            weights = {host.facts.agency: host.nearness(university) for host in near[university.university]}
            total = sum(weights.values())
            for agency, weight in weights.items():
                asked[agency] += round(1000 * number * weight / total)
        for host in hosts:
            asked[host.facts.agency] = round(asked[host.facts.agency] * draw.uniform(*c.UNEVEN))
        offered = Counter(spread(asked, round(needed[tranche].total() * c.PLACES_PER_REQUEST), draw))
        for host in hosts:
            places[host.facts.agency].append(offered[host.facts.agency])
    return [with_places(host, (*places[host.facts.agency],), draw) for host in hosts]  # type: ignore[arg-type]


def make(seed: int, members: list[Member], hosts: list[Host], universities: tuple[University, ...]) -> Supply:
    """Draw the supply side.

    Parameters
    ----------
    seed
        The same seed gives the same rows.
    members
        The students: places are ring-fenced for those who are tied.
    hosts
        The agencies with their places.
    universities
        Those that there are.

    Returns
    -------
    Supply
        Rows of the five sheets.
    """
    educators = _educators(hosts, universities, source(seed, "educators", "england"))
    leads = _hub_leads(hosts, educators)
    draw = source(seed, "offers", "england")
    places = list(_places(hosts, leads, _ring_fenced(members, hosts), draw))
    offers = offer_rows(
        places, educators, Offering(c.STAGE, c.STAGE_NOT_STATUTORY, c.FORECAST, frozenset((c.MAY,))), draw
    )
    works_with = {host.facts.agency: listed(host.universities) for host in hosts}
    for row in offers:
        row["universities"] = None if draw.randrange(100) < c.OPEN_TO_ALL_PERCENT else works_with[str(row["agency"])]
    committed = _commitments(hosts, educators, set(leads.values()), source(seed, "commitments", "england"))
    return Supply(
        agencies=_agencies(hosts, committed, source(seed, "answers", "england")),
        teams=[team_row(host.facts, team) for host in hosts for team in host.facts.teams],
        offers=offers,
        educators=educators,
        commitments=committed,
    )


def _agencies(hosts: list[Host], committed: list[Row], draw: random.Random) -> list[Row]:
    taken = {row["agency"]: int(str(row["number"])) for row in committed if row.get("agency")}
    return [
        {
            "agency": facts.agency,
            "kind": facts.kind,
            "directorate": facts.directorate,
            "membership": facts.membership,
            "authorities": listed(facts.authorities),
            "social_workers_fte": facts.workers,
            "maximum_at_once": max(facts.places) + taken[facts.agency] if facts.agency in taken else None,
            "asked_on": ASKED_ON,
            "heard_from": day_between(date(2026, 10, 1), date(2026, 11, 13), draw),
            "asks_decision": yes(facts.asks_decision),
        }
        for facts in (host.facts for host in hosts)
    ]


# ---- places ----------------------------------------------------------------------------------------------------------
def _ring_fenced(members: list[Member], hosts: list[Host]) -> RingFenced:
    """Places kept for those who are tied: with the employer, or with the children's services of an authority."""
    children = {h.facts.authorities: h.facts.agency for h in hosts if h.facts.directorate == "children"}
    wanted: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for cohort, _, employer, authorities in members:
        agency = employer or children.get(authorities[:1])
        if agency and cohort.tie != "intern" and not cohort.found_by_employer:
            for stage, tranche in cohort.requests:
                wanted[agency, tranche][stage, cohort.programme] += 1
    return {
        key: Counter({of: number * c.RING_FENCED_PERCENT // 100 for of, number in sorted(numbers.items())})
        for key, numbers in wanted.items()
    }


def _places(
    hosts: list[Host], leads: dict[tuple[str, str], str], ring_fenced: RingFenced, draw: random.Random
) -> Iterator[Place]:
    """Each agency's places of a tranche: a hub, ring-fenced ones, then the rest dealt to its teams in random order."""
    for position, tranche in enumerate(c.TRANCHES):
        for host in hosts:
            facts = host.facts
            left = facts.places[position]
            teams: list[TeamFacts] = list(facts.teams)
            draw.shuffle(teams)
            for team in teams:
                lead = leads.get((facts.agency, team.team)) if tranche == c.JANUARY else None
                if lead and left >= shared.HUB_PLACES:
                    yield Place(facts, team, tranche, shared.HUB_PLACES, hub_lead=lead)
                    left -= shared.HUB_PLACES
            for (stage, programme), number in ring_fenced.get((facts.agency, tranche), Counter()).items():
                for kept in _groups(min(left, number), draw):
                    yield Place(facts, draw.choice(teams), tranche, kept, programme, stage)
                    left -= kept
            for position_of_offer, capacity in enumerate(_groups(left, draw)):
                yield Place(facts, teams[position_of_offer % len(teams)], tranche, capacity)


def _groups(places: int, draw: random.Random) -> Iterator[int]:
    """Places in the groups that offers hold."""
    for capacity in spread(shared.CAPACITY, places, draw):
        if places:
            yield min(capacity, places)
        places -= min(capacity, places)


# ---- educators -------------------------------------------------------------------------------------------------------
def _educators(hosts: list[Host], universities: tuple[University, ...], draw: random.Random) -> list[Row]:
    rows = agency_educators(((host.facts.agency, host.facts.educators, list(host.facts.teams)) for host in hosts), draw)
    near = by_university(hosts)
    for university in universities:
        agencies = [host.facts for host in near[university.university]]
        rows += visiting_educators(
            c.CONSULTANTS_OF_A_UNIVERSITY,
            c.INDEPENDENTS_OF_A_UNIVERSITY,
            [facts.agency for facts in agencies if facts.educators > 2],
            [facts.agency for facts in agencies if facts.educators <= 2],
            len(rows),
            draw,
        )
    return rows


def _hub_leads(hosts: list[Host], educators: list[Row]) -> dict[tuple[str, str], str]:
    """(agency, team) to the PE who leads its student hub; their rows are changed to say so."""
    children = [h for h in hosts if h.facts.kind == "authority" and h.facts.directorate == "children"]
    hubs = {(h.facts.agency, h.facts.teams[0].team) for h in children[:: c.HUB_EVERY]}
    leads: dict[tuple[str, str], str] = {}
    for row in educators:
        team = str(row["employed_by"]), str(row["team"])
        if team in hubs and team not in leads:
            leads[team] = str(row["pe"])
            row.update(AS_HUB_LEAD)
    return leads


def _commitments(hosts: list[Host], educators: list[Row], leads: set[str], draw: random.Random) -> list[Row]:
    councils = [host.facts for host in hosts if host.facts.kind == "authority"]
    dates: Row = {"from": c.COMMITTED_FROM, "to": c.COMMITTED_TO}
    chosen = sorted(draw.sample(range(len(councils)), len(councils) * c.COMMITTED_AGENCIES_PERCENT // 100))
    rows: list[Row] = []
    for number in chosen:
        facts = councils[number]
        programme = draw.choice(c.OTHER_PROGRAMMES)
        rows.append({"agency": facts.agency, "programme": programme, "number": 1 + facts.places[0] // 6, **dates})
    names = {facts.agency for facts in councils}
    able = [
        str(row["pe"])
        for row in educators
        if row["employed_by"] in names and row["pe"] not in leads and str(row["qualification"]).startswith("PEPS")
    ]
    taken = draw.sample(able, len(able) * c.EDUCATORS_COMMITTED_PERCENT // 100)
    taken.sort(key=lambda pe: int(pe[2:]))
    rows += [{"pe": pe, "programme": draw.choice(c.OTHER_PROGRAMMES), "number": 1, **dates} for pe in taken]
    return rows
