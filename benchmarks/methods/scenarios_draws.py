"""A thousand draws on a partnership, in two processes: what they hold (``benchmarks.batches``)."""

from pathlib import Path

from benchmarks.batches import measure
from benchmarks.registry import Found, method
from scenarios.batch.processes import Processes
from scenarios.batch.watch import Watch


@method("scenarios_draws", kind="scenarios")
def run(path: Path, watch: Watch) -> Found:
    """Offers withdraw at random."""
    return measure(path, watch, Processes(2), "drawn")
