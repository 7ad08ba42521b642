"""One run of a study: a process of its own, watched from outside, put together as a line."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.subjects import ROOT, digest, kind_of
from models.errors import UsageError
from scenarios.batch import machine
from scenarios.batch.lines import Line
from scenarios.batch.process import Ended, watched

PROGRAM = (
    "allocator", "models", "scenarios", "benchmarks", "requirements.lock",
    ":!benchmarks/README.md", ":!benchmarks/*.jsonl",
)  # fmt: skip
"""What is measured, and so has to be as it was committed."""


class Order(NamedTuple):
    """A run to be made. ``round`` numbers the repetitions; ``limit`` in seconds; ``rule`` says where the limit is from.

    ``rule``: ``given``, or such as ``10x`` (ten times the engine's time of the same round).
    """

    size: str
    method: str
    limit: float
    seed: int = 1
    round: int = 1
    rule: str = "given"


def run(order: Order) -> Line:
    """Make one run.

    Parameters
    ----------
    order
        What to run.

    Returns
    -------
    dict
        The line of a study.

    Raises
    ------
    UsageError
        The input cannot be made.
    """
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.worker", order.size, str(order.seed)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise UsageError(
            f"{order.size} cannot be made: {(made.stderr.strip().splitlines() or ['no reason given'])[-1]}"
        )
    path = Path(made.stdout.splitlines()[-1])
    before = _surroundings(order, path)
    words = (order.size, order.seed, order.method, order.limit)
    ended = watched([sys.executable, "-m", "benchmarks.worker", *map(str, words)], order.limit, ROOT)
    return record(order, before | {"busy_elsewhere": ended.busy}, ended)


def record(order: Order, surroundings: Line, ended: Ended) -> Line:
    """Put together what a run said.

    Parameters
    ----------
    order, surroundings
        What was run, and on what.
    ended
        Its events, and how its process ended.

    Returns
    -------
    dict
        The line of a study (see ``benchmarks/README.md``); what the run did not come to is None or absent.
    """
    line: Line = {**order._asdict(), **surroundings, "status": None, "phases": {}, "quality": []}
    peak = solving = total = None
    for event in ended.said:
        if "phase" in event:
            phases = line["phases"]
            phases[event["phase"]] = round(phases.get(event["phase"], 0.0) + event["seconds"], 3)
        if "sample" in event:
            line["quality"].append(event["sample"])
        if event.get("clock") == "stop":
            solving = event["seconds"]
        if event.get("finished"):
            total = event["at"]
        if total is None or event.get("finished"):
            peak = event["memory"]
        line |= event.get("facts", {})
    if total is None and (ended.stopped or ended.code or line["status"] is None):
        # It never said that it was done: stopped from outside, or its process died.
        line["status"] = line["status"] or ("not in time" if ended.stopped else "failed")
        line.setdefault("problem", ended.problem)
    opening = line.pop("opening", None)
    if opening is not None and "read" in line["phases"]:
        line["phases"] = _split(line["phases"], opening)
    line["seconds"] = {"total": total, "solving": solving}
    line["memory"] = {
        "after_import": line.pop("memory_after_import", None),
        "after_reading": line.pop("memory_after_reading", None),
        "peak": line.pop("peak", peak),
        "with_children": ended.most,
    }
    return line


def _split(phases: dict[str, float], opening: float) -> dict[str, float]:
    """Reading is opening the file's cells, measured again after the run, and validating, the rest."""
    whole = phases["read"]
    opened = min(opening, whole)
    halves = {"read": opened, "validate": round(whole - opened, 3)}
    found: dict[str, float] = {}
    for name, seconds in phases.items():
        found |= halves if name == "read" else {name: seconds}
    return found


def _surroundings(order: Order, path: Path) -> Line:
    """On what and of what a run is: input, machine, commit, how many cores others kept busy meanwhile."""
    return {
        "kind": kind_of(order.size),
        "input_digest": digest(path),
        "machine": machine.machine(),
        "busy_elsewhere": None,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
    }


def commit() -> str | None:
    """The commit that is measured, with ``+`` where files of the program differ from it; None without git."""
    return machine.commit(ROOT, PROGRAM)
