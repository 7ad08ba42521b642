"""One decision after publication, ``max_changes`` none (``benchmarks.repairs``)."""

from pathlib import Path

from benchmarks.registry import Found, method
from benchmarks.repairs import measure
from scenarios.batch.watch import Watch


@method("repair_none", kind="decisions")
def run(path: Path, watch: Watch) -> Found:
    """Twenty seeded decisions, each by itself."""
    return measure(path, watch, "none")
