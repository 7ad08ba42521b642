"""An answer: a sentence with numbers, a table and a chart, made from the results of a scenario's cases. Data only."""

from typing import Literal

from models.base import Record

ChartKind = Literal[
    "waterfall", "step", "lines", "frontier", "bars", "stacked", "dumbbell", "tornado", "strip", "none",
]  # fmt: skip


class Series(Record):
    """A row of numbers of a chart, one for each of its labels; None where there is none. ``low``, ``high``: a range."""

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


class Chart(Record):
    """What is drawn: labels along one axis, series along the other; ``unit`` says what the numbers count."""

    kind: ChartKind
    labels: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    unit: str = ""
    along: str = ""
    target: float | None = None


class AnswerTable(Record):
    """Headings and rows of cells; numbers stay numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


class Answer(Record):
    """What a question was answered with, on one base.

    ``sentence`` states numbers with their wholes; ``proof`` whether they are proved, or the gap; ``assumes`` what was
    assumed; ``failed`` the cases without a plan, with why. ``plans``: on how many it rests; ``closed``: all are proved;
    ``clashing``, ``failing``: how many cases have none because rules clash, or for another reason; ``faults``: what of
    it fell to faults of the program.
    """

    scenario: str
    question: str
    reason: str
    base: str
    sentence: str
    proof: str
    assumes: tuple[str, ...]
    table: AnswerTable
    chart: Chart
    failed: tuple[str, ...] = ()
    plans: int = 0
    closed: bool = False
    clashing: int = 0
    failing: int = 0
    faults: tuple[str, ...] = ()
