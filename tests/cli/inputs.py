"""A small partnership as sheets: two students, two offers with a PE each; a test changes what it is about."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.reading import write_workbook
from tests.report.looking import opened

ROOT = Path(__file__).parent.parent.parent
DEMONSTRATION = ROOT / "allocator" / "demonstration" / "developing-together.xlsx"
Sheets = dict[str, list[dict[str, Any]]]


def sheets(**changed: list[dict[str, Any]]) -> Sheets:
    """S1 and S2 each need a first; O1 and O2 have one place and one PE each, 20 minutes from everybody."""
    content: Sheets = {
        "Tranches": [{"tranche": "JAN27", "first_day": date(2027, 1, 4)}],
        "Students": [
            {"student": s, "programme": "MSW", "home": "P0", "stage": "first", "readiness": "passed", "clearance": "passed"}
            for s in ("S1", "S2")
        ],
        "Agencies": [{"agency": "A", "kind": "authority", "membership": "primary"}],
        "Offers": [
            {"offer": f"O{n}", "agency": "A", "team": f"T{n}", "place": "P1", "areas": "adults", "statutory_regulator": "yes",
             "statutory_dfe": "yes", "on_site_supervisor": "yes", "educators": f"PE{n}"}
            for n in (1, 2)
        ],
        "Educators": [
            {"pe": f"PE{n}", "employed_by": "A", "team": f"T{n}", "qualification": "PEPS2", "registered": "yes",
             "current_until": date(2030, 12, 31)}
            for n in (1, 2)
        ],
        "Travel": [{"from": "P0", "to": "P1", "mode": mode, "minutes": 20} for mode in ("car", "public")],
        "Policy": [{"setting": "as_of", "value": "2026-11-21"}],
    }  # fmt: skip
    return content | changed


def fixed_twice() -> Sheets:
    """Both students are fixed to the one place of O1, whose PE may have two: a clash with L02 alone."""
    content = sheets(
        Decisions=[{"decision": "fix", "request": f"{s}/first", "offer": "O1", "by": "AB"} for s in ("S1", "S2")]
    )
    content["Educators"][0]["load"] = 2
    return content


def workbook(folder: Path, content: Sheets | None = None) -> Path:
    """The sheets as a workbook."""
    path = folder / "partnership.xlsx"
    write_workbook(path, sheets() if content is None else content)
    return path


def csv_folder(folder: Path, content: Sheets) -> Path:
    """The sheets as a folder of CSV files."""
    target = folder / "csv"
    target.mkdir()
    for name, rows in content.items():
        with (target / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return target


def json_file(folder: Path, content: Sheets) -> Path:
    """The sheets as a JSON file."""
    path = folder / "partnership.json"
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    return path


def placements(*words: object) -> tuple[int, str, str]:
    """Run a command in this process: exit code, stdout, stderr."""
    result = CliRunner().invoke(app, [str(w) for w in words], env={"COLUMNS": "100"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def cell_of(report: Path, request: str, heading: str) -> tuple[int, int]:
    """Row and column of a request's cell in the sheet Students of a report."""
    sheet = opened(report)["Students"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Request")
    column = next(cell.column for cell in header if cell.value == heading)
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == request)
    assert row is not None
    assert column is not None
    return row, column
