"""The search of a large program: part by part first, until hardly any tier gets better; then the whole, if it can be.

The map is divided anew each time, so that who was at an edge is in the middle then. Where no relaxation holds the whole
bounds come from prices.
"""

from collections.abc import Callable, Sequence

from allocator.engine.bounds import Bounds
from allocator.engine.face import Face
from allocator.engine.objectives import SearchResult
from allocator.engine.part_by_part import PartByPart
from allocator.engine.search import Search
from allocator.engine.working import Large
from allocator.formulation.program import INFINITY, Vector

ROUNDS = 2
"""How often every division is decided at most."""
FOR_BOUNDS = 0.25
"""The share of a run's time that is kept for bounds, where it has a limit."""
HARDLY_BETTER = 0.01
"""That is enough where a division made no tier better by more than this share of it."""


class LargeSearch(Search):
    """One run of the tiers over a large program."""

    _priced: Bounds | None = None

    def run(self) -> SearchResult:
        """Solve all tiers, or as many as the budget and the size allow; the result says which ended it."""
        face = self._face or Face.of(self._program)
        if (best := self._begin(face)) is None:
            return SearchResult(None, (), (), None)
        self._best = best
        assert self._large is not None
        if self._large.parts.whole:
            if self._large.parts.several:
                self._part_by_part(self._large, face, divisions=1)
            return self._by_tiers(face)
        self._part_by_part(self._large, face, divisions=ROUNDS * len(self._large.parts.divisions))
        tiers, runs = self._results()
        return SearchResult(self._best, tiers, runs, None if all(t.proved for t in tiers) else self._stopped or "size")

    def _part_by_part(self, large: Large, face: Face, divisions: int) -> None:
        """So many divisions at most, beginning with the first, and then bounds of all tiers.

        The cost of divisions is on the account of the first tier. None is begun where it would not leave bounds their
        share of the time, if it takes as long as the one before.
        """
        parts = PartByPart(self._program, face, large, self._objectives, self._budget)
        for number in range(divisions):
            spent, before = self._accounts.spent(), parts.values(self._best)
            for plan in parts.plans(self._best, number % len(large.parts.divisions)):
                pairs = zip(parts.values(plan), parts.values(self._best), strict=True)
                self._take_plan(plan, next(n for n, (new, old) in enumerate(pairs) if new != old))
            self._planned_at, self._plan_cost = self._budget.work, self._budget.work - spent[1]
            self._stopped = self._budget.stopped()
            self._accounts.note(0, spent, "parts")
            if self._stopped or not _better(before, parts.values(self._best)) or self._is_time_for_bounds(spent[0]):
                break
        if self._early is not None and not large.parts.whole and not self._stopped:
            self._priced = Bounds(large.model, face, self._objectives, self._early + 1, self._budget)
            self._price(self._priced.find_placed, self._early)
            if not self._stopped:
                self._price(self._priced.find_later, len(self._objectives) - 1)

    def _is_time_for_bounds(self, since: float) -> bool:
        """Whether another division, as long as the one that began then, would take of the time that is for bounds."""
        now, left = self._budget.seconds, self._budget.seconds_left
        return left < INFINITY and left - (now - since) < FOR_BOUNDS * (now + left)

    def _price(self, find: Callable[[Vector], None], account: int) -> None:
        """Bounds of some tiers, once: prices that are good for one plan are good for the next."""
        spent = self._accounts.spent()
        find(self._best)
        self._stopped = self._budget.stopped()
        self._accounts.note(account, spent, "prices")
        for number, bound in enumerate(self._known_bounds()):
            objective = self._objectives[number]
            self._listener(number, objective.tier, objective.expression.value(self._best), bound, self._best)

    def _known_bounds(self) -> list[int | None]:
        """Bounds of all tiers; from prices, where no relaxation has given one."""
        known = self._bounds.copy()
        for number, bound in enumerate(self._priced.of(self._best) if self._priced else ()):
            if known[number] is None and bound is not None:
                known[number] = self._objectives[number].stated(bound)
        return known


def _better(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether some tier, minimised, is better by more than hardly."""
    return any(old - new > HARDLY_BETTER * abs(old) for old, new in zip(before, after, strict=True))
