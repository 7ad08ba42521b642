"""Who is held up where one agency after the other does not answer: students, agency by agency."""

from collections.abc import Sequence

from scenarios.answers.answer import AnswerTable, Chart, Series
from scenarios.answers.differences import MOST_NAMED
from scenarios.answers.parts import Parts
from scenarios.answers.tables import Cell
from scenarios.answers.words import base_and_others, listed, number, of_whole, others_words, title_of, value_or_name
from scenarios.model import Scenario
from scenarios.results import CaseResult


def held_up(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Students who have a place as it is and none in a case, a bar for each case, the most first.

    Parameters
    ----------
    scenario
        Its first measure is of students; the second is by agency: what an agency has as it is waits for its answer.
    results
        Of its cases: one parameter, the agency.
    """
    measure, by = scenario.answer.measures[:2]
    base, others = base_and_others(results)
    before = number(base, measure) if base else None
    held = {r.case: 0 if before is None else before.part - number(r, measure).part for r in others}
    ordered = sorted(others, key=lambda r: -held[r.case])
    rows: list[tuple[Cell, ...]] = []
    for result in ordered:
        name = value_or_name(result)
        waiting = number(base, by, name).part if base else None
        told = number(result, measure)
        rows.append((name, waiting, held[result.case], told.part, told.whole, len(result.affected.moved)))
    headings = (
        "agency that is absent",
        title_of(by),
        "students held up",
        title_of(measure),
        "of",
        "requests that move",
    )
    chart = Chart(
        kind="bars", labels=tuple(value_or_name(r) for r in ordered), unit="students held up",
        series=(Series(name="students held up", values=tuple(float(held[r.case]) for r in ordered)),),
    )  # fmt: skip
    sentence = "" if before is None else f"As it is, {title_of(measure)}: {of_whole(before)}. "
    return Parts(sentence + _words(ordered, held), AnswerTable(headings=headings, rows=tuple(rows)), chart)


def _words(ordered: Sequence[CaseResult], held: dict[str, int]) -> str:
    """``Students held up if one agency is absent: Merton Children 4, ...``; agencies without any by name or number."""
    some = [f"{value_or_name(r)} {held[r.case]}" for r in ordered if held[r.case] > 0]
    none = [value_or_name(r) for r in ordered if held[r.case] <= 0]
    if not some:
        return f"No student is held up, whichever of the {len(none)} agencies is absent: others take them."
    rest = [others_words(len(some) - MOST_NAMED)] if len(some) > MOST_NAMED else []
    said = f"Students held up if one agency is absent: {listed([*some[:MOST_NAMED], *rest])}."
    if none:
        who = f"{' or '.join(none)} is" if len(none) <= 3 else f"one of the {len(none)} others is"
        said += f" Nobody is held up if {who} absent."
    return said
