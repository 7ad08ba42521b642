"""The answer to a scenario from the results of its cases, by the kind that it asks for."""

from collections.abc import Callable, Mapping, Sequence

from allocator.reading.spelling import did_you_mean
from scenarios.answers.along import frontier, levels
from scenarios.answers.answer import Answer, AnswerTable, Chart
from scenarios.answers.by_agency import bars_by_agency, dumbbell, takes_over
from scenarios.answers.differences import costs, differences, several, worth
from scenarios.answers.draws import draws
from scenarios.answers.growing import capacity, curves
from scenarios.answers.holding import held_up
from scenarios.answers.need import need
from scenarios.answers.parts import Parts
from scenarios.answers.tables import cases_table
from scenarios.answers.words import (
    clashing,
    failed_words,
    failing,
    faults_of,
    order_words,
    proof_words,
    sentence_start,
    unchanged_words,
    without_plan,
)
from scenarios.errors import EditError, fault_words
from scenarios.model import Scenario
from scenarios.results import CaseResult

Kind = Callable[[Scenario, Sequence[CaseResult]], Parts]
KINDS: Mapping[str, Kind] = {
    "differences": differences, "table": several, "worth": worth, "costs": costs, "levels": levels,
    "frontier": frontier, "by_agency": bars_by_agency, "dumbbell": dumbbell, "takes_over": takes_over, "draws": draws,
    "need": need, "capacity": capacity, "curves": curves, "held_up": held_up,
}  # fmt: skip
"""By the name that ``answer.kind`` gives; each is told of the cases that have a plan."""
_MISSING = "The question could not be answered, by a fault of the program. What its cases place is in the table."
_NOTHING = Parts("No case has a plan.", AnswerTable(headings=("case",), rows=()), Chart(kind="none"))


def kind_of(scenario: Scenario) -> Kind:
    """The function that answers a scenario.

    Raises
    ------
    EditError
        There is no such kind.
    """
    kind = scenario.answer.kind
    if kind not in KINDS:
        raise EditError(f"answer.kind '{kind}' is unknown.{did_you_mean(kind, KINDS)} Allowed: {', '.join(KINDS)}.")
    return KINDS[kind]


def answered(scenario: Scenario, base: str, results: Sequence[CaseResult], remarks: Sequence[str] = ()) -> Answer:
    """The answer to a scenario on one base.

    Parameters
    ----------
    scenario
        The question.
    base
        The name of the base.
    results
        Of all its cases on that base, in the order of the cases.
    remarks
        What else is to be said of them, in sentences.
    """
    planned = [r for r in results if r.problem is None]
    kind, faults = kind_of(scenario), faults_of(results)
    try:
        parts = kind(scenario, planned) if planned else _NOTHING
    except MemoryError:
        raise
    except Exception as error:  # one question never stops the others
        faults = (*faults, f"the answer to '{scenario.name}' is missing: {fault_words(error)}")
        parts = Parts(_MISSING, cases_table(planned, ()), Chart(kind="none"))
    failed = [r for r in results if r.problem is not None] if planned else []
    return Answer(
        scenario=scenario.name, question=scenario.question, reason=scenario.reason, base=base,
        sentence=parts.sentence + without_plan(failed), proof=proof_words(results),
        assumes=(
            *scenario.assumes, *parts.assumes, *order_words(planned), *unchanged_words(planned),
            *map(sentence_start, remarks),
        ),
        table=parts.table, chart=parts.chart, failed=failed_words(results), plans=len(planned),
        closed=bool(planned) and all(r.proved for r in planned), clashing=clashing(results), failing=failing(results),
        faults=faults,
    )  # fmt: skip
