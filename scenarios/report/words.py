"""Words that page, workbook and terminal share."""

from collections.abc import Sequence

from scenarios.answers import Answer


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
