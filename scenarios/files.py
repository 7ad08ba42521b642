"""Scenario files (TOML) to scenarios: a folder is a library. All that is wrong is named at once, with its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from allocator.reading.spelling import did_you_mean
from models.errors import UsageError
from scenarios import model
from scenarios.errors import Problem, ScenarioError
from scenarios.model import Scenario

SUFFIX = ".toml"
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"\s*([\w.\-\"]+?)\s*=")
_KINDS: dict[str, type[BaseModel]] = {
    get_args(kind.model_fields["edit"].annotation)[0]: kind for kind in get_args(get_args(model.Edit)[0])
}
_LINE = re.compile(r"\(at line (\d+)")


def read_library(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of a folder in the order of their files, or that of one file.

    Parameters
    ----------
    path
        A folder of TOML files, or one of them (what it extends is looked for beside it).

    Returns
    -------
    tuple of Scenario
        What one extends is in it already.

    Raises
    ------
    UsageError
        There is nothing at ``path``, or no scenario in it.
    ScenarioError
        A file cannot be used; every problem of every file is named.
    """
    if not path.exists():
        raise UsageError(f"there is no '{path}': name a scenario file, or a folder of them")
    folder = path if path.is_dir() else path.parent
    files = sorted(folder.glob(f"*{SUFFIX}"))
    if not path.is_dir():
        files = [path] + [f for f in files if f != path and _extended(path)]
    if not files:
        raise UsageError(f"'{path}' holds no scenario: a scenario is a file that ends in {SUFFIX}")
    problems: list[Problem] = []
    read: dict[str, tuple[Scenario, Path]] = {}
    for file in files:
        found = _read(file, problems)
        if found is None:
            continue
        if found.name in read:
            problems.append(
                Problem(f"the name '{found.name}' is that of {read[found.name][1].name}, too", file.name, 1)
            )
        read.setdefault(found.name, (found, file))
    whole = {name: _whole(name, read, problems, ()) for name in read}
    if problems:
        raise ScenarioError(problems)
    wanted = [name for name, (_, file) in read.items() if path.is_dir() or file == path]
    return tuple(whole[name] for name in wanted)


def _extended(path: Path) -> bool:
    try:
        return "extends" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        return False


def _read(file: Path, problems: list[Problem]) -> Scenario | None:
    try:
        text = file.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        problems.append(Problem(f"is not TOML: {error}", file.name, int(line[1]) if line else None))
        return None
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(f"cannot be read: {error}", file.name))
        return None
    content.setdefault("name", file.stem)
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        lines = dict(_lines(text))
        for found in error.errors():
            at = tuple(part for part in found["loc"] if part not in (*_KINDS, model.FromRows.__name__))
            problems.append(Problem(_said(found, at), file.name, _nearest(at, lines)))
        return None


def _said(found: Mapping[str, Any], at: tuple[str | int, ...]) -> str:
    """One problem in words."""
    name = ".".join(str(part) for part in at)
    if found["type"] == "extra_forbidden":
        allowed = _fields(at, found["loc"])
        return f"unknown '{name}'.{did_you_mean(str(at[-1]), allowed)} Allowed: {', '.join(allowed)}."
    if found["type"] == "missing":
        return f"'{name}' is missing"
    if found["type"] == "union_tag_invalid":
        tag, allowed = str(found["ctx"]["tag"]), sorted(_KINDS)
        return f"'{name}': there is no edit '{tag}'.{did_you_mean(tag, allowed)} Allowed: {', '.join(allowed)}."
    if found["type"] == "union_tag_not_found":
        return f"'{name}' does not say which edit it is: write edit = \"remove\", for example"
    return f"'{name}': {found['msg'].removeprefix('Value error, ')} (found {found['input']!r})"


def _fields(at: tuple[str | int, ...], loc: tuple[str | int, ...]) -> list[str]:
    """The names that are allowed where an unknown one was found."""
    tag = next((str(part) for part in reversed(loc) if part in _KINDS), None)
    if tag is not None:
        return list(_KINDS[tag].model_fields)
    owners: dict[str, type[BaseModel]] = {
        "answer": model.AnswerSpec, "measures": model.Measure, "draws": model.Draws, "variants": model.Variant,
        "grid": model.FromRows,
    }  # fmt: skip
    for part in reversed(at[:-1]):
        if part in owners:
            return list(owners[str(part)].model_fields)
    return list(Scenario.model_fields)


def _lines(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Where each table and key of a TOML text stands; a key within one line's braces is found by the line."""
    at: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header and "=" not in line.split("]")[0]:
            at = ()
            names = [name.strip().strip('"') for name in header[2].split(".")]
            for depth, name in enumerate(names, 1):
                at = (*at, name)
                last = depth == len(names)
                if header[1] == "[[" and last:
                    counts[at] = counts.get(at, -1) + 1
                if at in counts:
                    at = (*at, counts[at])
            yield at, number
        elif key := _KEY.match(line):
            yield (*at, *key[1].replace('"', "").split(".")), number


def _nearest(at: tuple[str | int, ...], lines: Mapping[tuple[str | int, ...], int]) -> int | None:
    for length in range(len(at), 0, -1):
        if at[:length] in lines:
            return lines[at[:length]]
    return None


def _whole(
    name: str, read: Mapping[str, tuple[Scenario, Path]], problems: list[Problem], below: tuple[str, ...]
) -> Scenario:
    """A scenario with what it extends: policy and edits of that one come before its own."""
    scenario, file = read[name]
    if not scenario.extends:
        return scenario
    if scenario.extends in (*below, name):
        problems.append(Problem(f"extends itself: {' -> '.join((*below, name, scenario.extends))}", file.name))
        return scenario
    if scenario.extends not in read:
        near = did_you_mean(scenario.extends, read)
        problems.append(Problem(f"extends '{scenario.extends}', which is not in its folder.{near}", file.name))
        return scenario
    under = _whole(scenario.extends, read, problems, (*below, name))
    own = scenario.model_fields_set
    update: dict[str, Any] = {
        "policy": under.policy | scenario.policy,
        "edits": (*under.edits, *scenario.edits),
        "assumes": (*under.assumes, *scenario.assumes),
    }
    update |= {
        k: getattr(under, k) for k in ("base", "variants", "grid", "draws", "answer", "with_base") if k not in own
    }
    return scenario.model_copy(update=update)
