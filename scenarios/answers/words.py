"""Numbers in sentences: a part with its whole, a difference with its sign, proof and gaps."""

from collections.abc import Iterable, Sequence
from statistics import median

from scenarios.errors import FAULT
from scenarios.measures import MEASURES, OF_AGENCIES, name_of
from scenarios.model import AS_IT_IS, Measure
from scenarios.results import CLASH, LOST, CaseResult, Measured, value_text

MOST_WITHOUT_PLAN = 4
"""Cases without a plan that a sentence names."""


def title_of(measure: Measure) -> str:
    """What a measure counts, in words: ``MSW finals with a place``, or as the scenario calls it."""
    if measure.title:
        return measure.title
    said = [*measure.programmes, *([f"{measure.stage}s"] if measure.stage else [])]
    words = OF_AGENCIES[measure.name].part if measure.name in OF_AGENCIES else MEASURES[measure.name].part
    return f"{words}{f' ({chr(32).join(said)})' if said else ''}"


def of_whole(number: Measured) -> str:
    """``45 of 52``."""
    return f"{number.part} of {number.whole}"


def with_percent(number: Measured) -> str:
    """``12 of 289 (4%)``."""
    percent = percent_of(number)
    return of_whole(number) + ("" if percent is None else f" ({percent:.0f}%)")


def percent_of(number: Measured) -> float | None:
    """The part in percent; None of nothing."""
    return 100 * number.part / number.whole if number.whole else None


def signed(difference: int) -> str:
    """``+4``, ``-2`` or ``0``, with a true minus sign."""
    return f"+{difference}" if difference > 0 else f"\u2212{-difference}" if difference < 0 else "0"


def turned(before: Measured, after: Measured) -> str:
    """A sentence where the percentage goes one way while its part goes the other; blank where it does not."""
    if not before.whole or not after.whole:
        return ""
    percent = after.part * before.whole - before.part * after.whole
    if percent * (after.part - before.part) >= 0:
        return ""
    up = "rises" if percent > 0 else "falls"
    down = "falls" if percent > 0 else "rises"
    return (
        f"The percentage {up} ({percent_of(before):.0f}% to {percent_of(after):.0f}%) while the number {down} "
        f"({of_whole(before)} to {of_whole(after)})."
    )


def value_or_name(result: CaseResult) -> str:
    """A case that a grid of one parameter makes by its value alone."""
    if len(result.parameters) != 1:
        return result.case
    name, value = next(iter(result.parameters.items()))
    text = value_text(value)
    return text if result.case == f"{name.removeprefix('policy.')}={text}" else result.case


def number(result: CaseResult, measure: Measure, group: str = "") -> Measured:
    """A measure of a case."""
    return result.measure(name_of(measure), group)


def proof_words(results: Iterable[CaseResult]) -> str:
    """Whether every case is proved; else which are not, and by how much their first open tier may be better."""
    cases = list(results)
    planned = [r for r in cases if r.problem is None]
    open_ones = [r for r in planned if not r.proved]
    if not planned:
        return "There is no plan, so nothing is proved."
    if not open_ones:
        return f"Every tier of {'the plan' if len(planned) == 1 else f'all {len(planned)} plans'} is proved."
    return (
        f"{len(planned) - len(open_ones)} of {len(planned)} plans are proved; "
        + "; ".join(f"{r.case}{f' #{r.draw}' if r.draw else ''}: {_gap(r)}" for r in open_ones[:5])
        + (f"; and {len(open_ones) - 5} more." if len(open_ones) > 5 else ".")
    )


def _gap(result: CaseResult) -> str:
    tier = next((t for t in result.tiers if not t.proved), None)
    if tier is None or tier.bound is None:
        return f"stopped ({result.stopped})" if result.stopped else "no bound"
    return f"{tier.tier} {tier.value}, at best {tier.bound}"


def failed_words(results: Sequence[CaseResult]) -> tuple[str, ...]:
    """The cases without a plan, each with why."""
    return tuple(
        f"{value_or_name(r)}{f' #{r.draw}' if r.draw else ''}: {r.problem.removeprefix(f'{r.scenario}: ')}"
        for r in results
        if r.problem is not None
    )


def clashing(results: Iterable[CaseResult]) -> int:
    """How many cases have no plan because rules clash."""
    return sum((r.problem or "").startswith(CLASH) for r in results)


def failing(results: Iterable[CaseResult]) -> int:
    """How many cases have no plan for another reason."""
    return sum(r.problem is not None and not r.problem.startswith(CLASH) for r in results)


def faults_of(results: Iterable[CaseResult]) -> tuple[str, ...]:
    """The cases that fell to a fault of the program, each with which."""
    return tuple(
        f"{r.key}: {r.problem}" for r in results
        if r.problem is not None and (r.problem.startswith(FAULT) or r.stopped == LOST)
    )  # fmt: skip


def without_plan(failed: Sequence[CaseResult]) -> str:
    """Which cases have no plan, for the end of the sentence; blank where all have one."""
    clashing = list(dict.fromkeys(value_or_name(r) for r in failed if (r.problem or "").startswith(CLASH)))
    others = list(dict.fromkeys(value_or_name(r) for r in failed if not (r.problem or "").startswith(CLASH)))
    said = ""
    for names, words in ((clashing, "Not possible, because rules clash"), (others, "Without an answer")):
        rest = [others_words(len(names) - MOST_WITHOUT_PLAN)] if len(names) > MOST_WITHOUT_PLAN else []
        said += f" {words}: {listed([*names[:MOST_WITHOUT_PLAN], *rest])}." if names else ""
    return said


FINALS_FIRST = "placed.finals"


def unchanged_words(results: Sequence[CaseResult]) -> tuple[str, ...]:
    """Which cases change nothing of the input, so that they are the base itself; a draw may well change nothing."""
    base = next((r for r in results if r.case == AS_IT_IS), None)
    if base is None:
        return ()
    same = [value_or_name(r) for r in results if r is not base and not r.draw and r.digest == base.digest != ""]
    more = [others_words(len(same) - MOST_WITHOUT_PLAN)] if len(same) > MOST_WITHOUT_PLAN else []
    return (f"Nothing of the input is changed in: {listed([*same[:MOST_WITHOUT_PLAN], *more])}.",) if same else ()


def order_words(results: Sequence[CaseResult]) -> tuple[str, ...]:
    """That finals come first, where a case has more of them and fewer in all than the base, or the other way round."""
    base = next((r for r in results if r.case == AS_IT_IS), None)
    first = [r.tiers[0] for r in results if r.tiers]
    if base is None or any(tier.tier != FINALS_FIRST for tier in first) or len(first) < len(results):
        return ()
    finals = base.tiers[0].value
    other_way = [value_or_name(r) for r in results if (r.tiers[0].value - finals) * (r.placed - base.placed) < 0]
    if not other_way:
        return ()
    named = listed(
        [
            *other_way[:MOST_WITHOUT_PLAN],
            *([others_words(len(other_way) - MOST_WITHOUT_PLAN)] if len(other_way) > MOST_WITHOUT_PLAN else []),
        ]
    )
    return (
        f"Finals of the round being decided come before all else, so that they and the number placed in all may go "
        f"opposite ways: {named}.",
    )


def sentence_start(text: str) -> str:
    """The text with a capital at its start, names within it as they are."""
    return text[:1].upper() + text[1:]


def base_and_others(results: Sequence[CaseResult]) -> tuple[CaseResult | None, list[CaseResult]]:
    """The base as it is, where it is among the cases, and the other cases in their order."""
    base = next((r for r in results if r.case == AS_IT_IS), None)
    return base, [r for r in results if r is not base]


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def stated(result: CaseResult, measure: Measure, before: CaseResult | None) -> str:
    """A case in words: ``without Step Up: 49 of 52 (+4)``."""
    return f"{result.case}: {stepped(number(result, measure), None if before is None else number(before, measure))}"


def stepped(told: Measured, before: Measured | None) -> str:
    """A number with its whole, and its difference: ``49 of 52 (+4)``."""
    return of_whole(told) + ("" if before is None else f" ({signed(told.part - before.part)})")


def spread(values: Sequence[int]) -> str:
    """``7 (3 to 12)``: the median with its range; equal values are one number."""
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{median(values):g} ({low} to {high})"


def others_words(count: int) -> str:
    """``1 other`` or ``3 others``."""
    return f"{count} other{'s' if count != 1 else ''}"
