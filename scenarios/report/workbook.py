"""The workbook of answers: a sheet that lists them, and a sheet for each question and base."""

import re
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import save
from allocator.report.layout import NOTE_ROW, write_table
from allocator.views.table import Column, Table
from scenarios.answers import Answer
from scenarios.report.words import PERCENT, WHOLE

NOTE_LETTERS, BLANK_COLUMN, LINE_POINTS = 110.0, 8.4, 14
"""How wide an answer is at least, a column without a width, and the height of a line."""
LONGEST_NAME = 31
"""Letters of a sheet's name (Excel's limit)."""
_UNSAFE = re.compile(r"[\[\]:*?/\\']")


def write_answers_workbook(path: Path, title: str, answers: Sequence[Answer]) -> None:
    """Write answers as a workbook, replaced where it exists.

    Parameters
    ----------
    path
        The workbook.
    title
        Of its first sheet.
    answers
        Sheets are in their order.

    Raises
    ------
    UnwrittenError
        The file is open, or cannot be written.
    """
    book = Workbook()
    overview = book.active
    assert overview is not None
    overview.title = "Answers"
    names = _names(answers)
    write_table(
        overview,
        Table(
            title=title, note="One sheet for each answer. Numbers with their wholes; proof beside.",
            columns=(
                Column("Question", 36), Column("On", 18), Column("Answer", 70), Column("Proof", 30),
                Column("Assumed", 40), Column("Why it is asked", 36), Column("Sheet", 18),
            ),
            rows=[
                (a.question, a.base, a.sentence, a.proof, "\n".join((*a.assumes, *a.failed)), a.reason, name)
                for a, name in zip(answers, names, strict=True)
            ],
            paper="A3",
        ),
    )  # fmt: skip
    for answer, name in zip(answers, names, strict=True):
        columns = [
            Column(heading, 30 if n == 0 else 7 if heading in (WHOLE, PERCENT) else 14, "text" if n == 0 else "centred")
            for n, heading in enumerate(answer.table.headings)
        ]
        note = f"{answer.base}: {answer.sentence}"
        table = Table(title=answer.question, note=note, columns=columns, rows=answer.table.rows)
        sheet = book.create_sheet(name)
        write_table(sheet, table)
        _wrap(sheet, note, [c.width for c in columns])
    save(book, path, title, None)


def _wrap(sheet: Worksheet, note: str, widths: Sequence[float]) -> None:
    """The answer in lines over the table, so that the sheet prints no wider than it."""
    count, room = len(widths), sum(widths)
    while room < NOTE_LETTERS:
        count, room = count + 1, room + BLANK_COLUMN
    sheet.merge_cells(start_row=NOTE_ROW, end_row=NOTE_ROW, start_column=1, end_column=count)
    sheet.cell(NOTE_ROW, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[NOTE_ROW].height = LINE_POINTS * ceil(len(note) / (room * 0.9))


def _names(answers: Sequence[Answer]) -> list[str]:
    """A name for each sheet: the scenario, with the base where there are several; none twice."""
    several, taken = len({a.base for a in answers}) > 1, {"answers"}
    names = []
    for answer in answers:
        text = _UNSAFE.sub(" ", f"{answer.scenario} {answer.base}" if several else answer.scenario)
        name, number = text[:LONGEST_NAME], 2
        while name.casefold() in taken:
            end = f" {number}"
            name, number = text[: LONGEST_NAME - len(end)] + end, number + 1
        taken.add(name.casefold())
        names.append(name)
    return names
