"""Workbooks of partnerships that the package brings, to be tried."""

from importlib.resources import files
from pathlib import Path


def demonstrations() -> dict[str, Path]:
    """The workbooks by name."""
    folder = Path(str(files("allocator"))) / "demonstration"
    return {path.stem: path for path in sorted(folder.glob("*.xlsx"))}
