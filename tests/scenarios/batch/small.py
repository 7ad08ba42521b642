"""A batch on a partnership of three students: each case is solved in some milliseconds."""

import threading
from collections.abc import Sequence
from pathlib import Path

from allocator.folder import folder_of_results
from allocator.reading.reader import register_of
from scenarios.batch.batch import Batch, jobs_of, run_batch
from scenarios.batch.jobs import Executor
from scenarios.expanding import cases_of
from scenarios.model import Case, Scenario
from scenarios.running import Base
from tests.reading.sheets import TODAY, sheets


def base(name: str = "small", **rows: object) -> Base:
    return Base(name, register_of(sheets(**rows)), {}, TODAY)


def scenario(**parts: object) -> Scenario:
    facts = {"name": "fewer", "question": "Half of the places?"} | parts
    return Scenario.model_validate(facts)


def drawn(number: int, **parts: object) -> Scenario:
    """Half of the offers go, drawn so many times, beside the base as it is."""
    half = {"edit": "scale", "sheet": "Offers", "percent": 50}
    return scenario(edits=[half], draws={"number": number, "seed": 7}, **parts)


def cases(on: Base, *scenarios: Scenario) -> tuple[Case, ...]:
    return tuple(case for one in scenarios for case in cases_of(one, on.register))


def batch(
    out: Path,
    executor: Executor,
    bases: Sequence[Base],
    scenarios: Sequence[Scenario],
    stop: threading.Event | None = None,
) -> Batch:
    """The batch into a folder, which is locked meanwhile as the command does it."""
    with folder_of_results(out):
        return run_batch(out, bases, jobs_of((b, scenarios) for b in bases), executor, stop or threading.Event())


def contents(out: Path) -> dict[str, bytes]:
    """Every file of the folder but for seconds."""
    import json

    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "results.jsonl":
            rows = [json.loads(line) | {"seconds": 0} for line in content.splitlines()]
            content = json.dumps(rows).encode()
        elif path.name == "results.csv":
            import pandas as pd

            content = pd.read_csv(path).drop(columns="seconds").to_csv().encode()
        found[path.relative_to(out).as_posix()] = content
    return found
