"""What a step would do to the plan, before it is taken: the comparison of the plan as it is with the plan after it."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from allocator.comparison import Result, compare, result_of
from allocator.engine.budget import Budget
from allocator.engine.engine import TierListener
from allocator.lifecycle.log import Entry
from allocator.reasons import Reasons
from allocator.settling.settling import Reading
from allocator.solving import Answer, Question, Solver
from allocator.terms.decisions import about_offer
from models.comparison import Comparison
from models.decisions import Decision
from models.plan import Plan
from models.policy import Tier
from models.run import Limits, Progress, ProgressListener, StopSignal

AS_IT_IS = "as it is"
_BEFORE: WeakKeyDictionary[Solver, Result] = WeakKeyDictionary()
"""Of solvers as long as somebody has them: many steps are compared with one plan."""


class Effect(NamedTuple):
    """A comparison, its two results, and whether both are proved.

    ``set_aside`` are requests whose fix can be before and cannot after. With a clash in the plan after there is none.
    ``solver`` is of the data after, and begins with the plan after.
    """

    comparison: Comparison
    before: Result
    after: Result
    proved: bool
    set_aside: tuple[str, ...]
    solver: Solver


def is_best_of(plan: Plan, reading: Reading) -> bool:
    """Whether a plan is the best one of what was read: made from it, and proved.

    Parameters
    ----------
    plan
        As a folder of results holds it.
    reading
        What holds.
    """
    digests = (plan.dataset_digest, plan.policy_digest)
    proved = plan.clash is None and plan.stopped is None and all(tier.proved for tier in plan.tiers)
    return proved and digests == (reading.dataset.digest, reading.policy.digest)


def base_of(
    reading: Reading, plan: Plan | None = None, progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
) -> Solver:  # fmt: skip
    """What effects are compared with: the best plan of what was read.

    Parameters
    ----------
    reading
        What holds.
    plan
        Its plan, where it was made before; it is solved for by default.
    progress
        Told of the solving.
    stop
        Ends it with the best plan so far; then no effect is proved.

    Returns
    -------
    Solver
        With the plan as its base.
    """
    if plan is not None:
        return Solver.of(reading.dataset, plan)
    solver = Solver(reading.dataset, reading.policy)
    solver.solve(Budget(Limits(), stop), told=_telling(progress, solver))
    return solver


def effect_of(
    base: Solver, reading: Reading, entry: Entry, progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
) -> Effect:  # fmt: skip
    """What the plan is after a step, beside the plan as it is.

    Parameters
    ----------
    base
        See :func:`base_of`.
    reading
        What holds after the step.
    entry
        The step.
    progress
        Told of the solving.
    stop
        Ends it with the best plan so far.

    Returns
    -------
    Effect
        Requests that are not placed any more have their reasons.
    """
    return effect_after(base, reading, f"with {entry.name}", progress, stop)


def effect_after(
    base: Solver, reading: Reading, name: str, progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
) -> Effect:  # fmt: skip
    """What the plan is after anything that was typed, beside the plan as it is.

    Parameters
    ----------
    base
        See :func:`base_of`.
    reading
        What holds after it.
    name
        What the plan after it is called.
    progress, stop
        As for :func:`effect_of`.

    Returns
    -------
    Effect
        As of :func:`effect_of`.
    """
    near, answer = base.beside(reading.dataset, reading.policy, stop=stop, told=_telling(progress, base))
    return _effect(base, near, answer, name)


def prices_of(base: Solver, reading: Reading, entry: Entry, stop: StopSignal | None = None) -> tuple[Effect, ...]:
    """What an agency's asking for a student costs: of a yes, that the student has a place there, and of a no, none.

    Parameters
    ----------
    base
        See :func:`base_of`.
    reading
        What holds after the step.
    entry
        The step.
    stop
        As for :func:`effect_of`.

    Returns
    -------
    tuple of Effect
        Nothing where nobody asks; else yes before no, for each request that is asked for.
    """
    rows = reading.traces.decisions
    asked = [d for d in reading.dataset.decisions if d.decision == "requested" and rows.get(d.id) == entry.row]
    effects = [
        _effect(base, Solver.of(answer.dataset, answer.plan), answer, name)
        for decision in asked
        for name, question in _prices(base, decision)
        for answer in [base.answer(question, stop=stop)]
    ]
    # What is asked is no row of the input.
    return tuple(e._replace(comparison=e.comparison.model_copy(update={"inputs": None})) for e in effects)


def _prices(base: Solver, decision: Decision) -> tuple[tuple[str, Question], ...]:
    request = decision.request or ""
    there = [o.offer for o in base.dataset.offers if about_offer(decision, o)]
    elsewhere = [o.offer for o in base.dataset.offers if o.offer not in set(there)]
    if decision.offer is not None:
        yes = Question(fixed=((request, decision.offer, None),))
    else:
        yes = Question(forbidden=tuple((request, offer) for offer in elsewhere))
    no = Question(forbidden=tuple((request, offer) for offer in there))
    where = decision.offer or "/".join(part for part in (decision.agency, decision.team) if part)
    return (f"yes: {request} at {where}", yes), (f"no: {request} not at {where}", no)


def _effect(base: Solver, near: Solver, answer: Answer, name: str) -> Effect:
    plan = answer.plan
    if plan.clash is None:
        new = {u.request for u in plan.unplaced} - {u.request for u in base.base.unplaced}
        reasons = Reasons(Solver.of(answer.dataset, plan, near.eligibility), plan) if new else None
        explained = {u.request: u for u in reasons.briefly(new)} if reasons else {}
        plan = plan.model_copy(update={"unplaced": tuple(explained.get(u.request, u) for u in plan.unplaced)})
    before = _as_it_is(base)
    after = result_of(name, plan, answer.dataset, answer.check)
    gone = set(plan.fixes_set_aside) - set(base.base.fixes_set_aside)
    proved = answer.proved and base.base.stopped is None and all(tier.proved for tier in base.base.tiers)
    return Effect(compare(before, after), before, after, proved, tuple(sorted(gone)), near)


def _as_it_is(base: Solver) -> Result:
    """The result before, worked out once for all that is compared with it."""
    plan, report = base.held
    found = _BEFORE.get(base)
    if found is None or found.plan is not plan:
        found = _BEFORE[base] = result_of(AS_IT_IS, plan, base.dataset, report)
    return found


def _telling(progress: ProgressListener | None, solver: Solver) -> TierListener | None:
    """Tells a listener of a run what the engine tells of its tiers."""
    if progress is None:
        return None
    budget, live = Budget(Limits(), None), len(solver.eligibility.horizon.live)

    def told(number: int, count: int, tier: Tier, value: int | None, bound: int | None, placed: int) -> None:
        progress(Progress("solve", tier.name, number, count, value, bound, placed, live, budget.seconds))

    return told
