"""Errors of the service as RFC 9457 problems: one tree, coded; all that is wrong at once."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from models.errors import AllocationError, InputUnusableError, Issue, RefusedError


class ProblemError(AllocationError):
    """Base of what the service refuses on purpose.

    ``status`` is the HTTP status, ``code`` names the kind of problem and never changes, ``title`` is its name in words.

    Parameters
    ----------
    detail
        What was found, what is allowed, what to do.
    issues
        Every single thing that is wrong.
    headers
        Headers of the answer.
    more
        What else the problem says, by field.
    """

    status = HTTPStatus.BAD_REQUEST
    code = "bad_request"
    title = "The request cannot be answered"

    def __init__(
        self, detail: str, issues: Sequence[Issue] = (), headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.detail, self.issues, self.headers = detail, tuple(issues), dict(headers or {})
        self.more = dict(more or {})


class SignInNeededError(ProblemError):
    """Nobody is signed in, or the token is none that is valid."""

    status, code, title = HTTPStatus.UNAUTHORIZED, "sign_in_needed", "Sign in first"


class NotAllowedError(ProblemError):
    """Somebody is signed in whose role may not do this."""

    status, code, title = HTTPStatus.FORBIDDEN, "not_allowed", "Not allowed"


class NotFoundError(ProblemError):
    """There is nothing of this name, or nothing that whoever asks may see."""

    status, code, title = HTTPStatus.NOT_FOUND, "not_found", "Not found"


class ConflictError(ProblemError):
    """It contradicts what is there."""

    status, code, title = HTTPStatus.CONFLICT, "conflict", "It contradicts what is there"


class ChangedMeanwhileError(ProblemError):
    """``If-Match`` names a state that is no more: somebody else was first, and nothing of theirs is lost."""

    status, code, title = HTTPStatus.PRECONDITION_FAILED, "changed_meanwhile", "Somebody changed it meanwhile"


class ConditionNeededError(ProblemError):
    """What two people may change is changed with ``If-Match`` only."""

    status, code, title = HTTPStatus.PRECONDITION_REQUIRED, "if_match_needed", "Say which state you saw"


class TooLargeError(ProblemError):
    """Over a limit of size; the detail says which."""

    status, code, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "Too large"


class UnusableError(ProblemError):
    """It was understood and cannot be used; ``issues`` say all that is wrong."""

    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "unusable", "It cannot be used"


class TooManyRequestsError(ProblemError):
    """Over a limit of requests a minute; ``Retry-After`` says when to come again."""

    status, code, title = HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "Too many requests"


STATUS_OF_CODE = {
    "usage": HTTPStatus.UNPROCESSABLE_ENTITY,
    "input_unusable": HTTPStatus.UNPROCESSABLE_ENTITY,
    "policy": HTTPStatus.UNPROCESSABLE_ENTITY,
    "scenario": HTTPStatus.UNPROCESSABLE_ENTITY,
    "refused": HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""HTTP status of the library's own codes; every other is a fault of the program (500)."""


def as_problem(error: AllocationError) -> tuple[int, dict[str, Any], dict[str, str]]:
    """The status, the ``application/problem+json`` body and the headers of an error.

    Parameters
    ----------
    error
        Of the service or of the library.

    Returns
    -------
    tuple
        Status, body, headers.
    """
    if isinstance(error, ProblemError):
        status, title, headers = error.status, error.title, error.headers
    else:
        status, headers = STATUS_OF_CODE.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR), {}
        title = status.phrase
    issues = error.issues if isinstance(error, ProblemError | InputUnusableError | RefusedError) else ()
    body: dict[str, Any] = {
        "type": f"urn:placements:problem:{error.code}", "title": title, "status": int(status), "detail": str(error),
        "code": error.code, "issues": [issue.model_dump(mode="json", exclude_none=True) for issue in issues],
    }  # fmt: skip
    if isinstance(error, RefusedError):
        body["undo_first"] = list(error.undo_first)
    if isinstance(error, ProblemError):
        body |= error.more
    return int(status), body, headers


SHOWN = 100
"""Most characters of what was sent that an answer repeats."""


def validation_issues(errors: Sequence[Mapping[str, Any]]) -> tuple[Issue, ...]:
    """What pydantic found wrong with a request, as issues: where, what was found, what is allowed."""
    return tuple(
        Issue(
            level="stop", code="request", subject=".".join(str(part) for part in error["loc"]),
            message=f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}", found=shown(error.get("input")),
        )
        for error in errors
    )  # fmt: skip


def shown(value: Any) -> str:
    """What was sent, as far as an answer repeats it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
