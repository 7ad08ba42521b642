"""Measures by name: a part of a whole, counted on a plan. Percentages are over those due, not over those placed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from allocator.reading.folding import fold
from allocator.reading.spelling import did_you_mean
from allocator.views.account import Account, accounts
from allocator.views.facts import Facts
from allocator.views.figures import rests_on_trainee
from allocator.views.independents import is_independent
from allocator.views.year import Year
from models.base import natural_key
from models.entities import History, Offer, Request
from models.plan import Match
from models.policy import Independent
from scenarios.errors import EditError
from scenarios.model import Measure
from scenarios.results import Measured


class Counted(NamedTuple):
    """A measure: what its part and its whole are, in words; ``by_student``: a student counts once, by the least."""

    part: str
    whole: str
    counts: Callable[["Counting", Request, Match | None], tuple[int, int]]
    by_student: bool = False


class AgencyCounted(NamedTuple):
    """A measure of an agency's account of the year; None where the agency has none."""

    part: str
    whole: str
    counts: Callable[[Facts, Account], tuple[int, int] | None]


class Counting:
    """A plan with what measures look up in it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.year = Year(facts)

    def due(self, measure: Measure) -> list[Request]:
        """The live requests that a measure is about, in natural order."""
        facts, programmes = self.facts, {fold(name) for name in measure.programmes}
        found = []
        for request in facts.horizon.live:
            if measure.stage is not None and request.stage != measure.stage:
                continue
            if measure.programmes and fold(facts.group(request)) not in programmes:
                continue
            if measure.scheme and facts.student(request).scheme != measure.scheme:
                continue
            if measure.due == "now" and facts.is_later(request):
                continue
            if measure.due == "year" and facts.policy.academic_year(facts.tranche(request).first_day) != self.year.year:
                continue
            found.append(request)
        return sorted(found, key=lambda r: natural_key(r.request))

    def statutory(self, row: Offer | History | None) -> bool:
        """Whether a placement is statutory by the test that counts."""
        return row is not None and self.facts.is_statutory(row)


def _placed(_: Counting, __: Request, match: Match | None) -> tuple[int, int]:
    return int(match is not None), 1


def _of_matches(judge: Callable[[Facts, Match], bool]) -> Callable[[Counting, Request, Match | None], tuple[int, int]]:
    def counts(counting: Counting, _: Request, match: Match | None) -> tuple[int, int]:
        return (0, 0) if match is None else (int(judge(counting.facts, match)), 1)

    return counts


def _independent_as(*counts: Independent) -> Callable[[Counting, Request, Match | None], tuple[int, int]]:
    """Who is independent by a definition, whatever the policy counts."""
    return _of_matches(lambda facts, match: is_independent(facts, match, counts))


def _statutory_final(counting: Counting, request: Request, match: Match | None) -> tuple[int, int]:
    if request.stage != "final":
        return 0, 0
    return int(match is not None and counting.statutory(counting.facts.offer(match))), 1


def _two_statutory(counting: Counting, request: Request, match: Match | None) -> tuple[int, int]:
    last, whole = _statutory_final(counting, request, match)
    return int(bool(last) and counting.statutory(counting.facts.first_of(request))), whole


def _minutes(counting: Counting, request: Request, match: Match | None) -> tuple[int, int]:
    if match is None:
        return 0, 0
    minutes = counting.facts.minutes(request, counting.facts.offer(match)).minutes
    return (0, 0) if minutes is None else (int(minutes), 1)


def _first_choice(counting: Counting, request: Request, match: Match | None) -> tuple[int, int]:
    if match is None:
        return 0, 1
    return int(counting.facts.eligibility.band(match.request, match.offer) == 1), 1


MEASURES: Mapping[str, Counted] = {
    "placed": Counted("requests with a place", "requests due", _placed),
    "students": Counted("students with a place for all that is due", "students due", _placed, by_student=True),
    "firm": Counted(
        "firm placements", "placements", _of_matches(lambda facts, match: not facts.is_provisional(match))
    ),
    "statutory_final": Counted("students with a statutory final", "students due a final", _statutory_final),
    "two_statutory": Counted("students with two statutory placements", "students due a final", _two_statutory),
    "statutory": Counted(
        "statutory placements", "placements", _of_matches(lambda facts, match: facts.is_statutory(facts.offer(match)))
    ),
    "partners": Counted(
        "placements with partners", "placements",
        _of_matches(lambda facts, match: facts.is_partner(facts.offer(match).agency)),
    ),
    "independents": Counted("placements with independent PEs", "placements", _of_matches(is_independent)),
    "independents_alone": Counted(
        "placements with independent PEs, consultants not counted", "placements", _independent_as("independent")
    ),
    "independents_and_consultants": Counted(
        "placements with independent PEs or practice consultants", "placements",
        _independent_as("independent", "partnership"),
    ),
    "independents_and_outside": Counted(
        "placements with independent PEs, practice consultants or PEs of agencies that are no members", "placements",
        _independent_as("independent", "partnership", "outside"),
    ),
    "trainees": Counted("placements that rest on trainees", "placements", _of_matches(rests_on_trainee)),
    "first_band": Counted("requests in the best band", "requests due", _first_choice),
    "minutes": Counted("minutes one way", "placements whose minutes are known", _minutes),
}  # fmt: skip
"""By name; ``minutes`` is a sum over its whole, all others are parts of it."""


def _posts(facts: Facts, account: Account) -> tuple[int, int] | None:
    """Posts as the agency states them, else the vacancies of its teams; finals: places that take them."""
    agency = facts.dataset.agency_by_id.get(account.agency)
    posts = None if agency is None else agency.nqsw_posts
    if posts is None:
        vacant = [t.vacancies for t in facts.dataset.teams if t.agency == account.agency and t.vacancies is not None]
        posts = sum(vacant) if vacant else None
    if posts is None:
        return None
    tranches, policy = facts.dataset.tranche_by_id, facts.policy
    finals = sum(
        offer.capacity
        for offer in facts.dataset.offers
        if offer.agency == account.agency
        and offer.stage != "first"
        and not offer.withdrawn
        and policy.academic_year(tranches[offer.tranche].first_day) == account.year
    )
    return posts, finals


def _range(_: Facts, account: Account) -> tuple[int, int] | None:
    return None if account.floor is None or account.ceiling is None else (account.floor, account.ceiling)


OF_AGENCIES: Mapping[str, AgencyCounted] = {
    "used": AgencyCounted(
        "places used in the year", "places offered", lambda _, account: (account.used, account.offered)
    ),
    "posts": AgencyCounted("newly qualified posts a year", "finals offered in the year", _posts),
    "range": AgencyCounted("least of the fair-share range", "most of it", _range),
}
"""Measures by agency, of the academic year; ``range`` has the least as its part and the most as its whole."""

_GROUPS: Mapping[str, Callable[[Facts, Request, Match | None], str | None]] = {
    "": lambda *_: "",
    "agency": lambda facts, _, match: None if match is None else facts.offer(match).agency,
    "programme": lambda facts, request, _: facts.group(request),
    "stage": lambda _, request, __: request.stage,
    "setting": lambda facts, _, match: None if match is None else facts.offer(match).setting or "not known",
    "tranche": lambda _, request, __: request.tranche,
}


def measured(facts: Facts, measures: Iterable[Measure]) -> tuple[Measured, ...]:
    """Every measure on a plan, each group by itself.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    measures
        What is asked for; of those that differ in nothing but their title one is counted.

    Returns
    -------
    tuple of Measured
        In the order of the measures, groups in natural order.

    Raises
    ------
    EditError
        There is no such measure.
    """
    counting = Counting(facts)
    return tuple(one for measure in dict.fromkeys(map(label_of, measures)) for one in _measured(counting, measure))


def label_of(measure: Measure) -> Measure:
    """The measure without its title: what is counted."""
    return measure.model_copy(update={"title": ""})


def name_of(measure: Measure) -> str:
    """What a measure is called in results: its name with all that narrows it."""
    said = [
        measure.name,
        *measure.programmes,
        *filter(None, (measure.scheme, measure.stage, measure.by and f"by {measure.by}")),
    ]
    return " ".join(said + ([measure.due] if measure.due != "all" else []))


def _measured(counting: Counting, measure: Measure) -> Iterator[Measured]:
    if measure.name in OF_AGENCIES:
        yield from _of_agencies(counting, measure)
        return
    if measure.name not in MEASURES:
        near = did_you_mean(measure.name, (*MEASURES, *OF_AGENCIES))
        allowed = ", ".join((*MEASURES, *OF_AGENCIES))
        raise EditError(f"there is no measure '{measure.name}'.{near} Allowed: {allowed}.")
    counted, group_of = MEASURES[measure.name], _GROUPS[measure.by]
    least: dict[tuple[str, str], tuple[int, int]] = {}
    found: dict[str, tuple[int, int]] = {} if measure.by else {"": (0, 0)}
    for request in counting.due(measure):
        match = counting.facts.match_of.get(request.request)
        group = group_of(counting.facts, request, match)
        if group is None:
            continue
        part, whole = counted.counts(counting, request, match)
        if counted.by_student:
            told = least.get((group, request.student), (part, whole))
            least[group, request.student] = min(told, (part, whole))
            continue
        before = found.get(group, (0, 0))
        found[group] = (before[0] + part, before[1] + whole)
    for (group, _), (part, whole) in least.items():
        before = found.get(group, (0, 0))
        found[group] = (before[0] + part, before[1] + whole)
    for group in sorted(found, key=natural_key):
        yield Measured(measure=name_of(measure), group=group, part=found[group][0], whole=found[group][1])


def _of_agencies(counting: Counting, measure: Measure) -> Iterator[Measured]:
    for agency, account in accounts(counting.facts).items():
        found = OF_AGENCIES[measure.name].counts(counting.facts, account)
        if found is not None:
            yield Measured(measure=name_of(measure), group=agency, part=found[0], whole=found[1])
