"""What do 0, 1, 2, 3 moves buy? The best plan in which at most so many promises change (lifecycle 5).

A plan with k moves is one in which k promises were unlocked and nobody else: the dataset of the answer says so, and the
checker judges it there. Which k are worth most is found in one model: every promise may stay exactly as it is, whatever
the rules say of it now, or be another match or none, and at most k are. That model allows whatever unlocking any k
allows, so that its proved tiers are a bound; its plan, in which those who went are unlocked, reaches them.

Facts never move, and proposals do not count: ``max_changes`` is lifted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from allocator.checker import check
from allocator.eligibility import AsPublished, Eligibility, Promised, unlocked
from allocator.engine.budget import Budget
from allocator.engine.forced import fewest_unlocked
from allocator.solving import Answer, Solver
from allocator.solving.plans import checked, plan_of
from models.base import PE_NEEDED, natural_key
from models.dataset import Dataset
from models.plan import Match, Plan
from models.policy import Policy
from models.reasons import Unplaced
from models.run import Limits, StopSignal

MOST = 5
"""Moves that are looked at."""


class Locked(NamedTuple):
    """A promise that is not looked at, and why."""

    request: str
    why: str


class Step(NamedTuple):
    """So many moves: who is unlocked for it, and the plan beside that with none (a clash in it: there is no plan)."""

    moves: int
    unlocked: tuple[str, ...]
    answer: Answer


class Moves(NamedTuple):
    """What moves buy.

    ``steps`` begin with 0 moves and hold every number that buys something that fewer do not; ``looked_at`` is the
    greatest number up to which all were looked at. ``least`` is the fewest moves with which there is a plan (None:
    there is none with any). ``locked`` are promises that were held where they are. ``stopped``: more may be bought than
    is known.
    """

    steps: tuple[Step, ...]
    looked_at: int
    least: int | None
    promises: tuple[str, ...]
    locked: tuple[Locked, ...]
    stopped: bool = False

    @property
    def proved(self) -> bool:
        """Whether every step is the best of its number of moves."""
        return not self.locked and not self.stopped


Listener = Callable[[Moves, int, int], None]
"""Told of what was found so far, and how many numbers of moves, of how many, were looked at."""


def moves(
    dataset: Dataset, policy: Policy, most: int = MOST, *, limits: Limits | None = None,
    stop: StopSignal | None = None, told: Listener = lambda *_: None,
) -> Moves:  # fmt: skip
    """What do moves of promises buy?

    Parameters
    ----------
    dataset, policy
        As they are.
    most
        Moves that are looked at, at most.
    limits, stop
        When to stop with what there is; a step that limits ended is not proved, and one that was stopped is left out.
    told
        Told of what was found so far, as it is found.

    Returns
    -------
    Moves
        A number of moves that buys nothing beside the one before is left out.
    """
    return _Moves(dataset, policy, limits or Limits(), stop, told).up_to(most)


def fewest_moves(dataset: Dataset, policy: Policy, budget: Budget) -> tuple[str, ...] | None:
    """Who is unlocked in a plan with the fewest moves; None where no number of moves leads to a plan.

    Parameters
    ----------
    dataset, policy
        As they are.
    budget
        Work is counted there; where it ends before, there is none.
    """
    return _Moves(dataset, policy, Limits(), None, lambda *_: None).fewest(budget)


class _Moves:
    def __init__(
        self, dataset: Dataset, policy: Policy, limits: Limits, stop: StopSignal | None, told: Listener
    ) -> None:
        self._dataset = dataset
        self._policy = policy.model_copy(update={"max_changes": None})
        self._limits, self._stop, self._told = limits, stop, told
        self._solver = Solver(dataset, self._policy)
        promises = tuple(p.request for p in self._solver.eligibility.horizon.kept.values() if p.promise)
        self._locked = self._locked_of(promises)
        held = {locked.request for locked in self._locked}
        self._promises = tuple(p for p in promises if p not in held)
        self._looked: list[Step] = []
        self._most = 0

    def up_to(self, most: int) -> Moves:
        base = self._solver.solve(Budget(self._limits, self._stop)).plan
        base, report = checked(self._dataset, self._solver.policy, base)
        steps = [Step(0, (), Answer(self._dataset, self._solver.policy, base, report, base))]
        self._looked, self._most = [steps[0]], min(most, len(self._promises))
        self._tell(steps, 0, None if base.clash else 0)
        fewest = self.fewest(Budget(self._limits, self._stop)) if base.clash else ()
        least = None if fewest is None else len(fewest)
        last = None
        if least is not None and 0 < self._most >= least:
            last = self._step(self._most, base)
            self._tell(steps, 0, least)
        for number in range(max(1, least or 0), self._most + 1):
            if last is None or not _better(last.answer.plan, steps[-1].answer.plan) or self._is_stopped(last):
                break
            step = last if number == self._most else self._step(number, base)
            if self._is_stopped(step):
                break
            if _better(step.answer.plan, steps[-1].answer.plan):
                steps.append(step)
            if self._ended and number < self._most:
                return self._found(steps, number, least, stopped=True)
            self._tell(steps, number, least)
        ended = any(map(self._is_stopped, self._looked)) or (least is None and self._ended)
        stopped = ended or any(not step.answer.proved for step in self._looked)
        return self._found(steps, steps[-1].moves if ended else self._most, least, stopped=stopped)

    @property
    def _ended(self) -> bool:
        """Whether somebody ended the search."""
        return self._stop is not None and self._stop.is_set()

    def _is_stopped(self, step: Step) -> bool:
        """Whether the search for a step was ended."""
        return self._ended and not step.answer.proved

    def _found(self, steps: Sequence[Step], looked_at: int, least: int | None, *, stopped: bool) -> Moves:
        return Moves(tuple(steps), looked_at, least, self._promises, self._locked, stopped)

    def _tell(self, steps: Sequence[Step], looked_at: int, least: int | None) -> None:
        """Tell what was found so far: more may be bought than is known."""
        self._told(self._found(steps, looked_at, least, stopped=True), len(self._looked), self._most + 1)

    def fewest(self, budget: Budget) -> tuple[str, ...] | None:
        """Who is unlocked in a plan with the fewest moves."""
        return fewest_unlocked(self._near(len(self._promises)).eligibility, budget)

    def _near(self, most: int) -> Solver:
        """A solver in which so many promises may change."""
        return Solver.on(self._eligibility.at_most(most))

    @cached_property
    def _eligibility(self) -> Eligibility:
        """Every promise may stay exactly as it is, or change."""
        promised = Promised(frozenset(self._promises), len(self._promises))
        return Eligibility(unlocked(self._dataset, self._promises), self._solver.policy, promised)

    def _step(self, most: int, base: Plan) -> Step:
        """The best plan with at most so many moves, judged where those who move are unlocked."""
        near = self._near(most)
        found = near.solve(Budget(self._limits, self._stop), start=base, name_clash=False).result
        gone = found.unlocked
        changed = unlocked(self._dataset, gone)
        plan = plan_of(Eligibility(changed, self._solver.policy), found)
        plan, report = checked(changed, self._solver.policy, plan)
        self._looked.append(Step(len(gone), gone, Answer(changed, self._solver.policy, plan, report, base)))
        return self._looked[-1]

    def _locked_of(self, promises: Iterable[str]) -> tuple[Locked, ...]:
        """Promises that no model can let stay or go: what stands breaks a rule about several, or is fixed elsewhere."""
        kept = {k.request.request: k for k in self._solver.eligibility.kept}
        broken = _broken_together(self._solver.eligibility, kept.values())
        crowded = _crowded(self._solver.eligibility, kept.values())
        fixes = self._solver.eligibility.terms.decisions.fixes if self._policy.on("E16") else {}
        found = []
        for request in sorted(promises, key=natural_key):
            if request in broken:
                found.append(Locked(request, f"what stands breaks {broken[request]}"))
            elif kept[request].offer.offer in crowded:
                found.append(Locked(request, f"more places of {kept[request].offer.offer} are held than there are"))
            elif request in fixes:
                found.append(Locked(request, f"{fixes[request].id} fixes it elsewhere once it is unlocked"))
            elif kept[request].offer.minimum is not None:
                found.append(Locked(request, f"{kept[request].offer.offer} has a least number of students"))
        return tuple(found)


def _crowded(eligibility: Eligibility, kept: Iterable[AsPublished]) -> set[str]:
    """Offers of which so much is held for others that not all who are kept there would fit beside it."""
    there: defaultdict[str, set[str]] = defaultdict(set)
    for k in kept:
        there[k.offer.offer].add(k.request.request)
    holds, offers = eligibility.terms.holds, eligibility.dataset.offer_by_id
    held = {o: sum(h.places for h in holds.at(o) if h.hold.request not in there[o]) for o in there}
    return {o for o, requests in there.items() if held[o] + len(requests) > offers[o].capacity}


def _broken_together(eligibility: Eligibility, kept: Iterable[AsPublished]) -> dict[str, str]:
    """By kept request: a rule about several placements that kept matches break among themselves."""
    matches = tuple(
        Match(
            request=k.request.request, offer=k.offer.offer, pe=k.stays.pe if k.stays else PE_NEEDED,
            start=k.window[0], end=k.window[1], kept=True,
        )
        for k in kept
    )  # fmt: skip
    there = {m.request for m in matches}
    others = (r.request for r in eligibility.horizon.live if r.request not in there)
    plan = Plan(
        dataset_digest=eligibility.dataset.digest, policy=eligibility.policy, policy_digest=eligibility.policy.digest,
        seed=eligibility.policy.seed, matches=matches,
        unplaced=tuple(Unplaced(request=r, code="open", reason="kept matches alone") for r in others),
    )  # fmt: skip
    report = check(eligibility.dataset, eligibility.policy, plan)
    found = ((s, v.rule) for v in report.kept_despite if v.rule.startswith("L") for s in v.subjects)
    return {subject: rule for subject, rule in found if subject in there}


def _better(plan: Plan, other: Plan) -> bool:
    """Whether a plan is better by the order of its tiers; any plan is better than a clash."""
    if plan.clash is not None or other.clash is not None:
        return plan.clash is None
    pairs = ((t.value, o.value, t.sense) for t, o in zip(plan.tiers, other.tiers, strict=True))
    differing = next(((new, old, sense) for new, old, sense in pairs if new != old), None)
    return differing is not None and (differing[0] > differing[1]) == (differing[2] == "max")
