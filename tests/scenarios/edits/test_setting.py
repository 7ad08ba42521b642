"""Cells set: in which rows, how values are typed, and what is refused."""

from typing import Any

import pytest

from tests.scenarios.partnership import done, facts, ids, reading, refused, row


def test_cells_of_some_rows_are_typed_anew() -> None:
    made, said = done(
        {"edit": "set", "sheet": "Offers", "where": {"agency": "A"}, "values": {"capacity": 5, "stage": ""}}
    )
    dataset = reading(made).dataset
    assert [(o.capacity, o.stage) for o in dataset.offers] == [
        (5, "either"),
        (5, "either"),
        (1, "either"),
        (5, "either"),
    ]
    assert said == ("3 of 3 on Offers: capacity = 5, stage blank",)


def test_a_part_of_the_rows() -> None:
    # Of three offers of A a half is 1.5, which is 2.
    made, said = done(
        {"edit": "set", "sheet": "Offers", "where": {"agency": "A"}, "values": {"capacity": 7}, "part": "50"}
    )
    assert ids(made, "Offers", "capacity").count(7) == 2
    assert said == ("2 of 3 on Offers: capacity = 7",)


def test_a_cell_that_could_not_be_read_is_read_anew() -> None:
    given = row("Students", "S1", clearance="pased")
    made, _ = done(
        {"edit": "set", "sheet": "Students", "where": {"student": "S1"}, "values": {"clearance": "passed"}},
        Students=given,
    )
    found = reading(made)
    assert found.dataset.request_by_id["S1/first"].set_aside is None
    assert [i.code for i in found.issues] == ["V110"]


@pytest.mark.parametrize(
    ("sheet", "values", "said"),
    [
        ("Offers", {"offer": "N"}, "Offers.offer is what a row is called: no edit sets it."),
        ("Offers", {"agency": ""}, "Offers.agency must be filled."),
        ("Offers", {"agency": "Beta"}, "Offers.agency: 'Beta' is not on Agencies."),
        ("Offers", {"capacity": -1}, "Offers.capacity cannot be -1. Allowed: a whole number from 0 to 1000."),
        ("Offers", {"capacity": [1, 2]}, "Offers.capacity is one value, not several."),
        ("Educators", {"fall_back": "P11"}, "Educators.fall_back: 'P11' is not on Educators. Did you mean 'P1'?"),
    ],
)
def test_what_cannot_be_set(sheet: str, values: dict[str, Any], said: str) -> None:
    assert said in refused({"edit": "set", "sheet": sheet, "values": values})


def test_a_list_is_typed_as_a_list_or_with_semicolons() -> None:
    for typed in (["children", "adults"], "children; adults"):
        dataset = facts({"edit": "set", "sheet": "Offers", "where": {"offer": "O3"}, "values": {"areas": typed}})
        assert dataset.offer_by_id["O3"].areas == ("children", "adults")
