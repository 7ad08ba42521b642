"""The measurement of batches: cases near a partnership, by one worker, by two, by a cluster; many draws; the questions.

Every case changes one thing: an offer less, a student less, a PE who leaves, or another limit of travel, in turn.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.registry import Found
from scenarios.answers import answered
from scenarios.batch.batch import Step, run_batch
from scenarios.batch.jobs import Executor, Job
from scenarios.batch.process import held
from scenarios.batch.watch import Watch
from scenarios.expanding import cases_of
from scenarios.model import Case, Edit, Leave, Remove, Scenario
from scenarios.results import CLASH
from scenarios.running import Base

COUNT = 100
"""Cases of a run near a partnership."""
DRAWS = 1000
DEMONSTRATIONS = ("developing-together", "january-2022")
"""On which the questions of the library are answered."""
TODAY = date(2026, 11, 21)


def near(base: Base, count: int) -> list[Case]:
    """Cases that change one thing each; of those that are listed the first ones, in the order of the sheets."""
    offers, students, educators = (
        [str(row.get(column)) for row in base.register.pages[sheet].rows]
        for sheet, column in (("Offers", "offer"), ("Students", "student"), ("Educators", "pe"))
    )
    limits = [str(minutes) for minutes in range(60, 180)]

    def edited(name: str, edit: Edit) -> Case:
        return Case(scenario="near", name=name, edits=(edit,))

    def each() -> Iterator[tuple[Case, ...]]:
        for offer, student, pe, limit in zip(cycle(offers), cycle(students), cycle(educators), cycle(limits)):
            yield (
                edited(f"without {offer}", Remove(edit="remove", sheet="Offers", where={"offer": offer})),
                edited(f"without {student}", Remove(edit="remove", sheet="Students", where={"student": student})),
                edited(f"{pe} leaves", Leave(edit="leave", sheet="Educators", where={"pe": pe})),
                Case(scenario="near", name=f"travel_limit={limit}", policy={"travel_limit": limit}),
            )

    return list(islice((case for four in each() for case in four), count))


def drawn(base: Base, count: int) -> list[Case]:
    """Every tenth offer withdraws at random, drawn so many times."""
    scenario = Scenario.model_validate(
        {
            "name": "drawn", "question": "A tenth of the offers?", "with_base": False, "draws": {"number": count},
            "edits": [{"edit": "withdraw", "sheet": "Offers", "probability": 0.1}],
        }
    )  # fmt: skip
    return list(cases_of(scenario, base.register))


def measure(path: Path, watch: Watch, executor: Executor, cases: str = "near") -> Found:
    """Run a batch into a folder that is thrown away.

    Parameters
    ----------
    path
        The partnership.
    watch
        Takes the times.
    executor
        Who solves.
    cases
        ``near`` or ``drawn``.

    Returns
    -------
    Found
        ``figures``: cases, those without a plan, a digest of all rows, processor seconds of the workers that it started
        and waited for, and the memory (MiB) of all processes after a tenth of the cases and at the end.
    """
    with watch.phase("read"):
        base = Base.read(path, {}, TODAY)
        jobs = [Job(0, case) for case in (near(base, COUNT) if cases == "near" else drawn(base, DRAWS))]
    memory: dict[str, float | None] = {}

    def told(step: Step) -> None:
        watch.sample(step.done)
        at = {len(jobs) // 10: "tenth", len(jobs): "end"}.get(step.done)
        if at:
            memory[at] = held(os.getpid())

    before = _processor()
    with tempfile.TemporaryDirectory() as folder:
        with watch.solving():
            batch = run_batch(Path(folder), [base], jobs, executor, threading.Event(), told)
        rows = hashlib.blake2b(digest_size=16)
        failed = 0
        for result in batch.kept.results():
            failed += result.problem is not None
            rows.update(result.model_copy(update={"seconds": 0.0}).model_dump_json().encode())
    figures: dict[str, Any] = {
        "cases": len(jobs), "failed": failed, "rows": rows.hexdigest(), "processor": round(_processor() - before, 2),
        "memory": memory,
    }  # fmt: skip
    return Found(complete=batch.left == 0, figures=figures)


def answer(paths: Sequence[Path], scenarios: Sequence[Scenario], watch: Watch, executor: Executor) -> Found:
    """Answer questions on partnerships, in a folder that is thrown away.

    Parameters
    ----------
    paths, scenarios
        Each question is answered on each partnership.
    watch
        Takes the times.
    executor
        Who solves.

    Returns
    -------
    Found
        ``figures``: cases; plans, those of them that are proved in every tier; cases without a plan because rules
        clash, and because of something else; questions with an answer; processor seconds of the workers.
    """
    with watch.phase("read"):
        bases = [Base.read(path) for path in paths]
        jobs = [Job(n, case) for n, base in enumerate(bases) for s in scenarios for case in cases_of(s, base.register)]
    before = _processor()
    with tempfile.TemporaryDirectory() as folder:
        with watch.solving():
            batch = run_batch(Path(folder), bases, jobs, executor, threading.Event(), lambda s: watch.sample(s.done))
        results = list(batch.kept.results())
    planned = [r for r in results if r.problem is None]
    clashing = sum((r.problem or "").startswith(CLASH) for r in results)
    with watch.phase("answer"):
        answers = [
            answered(s, base.name, [r for r in results if (r.scenario, r.base) == (s.name, base.name)])
            for s in scenarios for base in bases
        ]  # fmt: skip
    figures: dict[str, Any] = {
        "cases": len(jobs), "plans": len(planned), "proved": sum(r.proved for r in planned), "clashing": clashing,
        "failed": len(results) - len(planned) - clashing, "answers": sum(a.plans > 0 for a in answers),
        "processor": round(_processor() - before, 2),
    }  # fmt: skip
    return Found(complete=batch.left == 0, figures=figures)


def _processor() -> float:
    import resource  # noqa: PLC0415 - there is none on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def local_cluster(workers: int) -> Iterator[str]:
    """The address of a Dask scheduler on this machine with so many workers, each a process of one thread."""
    from distributed import Client  # noqa: PLC0415 - an extra

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        loopback = ("--host", "127.0.0.1", "--no-dashboard")
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", "scheduler", *loopback, "--port", "0", "--scheduler-file", str(file)],
                **quiet,
            )
        ]  # fmt: skip
        try:
            while not file.exists() or not file.read_text(encoding="utf-8").endswith("}"):
                time.sleep(0.05)
            words = ["worker", "--scheduler-file", str(file), *loopback, "--no-nanny", "--nthreads", "1"]
            started += [subprocess.Popen([sys.executable, "-m", "dask", *words], **quiet) for _ in range(workers)]
            with Client(scheduler_file=str(file), set_as_default=False) as client:
                client.wait_for_workers(workers)
                address = str(client.scheduler.address)
            yield address
        finally:
            for process in started:
                process.kill()
                process.wait()
