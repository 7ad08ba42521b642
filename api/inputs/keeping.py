"""What a process keeps of inputs that it reads again and again: workbooks, and what they settle into with a log.

What is kept changes how long an answer takes, and no answer: it is found by the bytes of the workbook, the log and the
day, and a process that has nothing reads and settles.
"""

import hashlib
import sys
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from allocator.reading.reader import read_register
from allocator.settling.settling import Reading, settle_beside
from api.inputs.folding import Entry, with_log
from api.inputs.recent import Recent
from api.inputs.sending import Sent
from api.inputs.tasks import written
from models.register import Register

MOST = 4
"""So many workbooks, and so many states of them, are kept: those that were asked for last."""


class Held(NamedTuple):
    """A workbook with its log typed in, and what it settles into, every problem by itself."""

    register: Register
    reading: Reading


class Inputs:
    """Workbooks and what they settle into, those that were used last."""

    def __init__(self) -> None:
        self._registers: Recent[Register] = Recent(MOST)
        self._held: Recent[Held] = Recent(MOST)

    def register(self, sent: Sent) -> Register:
        """A workbook as it is read.

        Parameters
        ----------
        sent
            The workbook.

        Raises
        ------
        AllocationError
            It cannot be read.
        """
        return self._registers.of(_key(sent), lambda: _read(sent))

    def held(self, sent: Sent, entries: Sequence[Entry], today: date, most_rows: int = sys.maxsize) -> Held:
        """What holds: a workbook with its log, settled.

        Parameters
        ----------
        sent, entries
            The workbook, and the log.
        today
            The day that it is settled on.
        most_rows
            How many rows the workbook may have with its log.

        Raises
        ------
        AllocationError
            It cannot be used, or has more rows.
        """

        def settled() -> Held:
            register = with_log(self.register(sent), entries, most_rows)
            return Held(register, settle_beside(register, {}, today))

        # The log is told by its text: in Python 1, 1.0 and True are equal, and a sheet tells them apart.
        return self._held.of((_key(sent), repr(tuple(entries)), today, most_rows), settled)


def _key(sent: Sent) -> tuple[str, str]:
    return sent.filename, hashlib.sha256(sent.data).hexdigest()


def _read(sent: Sent) -> Register:
    with written(sent) as (path,):
        return read_register(path)
