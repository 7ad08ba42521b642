"""Notes that the team types into the meeting workbook, carried from run to run by request id."""

from collections.abc import Iterable
from contextlib import suppress
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
        Note by request id, blank where somebody left or made it so. Empty where the file does not exist.

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
        # Any sheet with both headings, since sheets are renamed; where two speak of a request, the students' own does.
        for sheet in sorted(workbook.worksheets, key=lambda s: (s.title == STUDENTS_SHEET, s.title != EARLIER_SHEET)):
            sheet.reset_dimensions()  # what a program wrote down as the used range may be less than there is
            rows = [[_text(v) for v in row] for row in sheet.iter_rows(values_only=True)]
            notes.update(_notes_of(rows))
    finally:
        workbook.close()
    return notes


def _notes_of(rows: list[list[str]]) -> dict[str, str]:
    for number, row in enumerate(rows[:_HEADER_SEARCH]):
        if REQUEST_COLUMN in row and NOTES_COLUMN in row:
            request, note = row.index(REQUEST_COLUMN), row.index(NOTES_COLUMN)
            below = (r for r in rows[number + 1 :] if len(r) > request and r[request])
            return {r[request]: r[note] if len(r) > note else "" for r in below}
    return {}


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def notes_of_reports(newest_last: Iterable[Path]) -> dict[str, str]:
    """The notes of several reports: of each request, that of the newest report that has the request.

    Reports that cannot be read are passed over; they are not replaced either.
    """
    notes: dict[str, str] = {}
    for path in newest_last:
        with suppress(UsageError):
            notes.update(read_notes(path))
    return {request: note for request, note in notes.items() if note}
