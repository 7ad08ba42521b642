"""Scenario files (TOML) to scenarios: a folder is a library. All that is wrong is named at once, with its line."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from allocator.reading.spelling import did_you_mean
from allocator.settling.policy_keys import key_named
from models.errors import UsageError
from scenarios.checking import BRACES, POLICY, problems_of
from scenarios.errors import Problem, ScenarioError
from scenarios.kinds import DRAWS
from scenarios.model import Edit, Scenario
from scenarios.positions import lines_of
from scenarios.wording import Place, problems_in

SUFFIX = ".toml"
BASE = "base"
"""The plan of the base itself."""
_LINE = re.compile(r" ?\(at (?:line (\d+)[^)]*|end of document)\)")
_INHERITED = ("base", "variants", "grid", "draws", "answer", "with_base")
"""What a scenario takes from the one that it extends where it says nothing itself."""


class _File(NamedTuple):
    """A file that was read: its scenario where it is one, the lines of its parts, and what is wrong with it."""

    path: Path
    scenario: Scenario | None
    lines: Mapping[Place, int]
    problems: list[Problem]

    def add(self, at: Place, message: str) -> None:
        self.problems.append(Problem(message, self.path.name, _nearest(at, self.lines)))


def read_library(path: Path, kinds: Collection[str] | None = None) -> tuple[Scenario, ...]:
    """The scenarios of a folder in the order of their files, or that of one file.

    Parameters
    ----------
    path
        A folder of TOML files, or one of them (what it extends is looked for beside it).
    kinds
        The kinds of answer that there are; None where nobody answers.

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
    paths = _files(path) if path.is_dir() else [path]
    if not paths:
        raise UsageError(f"'{path}' holds no scenario: a scenario is a file that ends in {SUFFIX}")
    files = [_read(file) for file in paths]
    if any(file.scenario is not None and file.scenario.extends for file in files) and not path.is_dir():
        files += [_read(file) for file in _files(path.parent) if file.resolve() != path.resolve()]
    known: dict[str, _File] = {}
    for file in files:
        if file.scenario is None:
            continue
        name = file.scenario.name
        if name in known:
            file.add(("name",), f"the name '{name}' is that of {known[name].path.name}, too. Names are given once.")
        known.setdefault(name, file)
    wanted = [file for file in files if path.is_dir() or file.path == path]
    whole = {id(file): _with_kind(_whole(file, known, ())) for file in wanted if file.scenario is not None}
    for file in wanted:
        if file.scenario is not None:
            for at, message in problems_of(file.scenario, whole[id(file)], kinds):
                file.add(at, message)
    below = wanted if path.is_dir() else list(_chain(wanted[0], known))
    found = [sorted(dict.fromkeys(file.problems), key=lambda problem: problem.line or 0) for file in below]
    problems = [problem for of_file in found for problem in of_file]
    if problems:
        raise ScenarioError(problems)
    return tuple(whole[id(file)] for file in wanted)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob(f"*{SUFFIX}") if file.is_file() and not file.name.startswith("."))


def _chain(file: _File, known: Mapping[str, _File]) -> Iterator[_File]:
    """A file, and those that it extends."""
    seen: list[_File] = []
    following: _File | None = file
    while following is not None and following not in seen:
        seen.append(following)
        following = known.get(following.scenario.extends) if following.scenario is not None else None
    yield from seen


def _read(path: Path) -> _File:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = _LINE.search(str(error))
        line = int(said[1]) if said and said[1] else text.count("\n") + 1
        why = _LINE.sub("", str(error))
        return _File(path, None, {}, [Problem(f"is not TOML: {why}.", path.name, line)])
    except UnicodeDecodeError:
        return _File(path, None, {}, [Problem("cannot be read: save it as text in UTF-8.", path.name)])
    except OSError as error:
        return _File(path, None, {}, [Problem(f"cannot be read: {error.strerror}.", path.name)])
    lines = lines_of(text)
    content = _plain(content)
    named = "name" in content
    content.setdefault("name", path.stem)
    _flatten(content)
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        file = _File(path, None, lines, [])
        for at, message in problems_in(content, error.errors()):
            hint = "" if named or at != ("name",) else ' It is the file\'s: give another by name = "...".'
            file.add(at, message + hint)
        return file
    file = _File(path, _placed(scenario, path.parent), lines, [])
    for at, plan in _plans(scenario):
        if plan != BASE and not BRACES.search(plan) and not (path.parent / plan).exists() and not Path(plan).exists():
            file.add((*at, "plan"), f"there is no plan '{plan}' beside the file. Name a plan.json, or '{BASE}'.")
    return file


def _plans(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """The plans that edits hold to, by their places."""
    places: list[tuple[Place, tuple[Edit, ...]]] = [(("edits",), scenario.edits)]
    places += [(("variants", n, "edits"), variant.edits) for n, variant in enumerate(scenario.variants)]
    for place, edits in places:
        yield from (((*place, n), edit.plan) for n, edit in enumerate(edits) if edit.edit == "freeze")


def _plain(value: Any) -> Any:
    """What TOML says, days and times as text."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else value


def _flatten(content: dict[str, Any]) -> None:
    """Settings in tables of their own (``rule.E04``, ``[grid.policy]``) are settings by their whole names."""
    tables = [content, *(one for one in content.get("variants") or () if isinstance(one, dict))]
    for table in tables:
        if isinstance(table.get("policy"), dict):
            table["policy"] = dict(_flat(table["policy"]))
    grid = content.get("grid")
    if isinstance(grid, dict) and isinstance(grid.get("policy"), dict) and "sheet" not in grid["policy"]:
        content["grid"] = {n: v for n, v in grid.items() if n != "policy"} | {
            f"{POLICY}{name}": value for name, value in _flat(grid["policy"])
        }


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _placed(scenario: Scenario, folder: Path) -> Scenario:
    """The scenario with its settings as the policy spells them, and its files from the folder that it stands in."""

    def spelt(policy: Mapping[str, Any]) -> dict[str, Any]:
        return {key_named(name) or name: value for name, value in policy.items()}

    def held(edits: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            edit.model_copy(update={"plan": _from(folder, edit.plan)}) if edit.edit == "freeze" else edit
            for edit in edits
        )

    update: dict[str, Any] = {
        name: value
        for name, value in {
            "policy": spelt(scenario.policy), "edits": held(scenario.edits), "base": _from(folder, scenario.base),
            "variants": tuple(
                v.model_copy(update={"policy": spelt(v.policy), "edits": held(v.edits)}) for v in scenario.variants
            ),
        }.items()
        if name in scenario.model_fields_set
    }  # fmt: skip
    return scenario.model_copy(update=update)


def _from(folder: Path, name: str) -> str:
    """A file beside the scenario by its whole path; any other name as it is."""
    return str((folder / name).resolve()) if name and (folder / name).exists() else name


def _nearest(at: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a place, else of what it stands in; a name with points may be several."""
    apart: Place = tuple(part for one in at for part in (one.split(".") if isinstance(one, str) else (one,)))
    for place in (at, apart):
        if place in lines:
            return lines[place]
    for length in range(len(at) - 1, 0, -1):
        if at[:length] in lines:
            return lines[at[:length]]
    return 1


def _whole(file: _File, known: Mapping[str, _File], below: tuple[str, ...]) -> Scenario:
    """A scenario with what it extends: policy, edits and assumptions of that one come before its own."""
    scenario = file.scenario
    assert scenario is not None
    if not scenario.extends:
        return scenario
    above = (*below, scenario.name)
    if scenario.extends in above:
        circle = above[above.index(scenario.extends) :]
        file.add(("extends",), f"it extends itself: {' -> '.join((*circle, scenario.extends))}.")
        return scenario
    under_file = known.get(scenario.extends)
    if under_file is None or under_file.scenario is None:
        near = did_you_mean(scenario.extends, known)
        file.add(("extends",), f"there is no scenario '{scenario.extends}' in its folder.{near}")
        return scenario
    under = _whole(under_file, known, above)
    update: dict[str, Any] = {
        "policy": under.policy | scenario.policy,
        "edits": (*under.edits, *scenario.edits),
        "assumes": (*under.assumes, *scenario.assumes),
    }
    own = scenario.model_fields_set
    update |= {name: getattr(under, name) for name in _INHERITED if name not in own}
    return scenario.model_copy(update=update)


def _with_kind(scenario: Scenario) -> Scenario:
    """The scenario with the kind of answer that is meant where none is named: where it is drawn that of draws."""
    if scenario.draws is None or "kind" in scenario.answer.model_fields_set:
        return scenario
    return scenario.model_copy(update={"answer": scenario.answer.model_copy(update={"kind": DRAWS})})
