"""What years to come ask of the partnership: where capacity breaks, its PEs, its students."""

from collections.abc import Sequence

from models.base import natural_key
from scenarios.answers import Answer, AnswerTable, Chart, Series
from scenarios.answers.words import listed, sentence_start
from scenarios.running import Base
from scenarios.years.educators import share_on_to_peps2
from scenarios.years.rates import WORDS, Rates
from scenarios.years.rolling import STAGES, Group, YearResult
from scenarios.years.stepping import Flow

Cell = str | int | float | None
SCENARIO = "years"
MOST_NAMED = 3
"""Groups that the sentence names."""
MOST_LINES = 5
"""Groups with a line of their own."""
_ALONG = "year, by the round that is decided first"
_YEARS = (
    "Each year has the rounds, offers, commitments and calendar of this year, 364 days later; forecast offers come.",
    "Who is not placed waits for the next round of the programme in the next year; who fails repeats once.",
    "Placements that employers find are passed, and counted nowhere.",
)
_EDUCATORS = (
    "A trainee with a student in the year qualifies, one without trains on.",
    "New trainees are in the teams of those who train today; who cannot assess them any more is replaced.",
    "A named PE who leaves is named no more; where nobody else is named whoever reaches the team may supervise.",
    "Consultants and independents stay. A PE is current as long after the last student as the policy says.",
)
_STUDENTS = (
    "A cohort like this year's is admitted each year: homes, needs and preferences are drawn from this year's.",
    "Who is placed in a first is due the final in the round in which such students have it now.",
    "A year later readiness and clearance are passed; who was not ready at first has the first placement later.",
)
_RATES = {
    SCENARIO: ("intake", "passed", "ready", "children_leave", "adults_leave"),
    "educators": ("children_leave", "adults_leave", "on_to_peps2", "new_trainees"),
    "students": ("intake", "ready", "passed"),
}
"""The rates on which each answer rests most."""


def answers_of(base: Base, results: Sequence[YearResult], rates: Rates) -> tuple[Answer, ...]:
    """The answers of years that were rolled.

    Parameters
    ----------
    base
        This year.
    results
        The years in their order.
    rates
        As they were rolled.
    """
    said = rates.model_dump() | {"on_to_peps2": round(share_on_to_peps2(results[0].dataset, rates), 1)}
    proved = all(r.proved for r in results)
    open_ones = [r.name for r in results if not r.proved]
    proof = f"Not proved in every tier: {listed(open_ones)}." if open_ones else _all_proved(len(results))
    shown = (
        (SCENARIO, "Where does capacity break if the years go on as this one?", _capacity(results), _YEARS),
        ("educators", "How many PEs are there, and who are they?", _educators(results), _EDUCATORS),
        ("students", "What becomes of the students?", _students(results), _STUDENTS),
    )
    return tuple(
        Answer(
            scenario=name, question=question, reason="", base=base.name, sentence=sentence, proof=proof,
            assumes=(*assumes, *(f"{sentence_start(WORDS[rate])}: {said[rate]:g}." for rate in _RATES[name])),
            table=table, chart=chart, plans=len(results) if name == SCENARIO else 0, closed=proved,
        )
        for name, question, (sentence, table, chart), assumes in shown
    )  # fmt: skip


_Shown = tuple[str, AnswerTable, Chart]


def _all_proved(number: int) -> str:
    return f"Every tier of {'the plan' if number == 1 else f'all {number} plans'} is proved, and each passed the check."


def _left(result: YearResult, group: Group) -> int:
    return result.due[group] - result.placed[group]


def _capacity(results: Sequence[YearResult]) -> _Shown:
    """Requests without a place by programme and stage, a line for each group that has one."""
    groups = sorted({g for r in results for g in r.due}, key=lambda g: (natural_key(g[0]), g[1]))
    names = [r.name for r in results]
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        cells = [c for r in results for c in (r.placed[group], r.due[group])]
        rows.append((_name(group), *cells))
    rows.append(("all", *(c for r in results for c in (r.placed.total(), r.due.total()))))
    rows.append(("finals on trainees", *(c for r in results for c in (r.finals_on_trainees, r.finals))))
    left = {g: tuple(float(_left(r, g)) for r in results) for g in groups if any(_left(r, g) for r in results)}
    lines = sorted(left, key=lambda g: (-max(left[g]), -left[g][-1], g))
    series = [Series(name=_name(g), values=left[g]) for g in lines[:MOST_LINES]]
    if rest := lines[MOST_LINES:]:
        sums = tuple(sum(left[g][n] for g in rest) for n in range(len(results)))
        series.append(Series(name=f"{len(rest)} other group{'s' if len(rest) > 1 else ''}", values=sums))
    chart = Chart(
        kind="lines" if series else "none", labels=tuple(names), unit="requests without a place", along=_ALONG,
        series=tuple(series),
    )  # fmt: skip
    placed = listed([f"{r.name} {r.placed.total()} of {r.due.total()}" for r in results])
    resting = listed([f"{r.finals_on_trainees} of {r.finals}" for r in results])
    sentence = (
        f"Requests with a place, year by year: {placed}.{breaks(results)} Finals that rest on trainees: {resting}."
    )
    headings = ("programme and stage", *(h for name in names for h in (name, "of")))
    return sentence, AnswerTable(headings=headings, rows=tuple(rows)), chart


def breaks(results: Sequence[YearResult]) -> str:
    """The first year in which a group's share without a place is above that of the first, and who rises most.

    It is counted in requests: those without a place beyond what the share of the first year would leave.
    """
    start = results[0]
    for result in results[1:]:
        rises = [(_beyond(start, result, group), group) for group in sorted(result.due)]
        order = sorted((r for r in rises if r[0] > 0), reverse=True)
        if order:
            first, *others = (_then(start, result, group) for _, group in order[:MOST_NAMED])
            more = f" It breaks for {listed(others)}, too." if others else ""
            left = len(order) - MOST_NAMED
            more += f" {left} more group{'s rise' if left > 1 else ' rises'} (table)." if left > 0 else ""
            return f" Capacity breaks first in {result.name}, most for {first}.{more}"
    return " No group's share without a place rises." if len(results) > 1 else ""


def _beyond(start: YearResult, result: YearResult, group: Group) -> float:
    before = _left(start, group) / start.due[group] if start.due[group] else 0.0
    return _left(result, group) - before * result.due[group]


def _then(start: YearResult, result: YearResult, group: Group) -> str:
    return (
        f"{_name(group)}s (without a place {_left(start, group)} of {start.due[group]} in {start.name}, "
        f"{_left(result, group)} of {result.due[group]} then)"
    )


def _name(group: Group) -> str:
    return f"{group[0]} {group[1]}"


_WORDS = {
    "trainee_1": "training for PEPS1", "trainee_2": "training for PEPS2", "PEPS1": "PEPS1", "PEPS2": "PEPS2",
}  # fmt: skip


def _educators(results: Sequence[YearResult]) -> _Shown:
    """PEs by stage at the start of each year, and who comes and goes in it."""
    rows: list[tuple[Cell, ...]] = []
    for r in results:
        changes = r.changes
        moves: tuple[Cell, ...] = (None,) * 5
        if changes is not None:
            moves = (changes.began_peps1, changes.to_peps1, changes.began_peps2, changes.to_peps2, changes.left)
        rows.append((r.name, *(r.educators[s] for s in STAGES), r.educators.total(), r.lapsed, *moves))
    chart = Chart(
        kind="lines", labels=tuple(r.name for r in results), unit="PEs", along=_ALONG,
        series=tuple(Series(name=_WORDS[s], values=tuple(float(r.educators[s]) for r in results)) for s in STAGES),
    )  # fmt: skip
    first, last = results[0], results[-1]
    gained = sum(r.changes.began_peps1 for r in results if r.changes)
    lost = sum(r.changes.left for r in results if r.changes)
    stages = listed([f"{_WORDS[s]} {first.educators[s]}, then {last.educators[s]}" for s in STAGES])
    sentence = (
        f"{first.educators.total()} PEs in {first.name}, {last.educators.total()} in {last.name}: {gained} began to "
        f"train, {lost} left. {sentence_start(stages)}. Not current any more: {first.lapsed}, then {last.lapsed}."
    )
    headings = (
        "year", *(_WORDS[s] for s in STAGES), "all", "lapsed", "began to train", "became PEPS1",
        "began to train for PEPS2", "became PEPS2", "left",
    )  # fmt: skip
    return sentence, AnswerTable(headings=headings, rows=tuple(rows)), chart


def _students(results: Sequence[YearResult]) -> _Shown:
    """Who comes and goes between two years."""
    rows: list[tuple[Cell, ...]] = []
    for r in results:
        f = r.flow
        moves: tuple[Cell, ...] = (None,) * 6
        if f is not None:
            moves = (f.failed, f.waiting, f.finished, f.gave_up, f.admitted, f.unready)
        rows.append((r.name, r.placed.total(), r.due.total(), *moves))
    flows = [r.flow for r in results if r.flow]
    chart = Chart(
        kind="lines", labels=tuple(r.name for r in results), unit="requests", along=_ALONG,
        series=(
            Series(name="due", values=tuple(float(r.due.total()) for r in results)),
            Series(name="placed", values=tuple(float(r.placed.total()) for r in results)),
            Series(name="wait", values=tuple(None if r.flow is None else float(r.flow.waiting) for r in results)),
        ),
    )  # fmt: skip
    sums = {name: sum(getattr(f, name) for f in flows) for name in Flow._fields}
    sentence = (
        f"Over {len(flows)} {'change' if len(flows) == 1 else 'changes'} of year {sums['admitted']} students are "
        f"admitted ({sums['unready']} of them not ready at the first attempt), {sums['finished']} pass their final, "
        f"{sums['failed']} placements are failed, {sums['waiting']} requests wait for the next year, and "
        f"{sums['gave_up']} end after a second failure."
    )
    if sums["no_final"]:
        passes = "passes" if sums["no_final"] == 1 else "pass"
        sentence += f" {sums['no_final']} {passes} a first, and nobody like them asks for a final, so none is due."
    headings = (
        "year", "placed", "of", "placements failed", "requests that wait", "students who finish",
        "students who end after a second failure", "admitted for the next year", "of these not ready at first",
    )  # fmt: skip
    return sentence, AnswerTable(headings=headings, rows=tuple(rows)), chart
