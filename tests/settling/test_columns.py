"""An entity's fields, its sheet's columns and what settling copies are one list: no rule's fact that nobody can enter."""

import copy
from datetime import date
from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.reading.columns import Column
from allocator.reading.sheets_record import SHEETS
from models.base import Record
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import (
    Agency,
    CalendarEntry,
    Commitment,
    Educator,
    Employment,
    History,
    Offer,
    Past,
    Place,
    Published,
    Request,
    Student,
    Team,
    Tranche,
    TravelTime,
)
from models.versions import Version
from tests.reading.sheets import TODAY, sheets

ENTITIES: dict[str, tuple[str, type[Record]]] = {
    "Tranches": ("tranches", Tranche), "Students": ("students", Student), "Requests": ("requests", Request),
    "History": ("history", History), "Agencies": ("agencies", Agency), "Teams": ("teams", Team),
    "Offers": ("offers", Offer), "Educators": ("educators", Educator), "Places": ("places", Place),
    "Travel": ("travel", TravelTime), "Commitments": ("commitments", Commitment), "Decisions": ("decisions", Decision),
    "Past": ("past", Past), "Outcomes": ("outcomes", Employment),
    "Published": ("published", Published), "Versions": ("versions", Version), "Calendar": ("calendar", CalendarEntry),
}  # fmt: skip
"""Sheet to the part of a dataset that its rows become. Policy becomes the policy, Lists the words."""

BECOMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Students", "excluded"): ("excluded_agencies", "excluded_teams", "excluded_educators"),
    ("Requests", "days_a_week"): ("days_a_week_least", "days_a_week_most"),
    ("Travel", "from"): ("origin",),
    ("Travel", "to"): ("destination",),
    ("Commitments", "from"): ("first_day",),
    ("Commitments", "to"): ("last_day",),
    ("Outcomes", "from"): ("first_day",),
    ("Outcomes", "until"): ("last_day",),
    ("Decisions", "request"): ("request", "other"),  # together and apart: a list of students
}
"""Columns that become fields of other names."""

OTHER_PART: dict[tuple[str, str], str] = {
    ("Students", "stage"): "requests",
    ("Students", "first_agency"): "history",
    ("Students", "first_team"): "history",
    ("Students", "first_areas"): "history",
    ("Students", "first_setting"): "history",
    ("Students", "first_statutory"): "history",
    ("Calendar", "agency"): "closed_days",
}
"""Columns that become facts of another part of the dataset."""

NOT_YET: set[tuple[str, str]] = {
    ("Decisions", "about"),  # says which of the other columns is meant
}  # fmt: skip
"""Columns that say something and are no fact."""

MADE: dict[str, set[str]] = {
    "Students": {"withdrawn", "not_known"},
    "Requests": {"request", "displaced", "set_aside", "not_known"},
    "History": {"not_known", "authorities"},
    "Agencies": {"educators_set_aside", "not_known"},
    "Teams": {"not_known"},
    "Offers": {"withdrawn", "part", "not_known"},
    "Educators": {"withdrawn_from", "not_known"},
    "Decisions": {"student"},
    "Published": {"standing", "promise"},
}
"""Fields that settling makes of other rows: of decisions, of ids, of what is not known."""


def _fields(sheet: str, column: str) -> tuple[str, ...]:
    return BECOMES.get((sheet, column), (column,))


@pytest.mark.parametrize("sheet", ENTITIES)
def test_the_columns_of_a_sheet_are_the_fields_of_its_entity(sheet: str) -> None:
    columns = [c for c in SHEETS[sheet].by_name if (sheet, c) not in NOT_YET and (sheet, c) not in OTHER_PART]
    fields = {field for c in columns for field in _fields(sheet, c)}
    assert fields == ENTITIES[sheet][1].model_fields.keys() - MADE.get(sheet, set())


NOT_SHEETS = {"words", "bank_holidays", "closed_days", "issues"}
"""Closed days are rows of the Calendar, bank holidays of a library."""


def test_every_sheet_is_an_entity_but_two() -> None:
    assert SHEETS.keys() - ENTITIES.keys() == {"Policy", "Lists"}
    assert {part for part, _ in ENTITIES.values()} == Dataset.model_fields.keys() - NOT_SHEETS


SAMPLES: dict[tuple[str, str], Any] = {
    ("Students", "excluded"): "B", ("Students", "ranked_offers"): "O2", ("Students", "employer_team"): "X",
    ("Requests", "student"): "S3", ("Requests", "days_a_week"): "2-4", ("Requests", "days"): 33,
    ("Offers", "educators"): "own PEPS2", ("Offers", "spokes"): "B/Y/SM1=20", ("Offers", "team"): "V", ("Offers", "latest_start"): "2027-02-01",
    ("Educators", "load"): 3, ("Educators", "serves"): "SM1", ("Educators", "team"): "V",
    ("Places", "latitude"): 51.5, ("Places", "longitude"): -0.3, ("Places", "place"): "KT1",
    ("Travel", "from"): "KT1", ("Travel", "to"): "KT1", ("Commitments", "agency"): "B", ("Commitments", "team"): "X",
    ("Commitments", "number"): 5, ("Calendar", "step"): "release", ("Published", "pe"): "PE2",
    ("Decisions", "decision"): "declined", ("Decisions", "request"): "S2/first", ("Decisions", "team"): "Y",
    ("Decisions", "agency"): "B", ("Published", "request"): "S1/first", ("Agencies", "authorities"): "Shire",
    ("Agencies", "directorate"): "children", ("Offers", "days_a_week"): 3, ("Decisions", "rule"): "E04",
    ("Offers", "agency"): "B", ("Teams", "agency"): "B", ("Outcomes", "employer"): "B", ("Decisions", "places"): 2,
}  # fmt: skip
"""What is typed where a sample of the kind would not do."""

INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("Commitments", "pe"): {"agency": None},
    ("Decisions", "rule"): {"decision": "exception", "why": "x", "value": 95},
    ("Decisions", "value"): {"decision": "exception", "why": "x", "rule": "E04"},
    ("Decisions", "places"): {"decision": "hold", "offer": "O3"},
    ("Decisions", "until"): {"decision": "hold"},
    ("Offers", "minimum_kind"): {"minimum": 1},
    ("Calendar", "agency"): {"step": "closed"},
    ("Educators", "becomes"): {"qualification": "trainee_1", "qualifies_on": "2027-01-01"},
}
"""What else must stand in a row for a column to say something."""


def _sample(sheet: str, column: Column, now: Any) -> Any:
    by_kind: dict[str, Any] = {
        "date": "2026-12-28", "whole": (column.low or 0) + 7, "decimal": 0.5, "text": "something", "place": "KT1",
        "dates": "2026-10-01; 2026-11-02", "yes_no": "no" if now == "yes" else "yes", "any": "95",
    }  # fmt: skip
    if (sheet, column.name) in SAMPLES:
        return SAMPLES[sheet, column.name]
    if column.allowed:
        return next(word for word in reversed(column.allowed) if word != now)
    if column.words:
        return {
            "areas": "fostering", "programmes": "PgDip", "settings": "trust", "adjustments": "lift",
            "features": "parking", "reason codes": "late",
        }[column.words]  # fmt: skip
    known = {"student": "S2", "offer": "O3", "pe": "PE2", "agency": "B", "tranche": "T2", "team": "V"}
    guess = next((name for word, name in known.items() if word in column.name), None)
    named = {
        "employed_by": "B", "practice_assessor": "PE2", "fall_back": "PE1", "authorities": "Shire", "universities": "U",
        "locked_authorities": "Council", "preferred_agencies": "B", "intern_choices": "B", "also_called": "Another", "locked_agencies": "B",
    }  # fmt: skip
    return named.get(column.name) or by_kind.get(column.kind) or guess


COLUMNS = [
    (sheet, column)
    for sheet in ENTITIES
    for column in SHEETS[sheet].by_name
    if (sheet, column) not in NOT_YET and column not in SHEETS[sheet].key[-1:]
]


@pytest.mark.parametrize(("sheet", "column"), COLUMNS)
def test_what_is_typed_in_a_column_becomes_the_fact(sheet: str, column: str) -> None:
    given = sheets(Decisions=[{"decision": "do_not_match", "request": "S1/first", "by": "AB", "on": date(2026, 11, 1)}])
    given["Decisions"][0]["offer" if column not in {"agency", "team", "pe"} else "reason_code"] = "O2"
    other = INSTEAD.get((sheet, column), {})
    before, after = copy.deepcopy(given), copy.deepcopy(given)
    before[sheet][0] |= other
    after[sheet][0] |= other
    after[sheet][0][column] = _sample(sheet, SHEETS[sheet].by_name[column], before[sheet][0].get(column))
    part = OTHER_PART.get((sheet, column)) or ENTITIES[sheet][0]
    fields = _fields(sheet, column.removeprefix("first_") if part == "history" and sheet == "Students" else column)
    if column == "first_statutory":
        fields = ("statutory_regulator",)
    if sheet == "Decisions" and column in {"agency", "team", "pe"}:
        before[sheet][0]["offer"] = "O2"

    def facts(typed: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
        rows = getattr(read_sheets(typed, today=TODAY).dataset, part)
        return sorted([tuple(str(getattr(row, field)) for field in fields) for row in rows])

    assert facts(before) != facts(after)
