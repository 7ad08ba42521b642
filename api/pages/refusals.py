"""What a form is refused for, in the library's words, to be shown beside the form."""

from http import HTTPStatus

from pydantic import ValidationError

from api.problems import as_problem, validation_issues
from models.errors import AllocationError

Refused = AllocationError | ValidationError
"""What a function of the API raises where it does not do what a form asks for."""


class Refusal(tuple[str, ...]):
    """Sentences, the first of which says what is wrong; ``status``: of the page."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


def refusal(error: Refused) -> Refusal:
    """A refusal in sentences.

    Parameters
    ----------
    error
        Raised where a form was taken.

    Raises
    ------
    AllocationError
        It is a fault of the program, for the log.
    """
    if isinstance(error, ValidationError):
        return Refusal(issue.message for issue in validation_issues(error.errors()))
    status, body = status_of(error), as_problem(error)[1]
    detail = str(body["detail"])
    detail = detail[:1].upper() + detail[1:]
    found = Refusal((detail, *(i["message"] for i in body["issues"] if i["message"] not in detail)))
    found.status = status
    return found


def status_of(error: AllocationError | None) -> HTTPStatus:
    """The status of a page that shows an error beside a form.

    Parameters
    ----------
    error
        What was met; None where all is well.

    Raises
    ------
    AllocationError
        The error itself, where it is a fault of the program: nobody who fills in a form can do anything about it.
    """
    if error is None:
        return HTTPStatus.OK
    status = HTTPStatus(as_problem(error)[0])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise error
    return status
