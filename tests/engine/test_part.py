"""What is left to decide of a face: open columns, rows that can still bind, and the rest as it is."""

import itertools

import numpy as np
import pytest

from allocator.engine.face import Face
from allocator.engine.part import Part
from allocator.formulation.program import INFINITY, Mask, Rows, Vector
from tests.engine.small import RuleRow, at_most, batch, dense, points, program, random_programs, vector


def fixed(face: Face, **at: int) -> Face:
    """The face with some columns (``c0=1``) at a value."""
    lower, upper = face.lower.copy(), face.upper.copy()
    for name, value in at.items():
        lower[int(name[1:])] = upper[int(name[1:])] = value
    return face._replace(lower=lower, upper=upper)


def rows_of(part: Part) -> list[tuple[list[float], float, float]]:
    """Coefficients and bounds of every row of a part."""
    return list(zip(dense(part.matrix).tolist(), part.row_lower.tolist(), part.row_upper.tolist(), strict=True))


def solutions(part: Part) -> set[tuple[int, ...]]:
    """Every whole point of a part, as a whole solution."""
    if not part.possible:
        return set()
    ranges = (range(int(low), int(high) + 1) for low, high in zip(part.lower, part.upper, strict=True))
    found: set[tuple[int, ...]] = set()
    for values in itertools.product(*ranges):
        activity = part.matrix.summed(vector(*values))
        if np.all(part.row_lower <= activity) and np.all(activity <= part.row_upper):
            found.add(tuple(part.filled(vector(*values)).astype(int).tolist()))
    return found


def test_what_is_fixed_moves_to_the_other_side() -> None:
    # 2a + b + 3c <= 4 with c = 1 is 2a + b <= 1
    part = Part.of(fixed(Face.of(program(3, ({0: 2, 1: 1, 2: 3}, -INFINITY, 4.0))), c2=1))
    assert part.columns.tolist() == [0, 1]
    assert part.rest.tolist() == [0, 0, 1]
    assert rows_of(part) == [([2, 1], -INFINITY, 1)]
    assert part.filled(vector(0, 1)).tolist() == [0, 1, 1]
    assert part.rest.tolist() == [0, 0, 1]  # as it was
    assert solutions(part) == {(0, 0, 1), (0, 1, 1)}


def test_rows_that_can_no_longer_bind_are_left_out() -> None:
    whole = Face.of(program(4, at_most(1, 0, 1), at_most(2, 1, 2, 3)))
    assert len(rows_of(Part.of(whole))) == 2
    # without the first the first row holds by itself, without the third the second does
    assert rows_of(Part.of(fixed(whole, c0=0))) == [([1, 1, 1], -INFINITY, 2)]
    assert Part.of(fixed(whole, c0=0)).rows.tolist() == [1]
    assert rows_of(Part.of(fixed(whole, c2=0))) == [([1, 1, 0], -INFINITY, 1)]
    assert Part.of(fixed(whole, c2=0)).rows.tolist() == [0]
    assert rows_of(Part.of(fixed(whole, c0=0, c2=0))) == []
    assert Part.of(fixed(whole, c0=0, c2=0)).possible


@pytest.mark.parametrize(
    ("row", "at", "possible"),
    [
        (({0: 1, 1: 1}, -INFINITY, 1.0), {"c0": 1, "c1": 1}, False),  # nothing open, and it does not hold
        (({0: 1, 1: 1}, -INFINITY, 1.0), {"c0": 1, "c1": 0}, True),
        (({0: 1, 1: 1}, 2.0, INFINITY), {"c0": 0}, False),  # one is open, and cannot help
        (({0: 1, 1: 1}, 1.0, INFINITY), {"c0": 0}, True),
        (({0: 1, 1: -1}, 1.0, INFINITY), {"c1": 1}, False),  # a - 1 >= 1
        (({0: 1, 1: -1}, -INFINITY, -1.0), {"c0": 1}, False),  # 1 - b <= -1
        (({0: 1, 1: -1}, -INFINITY, -1.0), {"c0": 0}, True),
    ],
)
def test_a_row_that_cannot_hold_makes_the_part_impossible(row: RuleRow, at: dict[str, int], possible: bool) -> None:
    part = Part.of(fixed(Face.of(program(2, row)), **at))
    assert part.possible is possible
    assert bool(solutions(part)) is possible


def test_among_leaves_the_others_at_their_lower_bounds() -> None:
    face = Face.of(program(4, at_most(2, 0, 1, 2, 3)))
    face.lower[1] = 1
    face.upper[1] = 2
    part = Part.of(face, np.array([True, False, True, False]))
    # the second stays at 1, the fourth at 0, and of two places one is left
    assert part.columns.tolist() == [0, 2]
    assert part.rest.tolist() == [0, 1, 0, 0]
    assert rows_of(part) == [([1, 1], -INFINITY, 1)]
    # what is closed is no part, asked for or not
    assert Part.of(fixed(face, c0=0), np.ones(4, dtype=np.bool_)).columns.tolist() == [1, 2, 3]


def test_tiers_are_rows_of_a_part() -> None:
    face = fixed(Face.of(program(3)), c0=1)._replace(
        extra=((vector(2, 3, 4), 5.0, 5.0), (vector(1, 1, 1), -INFINITY, 3.0), (vector(0, 1, 1), -INFINITY, 1.0))
    )
    # 3b + 4c = 5 - 2; b + c <= 2, which always holds; b + c <= 1
    part = Part.of(face)
    assert rows_of(part) == [([3, 4], 3, 3), ([1, 1], -INFINITY, 1)]
    assert solutions(part) == {(1, 1, 0)}


def test_added_rows_count_and_others_that_are_lazy_do_not() -> None:
    face = fixed(Face.of(program(3)), c0=1)
    added = batch({"a": at_most(1, 0, 1), "b": at_most(1, 1, 2), "c": at_most(3, 0, 1, 2)})
    # the first is 1, so the second is 0; of the second and third one; three of three always hold
    assert rows_of(Part.of(face, added=added)) == [([1, 0], -INFINITY, 0), ([1, 1], -INFINITY, 1)]
    assert solutions(Part.of(face, added=added)) == {(1, 0, 0), (1, 0, 1)}
    assert not Part.of(fixed(face, c1=1), added=added).possible
    assert rows_of(Part.of(face)) == rows_of(Part.of(face, added=Rows.none())) == []


def test_nothing_open_is_the_rest() -> None:
    part = Part.of(fixed(Face.of(program(2)), c0=1, c1=0))
    assert (part.columns.tolist(), rows_of(part), part.possible) == ([], [], True)
    assert part.filled(vector()).tolist() == [1, 0]


def drawn(luck: np.random.Generator, face: Face) -> tuple[Face, Mask, Rows, tuple[tuple[Vector, float, float], ...]]:
    """The face with some columns fixed, columns to decide about, lazy rows and a tier."""
    columns = len(face.lower)
    at = {f"c{c}": int(luck.integers(0, 2)) for c in range(columns) if luck.random() < 0.3}
    names = ("a", "b")
    lazy = batch({n: ({c: 1 for c in range(columns) if luck.random() < 0.5}, -INFINITY, 2.0) for n in names})
    tier = luck.integers(-1, 3, size=columns).astype(float), float(luck.integers(0, 3)), 5.0
    return fixed(face, **at), luck.random(columns) < 0.8, lazy, (tier,)


def test_a_part_has_exactly_the_points_of_its_face() -> None:
    luck, found = np.random.default_rng(9), 0
    for made, _ in random_programs(120):
        face, among, lazy, tiers = drawn(luck, Face.of(made))
        face = face._replace(extra=tiers)
        matrix = dense(lazy.matrix(made.columns))
        held = {p for p in points(face) if np.all(matrix @ p <= lazy.upper)}
        assert solutions(Part.of(face, added=lazy)) == held
        others = ~among
        stay = {p for p in held if np.array_equal(np.array(p)[others], face.lower[others])}
        assert solutions(Part.of(face, among, lazy)) == stay
        found += len(stay)
    assert found > 100
