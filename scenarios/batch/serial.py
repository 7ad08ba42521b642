"""Cases one after the other in this process."""

from collections.abc import Iterable, Iterator

from models.run import Limits, StopSignal
from scenarios.model import Case
from scenarios.running import Base, Bench, Solution


def run_serially(
    base: Base, cases: Iterable[Case], limits: Limits | None = None, stop: StopSignal | None = None
) -> Iterator[Solution]:
    """The solution of each case, in their order; ends early where ``stop`` is set."""
    bench = Bench(base, limits)
    for case in cases:
        if stop is not None and stop.is_set():
            return
        yield bench.run(case, stop)
