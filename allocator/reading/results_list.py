"""A list of results by student: readiness and clearance as they come in on one day, as CSV or workbook."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from allocator.reading.collecting import Collector, short
from allocator.reading.columns import Sheet
from allocator.reading.headings import is_blank
from allocator.reading.persons import refuse_persons
from allocator.reading.sheets_people import STUDENTS
from allocator.reading.sources import read_file
from allocator.reading.tables import parse
from models.errors import InputUnusableError, Issue, UsageError

RESULTS = ("readiness", "clearance")
"""Columns of the sheet Students of which a list may tell."""
_HEADINGS = {
    "readiness_for_direct_practice": "readiness", "rfdp": "readiness", "readiness_result": "readiness",
    "readiness_outcome": "readiness", "readiness_assessment": "readiness", "dbs_check": "clearance",
    "dbs_result": "clearance", "clearance_result": "clearance", "clearance_outcome": "clearance",
}  # fmt: skip
"""Other headings (lower case, underscores), beside those that the sheet Students takes."""
_UNREAD = ("V112", "V115", "V116", "V117", "V121", "V130")
"""Kinds of problem that are of no interest: a list has columns and sheets for others."""
_SHEET = Sheet(
    STUDENTS.name,
    "a student's results",
    (
        replace(STUDENTS.by_name["student"], kind="reference"),
        *(replace(STUDENTS.by_name[c], asks=False, protects=False, blank="no news", required=False) for c in RESULTS),
    ),
    key=("student",),
)  # fmt: skip


class ListedRow(NamedTuple):
    """A row of a list: its sheet and number, the student as typed, and what it says, by column."""

    sheet: str
    number: int
    student: str
    cells: Mapping[str, Any]


class ResultsList(NamedTuple):
    """The rows of a list that can be read, its problems, and sheets that are none of it."""

    rows: tuple[ListedRow, ...]
    issues: tuple[Issue, ...]
    left_out: tuple[str, ...]


def read_results_list(path: Path, headings: Mapping[str, str] = {}) -> ResultsList:
    """Read a list of results.

    Parameters
    ----------
    path
        A CSV file or a workbook; in it every sheet counts that has students and results.
    headings
        The team's own headings to our columns.

    Returns
    -------
    ResultsList
        In the order of the file. A cell that cannot be read is named, and says nothing.

    Raises
    ------
    UsageError
        There is nothing at ``path``, or no sheet has the columns.
    InputUnusableError
        The file cannot be opened, or something in it must not be stored: a column of names, a name as id.
    """
    collector = Collector()
    rows: list[ListedRow] = []
    issues: list[Issue] = []
    left_out: list[str] = []
    seen: list[str] = []
    raws = read_file(path, collector)
    issues += collector.in_order()
    for raw in raws:
        said = Collector()
        seen += [str(cell) for _, cells in raw.rows[:1] for cell in cells if not is_blank(cell)]
        table = parse(raw, _SHEET, {**_HEADINGS, **headings}, said)
        if "student" not in table.columns or not table.columns & set(RESULTS):
            left_out.append(raw.name)
            continue
        with suppress(InputUnusableError):  # what it says names the sheet of this file below, and stops as well
            refuse_persons({STUDENTS.name: table}, said)
        issues += (
            issue.model_copy(update={"sheet": raw.name}) for issue in said.in_order() if issue.code not in _UNREAD
        )
        for row in table.rows:
            cells = {c: row.values[c] for c in RESULTS if c in row.values and c not in row.unreadable}
            if row.get("student") is not None and cells:
                rows.append(ListedRow(raw.name, row.number, str(row.get("student")), cells))
    if any(issue.level == "stop" for issue in issues):
        raise InputUnusableError(tuple(issues))
    if len(left_out) == len(raws):
        found = short(", ".join(seen)) or "none"
        raise UsageError(f"{path} needs the columns student, and readiness or clearance; its first row has {found}")
    return ResultsList(tuple(rows), tuple(issues), tuple(left_out))
