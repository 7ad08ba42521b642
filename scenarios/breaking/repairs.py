"""Repairs as cases of a batch: the events of a draw, a published plan, so many moves, what is in reserve."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from models.plan import Plan
from models.run import StopSignal
from scenarios.batch.jobs import Executor, Job
from scenarios.breaking.draws import Draw, Moves
from scenarios.breaking.events import SCENARIO, Chance, Events
from scenarios.model import Case, Edit, Freeze
from scenarios.results import CaseResult
from scenarios.running import Base

BASE_PLAN = "base"
Key = tuple[str, int]


class Asked(NamedTuple):
    """A repair: of a draw, with so many moves, of a plan (``base`` or the path of a file), with edits for a reserve.

    ``name`` tells it from the repairs of the base's own plan in the same draw, whose name their moves are.
    """

    draw: int
    moves: Moves
    seed: int
    plan: str = BASE_PLAN
    reserve: tuple[Edit, ...] = ()
    name: str = ""

    @property
    def key(self) -> Key:
        """What tells it from others that are asked for together."""
        return self.name or moves_words(self.moves), self.draw


class Repaired(NamedTuple):
    """What came of a repair; no plan where there is a problem."""

    result: CaseResult
    plan: Plan | None


class Repairs:
    """Has repairs solved.

    Parameters
    ----------
    base
        What is repaired.
    chance
        The events of its draws.
    executor
        Who solves.
    stop
        Set it to stop with what is done.
    told
        Told of every repair that ends: what is being done, how many are, of how many.
    """

    def __init__(
        self, base: Base, chance: Chance, executor: Executor, stop: StopSignal, told: Callable[[str, int, int], None]
    ) -> None:
        self._base = base
        self._chance = chance
        self._executor = executor
        self.stop = stop
        self.told = told
        self.results: list[CaseResult] = []
        self._events: dict[tuple[int, int], Events] = {}

    @property
    def stopped(self) -> bool:
        """Whether somebody has asked to stop."""
        return self.stop.is_set()

    def events(self, seed: int, draw: int) -> Events:
        """The events of a draw."""
        if (seed, draw) not in self._events:
            self._events[seed, draw] = self._chance.events(seed, draw)
        return self._events[seed, draw]

    def solved(self, what: str, asked: Sequence[Asked]) -> dict[Key, Repaired]:
        """Every repair that could be solved before somebody stopped it, in the order in which they were asked for."""
        found: dict[Key, Repaired] = {}
        nearest: dict[Hashable, Plan | None] = {}
        self.told(what, 0, len(asked))
        for moves in sorted({one.moves for one in asked}):  # a plan with fewer moves is one with more, to begin with
            now = [one for one in asked if one.moves == moves]
            jobs = [Job(0, self._case(one), begin=nearest.get(_same(one))) for one in now]
            for finished in () if self.stopped else self._executor.finished([self._base], jobs, self.stop):
                result, content = finished
                plan = None if content is None or result.problem else Plan.model_validate_json(content)
                found[result.case, result.draw] = Repaired(result, plan)
                self.told(what, len(found), len(asked))
            nearest |= {_same(one): found[one.key].plan for one in now if one.key in found}
        made = {one.key: found[one.key] for one in asked if one.key in found}
        self.results += [repaired.result for repaired in made.values()]
        return made

    def draws(self, what: str, asked: Iterable[Asked]) -> list[Draw]:
        """The draws of whose repairs every one has a plan, in their order."""
        asked = list(asked)
        solved = self.solved(what, asked)
        made = []
        for draw, seed in sorted({(one.draw, one.seed) for one in asked}):
            mine = [one for one in asked if (one.draw, one.seed) == (draw, seed)]
            plans = {one.moves: solved[one.key].plan for one in mine if one.key in solved}
            known = {moves: plan for moves, plan in plans.items() if plan is not None}
            if len(known) == len(mine):
                made.append(Draw(draw, self.events(seed, draw), known))
        return made

    def _case(self, asked: Asked) -> Case:
        edits = self._chance.edits(asked.seed, asked.draw)
        published = Freeze(edit="freeze", plan=asked.plan, told=False)
        return Case(
            scenario=SCENARIO, name=asked.key[0], draw=asked.draw, seed=asked.seed,
            edits=(*edits, published, *asked.reserve), policy={"max_changes": str(asked.moves)},
        )  # fmt: skip


def _same(asked: Asked) -> Hashable:
    """What repairs have in common that differ in their moves alone."""
    return asked.draw, asked.seed, asked.plan, asked.name


def moves_words(moves: int) -> str:
    """``1 move``, ``3 moves``."""
    return f"{moves} move{'' if moves == 1 else 's'}"
