"""What can be read but hardly meant: named, and the plan goes on."""

from typing import Any

import pytest

from tests.reading.sheets import FULL, issues, sheets

# Today is 21 November 2026.


@pytest.mark.parametrize(
    ("sheet", "cells", "codes"),
    [
        ("Tranches", {"first_day": "2017-01-04"}, {"V426", "V427"}),
        ("Tranches", {"first_day": "2072-01-04", "last_end": None}, {"V427"}),
        ("Tranches", {"first_day": "2026-11-21"}, set()),
        ("Offers", {"earliest_start": "2017-01-04"}, {"V427"}),
        ("Offers", {"received_on": "2027-11-01"}, {"V427"}),
        ("Requests", {"earliest_start": "2037-01-04"}, {"V427"}),
        ("Educators", {"leaves_on": "2017-07-01"}, {"V427"}),
        ("Educators", {"available_from": "2009-07-01"}, set()),
        ("Educators", {"fall_back": "PE1"}, {"V428"}),
        ("Educators", {"fall_back": "PE2"}, set()),
        ("History", {"start": "2062-01-12"}, {"V427"}),
        ("Students", {"waiting_since": "2027-01-12"}, {"V427"}),
    ],
)  # fmt: skip
def test_what_is_hardly_meant(sheet: str, cells: dict[str, Any], codes: set[str]) -> None:
    found = [i for i in issues(sheets(**{sheet: cells})) if i.code in {"V426", "V427", "V428"}]
    assert {i.code for i in found} == codes
    assert {(i.level, i.sheet, i.row) for i in found} <= {("warning", sheet, 2)}


def test_rounds_that_are_past_may_be_long_ago() -> None:
    past = {"tranche": "T9", "first_day": "2019-01-07", "status": "past"}
    assert issues(sheets(Tranches=[*FULL["Tranches"], past])) == ()
