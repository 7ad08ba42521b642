"""What goes over the wire: requests and answers of the API, frozen, unknown fields refused. The client shares them."""

from typing import Literal

from models.base import Record

RunState = Literal["created", "validated", "invalid", "queued", "running", "complete", "stopped", "failed"]
OVER: tuple[RunState, ...] = ("invalid", "complete", "stopped", "failed")
"""States that nothing follows."""
Answer = Literal["proved", "within_gap", "clash", "nothing"]
"""What came out, apart from how the run ended."""
Role = Literal["team", "agency", "alliance", "admin"]


class Health(Record):
    """``GET /health/live`` and ``/health/ready``."""

    status: Literal["ok", "not_ready"]
    detail: str = ""
