"""Why a run failed, apart from what the library says: problems that are kept with the run."""

from http import HTTPStatus

from api.problems import ProblemError


class NotEnoughMemoryError(ProblemError):
    """It took all the memory that a run may take."""

    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "not_enough_memory", "Not enough memory"


class TookTooLongError(ProblemError):
    """It did not stop by itself within the time that a run may take."""

    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "took_too_long", "It took too long"


class DiedError(ProblemError):
    """Its process died again and again, or whoever worked on it did."""

    status, code, title = HTTPStatus.INTERNAL_SERVER_ERROR, "died", "Its process died"
