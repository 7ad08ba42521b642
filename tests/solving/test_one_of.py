"""A plan that has at least one of some matches: as good as the best of those in which each is fixed."""

from collections import Counter

import numpy as np

from allocator.solving import Answer, Question, Solver
from models.dataset import Dataset
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import policy
from tests.solving.questions import cases


def worth(answer: Answer) -> tuple[int, ...]:
    """Tiers, the less the better."""
    return tuple(-t.value if t.sense == "max" else t.value for t in answer.plan.tiers)


def unpublished(data: Dataset) -> Dataset:
    """Without published matches: who is fixed elsewhere is freed of one, and otherwise is not."""
    return data.model_copy(update={"published": ()})


def compared(data: Dataset, settings: Policy, luck: np.random.Generator, met: Counter[str]) -> None:
    base = Solver(data, settings)
    base.settle()
    every = [(r, p.offer.offer) for r, pairs in base.eligibility.pairs.items() for p in pairs]
    if base.base.clash is not None or len(every) < 2:
        return
    pairs = tuple(every[i] for i in luck.choice(len(every), min(3, len(every)), replace=False))
    fixed = [base.answer(Question(fixed=((*pair, None),)), name_clash=False) for pair in pairs]
    possible = [worth(answer) for answer in fixed if answer.possible]
    for solver in (base, Solver.of(data, base.base)):  # beside what the plan left, and from the beginning
        found = solver.answer(Question(one_of=pairs), name_clash=False)
        met["clash" if found.plan.clash else "plan"] += 1
        assert (found.plan.clash is None) == bool(possible)
        if possible:
            assert worth(found) == min(possible)
            assert {(m.request, m.offer) for m in found.plan.matches} & set(pairs)
            assert found.check.passed


def test_it_is_the_best_of_those_that_have_each() -> None:
    met = Counter[str]()
    for seed, (data, settings) in enumerate(cases(24, 4)):
        if settings.on("E16"):
            compared(unpublished(data), settings, np.random.default_rng(seed), met)
    assert met["plan"] > 20, met


def test_what_nobody_may_have_is_a_clash() -> None:
    """O9 is none of the offers, and S1 may have O1 alone."""
    base = Solver(b.dataset(**firsts(2)), policy())
    assert base.answer(Question(one_of=(("S1/first", "O9"),)), name_clash=False).plan.clash is not None
    found = base.answer(Question(one_of=(("S1/first", "O9"), ("S1/first", "O1"))), name_clash=False)
    assert [(m.request, m.offer) for m in found.plan.matches] == [("S1/first", "O1")]
