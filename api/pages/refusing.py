"""A refusal that a page shows beside the form: in the library's words, with its own status."""

from http import HTTPStatus

from api.problems import as_problem
from models.errors import AllocationError


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
