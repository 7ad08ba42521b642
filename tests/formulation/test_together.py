"""Students who are to be together: what the columns mean, and that no relaxed solution is in between."""

import itertools
import random

import numpy as np
import pytest

from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import Linear, Mask, Program
from allocator.formulation.together import Together, add_together
from models.run import Limits


def two_students(conflicts: Mask) -> tuple[Program, Together]:
    """One match at most for each of two students, and what of them may not be together."""
    made = Program()
    ones = made.add_columns(np.ones(conflicts.shape[0]))
    others = made.add_columns(np.ones(conflicts.shape[1]))
    for columns in (ones, others):
        made.add_row(Linear.sum_of(columns), rule="L01", subject="", upper=1)
    return made, add_together(made, "S1", (ones, others), conflicts, rule="L12", subject="D1")


def test_matches_that_conflict_with_the_same_are_one_kind() -> None:
    # S1 has A, A, B and S2 has A, B, B, C: together in A or in B, never in two agencies.
    agencies = np.array(["A", "A", "B"])[:, None], np.array(["A", "B", "B", "C"])
    made, found = two_students(agencies[0] != agencies[1])
    assert [c.tolist() for c in sorted(map(found.one.of_kind, range(2)), key=len)] == [[2], [0, 1]]
    assert sorted(map(len, map(found.other.of_kind, range(3)))) == [1, 1, 2]  # A, C, and both of B
    # A column for A and A and one for B and B. Rows: of four kinds (nothing goes with C), and "both, or one of them"; L01.
    assert (found.both >= 0).sum() == 2
    assert made.columns == 3 + 4 + 2
    assert made.rows == 4 + 1 + 2


@pytest.mark.parametrize("seed", range(30))
def test_the_best_relaxed_solution_is_the_best_of_what_may_be(seed: int) -> None:
    random_ = random.Random(seed)
    shape = random_.randint(2, 5), random_.randint(2, 5)
    conflicts = np.array([[random_.random() < 0.6 for _ in range(shape[1])] for _ in range(shape[0])])
    made, _ = two_students(conflicts)
    face = Face.of(made)
    relaxation = Relaxation(face, Budget(Limits(), None))
    for _ in range(10):
        gains = [[random_.randint(-2, 9) for _ in range(n)] for n in shape]
        cost = np.zeros(made.columns)
        cost[: sum(shape)] = -np.concatenate(gains)
        best = max(
            (0 if i is None else gains[0][i]) + (0 if j is None else gains[1][j])
            for i, j in itertools.product((None, *range(shape[0])), (None, *range(shape[1])))
            if i is None or j is None or not conflicts[i, j]
        )
        assert relaxation.minimise(face, cost).value == pytest.approx(-best)
