"""One run from outside: started as a process of its own, watched, stopped where it exceeds its limit, written down."""

import contextlib
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.subjects import ROOT, digest, kind_of
from benchmarks.watch import Event, Tail, events
from models.errors import UsageError

Run = dict[str, Any]
"""A line of a study: see ``benchmarks/README.md``."""
POLL = 0.05
"""Seconds between two looks at a run."""
GRACE = 10.0
"""Seconds (and a tenth of the limit) that a method may take to stop by itself."""
BEFORE = 7200.0
"""Seconds that reading and building a model may take before the clock starts."""
AFTER = 1800.0
"""Seconds that checking the plan and writing the report may take."""
KILLED = -9
"""How a process ends that the system kills (Linux, macOS)."""


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


def run(order: Order) -> Run:
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
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.jsonl"
        errors = Path(folder) / "errors.txt"
        before = _surroundings(order, path)
        began, busy = time.monotonic(), _elsewhere()
        words = (order.size, order.seed, order.method, order.limit, file, began)
        with errors.open("w", encoding="utf-8") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.worker", *map(str, words)],
                cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stream, start_new_session=True,
            )  # fmt: skip
            stopped, most = _wait(process, Tail(file), order.limit, began)
        now = _elsewhere()
        if busy is not None and now is not None:
            before["busy_elsewhere"] = round((now - busy) / (time.monotonic() - began), 2)
        said = errors.read_text(encoding="utf-8", errors="replace")
        return record(order, before, events(file), most, stopped=stopped, code=process.returncode, errors=said)


def _wait(process: subprocess.Popen[bytes], tail: Tail, limit: float, began: float) -> tuple[bool, float | None]:
    """Wait; end process and children where it exceeds its limit. Says so, and the most memory seen (MiB)."""
    most: float | None = None
    since, allowed, finished = 0.0, BEFORE, False
    try:
        while process.poll() is None:
            for event in tail.fresh():
                if event.get("clock") == "start":
                    since, allowed = event["at"], limit * 1.1 + GRACE
                elif "clock" in event or event.get("finished"):
                    since, allowed = event["at"], AFTER
                finished = finished or bool(event.get("finished"))
            if not finished:  # what comes after the run, such as the report, is no part of it
                most = max(filter(None, (most, _held(process.pid))), default=None)
            if time.monotonic() - began - since > allowed:
                return True, most
            time.sleep(POLL)
        return False, most
    finally:
        # Whatever happens here, also Ctrl-C: nothing that was started goes on.
        if process.poll() is None:
            _end(process)
        process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started; where there are no process groups, the process alone."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _held(process: int) -> float | None:
    """What a process and its children hold now (MiB); None where the system does not say (only Linux does)."""
    total, waiting = 0.0, [process]
    while waiting:
        now = Path(f"/proc/{waiting.pop()}")
        try:
            lines = (now / "status").read_text(encoding="utf-8").splitlines()
            waiting += [int(n) for n in (now / "task" / now.name / "children").read_text(encoding="utf-8").split()]
        except OSError:
            continue
        total += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
    return round(total, 1) or None


def record(
    order: Order,
    surroundings: Run,
    said: Iterable[Event],
    most: float | None,
    *,
    stopped: bool = False,
    code: int | None = 0,
    errors: str = "",
) -> Run:
    """Put together what a run said.

    Parameters
    ----------
    order, surroundings
        What was run, and on what.
    said
        Its events.
    most
        The most memory that it and its children were seen to hold together (MiB).
    stopped
        Whether it was stopped from outside.
    code, errors
        How its process ended.

    Returns
    -------
    dict
        The line of a study; what the run did not come to is None or absent.
    """
    line: Run = {**order._asdict(), **surroundings, "status": None, "phases": {}, "quality": []}
    peak = solving = total = None
    for event in said:
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
    if total is None and (stopped or code or line["status"] is None):
        # It never said that it was done: stopped from outside, or its process died.
        line["status"] = line["status"] or ("not in time" if stopped else "failed")
        line.setdefault("problem", "stopped at its limit" if stopped else _last(errors, code))
    opening = line.pop("opening", None)
    if opening is not None and "read" in line["phases"]:
        line["phases"] = _split(line["phases"], opening)
    line["seconds"] = {"total": total, "solving": solving}
    line["memory"] = {
        "after_import": line.pop("memory_after_import", None),
        "after_reading": line.pop("memory_after_reading", None),
        "peak": line.pop("peak", peak),
        "with_children": most,
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


def _last(errors: str, code: int | None) -> str:
    lines = errors.strip().splitlines()
    if lines:
        return lines[-1][:300]
    why = ": killed by the system, most likely for want of memory" if code == KILLED else ""
    return f"the process ended with {code}{why}"


def _surroundings(order: Order, path: Path) -> Run:
    """On what and of what a run is: input, machine, commit, how many cores others kept busy meanwhile."""
    return {
        "kind": kind_of(order.size),
        "input_digest": digest(path),
        "machine": machine(),
        "busy_elsewhere": None,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
    }


def _elsewhere() -> float | None:
    """Seconds for which cores have been busy with anything but runs that have ended; None where nothing says so."""
    statistics = Path("/proc/stat")
    if not statistics.exists():
        return None
    import resource  # noqa: PLC0415 - there is none on Windows

    lines = statistics.read_text(encoding="utf-8").splitlines()
    if sum(line.startswith("cpu") for line in lines) - 1 != os.cpu_count():
        return None  # a container that sees the cores of others too
    user, nice, system, _, _, *interrupts = (int(word) for word in lines[0].split()[1:9])
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    all_of_it = (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
    return all_of_it - ours.ru_utime - ours.ru_stime


def machine() -> dict[str, Any]:
    """System, processor, cores and memory (GiB) of this machine."""
    described, memory = platform.processor(), None
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                described = line.partition(":")[2].strip()
                break
        words = Path("/proc/meminfo").read_text(encoding="utf-8").split()
        memory = round(int(words[1]) / 1024**2, 1)
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": described or None,
        "cores": os.cpu_count(),
        "memory_gib": memory,
    }


def commit() -> str | None:
    """The commit that is measured, with ``+`` where files of the program differ from it; None without git."""
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
        watched = (
            "allocator",
            "models",
            "benchmarks",
            "requirements.lock",
            ":!benchmarks/README.md",
            ":!benchmarks/*.jsonl",
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--", *watched], cwd=ROOT, capture_output=True, text=True, check=True
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")
