"""The template: an empty workbook with notes and drop-downs, and an example that reads as it stands."""

# ruff: noqa: E501  (a row is a line)

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from allocator.reading.sheets_record import SHEETS
from allocator.reading.writer import add_sheet, save

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
TRANCHE = "January placements"

LEAST_EXAMPLE: Rows = {
    "Tranches": [{"tranche": TRANCHE, "first_day": date(2027, 1, 4)}],
    "Students": [
        {"student": "EXAMPLE1", "programme": "MSW", "home": "CR0", "stage": "first"},
        {"student": "EXAMPLE2", "programme": "BA", "home": "SM1", "stage": "first"},
    ],
    "Offers": [
        {"agency": "Example Adults", "team": "Hospital Team", "place": "CR0", "areas": "hospital discharge; adults"},
        {"agency": "Example Children", "team": "Assessment Team", "place": "SM1", "areas": "children and families"},
    ],
}

FULL_EXAMPLE: Rows = {
    "Tranches": [
        {"tranche": TRANCHE, "first_day": date(2027, 1, 4), "last_start": date(2027, 1, 18),
         "last_end": date(2027, 7, 30), "status": "deciding"},
        {"tranche": "May placements", "first_day": date(2027, 5, 4), "status": "later"},
    ],
    "Students": [
        {"student": "EXAMPLE1", "programme": "MSW", "home": "CR0", "stage": "final", "drives": "yes",
         "readiness": "passed", "clearance": "passed", "limit_minutes": 75, "preferred_areas": "adults; mental health",
         "first_agency": "Example Charity", "first_team": "Family Centre", "first_areas": "family support",
         "first_setting": "voluntary", "first_statutory": "no"},
        {"student": "EXAMPLE2", "programme": "BA", "home": "SM1", "stage": "first", "drives": "no",
         "clearance": "pending", "adjustments": "step-free", "share_needs": "yes", "excluded": "Example Adults",
         "preferred_areas": "children and families"},
        {"student": "EXAMPLE3", "programme": "MSW", "home": "KT1", "scheme": "intern", "readiness": "passed",
         "clearance": "passed", "intern_choices": "Example Adults; Example Children"},
    ],
    "Requests": [
        {"student": "EXAMPLE3", "stage": "first", "tranche": TRANCHE, "locked_authorities": "Example Council"},
        {"student": "EXAMPLE3", "stage": "final", "tranche": "May placements", "locked_authorities": "Example Council",
         "days_a_week": "3-5"},
    ],
    "History": [
        {"student": "EXAMPLE2", "stage": "first", "agency": "Example Charity", "team": "Family Centre",
         "areas": "family support", "setting": "voluntary", "statutory_regulator": "no", "statutory_dfe": "no",
         "start": date(2026, 1, 12), "outcome": "ended_early", "days_credited": 0},
    ],
    "Agencies": [
        {"agency": "Example Adults", "name": "Example Council, adults' services", "kind": "authority",
         "directorate": "adults", "membership": "primary", "authorities": "Example Council",
         "social_workers_fte": 52.5, "nqsw_posts": 4, "internships": 1, "heard_from": date(2026, 11, 2)},
        {"agency": "Example Children", "name": "Example Council, children's services", "kind": "authority",
         "directorate": "children", "membership": "primary", "authorities": "Example Council",
         "social_workers_fte": 80, "heard_from": date(2026, 11, 5)},
        {"agency": "Example Charity", "kind": "voluntary", "membership": "outside"},
    ],
    "Teams": [
        {"agency": "Example Adults", "team": "Hospital Team", "place": "CR0", "areas": "hospital discharge; adults",
         "statutory_regulator": "yes", "statutory_dfe": "yes", "front_line": "yes", "vacancies": 1,
         "maximum_at_once": 3},
        {"agency": "Example Children", "team": "Assessment Team", "place": "SM1", "areas": "children and families",
         "statutory_regulator": "yes", "statutory_dfe": "yes", "front_line": "yes"},
    ],
    "Offers": [
        {"offer": "O1", "agency": "Example Adults", "team": "Hospital Team", "stage": "final", "tranche": TRANCHE,
         "capacity": 1, "features": "step-free", "educators": "PE1", "state": "firm",
         "spokes": "Example Children/Assessment Team=15",
         "received_on": date(2026, 11, 2)},
        {"offer": "O2", "agency": "Example Children", "team": "Assessment Team", "stage": "either", "tranche": TRANCHE,
         "capacity": 2, "features": "step-free", "educators": "PE2; TBC PEPS2", "on_site_supervisor": "yes"},
        {"offer": "O3", "agency": "Example Adults", "team": "Hospital Team", "stage": "final",
         "tranche": "May placements", "educators": "own PEPS2", "state": "forecast", "probability": 0.8},
    ],
    "Educators": [
        {"pe": "PE1", "employed_by": "Example Adults", "team": "Hospital Team", "qualification": "PEPS2",
         "registered": "yes", "current_until": date(2030, 12, 31), "load": 1, "assesses_at_most": 2},
        {"pe": "PE2", "employed_by": "Example Children", "team": "Assessment Team", "qualification": "trainee_1",
         "practice_assessor": "PE1", "registered": "yes", "fall_back": "PE1", "needs_student_by": date(2027, 3, 31),
         "qualifies_on": date(2027, 7, 30), "becomes": "PEPS1"},
        {"pe": "PE3", "employed_by": "independent", "qualification": "PEPS2", "registered": "yes",
         "current_until": date(2030, 12, 31), "serves": "Example Children; CR0"},
    ],
    "Places": [
        {"place": "CR0", "latitude": 51.372, "longitude": -0.077},
        {"place": "SM1", "latitude": 51.366, "longitude": -0.194},
        {"place": "KT1", "latitude": 51.41, "longitude": -0.3},
    ],
    "Travel": [{"from": "KT1", "to": "SM1", "mode": "public", "minutes": 48}],
    "Past": [
        {"year": "2025-26", "measure": "M01 statutory by partners", "value": 70, "of": 40, "target": 75},
        {"year": "2025-26", "measure": "Readiness passed first time", "value": 90},
    ],
    "Outcomes": [
        {"student": "EXAMPLE0", "employer": "Example Adults", "from": date(2026, 9, 1)},
    ],
    "Commitments": [
        {"agency": "Example Adults", "team": "Hospital Team", "programme": "Think Ahead", "from": date(2027, 1, 4),
         "to": date(2027, 7, 30), "number": 1},
    ],
    "Decisions": [
        {"decision": "agency_decision", "request": "EXAMPLE1/final", "agency": "Example Adults", "value": "accepted",
         "by": "placements lead", "on": date(2026, 11, 16)},
        {"decision": "together", "request": "EXAMPLE1; EXAMPLE2", "value": 20, "by": "placements lead",
         "on": date(2026, 11, 16)},
    ],
    "Published": [],
    "Versions": [],
    "Policy": [
        {"setting": "travel_limit", "value": 90},
        {"setting": "statutory_test", "value": "regulator"},
    ],
    "Lists": [
        {"list": "headings", "word": "K number", "meaning": "student"},
    ],
    "Calendar": [
        {"tranche": TRANCHE, "step": "meeting", "date": date(2026, 11, 26)},
        {"tranche": TRANCHE, "step": "PE named by", "date": date(2026, 12, 11)},
        {"step": "closed", "date": date(2027, 2, 19), "agency": "Example Adults"},
    ],
}  # fmt: skip

_READ_ME = (
    ("How to fill this in", True),
    ("Each sheet has one row of headings. Rest the pointer on a heading to see what goes there and what a blank means.", False),
    ("Green headings are to be filled; purple ones protect somebody (a row whose cell cannot be read is set aside).", False),
    ("The rows are an example (EXAMPLE1, Example Adults): overwrite or delete them. They can be allocated as they are.", False),
    ("Sheets and columns that you do not need may be left empty or deleted.", False),
    ("Lists inside a cell are separated by ;.  'not known' may be typed anywhere but in ids; it is never 'no'.", False),
    ("Never type names, addresses, full postcodes, registration numbers or diagnoses. People are references (S001, PE001).", False),
    ("The order of rows does not matter. This sheet is not read.", False),
    ("Sheets", True),
)  # fmt: skip


def write_template(path: Path, kind: Literal["least", "full"]) -> None:
    """Write the template: headings with notes, drop-downs, and a filled example that reads as it stands.

    Parameters
    ----------
    path
        The workbook to write (.xlsx).
    kind
        ``least``: the three sheets and ten columns that are enough to start; ``full``: every sheet and column.
    """
    book = Workbook()
    page: Worksheet = book.active  # type: ignore[assignment]
    page.title = "Read me"
    page.column_dimensions["A"].width = 130
    example = LEAST_EXAMPLE if kind == "least" else FULL_EXAMPLE
    lines = [*_READ_ME, *((f"{name}: {SHEETS[name].row}", False) for name in example)]
    for line, (text, bold) in enumerate(lines, start=1):
        cell = page.cell(line, 1, text)
        cell.font = Font(bold=bold, size=14 if bold else 11)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for name, rows in example.items():
        columns = [c.name for c in SHEETS[name].columns if kind == "full" or c.least]
        sheet = add_sheet(book, name, rows, columns)
        for cells in sheet.iter_rows(min_row=2):
            for example_cell in cells:
                example_cell.font = Font(italic=True, color="6B6B6B")
    save(book, path)
