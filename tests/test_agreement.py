"""Engine, reference, checker and brute force agree on generated partnerships; the long run is ``tests.agreement``."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from allocator import reference
from allocator.pipeline import allocate
from models.catalogue import JUDGED
from models.dataset import Dataset
from models.policy import Policy
from tests import builders as b
from tests.agreement import compare, run, smallest, values
from tests.brute_force import solve
from tests.generated.consistency import problems
from tests.generated.shrinking import describe, shrink
from tests.strategies import MOST_PLANS, generate, larger, partnerships

CHUNKS, IN_A_CHUNK = 8, 25


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_all_judges_agree_on_generated_partnerships(chunk: int) -> None:
    tally = run(IN_A_CHUNK, 1 + chunk * IN_A_CHUNK)
    assert tally.datasets == IN_A_CHUNK
    assert tally.disagreements == []


# Rows and fields are shrunk by ``smallest``, which takes seconds where shrinking every choice would take minutes.
@settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
@given(partnerships())
def test_all_judges_agree_on_what_hypothesis_finds(case: tuple[Dataset, Policy]) -> None:
    found = compare(*case, random.Random(1))
    assert found == [], smallest(case, found[0], 1, tries=100)


@pytest.mark.parametrize("chunk", range(4))
def test_engine_reference_and_checker_agree_where_there_are_too_many_plans_to_write_down(chunk: int) -> None:
    placed = 0
    for seed in range(1 + 9 * chunk, 10 + 9 * chunk):
        data, policy = larger(seed)
        outcome, solved = allocate(data, policy), reference.solve(data, policy)
        assert (outcome.plan.clash is None) == (solved.status == "optimal"), seed
        if outcome.plan.clash is None:
            assert values(outcome.plan.tiers) == values(solved.tiers) == values(outcome.check.tiers), seed
            assert all(t.proved for t in outcome.plan.tiers), seed
        assert outcome.check.passed or outcome.plan.clash is not None, seed
        placed += len(outcome.plan.matches)
    assert placed > 22


@pytest.mark.parametrize("make", [generate, larger])
def test_generated_partnerships_are_as_reading_leaves_them(make: Callable[[int], tuple[Dataset, Policy]]) -> None:
    assert [(seed, problems(make(seed)[0])) for seed in range(300) if problems(make(seed)[0])] == []


def test_generated_partnerships_exercise_every_rule_and_both_ends() -> None:
    # L01 holds by construction (a plan of the brute force gives each request one offer and one PE); every other rule
    # excludes something, or alone makes some plan illegal, in one of these.
    met: set[str] = set()
    statuses: set[str] = set()
    placed: set[int] = set()
    for seed in range(1, 401):
        found = solve(*generate(seed))
        met |= found.excluding | found.binding
        statuses.add(found.status)
        placed.add(len(found.best))
        assert found.plan_count <= MOST_PLANS
    assert set(JUDGED) - met == {"L01"}
    assert statuses == {"optimal", "clash"}
    assert placed >= {0, 1, 2, 3, 4}


def test_equal_seeds_give_equal_partnerships() -> None:
    first, second = generate.__wrapped__(7), generate.__wrapped__(7)  # each drawn, none remembered
    assert first == second
    assert first[0].digest != generate(8)[0].digest


def test_shrinking_leaves_only_what_the_fault_needs() -> None:
    # The "fault" is a PE of load 2: of two students, two requests, two PEs and one setting only that PE is left.
    data = b.dataset(
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request("S1/first"), b.request("S2/first")),
        educators=(b.educator("E1", load=1), b.educator("E2", load=2)),
        agencies=(b.agency(maximum_at_once=3),),
    )

    def fails(dataset: Dataset, policy: Policy) -> bool:
        return any(e.load == 2 for e in dataset.educators)

    small, policy = shrink((data, Policy(placed_total=True)), fails, tries=200)
    assert [e.pe for e in small.educators] == ["E2"]
    assert (small.students, small.requests, small.offers, small.travel) == ((), (), (), ())
    assert policy == Policy()
    assert "load=Decimal('2')" in describe(small, policy)
