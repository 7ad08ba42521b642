"""The explanation of one request, as a run gives it."""

from typing import Any

from allocator.pipeline import allocate
from models.dataset import Dataset
from models.reasons import Unplaced
from tests.rules.case import policy


def explained(data: Dataset, request: str = "S1/first", **settings: Any) -> Unplaced:
    """The explanation of a request, which is in the plan's list once."""
    [found] = [u for u in allocate(data, policy(**settings)).plan.unplaced if u.request == request]
    return found
