"""A hundred cases near a partnership, in one process (``benchmarks.batches``)."""

from pathlib import Path

from benchmarks.batches import measure
from benchmarks.registry import Found, method
from scenarios.batch.processes import Processes
from scenarios.batch.watch import Watch


@method("scenarios_one", kind="scenarios")
def run(path: Path, watch: Watch) -> Found:
    """Each case near the base, whose plan every process finds once."""
    return measure(path, watch, Processes(1))
