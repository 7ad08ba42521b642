"""Peers in an environment of their own: how it is made, found, and spoken with.

A script of ``benchmarks/peers`` runs there (``python -m benchmarks.peers.<script>``), imports nothing of ours but
``benchmarks.spa_reader``, and prints one JSON object a line.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.subjects import CACHE, ROOT
from models.errors import SolverFaultError, UsageError

REQUIREMENTS = Path(__file__).parent / "peers" / "requirements.txt"
VARIABLE = "PLACEMENTS_PEERS"
"""Environment variable: the Python of an environment that has the peers, instead of the one that is made here."""


def interpreter() -> Path:
    """The Python that has the peers, whether it exists or not."""
    named = os.environ.get(VARIABLE)
    folder = CACHE / "peers"
    return Path(named) if named else folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(python: str | None = None) -> Path:
    """Make the environment and install the peers.

    Parameters
    ----------
    python
        The Python to make it with; by default the one that runs.

    Returns
    -------
    Path
        Its Python.

    Raises
    ------
    UsageError
        It cannot be made, or a peer cannot be installed.
    """
    folder = CACHE / "peers"
    try:
        if python is None:
            venv.create(folder, with_pip=True, clear=True)
        else:
            subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        there = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        subprocess.run([there, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UsageError(f"the peers cannot be installed: {error}") from error
    return there


def missing(package: str, *programs: str) -> Callable[[], str | None]:
    """For ``registry.method``: why a peer cannot run here, or None."""

    def why() -> str | None:
        python = interpreter()
        if not python.exists():
            return "no environment with the peers: python -m benchmarks peers"
        command = f"import importlib.metadata as m; print(m.version({package!r}))"
        found = subprocess.run([python, "-c", command], capture_output=True, text=True, check=False)
        if found.returncode:
            return f"{package} is not installed in the environment with the peers"
        for program in programs:
            try:
                subprocess.run([program, "-version"], capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                return f"{package} needs {program}, which cannot be run"
        return None

    return why


def version(package: str) -> str:
    """The version of a package in the environment with the peers."""
    command = f"import importlib.metadata as m; print(m.version({package!r}))"
    found = subprocess.run([interpreter(), "-c", command], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def talk(script: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run a script of ``benchmarks/peers`` with the peers' Python, and give its objects as they come.

    Raises
    ------
    SolverFaultError
        It ended with an error; the last line that it wrote is the message.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [str(interpreter()), "-m", f"benchmarks.peers.{script}", *arguments]
    # A file takes what it says of itself: a pipe that nobody reads would stop it when it is full.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("{"):
                    yield json.loads(line)
        if process.returncode:
            errors.seek(0)
            said = errors.read()
            sys.stderr.write(said)
            raise SolverFaultError((said.strip().splitlines() or [f"{script} ended with {process.returncode}"])[-1])
