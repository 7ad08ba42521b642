"""Runs ``matching`` over public instances: ``python -m benchmarks.peers.matching FILE ...``.

In the environment with the peers only. It finds a stable matching, so it needs strict preferences on both sides and
knows no lower quotas: ties are broken as they are listed, supervisors rank whoever they do not list by id, lower
quotas are left to the checker. One object a line: file, order (``stable``), seconds, matching.
"""

import json
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.spa_reader import Instance, parse_instance, parse_preferences


def solve(text: str) -> dict[str, str]:
    """The project of every student who has one, in the student-optimal stable matching."""
    instance = parse_instance(text)
    students = {name: [p for tie in ties for p in tie] for name, ties in instance.students.items() if ties}
    supervised = any(project.supervisor for project in instance.projects.values())
    teacher = {name: project.supervisor if supervised else name for name, project in instance.projects.items()}
    wanted = _preferences(text, instance, supervised)
    asked: dict[str, set[str]] = {}
    for student, projects in students.items():
        for project in projects:
            asked.setdefault(str(teacher[project]), set()).add(student)
    ranked = {
        name: [s for s in wanted.get(name, ()) if s in who] + sorted(who - set(wanted.get(name, ())), key=int)
        for name, who in asked.items()
    }
    games: Any = import_module("matching.games")
    listed = {p for projects in students.values() for p in projects}
    places = {name: instance.projects[name].upper for name in instance.projects if name in listed}
    if not supervised:
        game = games.HospitalResident.create_from_dictionaries(students, ranked, places, clean=True)
    else:
        most = {name: instance.supervisors[name].upper for name in ranked}
        owner = {name: teacher[name] for name in places}
        game = games.StudentAllocation.create_from_dictionaries(students, ranked, owner, places, most, clean=True)
    found = game.solve()
    return {str(student): str(project) for project, placed in found.items() for student in placed}


def _preferences(text: str, instance: Instance, supervised: bool) -> dict[str, list[str]]:
    """What supervisors (or hospitals) say whom they want: the last field of their lines."""
    lines = text.splitlines()[1 : 1 + len(instance.students) + len(instance.projects) + len(instance.supervisors)]
    first = len(instance.students) + (len(instance.projects) if supervised else 0)
    fields = [line.split(":") for line in lines[first:]]
    position = 4 if supervised else 3
    return {
        parts[0].strip(): [s for tie in parse_preferences(parts[position]) for s in tie]
        for parts in fields
        if len(parts) > position
    }


def main(files: list[str]) -> None:
    """Every file once: there is one order, stability."""
    warnings.simplefilter("ignore")  # it warns of every instance that it had to clean
    for file in files:
        answer: dict[str, Any] = {"file": file, "order": "stable"}
        start = time.perf_counter()
        try:
            answer["matching"] = solve(Path(file).read_text(encoding="utf-8"))
        except Exception as error:  # what it cannot do is a result
            answer["problem"] = f"{type(error).__name__}: {error}"
        answer["seconds"] = time.perf_counter() - start
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
