"""Words that page, workbook and terminal share."""

from collections.abc import Iterable, Sequence

from scenarios.answers import Answer
from scenarios.answers.answer import AnswerTable

WHOLE, PERCENT = "of", "%"
"""The headings behind a number that has a whole, and a percent."""


def cell_text(value: str | int | float | None) -> str:
    """A cell of a table as text: true minus signs, a dash for nothing."""
    if value is None:
        return "\u2013"
    if isinstance(value, str):
        return value
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text.replace("-", "\u2212")


def headline(answers: Sequence[Answer]) -> str:
    """What the answers are about, and whether all is proved, in a sentence."""
    bases = list(dict.fromkeys(a.base for a in answers))
    questions = len({a.scenario for a in answers})
    counted = f"{questions} question{'s' if questions != 1 else ''} on {' and '.join(bases)}."
    plans = sum(a.plans for a in answers)
    still_open = [a for a in answers if not a.closed]
    if not still_open:
        return f"{counted} {plans} plans, every tier of each proved."
    names = ", ".join(dict.fromkeys(a.scenario for a in still_open))
    return f"{counted} {plans} plans; not everything is proved in: {names}."


def merged(table: AnswerTable) -> tuple[list[str], list[list[str]], list[bool]]:
    """Number, whole and percent in one column, for people: ``45 of 52 (87%)``.

    Returns
    -------
    tuple of list
        Headings; rows; of each column whether it holds numbers.
    """
    headings = table.headings
    starts = [n for n, heading in enumerate(headings) if heading not in (WHOLE, PERCENT)]
    ends = [*starts[1:], len(headings)]
    rows = [
        [_share_text(row[a:b]) if b > a + 1 else cell_text(row[a]) for a, b in zip(starts, ends, strict=True)]
        for row in table.rows
    ]
    numeric = [_is_number(row[n] for row in table.rows) for n in starts]
    return [headings[n] for n in starts], rows, numeric


def _share_text(cells: Sequence[str | int | float | None]) -> str:
    text = f"{cell_text(cells[0])} of {cell_text(cells[1])}"
    percent = cells[2] if len(cells) > 2 else None
    return f"{text} ({percent:.0f}%)" if isinstance(percent, int | float) else text


def _is_number(cells: Iterable[object]) -> bool:
    found = [c for c in cells if c is not None]
    return bool(found) and all(isinstance(c, int | float) for c in found)
