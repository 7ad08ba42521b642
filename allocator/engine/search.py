"""The lexicographic search: tier by tier, each optimised, proved by a bound, fixed, and only then the next.

The linear relaxation of this model is nearly always tight, tier by tier. So the search runs ahead on relaxations
alone: each tier's bound, rounded inwards, is taken as reached, and the face of solutions that reach it is kept; then
one integer search on the few columns that are left open finds a plan that reaches all of them, which proves every
tier at once. Where no such plan is found, the last tier that can be reached is found by halving, the tier after it
is searched for its true optimum, and the run ahead begins again behind it. A run that is stopped keeps the best plan.

Prices of a run near this one prove a tier without a relaxation where the plan in hand has what they allow.
"""

from collections.abc import Callable

import numpy as np

from allocator.engine.accounts import Accounts
from allocator.engine.bounds import weighted
from allocator.engine.budget import Budget, Stopped
from allocator.engine.carried import Carried
from allocator.engine.face import Face, Relaxed, inwards
from allocator.engine.holding import Basis
from allocator.engine.objectives import SearchResult, objective_of
from allocator.engine.one_tier import OneTier
from allocator.engine.plan_on import Asked, any_plan, plan_by_search, plan_on
from allocator.engine.propagation import FEW_PASSES, PASSES
from allocator.engine.recalled import Recalled, told_by_prices, wanted
from allocator.engine.relaxation import Relaxation, Working
from allocator.engine.weighed import PATIENCE, blocks, weighed
from allocator.engine.working import Large
from allocator.formulation.program import Linear, Program, Vector
from models.errors import SolverFaultError
from models.plan import TierResult
from models.policy import Tier
from models.run import TierRun

Listener = Callable[[int, Tier, int | None, int | None, Vector | None], None]
"""Called with (number of the tier, tier, value, bound, solution)."""
MOST_EARLY = 5
"""Most tiers that are weighed against each other before the search by tiers begins: weights grow with each."""
PLAN_AGAIN = 4
"""A plan on the way is tried when so many times its work was spent since the last one."""


class Search:
    """One run of the tiers over a program."""

    def __init__(
        self,
        program: Program,
        tiers: tuple[tuple[Tier, Linear], ...],
        budget: Budget,
        listener: Listener,
        *,
        gap_percent: float = 0.0,
        start: Vector | None = None,
        working: Working | None = None,
        large: Large | None = None,
        face: Face | None = None,
        recalled: Recalled | None = None,
        carried: Carried | None = None,
    ) -> None:
        self._program, self._face, self._carried = program, face, carried
        self._recalled = recalled
        self._hints = [recalled.prices.get(tier.name) if recalled else None for tier, _ in tiers]
        self._recalls = recalled is not None
        self._objectives = tuple(objective_of(program, tier, expression) for tier, expression in tiers)
        self._budget = budget
        self._listener = listener
        self._gap_percent = gap_percent
        self._start = start
        self._working, self._large = working, large
        self._bounds: list[int | None] = [None] * len(tiers)
        self._accounts = Accounts(budget, len(tiers))
        self._bases: list[Basis | None] = [None] * len(tiers)
        self._prices: list[Vector | None] = [None] * len(tiers)
        self._stopped: Stopped | None = None
        self._last: Vector | None = None
        self._weighed: dict[int, range] = {}
        self._of_block: dict[int, Vector] = {}
        self._used = np.zeros(program.columns, dtype=np.bool_)
        self._planned_at = 0
        self._plan_cost = 0
        placed = [n for n, (tier, _) in enumerate(tiers) if tier.name.startswith("placed")]
        self._early = min(placed[-1], MOST_EARLY - 1) if placed else None

    def run(self) -> SearchResult:
        """Solve all tiers, or as many as the budget allows."""
        face = self._face or Face.of(self._program)
        if (best := self._begin(face)) is None:
            return SearchResult(None, (), (), None)
        self._best = best
        return self._by_tiers(face)

    def _by_tiers(self, face: Face) -> SearchResult:
        """The search itself, from the plan in hand."""
        begin = self._wanted(face, self._best) or self._working
        relaxation = Relaxation(face, self._budget, begin and begin.with_plan(self._best))
        self._walked = self._large is not None
        faces = [] if self._carried is None else self._resumed(relaxation, self._carried)
        if not faces and not self._stopped:
            faces = self._reached(relaxation, face, 0)
        faces = faces or [face]
        while (done := len(faces) - 1) < len(self._objectives) and not self._stopped:
            face = self._settle(relaxation, faces[-1], done)
            faces += [face] if self._stopped else self._reached(relaxation, face, done + 1)
        self._forget_bounds_ahead(done)
        settled = done == len(self._objectives)
        tiers, runs = self._results()
        stopped = None if all(t.proved for t in tiers) else self._stopped
        return SearchResult(
            self._best, tiers, runs, stopped, faces[-1] if settled else None, tuple(faces), tuple(self._bases),
            tuple(self._prices),
        )  # fmt: skip

    def _reached(
        self, relaxation: Relaxation, face: Face, first: int, known: Relaxed | None = None
    ) -> list[Face]:  # fmt: skip
        """A face, and those behind it of the tiers from ``first`` on, as far as a plan reaches what is relaxed."""
        ahead = self._run_ahead(relaxation, face, first, known)
        return ahead[: self._catch_up(relaxation, ahead, first) + 1]

    def _resumed(self, relaxation: Relaxation, carried: Carried) -> list[Face]:
        """Faces of the first tiers, as far as they are as another run left them, and a plan on the last; empty: none.

        What is closed and taken leaves some plans and adds none. So no tier can become better, and where there is a
        plan on the face that the first k tiers left, these have their values again, proved.
        """

        def relaxed(face: Face, number: int) -> Relaxed:
            cost = self._objectives[number].cost()
            self._begin_as_before(relaxation, face, cost, number)
            return self._relaxed(relaxation, face, cost)

        begun = carried.deepest(self._best, relaxed)
        self._stopped = self._budget.stopped()
        if begun is None or self._stopped:
            return []
        number, face, known = begun
        for tier in range(number):  # the program is that of the run before, and so are its prices and bases
            self._bounds[tier], self._prices[tier] = carried.values[tier], self._hints[tier]
            self._bases[tier] = self._recalled and self._recalled.bases.get(self._objectives[tier].tier.name)
            self._accounts.note(tier, self._accounts.spent(), "prices")
        reached = self._reached(relaxation, face, number, known)
        if face.holds(self._best):
            return [*carried.faces[:number], *reached]
        self._bounds = [None] * len(self._objectives)
        return []

    def _begin(self, face: Face) -> Vector | None:
        """A first feasible solution: the one given, nothing but kept matches, or what the demanding rows need.

        None is a clash.
        """
        nothing = self._program.tidied(face.lower)
        given = None
        if self._start is not None:
            given = nothing.copy()
            given[: len(self._start)] = self._start
            given = self._program.tidied(given)
        for found in (given, nothing):
            if found is not None and face.holds(found):
                return found
        known = self._wanted(face, nothing)
        if self._large is not None or not self._objectives:
            return plan_by_search(self._program, face, known and known.columns)
        return any_plan(self._program, face, self._objectives[0].cost(), known or self._working)

    def _wanted(self, face: Face, plan: Vector) -> Working | None:
        """Columns that prices of another run say are worth their cost; None where there are no prices."""
        if self._recalled is None:
            return None
        return wanted(face, (o.cost() for o in self._objectives), self._hints, plan, self._recalled)

    def _costs(self, last: int) -> list[Vector]:
        return [objective.cost() for objective in self._objectives[: last + 1]]

    def _known_bounds(self) -> list[int | None]:
        """Bounds of all tiers, as far as they are known."""
        return self._bounds

    def _take_plan(self, solution: Vector | None, number: int) -> bool:
        """Keep a plan that is better, tier by tier in their order; whether it is."""
        if solution is None:
            return False
        tidy = self._program.tidied(solution)
        values = ((objective.minimised(tidy), objective.minimised(self._best)) for objective in self._objectives)
        new, old = next((pair for pair in values if pair[0] != pair[1]), (0, 0))  # the first tier that differs
        if new >= old:
            return False
        self._best = tidy
        objective = self._objectives[number]
        self._listener(number, objective.tier, objective.expression.value(tidy), self._known_bounds()[number], tidy)
        return True

    # ---- running ahead on relaxations --------------------------------------------------------------------------
    def _run_ahead(self, relaxation: Relaxation, face: Face, first: int, known: Relaxed | None) -> list[Face]:
        """Faces of the tiers from ``first`` on, each tier's bound taken as reached; ``faces[0]`` is the start.

        ``known`` is the relaxation of the first of them, where it is at hand.
        """
        faces = [face]
        for number in range(first, len(self._objectives)):
            objective, spent = self._objectives[number], self._accounts.spent()
            self._listener(number, objective.tier, objective.expression.value(self._best), None, self._best)
            cost = objective.cost()
            points, method = (self._best, self._last), "prices"
            relaxed = known or told_by_prices(faces[-1], cost, self._hints[number], points)
            known = None
            if relaxed is None:
                relaxed, method = self._told_by_block(relaxation, faces[-1], number), "relaxation"
            if relaxed is None:
                if faces[-1].extra:
                    self._begin_as_before(relaxation, faces[-1], cost, number)
                relaxed = self._relaxed(relaxation, faces[-1], cost)
                if relaxed.ending != "optimal":  # infeasible: an earlier bound cannot be reached
                    self._stopped = self._budget.stopped()
                    break
                self._bases[number] = relaxation.basis
            bound = inwards(relaxed.value)
            self._bounds[number] = objective.stated(bound)
            faces.append(faces[-1].reaching(cost, bound, relaxed, passes=FEW_PASSES if self._recalls else PASSES))
            self._last, self._prices[number] = relaxed.solution, relaxed.row_duals
            self._used |= relaxed.solution > 0
            self._accounts.note(number, spent, method)
            value = objective.expression.value(self._best)
            self._listener(number, objective.tier, value, self._bounds[number], self._best)
            if self._wants_plan(number) and not self._stopped:
                self._plan_between(relaxation, faces[-1], self._last, number)
        return faces

    def _told_by_block(self, relaxation: Relaxation, face: Face, number: int) -> Relaxed | None:
        """A tier's relaxation as that of the tiers that are weighed with it tells it; None where it does not.

        Not beside dense rows of tiers before, whose prices would be needed too, nor in a large program.
        """
        if face.extra or self._large is not None:
            return None
        cost = self._objectives[number].cost()
        if not self._weighed:
            every = blocks(self._costs(len(self._objectives) - 1))
            self._weighed = {number: block for block in every for number in block}
        block = range(number, self._weighed[number].stop)
        if number not in self._of_block and not self._weigh(relaxation, face, block):
            return None
        prices = relaxation.with_counts(face, cost, self._of_block[number])
        return told_by_prices(face, cost, prices, (self._last,))

    def _weigh(self, relaxation: Relaxation, face: Face, block: range) -> bool:
        """The prices of the tiers of a block, from one relaxation; whether there are any."""
        costs = [self._objectives[number].cost() for number in block]
        total = weighed(costs)
        self._begin_as_before(relaxation, face, total, block[0])
        relaxed = self._relaxed(relaxation, face, total, PATIENCE)
        if relaxed.ending != "optimal":
            return False
        self._last = relaxed.solution
        self._of_block = dict(zip(block, relaxation.prices(costs), strict=True))
        for number in block:
            self._bases[number] = relaxation.basis
        return True

    def _begin_as_before(self, relaxation: Relaxation, face: Face, cost: Vector, number: int) -> None:
        """Where a program near this one was solved: begin from where its relaxation ended."""
        basis = self._recalled and self._recalled.basis(self._objectives[number].tier.name, face)
        if basis:
            self._walked = True
            relaxation.begin_from(face, cost, basis)

    def _relaxed(self, relaxation: Relaxation, face: Face, cost: Vector, patience: int = 1) -> Relaxed:
        """A tier's relaxation; the first one walks to the plan in hand before, which prices may have made needless."""
        if not self._walked:
            self._walked = True
            relaxation.begin_at(face, self._best)
        return relaxation.minimise(face, cost, patience)

    def _wants_plan(self, number: int) -> bool:
        """After the placed tiers; then, in a large program, when a plan is cheap beside what was spent since."""
        if self._reached_all(number, self._bounds):
            return False
        since = self._budget.work - self._planned_at
        return number == self._early or (self._large is not None and since > PLAN_AGAIN * max(1, self._plan_cost))

    def _reached_all(self, number: int, bounds: list[int | None]) -> bool:
        """Whether the plan in hand reaches all bounds up to a tier's."""
        pairs = zip(self._objectives[: number + 1], bounds, strict=False)
        return all(bound == objective.expression.value(self._best) for objective, bound in pairs)

    def _plan_between(self, relaxation: Relaxation, face: Face, relaxed: Vector | None, number: int) -> None:
        """A plan on the way, so that a run stopped later has a good one."""
        before = self._budget.work
        self._take_plan(self._plan_on(face, relaxation, relaxed, number, on_the_way=self._large is None), number)
        self._planned_at, self._plan_cost = self._budget.work, self._budget.work - before

    def _catch_up(self, relaxation: Relaxation, faces: list[Face], first: int) -> int:
        """Find the last face that has a plan; returns its number among these.

        Most often one of the last tiers is at fault, and narrow faces are searched soonest: so faces are tried from the
        last one on backwards, in steps that double, and behind the first that has a plan by halving.
        """
        reached, tried, back = self._reached_from(0, faces, first), len(faces), 1
        step = tried - 1
        while reached < tried - 1 and not self._stopped:
            number = first + step - 1
            spent = self._accounts.spent()
            solution = self._plan_on(faces[step], relaxation, self._last, number)
            self._accounts.note(number, spent, "search")
            if solution is None:
                tried, back = step, 2 * back
            else:
                self._best = solution
                reached, back = self._reached_from(step, faces, first), len(faces)
                objective = self._objectives[number]
                self._listener(
                    number, objective.tier, objective.expression.value(solution), self._bounds[number], solution
                )
            step = max((reached + tried) // 2, tried - back)
        return reached

    def _reached_from(self, reached: int, faces: list[Face], first: int) -> int:
        """How many tiers from ``first`` on the plan in hand reaches, given that it reaches so many."""
        while reached < len(faces) - 1 and self._reaches(faces[reached + 1], first + reached):
            reached += 1
        return reached

    def _reaches(self, face: Face, number: int) -> bool:
        """Whether the plan in hand reaches the bound of a tier, given that it reaches those before."""
        objective = self._objectives[number]
        return self._bounds[number] == objective.stated(objective.minimised(self._best)) and face.holds(self._best)

    def _plan_on(
        self, face: Face, relaxation: Relaxation, relaxed: Vector | None, number: int, *, on_the_way: bool = False
    ) -> Vector | None:
        """A plan on a tier's face, or None where there is none or none was found in a fair share of work.

        In a large program more finals must not leave all later ones unplaced, should the run end here: placed tiers
        count together, and the relaxed solution of one of them alone is no plan.
        """
        early = self._large is not None and self._early is not None and number < self._early
        cost = weighted(self._costs(self._early)) if early and self._early else self._objectives[number].cost()
        among = relaxation.inside if self._large is not None else self._used | (self._best > 0)
        asked = Asked(face, among, None if early else relaxed, cost)
        found = plan_on(self._program, asked, self._large, self._budget, first_costs=early, thorough=not on_the_way)
        self._stopped = self._budget.stopped()
        return found

    # ---- one tier on its own ----------------------------------------------------------------------------------
    def _settle(self, relaxation: Relaxation, face: Face, number: int) -> Face:
        """The true optimum of a tier whose relaxed bound no plan was found to reach; fixes it, or "no worse"."""
        objective, spent = self._objectives[number], self._accounts.spent()
        cost = objective.cost()
        if (basis := self._bases[number]) is not None:
            relaxation.begin_from(face, cost, basis)
        relaxed = self._relaxed(relaxation, face, cost)
        relaxed = relaxation.cut(face, cost, relaxed, objective.minimised(self._best), near=self._recalls)
        if relaxed.ending == "stopped":
            self._stopped = self._budget.stopped()
            return face
        if relaxed.ending == "infeasible":
            raise SolverFaultError(f"the relaxation of tier {objective.tier.name} lost the plan in hand")
        tier = OneTier(self._program, objective, self._best, self._budget, self._gap_percent, self._telling(number))
        bound = tier.near_the_bound(face, relaxed, self._used | (self._best > 0) | (relaxed.solution > 0))
        if not tier.is_enough(bound):
            # only what costs no more than the plan in hand is searched (reduced-cost fixing)
            most = objective.minimised(tier.best)
            no_worse = face.reaching(cost, most, relaxed, proved=False)._replace(extra=face.extra)
            bound = tier.everywhere(no_worse, bound)
        self._best, self._stopped = tier.best, self._budget.stopped()
        value = objective.minimised(self._best)
        self._bounds[number] = objective.stated(bound)
        for later in range(number + 1, len(self._objectives)):
            self._bounds[later] = None
        self._accounts.note(number, spent, "search")
        self._listener(number, objective.tier, objective.stated(value), self._bounds[number], self._best)
        return face.reaching(cost, value, relaxed, proved=bound == value)

    def _telling(self, number: int) -> Callable[[int, int, Vector], None]:
        """Told of a tier while it is searched: its value and its bound, minimised, and the plan."""
        objective = self._objectives[number]

        def told(value: int, bound: int, plan: Vector) -> None:
            self._listener(number, objective.tier, objective.stated(value), objective.stated(bound), plan)

        return told

    # ---- what is proved ----------------------------------------------------------------------------------------
    def _forget_bounds_ahead(self, done: int) -> None:
        """A bound found ahead holds if the tiers before reach theirs; where one does not, it says nothing of a plan.

        The first ``done`` tiers are settled: bounds behind them are of what is possible with these as they are.
        """
        reached = True
        for number in range(done, len(self._objectives)):
            if not reached:
                self._bounds[number] = None
            reached = reached and self._bounds[number] == self._objectives[number].expression.value(self._best)

    def _results(self) -> tuple[tuple[TierResult, ...], tuple[TierRun, ...]]:
        bounds = self._known_bounds()
        return self._accounts.results(self._objectives, bounds, self._best, exact=self._gap_percent == 0)
