"""What a run of scenarios asks: a library that comes with the package, or files of one's own."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from pydantic import Field

from models.base import Record
from models.errors import UsageError
from scenarios.answers.answering import KINDS
from scenarios.files import read_library
from scenarios.model import Scenario

LIBRARIES: dict[str, str] = {"questions": "What if: the questions of the Alliance"}
"""Libraries that come with the package, and their titles."""


class ScenariosAsked(Record):
    """The settings of a run of kind ``scenarios``.

    ``library``: one that comes with the package, unless ``files`` (TOML by file name) are sent; ``only``: names of
    scenarios, all where there are none; ``settings``: of the policy, over those of the input.
    """

    library: Literal["questions"] = "questions"
    files: dict[str, str] = Field(default_factory=dict)
    only: tuple[str, ...] = ()
    settings: dict[str, str] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        """Of the page of answers."""
        return f"What if: {', '.join(self.files)}" if self.files else LIBRARIES[self.library]


def scenarios_of(asked: ScenariosAsked, folder: Path) -> tuple[Scenario, ...]:
    """The scenarios that are asked.

    Parameters
    ----------
    asked
        The settings of the run.
    folder
        Empty; files that were sent are written there to be read.

    Returns
    -------
    tuple of Scenario
        In the order of their files.

    Raises
    ------
    AllocationError
        A file cannot be used (every problem of every file), there is no such scenario, or one names files of the
        machine.
    """
    if asked.files:
        for name, text in asked.files.items():
            path = folder / name
            if path.name != name or path.suffix != ".toml":
                raise UsageError(f"a scenario file is called NAME.toml, without a folder; this is called '{name}'")
            _refuse_paths(name, text)
            path.write_text(text, encoding="utf-8")
        known = read_library(folder, KINDS)
    else:
        known = library(asked.library)
    names = {scenario.name: scenario for scenario in known}
    for name in asked.only:
        if name not in names:
            raise UsageError(f"there is no scenario '{name}'. Allowed: {', '.join(names)}")
    return tuple(names[name] for name in asked.only) or known


def judge_scenarios(asked: ScenariosAsked) -> None:
    """Do nothing where what is asked can be read.

    Raises
    ------
    AllocationError
        As :func:`scenarios_of`.
    """
    with TemporaryDirectory(prefix="placements-") as folder:
        scenarios_of(asked, Path(folder))


def library(name: str) -> tuple[Scenario, ...]:
    """The scenarios of a library that comes with the package."""
    return read_library(Path(str(files("scenarios"))) / name, KINDS)


def _refuse_paths(name: str, text: str) -> None:
    """What a file names on somebody's own machine, the service would look for on its own; nothing is looked for yet."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # what is wrong with it is said, with its line, where it is read
    if content.get("base"):
        raise UsageError(f"{name}: leave 'base' out; what is changed is what is sent with it, or the round")
    if any(table.get("plan", "base") != "base" for table in _tables(content)):
        raise UsageError(f"{name}: 'plan' names a file, which the service cannot see. Allowed: base")


def _tables(content: Any) -> Iterator[dict[str, Any]]:
    """Every table of a TOML file."""
    if isinstance(content, dict):
        yield content
    values = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for value in values:
        yield from _tables(value)
