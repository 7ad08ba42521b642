"""The warm handle: one object per dataset and policy that solves it, and answers changed questions about it."""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple, Self

from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget
from allocator.engine.carried import Carried
from allocator.engine.engine import Choice, EngineResult, TierListener, solve
from allocator.engine.forced import Forced
from allocator.engine.recalled import Memory
from allocator.garbage import NEW_OBJECTS, searched_every
from allocator.solving.plans import checked, plan_of, plan_on_the_way
from allocator.solving.question import Question
from models.base import Date
from models.dataset import Dataset
from models.plan import CheckReport, Match, Plan
from models.policy import Policy
from models.run import Limits, StopSignal


class Solved(NamedTuple):
    """A plan whose unplaced requests have no reasons yet, and what it cost; not yet checked."""

    plan: Plan
    result: EngineResult


class Answer(NamedTuple):
    """The plan of a changed partnership, checked, beside the plan that it is compared with.

    ``dataset`` and ``policy`` are the changed ones. With a clash in ``plan`` there are no matches: what was asked
    cannot be. ``asked`` are the requests for which a match was. Reasons of unplaced requests are not looked for.
    """

    dataset: Dataset
    policy: Policy
    plan: Plan
    check: CheckReport
    base: Plan
    asked: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether every tier is proved, or that there is no plan."""
        return self.plan.stopped is None and all(t.proved for t in self.plan.tiers)

    @property
    def possible(self) -> bool:
        """Whether there is a plan, and it has every fix that the base has or the question asks for."""
        still = set(self.base.fixes_set_aside) - set(self.asked)
        return self.plan.clash is None and set(self.plan.fixes_set_aside) <= still

    @property
    def gained(self) -> tuple[str, ...]:
        """Requests that are placed now, and were not."""
        return _without(self.plan, self.base)

    @property
    def lost(self) -> tuple[str, ...]:
        """Requests that were placed, and are not now."""
        return _without(self.base, self.plan)


def _dated(policy: Policy) -> Policy:
    return policy if policy.as_of else policy.model_copy(update={"as_of": Date.today()})


def _without(plan: Plan, other: Plan) -> tuple[str, ...]:
    there = {m.request for m in other.matches}
    return tuple(m.request for m in plan.matches if m.request not in there)


class Solver:
    """Solves a dataset under a policy, and keeps what helps to answer questions about it.

    Parameters
    ----------
    dataset, policy
        What was read; a blank ``as_of`` becomes the day of the run.
    """

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        self.policy = _dated(policy)
        self._base: Plan | None = None
        self._held: tuple[Plan, CheckReport] | None = None
        self._proof: Carried | None = None
        self._solved = False
        self._memory: Memory | None = None
        self._made: tuple[Match, ...] = ()
        self._made_before: tuple[Match, ...] = ()

    @classmethod
    def of(cls, dataset: Dataset, plan: Plan, eligibility: Eligibility | None = None) -> Self:
        """A solver that begins with a plan of its dataset, made before under the policy that it states.

        ``eligibility`` is that of the dataset under the policy, where it is known.
        """
        made = cls(dataset, plan.policy) if eligibility is None else cls.on(eligibility)
        made._base = plan
        return made

    @classmethod
    def on(cls, eligibility: Eligibility) -> Self:
        """A solver of a dataset and policy whose pairs and PEs are known."""
        made = cls(eligibility.dataset, eligibility.policy)
        made.__dict__["eligibility"] = eligibility
        return made

    @cached_property
    def eligibility(self) -> Eligibility:
        """Candidate pairs and PEs."""
        return Eligibility(self.dataset, self.policy)

    @searched_every(NEW_OBJECTS)
    def solve(
        self,
        budget: Budget | None = None,
        *,
        told: TierListener | None = None,
        keep: Callable[[Plan], None] | None = None,
        gap_percent: float = 0.0,
        start: Plan | None = None,
        memory: Memory | None = None,
        name_clash: bool = True,
        one_of: tuple[tuple[str, str], ...] = (),
    ) -> Solved:
        """The best plan.

        Parameters
        ----------
        budget
            Limits and stop signal; default: until every tier is proved.
        told
            Told of every tier's value and bound.
        keep
            Given the first plan and every better one on the way, not yet checked.
        gap_percent
            A tier within this gap counts as done; 0: proved.
        start
            A plan to begin with; default: what is published and in force.
        memory
            What a solver of a dataset and policy near these keeps.
        name_clash
            Whether the members of a clash are looked for, where there is no plan; else it has none.
        one_of
            As of :class:`~allocator.solving.question.Question`.
        """

        def on_the_way(choices: tuple[Choice, ...], forced: Forced | None) -> None:
            assert keep is not None
            keep(plan_on_the_way(self.eligibility, choices, forced))

        in_hand = None if start is None else {m.request: (m.offer, m.pe) for m in start.matches}
        result = solve(
            self.eligibility, budget or Budget(Limits(), None), told or (lambda *_: None),
            None if keep is None else on_the_way, gap_percent, in_hand, memory, name_clash=name_clash, one_of=one_of,
        )  # fmt: skip
        plan = plan_of(self.eligibility, result, self._made_before)
        self._made = plan.matches
        self._base, self._memory, self._held = plan, result.memory, None
        self._proof = result.memory and result.memory.carried
        self._solved = result.stopped is None
        return Solved(plan, result)

    @property
    def base(self) -> Plan:
        """The plan that answers are compared with; it is solved for when nothing was solved before."""
        if self._base is None:
            self.solve()
        assert self._base is not None
        return self._base

    @property
    def held(self) -> tuple[Plan, CheckReport]:
        """The base with what its kept matches break, and the independent check of it, made once."""
        if self._held is None:
            self._held = checked(self.dataset, self.policy, self.base)
        return self._held

    def settle(self, stop: StopSignal | None = None) -> None:
        """Have at hand what the proof of the base leaves: where the base came from elsewhere, it is solved for once.

        Nothing is at hand afterwards where published changes are limited, or where the search was stopped.

        Parameters
        ----------
        stop
            Ends it.
        """
        base, held, memory = self.base, self._held, self._memory
        limited = self.policy.max_changes is not None and self.eligibility.horizon.has_published
        if self._proof is not None or self._solved or limited:
            return
        self.solve(Budget(Limits(), stop), start=self._start(base), name_clash=False)
        if self._base is None or self._base.matches != base.matches:
            self._proof = None
        self._base, self._held, self._memory = base, held, self._memory or memory

    @property
    def has_memory(self) -> bool:
        """Whether solving has left what answers begin with."""
        return self._memory is not None

    def remember(self, other: "Solver") -> None:
        """Take over what solving a dataset and policy near these has left; it tells how long answers take, and none."""
        self._memory = self._memory or other._memory

    def loses_at(self, request: str, offer: str) -> int | None:
        """The number of the first tier that is known to be worse with a match; None: nothing is known of it."""
        _ = self.base
        return None if self._proof is None else self._proof.loses_at(request, offer)

    def answer(
        self, question: Question, limits: Limits | None = None, stop: StopSignal | None = None, *,
        name_clash: bool = True,
    ) -> Answer:  # fmt: skip
        """The plan with some rows or numbers changed.

        Parameters
        ----------
        question
            What is changed.
        limits, stop
            When to stop with the best plan so far; then ``proved`` is False.
        name_clash
            Whether the members of a clash are looked for, where there is no plan; else it has none.
        """
        return self.asked(question, limits, stop, name_clash=name_clash)[1]

    @searched_every(NEW_OBJECTS)
    def asked(
        self, question: Question, limits: Limits | None = None, stop: StopSignal | None = None, *,
        name_clash: bool = True, before: "Solver | None" = None,
    ) -> tuple["Solver", Answer]:  # fmt: skip
        """A solver of what is asked, and :meth:`answer` to it.

        Parameters
        ----------
        question, limits, stop, name_clash
            As for :meth:`answer`.
        before
            Of a question that allows every plan that this one does: what it left is nearer than what this one has.
        """
        near, limits, base = self._near(*question.changed(self.dataset, self.policy)), limits or Limits(), self.base
        memory = (before and before._memory) or self._memory
        solved = near.solve(
            Budget(limits, stop), gap_percent=limits.gap_percent, start=near._start(base), memory=memory,
            name_clash=name_clash, one_of=question.one_of,
        )  # fmt: skip
        return near, self._answered(near, solved.plan, tuple(request for request, _, _ in question.fixed))

    def answer_for(
        self, dataset: Dataset, policy: Policy, limits: Limits | None = None, stop: StopSignal | None = None,
        start: Plan | None = None, told: TierListener | None = None,
    ) -> Answer:  # fmt: skip
        """The plan of another dataset or policy near these: rows changed, added or left out.

        Parameters
        ----------
        dataset, policy
            The changed ones.
        limits, stop
            When to stop with the best plan so far; then ``proved`` is False.
        start
            A plan that is nearer than the base's.
        told
            Told of every tier's value and bound.
        """
        return self.beside(dataset, policy, limits, stop, start, told)[1]

    @searched_every(NEW_OBJECTS)
    def beside(
        self, dataset: Dataset, policy: Policy, limits: Limits | None = None, stop: StopSignal | None = None,
        start: Plan | None = None, told: TierListener | None = None,
    ) -> tuple["Solver", Answer]:  # fmt: skip
        """A solver of another dataset or policy near these, which begins with its plan; and :meth:`answer_for` them.

        Parameters
        ----------
        dataset, policy, limits, stop, start, told
            As for :meth:`answer_for`.
        """
        near, limits = self._near(dataset, policy), limits or Limits()
        start = near._start(start or self.base)
        solved = near.solve(
            Budget(limits, stop), told=told, gap_percent=limits.gap_percent, start=start, memory=self._memory
        )
        self.remember(near)
        answer = self._answered(near, solved.plan)
        near._held = answer.plan, answer.check
        return near, answer

    def _near(self, dataset: Dataset, policy: Policy) -> "Solver":
        near = Solver.on(self.eligibility.near(dataset, _dated(policy)))
        near._made_before = self._made
        return near

    def _start(self, base: Plan) -> Plan | None:
        """What to begin with: without a draw plans may be equally good, and the beginning tells which is found."""
        return base if "lottery" in self.policy.tiers else None

    def _answered(self, near: "Solver", plan: Plan, asked: tuple[str, ...] = ()) -> Answer:
        plan, report = checked(near.dataset, near.policy, plan)
        return Answer(near.dataset, near.policy, plan, report, self.base, asked)
