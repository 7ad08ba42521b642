"""Answers on the terminal: question, sentence, table, proof."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from scenarios.answers import Answer
from scenarios.report.words import cell_text

MOST_ROWS = 24
"""Rows of a table that the terminal shows; page and workbook have them all."""


def shown(answer: Answer, *, with_base: bool) -> RenderableType:
    """An answer as the terminal shows it.

    Parameters
    ----------
    answer
        What is shown.
    with_base
        Whether the base is named: there are several.
    """
    title = f"{answer.question} ({answer.base})" if with_base else answer.question
    parts: list[RenderableType] = [Text(title, style="bold"), Text(answer.sentence)]
    if answer.table.rows:
        parts.append(_table(answer))
    parts.append(Text(answer.proof, style="green" if answer.closed else "yellow"))
    parts += [Text(f"No plan: {line}", style="red") for line in answer.failed]
    parts += [Text(f"Assumed: {line}", style="dim") for line in answer.assumes]
    return Group(*parts, Text(""))


def _table(answer: Answer) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    rows: Sequence[tuple[str | int | float | None, ...]] = answer.table.rows[:MOST_ROWS]
    for n, heading in enumerate(answer.table.headings):
        numeric = all(row[n] is None or isinstance(row[n], int | float) for row in rows)
        table.add_column(escape(heading), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell_text(value)) for value in row))
    if len(answer.table.rows) > MOST_ROWS:
        table.caption = f"{len(answer.table.rows) - MOST_ROWS} more rows in the workbook and on the page."
    return table
