"""One decision after publication, ``max_changes`` 0 (``benchmarks.repairs``)."""

from pathlib import Path

from benchmarks.registry import Found, method
from benchmarks.repairs import measure
from scenarios.batch.watch import Watch


@method("repair_0", kind="decisions")
def run(path: Path, watch: Watch) -> Found:
    """Twenty seeded decisions, each by itself."""
    return measure(path, watch, "0")
