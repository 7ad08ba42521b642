"""A partnership of any number of students, with a stated mixture: what families have in common.

Agencies, districts, shares of what students and offers are like come from the demonstrations; how many places and PEs
there are for how many requests is the family's own.
"""

from collections.abc import Mapping
from typing import NamedTuple

from benchmarks.demonstration import demand, supply, surroundings
from benchmarks.demonstration.developing_together import DEVELOPING_TOGETHER, JANUARY, MAY, NEXT_JANUARY, NEXT_SEPTEMBER
from benchmarks.demonstration.draw import Row, divided
from benchmarks.demonstration.facts import AgencyFacts, Cohort, Hub, Partnership, Round, Shares

Sheets = dict[str, list[Row]]
ROUNDS = {name: facts for name, facts in DEVELOPING_TOGETHER.rounds.items() if facts.status != "past"}
FINALS_NOW, BOTH_FROM_JANUARY, BOTH_FROM_MAY = (
    (("final", JANUARY),),
    (("first", JANUARY), ("final", NEXT_SEPTEMBER)),
    (("first", MAY), ("final", NEXT_JANUARY)),
)
USUAL: tuple[Cohort, ...] = tuple(
    Cohort(programme, share, requests, first_start=DEVELOPING_TOGETHER.cohorts[1].first_start)
    for programme, share, requests in (
        ("BA", 20, FINALS_NOW),
        ("MSW", 30, FINALS_NOW),
        ("BA", 20, BOTH_FROM_JANUARY),
        ("MSW", 30, BOTH_FROM_MAY),
    )
)
"""About 1.5 requests for each student, as in the demonstration; ``students`` are shares."""


EITHER_PERCENT = 30
"""Offers of a round that take firsts and finals; the others take what its requests are, in proportion."""


class Mix(NamedTuple):
    """What a family is like.

    ``cohorts``: their ``students`` are shares. ``places`` and ``educators`` are percent of the requests: places of each
    round's, PEs of all. ``consultants`` and ``independents`` are percent of the PEs, and part of them.
    ``not_councils``: percent of the places that agencies other than councils have; none: as in the base.
    """

    base: Partnership = DEVELOPING_TOGETHER
    rounds: Mapping[str, Round] = ROUNDS
    cohorts: tuple[Cohort, ...] = USUAL
    places: int = 105
    not_councils: int | None = None
    educators: int = 80
    consultants: int = 2
    independents: int = 2
    load_of_consultants: int = 3
    qualification: Shares = DEVELOPING_TOGETHER.qualification
    educators_of_offer: Shares = DEVELOPING_TOGETHER.educators_of_offer
    no_educator_percent: int = DEVELOPING_TOGETHER.no_educator_percent
    drives: Mapping[str | None, int] = DEVELOPING_TOGETHER.drives
    policy: tuple[tuple[str, object], ...] = ()


def sheets_of(family: str, mix: Mix, students: int, seed: int) -> Sheets:
    """Draw the rows that a family begins with.

    Parameters
    ----------
    family
        Names the streams of chance, so that no family's rows hang on another's.
    mix
        What it is like.
    students
        How many.
    seed
        The same seed gives the same rows.

    Returns
    -------
    dict
        By sheet: its rows, as :func:`benchmarks.demonstration.generate` has them.
    """
    partnership = sized(family, mix, students)
    people = demand.make(partnership, seed, 1.0)
    hosts = supply.make(partnership, seed, 1.0)
    return {
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
        "Commitments": hosts.commitments,
        "Decisions": [],
        "Policy": surroundings.policy(partnership),
        "Lists": surroundings.lists(),
        "Calendar": surroundings.calendar({name: facts.first_day for name, facts in mix.rounds.items()}),
    }


def sized(family: str, mix: Mix, students: int) -> Partnership:
    """The facts of a partnership with so many students."""
    shares = {number: cohort.students for number, cohort in enumerate(mix.cohorts)}
    counts = divided(shares, students)
    cohorts = tuple(c._replace(students=counts[n]) for n, c in enumerate(mix.cohorts) if counts[n])
    needed = {
        name: sum(cohort.students for cohort in cohorts for _, of in cohort.requests if of == name)
        for name in mix.rounds
    }
    number = round(sum(needed.values()) * mix.educators / 100)
    consultants, independents = (round(number * part / 100) for part in (mix.consultants, mix.independents))
    return mix.base._replace(
        name=family,
        drawn_as=f"families/{family}",
        rounds=_rounds(mix, cohorts),
        cohorts=cohorts,
        agencies=_agencies(mix, needed, number - consultants - independents, students),
        ring_fenced=(),
        hub=Hub("", "", ""),
        taken=(),
        educators_taken={},
        consultants=(mix.load_of_consultants,) * consultants,
        independents=independents,
        newly_qualified={},
        past=(),
        drives=mix.drives,
        qualification=mix.qualification,
        educators_of_offer=mix.educators_of_offer,
        no_educator_percent=mix.no_educator_percent,
        policy=tuple((dict(mix.base.policy) | dict(mix.policy)).items()),
    )


def _rounds(mix: Mix, cohorts: tuple[Cohort, ...]) -> dict[str, Round]:
    """The rounds, whose offers take the stages that are asked for."""
    asked = {name: dict.fromkeys(("first", "final"), 0) for name in mix.rounds}
    for cohort in cohorts:
        for stage, name in cohort.requests:
            asked[name][stage] += cohort.students
    return {
        name: facts._replace(
            stages=divided(asked[name], 100 - EITHER_PERCENT) | {"either": EITHER_PERCENT},
            not_statutory={},
            any_programme=False,
        )
        for name, facts in mix.rounds.items()
    }


def _agencies(mix: Mix, needed: Mapping[str, int], educators: int, students: int) -> tuple[AgencyFacts, ...]:
    """The base's agencies, with places for every round and PEs in the base's proportions."""
    agencies = mix.base.agencies
    weights = {agency.agency: sum(agency.places) for agency in agencies}
    places = [_divided(mix, weights, round(number * mix.places / 100)) for number in needed.values()]
    staff = divided({agency.agency: agency.educators for agency in agencies}, educators)
    whole = sum(cohort.students for cohort in mix.base.cohorts)
    return tuple(
        agency._replace(
            places=tuple(of_round[agency.agency] for of_round in places),
            educators=staff[agency.agency],
            workers=max(1, round(agency.workers * students / whole)) if agency.workers else None,
        )
        for agency in agencies
    )


def _divided(mix: Mix, weights: Mapping[str, int], places: int) -> dict[str, int]:
    if mix.not_councils is None:
        return divided(weights, places)
    councils = {agency.agency for agency in mix.base.agencies if agency.kind == "authority"}
    others = round(places * mix.not_councils / 100)
    ours, theirs = ({a: n for a, n in weights.items() if (a in councils) == council} for council in (True, False))
    return divided(ours, places - others) | divided(theirs, others)
