"""Counts of pools that join with the first match of their group."""

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine.counts import Counts
from allocator.engine.model import formulate
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import policy

# Matches 0 and 1 share counts 3 and 4 (row 0), match 2 has counts 5 and 6 (row 2); row 1 and column 7 are others.
COUNTS = Counts(np.array([0, 0, 1, -1, -1, -1, -1, -1]), np.array([-1, -1, -1, 0, 0, 1, 1, -1]), np.array([0, 2]))


def mask(*columns: int) -> np.ndarray:
    found = np.zeros(8, dtype=np.bool_)
    found[list(columns)] = True
    return found


def test_groups_of_a_model_are_those_with_a_choice() -> None:
    # O1 may have E1 or E2 (elsewhere in the agency): one group of three matches, two counts. O2, of another agency that
    # has nobody else, has no choice.
    data = b.dataset(
        agencies=(b.agency(), b.agency("B")), offers=(b.offer("O1"), b.offer("O2", agency="B", team="Y")),
        educators=(b.educator("E1"), b.educator("E2", team=None), b.educator("E3", employed_by="B", team="Y")),
        **firsts(3),
    )  # fmt: skip
    model = formulate(Eligibility(data, policy()))
    found = Counts.of(model)
    at_first = model.matches.x.offer == 0
    assert np.array_equal(found.of_match[: len(at_first)] == 0, at_first)
    assert np.flatnonzero(found.of_count == 0).tolist() == [len(at_first), len(at_first) + 1]
    [row] = found.row.tolist()
    assert model.program.origins[row] == ("L01", "O1")


def test_a_match_or_a_count_brings_all_counts_of_its_group() -> None:
    assert np.flatnonzero(COUNTS.joined(mask(1))).tolist() == [1, 3, 4]
    assert np.flatnonzero(COUNTS.joined(mask(6))).tolist() == [5, 6]
    assert np.flatnonzero(COUNTS.joined(mask(7))).tolist() == [7]


def test_counts_without_a_match_stay_away() -> None:
    assert np.flatnonzero(COUNTS.beside(mask(0, 5, 6, 7))).tolist() == [0, 3, 4, 7]


def test_a_match_of_a_row_left_out_costs_its_cheapest_count_more() -> None:
    # Row 0 is left out: its cheapest count costs 2, so matches 0 and 1 cost 2 more, counts 2 less, and its price is -2.
    # Row 2 is held: nothing changes there.
    reduced, duals = np.array([-5.0, 1, -1, 2, 3, -4, 4, -7]), np.array([0.0, 9, 8])
    outside = np.array([True, False, False])
    priced, prices = COUNTS.priced(reduced, duals, outside, mask(*range(8)))
    assert priced.tolist() == [-3, 3, -1, 0, 1, -4, 4, -7]
    assert prices.tolist() == [-2, 9, 8]


def test_a_closed_count_is_no_choice() -> None:
    # Count 3 is closed: the cheapest that is open costs 3.
    reduced, outside = np.array([-5.0, 1, -1, 2, 3, -4, 4, -7]), np.array([True, False, False])
    priced, prices = COUNTS.priced(reduced, np.zeros(3), outside, mask(0, 1, 4))
    assert priced[[0, 1, 4]].tolist() == [-2, 4, 0]
    assert prices.tolist() == [-3, 0, 0]
