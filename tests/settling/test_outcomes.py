"""Past years, where former students work, and the levels of programmes, as the sheets give them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.dataset import Dataset
from models.entities import Employment, Past
from tests.reading.sheets import issues, of_code, reading, sheets


def data(**rows: Any) -> Dataset:
    return reading(**rows).dataset


def meaning(word: str, **rows: Any) -> str | None:
    return next(w.meaning for w in data(**rows).words if w.list == "programmes" and w.word == word)


def test_past_years_are_facts_by_measure_and_year() -> None:
    rows = [
        {"year": "2021-22", "measure": "Passed", "value": 71.5},
        {"year": "2020-21", "measure": "Passed", "value": 90, "of": 40, "target": 95},
        {"year": 2020, "measure": "Passed", "value": 0},
    ]
    assert data(Past=rows).past == (
        Past(year="2020", measure="Passed", value=Decimal(0)),
        Past(year="2020-21", measure="Passed", value=Decimal(90), of=40, target=Decimal(95)),
        Past(year="2021-22", measure="Passed", value=Decimal("71.5")),
    )


def test_of_two_figures_of_one_year_and_measure_that_differ_none_is_used() -> None:
    row = {"year": "2021-22", "measure": "Passed", "value": 71}
    assert data(Past=[row, row]).past == (Past(year="2021-22", measure="Passed", value=Decimal(71)),)
    found = reading(Past=[row, row | {"value": 72}])
    assert found.dataset.past == ()
    assert [i.code for i in found.issues if i.sheet == "Past"] == ["V301"]


def test_a_fraction_is_asked_about_where_the_measure_is_a_share_and_nowhere_else() -> None:
    found = reading(Past=[{"year": "a", "measure": "Fails a student", "value": 0.5}])
    assert not [i for i in found.issues if i.code == "V433"]
    assert of_code(issues(sheets(Past={"value": 0.73})), "V433").level == "warning"


@pytest.mark.parametrize(
    ("column", "typed", "why"),
    [
        ("value", 173, "at most 100 percent"), ("target", 101, "at most 100 percent"), ("of", 0, "a share of none"),
        ("year", "last", "names no year"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_named_and_stands(column: str, typed: object, why: str) -> None:
    found = reading(Past={column: typed})
    issue = of_code(found.issues, "V442")
    assert (issue.level, issue.column, why in issue.message) == ("warning", column, True)
    assert str(getattr(found.dataset.past[0], column)) == str(typed)
    # A measure of one's own has a unit of its own.
    own = reading(Past={"measure": "Placements", "value": 173, "target": 180})
    assert not [i for i in own.issues if i.code == "V442"]


def test_former_students_and_employers_need_not_be_listed() -> None:
    rows = [
        {"student": "S9", "employer": "A shire", "from": "2025-09-01", "until": "2026-08-31"},
        {"student": "s9", "employer": "a Shire", "from": "2025-09-01", "until": "2026-08-31"},
        {"student": "S9", "employer": "a", "from": "2026-09-01"},
        {"student": "S9", "employer": "A", "from": "2026-09-01"},
    ]
    # The first two are one row, however they are spelt, and the last two, since A is listed.
    assert data(Outcomes=rows).outcomes == (
        Employment(student="S9", employer="A shire", first_day=date(2025, 9, 1), last_day=date(2026, 8, 31)),
        Employment(student="S9", employer="A", first_day=date(2026, 9, 1)),
    )


def test_an_employment_that_ends_before_it_begins_is_set_aside() -> None:
    row = {"student": "S9", "employer": "A", "from": "2025-09-01"}
    assert len(data(Outcomes=[row | {"until": "2025-09-01"}]).outcomes) == 1
    found = reading(Outcomes=[row | {"until": "2025-08-31"}])
    assert found.dataset.outcomes == ()
    assert of_code(found.issues, "V220").level == "set_aside"


def test_a_former_student_is_not_asked_for_a_stage() -> None:
    former = {"student": "S7", "programme": "MSW", "home": "CR0"}
    students = [*sheets()["Students"], former]
    employed = [{"student": "S7", "employer": "A"}]
    assert [i.code for i in issues(sheets(Students=students)) if i.code == "V401"] == ["V401"]
    assert [i.code for i in issues(sheets(Students=students, Outcomes=employed)) if i.code == "V401"] == []
    final = {"student": "S7", "stage": "final", "agency": "A"}
    assert [i.code for i in issues(sheets(Students=students, History=[final])) if i.code == "V401"] == []
    failed = [final | {"outcome": "failed"}]
    assert [i.code for i in issues(sheets(Students=students, History=failed)) if i.code == "V401"] == ["V401"]


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2026-10-01; 5 November 2026; 2026-10-01", (date(2026, 10, 1), date(2026, 11, 5))),
        (date(2026, 10, 1), (date(2026, 10, 1),)),
        ("2026-10-01; spring", ()),
        ("", ()),
    ],
)
def test_a_cell_may_hold_several_dates(cell: Any, days: tuple[date, ...]) -> None:
    found = reading(Agencies={"attended": cell})
    assert found.dataset.agency_by_id["A"].attended == days
    assert ("V201" in [i.code for i in found.issues]) == ("spring" in str(cell))


def test_programmes_have_levels_and_a_list_of_ones_own_keeps_them() -> None:
    assert (meaning("BA"), meaning("MSW")) == ("undergraduate", "postgraduate")
    own = [
        {"list": "programmes", "word": "MA", "meaning": "Postgraduate"},
        {"list": "programmes", "word": "Step Up", "meaning": "step_up"},
        {"list": "programmes", "word": "BA", "meaning": "postgraduate"},
    ]
    assert [meaning(word, Lists=own) for word in ("MA", "Step Up", "BA", "ASYE")] == [
        "Postgraduate", "step_up; postgraduate", "postgraduate", None,
    ]  # fmt: skip


def test_a_misspelt_scheme_or_level_is_named() -> None:
    own = [{"list": "programmes", "word": "MA", "meaning": "step up; postgradute"}]
    found = of_code(issues(sheets(Lists=own)), "V202")
    assert (found.found, found.level) == ("postgradute", "warning")
    assert "Did you mean 'postgraduate'" in found.message
