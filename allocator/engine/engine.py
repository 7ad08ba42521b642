"""The engine: formulate, search level by level, name the educators. Returns choices, not yet a plan."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget, Stopped
from allocator.engine.clash import ClashFinder
from allocator.engine.face import Face
from allocator.engine.formulation import Formulation, Match
from allocator.engine.model import formulate
from allocator.engine.naming import name_educators
from allocator.engine.program import Vector
from allocator.engine.search import Search
from allocator.engine.start import FirstPlan
from allocator.engine.working import begin
from allocator.terms.calendar import Window
from models.plan import Clash, TierResult
from models.policy import Level
from models.run import TierRun


class Choice(NamedTuple):
    """One match as the engine decided it."""

    request: str
    offer: str
    pe: str
    window: Window


class EngineResult(NamedTuple):
    """What the engine found: choices with levels, or a clash."""

    choices: tuple[Choice, ...]
    tiers: tuple[TierResult, ...]
    runs: tuple[TierRun, ...]
    clash: Clash | None
    stopped: Stopped | None
    columns: int
    rows: int


LevelListener = Callable[[int, int, Level, int | None, int | None, int], None]
"""Called with (number, levels, level, value, bound, placed)."""


def solve(eligibility: Eligibility, budget: Budget, listener: LevelListener, gap_percent: float = 0.0) -> EngineResult:
    """Solve all levels of the policy.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs of the dataset under the policy.
    budget
        Limits and stop signal; the best solution so far is returned when they end the run.
    listener
        Told of every level's value and bound.
    gap_percent
        A level within this gap counts as done; 0: proved.
    """
    model = formulate(eligibility)
    matches = model.matches
    count = len(matches.x.request)
    staying = sum(k.educator is not None for k in matches.kept)

    def told(number: int, level: Level, value: int | None, bound: int | None, solution: Vector | None) -> None:
        placed = 0 if solution is None else staying + round(float(solution[:count].sum()))
        listener(number, len(model.levels), level, value, bound, placed)

    def first_plan(face: Face, start: Vector) -> Vector:
        return FirstPlan(model, face, start).build()

    result = Search(model.program, model.levels, budget, told, gap_percent, first_plan, begin(model)).run()
    size = model.program.columns, model.program.rows
    if result.solution is None:
        return EngineResult((), (), (), ClashFinder(matches).find(), None, *size)
    columns = [matches.match(c) for c in np.flatnonzero(result.solution[:count] > 0.5).tolist()]
    chosen = {c.request.request: c for c in columns}
    named = name_educators(eligibility, {r: c.offer.offer for r, c in chosen.items()}, result.tiers, budget)
    tiers = tuple(t.model_copy(update={"value": v}) for t, v in zip(result.tiers, named.values, strict=True))
    return EngineResult(_choices(matches, chosen, named.names), tiers, result.runs, None, result.stopped, *size)


def _choices(model: Formulation, columns: dict[str, Match], names: dict[str, str]) -> tuple[Choice, ...]:
    choices = {r: Choice(r, c.offer.offer, names[r], c.window) for r, c in columns.items()}
    for k in model.kept:
        if k.educator is not None:
            choices[k.request.request] = Choice(k.request.request, k.offer.offer, k.educator.pe, k.window)
    return tuple(choices[r.request] for r in model.eligibility.horizon.live if r.request in choices)
