"""What rows that are set aside mean for people stands in words, wherever an input is judged."""

from typing import Any

import pytest

from allocator.views.aside import lost_words
from models.errors import Issue
from tests.reading.sheets import FULL, issues, reading, sheets, with_row


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ()),
        (
            {"Requests": with_row("Requests", 3, student="S1", stage="year 3"), "Students": {"stage": None}},
            ("1 student has no request, so nobody looks for a placement for them (Requests row 3).",),
        ),
        ({"Students": {"clearance": "perhaps"}}, ("1 request cannot be placed (Students row 2).",)),
        (
            {"Offers": with_row("Offers", 3, capacity="many")},
            ("1 offer in a row that is set aside: nobody new is placed there (Offers row 3).",),
        ),
        (
            {"Educators": with_row("Educators", 3, qualification="yes")},
            ("1 PE in a row that is set aside: nobody new is given to them (Educators row 3).",),
        ),
    ],
)  # fmt: skip
def test_who_loses_by_a_row_that_is_set_aside_is_said(changed: dict[str, Any], says: tuple[str, ...]) -> None:
    assert lost_words(issues(sheets(**changed))) == says


def test_many_are_counted_whether_problems_are_told_together_or_each() -> None:
    students = [{**FULL["Students"][0], "student": f"S{n}", "stage": None} for n in range(1, 8)]
    found = reading(Students=students, History=None, Decisions=None, Published=None)  # S2 has rows on Requests
    (together,) = lost_words(found.issues)
    assert together == "6 students have no request, so nobody looks for a placement for them (Students rows 2, 4-8)."
    (each,) = lost_words(found.dataset.issues)  # where no rows are known
    assert each == "6 students have no request, so nobody looks for a placement for them."


def test_a_remark_costs_nobody_anything() -> None:
    assert lost_words([Issue(level="warning", code="V401", message="")]) == ()
