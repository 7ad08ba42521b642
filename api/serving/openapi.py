"""The OpenAPI of the service: bodies that routes read themselves, and for every operation the problems it may answer.

It is kept in ``api/openapi.json``; ``make openapi`` writes it anew (``api.serving.kept``).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.routes.documenting import COMPONENTS, SENT
from api.routes.submitting import FORM
from api.serving.answering import PROBLEM
from api.wire import Problem
from models.base import Record

PREFIX = "/v1/"
WORDS: Mapping[int, str] = {
    400: "The address is malformed.",
    401: "Nobody is signed in, or the token is none that holds.",
    403: "The role of whoever asks may not do this.",
    404: "There is nothing of this name, or nothing that whoever asks may see.",
    409: "It contradicts what is there.",
    412: "Somebody changed it meanwhile: `If-Match` names a state that is no more.",
    413: "Over a limit of size, which the detail names.",
    415: "The body is of a type that is not taken here.",
    422: "It was understood and cannot be used; `issues` say all that is wrong.",
    428: "Say with `If-Match` which state was seen.",
    429: "Too many requests; `Retry-After` says when to come again.",
    500: "A fault of the program, which is in its log.",
    503: "The store is busy or cannot be reached.",
}
"""Statuses of problems, in words."""
SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of an account (`POST /v1/tokens`); a browser that is signed in sends its cookie.",
    },
}
METHODS = ("get", "post", "put", "patch", "delete")


def document(app: FastAPI) -> None:
    """Let an application make its OpenAPI here, once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _openapi(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's way to say so


def _openapi(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    records: list[type[Record]] = [*SENT.values(), Problem]
    _, sent = models_json_schema([(record, "validation") for record in records], ref_template=COMPONENTS)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas |= sent["$defs"]
    made["components"]["securitySchemes"] = SCHEMES
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, method, operation in operations(made):
        if path.startswith(PREFIX):
            operation["security"] = [{name: []} for name in SCHEMES]
        answers = operation["responses"]
        answers.pop("422", None)  # FastAPI's own words for it
        own = (int(status) for status, answer in answers.items() if status >= "400" and "content" not in answer)
        for status in {*statuses_of(path, method, operation), *own}:
            problem = {PROBLEM: {"schema": {"$ref": COMPONENTS.format(model=Problem.__name__)}}}
            if "content" not in answers.get(str(status), {}):
                answers[str(status)] = {"description": WORDS[status], "content": problem}
        operation["responses"] = dict(sorted(answers.items()))
    return made


def operations(made: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, item in made["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def statuses_of(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[int]:
    """Statuses of the problems that an operation may answer, by what it takes."""
    parameters = {(one["in"], one["name"].casefold()) for one in operation.get("parameters", ())}
    yield from (400, 429, 500, 503)
    if path.startswith(PREFIX):
        yield from (401, 403)
    if "{" in path or "requestBody" in operation:  # either may name a round or a run
        yield 404
    if method != "get":
        yield 409
    if ("header", "if-match") in parameters:
        yield from (412, 428)
    if "requestBody" in operation:
        yield 413
    if "requestBody" in operation or parameters:
        yield 422
    if FORM in operation.get("requestBody", {}).get("content", ()):
        yield 415


def written(made: Mapping[str, Any]) -> str:
    """An OpenAPI as the kept file has it."""
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
