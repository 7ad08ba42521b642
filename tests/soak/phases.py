"""Two more phases of schemathesis over the whole OpenAPI: every boundary of every schema, and calls after one another.

``coverage`` calls each operation with each value that its schema draws a line at, on both sides of it, and with each
method that it does not have; ``stateful`` follows what was made (a round, a run, an account, a token) through the
operations that take it. Streams of events are left out: those of runs that wait have no end.
"""

from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema

from tests.api.every_operation import Called, configured, who_may

PHASES = ("coverage", "stateful")


def found(called: Called, phase: str, examples: int) -> Iterator[tuple[str, int, list[str]]]:
    """What was called in a phase, in how many cases, and what was found; each kind of failure once."""
    phases: dict[str, dict[str, Any]] = {
        name: {"enabled": name == phase} for name in ("examples", "coverage", "fuzzing", "stateful")
    }
    phases["stateful"] |= {"generation": {"max-examples": examples}}
    config = configured(phases=phases, seed=1, **{"continue-on-failure": True})
    service = schemathesis.openapi.from_asgi("/v1/openapi.json", called.app, config=config)
    schema = service.exclude(path_regex="/events$")
    schema.auth(refresh_interval=None)(_of(called))
    schema.hook("filter_failure")(_counts)
    told = set[tuple[str, str, str | None]]()
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            yield event.label, 0, [repr(event.value)]
        elif isinstance(event, events.ScenarioFinished):
            wrong = []
            for checks in event.recorder.checks.values():
                for check in checks:
                    info = check.failure_info
                    if info is None or (key := (check.name, info.failure.title, info.failure.operation)) in told:
                        continue
                    told.add(key)
                    wrong.append(f"{check.name}: {info.failure.operation}: {info.failure.message}\n{info.code_sample}")
            yield event.recorder.label, len(event.recorder.cases), wrong


def _of(called: Called) -> type:
    """Whoever may use an operation calls it."""

    class Person:
        def get(self, case: Any, _context: Any) -> Any:
            return called.headers.get(who_may(case.operation.method, case.operation.path))  # type: ignore[arg-type]

        def set(self, case: Any, data: Any, _context: Any) -> None:
            case.headers.update(data or {})

    return Person


def _counts(_context: Any, failure: Failure, case: Any, _response: Any) -> bool:
    """A round that was just made has no workbook; that it is not found says nothing of the round."""
    return not (type(failure).__name__ == "EnsureResourceAvailability" and case.operation.path.endswith("/workbook"))
