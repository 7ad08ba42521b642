"""The table that most kinds of answers share: cases down, measures along, who is affected at the end."""

from collections.abc import Callable, Sequence

from scenarios.answers.answer import AnswerTable
from scenarios.answers.words import number, percent_of, title_of
from scenarios.model import Measure
from scenarios.results import CaseResult

Cell = str | int | float | None


def cases_table(
    results: Sequence[CaseResult], measures: Sequence[Measure], label: Callable[[CaseResult], str] = lambda r: r.case
) -> AnswerTable:
    """A row for each case: every measure with its whole and percent, then requests placed, lost and moved.

    Parameters
    ----------
    results
        Of cases with a plan.
    measures
        Those that are not by groups are shown.
    label
        What a case is called.
    """
    shown = [m for m in measures if not m.by]
    rows = []
    for result in results:
        cells: list[Cell] = [label(result)]
        for measure in shown:
            told = number(result, measure)
            share = percent_of(told)
            cells += [told.part, told.whole, None if share is None else round(share, 1)]
        affected = result.affected
        rows.append((*cells, len(affected.gained), len(affected.lost), len(affected.moved)))
    headings = [h for m in shown for h in (title_of(m), "of", "%")]
    return AnswerTable(headings=("case", *headings, "newly placed", "not placed any more", "moved"), rows=tuple(rows))
