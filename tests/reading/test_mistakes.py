"""What one typing error must not do: move a student who was told, look like success, or be named by a wrong cause."""

from typing import Any

import pytest

from models.errors import Issue
from tests.reading.sheets import FULL, issues, of_code, reading, sheets


def with_row(sheet: str, row: int, **cells: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, one of them (as the user counts: the first is 2) changed."""
    rows = [dict(r) for r in FULL[sheet]]
    rows[row - 2].update(cells)
    return rows


def about(found: tuple[Issue, ...], subject: str) -> list[str]:
    return [i.code for i in found if i.subject == subject]


# ---- who has no request, and why ---------------------------------------------------------------------------------
def test_an_unreadable_stage_is_named_as_the_cause() -> None:
    found = of_code(issues(sheets(Students={"stage": "fisrt"})), "V401")
    assert found.message == "S1 has no request, since its stage 'fisrt' cannot be read, so nothing is looked for."
    blank = of_code(issues(sheets(Students={"stage": None})), "V401")
    assert blank.message == "S1 has no request, so nothing is looked for."


def test_a_stage_that_no_tranche_takes_is_not_called_blank() -> None:
    # S1's first and S3's final stand on Students; T1, the tranche being decided, takes firsts only: S3 has its message.
    found = issues(sheets(Tranches={"stages": "first"}))
    assert about(found, "S3/final")[0] == "V411"
    assert "V401" not in {i.code for i in found}


def test_a_row_on_requests_with_an_unreadable_stage_has_its_own_message() -> None:
    found = issues(sheets(Requests=[{"student": "S2", "stage": "fisrt"}]))
    assert of_code(found, "V202").level == "set_aside"
    assert "V401" not in {i.code for i in found}


# ---- numbers for blank ids ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"Published": [{"request": "S4/first", "offer": "O1", "status": "confirmed"}]},
        {"Published": [{"request": "s4/first/2", "offer": "O1", "status": "confirmed"}]},
        {"History": [{"student": "S4", "stage": "first"}]},
        {"Decisions": [{"decision": "withdraw", "about": "S4"}]},
        {"Decisions": [{"decision": "fix", "request": "S4/first", "offer": "O1"}]},
        {"Requests": [{"student": "S4", "stage": "first"}]},
        {"Offers": with_row("Offers", 2, reserved_for="S4")},
    ],
)
def test_a_blank_id_never_takes_one_that_is_used_elsewhere(elsewhere: dict[str, Any]) -> None:
    # S1 to S3 are there and S4 is somebody who left: the nameless row becomes S5.
    nameless = {k: v for k, v in FULL["Students"][0].items() if k != "student"}
    dataset = reading(Students=[*FULL["Students"], nameless], **elsewhere).dataset
    assert [s.student for s in dataset.students] == ["S1", "S2", "S3", "S5"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"Students": with_row("Students", 2, ranked_offers="O1 > O4=O5")},
        {
            "Published": [
                {"request": "S3/final", "offer": "O1", "pe": "TBC PEPS2@O4"},
                {"request": "S1/first", "offer": "O5"},
            ]
        },
    ],
)
def test_nor_does_a_blank_offer(elsewhere: dict[str, Any]) -> None:
    dataset = reading(Offers=[*FULL["Offers"], {"agency": "A", "team": "X"}], **elsewhere).dataset
    assert [o.offer for o in dataset.offers] == ["O1", "O2", "O3", "O6"]


def test_nor_does_a_blank_educator() -> None:
    rows = [*FULL["Educators"], {"employed_by": "A", "team": "X", "qualification": "PEPS2"}]
    rows[1] = {**rows[1], "practice_assessor": "PE3"}
    dataset = reading(Educators=rows, Offers=with_row("Offers", 2, educators="PE1; pe4")).dataset
    assert [e.pe for e in dataset.educators] == ["PE1", "PE2", "PE5"]


# ---- one cell, one message ---------------------------------------------------------------------------------------
def test_an_unreadable_status_has_one_message_which_says_that_the_match_is_kept() -> None:
    found = reading(Published={"status": "conf"})
    (issue,) = found.issues
    assert (issue.code, issue.subject) == ("V202", "S3/final")
    assert "so the match is kept as it is (nobody moves by a typing error)" in issue.message
    assert found.dataset.published_by_request["S3/final"].standing == "kept"


def test_a_place_without_coordinates_asks_for_rows_that_can_be_typed() -> None:
    remedy = of_code(issues(sheets(Students={"home": "KT1"})), "V407").remedy
    assert remedy == "Add a row to Places (place, latitude, longitude), or a measured row to Travel."
