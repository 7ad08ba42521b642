"""Cases along a parameter: lines or steps, and two measures against each other."""

from collections.abc import Sequence

from scenarios.answers.answer import Chart, Series
from scenarios.answers.differences import compared
from scenarios.answers.parts import Parts
from scenarios.answers.tables import cases_table
from scenarios.answers.words import base_and_others, listed, number, of_whole, sentence_start, stated, title_of
from scenarios.model import Scenario
from scenarios.results import CaseResult


def levels(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Every measure along the cases, in their order: ``words.along`` names the axis, ``words.line`` is lines or step.

    Parameters
    ----------
    scenario
        Its first measure is the one that the sentence speaks of.
    results
        Of its cases; the base as it is is in the sentence and the table, and no point of a line unless it is alone.
    """
    base, others = base_and_others(results)
    points = others or results
    words = scenario.answer.words
    measures = [m for m in scenario.answer.measures if not m.by]
    chart = Chart(
        kind="step" if words.get("line") == "step" else "lines", labels=tuple(_label(r) for r in points),
        unit=words.get("unit", ""), along=words.get("along", ""),
        series=tuple(
            Series(name=title_of(m), values=tuple(float(number(r, m).part) for r in points)) for m in measures
        ),
    )  # fmt: skip
    sentences = [f"As it is, {title_of(measures[0])}: {of_whole(number(base, measures[0]))}."] if base else []
    told = [f"at {_label(r)} {of_whole(number(r, measures[0]))}" for r in points]
    sentences.append(f"{sentence_start(title_of(measures[0]))} {listed(told)}.")
    for other in measures[1:]:
        told = [f"at {_label(r)} {of_whole(number(r, other))}" for r in points]
        sentences.append(f"{sentence_start(title_of(other))}: {listed(told)}.")
    return Parts(" ".join(sentences), cases_table(results, measures), chart)


def frontier(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """What one measure costs in another: a point for each case, the first measure along, the second up."""
    along, up = scenario.answer.measures[:2]
    base, others = base_and_others(results)
    chart = Chart(
        kind="frontier", labels=tuple(r.case for r in results),
        series=tuple(
            Series(name=title_of(m), values=tuple(float(number(r, m).part) for r in results)) for m in (along, up)
        ),
    )  # fmt: skip
    sentence = compared(along, results)
    placed = [stated(r, up, base) for r in others]
    start = f"as it is {of_whole(number(base, up))}" if base else ""
    sentence += f" {sentence_start(title_of(up))}: {listed([*filter(None, [start]), *placed])}."
    return Parts(sentence, cases_table(results, scenario.answer.measures), chart)


def _label(result: CaseResult) -> str:
    return str(next(iter(result.parameters.values()))) if len(result.parameters) == 1 else result.case
