"""Installs the project as its Makefile does, in empty environments with the oldest and the newest pip: ``python tests/installation.py``.

Uses the standard library alone, since nothing is installed yet. The oldest pip is the one that Python 3.11.0 brings; the
newest is what the registry has today, under the newest of Python 3.11 to 3.13 that this machine has. ``pip check`` then
says whether the lock was complete: it is installed without resolving, so what it lacks would be missing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
OLDEST_PIP = "pip==22.3"
NEWEST_PIP = "pip"
PYTHONS = ("python3.11", "python3.12", "python3.13")


def runs(python: str) -> bool:
    """Whether a Python of this name is there and starts."""
    found = shutil.which(python)
    return found is not None and subprocess.run([found, "-V"], capture_output=True, check=False).returncode == 0


def install(python: str, pip: str, folder: Path) -> None:
    """Make an environment with this pip, install into it by ``make``, and look whether anything is missing."""
    print(f"{python} with {pip}", flush=True)
    environment = folder / ".venv"
    binaries = environment / ("Scripts" if os.name == "nt" else "bin")
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run([python, "-m", "venv", environment], check=True)
    subprocess.run([binaries / "python", "-m", "pip", "install", *quiet, "--upgrade", pip], check=True)
    subprocess.run([binaries / "python", "-m", "pip", "--version"], check=True)
    subprocess.run(["make", "install", f"VENV={environment}", f"PYTHON={python}"], cwd=ROOT, check=True)
    subprocess.run([binaries / "python", "-m", "pip", "check"], check=True)
    subprocess.run([binaries / "placements", "--version"], check=True)


def main() -> int:
    """Both environments, one after the other; an error ends the program with what pip said."""
    there = [python for python in PYTHONS if runs(python)] or [sys.executable]
    for python, pip in ((there[0], OLDEST_PIP), (there[-1], NEWEST_PIP)):
        with tempfile.TemporaryDirectory() as folder:
            install(python, pip, Path(folder))
    print("Installed with both; nothing is missing in the lock.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
