"""Cases that are drawn many times: a dot for each draw, median and range, and who matters most."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import mean, median

from models.base import natural_key
from scenarios.answers.answer import AnswerTable, Chart, Series
from scenarios.answers.parts import Parts
from scenarios.answers.words import base_and_others, listed, number, of_whole, sentence_start, title_of
from scenarios.model import Measure, Scenario
from scenarios.results import CaseResult

MOST_NAMED = 5
"""Rows named as those that matter most."""
SEEN_WITH = 2
"""Draws with a row and without it that there must be before anything is said of it."""


def draws(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Each case over its draws: median and range of every measure, and which rows cost most where they go.

    Parameters
    ----------
    scenario
        Its first measure is drawn.
    results
        Of its cases; those of the same name are draws of one.
    """
    measures = [m for m in scenario.answer.measures if not m.by]
    base, others = base_and_others(results)
    by_case: dict[str, list[CaseResult]] = {}
    for result in others:
        by_case.setdefault(result.case, []).append(result)
    first = measures[0]
    sentences = [f"As it is, {title_of(first)}: {of_whole(number(base, first))}."] if base else []
    rows: list[tuple[str | int | float | None, ...]] = []
    for name, drawn in by_case.items():
        told = [f"{title_of(m)}: {_spread(drawn, m)}" for m in measures]
        sentences.append(f"{sentence_start(name)}, {len(drawn)} draws{_going(drawn)}: {'; '.join(told)}.")
        for measure in measures:
            parts = [number(r, measure).part for r in drawn]
            whole = _wholes(drawn, measure)
            rows.append((name, title_of(measure), len(drawn), min(parts), float(median(parts)), max(parts), whole))
    matter = _matter(others, first)
    if matter:
        named = [f"{name} ({difference:+.1f})".replace("-", "\u2212") for name, difference in matter]
        sentences.append(f"Most is lost in draws without {listed(named)}, against draws with them.")
    elif any(r.touched for r in others):
        sentences.append("Nobody stands out: in these draws no one's going is seen to cost any.")
    chart = Chart(
        kind="strip", labels=tuple(by_case), unit=title_of(first),
        series=tuple(
            Series(name=name, values=tuple(float(number(r, first).part) for r in drawn))
            for name, drawn in by_case.items()
        ),
    )  # fmt: skip
    headings = ("case", "measure", "draws", "least", "median", "most", "of")
    return Parts(" ".join(sentences), AnswerTable(headings=headings, rows=tuple(rows)), chart)


def _going(drawn: Sequence[CaseResult]) -> str:
    """How many go in a draw."""
    going = [len(r.touched) for r in drawn]
    if not any(going):
        return ""
    return f", in each of which {min(going)} to {max(going)} go" if min(going) < max(going) else f" of {going[0]} each"


def _spread(drawn: Sequence[CaseResult], measure: Measure) -> str:
    parts = [number(r, measure).part for r in drawn]
    return f"median {median(parts):g}, from {min(parts)} to {max(parts)}, of {_wholes(drawn, measure)}"


def _wholes(drawn: Sequence[CaseResult], measure: Measure) -> str:
    """The whole, which is not the same in all draws where students withdraw."""
    wholes = sorted({number(r, measure).whole for r in drawn})
    return str(wholes[0]) if len(wholes) == 1 else f"{wholes[0]} to {wholes[-1]}"


def _matter(results: Sequence[CaseResult], measure: Measure) -> list[tuple[str, float]]:
    """Rows whose going goes with the greatest loss: mean of draws without them less mean of draws with them."""
    total = [number(r, measure).part for r in results]
    gone: defaultdict[str, list[int]] = defaultdict(list)
    for result in results:
        for name in result.touched:
            gone[name].append(number(result, measure).part)
    found = []
    for name, parts in gone.items():
        if SEEN_WITH <= len(parts) <= len(total) - SEEN_WITH:
            rest = (sum(total) - sum(parts)) / (len(total) - len(parts))
            found.append((name, mean(parts) - rest))
    found.sort(key=lambda item: (item[1], natural_key(item[0])))
    return [(name, difference) for name, difference in found[:MOST_NAMED] if difference < 0]
