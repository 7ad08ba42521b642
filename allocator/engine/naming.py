"""Individuals named after the counts, in order of request: each the least PE that leaves the rest nameable.

Within a group the matches are alike in all that limits and levels look at, so its counts to pools may be dealt out in
any order. Within a pool windows are intervals and members have equal, constant loads, so a naming always exists
(interval graphs are perfect); the check below keeps it existing for those not yet named.
"""

from collections import defaultdict

from allocator.engine.formulation import Column, Formulation, Use
from allocator.engine.pools import Pool
from allocator.engine.program import Vector
from allocator.terms.calendar import Window
from models.base import natural_key
from models.errors import SolverFaultError

EXACT_STEPS = 200_000


class Naming:
    """Names a PE for every chosen column of a solution."""

    def __init__(self, model: Formulation, solution: Vector) -> None:
        self._model = model
        self._chosen = [c for cs in model.columns.values() for c in cs if round(solution[c.column])]
        self._options: dict[int, list[tuple[Use, list[int]]]] = {}
        self._to_name: dict[str, list[Window]] = defaultdict(list)
        self._taken: dict[str, list[tuple[str, Window]]] = defaultdict(list)
        for options in self._uses_by_group().values():
            counted = [(use, [self._count(use, solution)]) for use in options]
            for column in options[0].group.columns:
                self._options[column.column] = counted
            for use, (count,) in counted:
                if use.pool is not None:
                    self._to_name[use.pool.name] += [use.group.window] * count

    def _uses_by_group(self) -> dict[int, list[Use]]:
        grouped: dict[int, list[Use]] = defaultdict(list)
        for use in self._model.uses:
            grouped[id(use.group)].append(use)
        return grouped

    @staticmethod
    def _count(use: Use, solution: Vector) -> int:
        return sum(round(solution[c]) for c in use.columns)

    def named(self) -> dict[str, str]:
        """PE (or pool, or ``PE needed``) by request."""
        result: dict[str, str] = {}
        for column in sorted(self._chosen, key=lambda c: natural_key(c.request.request)):
            result[column.request.request] = self._name(column)
        return result

    def _name(self, column: Column) -> str:
        choices = [
            (natural_key(pe), pe, use, left)
            for use, left in self._options[column.column]
            if left[0] > 0
            for pe in (use.pool.members if use.pool else (use.candidate.pe,))
        ]
        for _, pe, use, left in sorted(choices, key=lambda c: c[0]):
            if use.pool is None or self._take(use.pool, pe, column.window):
                left[0] -= 1
                return pe
        raise SolverFaultError(f"no educator of the pools chosen for {column.request.request} can be named")

    def _take(self, pool: Pool, pe: str, window: Window) -> bool:
        """Name ``pe`` for the window if the rest of the pool's windows can still be named."""
        if len(pool.members) == 1:
            return True
        taken = self._taken[pool.name]
        rest = list(self._to_name[pool.name])
        rest.remove(window)
        taken.append((pe, window))
        if _can_name(pool, taken, rest):
            self._to_name[pool.name] = rest
            return True
        taken.pop()
        return False


def _can_name(pool: Pool, taken: list[tuple[str, Window]], rest: list[Window]) -> bool:
    """Whether the remaining windows can be dealt out beside those taken: first fit by start, else every way."""
    given = {pe: [w for p, w in taken if p == pe] for pe in pool.members}
    if any(_most_at_once(windows) > pool.load for windows in given.values()):
        return False
    order = sorted(rest)
    steps = 0

    def deal(index: int) -> bool:
        nonlocal steps
        if index == len(order):
            return True
        tried: list[list[Window]] = []
        for windows in given.values():
            steps += 1
            if windows in tried or steps > EXACT_STEPS:
                continue
            tried.append(list(windows))
            windows.append(order[index])
            if _most_at_once(windows) <= pool.load and deal(index + 1):
                return True
            windows.pop()
        return False

    return deal(0)


def _most_at_once(windows: list[Window]) -> int:
    """The greatest number of windows on one day."""
    return max((sum(w[0] <= day <= w[1] for w in windows) for day, _ in windows), default=0)
