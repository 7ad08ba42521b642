"""A file of results, one line of JSON each, that is added to as runs end and survives a kill."""

import json
import os
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def read_lines(file: Path) -> list[Line]:
    """The lines of a file; a last line that was cut off by a kill is left out, and no file has no lines."""
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1] if line.strip()]


def make_whole(file: Path) -> None:
    """Cut off the part of a line that a kill left, so that the next line begins on its own; make the folder."""
    if file.exists():
        whole = file.read_bytes().rpartition(b"\n")
        if whole[2]:
            os.truncate(file, len(whole[0]) + len(whole[1]))
    else:
        file.parent.mkdir(parents=True, exist_ok=True)


def add_line(file: Path, line: Line) -> None:
    """Add a result at the end."""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, separators=(",", ":")) + "\n")
