"""Which scenarios and which bases a command is about: names of what comes with the package, or paths."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.demonstrations import demonstrations

if TYPE_CHECKING:
    from scenarios.model import Scenario

QUESTIONS = "questions"
"""The name of the library that comes with the package."""
DEFAULT_BASES = ("developing-together", "january-2022")
"""Where the library that comes with the package is answered, unless another base is named."""
OTHER_DEFAULTS = {"posts": ("two-universities",)}
"""Questions of it that are answered elsewhere: there the finals that posts justify are published, and can be told."""
_LIBRARY_HELP = f"A scenario file, a folder of them, or '{QUESTIONS}': the sixteen of the Alliance."
Library = Annotated[str, typer.Argument(help=_LIBRARY_HELP, show_default=False)]
Bases = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Workbooks (or folders, JSON files) that are changed, or names of demonstrations.", show_default=False
    ),
]


def library(name: str) -> "tuple[Scenario, ...]":
    """The scenarios of a library by its path, or those that come with the package."""
    from scenarios.answers.answering import KINDS
    from scenarios.files import read_library

    return read_library(library_path(name), KINDS)


def library_path(name: str) -> Path:
    """Where a library stands."""
    path = Path(name)
    return Path(str(files("scenarios"))) / QUESTIONS if name == QUESTIONS and not path.exists() else path


def base_paths(given: Sequence[Path] | None, name: str) -> tuple[Path, ...]:
    """The inputs that are changed.

    Raises
    ------
    UsageError
        None is named, and the library is one's own.
    """
    from models.errors import UsageError

    known = demonstrations()
    if given:
        return tuple(known.get(str(path), path) if not path.exists() else path for path in given)
    if name == QUESTIONS:
        return tuple(known[base] for base in DEFAULT_BASES)
    raise UsageError("name the workbook that is changed: placements scenarios run LIBRARY WORKBOOK")


def asked_on(known: "Sequence[Scenario]", given: Sequence[Path] | None, name: str) -> "dict[Path, list[Scenario]]":
    """Which scenarios are answered on which input: a scenario that names a base of its own on that, others on all.

    Raises
    ------
    UsageError
        None is named for a scenario that names none.
    """
    default = name == QUESTIONS and not given
    every = base_paths(given, name) if given or not all(s.base for s in known) else ()
    others = OTHER_DEFAULTS if default else {}
    on = {
        s.name: base_paths(list(map(Path, [s.base] if s.base else others[s.name])), name)
        if s.base or s.name in others else every
        for s in known
    }  # fmt: skip
    paths: dict[Path, Path] = {}
    for path in (*every, *(path for of_one in on.values() for path in of_one)):
        paths.setdefault(path.resolve(), path)
    resolved = {name: {path.resolve() for path in of_one} for name, of_one in on.items()}
    asked = {path: [s for s in known if key in resolved[s.name]] for key, path in paths.items()}
    return {path: scenarios for path, scenarios in asked.items() if scenarios}
