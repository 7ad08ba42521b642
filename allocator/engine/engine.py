"""The engine: formulate, search tier by tier, name the educators. Returns choices, not yet a plan."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget, Stopped
from allocator.engine.carried import Carried
from allocator.engine.clash import ClashFinder
from allocator.engine.counts import Counts
from allocator.engine.face import Face
from allocator.engine.forced import Forced, bound_changes, held
from allocator.engine.interim import any_educators
from allocator.engine.large_search import LargeSearch
from allocator.engine.model import Tiers, formulate
from allocator.engine.naming import name_educators
from allocator.engine.objectives import SearchResult
from allocator.engine.recalled import Memory, only_plan
from allocator.engine.search import Search
from allocator.engine.single_offers import SingleOffers
from allocator.engine.start import InHand, first_plan
from allocator.engine.working import is_large, large, some_columns
from allocator.formulation.equal_offers import EqualOffers
from allocator.formulation.matches import Formulation, Match
from allocator.formulation.program import Linear, Vector
from allocator.terms.calendar import Window
from models.plan import Clash, TierResult
from models.policy import Tier
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
    """What the engine found: choices with tiers, or a clash; seconds by phase.

    ``memory`` is what questions about a model near this one begin with; None where it cannot help them. ``unlocked``
    are promises that are not as they are published.
    """

    choices: tuple[Choice, ...]
    tiers: tuple[TierResult, ...]
    runs: tuple[TierRun, ...]
    clash: Clash | None
    stopped: Stopped | None
    columns: int
    rows: int
    seconds: dict[str, float]
    forced: Forced | None = None
    memory: Memory | None = None
    unlocked: tuple[str, ...] = ()


MatchIds = tuple[str, str]
"""A request and an offer."""
TierListener = Callable[[int, int, Tier, int | None, int | None, int], None]
"""Called with (number, tiers, tier, value, bound, placed)."""
Keeper = Callable[[tuple[Choice, ...], Forced | None], None]
"""Called with every better plan on the way, and what of the published plan moves whatever the plan."""


def solve(
    eligibility: Eligibility,
    budget: Budget,
    listener: TierListener,
    keep: Keeper | None,
    gap_percent: float = 0.0,
    in_hand: InHand | None = None,
    memory: Memory | None = None,
    *,
    name_clash: bool = True,
    one_of: Sequence[MatchIds] = (),
) -> EngineResult:
    """Solve all tiers of the policy.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs of the dataset under the policy.
    budget
        Limits and stop signal; the best solution so far is returned when they end the run.
    listener
        Told of every tier's value and bound.
    keep
        Given the first plan and every better one; None: nobody asks for them.
    gap_percent
        A tier within this gap counts as done; 0: proved.
    in_hand
        Matches to begin with; default: what is published and in force.
    memory
        What a run left that solved a dataset and a policy near these; it changes how long this one takes, and no plan.
    name_clash
        Whether the members of a clash are looked for, where there is no plan; else it has none.
    one_of
        Requests and offers of which the plan has at least one, the likeliest first; none: whatever it has. A clash has
        no members then, as no rule asks for this.
    """
    with _one_thread():
        if (memory is not None or in_hand is not None) and gap_percent == 0:
            with suppress(_NotToldError):
                run = _Run(eligibility, budget, listener, keep, memory, name_clash=name_clash, one_of=one_of)
                return run.result(gap_percent, in_hand, hinted=True)
            in_hand = None  # where several plans are the best, the beginning may tell which is found
        run = _Run(eligibility.anew(), budget, listener, keep, name_clash=name_clash, one_of=one_of)
        return run.result(gap_percent, in_hand)


def _one_thread() -> AbstractContextManager[Any]:
    """A second thread for sums of ten thousand numbers costs more than it saves, and adds them in another order."""
    limited: AbstractContextManager[Any] = _libraries().limit(limits=1, user_api="blas")
    return limited


LARGER_PRODUCT = 128
"""Rows and columns of matrices whose product takes OpenBLAS more memory than it has at hand (from 101 on)."""


@cache
def _libraries() -> ThreadpoolController:
    """Found once, as the search for them takes longer than a small program; NumPy's is loaded by now.

    It takes memory at the first larger product and keeps it. Where it gets none it ends the process with a sentence of
    its own, so that is done while there is some.
    """
    found = ThreadpoolController()  # type: ignore[no-untyped-call]
    matrix = np.ones((LARGER_PRODUCT, LARGER_PRODUCT))
    with found.limit(limits=1, user_api="blas"):
        np.dot(matrix, matrix)
    return found


class _NotToldError(Exception):
    """What another run left does not tell the plan of this one, or not the only one."""


class _Run:
    """One run of the engine, phase by phase."""

    def __init__(
        self, eligibility: Eligibility, budget: Budget, listener: TierListener, keep: Keeper | None,
        memory: Memory | None = None, *, name_clash: bool, one_of: Sequence[MatchIds],
    ) -> None:  # fmt: skip
        self._eligibility = eligibility
        self._name_clash = name_clash and not one_of
        self._budget = budget
        self._listener = listener
        self._keep = keep
        self._memory = memory
        self._left: Memory | None = None
        self._seconds: dict[str, float] = {}
        self._clock = budget.seconds
        self._kept: tuple[list[int], dict[int, int]] | None = None
        self._kept_at = self._keeping = 0.0
        self._forced: Forced | None = None
        known = memory and memory.carried
        self._carried = known and known.to(eligibility)
        equal = None if one_of else EqualOffers.of(eligibility)
        self._model = self._carried.model if self._carried else formulate(eligibility, equal=equal)
        self._likeliest = self._hold(one_of) if one_of else None
        self._count = len(self._model.matches.x.request)
        self._lap("build")

    def result(self, gap_percent: float, in_hand: InHand | None, *, hinted: bool = False) -> EngineResult:
        """The best plan within the budget, named; or the clash.

        ``hinted`` says that what is in hand, or remembered, is of another run, and may not tell which plan is found.
        """
        model, matches = self._model, self._model.matches
        if self._carried and not self._carried.faces:
            return self._clash()
        if in_hand is None:
            in_force = self._eligibility.horizon.in_force
            in_hand = {request: (row.offer, row.pe) for request, row in in_force.items()}
        self._single = SingleOffers(matches, in_hand)
        whole = self._carried.face(0) if self._carried else Face.of(model.program)
        first = first_plan(model, whole.taking(self._likeliest), self._single.in_hand_as_equal(in_hand))
        self._lap("first_plan")
        bounded = bound_changes(model, first, self._budget)
        if bounded is None:
            return self._clash()
        self._forced = bounded.forced
        begin = bounded.solution
        if begin is not None and begin is not first:
            again = first_plan(model, whole, held(model, begin))
            begin = begin if again is None else again
        if begin is not None:
            self._keep_plan(begin)
        if self._forced is not None:
            self._lap("forced")
        face = whole if self._carried else None
        del whole  # at England's size more than a gigabyte, and with what the tiers add it is another one
        order = self._carried.tiers if self._carried else model.tiers()
        found = self._searched(order, begin, face, gap_percent)
        if hinted and not is_large(model) and not self._only(found):
            raise _NotToldError
        self._lap("tiers")
        size = model.program.columns, model.program.rows
        if found.solution is None:
            return self._clash()
        chosen = self._chosen(found.solution)
        if found.stopped:
            names, tiers = self._any_educators(found.solution, chosen), found.tiers
        else:
            names, tiers = self._names(chosen, found)
        self._lap("name")
        stands = self._stands(chosen)
        unlocked = tuple(request for request in self._eligibility.as_promised if request not in stands)
        return EngineResult(
            _choices(matches, chosen, names), tiers, found.runs, None, found.stopped, *size, self._seconds,
            self._forced, self._left, unlocked,
        )  # fmt: skip

    def _hold(self, one_of: Sequence[MatchIds]) -> int | None:
        """Ask for one of some matches by a row; the column of the first that there is."""
        matches = self._model.matches
        offer = matches.x.offer
        columns = [
            column
            for request, name in one_of
            for mine in [matches.columns_of.get(request, offer[:0])]
            for column in mine[offer[mine] == matches.offer_index.get(name, -1)].tolist()
        ]
        if self._carried and not self._carried.faces:
            return None  # there is no plan, whatever is asked for beside
        if self._carried:
            self._carried = self._carried.asking_for(np.array(sorted(columns), dtype=np.int64))
            self._model = self._carried.model
        else:
            matches.program.add_row(Linear.sum_of(sorted(columns)), rule="E16", subject="asked", lower=1)
        return columns[0] if columns else None

    def _clash(self) -> EngineResult:
        """Which rules and rows clash; max_changes is none of them, as it leaves what events force."""
        clash = Clash(members=(), confirmed=False)
        if self._name_clash:
            clash = ClashFinder(formulate(self._eligibility.anew()).matches, self._budget).find()
        size = self._model.program.columns, self._model.program.rows
        return EngineResult((), (), (), clash, None, *size, self._seconds)

    # ---- the tiers, and the draw among equal offers ------------------------------------------------------------
    def _searched(self, tiers: Tiers, first: Vector | None, face: Face | None, gap_percent: float) -> SearchResult:
        """All tiers; where offers are decided as one, those before the draw, and then the draw with single offers."""
        program, names = self._model.program, [tier.name for tier, _ in tiers]
        draw = tiers[-1:] if self._model.matches.equal.members and names[-1:] == ["lottery"] else ()
        staying = sum(k.stays is not None for k in self._model.matches.kept)

        def told(number: int, tier: Tier, value: int | None, bound: int | None, solution: Vector | None) -> None:
            placed = 0 if solution is None else staying + round(float(solution[: self._count].sum()))
            self._listener(names.index(tier.name), len(tiers), tier, value, bound, placed)
            if solution is not None:
                self._keep_plan(solution)

        before = tiers[: len(tiers) - len(draw)]
        known, recalled = large(self._model), None
        if self._memory is not None and known is None:
            recalled = self._memory.at(program, (Counts.of(self._model),))
        working = known.working if known else None if recalled else some_columns(self._model)
        search = Search if known is None else LargeSearch
        found = search(
            program, before, self._budget, told, gap_percent=gap_percent, start=first, working=working, large=known,
            recalled=recalled, face=face, carried=self._carried,
        ).run()  # fmt: skip
        if known is None and found.solution is not None and all(t.proved for t in found.tiers):
            simple = self._forced is None and not self._model.matches.equal.members
            values = tuple(tier.value for tier in found.tiers)
            carried = Carried(self._model, tiers, found.faces, values) if simple else None
            self._left = Memory.of(program, before, found, carried, self._memory)
        if not draw or found.solution is None:
            return found
        [(tier, expression)] = draw
        stopped = found.stopped or self._budget.stopped()
        if found.face is None or stopped or not self._single.drawable(found.face):
            value = expression.value(found.solution) + self._single.drawn(found.solution)
            return found.undrawn(tier, value, stopped or "size")
        face, plan = self._single.add(found.face, found.solution)
        known = large(self._model)  # of the columns that were added, too
        working = known.working if known else some_columns(self._model)
        working = working and self._single.begin_with_best(working)
        drawn = Search(
            program, ((tier, Linear.total([expression, self._single.draw()])),), self._budget, told,
            gap_percent=gap_percent, start=plan, face=face, working=working,
            large=known and working and known._replace(working=working),
        ).run()  # fmt: skip
        return drawn.behind(found)

    def _only(self, found: SearchResult) -> bool:
        """Whether what was found near another run is the only plan, which any other way leads to, or needs not be."""
        if found.solution is None or found.stopped:
            return True  # a clash, or what there is in the time
        if found.face is None:
            return False
        columns = np.concatenate([np.arange(self._count), self._single.columns])
        return only_plan(found.face, found.solution, columns, self._budget)

    def _chosen(self, solution: Vector) -> dict[str, Match]:
        """The match of every request, each at its single offer."""
        matches, single = self._model.matches, self._single.offers(solution)
        chosen = {}
        for column in np.flatnonzero(solution[: self._count] > 0.5).tolist():
            match = matches.match(column)
            if column in single:
                match = match._replace(offer=matches.dataset.offers[single[column]])
            chosen[match.request.request] = match
        return chosen

    def _stands(self, chosen: dict[str, Match]) -> set[str]:
        """Promises that are as they are published."""
        stands = self._model.matches.x.stands
        return {request for request, match in chosen.items() if stands[match.column]}

    def _names(self, chosen: dict[str, Match], found: SearchResult) -> tuple[dict[str, str], tuple[TierResult, ...]]:
        """PE by request, and the tiers; promises that stand are facts by now, as they are for whoever checks."""
        stands, promises = self._stands(chosen), self._eligibility.as_promised
        if self._eligibility.promised is None:
            return _named(self._eligibility, chosen, found, self._budget)
        decided = {request: match for request, match in chosen.items() if request not in stands}
        names, tiers = _named(self._eligibility.with_kept(stands), decided, found, self._budget)
        staying = {request: stays.pe for request in stands if (stays := promises[request].stays) is not None}
        return staying | names, tiers

    def _any_educators(self, solution: Vector, chosen: dict[str, Match]) -> dict[str, str]:
        names = any_educators(self._model.matches, solution)
        return {request: self._single.educator_at(pe, chosen[request].offer) for request, pe in names.items()}

    def _keep_plan(self, solution: Vector) -> None:
        """Hand out a plan that is new; where checking takes long, not so often that the search waits for it."""
        if self._keep is None:
            return
        plan = np.flatnonzero(solution[: self._count] > 0.5).tolist(), self._single.offers(solution)
        begun = self._budget.seconds
        soon = self._keeping > 1 and begun - self._kept_at < KEEPING_PAUSE * self._keeping
        if plan != self._kept and not soon:
            self._kept = plan
            chosen = self._chosen(solution)
            choices = _choices(self._model.matches, chosen, self._any_educators(solution, chosen))
            self._keep(choices, self._forced)
            self._kept_at = self._budget.seconds
            self._keeping = self._kept_at - begun

    def _lap(self, phase: str) -> None:
        now = self._budget.seconds
        self._seconds[phase] = round(now - self._clock, 3)
        self._clock = now


def _named(
    eligibility: Eligibility, chosen: dict[str, Match], found: SearchResult, budget: Budget
) -> tuple[dict[str, str], tuple[TierResult, ...]]:
    """PE by request, and the tiers with these names."""
    named = name_educators(eligibility, {r: c.offer.offer for r, c in chosen.items()}, found.tiers, budget)
    tiers = (t.model_copy(update={"value": v}) for t, v in zip(found.tiers, named.values, strict=True))
    return named.names, tuple(tiers)


def _choices(model: Formulation, columns: dict[str, Match], names: dict[str, str]) -> tuple[Choice, ...]:
    choices = {r: Choice(r, c.offer.offer, names[r], c.window) for r, c in columns.items()}
    for k in model.kept:
        if k.stays is not None:
            choices[k.request.request] = Choice(k.request.request, k.offer.offer, k.stays.pe, k.window)
    return tuple(choices[r.request] for r in model.eligibility.horizon.live if r.request in choices)
