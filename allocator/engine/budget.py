"""What a run may still spend, and whether somebody asked it to stop."""

import time
from collections.abc import Sequence
from typing import Literal, Self

from allocator.formulation.program import INFINITY
from models.run import Limits, StopSignal

Stopped = Literal["time limit", "work limit", "interrupted", "size"]
SEARCH_STEP = 200
"""Work units of one checkpoint inside an integer search. HiGHS does not count iterations there; it passes checkpoints
in the same order every time on one thread, so counting them stops at the same place."""


class Budget:
    """Wall clock, counted work (simplex iterations and search checkpoints) and the stop signal of one run."""

    def __init__(self, limits: Limits, stop: StopSignal | None) -> None:
        self._limits = limits
        self._stop = stop
        self._begun = time.monotonic()
        self.work = 0
        self._reason: Stopped | None = None

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._begun

    @property
    def seconds_left(self) -> float:
        """Seconds until the time limit; infinite without one."""
        return INFINITY if self._limits.seconds is None else max(0.0, self._limits.seconds - self.seconds)

    @property
    def workers(self) -> int:
        """How many independent pieces of the run are done at a time."""
        return self._limits.workers

    def spend(self, work: int) -> None:
        """Count work."""
        self.work += work

    def shared(self, among: int) -> list[Self]:
        """Budgets of pieces that do not see each other: the same clock and stop signal, equal shares of the work."""
        left = None if self._limits.work is None else max(0, self._limits.work - self.work) // among
        shares = [type(self)(self._limits.model_copy(update={"work": left}), self._stop) for _ in range(among)]
        for share in shares:
            share._begun, share._reason = self._begun, self._reason
        return shares

    def collect(self, shares: Sequence[Self]) -> None:
        """Count what the pieces spent; one that had to stop ends the run, so that workers do not matter."""
        for share in shares:
            self.work += share.work
            self._reason = self._reason or share._reason

    def stopped(self, more: int = 0) -> Stopped | None:
        """Why the run has to stop now, if it has to; ``more`` is work under way that is not yet counted.

        Once given, the reason stays: a solver that was told to stop must not find the run going on.
        """
        if self._reason is None:
            self._reason = self._why(more)
        return self._reason

    def _why(self, more: int) -> Stopped | None:
        if self._stop is not None and self._stop.is_set():
            return "interrupted"
        if self._limits.work is not None and self.work + more >= self._limits.work:
            return "work limit"
        if self._limits.seconds is not None and self.seconds >= self._limits.seconds:
            return "time limit"
        return None
