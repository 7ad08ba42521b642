"""What the client raises: the library's own errors where the service refused an input, and three of its own."""

from typing import Any

from pydantic import ValidationError

from api.wire import Problem
from models.errors import AllocationError, InputUnusableError, PolicyError, RefusedError, UsageError


class ServiceRefusedError(UsageError):
    """The service does not do it: not signed in, not allowed, not found, changed meanwhile, too much.

    Parameters
    ----------
    problem
        As the service told it.
    """

    def __init__(self, problem: Problem) -> None:
        said = [issue.message for issue in problem.issues if issue.message.rstrip(".") not in problem.detail]
        super().__init__(" ".join([problem.detail, *said]).rstrip("."))
        self.problem = problem


class ServiceFaultError(AllocationError):
    """The service has a fault of its own, or answers with something that is none of its answers."""

    code = "service_fault"


class UnreachableError(UsageError):
    """Nobody answers at the address of the service."""

    code = "usage"


def raised(status: int, content: Any) -> AllocationError:
    """The error that an answer stands for.

    Parameters
    ----------
    status
        HTTP status, 400 or more.
    content
        The body as JSON; whatever it is.

    Returns
    -------
    AllocationError
        To be raised.
    """
    try:
        problem = Problem.model_validate(content)
    except ValidationError:
        return ServiceFaultError(f"the service answered {status} without saying why: is there a service of this kind?")
    if problem.code == InputUnusableError.code:
        return InputUnusableError(problem.issues)
    if problem.code == PolicyError.code:
        return PolicyError(problem.detail)
    if problem.code == RefusedError.code:
        return RefusedError(problem.detail, problem.issues, problem.undo_first)
    return ServiceFaultError(problem.detail) if status >= 500 else ServiceRefusedError(problem)
