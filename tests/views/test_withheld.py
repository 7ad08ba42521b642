"""Small groups are withheld, and none of them follows from what is shown."""

from hypothesis import given
from hypothesis import strategies as st

from allocator.views.withheld import TOTAL, Key, with_totals, withheld


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
