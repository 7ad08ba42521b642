"""Every operation of the OpenAPI, called with what fits it and with what does not, by schemathesis and its checks.

Each is called as somebody who may, with ids as they come, and with those of a round and of runs that there are.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.modes import GenerationMode

from api.jobs.leases import Watch, register
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import open_store
from api.store.runs import begin_attempt, finish, keep_files
from api.wire import Role
from tests.api.people import a_round, bearer
from tests.api.store.making import kept_run
from tests.api.test_every_route import ROLES, WHO

SETTINGS = Settings(requests_a_minute=10_000_000, sign_ins_a_minute=10_000_000)
ANSWERED = ["2xx", "3xx", "401", "403", "404", "409", "429"]
"""What may be answered to what fits the schema. That each of these is documented for its operation is another check."""
CONDITION, CONTENT = ("412", "428"), ("422",)
ALSO: Mapping[str, tuple[str, ...]] = {
    "PATCH /v1/rounds/{round}": CONDITION,
    "DELETE /v1/rounds/{round}": CONDITION,
    "POST /v1/rounds/{round}/datasets": CONDITION + CONTENT,
    "POST /v1/rounds/{round}/decisions": CONDITION + CONTENT,
    "POST /v1/rounds/{round}/decisions/effect": CONTENT,
    "POST /v1/rounds/{round}/decisions/{number}/undo": CONDITION,
    "POST /v1/rounds/{round}/publish": CONDITION + CONTENT,
    "POST /v1/rounds/{round}/matches/{request}/status": CONDITION + CONTENT,
    "POST /v1/rounds/{round}/moves": CONTENT,  # the settings of a policy
    "POST /v1/rounds/{round}/fits": CONTENT,
    "POST /v1/rounds/{round}/scenarios": CONTENT,
    "POST /v1/rounds/{round}/replies": CONTENT,
    "POST /v1/rounds/{round}/replies/accept": CONDITION + CONTENT,
    "POST /v1/rounds/{round}/replies/refuse": CONTENT,
    "POST /v1/rounds/{round}/results-day": CONDITION + CONTENT,
    "POST /v1/rounds/{round}/results-day/effect": CONTENT,
    "POST /v1/runs": CONTENT,
    "POST /v1/checks": CONTENT,
    "POST /v1/demonstrations/{name}/runs": CONTENT,  # the settings of a policy
    "GET /v1/runs": CONTENT,  # a cursor is one that a listing gave
    "GET /v1/rounds/{round}/plans": CONTENT,
    "POST /v1/accounts": CONTENT,  # an agency with the role agency and only then
    "PATCH /v1/accounts/{id}": CONTENT,
}
"""And what else an operation may answer, since no schema says it: which state is in force, and whether sheets are a
partnership, a row a decision, files scenarios."""
OF_ANSWERS = (
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
)  # fmt: skip
"""Checks that hold whatever was sent."""


class Called(NamedTuple):
    """A service to be called: headers by role, and ids that there are by the name of their parameter."""

    app: FastAPI
    headers: Mapping[Role, dict[str, str]]
    there: Mapping[str, tuple[str, ...]]


@contextmanager
def service(folder: Path) -> Iterator[Called]:
    """A service with a round, a run of it that is over with files, one that waits, and a worker that lives."""
    store = open_store(f"sqlite:///{folder}/placements.db")
    round = a_round(store)
    with store.transaction() as session:
        over, waits = (kept_run(session, round=round, source=name).id for name in (b"over", b"waits"))
        begin_attempt(session, over)
        keep_files(session, over, 1, {"report.xlsx": b"PK", "summary.html": b"<p>"})
        finish(session, over, 1, "complete", "proved")
        register(session, "w1", 1)
    headers = {
        role: bearer(store, role, agency="A" if role == "agency" else None, rounds=() if role == "admin" else (round,))
        for role in ROLES
    }
    there = {"round": (round,), "run": (over, waits), "path": ("report.xlsx",), "name": ("developing-together",)}
    app = create_app(SETTINGS, store)
    app.state.service = app.state.service._replace(watch=Watch(float("inf")))
    yield Called(app, headers, there)
    store.close()


def who_may(method: str, path: str) -> Role | None:
    """A role that may use an operation; None where nobody has to be anybody."""
    route = f"{method.upper()} {path}"
    roles = WHO.get(route) or WHO.get(re.sub(r"{(path|request)}", r"{\1:path}", route)) or frozenset()
    return next((role for role in ROLES if role in roles), None)


def every_operation(called: Called, *, examples: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every operation by its name, and a function that calls it so many times and raises what it finds.

    Streams of runs that are not over are not read to their end.
    """
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", called.app, config=configured())
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # it raises where the schema is none
        yield f"{operation.method.upper()} {operation.path}", _calls(called, operation, examples)


def configured(**more: Any) -> SchemathesisConfig:
    """What is held against the answers of each operation."""

    def accepted(*statuses: str) -> dict[str, Any]:
        return {"checks": {"positive_data_acceptance": {"expected-statuses": [*ANSWERED, *statuses]}}}

    operations = [{"include-name": name, **accepted(*statuses)} for name, statuses in ALSO.items()]
    return SchemathesisConfig.from_dict(
        accepted() | {"operations": operations, "generation": {"database": "none"}, "request-timeout": 120, **more}
    )


def _calls(called: Called, operation: Any, examples: int) -> Callable[[], None]:
    role = who_may(operation.method, operation.path)
    headers = None if role is None else called.headers[role]
    ids = [name for name in called.there if f"{{{name}}}" in operation.path]
    turn = iter(range(10**9))

    @given(case=_fitting_or_not(operation))
    @settings(
        max_examples=examples, database=None, derandomize=True, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def call(case: Any) -> None:
        case.call_and_validate(headers=headers)
        if ids:
            number = next(turn)
            for name in ids:
                case.path_parameters[name] = called.there[name][number % len(called.there[name])]
            if not (operation.path.endswith("/events") and number % 2):
                case.call_and_validate(headers=headers, checks=list(OF_ANSWERS))

    return call


def _fitting_or_not(operation: Any) -> SearchStrategy[Any]:
    """What fits the schema of an operation, and, where it takes anything, what does not."""
    fitting: SearchStrategy[Any] = operation.as_strategy()
    if not (operation.path_parameters or operation.query or operation.headers or operation.body):
        return fitting
    other: SearchStrategy[Any] = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return fitting | other
