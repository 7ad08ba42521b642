"""Demand that grows: who is left without a place, by programme and stage, and where it breaks first; caps as curves."""

from collections.abc import Mapping, Sequence

from scenarios.answers.answer import AnswerTable, Chart, Series
from scenarios.answers.by_agency import groups_of
from scenarios.answers.parts import Parts
from scenarios.answers.tables import Cell, cases_table
from scenarios.answers.words import base_and_others, listed, number, of_whole, sentence_start, title_of, with_percent
from scenarios.model import Measure, Scenario, Value
from scenarios.results import CaseResult

MOST_LINES = 6
"""Lines of a chart of groups."""


def capacity(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Requests without a place along the one parameter of the grid, a line for each group of each measure by groups.

    Parameters
    ----------
    scenario
        Measures by programme, one for each stage; one that is of all is in the sentence.
    results
        Of its cases, in the order of the parameter.
    """
    whole = next(m for m in scenario.answer.measures if not m.by)
    grouped = [m for m in scenario.answer.measures if m.by]
    base, points = base_and_others(results)
    labels = [str(next(iter(r.parameters.values()), r.case)) for r in points]
    lines = [(m, g) for m in grouped for g in groups_of(points, m)]
    left = {(m, g): [number(r, m, g).whole - number(r, m, g).part for r in points] for m, g in lines}
    lines = [line for line in lines if any(left[line])]
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        measure, group = line
        cells: list[Cell] = [f"{group} {measure.stage}"]
        for result, open_ones in zip(points, left[line], strict=True):
            cells += [open_ones, number(result, measure, group).whole]
        rows.append(tuple(cells))
    start = "" if base is None else f"As it is, {title_of(whole)}: {of_whole(number(base, whole))}. "
    sign = scenario.answer.words.get("sign", "")
    told = [f"{of_whole(number(r, whole))} at {label}{sign}" for r, label in zip(points, labels, strict=True)]
    sentence = f"{start}{sentence_start(title_of(whole))}: {listed(told)}."
    numbers = [number(r, whole) for r in points]
    if len({n.part for n in numbers}) == 1 < len({n.whole for n in numbers}):
        sentence += " However many more come, no more are placed."
    chart = Chart(
        kind="lines", labels=tuple(labels), unit="requests without a place",
        along=scenario.answer.words.get("along", ""),
        series=tuple(
            Series(name=f"{g} {m.stage}", values=tuple(map(float, left[m, g]))) for m, g in _drawn(lines, left)
        ),
    )  # fmt: skip
    headings = ("group", *(h for label in labels for h in (f"without a place at {label}{sign}", "of")))
    table = AnswerTable(headings=headings, rows=tuple(rows))
    return Parts(sentence + _breaks(points, [f"{label}{sign}" for label in labels], lines, left), table, chart)


def _drawn(
    lines: Sequence[tuple[Measure, str]], left: Mapping[tuple[Measure, str], Sequence[int]]
) -> list[tuple[Measure, str]]:
    """The lines that rise most, so that a chart can be read; the table has them all."""
    most = sorted(lines, key=lambda line: left[line][0] - left[line][-1])[:MOST_LINES]
    return [line for line in lines if line in most]


def _breaks(
    points: Sequence[CaseResult], labels: Sequence[str], lines: Sequence[tuple[Measure, str]],
    left: dict[tuple[Measure, str], list[int]],
) -> str:  # fmt: skip
    """Where the share without a place rises most at the first step at which anything rises."""
    for n in range(1, len(points)):
        rises = []
        for m, g in lines:
            now, then = number(points[n], m, g), number(points[0], m, g)
            share = (now.whole - now.part) / now.whole if now.whole else 0.0
            before = (then.whole - then.part) / then.whole if then.whole else 0.0
            if share > before:
                rises.append((share - before, f"{g} {m.stage}s", left[m, g][0], then.whole, left[m, g][n], now.whole))
        if rises:
            _, name, was, was_of, is_, is_of = max(rises)
            return (
                f" It breaks first for {name}, at {labels[n]}: {was} of {was_of} had no place at {labels[0]}, "
                f"{is_} of {is_of} then."
            )
    return " No group's share without a place rises."


def curves(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """The first measure along the last parameter of the grid, a line for each value of the one before it.

    ``words`` has the name of a line under the value of its parameter.
    """
    measures = [m for m in scenario.answer.measures if not m.by]
    base, points = base_and_others(results)
    names = scenario.answer.words
    by_line: dict[Value, list[CaseResult]] = {}
    for result in points:
        by_line.setdefault(list(result.parameters.values())[-2], []).append(result)
    labels = list(dict.fromkeys(str(list(r.parameters.values())[-1]) for r in points))
    chart = Chart(
        kind="lines", labels=tuple(labels), unit=title_of(measures[0]), along=names.get("along", ""),
        series=tuple(
            Series(
                name=names.get(str(line), str(line)), values=tuple(float(number(r, measures[0]).part) for r in drawn)
            )
            for line, drawn in by_line.items()
        ),
    )  # fmt: skip
    sentences = []
    if base is not None:
        sentences.append(f"As it is, {title_of(measures[0])}: {of_whole(number(base, measures[0]))}.")
        stands = [f"{title_of(m)}: {with_percent(number(base, m))}" for m in measures[1:]]
        sentences += [f"{sentence_start('; '.join(stands))}."] if stands else []
    for line, drawn in by_line.items():
        sentences.append(
            f"{sentence_start(names.get(str(line), str(line)))}: {_steps(drawn, measures[0], names.get('sign', ''))}."
        )
    table = cases_table(results, measures, label=lambda r: _curve_name(r, names))
    return Parts(" ".join(sentences), table, chart)


def _curve_name(result: CaseResult, names: Mapping[str, str]) -> str:
    """A case by its line and its place on it."""
    if not result.parameters:
        return result.case
    line, at = list(result.parameters.values())[-2:]
    return f"{names.get(str(line), str(line))}: {at}"


def _steps(drawn: Sequence[CaseResult], measure: Measure, sign: str) -> str:
    """A line in words: equal neighbours are one."""
    said: list[list[str]] = []
    for result in drawn:
        label, told = str(list(result.parameters.values())[-1]) + sign, of_whole(number(result, measure))
        if said and said[-1][2] == told:
            said[-1][1] = label
        else:
            said.append([label, label, told])
    return ", ".join(f"{told} at {a}" if a == b else f"{told} from {a} to {b}" for a, b, told in said)
