"""Notes that the team types into the meeting workbook, carried from run to run by request id."""

from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from allocator.views.students import EARLIER_SHEET, NOTES_COLUMN, REQUEST_COLUMN, STUDENTS_SHEET
from models.errors import UsageError

_HEADER_SEARCH = 12
"""Rows in which the headings are looked for: people insert rows above a table."""


def read_notes(path: Path) -> dict[str, str]:
    """Read the notes of an earlier report.

    Parameters
    ----------
    path
        A ``report.xlsx``, as it was left by the team.

    Returns
    -------
    dict
        Note by request id; blank ones are left out. Empty where the file does not exist.

    Raises
    ------
    UsageError
        The file exists but cannot be read, so that its notes would be lost if it were replaced.
    """
    if not path.exists():
        return {}
    try:
        return _read(path)
    except (OSError, InvalidFileException, BadZipFile, SyntaxError, KeyError, ValueError, EOFError) as error:
        raise UsageError(f"{path.name} cannot be read, and its notes would be lost: move it away first") from error


def _read(path: Path) -> dict[str, str]:
    workbook = load_workbook(path, read_only=True)
    notes: dict[str, str] = {}
    try:
        for name in (EARLIER_SHEET, STUDENTS_SHEET):
            if name in workbook.sheetnames:
                rows = [[_text(v) for v in row] for row in workbook[name].iter_rows(values_only=True)]
                notes.update(_notes_of(rows))
    finally:
        workbook.close()
    return notes


def _notes_of(rows: list[list[str]]) -> dict[str, str]:
    for number, row in enumerate(rows[:_HEADER_SEARCH]):
        if REQUEST_COLUMN in row and NOTES_COLUMN in row:
            request, note = row.index(REQUEST_COLUMN), row.index(NOTES_COLUMN)
            below = (r for r in rows[number + 1 :] if len(r) > max(request, note))
            return {r[request]: r[note] for r in below if r[request] and r[note]}
    return {}


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
