"""Answers on the terminal: question, sentence, table, proof."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from allocator.commands.printing import out_console
from scenarios.answers import Answer
from scenarios.report.words import merged

MOST_ROWS = 24
"""Rows of a table that the terminal shows; page and workbook have them all."""
FIRST_COLUMN = 30
"""Letters that the first column takes at most."""


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
    headings, rows, _ = merged(answer.table)
    fitting = _fitting(headings, rows)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for n, heading in enumerate(headings[:fitting]):
        table.add_column(escape(heading), justify="left" if n == 0 else "right", overflow="fold")
    for row in rows[:MOST_ROWS]:
        table.add_row(*(escape(text) for text in row[:fitting]))
    left = [f"{len(rows) - MOST_ROWS} more rows"] if len(rows) > MOST_ROWS else []
    left += [f"{len(headings) - fitting} more columns"] if len(headings) > fitting else []
    if left:
        table.caption = f"{' and '.join(left)} in the workbook and on the page."
    return table


def _fitting(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns the terminal holds, each as wide as its longest cell and the longest word of its heading."""
    room = out_console.width
    for n, heading in enumerate(headings):
        words = max((len(word) for word in heading.split()), default=0)
        cells = max((len(row[n]) for row in rows), default=0)
        room -= max(words, cells if n else min(cells, FIRST_COLUMN)) + 2
        if room < 0 and n > 1:
            return n
    return len(headings)
