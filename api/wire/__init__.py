"""What goes over the wire: requests and answers of the API, frozen, unknown fields refused. The client shares them.

Words that several themes use stand here, the records of a theme in a module of its own.
"""

from typing import Any, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from models.base import Record
from models.errors import Issue

RunState = Literal["created", "validated", "invalid", "queued", "running", "complete", "stopped", "failed"]
OVER: tuple[RunState, ...] = ("invalid", "complete", "stopped", "failed")
"""States that nothing follows."""
Answer = Literal["proved", "within_gap", "clash", "nothing"]
"""What came out, apart from how the run ended."""
Role = Literal["team", "agency", "alliance", "admin"]
PRINTED = r"^[^\x00-\x1f\x7f]*$"
"""Text without control characters."""


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise PydanticCustomError("number", "Input should be a whole number")
    return value


WholeNumber = BeforeValidator(_number)
"""Of a whole number in JSON, which may be written 90.0, but is neither a text nor a truth value."""


class Health(Record):
    """``GET /health/live``, and a part of ``/health/ready``: where it is not ready, ``detail`` says why."""

    status: Literal["ok", "not_ready"]
    detail: str = ""


class Readiness(Record):
    """``GET /health/ready``: the whole, and its parts.

    ``reading``: what is kept can be read, so the database is reached and its tables are this program's; ``solving``: a
    worker lives. ``status`` is not ready, and the answer 503, where nothing can be read, or where accepted runs wait
    and no worker lives.
    """

    status: Literal["ok", "not_ready"]
    detail: str
    reading: Health
    solving: Health


class Problem(Record):
    """What is wrong, as RFC 9457 (``application/problem+json``): all of it at once.

    ``code`` names the kind of problem and never changes; ``detail`` says what was found, what is allowed, what to do;
    ``issues`` are the single things that are wrong, of an input with sheet, row and column. ``undo_first``: of a step
    that is refused, ids of decisions to undo first; ``effect``: of a decision that was made on an old state, what it
    would do now (``DecisionMade``).
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    issues: tuple[Issue, ...] = ()
    undo_first: tuple[str, ...] = ()
    effect: dict[str, Any] | None = None
