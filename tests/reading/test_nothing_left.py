"""Nothing to do is no success: what leaves nothing to plan stops."""

from pathlib import Path
from typing import Any

import pytest

from allocator.intake import read
from models.errors import InputUnusableError
from tests.reading.sheets import FULL, TODAY, all_of, issues, reading, sheets, write_rows


def stops(given: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(i.code, i.sheet, i.message) for i in issues(given) if i.level == "stop"]


@pytest.mark.parametrize("name", ["Tranches", "Students", "Offers"])
def test_a_blank_sheet_that_everybody_needs_stops(name: str, tmp_path: Path) -> None:
    assert stops(sheets(**{name: []})) == [("V130", name, "The sheet is blank.")]
    book = write_rows(tmp_path / "partnership.xlsx", sheets())
    del book[name]
    book.create_sheet(name)
    book.save(tmp_path / "partnership.xlsx")
    with pytest.raises(InputUnusableError) as raised:
        read(tmp_path / "partnership.xlsx", today=TODAY)
    assert [i.code for i in raised.value.issues if i.level == "stop"] == ["V130"]


def test_a_csv_of_no_bytes_stops(tmp_path: Path) -> None:
    for name, text in {
        "Tranches": "tranche,first_day\nT1,2027-01-04\n",
        "Students": "",
        "Offers": "agency,team,place,areas\nA,X,CR0,adults\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text)
    with pytest.raises(InputUnusableError) as raised:
        read(tmp_path, today=TODAY)
    assert [(i.code, i.sheet) for i in raised.value.issues if i.level == "stop"] == [("V130", "Students")]


@pytest.mark.parametrize(
    ("changed", "sheet", "words"),
    [
        ({"Tranches": all_of("Tranches", status="past")}, "Tranches", "Every tranche is past"),
        ({"Tranches": all_of("Tranches", first_day="01/13/2027")}, "Tranches", "No row of Tranches can be used"),
        ({"Tranches": all_of("Tranches", first_day=None)}, "Tranches", "No row of Tranches can be used"),
        ({"Students": all_of("Students", home=None)}, "Students", "No row of Students can be used"),
        ({"Students": all_of("Students", student="not known")}, "Students", "No row of Students can be used"),
        ({"Students": all_of("Students", stage="year 1"), "Requests": None}, "Students", "No student has a request"),
        (
            {"Requests": all_of("Requests", student="S9"), "Students": all_of("Students", stage=None)},
            "Requests",
            "No student has a request",
        ),
        ({"Offers": all_of("Offers", agency=None)}, "Offers", "No row of Offers can be used"),
        ({"Offers": all_of("Offers", offer="O1")}, "Offers", "No row of Offers can be used"),
    ],
)
def test_nothing_left_to_plan_stops(changed: dict[str, Any], sheet: str, words: str) -> None:
    assert stops(sheets(**changed)) == [("V131", sheet, f"{words}, so there is nothing to plan.")]


def test_without_a_tranche_the_rows_are_not_blamed() -> None:
    found = issues(sheets(Tranches=all_of("Tranches", first_day=None)))
    assert not {"V401", "V411"} & {i.code for i in found}


def test_requests_that_are_all_over_or_withdrawn_are_no_mistake() -> None:
    gone = [{"decision": "withdraw", "about": s["student"], "by": "AB"} for s in FULL["Students"]]
    assert all(s.withdrawn for s in reading(Decisions=gone).dataset.students)
    over = [{"request": f"S{n}", "offer": "O1", "status": "ended"} for n in ("1/first", "3/final")]
    assert reading(Requests=None, Students=[FULL["Students"][0], FULL["Students"][2]], Published=over).dataset.requests
    withdrawn = [{"decision": "withdraw", "about": o["offer"], "by": "AB"} for o in FULL["Offers"]]
    assert all(o.withdrawn for o in reading(Decisions=withdrawn).dataset.offers)
