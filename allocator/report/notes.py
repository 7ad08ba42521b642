"""Notes that the team types into the meeting workbook, carried from run to run by request id."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from allocator.report.cells import put
from allocator.report.layout import cell_at
from allocator.views.students import EARLIER_SHEET, NOTES_COLUMN, REQUEST_COLUMN, STUDENTS_SHEET
from models.errors import UsageError

_HEADER_SEARCH = 12
"""Rows in which the headings are looked for: people insert rows above a table."""
_SEEN_SHEET = "Notes seen"
"""A sheet that nobody sees: the notes of the reports that lay beside this one when it was written."""
_SEEN_COLUMNS = ("Request seen", "Note seen")


class _Report(NamedTuple):
    """The notes of a report by request, and the notes by request that it was written in the knowledge of."""

    notes: dict[str, str]
    seen: frozenset[tuple[str, str]]


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
    return _read(path).notes


def notes_of_reports(newest_last: Iterable[Path]) -> dict[str, str]:
    """The notes of several reports: of each request, that of the newest report that has the request.

    A report may be saved late and know less: one that was open while the next was written beside it. So where one was
    written in the knowledge of another's note and now says otherwise, it goes before the other, whichever was saved
    last. Reports that cannot be read are passed over; they are not replaced either.

    Parameters
    ----------
    newest_last
        The reports, as they were saved.

    Returns
    -------
    dict
        Note by request id.
    """
    reports = _readable(newest_last)
    requests = dict.fromkeys(request for report in reports for request in report.notes)
    notes = {request: _newest(request, [r for r in reports if request in r.notes]) for request in requests}
    return {request: note for request, note in notes.items() if note}


def keep_seen(workbook: Workbook, beside: Iterable[Path]) -> None:
    """Let a report hold the notes of those that lie beside it, so that it is known later which of them are older.

    Parameters
    ----------
    workbook
        The report, before it is saved; without others beside it, it holds nothing about any.
    beside
        The other reports.
    """
    if _SEEN_SHEET in workbook.sheetnames:
        workbook.remove(workbook[_SEEN_SHEET])
    seen = sorted({pair for report in _readable(beside) for pair in report.notes.items()})
    if seen:
        sheet = workbook.create_sheet(_SEEN_SHEET)
        sheet.sheet_state = "veryHidden"
        for number, pair in enumerate((_SEEN_COLUMNS, *seen), start=1):
            for position, text in enumerate(pair, start=1):
                put(cell_at(sheet, number, position), text)


def _newest(request: str, reports: Sequence[_Report]) -> str:
    """The note of a request: that of the last report, of those that no other one has seen and put right."""

    def corrects(one: _Report, other: _Report) -> bool:
        note = other.notes[request]
        return one.notes[request] != note and (request, note) in one.seen

    standing = [r for r in reports if not any(corrects(o, r) and not corrects(r, o) for o in reports)]
    return (standing or reports)[-1].notes[request]


def _readable(paths: Iterable[Path]) -> list[_Report]:
    reports = []
    for path in paths:
        with suppress(UsageError):
            reports.append(_read(path))
    return reports


def _read(path: Path) -> _Report:
    if not path.exists():
        return _Report({}, frozenset())
    try:
        return _report_in(path)
    except (OSError, InvalidFileException, BadZipFile, SyntaxError, KeyError, ValueError, EOFError) as error:
        raise UsageError(f"{path.name} cannot be read, and its notes would be lost: move it away first") from error


def _report_in(path: Path) -> _Report:
    workbook = load_workbook(path, read_only=True)
    notes: dict[str, str] = {}
    seen: list[tuple[str, str]] = []
    try:
        # Any sheet with both headings, since sheets are renamed; where two speak of a request, the students' own does.
        for sheet in sorted(workbook.worksheets, key=lambda s: (s.title == STUDENTS_SHEET, s.title != EARLIER_SHEET)):
            sheet.reset_dimensions()  # what a program wrote down as the used range may be less than there is
            rows = [[_text(v) for v in row] for row in sheet.iter_rows(values_only=True)]
            notes.update(_pairs(rows, (REQUEST_COLUMN, NOTES_COLUMN)))
            seen += _pairs(rows, _SEEN_COLUMNS)
    finally:
        workbook.close()
    return _Report(notes, frozenset(seen))


def _pairs(rows: list[list[str]], headings: tuple[str, str]) -> list[tuple[str, str]]:
    """What stands under two headings, row by row; nothing where a sheet has not both."""
    for number, row in enumerate(rows[:_HEADER_SEARCH]):
        if set(headings) <= set(row):
            request, note = (row.index(heading) for heading in headings)
            below = (r for r in rows[number + 1 :] if len(r) > request and r[request])
            return [(r[request], r[note] if len(r) > note else "") for r in below]
    return []


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
