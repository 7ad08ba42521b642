"""Cases along a parameter: lines or steps, and two measures against each other."""

from collections.abc import Sequence

from scenarios.answers.answer import Chart, Series
from scenarios.answers.differences import both_compared
from scenarios.answers.parts import Parts
from scenarios.answers.tables import cases_table
from scenarios.answers.words import base_and_others, number, of_whole, sentence_start, stepped, title_of, value_or_name
from scenarios.model import Measure, Scenario
from scenarios.results import CaseResult


def levels(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Every measure along the cases, in their order, each with its difference from the case before.

    ``words.along`` names the axis, ``words.line`` is lines or step (of the first measure), ``words.at`` stands before
    each value.

    Parameters
    ----------
    scenario
        The sentence speaks of each of its measures.
    results
        Of its cases; the base as it is is in the sentence and the table, and no point of a line unless it is alone.
    """
    base, others = base_and_others(results)
    points = others or results
    words = scenario.answer.words
    measures = [m for m in scenario.answer.measures if not m.by]
    stepped_line = words.get("line") == "step"
    chart = Chart(
        kind="step" if stepped_line else "lines", labels=tuple(value_or_name(r) for r in points),
        unit=words.get("unit", ""), along=words.get("along", ""),
        series=tuple(
            Series(name=title_of(m), values=tuple(float(number(r, m).part) for r in points))
            for m in (measures[:1] if stepped_line else measures)
        ),
    )  # fmt: skip
    sentences = [f"As it is, {title_of(m)}: {of_whole(number(base, m))}." for m in measures[:1] if base]
    sentences += [f"{sentence_start(title_of(m))}: {_along(points, m, words.get('at', 'at'))}." for m in measures]
    return Parts(" ".join(sentences), cases_table(results, measures), chart)


def _along(points: Sequence[CaseResult], measure: Measure, at: str) -> str:
    """The cases one after the other: ``298 of 362 at 3.4; 296 of 362 at 1.8 (-2)``."""
    said, before = [], None
    for result in points:
        told = number(result, measure)
        said.append(f"{stepped(told, before)} {at} {value_or_name(result)}")
        before = told
    return "; ".join(said)


def frontier(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """What one measure costs in another: a point for each case, the first measure along, the second up."""
    along, up = scenario.answer.measures[:2]
    chart = Chart(
        kind="frontier", labels=tuple(r.case for r in results),
        series=tuple(
            Series(name=title_of(m), values=tuple(float(number(r, m).part) for r in results)) for m in (along, up)
        ),
    )  # fmt: skip
    return Parts(both_compared((along, up), results), cases_table(results, scenario.answer.measures), chart)
