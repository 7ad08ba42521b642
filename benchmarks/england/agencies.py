"""The agencies of England: who they are, where, how large, and which universities they work with."""

import math
import random
from typing import NamedTuple

from benchmarks.demonstration.draw import source, spread
from benchmarks.demonstration.facts import AgencyFacts, TeamFacts
from benchmarks.england import calibration as c
from benchmarks.england.geography import Council, University, kilometres, partners_of, within

_CHILDREN = (
    ("Assessment", ("child protection",)),
    ("Safeguarding", ("child protection", "early help")),
    ("Children in Care", ("children in care",)),
    ("Leaving Care", ("care leavers",)),
    ("Disabled Children", ("disabled children",)),
    ("Fostering", ("fostering and adoption",)),
    ("Youth Justice", ("youth justice",)),
)
_ADULTS = (
    ("Older Adults", ("older adults",)),
    ("Learning Disability", ("learning disability",)),
    ("Hospital Discharge", ("hospital", "older adults")),
    ("Mental Health", ("adult mental health",)),
    ("Locality", ("older adults", "physical disability")),
    ("Recovery", ("substance use",)),
)
Kinds = tuple[tuple[str, tuple[str, ...]], ...]


class _Other(NamedTuple):
    """A kind of agency that is no council; ``size`` is comparable with social workers, ``educators`` is per place."""

    name: str
    kind: str
    directorate: str
    size: int
    educators: float
    statutory: str
    by_setting: str
    teams: Kinds
    programmes: tuple[str, ...] = ()
    setting: str | None = None
    serves_authorities: bool = False
    equivalent: bool = False


_OTHERS: tuple[_Other, ...] = (
    _Other("Mental Health Trust", "trust", "adults", 150, 1.0, "yes", "yes",
           (("Community Recovery", ("adult mental health",)), ("Crisis", ("adult mental health",))),
           serves_authorities=True),
    _Other("Homelessness Charity", "voluntary", "adults", 110, 0.2, "no", "no",
           (("Day Centre", ("homelessness",)), ("Outreach", ("homelessness", "substance use"))), ("BA",)),
    _Other("Families Charity", "voluntary", "children", 120, 0.6, "no", "no",
           (("Therapeutic Service", ("child protection",)), ("Family Programme", ("early help",))), equivalent=True),
    _Other("Hospital Trust", "trust", "adults", 90, 1.0, "not known", "no", (("Discharge Support", ("hospital",)),)),
    _Other("Schools Trust", "private", "children", 110, 0.0, "no", "no",
           (("Primary School", ("early help",)), ("Special School", ("disabled children",))), ("BA",), "school"),
    _Other("Mental Health Trust", "trust", "adults", 150, 1.0, "yes", "yes",
           (("Community Recovery", ("adult mental health",)), ("Crisis", ("adult mental health",))),
           serves_authorities=True),
    _Other("Older People's Charity", "voluntary", "adults", 80, 0.1, "no", "no",
           (("Advice and Support", ("older adults",)), ("Dementia Service", ("older adults",))), ("BA", "MSW")),
    _Other("Fostering Agency", "private", "children", 80, 0.6, "no", "no",
           (("Supervising Social Work", ("fostering and adoption",)),)),
    _Other("Supported Living Provider", "private", "adults", 70, 0.4, "no", "no",
           (("Community Support", ("learning disability",)),), ("BA", "Apprenticeship")),
)  # fmt: skip
"""In the order in which universities' areas bring them."""


class Host(NamedTuple):
    """An agency before its places are known: facts without teams, and what those are made from."""

    facts: AgencyFacts
    office: str
    size: int
    educators_per_place: float
    kinds: Kinds
    equivalent: bool
    universities: tuple[str, ...]
    """That it works with, nearest first."""

    def nearness(self, university: University) -> int:
        """How much a university asks of it, for its size and distance: whole, so that every machine draws the same."""
        return round(1000 * self.size * math.exp(-kilometres(self.office, university.campus) / c.NEARNESS_KM))


def make_hosts(seed: int, universities: tuple[University, ...]) -> list[Host]:
    """Every agency around some universities.

    Parameters
    ----------
    seed
        The same seed gives the same agencies.
    universities
        Those that there are.

    Returns
    -------
    list of Host
        By university's area: each council's adults' and children's services, then others.
    """
    draw = source(seed, "agencies", "england")
    councils = [council for university in universities for council in university.councils]
    membership = iter(spread(c.MEMBERSHIP, 2 * len(councils), draw))
    hosts: list[Host] = []
    others = 0
    for number, university in enumerate(universities, start=1):
        for council in university.councils:
            partners = partners_of(council.office, universities)
            hosts.append(_council(council, "Adults", next(membership), partners, draw))
            hosts.append(_council(council, "Children", next(membership), partners, draw))
        while others < int(c.OTHERS_PER_UNIVERSITY * number + 0.5):
            town, office = university.councils[0]
            partners = partners_of(office, universities)
            hosts.append(_other(town, office, _OTHERS[others % len(_OTHERS)], partners, councils))
            others += 1
    return hosts


def _council(
    council: Council, side: str, membership: str, partners: tuple[University, ...], draw: random.Random
) -> Host:
    least, most = c.CHILDREN_WORKERS if side == "Children" else c.ADULTS_WORKERS
    workers = draw.randint(least, most)
    # Where offices are far apart, more posts need a car.
    rural = len(within(council.office, 15.0)) < 15
    facts = AgencyFacts(
        agency=f"{council.town} {side}",
        kind="authority",
        directorate=side.lower(),
        membership=membership,
        authorities=(council.town,),
        workers=workers,
        places=(0, 0, 0),
        educators=0,
        statutory="yes",
        by_setting="yes",
        setting=None,
        drivers_percent=(40 if rural else 15) if side == "Children" else 10,
        teams=(),
    )
    kinds = _CHILDREN if side == "Children" else _ADULTS
    return Host(facts, council.office, workers, 0.7, kinds, False, tuple(u.university for u in partners))


def _other(town: str, office: str, kind: _Other, partners: tuple[University, ...], councils: list[Council]) -> Host:
    near = sorted(councils, key=lambda council: (kilometres(office, council.office), council.town))[:3]
    facts = AgencyFacts(
        agency=f"{town} {kind.name}",
        kind=kind.kind,
        directorate=kind.directorate,
        membership="primary" if kind.equivalent else "outside",
        authorities=tuple(council.town for council in near) if kind.serves_authorities else (),
        workers=None,
        places=(0, 0, 0),
        educators=0,
        statutory=kind.statutory,
        by_setting=kind.by_setting,
        setting=kind.setting,
        drivers_percent=0,
        teams=(),
        programmes=kind.programmes,
        asks_decision=kind.kind == "trust",
    )
    universities = tuple(u.university for u in partners)
    return Host(facts, office, kind.size, kind.educators, kind.teams, kind.equivalent, universities)


def with_places(host: Host, places: tuple[int, int, int], draw: random.Random) -> Host:
    """An agency with its places, PEs and teams.

    Parameters
    ----------
    host
        The agency.
    places
        Its places in January, May and next January.
    draw
        Where chance comes from.

    Returns
    -------
    Host
        Its facts as the demonstration has them.
    """
    number = max(len(host.kinds), round(sum(places) / c.PLACES_OF_A_TEAM))
    offices = within(host.office, c.OFFICE_KM)
    teams = []
    for position in range(number):
        name, areas = host.kinds[position % len(host.kinds)]
        locality = position // len(host.kinds) + 1
        office = draw.choice(offices) if locality > 1 else host.office
        statutory = "by_equivalence" if host.equivalent and name == host.kinds[0][0] else None
        teams.append(TeamFacts(name if locality == 1 else f"{name} {locality}", office, areas, None, statutory))
    educators = round(host.educators_per_place * sum(places))
    return host._replace(facts=host.facts._replace(places=places, educators=educators, teams=tuple(teams)))


def by_university(hosts: list[Host]) -> dict[str, list[Host]]:
    """Which agencies a university works with.

    Parameters
    ----------
    hosts
        All agencies.

    Returns
    -------
    dict
        University to its agencies.
    """
    found: dict[str, list[Host]] = {}
    for host in hosts:
        for university in host.universities:
            found.setdefault(university, []).append(host)
    return found
