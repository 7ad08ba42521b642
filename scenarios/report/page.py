"""The page of answers: one HTML file with charts and tables that opens without a network and prints on A4."""

from collections.abc import Sequence
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from scenarios.answers import Answer
from scenarios.errors import fault_words
from scenarios.report.charts import chart_svg
from scenarios.report.words import headline, merged

_TEMPLATES = Environment(
    loader=PackageLoader("scenarios.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
WIDE = 4
"""A table of more columns stands below its chart, not beside it."""


class Shown(NamedTuple):
    """An answer with what the page needs of it: cells as text, each with whether it is a number."""

    answer: Answer
    chart: str
    fault: str
    about: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]
    wide: bool
    closed: bool


class Question(NamedTuple):
    """A question with its answers, one for each base."""

    name: str
    text: str
    reason: str
    answers: tuple[Shown, ...]


def answers_page(title: str, answers: Sequence[Answer]) -> str:
    """Render answers as a whole HTML document.

    Parameters
    ----------
    title
        Of the page.
    answers
        In the order of the page; those of one question on several bases stand together.
    """
    names = dict.fromkeys(a.scenario for a in answers)
    questions = [_question(name, [a for a in answers if a.scenario == name]) for name in names]
    return _TEMPLATES.get_template("answers.html").render(title=title, below=headline(answers), questions=questions)


def _question(name: str, answers: Sequence[Answer]) -> Question:
    first = answers[0]
    return Question(name, first.question, first.reason, tuple(_shown(a, f"{name}-{n}") for n, a in enumerate(answers)))


def _shown(answer: Answer, name: str) -> Shown:
    headings, rows, numeric = merged(answer.table)
    chart = fault = ""
    try:
        chart = chart_svg(answer.chart, name)
    except MemoryError:
        raise
    except Exception as error:  # a chart that cannot be drawn takes neither its answer nor the others from the page
        fault = f"The chart is missing, by {fault_words(error)}."
    return Shown(
        answer, chart, fault, f"{answer.question} {answer.sentence}",
        tuple(zip(headings, numeric, strict=True)), tuple(tuple(zip(row, numeric, strict=True)) for row in rows),
        len(headings) > WIDE, answer.closed,
    )  # fmt: skip
