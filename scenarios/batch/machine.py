"""On what a run was made: the machine, the commit of the program, and how busy others kept it."""

import contextlib
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def busy_elsewhere() -> float | None:
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


def commit(root: Path, watched: Sequence[str]) -> str | None:
    """The commit that is run, with ``+`` where files of the program differ from it; None without git.

    Parameters
    ----------
    root
        A folder of the repository.
    watched
        What belongs to the program, as git's path words from ``root``.
    """
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--", *watched], cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")
