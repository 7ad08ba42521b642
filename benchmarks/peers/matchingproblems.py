"""Runs ``matchingproblems`` over public instances: ``python -m benchmarks.peers.matchingproblems FILE ...``.

In the environment with the peers only. One object a line: file, order, seconds, and the matching, None where the
solver says that the quotas cannot hold.
"""

import contextlib
import io
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ORDERS = {
    "generous": ("-maxsize", "1", "-gen", "2"),
    "greedy_at_maximum": ("-maxsize", "1", "-gre", "2"),
    "least_cost": ("-maxsize", "1", "-mincost", "2"),
    "greedy": ("-gre", "1"),
}


def solve(file: Path, options: tuple[str, ...]) -> dict[str, str] | None:
    """The project of every student who has one; None where nothing is possible."""
    agents = "3" if len(file.read_text(encoding="utf-8").split("\n", 1)[0].split()) == 3 else "2"
    solver: Any = import_module("matchingproblems.solver").solver.create(["-f", str(file), "-na", agents, *options])
    solver.solve()
    said = dict(line.split(": ", 1) for line in solver.get_results().splitlines() if ": " in line)
    if said["pulp_status"] != "Optimal":
        return None
    projects = said["matching"].split()
    return {str(student): project for student, project in enumerate(projects, start=1) if project != "0"}


def main(files: list[str]) -> None:
    """All four orders of every file."""
    for file in files:
        for order, options in ORDERS.items():
            answer: dict[str, Any] = {"file": file, "order": order}
            start = time.perf_counter()
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    answer["matching"] = solve(Path(file), options)
            except Exception as error:  # what it cannot do is a result
                answer["problem"] = f"{type(error).__name__}: {error}"
            answer["seconds"] = time.perf_counter() - start
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
