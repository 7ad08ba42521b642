"""Agency by agency: bars before and after, the fair-share range as dumbbells, who takes over as stacked bars."""

from collections.abc import Sequence

from models.base import natural_key
from scenarios.answers.answer import AnswerTable, Chart, Series
from scenarios.answers.differences import beside, compared
from scenarios.answers.parts import Parts
from scenarios.answers.words import base_and_others, listed, number, others_words, sentence_start, signed, title_of
from scenarios.measures import name_of
from scenarios.model import Measure, Scenario
from scenarios.results import CaseResult, Measured

RANGE = Measure(name="range", by="agency")
MOST_NAMED = 6


def groups_of(results: Sequence[CaseResult], measure: Measure) -> list[str]:
    """The groups of a measure in any of the cases, in natural order."""
    found = {m.group for r in results for m in r.measured if m.measure == name_of(measure)}
    return sorted(found, key=natural_key)


def bars_by_agency(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """The second measure, which is by agency, in every case; the sentence speaks of the first, which is of all."""
    whole, by = scenario.answer.measures[:2]
    base, others = base_and_others(results)
    groups = groups_of(results, by)
    chart = Chart(
        kind="bars", labels=tuple(groups), unit=title_of(by),
        series=tuple(
            Series(name=r.case, values=tuple(float(number(r, by, g).part) for g in groups)) for r in results
        ),
    )  # fmt: skip
    table = AnswerTable(
        headings=("agency", *(r.case for r in results)),
        rows=tuple((g, *(number(r, by, g).part for r in results)) for g in groups),
    )
    sentence = compared(whole, results) + beside(_of_all(scenario), results)
    if base is not None and len(others) == 1:
        sentence += _most_changed(base, others[0], by, groups)
    return Parts(sentence, table, chart)


def _of_all(scenario: Scenario) -> list[Measure]:
    """The measures behind the first that are not by groups."""
    return [m for m in scenario.answer.measures[1:] if not m.by]


def _most_changed(base: CaseResult, other: CaseResult, by: Measure, groups: Sequence[str]) -> str:
    steps = {g: number(other, by, g).part - number(base, by, g).part for g in groups}
    more = sorted((g for g in groups if steps[g] > 0), key=lambda g: -steps[g])
    fewer = sorted((g for g in groups if steps[g] < 0), key=lambda g: steps[g])
    said = []
    for word, found in (("more", more), ("fewer", fewer)):
        if found:
            named = [f"{g} ({signed(steps[g])})" for g in found[:MOST_NAMED]]
            rest = [others_words(len(found) - MOST_NAMED)] if len(found) > MOST_NAMED else []
            said.append(f" {sentence_start(word)}: {listed([*named, *rest])}.")
    return "".join(said) or " No agency has more or fewer."


def dumbbell(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """The second measure by agency in the base and in the first other case with a plan, with its fair-share range."""
    whole, by = scenario.answer.measures[:2]
    base, others = base_and_others(results)
    if base is None or not others:
        return bars_by_agency(scenario, results) if base is None else _range_alone(base, whole, by)
    other = others[0]
    ranges = _ranges(other)
    groups = [g for g in groups_of(results, by) if number(base, by, g).part or number(other, by, g).part or g in ranges]
    chart = Chart(
        kind="dumbbell", labels=tuple(groups), unit=title_of(by),
        series=(
            Series(name=base.case, values=tuple(float(number(base, by, g).part) for g in groups)),
            Series(
                name=other.case, values=tuple(float(number(other, by, g).part) for g in groups),
                low=tuple(float(ranges[g].part) if g in ranges else None for g in groups),
                high=tuple(float(ranges[g].whole) if g in ranges else None for g in groups),
            ),
        ),
    )  # fmt: skip
    rows = tuple(
        (
            g, number(base, by, g).part, number(other, by, g).part,
            number(other, by, g).part - number(base, by, g).part,
            ranges[g].part if g in ranges else None, ranges[g].whole if g in ranges else None,
        )
        for g in groups
    )  # fmt: skip
    table = AnswerTable(headings=("agency", base.case, other.case, "difference", "range from", "to"), rows=rows)
    affected = other.affected
    students = (
        f" Requests that lose their place: {len(affected.lost)}; that get one: {len(affected.gained)}; "
        f"that move: {len(affected.moved)}."
    )
    sentence = compared(whole, results) + _outside(base, by)
    with_range = f" {sentence_start(other.case)}:" if len(others) > 1 else ""
    return Parts(f"{sentence}{with_range}{_most_changed(base, other, by, groups)}{students}", table, chart)


def _range_alone(base: CaseResult, whole: Measure, by: Measure) -> Parts:
    """The base against the range alone: no plan keeps it. Each agency beside what is nearest in its range."""
    ranges = _ranges(base)
    used = {g: number(base, by, g).part for g in ranges}
    nearest = {g: min(max(used[g], fair.part), fair.whole) for g, fair in ranges.items()}
    chart = Chart(
        kind="dumbbell", labels=tuple(ranges), unit=title_of(by),
        series=(
            Series(name=base.case, values=tuple(map(float, used.values()))),
            Series(
                name="nearest in the range", values=tuple(map(float, nearest.values())),
                low=tuple(float(fair.part) for fair in ranges.values()),
                high=tuple(float(fair.whole) for fair in ranges.values()),
            ),
        ),
    )  # fmt: skip
    rows = tuple((g, used[g], fair.part, fair.whole, nearest[g] - used[g]) for g, fair in ranges.items())
    headings = ("agency", base.case, "range from", "to", "more or fewer to be in the range")
    return Parts(compared(whole, [base]) + _outside(base, by), AnswerTable(headings=headings, rows=rows), chart)


def _ranges(result: CaseResult) -> dict[str, Measured]:
    return {m.group: m for m in result.measured if m.measure == name_of(RANGE)}


def _outside(base: CaseResult, by: Measure) -> str:
    """Agencies below and above their fair-share range as it is."""
    ranges = _ranges(base)
    used = {g: number(base, by, g).part for g in ranges}
    said = []
    for word, found in (
        ("below", [g for g, fair in ranges.items() if used[g] < fair.part]),
        ("above", [g for g, fair in ranges.items() if used[g] > fair.whole]),
    ):
        if found:
            named = [f"{g} ({used[g]}, range {ranges[g].part} to {ranges[g].whole})" for g in found[:MOST_NAMED]]
            rest = [others_words(len(found) - MOST_NAMED)] if len(found) > MOST_NAMED else []
            said.append(f" As it is, {word} their range: {listed([*named, *rest])}.")
    return "".join(said) if said or not ranges else " As it is, every agency is within its range."


def takes_over(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Who has the placements in the one other case: what each agency has in both, and what it has more (stacked)."""
    whole, by = scenario.answer.measures[:2]
    base, others = base_and_others(results)
    if base is None or len(others) != 1:
        return bars_by_agency(scenario, results)
    other = others[0]
    groups = [g for g in groups_of(results, by) if number(base, by, g).part or number(other, by, g).part]
    groups.sort(key=lambda g: number(other, by, g).part == 0)
    both = [min(number(base, by, g).part, number(other, by, g).part) for g in groups]
    more = [max(0, number(other, by, g).part - number(base, by, g).part) for g in groups]
    fewer = [max(0, number(base, by, g).part - number(other, by, g).part) for g in groups]
    chart = Chart(
        kind="stacked", labels=tuple(groups), unit=title_of(by),
        series=(
            Series(name="in both", values=tuple(map(float, both))),
            Series(name=f"more: {other.case}", values=tuple(map(float, more))),
            Series(name=f"fewer: {other.case}", values=tuple(map(float, fewer))),
        ),
    )  # fmt: skip
    rows = tuple(
        (g, number(base, by, g).part, number(other, by, g).part, m - f)
        for g, m, f in zip(groups, more, fewer, strict=True)
    )
    table = AnswerTable(headings=("agency", base.case, other.case, "difference"), rows=rows)
    sentence = compared(whole, results) + beside(_of_all(scenario), results)
    return Parts(sentence + _most_changed(base, other, by, groups), table, chart)
