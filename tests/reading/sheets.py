"""A small partnership as sheets: every sheet there, no problem in it; a test changes the one cell it is about."""

import copy
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from allocator.intake import Reading, read_sheets
from models.errors import InputUnusableError, Issue

Sheets = dict[str, list[dict[str, Any]]]
TODAY = date(2026, 11, 21)

FULL: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "Tranches": [
        {"tranche": "T1", "first_day": "2027-01-04", "last_end": "2027-07-30", "status": "deciding"},
        {"tranche": "T2", "first_day": "2027-09-06", "status": "later"},
        {"tranche": "T0", "first_day": "2026-01-05", "status": "past"},
    ],
    "Students": [
        {"student": "S1", "programme": "MSW", "home": "CR0", "stage": "first", "clearance": "passed", "drives": "yes"},
        {"student": "S2", "programme": "BA", "home": "SM1", "clearance": "passed", "preferred_areas": "children"},
        {"student": "S3", "programme": "MSW", "home": "CR0", "stage": "final", "readiness": "passed"},
    ],
    "Requests": [
        {"student": "S2", "stage": "first", "tranche": "T1"},
        {"student": "S2", "stage": "final", "tranche": "T2", "days_a_week": "3-5"},
    ],
    "History": [
        {"student": "S3", "stage": "first", "agency": "C", "team": "Z", "areas": "adults", "statutory_regulator": "no", "start": "2026-01-12"},
    ],
    "Agencies": [
        {"agency": "A", "kind": "authority", "membership": "primary", "authorities": "Council"},
        {"agency": "B", "kind": "voluntary", "membership": "outside"},
        {"agency": "C", "kind": "private"},
    ],
    "Teams": [
        {"agency": "A", "team": "X", "place": "CR0", "areas": "adults", "statutory_regulator": "yes", "statutory_dfe": "yes"},
        {"agency": "B", "team": "Y", "place": "SM1", "areas": "children"},
    ],
    "Offers": [
        {"offer": "O1", "agency": "A", "team": "X", "stage": "either", "educators": "PE1"},
        {"offer": "O2", "agency": "B", "team": "Y", "tranche": "T1", "educators": "TBC"},
        {"offer": "O3", "agency": "A", "team": "X", "stage": "final", "tranche": "T2", "capacity": 2},
    ],
    "Educators": [
        {"pe": "PE1", "employed_by": "A", "team": "X", "qualification": "PEPS2", "registered": "yes", "current_until": "2030-01-01"},
        {"pe": "PE2", "employed_by": "B", "team": "Y", "qualification": "trainee_1", "practice_assessor": "PE1"},
    ],
    "Places": [
        {"place": "CR0", "latitude": 51.37, "longitude": -0.08},
        {"place": "SM1", "latitude": 51.37, "longitude": -0.19},
    ],
    "Travel": [{"from": "CR0", "to": "SM1", "mode": "car", "minutes": 25}],
    "Past": [{"year": "2025-26", "measure": "M01 statutory by partners", "value": 70}],
    "Outcomes": [{"student": "S0", "employer": "A", "from": "2025-09-01"}],
    "Commitments": [{"agency": "A", "programme": "Frontline", "number": 2}],
    "Decisions": [{"decision": "do_not_match", "request": "S1/first", "offer": "O2", "by": "AB"}],
    "Published": [{"request": "S3/final", "offer": "O1", "pe": "PE1", "status": "proposed"}],
    "Versions": [{"version": 1, "published_on": "2026-11-16", "by": "LM", "placed": 1, "of": 2}],
    "Policy": [{"setting": "travel_limit", "value": 80}],
    "Lists": [{"list": "headings", "word": "Reference", "meaning": "student"}],
    "Calendar": [{"tranche": "T1", "step": "meeting", "date": "2026-11-26"}],
}  # fmt: skip


def sheets(**rows: Any) -> Sheets:
    """The partnership; a keyword replaces a sheet's rows, or (a dict) changes cells of its first row."""
    result: Sheets = copy.deepcopy({name: [dict(r) for r in given] for name, given in FULL.items()})
    for name, given in rows.items():
        if isinstance(given, Mapping):
            result[name][0].update(given)
        elif given is None:
            del result[name]
        else:
            result[name] = list(given)
    return result


def with_row(sheet: str, row: int, **cells: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, one of them (as the user counts: the first is 2) changed."""
    rows = [dict(r) for r in FULL[sheet]]
    rows[row - 2].update(cells)
    return rows


def all_of(sheet: str, **cells: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, every one changed."""
    return [{**row, **cells} for row in FULL[sheet]]


def reading(**rows: Any) -> Reading:
    """The partnership, read."""
    return read_sheets(sheets(**rows), today=TODAY)


def issues(given: Mapping[str, Any], settings: Mapping[str, str] | None = None) -> tuple[Issue, ...]:
    """All problems of sheets, whether they can be used or not."""
    try:
        return read_sheets(given, settings or {}, TODAY).issues
    except InputUnusableError as error:
        return error.issues


def of_code(found: Sequence[Issue], code: str) -> Issue:
    """The only problem of a kind."""
    matching = [i for i in found if i.code == code]
    assert len(matching) == 1, [f"{i.code} {i.message}" for i in found]
    return matching[0]


def write_rows(path: Path, given: Mapping[str, Sequence[Mapping[str, Any]]]) -> Workbook:
    """A plain workbook of the rows (no style, no notes), as a person's own would be; not yet saved."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in given.items():
        page = book.create_sheet(name)
        columns = list(dict.fromkeys(c for row in rows for c in row))
        page.append(columns)
        for row in rows:
            page.append([as_typed(row.get(c)) for c in columns])
    book.save(path)
    return book


def as_typed(value: Any) -> Any:
    """ISO texts become real dates, as they are in a workbook."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-" and value[:4].isdigit():
        return datetime.combine(date.fromisoformat(value), time())
    return value
