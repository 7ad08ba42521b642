"""The questions of the library on both demonstrations, in two processes (``benchmarks.batches``)."""

from pathlib import Path

from benchmarks.batches import DEMONSTRATIONS, answer
from benchmarks.registry import Found, method
from scenarios.batch.processes import Processes
from scenarios.batch.watch import Watch
from scenarios.commands.choosing import QUESTIONS, library


@method("questions_two", kind="questions")
def run(path: Path, watch: Watch) -> Found:
    """Every case solved, every question answered."""
    return answer([path / f"{name}.xlsx" for name in DEMONSTRATIONS], library(QUESTIONS), watch, Processes(2))
