"""The smallest change places the request, and who is said to lose by a fix is who loses by it."""

from collections import Counter
from typing import Any

import pytest

from allocator.pipeline import allocate
from allocator.reasons import Reasons, changes
from allocator.reasons.changes import RESOLVED
from allocator.reasons.lifting import NAMED
from allocator.reasons.lifts import lifted
from allocator.solving import Question, Solver
from models.dataset import Dataset
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import policy
from tests.strategies import generate, larger


def test_the_smallest_change_and_who_loses_by_a_fix() -> None:
    # One place for two: one place more and one PE more place the other; without, whoever has it loses it.
    data = b.dataset(**firsts(2))
    plan = allocate(data, policy()).plan
    [match], [left] = plan.matches, plan.unplaced
    assert left.change is not None
    assert left.change.sentence == (
        "O1 has 1 place more and O1 names one PE more (a PEPS2): then O1 is possible, and nobody else has to move."
    )
    assert left.instead is not None
    assert (left.instead.losers, left.instead.moved) == ((match.request,), ())
    assert left.instead.sentence == f"Fixed to O1: then {match.request} is not placed."


def test_few_requests_are_solved_for_again() -> None:
    # One place for RESOLVED + 3 requests: RESOLVED + 2 are left, all of which a fix would place.
    plan = allocate(b.dataset(**firsts(RESOLVED + 3)), policy()).plan
    assert [u.instead is not None for u in plan.unplaced] == [True] * RESOLVED + [False] * 2


def test_what_is_hard_to_solve_again_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no work for it the first question is not proved, and no other is asked: what is smallest is said still."""
    asked = list[Question]()
    answer = Solver.answer

    def counted(self: Solver, question: Question, *others: Any, **named: Any) -> Any:
        asked.append(question)
        return answer(self, question, *others, **named)

    monkeypatch.setattr(Solver, "answer", counted)
    monkeypatch.setattr(changes, "WORK", 0)
    left = allocate(b.dataset(**firsts(4)), policy()).plan.unplaced
    assert all(u.change is not None and u.instead is None for u in left)
    assert len(asked) == 1


def test_a_run_that_ended_early_says_that_nothing_stands_in_the_way() -> None:
    # In a plan that is proved a request that could simply be added would be placed; in one that left S1 out it is free.
    data = b.dataset()
    solver = Solver(data, policy())
    plan = solver.base.model_copy(update={"matches": (), "stopped": "time limit"})
    [left] = Reasons(solver, plan).unplaced()
    assert (left.code, left.instead) == ("free", None)
    assert left.nearest[0].sentence == "O1 (A, X): no rule stands in the way."
    assert left.nearest[0].who == "the team (fix it there)"


def held(data: Dataset, chosen: Policy, seen: Counter[str]) -> None:
    plan = allocate(data, chosen).plan
    solver = Solver.of(data, plan)
    for left in plan.unplaced:
        if left.change is not None:
            seen["change"] += 1
            named = any(x.kind == "educator" for x in left.change.lifts)
            pe = NAMED.format(left.change.offer) if named else None
            fixed = Question(fixed=((left.request, left.change.offer, pe),))
            answer = solver.answer_for(*fixed.changed(*lifted(data, solver.policy, left.change.lifts)))
            assert answer.plan.clash is None
            assert left.request in answer.gained
            # nobody needs to lose: at least as many are placed as before, and this one
            assert len(answer.plan.matches) > len(plan.matches)
            seen["losers"] += len(answer.lost)
        if left.instead is not None:
            seen["instead"] += 1
            answer = solver.answer(Question(fixed=((left.request, left.instead.offer, None),)))
            assert left.request in answer.gained
            assert set(answer.lost) == set(left.instead.losers)
            at = {m.request: m.offer for m in plan.matches}
            elsewhere = {(m.request, m.offer) for m in answer.plan.matches if at.get(m.request, m.offer) != m.offer}
            assert elsewhere == {(m.request, m.offer) for m in left.instead.moved}


@pytest.mark.parametrize("first", range(1, 61, 20))
def test_tiny_partnerships(first: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(first, first + 20):
        held(*generate(seed), seen)
    assert seen["change"] > 3


@pytest.mark.parametrize("seed", range(1, 7))
def test_larger_partnerships(seed: int) -> None:
    held(*larger(seed), Counter())
