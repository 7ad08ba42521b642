"""Faces on which hardly anything is left to decide, as in a repair: what is fixed costs nothing and loses nothing."""

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine.clash import ClashFinder
from allocator.engine.dive import Dive
from allocator.engine.face import Face
from allocator.engine.model import formulate
from allocator.engine.relaxation import Relaxation
from models.errors import SolverFaultError
from tests import builders as b
from tests.engine.small import at_most, free, program, vector
from tests.rules.case import policy


def test_a_program_whose_columns_are_all_0_is_not_optimal_when_its_rows_ask_for_more() -> None:
    # The second of two has to be 1 (2 <= a + 2b) and may not be (both 0): no solution, with no column left to solve.
    made = program(2, ({0: 1, 1: 2}, 2.0, 2.0))
    face = Face.of(made)._replace(lower=vector(0, 0), upper=vector(0, 0))
    cost = vector(1, 1)
    assert Relaxation(face, free()).minimise(face, cost).ending == "infeasible"
    assert Dive(face, np.ones(2, dtype=np.bool_), np.arange(2), free()).plan(cost) is None


def test_a_tier_that_is_reached_fixes_what_rows_then_imply() -> None:
    # a + b <= 1 and b + c = 1: most of a is 1, so b is 0, so c is 1; the reduced costs alone do not say so of c.
    made = program(3, at_most(1, 0, 1), ({1: 1, 2: 1}, 1.0, 1.0))
    face, cost = Face.of(made), vector(-1, 0, 0)
    reached = face.reaching(cost, -1, Relaxation(face, free()).minimise(face, cost))
    assert reached.lower.tolist() == reached.upper.tolist() == [1, 0, 1]


def test_a_clash_finder_that_is_given_no_clash_says_so() -> None:
    model = formulate(Eligibility(b.dataset(), policy())).matches
    with pytest.raises(SolverFaultError, match="every row can hold"):
        ClashFinder(model, free()).find()
