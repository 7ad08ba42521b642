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
            ("Students without a request, for whom nobody looks for a placement: Requests row 3.",),
        ),
        ({"Students": {"clearance": "perhaps"}}, ("Requests that cannot be placed: Students row 2.",)),
        (
            {"Offers": with_row("Offers", 3, capacity="many")},
            ("Offers at which nobody new is placed: Offers row 3.",),
        ),
        (
            {"Educators": with_row("Educators", 3, qualification="yes")},
            ("PEs to whom nobody new is given: Educators row 3.",),
        ),
    ],
)  # fmt: skip
def test_who_loses_by_a_row_that_is_set_aside_is_said(changed: dict[str, Any], says: tuple[str, ...]) -> None:
    assert lost_words(issues(sheets(**changed))) == says


def test_where_the_only_tranche_is_past_requests_and_offers_are_told_apart() -> None:
    assert lost_words(issues(sheets(Tranches={"status": "past"}))) == (
        "Requests that cannot be placed: Students rows 2, 4.", "Offers at which nobody new is placed: Offers row 2.",
    )  # fmt: skip


def test_of_rows_of_one_offer_no_number_is_said() -> None:
    offer = FULL["Offers"][0]
    (offers,) = [
        words for words in lost_words(issues(sheets(Offers=[*FULL["Offers"], {**offer, "capacity": 7}])))
        if words.startswith("Offers")
    ]  # fmt: skip
    last = len(FULL["Offers"]) + 2
    assert offers == f"Offers at which nobody new is placed: Offers rows 2, {last}."


def test_rows_are_named_whether_problems_are_told_together_or_each() -> None:
    students = [{**FULL["Students"][0], "student": f"S{n}", "stage": None} for n in range(1, 8)]
    found = reading(Students=students, History=None, Decisions=None, Published=None)  # S2 has rows on Requests
    (together,) = lost_words(found.issues)
    assert together == "Students without a request, for whom nobody looks for a placement: Students rows 2, 4-8."
    (each,) = lost_words(found.dataset.issues)  # where no rows are known
    assert each == (
        "Students without a request, for whom nobody looks for a placement: those of rows that are set aside."
    )


def test_a_loss_of_a_whole_sheet_is_said_beside_students_without_a_request() -> None:
    student = Issue(level="set_aside", code="V401", message="", sheet="Students", row=2)
    column = Issue(level="set_aside", code="V108", message="", sheet="Requests")  # of no row: all of them are meant
    assert lost_words([student, column])[1] == "Requests that cannot be placed: those of rows that are set aside."


def test_a_remark_costs_nobody_anything() -> None:
    assert lost_words([Issue(level="warning", code="V401", message="")]) == ()
