"""Numbers of cells that are multiplied."""

from decimal import Decimal
from typing import Any

from tests.scenarios.partnership import ROWS, done, reading, refused, row


def test_a_number_is_multiplied_to_the_nearest_whole() -> None:
    # Capacities 1 (blank), 2, 1 (blank), 3 times 1.5: 1.5, 3, 1.5 and 4.5, halves up. A least number that is blank is none.
    made, said = done(
        {"edit": "set", "sheet": "Offers", "values": {"capacity": "* 1.5", "minimum": "* 2"}},
        Offers=row("Offers", "O4", capacity=3),
    )
    assert [(o.capacity, o.minimum) for o in reading(made).dataset.offers] == [
        (2, None),
        (3, None),
        (2, None),
        (5, None),
    ]
    assert said == (
        "4 of 4 on Offers: capacity = '* 1.5', minimum = '* 2'; 4 of them without a number in minimum, as before",
    )
    assert "Offers.stage is no number" in refused({"edit": "set", "sheet": "Offers", "values": {"stage": "* 2"}})


def test_a_decimal_that_is_multiplied_keeps_its_decimals() -> None:
    # Loads 1.5, 2 and 3 times 0.5: 0.75, 1 and 1.5; to the nearest whole, halves up: 1, 1 and 2. P4's is blank, and its
    # meaning no number: it stays. 2.5 and 4 days a week times 0.8: 2 and 3.2.
    loads, days = (1.5, 2, 3, None), (2.5, 4, 2.5, 4)
    pes = [dict(one) | ({"load": n} if n else {}) for one, n in zip(ROWS["Educators"], loads, strict=True)]
    rows: dict[str, Any] = {
        "Educators": pes,
        "Offers": [dict(one) | {"days_a_week": n} for one, n in zip(ROWS["Offers"], days, strict=True)],
    }
    half = {"edit": "set", "sheet": "Educators", "values": {"load": "* 0.5"}}
    made, said = done(half, **rows)
    assert [row.get("load") for row in made.pages["Educators"].rows] == [Decimal("0.75"), 1, Decimal("1.5"), None]
    assert said == ("4 of 4 on Educators: load = '* 0.5'; 1 of them without a number in load, as before",)
    made, _ = done(half | {"values": {"load": "* 0.5 whole"}}, **rows)
    assert [row.get("load") for row in made.pages["Educators"].rows] == [1, 1, 2, None]
    made, _ = done({"edit": "set", "sheet": "Offers", "values": {"days_a_week": "* 0.8"}}, **rows)
    assert [row.get("days_a_week") for row in made.pages["Offers"].rows] == [2, Decimal("3.2"), 2, Decimal("3.2")]


def test_nothing_is_multiplied_in_a_new_row() -> None:
    values = {"agency": "A", "team": "X", "capacity": "* 2"}
    assert "Offers.capacity: '* 2' multiplies what a cell holds, and a new row holds nothing" in refused(
        {"edit": "add", "sheet": "Offers", "values": values}
    )
