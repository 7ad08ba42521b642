"""Every case against the base as it is: as bars, as steps from the base, sorted by what each costs, as a table."""

from collections.abc import Sequence

from scenarios.answers.answer import Chart, Series
from scenarios.answers.parts import Parts
from scenarios.answers.tables import cases_table
from scenarios.answers.words import (
    base_and_others,
    listed,
    number,
    of_whole,
    others_words,
    sentence_start,
    stated,
    stepped,
    title_of,
    turned,
    value_or_name,
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
        Its measures; the sentence speaks of the first two.
    results
        Of its cases, each with a plan.
    """
    measures = [m for m in scenario.answer.measures if not m.by]
    parts = {m: tuple(float(number(r, m).part) for r in results) for m in measures}
    chart = Chart(
        kind="bars", labels=tuple(r.case for r in results), unit=title_of(measures[0]) if len(measures) == 1 else "",
        series=tuple(Series(name=title_of(m), values=values) for m, values in parts.items()),
    )  # fmt: skip
    return Parts(both_compared(measures[:2], results), cases_table(results, measures), chart)


def several(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Each case beside the base as a table of every measure; the sentence speaks of the first two."""
    measures = [m for m in scenario.answer.measures if not m.by]
    return Parts(both_compared(measures[:2], results), cases_table(results, measures), Chart(kind="none"))


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
    sentence = _worth_words(measure, base, others, scenario.answer.words.get("together", ""))
    return Parts(sentence, table, chart, (DO_NOT_ADD,) if len(others) > 1 else ())


def _worth_words(measure: Measure, base: CaseResult | None, others: Sequence[CaseResult], together: str) -> str:
    """How many are short, the cases by what each is worth alone, and the one that is all of them together."""
    if base is None:
        return compared(measure, others)
    before = number(base, measure)
    short = before.whole - before.part
    start = f"As it is, {title_of(measure)}: {of_whole(before)}, so {short} {'is' if short == 1 else 'are'} short."
    if not short:
        start = f"As it is, {title_of(measure)}: {of_whole(before)}. None is short, so no cause can be worth anything."
    alone = sorted((r for r in others if r.case != together), key=lambda r: -number(r, measure).part)
    changed = [stated(r, measure, base) for r in alone if number(r, measure) != before]
    same = [r.case for r in alone if number(r, measure) == before]
    said = [start]
    if changed:
        said.append(f"Alone, {'; '.join(changed)}.")
    if same and short:
        said.append(f"Alone, no difference: {listed(same)}.")
    said += [f"{sentence_start(stated(r, measure, base))}." for r in others if r.case == together]
    return " ".join(said)


def costs(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """What each case costs or gains, sorted by it (tornado)."""
    measure = scenario.answer.measures[0]
    base, others = base_and_others(results)
    before = number(base, measure).part if base else 0
    ordered = sorted(others, key=lambda r: number(r, measure).part)
    steps = [number(r, measure).part - before for r in ordered]
    title = title_of(measure)
    chart = Chart(
        kind="tornado", labels=tuple(value_or_name(r) for r in ordered),
        unit=f"{title}, against as it is" if base else title,
        series=(Series(name="difference" if base else title, values=tuple(map(float, steps))),),
    )  # fmt: skip
    table = cases_table([*([base] if base else []), *ordered], scenario.answer.measures, value_or_name)
    return Parts(_sorted_words(measure, base, ordered, steps), table, chart)


def _sorted_words(
    measure: Measure, base: CaseResult | None, ordered: Sequence[CaseResult], steps: Sequence[int]
) -> str:
    title = title_of(measure)
    start = f"As it is, {title}: {of_whole(number(base, measure))}. " if base else f"{sentence_start(title)}: "
    if not ordered:
        return start + "There is no case beside it."
    nothing = [value_or_name(r) for r, step in zip(ordered, steps, strict=True) if step == 0]
    named = [
        f"{value_or_name(r)}: {stepped(number(r, measure), None if base is None else number(base, measure))}"
        for r, step in zip(ordered, steps, strict=True)
        if step != 0
    ]
    if not named:
        return f"{start}None of the {len(ordered)} changes it."
    more = [f"{others_words(len(named) - MOST_NAMED)} in the table"] if len(named) > MOST_NAMED else []
    rest = f" No difference: {listed(nothing) if len(nothing) <= MOST_NAMED else others_words(len(nothing))}."
    return f"{start}{'; '.join([*named[:MOST_NAMED], *more])}.{rest if nothing else ''}"


def compared(measure: Measure, results: Sequence[CaseResult]) -> str:
    """The base as it is, then every case with its difference; a share that misleads is said.

    Cases in which the number and its whole stay as they are come last, without saying them again.
    """
    base, others = base_and_others(results)
    sentences = [f"As it is, {title_of(measure)}: {of_whole(number(base, measure))}."] if base else []
    same = [r.case for r in others if base is not None and number(r, measure) == number(base, measure)]
    told = [stated(r, measure, base) for r in others if r.case not in same]
    more = [f"{others_words(len(told) - MOST_NAMED)} in the table"] if len(told) > MOST_NAMED else []
    said = [*told[:MOST_NAMED], *more]
    if same:
        named = same[:MOST_NAMED] + ([others_words(len(same) - MOST_NAMED)] if len(same) > MOST_NAMED else [])
        said.append(f"no difference: {listed(named)}" if said or len(same) > 1 else f"{same[0]}: no difference")
    if said and base is None:
        sentences.append(f"{sentence_start(title_of(measure))}: {'; '.join(said)}.")
    elif said:
        sentences.append(f"{sentence_start('; '.join(said))}.")
    if base is not None:
        misleading = {r.case: turned(number(base, measure), number(r, measure)) for r in others}
        sentences += [
            f"{sentence_start(name)}: {text[:1].lower()}{text[1:]}" for name, text in misleading.items() if text
        ]
    return " ".join(sentences)


def both_compared(measures: Sequence[Measure], results: Sequence[CaseResult]) -> str:
    """Several measures in every case, each with its difference; a share that misleads is said."""
    if len(measures) == 1:
        return compared(measures[0], results)
    base, others = base_and_others(results)
    titles = [title_of(m) for m in measures]
    if base is None:
        return " ".join(
            f"{sentence_start(m_title)}: {'; '.join(stated(r, m, None) for r in others)}."
            for m, m_title in zip(measures, titles, strict=True)
        )
    told = [f"{title}: {of_whole(number(base, m))}" for m, title in zip(measures, titles, strict=True)]
    sentences = [f"As it is, {'; '.join(told)}."]
    same = [r.case for r in others if all(number(r, m) == number(base, m) for m in measures)]
    for result in others:
        if result.case not in same:
            told = [stepped(number(result, m), number(base, m)) for m in measures]
            sentences.append(f"{sentence_start(result.case)}: {' and '.join(told)}.")
    if same:
        sentences.append(f"No difference: {listed(same)}.")
    for measure, title in zip(measures, titles, strict=True):
        for result in others:
            text = turned(number(base, measure), number(result, measure))
            if text:
                sentences.append(f"{sentence_start(title)}, {result.case}: {text[:1].lower()}{text[1:]}")
    return " ".join(sentences)


def beside(measures: Sequence[Measure], results: Sequence[CaseResult]) -> str:
    """Further measures in the one other case; blank where there are several: the table has them."""
    base, others = base_and_others(results)
    if base is None or len(others) != 1:
        return ""
    said = []
    for measure in measures:
        before, after = number(base, measure), number(others[0], measure)
        misleading = turned(before, after)
        said.append(f" {sentence_start(title_of(measure))}: {of_whole(before)}, then {stepped(after, before)}.")
        said += [f" {misleading}"] if misleading else []
    return "".join(said)
