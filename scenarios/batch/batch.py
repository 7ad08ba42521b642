"""A batch: cases on bases into a folder of results, by an executor; stopped or killed, it goes on where it was."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from allocator.results import written_plan
from models.errors import UsageError
from models.run import StopSignal
from scenarios.batch.jobs import NOT_MADE, Executor, Finished, Job
from scenarios.batch.jobs import failed as failed_row
from scenarios.batch.keeping import Kept
from scenarios.batch.table import write_tables
from scenarios.errors import EditError
from scenarios.expanding import cases_of
from scenarios.model import Case, Freeze, Scenario
from scenarios.running import Base


class Step(NamedTuple):
    """How far a batch is: cases done (before it began, too), those of them without a plan, and all of them."""

    done: int
    failed: int
    cases: int


class Batch(NamedTuple):
    """What a batch left: its folder, how many cases were done before and are still to do, and the files written."""

    kept: Kept
    before: int
    left: int
    files: tuple[Path, ...]


def run_batch(
    out: Path,
    bases: Sequence[Base],
    jobs: Sequence[Job],
    executor: Executor,
    stop: StopSignal,
    told: Callable[[Step], None] = lambda _: None,
) -> Batch:
    """Solve what is not solved yet, and write the tables.

    Parameters
    ----------
    out
        The folder, which the caller has locked (:func:`allocator.folder.folder_of_results`).
    bases, jobs
        All cases, in the order that rows are to have.
    executor
        Who solves them.
    stop
        Set it to stop with what is done.
    told
        Told of every case that ends.

    Raises
    ------
    UsageError
        Two bases have one name, two cases have one key, or the folder holds results of something else.
    """
    _only_once("bases", (base.name for base in bases))
    _only_once("cases", (f"{bases[job.base].name}/{job.case.key}" for job in jobs))
    kept = Kept(out, bases, jobs)
    left = kept.left(jobs)
    done = failed = 0
    try:
        told(Step(len(jobs) - len(left), 0, len(jobs)))
        for job in left:
            if job.problem:
                kept.add(Finished(failed_row(bases[job.base].name, job.case, job.problem, NOT_MADE)))
                done, failed = done + 1, failed + 1
        solved = [job for job in left if not job.problem]
        if solved:
            for finished in executor.finished(with_plans(bases, solved), solved, stop):
                kept.add(finished)
                done, failed = done + 1, failed + (finished.result.problem is not None)
                told(Step(len(jobs) - len(left) + done, failed, len(jobs)))
    finally:
        kept.finish()
        files = write_tables(out, kept.results)
    return Batch(kept, len(jobs) - len(left), len(left) - done, files)


def jobs_of(asked: Iterable[tuple[Base, Sequence[Scenario]]]) -> list[Job]:
    """All cases of scenarios on their bases, base by base: a worker then holds few bases at a time.

    A scenario whose cases cannot be made on a base (its grid reads rows that there are none of) is a row that fails,
    and sinks no other.
    """
    jobs = []
    for number, (base, scenarios) in enumerate(asked):
        for scenario in scenarios:
            try:
                jobs += [Job(number, case) for case in cases_of(scenario, base.register)]
            except EditError as error:
                jobs.append(Job(number, Case(scenario=scenario.name, name=scenario.name), str(error)))
    return jobs


def with_plans(bases: Sequence[Base], jobs: Iterable[Job]) -> list[Base]:
    """The bases with the plan files that their cases freeze."""
    named: list[dict[str, None]] = [{} for _ in bases]
    for job in jobs:
        named[job.base] |= {edit.plan: None for edit in job.case.edits if isinstance(edit, Freeze)}
    read = {name: written_plan(Path(name)) for name in {name for names in named for name in names}}
    plans = [{name: plan for name in names if (plan := read[name]) is not None} for names in named]
    return [base._replace(plans=given) for base, given in zip(bases, plans, strict=True)]


def _only_once(what: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        remedy = "Give one of the files another name" if what == "bases" else "Give one of them another name"
        raise UsageError(f"two {what} are called '{twice[0]}': results could not be told apart. {remedy}")
