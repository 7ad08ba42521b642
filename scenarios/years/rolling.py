"""Years one after the other: each planned, checked, counted, and carried on into the next."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from allocator.pipeline import allocate
from allocator.reading.folding import fold
from allocator.settling.settling import settle
from allocator.views.educator_status import LAPSED, listed_educators, stage_today, status_of
from allocator.views.facts import Facts
from allocator.views.figures import rests_on_trainee
from models.dataset import Dataset
from models.register import Register
from models.run import Limits, Outcome, StopSignal
from scenarios.errors import NoPlanError
from scenarios.running import Base, Bench, clash_words
from scenarios.years.educators import Educators
from scenarios.years.lines import YEAR
from scenarios.years.pattern import Pattern
from scenarios.years.rates import Rates
from scenarios.years.results import asked_in, match_of
from scenarios.years.sheets import OF_A_YEAR
from scenarios.years.stepping import Flow, next_year

STAGES = ("trainee_1", "trainee_2", "PEPS1", "PEPS2")
Group = tuple[str, str]
"""Programme (or what stands apart: interns, Step Up) and stage."""


class YearResult(NamedTuple):
    """A year: its rows, its plan, what was counted, and what came of it (None in the last year)."""

    name: str
    register: Register
    dataset: Dataset
    outcome: Outcome
    due: Counter[Group]
    placed: Counter[Group]
    finals: int
    finals_on_trainees: int
    educators: Counter[str]
    lapsed: int
    flow: Flow | None
    changes: Educators | None

    @property
    def proved(self) -> bool:
        """Whether every tier of its plan is proved."""
        plan = self.outcome.plan
        return plan.stopped is None and all(t.proved for t in plan.tiers)


def roll(
    base: Base, number: int, rates: Rates, seed: int, limits: Limits | None = None, stop: StopSignal | None = None,
    told: Callable[[YearResult], None] | None = None,
) -> Iterator[YearResult]:  # fmt: skip
    """Years that go on as the base does; the first is the base itself.

    Parameters
    ----------
    base
        This year.
    number
        How many years.
    rates, seed
        How each ends.
    limits, stop
        Of each year's plan.
    told
        Told of each year.

    Raises
    ------
    NoPlanError
        A year has no plan: its rules clash.
    """
    bench = Bench(base)
    reading, register = bench.reading, bench.register
    pattern = Pattern(register, reading.dataset)
    today = reading.policy.as_of or base.today
    settings = {name: value for name, value in base.settings.items() if fold(name) not in OF_A_YEAR}
    for year in range(number):
        outcome = allocate(reading.dataset, reading.policy, limits=limits, stop=stop)
        if outcome.plan.clash is not None:
            raise NoPlanError(f"year {year + 1} has no plan: {clash_words(outcome.plan)}")
        facts = Facts(reading.dataset, outcome.plan.policy, outcome.plan)
        last = year + 1 == number or outcome.plan.stopped is not None
        stepped = None if last else next_year(pattern, register, facts, year, rates, seed)
        result = _counted(pattern, register, facts, outcome, year)
        if stepped is not None:
            result = result._replace(flow=stepped.flow, changes=stepped.educators)
        if told is not None:
            told(result)
        yield result
        if stepped is None:
            return
        register = stepped.register
        reading = settle(register, settings, today + (year + 1) * YEAR)


def _counted(pattern: Pattern, register: Register, facts: Facts, outcome: Outcome, year: int) -> YearResult:
    """What a year asks for in its own rounds, and what of it is placed; what employers find is not counted."""
    due: Counter[Group] = Counter()
    placed: Counter[Group] = Counter()
    finals = trainees = 0
    for request in asked_in(facts, pattern.lines, year):
        if request.found_by == "employer":
            continue
        group = facts.group(request), request.stage
        match = match_of(facts, request)
        due[group] += 1
        placed[group] += match is not None
        if match is not None and request.stage == "final":
            finals += 1
            trainees += rests_on_trainee(facts, match)
    lines = pattern.lines
    deciding = [lines.row(r) for r in lines.of_year(year) if lines.status(r, year) == "deciding"]
    return YearResult(
        name=" and ".join(t.tranche for t in sorted(deciding, key=lambda t: t.first_day)), register=register,
        dataset=facts.dataset, outcome=outcome, due=due, placed=placed, finals=finals, finals_on_trainees=trainees,
        educators=Counter(stage_today(facts, e) for e in listed_educators(facts)),
        lapsed=sum(status_of(facts, e) == LAPSED for e in listed_educators(facts)),
        flow=None, changes=None,
    )  # fmt: skip
