"""The general answer: every case against the base as it is, measure by measure."""

from collections.abc import Sequence

from scenarios.answers.answer import AnswerTable, Chart, Series
from scenarios.answers.parts import Parts
from scenarios.answers.words import number, of_whole, percent_of, sentence_start, signed, title_of, turned
from scenarios.model import AS_IT_IS, Scenario
from scenarios.results import CaseResult


def differences(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Each case beside the base as it is: numbers with their wholes, and bars.

    Parameters
    ----------
    scenario
        Its measures; the first is the one that the sentence speaks of.
    results
        Of its cases, each with a plan and drawn once.
    """
    measures = scenario.answer.measures
    first, base = measures[0], next((r for r in results if r.case == AS_IT_IS), None)
    sentences = []
    for result in results:
        told = number(result, first)
        if base is None or result is base:
            sentences.append(f"{sentence_start(result.case)}, {title_of(first)}: {of_whole(told)}.")
            continue
        before = number(base, first)
        sentences.append(f"{sentence_start(result.case)}: {of_whole(told)} ({signed(told.part - before.part)}).")
        sentences.append(turned(before, told))
    rows: list[tuple[str | int | float | None, ...]] = []
    for result in results:
        cells: list[str | int | float | None] = [result.case]
        for measure in measures:
            told = number(result, measure)
            cells += [told.part, told.whole, _rounded(percent_of(told))]
        rows.append((*cells, len(result.affected.gained), len(result.affected.lost), len(result.affected.moved)))
    headings = [h for m in measures for h in (title_of(m), "of", "%")]
    table = AnswerTable(headings=("case", *headings, "newly placed", "not placed any more", "moved"), rows=tuple(rows))
    parts = {m: tuple(float(number(r, m).part) for r in results) for m in measures}
    chart = Chart(
        kind="bars", labels=tuple(r.case for r in results), unit=title_of(first),
        series=tuple(Series(name=title_of(m), values=values) for m, values in parts.items()),
    )  # fmt: skip
    return Parts(" ".join(filter(None, sentences)), table, chart)


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 1)
