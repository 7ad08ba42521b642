"""What a worker and the process of a run say to each other: the order on its way in, the exit status on its way out."""

from typing import Final

from models.base import Record

DONE: Final = 0
"""The run is over, or another attempt works on it: nothing is left to do."""
FULL: Final = 71
"""The memory was not enough."""


class Order(Record):
    """An attempt at a run: ``seconds`` may go by until it stops by itself, ``megabytes`` may be taken."""

    database: str
    run: str
    attempt: int
    seconds: float
    megabytes: int
