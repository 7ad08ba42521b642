"""Workbooks that come through a form, and what a page says of them: every problem beside the rows that it is about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fastapi import Request
from starlette.datastructures import UploadFile

from allocator.reading.as_sent import SheetAsSent
from allocator.reading.codes import ISSUE_KINDS
from allocator.reading.grouping import COSTS
from allocator.views.words import counted, place_words, rows_aside
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
    """A problem as a page shows it, with what is to be done; ``more``: rows that it is about and that are not shown.

    ``follows``: problems that come of it, which are about its rows and have no other cause.
    """

    issue: Issue
    level: str
    tone: str
    where: str
    remedy: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[RowShown, ...]
    more: tuple[int, ...]
    follows: tuple[Issue, ...] = ()


class OfSheet(NamedTuple):
    """What is said of a sheet, worst first; ``counts`` by level in words: rows that are set aside, else problems."""

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
    grouped: dict[str, list[Issue]] = {}
    for issue in issues:
        grouped.setdefault(issue.sheet or ELSEWHERE, []).append(issue)
    return tuple(OfSheet(name, _counts(of), _said_once(of, sheets.get(name))) for name, of in grouped.items())


def said_in_words(issues: Iterable[Issue]) -> str:
    """How much is said of a workbook: ``2 rows set aside, 1 remark``; empty where it is nothing."""
    numbers = _numbers_of(tuple(issues))
    counts = (counted(numbers["stop"], "problem"), f"{counted(numbers['set_aside'], 'row')} set aside",
              counted(numbers["warning"], "remark"))  # fmt: skip
    return ", ".join(words for words, number in zip(counts, numbers.values(), strict=True) if number)


def _counts(issues: Sequence[Issue]) -> tuple[tuple[str, str, int], ...]:
    return tuple((*LEVELS[level], number) for level, number in _numbers_of(issues).items() if number)


def _numbers_of(issues: Sequence[Issue]) -> dict[Level, int]:
    """By level: how many rows are set aside, however much is said of one; of the other levels how many problems."""
    numbers: dict[Level, int] = {level: sum(i.level == level for i in issues) for level in LEVELS}
    return numbers | {"set_aside": rows_aside(issues)[1]}


def _said_once(issues: Sequence[Issue], sheet: SheetAsSent | None) -> tuple[Said, ...]:
    """The problems of a sheet, worst first; what comes of another, of the same rows, is said with that one."""
    causes = [issue for issue in issues if issue.code not in COSTS]
    follows: dict[int, list[Issue]] = {}
    alone = list(causes)
    for issue in issues:
        if issue.code in COSTS:
            cause = next((n for n, other in enumerate(causes) if _is_cause(other, issue)), None)
            if cause is None:
                alone.append(issue)
            else:
                follows.setdefault(cause, []).append(issue)
    said = [_said(issue, sheet, follows.get(n, ())) for n, issue in enumerate(alone)]
    return tuple(sorted(said, key=lambda one: list(LEVELS.values()).index((one.level, one.tone))))


def _is_cause(issue: Issue, cost: Issue) -> bool:
    """Whether a cost is of the rows of a problem that leads to it: of its own column, where it names one."""
    rows = set(_numbers(cost))
    leads = issue.column == cost.column if cost.column else issue.level == "set_aside"
    return leads and bool(rows) and rows <= set(_numbers(issue))


def _said(issue: Issue, sheet: SheetAsSent | None, follows: Sequence[Issue] = ()) -> Said:
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
    worst = min((issue.level, *(i.level for i in follows)), key=list(LEVELS).index)
    return Said(issue, *LEVELS[worst], place_words(issue), _remedy(issue), headings, rows, more, tuple(follows))


def _remedy(issue: Issue) -> str:
    """What is to be done, for whoever has no command line."""
    kind = ISSUE_KINDS.get(issue.code)
    return (kind.on_page if kind else "") or issue.remedy or ""


def _numbers(issue: Issue) -> tuple[int, ...]:
    return issue.rows or ((issue.row,) if issue.row is not None else ())
