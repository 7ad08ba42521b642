"""What a cap or limit costs: every setting at which the best plan changes, found by bisection, and who is affected.

A looser limit allows every plan that a tighter one allows, and counts no tier of it for worse. So the best values of
the tiers, in their order, never get worse as it is loosened: equal at two settings, they are equal between, which need
not be solved. Two things would break that, and are compared as well: a fix that a looser limit
makes possible binds from there on, and the fewest changes that events force become fewer. Neither ever turns back as a
limit is loosened, so where both are equal at two settings they are equal between.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from allocator.comparison import compare, result_of
from allocator.reading.spelling import did_you_mean
from allocator.settling.settings import refused_setting
from models.base import natural_key
from models.run import StopSignal
from scenarios.answers import Answer, AnswerTable, Chart, Series
from scenarios.answers.words import clashing, failing, faults_of, listed, of_whole, proof_words
from scenarios.errors import EditError
from scenarios.measures import name_of
from scenarios.model import Case, Measure
from scenarios.results import CaseResult
from scenarios.running import Bench, Solution

PLACED = Measure(name="placed", title="requests with a place")
STATUTORY = Measure(name="statutory_final", title="students with a statutory final")
MINUTES = Measure(name="minutes", title="minutes one way")
MEASURES = (PLACED, STATUTORY, MINUTES)
DRAW = "lottery"
BAND = "preferences.band"
NAMED = 12
"""Requests that a cell names; there are as many as the number beside says."""
SCENARIO = "prices"
ONE_ANSWER = (
    "A range is one answer: its ends have equal values in every tier before the draw, and a looser limit is never "
    "worse."
)


class Priced(NamedTuple):
    """A setting that may be priced: the range that is asked about by default, in its unit, and what it is in words."""

    low: int
    high: int
    words: str


PRICED: Mapping[str, Priced] = {
    "independent_cap_percent": Priced(0, 30, "most placements with independent PEs, % of the year's"),
    "travel_limit": Priced(60, 120, "longest travel, minutes one way"),
    "max_changes": Priced(0, 10, "most published matches that move, beyond those forced"),
    "currency_months": Priced(0, 48, "months that a PE stays current after the last student"),
    "travel_estimate_percent": Priced(100, 200, "an estimate excludes beyond this, % of the travel limit"),
}
"""By name. Loosening each makes more plans legal, and no tier of a plan worse."""


class Step(NamedTuple):
    """Settings from ``first`` to ``last`` at which the tiers have the same values, with the plan at one of them."""

    first: int
    last: int
    solution: Solution


def priced(name: str) -> Priced:
    """What is known of a setting that may be priced.

    Raises
    ------
    EditError
        It is not one of them.
    """
    if name not in PRICED:
        near = did_you_mean(name, PRICED)
        raise EditError(f"'{name}' cannot be priced.{near} Allowed: {', '.join(PRICED)}.")
    return PRICED[name]


def steps_of(at: Callable[[int], Solution], low: int, high: int, stop: StopSignal | None = None) -> list[Step]:
    """All steps of a setting from ``low`` to ``high``, both included.

    Parameters
    ----------
    at
        The solution at a setting; asked once for each that is needed.
    low, high
        Whole numbers; the lower first.
    stop
        Set it to stop: what is between two settings that differ is then not looked at any more.

    Returns
    -------
    list of Step
        They cover every setting once, in their order. A setting without a plan is a step of its own.

    Raises
    ------
    EditError
        The range is empty.
    """
    if low > high:
        raise EditError(f"the range from {low} to {high} is empty. Give the lower number first.")
    at = cache(at)
    ends = [low]
    waiting = [(low, high)]
    while waiting:
        first, last = waiting.pop()
        if first == last or _values(at(first)) == _values(at(last)):
            continue
        if last - first == 1 or (stop is not None and stop.is_set()):
            ends.append(last)
            continue
        middle = (first + last) // 2
        waiting += [(first, middle), (middle, last)]
    ends = sorted(set(ends))
    return [Step(a, b - 1, at(a)) for a, b in zip(ends, [*ends[1:], high + 1], strict=True)]


def _values(solution: Solution) -> tuple[object, ...]:
    """What the answer is at a setting: the tiers before the draw, and what binds; a problem is an answer, too."""
    plan = solution.plan
    if solution.result.problem is not None or plan is None:
        return ("problem",)
    forced = None if plan.forced_changes is None else plan.forced_changes.fewest
    values = tuple((t.tier, t.value) for t in plan.tiers if t.tier != DRAW)
    return (plan.fixes_set_aside, forced, *values)


def prices(
    bench: Bench, name: str, low: int | None = None, high: int | None = None,
    told: Callable[[CaseResult], None] | None = None, stop: StopSignal | None = None,
) -> Answer:  # fmt: skip
    """The price of a setting as an answer: curve, table, and who is affected at each point.

    Parameters
    ----------
    bench
        The base.
    name
        One of :data:`PRICED`.
    low, high
        By default the range of the setting.
    told
        Told of each solved setting.
    stop
        As for :func:`steps_of`.

    Raises
    ------
    EditError
        The setting cannot be priced, the range is empty, or an end of it is no value of the setting.
    """
    known = priced(name)

    def at(value: int) -> Solution:
        case = Case(
            scenario=SCENARIO, name=f"{name}={value}", parameters={name: value}, policy={name: str(value)},
            measures=MEASURES,
        )  # fmt: skip
        solution = bench.run(case, stop)
        if told is not None:
            told(solution.result)
        return solution

    low, high = known.low if low is None else low, known.high if high is None else high
    for end in (low, high):
        if said := refused_setting(name, end):
            raise EditError(f"{name} cannot be {end}: {said}")
    steps = steps_of(at, low, high, stop)
    planned = [step for step in steps if step.solution.result.problem is None]
    rows = tuple(_row(step, before) for before, step in zip([None, *planned], planned, strict=False))
    headings = (
        "from", "to", "requests with a place", "of", "statutory finals", "of", "worst band used", "minutes one way",
        "newly placed", "not placed any more", "moved", "who",
    )  # fmt: skip
    points = sorted({p for step in planned for p in (step.first, step.last)})
    by_point = {p: step for step in planned for p in (step.first, step.last)}
    chart = Chart(
        kind="lines", labels=tuple(map(str, points)), unit="requests or students", along=known.words,
        series=tuple(
            Series(name=m.title, values=tuple(float(_told(by_point[p], m)[0]) for p in points))
            for m in (PLACED, STATUTORY)
        ),
    )  # fmt: skip
    results = [step.solution.result for step in steps]
    now = getattr(bench.reading.policy, name)
    return Answer(
        scenario=f"price-{name}", question=f"What does {name} cost: {known.words}?", reason="", base=bench.base.name,
        sentence=_sentence(planned, name, now), proof=proof_words(results),
        assumes=(ONE_ANSWER,),
        table=AnswerTable(headings=headings, rows=rows), chart=chart, failed=_without(steps, name),
        plans=len(planned), closed=bool(planned) and all(step.solution.result.proved for step in planned),
        clashing=clashing(results),
            failing=failing(results), faults=faults_of(results),
    )  # fmt: skip


def _told(step: Step, measure: Measure) -> tuple[int, int]:
    found = step.solution.result.measure(name_of(measure))
    return found.part, found.whole


def _row(step: Step, before: Step | None) -> tuple[str | int | float | None, ...]:
    """A step with what changes against the one before it."""
    placed, statutory, minutes = (_told(step, m) for m in MEASURES)
    gained, lost, moved = ([], [], []) if before is None else _affected(before, step)
    who = [f"{word} {listed(found[:NAMED])}" for word, found in (("placed", gained), ("not", lost)) if found]
    return (
        step.first, step.last, *placed, *statutory, worst_band(step.solution.result), minutes[0], len(gained),
        len(lost), len(moved), "; ".join(who),
    )  # fmt: skip


def worst_band(result: CaseResult) -> int | None:
    """The worst preference band that a request is in; None where nobody is placed, or the tiers do not say."""
    if not result.placed:
        return None
    bands = [int(t.tier.removeprefix(BAND)) for t in result.tiers if t.tier.startswith(BAND) and t.value > 0]
    return max(bands, default=1 if any(t.tier.startswith(BAND) for t in result.tiers) else None)


def _affected(before: Step, after: Step) -> tuple[list[str], list[str], list[str]]:
    found: dict[str, list[str]] = {}
    old, new = before.solution, after.solution
    assert old.plan is not None
    assert new.plan is not None
    comparison = compare(
        result_of("before", old.plan, old.dataset, old.check), result_of("after", new.plan, new.dataset, new.check)
    )
    for change in comparison.requests or ():
        found.setdefault(change.kind, []).append(change.request)
    kinds = ("newly_placed", "newly_unplaced", "moved")
    gained, lost, moved = (sorted(found.get(kind, []), key=natural_key) for kind in kinds)
    return gained, lost, moved


def _without(steps: list[Step], name: str) -> tuple[str, ...]:
    """The settings without a plan, each range with why at its first."""
    failed = [step for step in steps if step.solution.result.problem is not None]
    return tuple(
        f"{name} {f'at {s.first}' if s.first == s.last else f'from {s.first} to {s.last}'}: {s.solution.result.problem}"
        for s in failed
    )


def _sentence(steps: list[Step], name: str, now: object) -> str:
    """Where requests with a place change, and where the setting of today stands."""
    if not steps:
        return "At no setting of the range is there a plan."
    said: list[list[int | str]] = []
    for step in steps:
        told = of_whole(step.solution.result.measure(name_of(PLACED)))
        if said and said[-1][2] == told:
            said[-1][1] = step.last
        else:
            said.append([step.first, step.last, told])
    parts = [f"{told} at {a}" if a == b else f"{told} from {a} to {b}" for a, b, told in said]
    other = len(steps) - len(said)
    more = f" Other tiers change at {other} more point{'s' if other != 1 else ''}." if other else ""
    return f"Requests with a place: {listed(parts)}.{more} {name} is {now} today."
