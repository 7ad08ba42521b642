"""Reads public student-project allocation (SPA) and hospitals/residents (HR) instances, and their known optima.

An instance is a text file: a line ``students projects [supervisors]``, a line per student ``id: preferences`` (ties
in brackets), a line per project ``id: lower: upper: supervisor`` (HR: preferences, not used), a line per supervisor
``id: lower: target: upper: preferences`` (the last not used). Whatever follows a blank line is a note.
Known optima stand in ``known_optima.csv`` beside the instances; a blank cell is unknown.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

KNOWN_FILE = "known_optima.csv"
MEASURES = (
    "status",
    "max_size",
    "min_cost",
    "greedy_max_profile",
    "generous_max_profile",
    "greedy_profile",
    "min_degree",
)
"""What is compared. In the file a column may also end in ``_at_max`` (among the matchings of greatest size)."""
PROFILES = frozenset(("greedy_max_profile", "generous_max_profile", "greedy_profile"))

Preferences = tuple[tuple[str, ...], ...]
"""Ties, best first: ``4 (2 3) 1`` is ``(("4",), ("2", "3"), ("1",))``."""
Measure = str | int | tuple[int, ...]
"""A status, a number, or a profile (how many have rank 1, 2, ...) without trailing zeros."""


class MalformedError(ValueError):
    """A file that is not of the shape above; the message names the line."""


class Project(NamedTuple):
    """A project (HR: a hospital); ``supervisor`` is None where the instance has none."""

    lower: int
    upper: int
    supervisor: str | None


class Supervisor(NamedTuple):
    """A supervisor's least and greatest number of students over all their projects."""

    lower: int
    upper: int


class Instance(NamedTuple):
    """One instance: preferences by student, projects and supervisors by id."""

    students: Mapping[str, Preferences]
    projects: Mapping[str, Project]
    supervisors: Mapping[str, Supervisor]


def parse_preferences(text: str) -> Preferences:
    """Read a list of preferences such as ``4 (2 3) 1``.

    Parameters
    ----------
    text
        Ids separated by blanks, ties in brackets. May be empty.

    Returns
    -------
    tuple of tuple of str
        Ties, best first.

    Raises
    ------
    MalformedError
        Brackets that do not pair, an empty tie, or an id twice.
    """
    ties: list[tuple[str, ...]] = []
    open_tie: list[str] | None = None
    for token in re.findall(r"[()]|[^\s(),]+", text):
        if token == "(":
            if open_tie is not None:
                raise MalformedError("a bracket inside a bracket")
            open_tie = []
        elif token == ")":
            if not open_tie:
                raise MalformedError("a bracket closes that holds nothing")
            ties.append(tuple(open_tie))
            open_tie = None
        elif open_tie is not None:
            open_tie.append(token)
        else:
            ties.append((token,))
    if open_tie is not None:
        raise MalformedError("a bracket does not close")
    listed = [name for tie in ties for name in tie]
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise MalformedError(f"{', '.join(twice)} is listed twice")
    return tuple(ties)


def parse_instance(text: str) -> Instance:
    """Read one instance.

    Parameters
    ----------
    text
        The whole file.

    Returns
    -------
    Instance
        What the file says; lists of projects, hospitals and supervisors are left out.

    Raises
    ------
    MalformedError
        With the number of the line (first line = 1) where there is one.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    blank = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    body = lines[:blank]
    counts = _counts(body[0] if body else "")
    if len(body) != 1 + sum(counts):
        raise MalformedError(f"line 1 announces {sum(counts)} lines, {max(0, len(body) - 1)} follow")
    has_supervisors = len(counts) == 3 and counts[2] > 0
    sections: tuple[dict[str, list[str]], ...] = ({}, {}, {})
    kinds = [kind for kind, count in enumerate(counts) for _ in range(count)]
    for number, (kind, line) in enumerate(zip(kinds, body[1:], strict=True), start=2):
        name, colon, rest = line.partition(":")
        name = name.strip()
        if not colon or not name:
            raise MalformedError(f"line {number} does not begin with 'id:'")
        if name in sections[kind]:
            raise MalformedError(f"line {number} repeats the id {name}")
        sections[kind][name] = [str(number), *(field.strip() for field in rest.split(":"))]
    supervisors = {name: _supervisor(fields) for name, fields in sections[2].items()}
    projects = {name: _project(fields, has_supervisors, supervisors) for name, fields in sections[1].items()}
    students = {name: _student(fields, projects) for name, fields in sections[0].items()}
    return Instance(students=students, projects=projects, supervisors=supervisors)


def _counts(line: str) -> list[int]:
    words = line.split()
    if len(words) not in (2, 3) or not all(word.isdecimal() for word in words):
        raise MalformedError("line 1 is not 'students projects [supervisors]'")
    return [int(word) for word in words]


def _number(fields: list[str], position: int) -> int:
    if position >= len(fields) or not fields[position].isdecimal():
        raise MalformedError(f"line {fields[0]} has no whole number in field {position + 1}")
    return int(fields[position])


def _quotas(fields: list[str], lower_at: int, upper_at: int) -> tuple[int, int]:
    return _number(fields, lower_at), _number(fields, upper_at)


def _supervisor(fields: list[str]) -> Supervisor:
    return Supervisor(*_quotas(fields, 1, 3))


def _project(fields: list[str], has_supervisors: bool, supervisors: Mapping[str, Supervisor]) -> Project:
    lower, upper = _quotas(fields, 1, 2)
    if not has_supervisors:
        return Project(lower, upper, None)
    supervisor = fields[3] if len(fields) > 3 else ""
    if supervisor not in supervisors:
        raise MalformedError(f"line {fields[0]} names the supervisor '{supervisor}', who has no line")
    return Project(lower, upper, supervisor)


def _student(fields: list[str], projects: Mapping[str, Project]) -> Preferences:
    if len(fields) != 2:
        raise MalformedError(f"line {fields[0]} is not 'id: preferences'")
    try:
        preferences = parse_preferences(fields[1])
    except MalformedError as error:
        raise MalformedError(f"line {fields[0]}: {error}") from None
    unknown = [name for tie in preferences for name in tie if name not in projects]
    if unknown:
        raise MalformedError(f"line {fields[0]} lists {', '.join(unknown)}, which has no line")
    return preferences


def without_trailing_zeros(profile: list[int]) -> tuple[int, ...]:
    """A profile (how many have rank 1, 2, ...) without the zeros at its end."""
    used = max((position for position, count in enumerate(profile, start=1) if count), default=0)
    return tuple(profile[:used])


def read_known(folder: Path) -> dict[str, dict[str, Measure]]:
    """Known optima of the instances of a folder.

    Parameters
    ----------
    folder
        Holds ``known_optima.csv``, or nothing is known.

    Returns
    -------
    dict
        By instance (file name without ``.txt``), then by measure; unknown ones are absent.

    Raises
    ------
    MalformedError
        The file has no column ``instance``, or a cell is not of its measure's type.
    """
    path = folder / KNOWN_FILE
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except csv.Error as error:
        raise MalformedError(f"{KNOWN_FILE}: {error}") from None
    known: dict[str, dict[str, Measure]] = {}
    for number, row in enumerate(rows, start=2):
        name = (row.get("instance") or "").strip()
        if not name:
            raise MalformedError(f"{KNOWN_FILE} line {number} names no instance")
        cells = {m: (row.get(m) or row.get(f"{m}_at_max") or "").strip() for m in MEASURES}
        known[name] = {m: _known_value(m, cell, number) for m, cell in cells.items() if cell}
    return known


def _known_value(measure: str, cell: str, number: int) -> Measure:
    if measure == "status" and cell.upper() in ("FEASIBLE", "INFEASIBLE"):
        return cell.upper()
    if measure in PROFILES and re.fullmatch(r"\[?[\d\s,;]*\]?", cell):
        return without_trailing_zeros([int(count) for count in re.findall(r"\d+", cell)])
    if measure not in PROFILES and measure != "status" and re.fullmatch(r"\d+(\.0*)?", cell):
        return int(float(cell))
    raise MalformedError(f"{KNOWN_FILE} line {number} has '{cell}' as {measure}")
