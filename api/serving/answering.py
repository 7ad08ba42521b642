"""Every error as RFC 9457 ``application/problem+json``: the service's, the library's, FastAPI's, and faults."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from api.pages.problems import is_page, problem_page
from api.problems import ProblemError, UnusableError, as_problem, validation_issues
from api.serving.logs import log
from models.errors import AllocationError

PROBLEM = "application/problem+json"
WORDS = {
    HTTPStatus.NOT_FOUND: ("not_found", "There is nothing at this address. /v1/openapi.json says what there is."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "This address does not take this method; Allow says which."),
}
"""Code and detail of errors that the framework finds before any route is asked."""

FULL = (
    "The disk of the store is full, so nothing was changed; what is there can be read. Whoever looks after the service "
    "has to make room."
)


class FaultError(ProblemError):
    """A fault of the program; what it was stands in the log alone."""

    status, code, title = HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "A fault of the program"


class UnavailableError(ProblemError):
    """The store cannot be reached, or was busy for too long."""

    status, code, title = HTTPStatus.SERVICE_UNAVAILABLE, "store_unavailable", "The store cannot be reached"


class ProblemResponse(JSONResponse):
    """A problem as an answer; whatever was sent, it can be written down."""

    media_type = PROBLEM

    def render(self, content: Any) -> bytes:
        """As JSON in UTF-8, halves of characters replaced."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def answer_to(request: Request, error: AllocationError) -> Response:
    """The answer that an error is; one of the program itself is not told in words that are for its log."""
    status, body, headers = as_problem(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _, body, _ = as_problem(fault())
    return _answer(request, body, headers)


def _answer(request: Request, body: dict[str, Any], headers: Mapping[str, str]) -> Response:
    """A problem, as a page to whoever asked for one."""
    if is_page(request):
        return problem_page(request, body, headers)
    return ProblemResponse(body, body["status"], dict(headers))


def fault() -> FaultError:
    """What is told of a fault."""
    return FaultError("The program met something that it did not expect. Nothing was changed; it is in the log.")


def answer_problems(app: FastAPI) -> None:
    """Let an application answer every error that it expects with a problem (for others, see ``faults``)."""
    app.add_exception_handler(AllocationError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(OperationalError, _of_store)


# Starlette gives handlers any exception; it calls each with those of its kind alone.
async def _of_ours(request: Request, error: Any) -> Response:
    if as_problem(error)[0] == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise error  # to the log
    return answer_to(request, error)


async def _of_validation(request: Request, error: Any) -> Response:
    issues = validation_issues(error.errors())
    if len(issues) == 1:
        return answer_to(
            request, UnusableError(f"The request cannot be used: {issues[0].message.rstrip('.')}.", issues)
        )
    return answer_to(request, UnusableError(f"{len(issues)} things in the request cannot be used: see issues.", issues))


async def _of_store(request: Request, error: Any) -> Response:
    # whoever looks after the service finds there what the database said of itself; what was written is not in it
    log.error("store unavailable", kind=type(error.orig).__name__, said=str(error.orig).partition("\n")[0][:300])
    words = FULL if is_full(error) else "The store is busy or cannot be reached. Try again."
    return answer_to(request, UnavailableError(words, headers={"Retry-After": "60" if words is FULL else "5"}))


def is_full(error: OperationalError) -> bool:
    """Whether the disk on which the database lies is full: SQLite and PostgreSQL, each in its own words."""
    return (
        getattr(error.orig, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(error.orig, "sqlstate", "") == "53100"
    )


async def _of_framework(request: Request, error: Any) -> Response:
    status = HTTPStatus(error.status_code)
    code, detail = WORDS.get(status, (status.phrase.casefold().replace(" ", "_"), str(error.detail)))
    body = {
        "type": f"urn:placements:problem:{code}", "title": status.phrase, "status": int(status), "detail": detail,
        "code": code, "issues": [],
    }  # fmt: skip
    headers = dict(error.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return _answer(request, body, headers)


def _methods(request: Request) -> list[str]:
    """What an address takes; the framework names the methods of the first of its routes alone."""
    found = (
        route.methods or set()
        for route in iter_route_contexts(request.app.routes)
        if route.path is not None and compile_path(route.path)[0].match(request.scope["path"])
    )
    return sorted({method for methods in found for method in methods})
