"""Workbooks that come through a form, and what a page says of them: every problem beside the rows that it is about."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fastapi import Request
from starlette.datastructures import UploadFile

from allocator.reading.as_sent import SheetAsSent
from allocator.views.words import place_words
from api.inputs.sending import Sent, sent
from api.inputs.showing import rows_of_sent
from api.problems import ProblemError, UnusableError
from api.routes.service import Service
from models.errors import AllocationError, InputUnusableError, Issue, Level, RefusedError

ROWS_SHOWN = 6
"""Rows shown beside one problem; the others are named."""
ELSEWHERE = "The workbook as a whole"
"""Where a problem stands that names no sheet."""
LEVELS: Mapping[Level, tuple[str, str]] = {
    "stop": ("Stops the plan", "bad"), "set_aside": ("Row set aside", "bad"), "warning": ("Remark", "warn"),
}  # fmt: skip
"""A level in words, and its tone."""


class RowShown(NamedTuple):
    """A row beside a problem: its number, and its cells, each with whether it is the one that the problem is about."""

    number: int
    cells: tuple[tuple[str, bool], ...]


class Said(NamedTuple):
    """A problem as a page shows it; ``more``: rows that it is about and that are not shown."""

    issue: Issue
    level: str
    tone: str
    where: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[RowShown, ...]
    more: tuple[int, ...]


class OfSheet(NamedTuple):
    """What is said of a sheet, worst first; ``counts`` by level in words."""

    sheet: str
    counts: tuple[tuple[str, str, int], ...]
    said: tuple[Said, ...]


async def workbook_of(request: Request, service: Service) -> Sent | None:
    """The workbook of a form that a page sent.

    Parameters
    ----------
    request
        Of type ``multipart/form-data``, with a file ``workbook``.
    service
        Its settings limit how large it may be when it is unpacked.

    Returns
    -------
    Sent | None
        None where no file was chosen.
    """
    form = await request.form()
    file = form.get("workbook")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            return None
        return sent(await file.read(), file.filename, service.settings.unpacked_bytes)
    finally:
        await form.close()


def chosen(workbook: Sent | None) -> Sent:
    """A workbook that has to be there.

    Raises
    ------
    UnusableError
        No file was chosen.
    """
    if workbook is None:
        raise UnusableError("No file was chosen. Choose a workbook (.xlsx) first.")
    return workbook


def issues_of(error: AllocationError) -> tuple[Issue, ...]:
    """Every single thing that an error names."""
    return error.issues if isinstance(error, InputUnusableError | ProblemError | RefusedError) else ()


async def beside_rows(service: Service, sent: Sent | None, issues: tuple[Issue, ...]) -> tuple[OfSheet, ...]:
    """What is said of a workbook, by sheet, each beside the rows that it is about.

    Parameters
    ----------
    service
        Reads it, in a process of its own.
    sent
        The workbook.
    issues
        What the library says of it.
    """
    wanted: dict[str, set[int]] = {}
    for issue in issues:
        if issue.sheet:
            wanted.setdefault(issue.sheet, set()).update(_numbers(issue)[:ROWS_SHOWN])
    sheets = await service.apart.run(rows_of_sent, sent, wanted) if sent and wanted else {}
    return by_sheet(issues, sheets)


def by_sheet(issues: Iterable[Issue], sheets: Mapping[str, SheetAsSent]) -> tuple[OfSheet, ...]:
    """The same, where the rows were read.

    Parameters
    ----------
    issues
        In the order of the library, worst first.
    sheets
        Rows as they stand in the workbook, by sheet.
    """
    grouped: dict[str, list[Said]] = {}
    for issue in issues:
        grouped.setdefault(issue.sheet or ELSEWHERE, []).append(_said(issue, sheets.get(issue.sheet or "")))
    return tuple(OfSheet(sheet, _counts(said), tuple(said)) for sheet, said in grouped.items())


def _counts(said: list[Said]) -> tuple[tuple[str, str, int], ...]:
    numbers = {level: sum(s.issue.level == level for s in said) for level in LEVELS}
    return tuple((*LEVELS[level], number) for level, number in numbers.items() if number)


def _said(issue: Issue, sheet: SheetAsSent | None) -> Said:
    numbers = _numbers(issue)
    there = [n for n in numbers if sheet is not None and n in sheet.rows][:ROWS_SHOWN]
    headings: tuple[tuple[str, bool], ...] = ()
    rows: tuple[RowShown, ...] = ()
    if sheet is not None and there:
        about = [name == issue.column for name in sheet.columns]
        # Columns that are blank in all of these rows say nothing, but for the one that the problem is about.
        kept = [n for n, bad in enumerate(about) if n == 0 or bad or any(sheet.rows[number][n] for number in there)]
        first = kept[0]
        kept.sort(key=lambda n: (n != first, not about[n]))  # what is wrong is in view, beside whom it is about
        headings = tuple((sheet.headings[n], about[n]) for n in kept)
        rows = tuple(RowShown(number, tuple((sheet.rows[number][n], about[n]) for n in kept)) for number in there)
    more = tuple(n for n in numbers if n not in there) if there else ()
    return Said(issue, *LEVELS[issue.level], place_words(issue), headings, rows, more)


def _numbers(issue: Issue) -> tuple[int, ...]:
    return issue.rows or ((issue.row,) if issue.row is not None else ())
