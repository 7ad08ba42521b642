"""Names, e-mail addresses and telephone numbers: refused before anything is stored, and never repeated."""

from typing import Any

import pytest

from allocator.reading.persons import contact_in, initials_of, name_like
from tests.reading.sheets import FULL, issues, of_code, reading, sheets

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


# ---- names of one word -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    ["Mary", "Mary-Jane", "O'Brien", "O\u2019Brien", "d'Souza", "McDonald", "s.smith", "mary.smith2", "Mary_Smith", "Zo\u00eb", "\u738b\u4f1f"],
)  # fmt: skip
def test_a_name_of_one_word_is_asked_about_and_not_repeated(name: str) -> None:
    for sheet, column in (("Students", "student"), ("Educators", "pe"), ("Offers", "offer")):
        row = {**FULL[sheet][0], column: name} | ({"load": 1} if sheet == "Educators" else {})
        issue = of_code(issues(sheets(**{sheet: [*FULL[sheet], row]})), "V145")
        assert (issue.level, issue.sheet, issue.column, issue.row) == ("warning", sheet, column, len(FULL[sheet]) + 2)
        assert name not in issue.model_dump_json()


def test_words_without_a_capital_are_asked_about_where_there_are_several() -> None:
    assert name_like(["mary", "SMITH", "S001"]) == {"mary", "SMITH"}
    assert name_like(["mary", "S001", "S002"]) == set()


def test_each_name_is_asked_about_once_where_it_stands_first() -> None:
    rows = [{**FULL["Students"][0], "student": "Mary"}, *FULL["Students"][1:]]
    published = [{"request": "Mary/first", "offer": "O1", "status": "proposed"}]
    found = issues(sheets(Students=rows, Published=published, Decisions=None))
    assert [(i.sheet, i.row) for i in found if i.code == "V145"] == [("Students", 2)]


@pytest.mark.parametrize(
    "code",
    [
        "S001", "PE7", "K1234567", "north-2", "MSW-A", "alpha", "A", "JS", "MSW", "Student_1", "PE-North-1", "O12",
        "TBC", "own", "university", "EXAMPLE1",
    ],
)  # fmt: skip
def test_a_code_is_not_asked_about(code: str) -> None:
    assert name_like([code, "S001", "S002"]) == set()


def test_an_offer_may_be_called_after_its_team_or_town() -> None:
    for name in ("Croydon", "Croydon North"):
        offer = {**FULL["Offers"][0], "offer": name, "team": "Croydon Duty"}
        assert "V145" not in {i.code for i in issues(sheets(Offers=[*FULL["Offers"], offer]))}
    stranger = {**FULL["Offers"][0], "offer": "Jane Smith"}
    assert of_code(issues(sheets(Offers=[*FULL["Offers"], stranger])), "V145").column == "offer"


def test_our_own_words_beside_one_that_is_none_of_them_are_no_names() -> None:
    decisions = [
        {"decision": "withdraw", "about": about, "offer": "O2", "by": "AB"} for about in ("offer", "Offer", "nobody")
    ]
    assert "V145" not in {i.code for i in issues(sheets(Decisions=decisions))}
