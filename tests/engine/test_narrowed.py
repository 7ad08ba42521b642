"""A solved model asked again: every answer is that of a model that was made with the decisions."""

from collections import Counter

import pytest

from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget
from allocator.engine.engine import EngineResult, solve, solve_narrowed
from allocator.engine.narrowed import Narrowing
from allocator.solving import Question
from models.dataset import Dataset
from models.policy import Policy
from models.run import Limits
from tests import builders as b
from tests.rules.case import decision, policy
from tests.solving.questions import cases, questions


def free() -> Budget:
    return Budget(Limits(), None)


def solved(data: Dataset, settings: Policy) -> EngineResult:
    return solve(Eligibility(data, settings), free(), lambda *_: None, lambda *_: None)


def narrowing(result: EngineResult, question: Question) -> Narrowing | None:
    assert result.settled is not None
    return Narrowing.of(result.settled.model, question.fixed, question.forbidden)


@pytest.mark.untraced
def test_answers_are_those_of_a_model_with_the_decisions() -> None:
    met = Counter[str]()
    for seed, (data, settings) in enumerate(cases(48, 8)):
        base = solved(data, settings)
        if base.settled is None:
            met["changes are limited, or nothing was proved tier by tier"] += 1
            continue
        for question in questions(data, settings, base.choices, seed):
            asked = narrowing(base, question) if question.narrows else None
            if asked is None:
                continue
            changed = Eligibility(*question.changed(data, settings))
            found = solve_narrowed(changed, base.settled, asked, free())
            cold = solve(changed, free(), lambda *_: None, lambda *_: None)
            if found is None:
                met["not told"] += 1
                continue
            assert (found.tiers, found.choices) == (cold.tiers, cold.choices), (seed, question)
            same = found.tiers == base.tiers
            met["same tiers" if same else "other tiers"] += 1
            met["PE"] += any(pe for _, _, pe in question.fixed)
    assert met["same tiers"] > 10, met
    assert met["other tiers"] > 20, met
    assert met["PE"] > 3, met


def two_students(**parts: object) -> EngineResult:
    names = {"students": (b.student("S1"), b.student("S2")), "requests": (b.request("S1/first"), b.request("S2/first"))}
    return solved(b.dataset(**names | parts), policy())


def test_what_decisions_change_besides_bounds_is_not_answered_here() -> None:
    result = two_students()
    fixed = Question(fixed=(("S1/first", "O1", None),))
    assert narrowing(result, fixed) is not None
    assert narrowing(result, Question(fixed=(("S1/first", "O2", None),))) is None  # no such pair
    assert narrowing(result, Question(fixed=(("S1/first", "O1", "E2"),))) is None  # no such PE
    assert narrowing(result, Question(fixed=(("S1/first", "O1", "E1"), ("S2/first", "O1", "E1")))) is None  # two PEs
    decided = two_students(decisions=(decision("fix", "D1", request="S1/first", offer="O1"),))
    assert narrowing(decided, fixed) is None  # it would take the place of another fix
    equal = two_students(offers=(b.offer("O1"), b.offer("O2")), educators=(b.educator(load=2),))
    assert equal.settled is None  # two offers are one here


def test_what_cannot_hold_together_has_no_answer_here() -> None:
    result = two_students()
    both = narrowing(result, Question(fixed=(("S1/first", "O1", None), ("S2/first", "O1", None))))
    assert both is not None
    assert result.settled is not None
    assert result.settled.search(both, free()) is None


def test_a_plan_that_is_not_the_only_one_has_no_answer_here() -> None:
    """One place for any of three, of whom one may not have it: the draw tells who of the others does."""
    names = [f"S{i}" for i in range(1, 4)]
    data = b.dataset(
        students=tuple(b.student(s) for s in names), requests=tuple(b.request(f"{s}/first") for s in names)
    )
    without_third = Question(forbidden=(("S3/first", None),))
    for settings, told in ((policy(), True), (policy(tiers=("placed",)), False)):
        result = solved(data, settings)
        asked = narrowing(result, without_third)
        assert asked is not None
        assert result.settled is not None
        assert (result.settled.search(asked, free()) is not None) == told
