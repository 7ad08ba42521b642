"""Every case against the base as it is: as bars, as steps from the base, or sorted by what each costs."""

from collections.abc import Sequence

from scenarios.answers.answer import Chart, Series
from scenarios.answers.parts import Parts
from scenarios.answers.tables import cases_table
from scenarios.answers.words import (
    base_and_others,
    listed,
    number,
    of_whole,
    sentence_start,
    signed,
    stated,
    title_of,
    turned,
)  # fmt: skip
from scenarios.model import Measure, Scenario
from scenarios.results import CaseResult

MOST_NAMED = 6
"""Cases that a sentence names; the table has them all."""
DO_NOT_ADD = "Each case is solved by itself, so differences do not add up: one place may be blocked twice."


def differences(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Each case beside the base, in their order, as bars of every measure.

    Parameters
    ----------
    scenario
        Its measures; the first is the one that the sentence speaks of.
    results
        Of its cases, each with a plan.
    """
    measures = [m for m in scenario.answer.measures if not m.by]
    parts = {m: tuple(float(number(r, m).part) for r in results) for m in measures}
    chart = Chart(
        kind="none" if scenario.answer.words.get("chart") == "none" else "bars",
        labels=tuple(r.case for r in results), unit=title_of(measures[0]) if len(measures) == 1 else "",
        series=tuple(Series(name=title_of(m), values=values) for m, values in parts.items()),
    )  # fmt: skip
    return Parts(compared(measures[0], results), cases_table(results, measures), chart)


def worth(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """What each case is worth by itself: steps from the base as it is (waterfall)."""
    measure = scenario.answer.measures[0]
    base, others = base_and_others(results)
    ordered = [*([base] if base else []), *others]
    due = {number(r, measure).whole for r in ordered}
    chart = Chart(
        kind="waterfall", labels=tuple(r.case for r in ordered), unit=title_of(measure),
        series=(Series(name=title_of(measure), values=tuple(float(number(r, measure).part) for r in ordered)),),
        target=float(due.pop()) if len(due) == 1 else None,
    )  # fmt: skip
    table = cases_table(ordered, scenario.answer.measures)
    return Parts(compared(measure, ordered), table, chart, (DO_NOT_ADD,) if len(others) > 1 else ())


def costs(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """What each case costs or gains, sorted by it (tornado)."""
    measure = scenario.answer.measures[0]
    base, others = base_and_others(results)
    before = number(base, measure).part if base else 0
    ordered = sorted(others, key=lambda r: number(r, measure).part)
    steps = [number(r, measure).part - before for r in ordered]
    chart = Chart(
        kind="tornado", labels=tuple(_name(r) for r in ordered), unit=f"{title_of(measure)}, against as it is",
        series=(Series(name="difference", values=tuple(map(float, steps))),),
    )  # fmt: skip
    table = cases_table([*([base] if base else []), *ordered], scenario.answer.measures)
    return Parts(_sorted_words(measure, base, ordered, steps), table, chart)


def _sorted_words(
    measure: Measure, base: CaseResult | None, ordered: Sequence[CaseResult], steps: Sequence[int]
) -> str:
    start = f"As it is, {title_of(measure)}: {of_whole(number(base, measure))}. " if base else ""
    if not ordered:
        return start + "There is no case beside it."
    nothing = sum(step == 0 for step in steps)
    named = [
        f"{_name(r)} {signed(step)} ({of_whole(number(r, measure))})"
        for r, step in zip(ordered, steps, strict=True)
        if step != 0
    ]
    if not named:
        return f"{start}No case changes it."
    rest = f"; {nothing} of {len(ordered)} change nothing" if nothing else ""
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"{start}Most of all: {'; '.join(named[:MOST_NAMED])}{more}{rest}."


def _name(result: CaseResult) -> str:
    """A case of a grid of one parameter by its value alone."""
    return str(next(iter(result.parameters.values()))) if len(result.parameters) == 1 else result.case


def compared(measure: Measure, results: Sequence[CaseResult]) -> str:
    """The base as it is, then every case with its difference; a share that misleads is said."""
    base, others = base_and_others(results)
    sentences = [f"As it is, {title_of(measure)}: {of_whole(number(base, measure))}."] if base else []
    if others:
        told = [stated(r, measure, base) for r in others[:MOST_NAMED]]
        more = [f"{len(others) - MOST_NAMED} more in the table"] if len(others) > MOST_NAMED else []
        sentences.append(f"{sentence_start(listed([*told, *more]))}.")
    if base is not None:
        misleading = {r.case: turned(number(base, measure), number(r, measure)) for r in others}
        sentences += [
            f"{sentence_start(name)}: {text[:1].lower()}{text[1:]}" for name, text in misleading.items() if text
        ]
    return " ".join(sentences)
