"""What a worker and the process of a run say to each other: the order on its way in, the exit status on its way out."""

from pathlib import Path
from typing import Final

from models.base import Record

DONE: Final = 0
"""The run is over, or another attempt works on it: nothing is left to do."""
FULL: Final = 71
"""The memory was not enough."""
OVER: Final = "over"
"""The line that a process says that stays: its run is over, as with ``DONE``."""


class Order(Record):
    """An attempt at a run: ``seconds`` may go by until it stops by itself, ``megabytes`` may be taken.

    It is worked on in a folder of its own in ``folder``. ``stay``: the process says a line when it is over, and waits
    for the next order with what it has in hand. ``warm``: the run is over, and what looks at it need is to be at hand.
    """

    database: str
    run: str
    attempt: int
    seconds: float
    megabytes: int
    folder: Path
    stay: bool = False
    warm: bool = False

    @property
    def name(self) -> str:
        """Of its own folder."""
        return name_of(self.run, self.attempt)


def name_of(run: str, attempt: int) -> str:
    """The name of the folder in which an attempt is worked on."""
    return f"{run}-{attempt}"
