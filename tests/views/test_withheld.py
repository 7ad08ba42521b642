"""Small groups are withheld, and none of them follows from what is shown."""

from collections.abc import Mapping, Set

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from allocator.views.withheld import TOTAL, Key, follows, with_totals, withheld


def test_a_small_group_takes_another_of_its_row_and_column_with_it() -> None:
    # Rows P, Q; columns X, Y, Z. The 3 is small. Alone it would be row total 43 less 40, and column total 23 less 20.
    counts: dict[Key, int] = {
        ("P", "X"): 40, ("P", "Y"): 3, ("Q", "X"): 30, ("Q", "Y"): 20, ("P", "Z"): 0, ("Q", "Z"): 50,
    }  # fmt: skip
    # Row P: the only other one is X (0 would say nothing). Column Y: Q's 20. So row Q hides Y alone, and its next
    # smallest goes, X: column X then hides both.
    assert withheld(counts, 10) == {("P", "Y"), ("P", "X"), ("Q", "Y"), ("Q", "X")}


def test_large_groups_and_nobody_are_shown() -> None:
    assert withheld({("P", "X"): 10, ("P", "Y"): 0, ("Q", "X"): 0, ("Q", "Y"): 12}, 10) == frozenset()


def test_a_row_that_is_small_in_all_takes_its_total_with_it() -> None:
    hidden = withheld({("P", "X"): 3, ("Q", "X"): 40, ("R", "X"): 50}, 10)
    # P's 3 and its total 3; of the column and of the totals the next smallest, Q's.
    assert hidden == {("P", "X"), ("P", TOTAL), ("Q", "X"), ("Q", TOTAL)}


NAMES = "PQRS"
TABLES = st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from("WXYZ")), st.integers(0, 30), min_size=1)


@given(TABLES, st.integers(1, 12))
def test_no_small_group_follows_from_the_others(counts: dict[Key, int], smallest: int) -> None:
    table, hidden = with_totals(counts), withheld(counts, smallest)
    assert {key for key, number in table.items() if 0 < number < smallest} <= hidden
    for place in (0, 1):
        for name in {key[place] for key in table}:
            line = [key for key in table if key[place] == name]
            gone = [key for key in line if key in hidden]
            # Nobody who knows all that is shown of a row or column can work out the one that is not, unless all
            # others are nobody.
            alone = len(gone) == 1 and any(table[key] for key in line if key not in gone)
            assert not alone


def test_no_small_cell_follows_from_all_rows_and_columns_together() -> None:
    # Found by the attack below in what two cells for each row and column would be: P2 and S1 are 1 as Q's and R's
    # sums leave no other number, though no row and no column says it alone.
    counts: dict[Key, int] = {
        ("P", "W"): 1, ("P", "X"): 15, ("P", "Y"): 1, ("Q", "W"): 9, ("Q", "X"): 50, ("Q", "Y"): 2, ("R", "W"): 50,
        ("R", "X"): 20, ("R", "Y"): 30, ("S", "W"): 1, ("S", "X"): 10, ("S", "Y"): 30, ("T", "W"): 9, ("T", "Y"): 12,
    }  # fmt: skip
    by_lines = {("P", "W"), ("P", "X"), ("P", "Y"), ("Q", "W"), ("Q", "Y"), ("S", "W"), ("S", "X"), ("T", "W"), ("T", "Y")}  # fmt: skip
    table, hidden = with_totals(counts), withheld(counts, 10)
    assert bounds(table, by_lines, ("S", "W")) == (1, 1)
    assert follows(("S", "W"), table, by_lines)
    assert by_lines < hidden
    low, high = bounds(table, hidden, ("S", "W"))
    assert low < high


def bounds(table: Mapping[Key, int], hidden: Set[Key], key: Key) -> tuple[float, float]:
    """Least and most of a withheld cell for whoever knows all that is shown, and that nobody is never withheld.

    Another way than the one under test: an integer program over the cells that are withheld.
    """
    cells = sorted(hidden)
    equations, sums = [], []
    for place in (0, 1):
        for name in {cell[place] for cell in table}:
            signs = {cell: -1 if cell[1 - place] == TOTAL else 1 for cell in table if cell[place] == name}
            equations.append([signs.get(cell, 0) for cell in cells])
            sums.append(-sum(sign * table[cell] for cell, sign in signs.items() if cell not in hidden))
    found = []
    for sign in (1, -1):
        told = milp(
            [sign * (cell == key) for cell in cells], integrality=[1] * len(cells), bounds=Bounds(1, 10_000),
            constraints=LinearConstraint(np.array(equations), sums, sums),
        )  # fmt: skip
        assert told.fun is not None
        found.append(sign * told.fun)
    return found[0], found[1]


CROWDED = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from("WXY")), st.sampled_from([0, 1, 2, 9, 10, 12, 30]), min_size=6
)


@given(CROWDED)
@settings(max_examples=15)
def test_whoever_solves_for_what_is_withheld_finds_more_than_one_number(counts: dict[Key, int]) -> None:
    table, hidden = with_totals(counts), withheld(counts, 10)
    for key in (key for key, number in table.items() if 0 < number < 10):
        low, high = bounds(table, hidden, key)
        assert follows(key, table, hidden) == (low == high)
        alone = not any(number for cell, number in table.items() if cell not in hidden)
        assert low < high or alone
