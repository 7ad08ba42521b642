"""What fits is told by its own rows: small rows whose sums are counted here by hand."""

import numpy as np

from allocator.engine.activity import Activity
from allocator.engine.face import Face
from allocator.formulation.program import Linear, Program


def activity(*rows: tuple[tuple[int, ...], float, float]) -> Activity:
    """Four columns of 0 or 1, and rows of (coefficients, lower, upper)."""
    program = Program()
    program.add_columns(np.ones(4))
    for coefficients, lower, upper in rows:
        program.add_row(Linear.of(enumerate(coefficients)), rule="L03", subject="PE1", lower=lower, upper=upper)
    return Activity(Face.written(program))


NOTHING = np.zeros(0, dtype=np.int64)


def test_a_row_that_is_full_fits_nobody_else() -> None:
    # at most two of the first three: with two taken the third does not fit, the fourth is in no row
    here = activity(((1, 1, 1, 0), -np.inf, 2))
    assert [here.fits(column) for column in range(4)] == [True] * 4
    here.take(0, NOTHING).take(1, NOTHING)
    assert [here.fits(2), here.fits(3)] == [False, True]


def test_who_is_closed_leaves_room_and_does_not_fit_again() -> None:
    # 3 a + 2 b + 2 c <= 4 with a at 1 leaves 1, so that neither b nor c fits; with a at 0 both do
    here = activity(((3, 2, 2, 0), -np.inf, 4))
    assert not here.take(0, NOTHING).fits(1)
    here = activity(((3, 2, 2, 0), -np.inf, 4)).take(1, np.array([0]))
    assert [here.fits(0), here.fits(2)] == [False, True]


def test_a_row_of_at_least_needs_what_is_left() -> None:
    # a + b + c - 2 d >= 1 with d at 1 needs all three, so that d does not fit once b is closed
    here = activity(((1, 1, 1, -2), 1, np.inf))
    assert here.take(0, NOTHING).fits(3)
    assert not here.take(2, np.array([1])).fits(3)


def test_what_is_taken_off_makes_room_while_it_is_open() -> None:
    # 2 a - b <= 1 lets a be 1 only while b may be 1
    here = activity(((2, -1, 0, 0), -np.inf, 1))
    assert here.fits(0)
    assert not here.take(2, np.array([1])).fits(0)
