"""What a kind of answer gives: sentence, table, chart."""

from typing import NamedTuple

from scenarios.answers.answer import AnswerTable, Chart


class Parts(NamedTuple):
    """The parts of an answer that differ by its kind; ``assumes`` is what the kind itself assumes."""

    sentence: str
    table: AnswerTable
    chart: Chart
    assumes: tuple[str, ...] = ()
