"""What a measured run says while it works: phases, plans found, the clock; an event is a JSON line.

Events are written at once, so that a run that is stopped from outside leaves what it had. Every event has ``at``,
seconds since the process was started, and ``memory``, the most that the process has held so far (MiB).
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Event = dict[str, Any]
SPACING = 0.1
"""Seconds between two samples that differ in nothing but a value or a bound."""
STATUS = Path("/proc/self/status")


def memory() -> float | None:
    """The most memory that this process has held (MiB); None where the system does not say (only Linux does)."""
    if not STATUS.exists():
        return None
    peak = next((line for line in STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:")), None)
    return None if peak is None else round(int(peak.split()[1]) / 1024, 1)


class Watch:
    """Takes a run's times.

    Parameters
    ----------
    limit
        Seconds that the method may work, counted while :meth:`solving`.
    write
        Takes every event.
    began
        ``time.monotonic()`` when the process was started.
    """

    def __init__(self, limit: float, write: Callable[[Event], None], began: float | None = None) -> None:
        self.limit = limit
        self._write = write
        self._began = time.monotonic() if began is None else began
        self._clock: float | None = None
        self._stopped: float | None = None
        self._last: tuple[float, str | None, int | None] = (-SPACING, None, None)

    @property
    def seconds(self) -> float:
        """Seconds that the clock has run; 0 before it started."""
        return 0.0 if self._clock is None else (self._stopped or time.monotonic()) - self._clock

    @property
    def left(self) -> float:
        """Seconds that the method may still work."""
        return max(0.0, self.limit - self.seconds)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time a phase: read, validate, pairs, build, a tier, name, check, report."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.took(name, time.monotonic() - start)

    def took(self, name: str, seconds: float) -> None:
        """Say what a phase took, in seconds."""
        self.tell({"phase": name, "seconds": round(seconds, 3)})

    @contextmanager
    def solving(self) -> Iterator[None]:
        """The time that the limit is about: from the data to the method's last plan."""
        self._clock = time.monotonic()
        self.tell({"clock": "start"})
        try:
            yield
        finally:
            self._stopped = time.monotonic()
            self.tell({"clock": "stop", "seconds": round(self.seconds, 3)})

    def sample(
        self,
        placed: int | None,
        tier: str | None = None,
        value: int | None = None,
        bound: int | None = None,
        values: Mapping[str, int] | None = None,
    ) -> None:
        """Say how good the best plan is now.

        Parameters
        ----------
        placed
            Requests placed.
        tier, value, bound
            The tier that is worked on, with its value and its bound.
        values
            All tiers of the best plan, where the method knows them.
        """
        since = self.seconds
        if values is None and (tier, placed) == self._last[1:] and since - self._last[0] < SPACING:
            return
        self._last = (since, tier, placed)
        found = {"placed": placed, "tier": tier, "value": value, "bound": bound, "values": values and dict(values)}
        self.tell({"sample": {"seconds": round(since, 3), **{k: v for k, v in found.items() if v is not None}}})

    def facts(self, **facts: Any) -> None:
        """Say what holds for the whole run; later facts replace earlier ones of the same name."""
        self.tell({"facts": facts})

    def tell(self, event: Event) -> None:
        """Write an event."""
        self._write({"at": round(time.monotonic() - self._began, 3), "memory": memory(), **event})


@contextmanager
def into(path: Path) -> Iterator[Callable[[Event], None]]:
    """A writer that adds each event to a file at once."""
    with path.open("a", encoding="utf-8") as stream:

        def write(event: Event) -> None:
            stream.write(json.dumps(event, separators=(",", ":")) + "\n")
            stream.flush()

        yield write


class Tail:
    """Reads a file of events while it grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def fresh(self) -> list[Event]:
        """The events since the last call; a line that is not whole yet comes with a later call."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as stream:
            stream.seek(self._read)
            whole, _, _ = stream.read().rpartition(b"\n")
        if not whole:
            return []
        self._read += len(whole) + 1
        return [json.loads(line) for line in whole.split(b"\n")]


def events(path: Path) -> list[Event]:
    """All events of a file; a last line that was cut off is left out."""
    return Tail(path).fresh()
