"""The engine: formulate, search level by level, name the educators. Returns choices, not yet a plan."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget, Stopped
from allocator.engine.clash import ClashFinder
from allocator.engine.face import Face
from allocator.engine.formulation import Formulation, Match
from allocator.engine.interim import any_educators
from allocator.engine.model import formulate
from allocator.engine.naming import name_educators
from allocator.engine.program import Vector
from allocator.engine.search import Search
from allocator.engine.start import FirstPlan, InHand
from allocator.engine.working import large
from allocator.terms.calendar import Window
from models.plan import Clash, TierResult
from models.policy import Level
from models.run import TierRun

KEEPING_PAUSE = 4
"""Plans on the way are handed out at most so often that the search has so many times as long in between."""


class Choice(NamedTuple):
    """One match as the engine decided it."""

    request: str
    offer: str
    pe: str
    window: Window


class EngineResult(NamedTuple):
    """What the engine found: choices with levels, or a clash; seconds by phase."""

    choices: tuple[Choice, ...]
    tiers: tuple[TierResult, ...]
    runs: tuple[TierRun, ...]
    clash: Clash | None
    stopped: Stopped | None
    columns: int
    rows: int
    seconds: dict[str, float]


LevelListener = Callable[[int, int, Level, int | None, int | None, int], None]
"""Called with (number, levels, level, value, bound, placed)."""
Keeper = Callable[[tuple[Choice, ...]], None]
"""Called with every better plan on the way."""


def solve(
    eligibility: Eligibility,
    budget: Budget,
    listener: LevelListener,
    keep: Keeper,
    gap_percent: float = 0.0,
    in_hand: InHand | None = None,
) -> EngineResult:
    """Solve all levels of the policy.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs of the dataset under the policy.
    budget
        Limits and stop signal; the best solution so far is returned when they end the run.
    listener
        Told of every level's value and bound.
    keep
        Given the first plan and every better one.
    gap_percent
        A level within this gap counts as done; 0: proved.
    in_hand
        Matches to begin with; default: what is published and in force.
    """
    # a second thread for sums of ten thousand numbers costs more than it saves, and adds them in another order
    with threadpool_limits(limits=1, user_api="blas"):  # type: ignore[no-untyped-call]
        return _Run(eligibility, budget, listener, keep).result(gap_percent, in_hand)


class _Run:
    """One run of the engine, phase by phase."""

    def __init__(self, eligibility: Eligibility, budget: Budget, listener: LevelListener, keep: Keeper) -> None:
        self._eligibility = eligibility
        self._budget = budget
        self._listener = listener
        self._keep = keep
        self._seconds: dict[str, float] = {}
        self._clock = budget.seconds
        self._kept: list[int] | None = None
        self._kept_at = self._keeping = 0.0
        self._model = formulate(eligibility)
        self._count = len(self._model.matches.x.request)
        self._lap("build")

    def result(self, gap_percent: float, in_hand: InHand | None) -> EngineResult:
        """The best plan within the budget, named; or the clash."""
        model, matches = self._model, self._model.matches
        first = self._first_plan(in_hand)
        self._lap("first_plan")
        levels = model.levels()
        staying = sum(k.educator is not None for k in matches.kept)

        def told(number: int, level: Level, value: int | None, bound: int | None, solution: Vector | None) -> None:
            placed = 0 if solution is None else staying + round(float(solution[: self._count].sum()))
            self._listener(number, len(levels), level, value, bound, placed)
            if solution is not None:
                self._keep_plan(solution)

        found = Search(
            model.program, levels, self._budget, told, gap_percent=gap_percent, start=first, large=large(model)
        ).run()
        self._lap("tiers")
        size = model.program.columns, model.program.rows
        if found.solution is None:
            return EngineResult((), (), (), ClashFinder(matches, self._budget).find(), None, *size, self._seconds)
        chosen = self._chosen(found.solution)
        if found.stopped:
            names, tiers = any_educators(matches, found.solution), found.tiers
        else:
            named = name_educators(self._eligibility, {r: c.offer.offer for r, c in chosen.items()}, found.tiers,
                                   self._budget)  # fmt: skip
            names = named.names
            tiers = tuple(t.model_copy(update={"value": v}) for t, v in zip(found.tiers, named.values, strict=True))
        self._lap("name")
        return EngineResult(
            _choices(matches, chosen, names), tiers, found.runs, None, found.stopped, *size, self._seconds
        )

    def _first_plan(self, in_hand: InHand | None) -> Vector | None:
        """What is in hand, completed greedily; None where that leaves a row broken that asks for something."""
        if in_hand is None:
            in_force = self._eligibility.horizon.in_force
            in_hand = {request: (row.offer, row.pe) for request, row in in_force.items()}
        face = Face.of(self._model.program)
        plan = FirstPlan(self._model, face, self._model.program.lower.copy(), in_hand).build()
        if not face.holds(plan):
            return None
        self._keep_plan(plan)
        return plan

    def _chosen(self, solution: Vector) -> dict[str, Match]:
        found = (self._model.matches.match(c) for c in np.flatnonzero(solution[: self._count] > 0.5).tolist())
        return {match.request.request: match for match in found}

    def _keep_plan(self, solution: Vector) -> None:
        """Hand out a plan that is new; where checking takes long, not so often that the search waits for it."""
        columns = np.flatnonzero(solution[: self._count] > 0.5).tolist()
        begun = self._budget.seconds
        soon = self._keeping > 1 and begun - self._kept_at < KEEPING_PAUSE * self._keeping
        if columns != self._kept and not soon:
            self._kept = columns
            matches = self._model.matches
            self._keep(_choices(matches, self._chosen(solution), any_educators(matches, solution)))
            self._kept_at = self._budget.seconds
            self._keeping = self._kept_at - begun

    def _lap(self, phase: str) -> None:
        now = self._budget.seconds
        self._seconds[phase] = round(now - self._clock, 3)
        self._clock = now


def _choices(model: Formulation, columns: dict[str, Match], names: dict[str, str]) -> tuple[Choice, ...]:
    choices = {r: Choice(r, c.offer.offer, names[r], c.window) for r, c in columns.items()}
    for k in model.kept:
        if k.educator is not None:
            choices[k.request.request] = Choice(k.request.request, k.offer.offer, k.educator.pe, k.window)
    return tuple(choices[r.request] for r in model.eligibility.horizon.live if r.request in choices)
