"""Results of cases as a batch gives them, made by hand."""

from collections.abc import Mapping

from scenarios.measures import name_of
from scenarios.model import AS_IT_IS, Measure, Scenario, Value
from scenarios.results import Affected, CaseResult, Measured

FINALS = Measure(name="placed", stage="final", title="finals with a place")
PLACED = Measure(name="placed", title="requests with a place")
BY_AGENCY = Measure(name="placed", by="agency", title="placements")


def case(
    name: str,
    numbers: Mapping[Measure, tuple[int, int] | Mapping[str, tuple[int, int]]],
    parameters: Mapping[str, Value] | None = None,
    **facts: object,
) -> CaseResult:
    """A case with its numbers: part and whole by measure, or by group."""
    measured = []
    for measure, told in numbers.items():
        groups = told if isinstance(told, Mapping) else {"": told}
        measured += [
            Measured(measure=name_of(measure), group=group, part=part, whole=whole)
            for group, (part, whole) in groups.items()
        ]
    given = {"scenario": "q", "case": name, "base": "b", "measured": measured, "proved": True}
    return CaseResult.model_validate(given | {"parameters": dict(parameters or {})} | facts)


def question(kind: str, *measures: Measure, **words: str) -> Scenario:
    """A scenario that asks for a kind of answer."""
    return Scenario.model_validate(
        {"name": "q", "question": "What if?", "answer": {"kind": kind, "measures": measures, "words": words}}
    )


def base(numbers: Mapping[Measure, tuple[int, int] | Mapping[str, tuple[int, int]]]) -> CaseResult:
    """The case that changes nothing."""
    return case(AS_IT_IS, numbers)


def losing(*requests: str) -> Affected:
    """Requests that have no place any more."""
    return Affected(lost=requests)
