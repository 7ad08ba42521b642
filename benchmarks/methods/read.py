"""Reading and validating a workbook with one long sheet."""

from pathlib import Path

from allocator.intake import read
from benchmarks.registry import Found, method
from scenarios.batch.watch import Watch


@method("read", kind="sheet")
def run(path: Path, watch: Watch) -> Found:
    """From the file to a dataset with every problem named."""
    with watch.solving():
        reading = read(path)
    dataset = reading.dataset
    figures = {"students": len(dataset.students), "times": len(dataset.travel), "issues": len(reading.issues)}
    return Found(figures=figures)
