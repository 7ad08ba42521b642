"""Names, e-mail addresses and telephone numbers: refused before anything is stored, and never repeated."""

from typing import Any

import pytest

from allocator.reading.persons import contact_in, initials_of
from tests.reading.sheets import FULL, issues, reading, sheets

SECRETS = ("Jane Smith", "Smith, Jane", "jane.smith@example.org", "07700 900123", "+44 7700 900123", "(020) 7946 0018")


def with_row(sheet: str, **cells: Any) -> list[dict[str, Any]]:
    return [{**FULL[sheet][0], **cells}, *(dict(row) for row in FULL[sheet][1:])]


@pytest.mark.parametrize("text", SECRETS)
@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("Students", "student"), ("Educators", "pe"), ("Educators", "practice_assessor"), ("Offers", "educators"),
        ("Requests", "student"), ("History", "student"), ("History", "pe"), ("Decisions", "pe"), ("Published", "pe"),
        ("Published", "request"),
    ],
)  # fmt: skip
def test_no_id_is_a_person(sheet: str, column: str, text: str) -> None:
    found = issues(sheets(**{sheet: with_row(sheet, **{column: f" {text} "})}))
    assert {"V140", "V141"} & {i.code for i in found if i.level == "stop"}
    said = "".join(i.model_dump_json() for i in found)
    assert text not in said
    assert "Jane" not in said


@pytest.mark.parametrize("text", SECRETS[2:])
@pytest.mark.parametrize(
    ("sheet", "column"), [("Students", "note"), ("Decisions", "by"), ("Decisions", "why"), ("Offers", "offer"), ("Offers", "capacity"), ("Agencies", "name")]
)  # fmt: skip
def test_contact_details_are_refused_wherever_they_stand(sheet: str, column: str, text: str) -> None:
    found = issues(sheets(**{sheet: with_row(sheet, **{column: f"see {text} first"})}))
    assert [i.code for i in found if i.level == "stop"] == ["V140"]
    assert text not in "".join(i.model_dump_json() for i in found)


def test_names_are_left_out_of_roles_and_notes() -> None:
    found = reading(Decisions={"by": "Jane Smith "}, Students={"note": "as Dr Jones said"})
    assert (found.dataset.decisions[0].by, found.dataset.student_by_id["S1"].note) == ("JS", None)
    stored = found.dataset.model_dump_json() + "".join(i.model_dump_json() for i in found.issues)
    assert "Jane" not in stored
    assert "Jones" not in stored


@pytest.mark.parametrize(
    "text",
    [
        "S001", "PE 12", "S-1/first", "TBC PEPS2@O4", "TBC", "own trainee_1", "PE needed", "To be named", "EXAMPLE1", "Placements Lead", "Head of Service",
        "JS", "J S", "AB", "K1234567", "201912345678", "Team Manager", "2027-01-04 to 2027-07-30", "04.01.2027 - 30.07.2027", "0.5", "O12 > O7 = O9",
        "practice consultant", "CR0", "100 days from 04/01/2027",
    ],
)  # fmt: skip
def test_references_roles_and_dates_are_nobody(text: str) -> None:
    assert contact_in(text) is None
    assert initials_of(text) is None
