"""Cells as people type them: totals and agencies called Total, lists by Alt+Enter, dates of programs, words for none."""

from typing import Any

import pytest

from tests.reading.sheets import FULL, of_code, reading


# ---- lines of totals ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "row",
    [
        {"offer": "O9", "agency": "Total Recovery", "team": "Y"},
        {"agency": "Total Recovery", "team": "Y"},
        {"agency": "Total Recovery", "team": "Y", "capacity": 2},
    ],
)
def test_an_agency_may_be_called_total(row: dict[str, Any]) -> None:
    agencies = [*FULL["Agencies"], {"agency": row["agency"], "social_workers_fte": 12}]
    found = reading(Agencies=agencies, Offers=[*FULL["Offers"], row])
    assert row["agency"] in {o.agency for o in found.dataset.offers}
    assert "V118" not in {i.code for i in found.issues}


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("Offers", {"offer": "Total", "capacity": 5}),
        ("Offers", {"offer": "Total", "agency": 3, "team": "5 teams", "capacity": 5}),
        ("Offers", {"offer": "Total offers: 3", "note": "see below"}),
        ("Students", {"student": "Grand total", "programme": "3"}),
        ("Students", {"student": "Total number of students 3"}),
        ("Agencies", {"agency": "Total", "social_workers_fte": 1810}),
        ("Agencies", {"agency": "Sum of social workers", "social_workers_fte": 1810}),
    ],
)
def test_a_line_of_totals_is_none_of_the_rows(sheet: str, row: dict[str, Any]) -> None:
    found = reading(**{sheet: [*FULL[sheet], row]})
    assert of_code(found.issues, "V118").row == len(FULL[sheet]) + 2
    assert found.dataset.model_copy(update={"issues": ()}) == reading().dataset


# ---- lists -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", ["\n", "\r\n", " \n \n ", ";\n", "\n;", "\u2028"])
def test_a_line_end_within_a_cell_separates(end: str) -> None:
    # Alt+Enter in Excel, as ; does: in every kind of list.
    found = reading(
        Students={"preferred_areas": f"adults{end}children", "excluded": f"B{end}A/X", "ranked_offers": f"O1{end}O2"},
        Offers={"educators": f"PE1{end}PE2", "universities": f"North{end}South"},
        Tranches={"stages": f"first{end}final"},
    ).dataset
    student, offer = found.student_by_id["S1"], found.offer_by_id["O1"]
    assert student.preferred_areas == ("adults", "children")
    assert (student.excluded_agencies, student.excluded_teams) == (("B",), (("A", "X"),))
    assert student.ranked_offers == (("O1",), ("O2",))
    assert [e.pe for e in offer.educators] == ["PE1", "PE2"]
    assert offer.universities == ("North", "South")
    assert found.tranche_by_id["T1"].stages == ("first", "final")


def test_a_line_end_in_a_note_stays() -> None:
    assert reading(Students={"note": "one\ntwo"}).dataset.student_by_id["S1"].note == "one\ntwo"
