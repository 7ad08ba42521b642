"""A batch of questions into a folder: cases solved, answers worked out and written. It prints nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from models.run import StopSignal
from scenarios.answers import Answer, answered
from scenarios.batch.batch import Batch, Step, jobs_of, run_batch
from scenarios.batch.jobs import Executor
from scenarios.checking import remarks_of
from scenarios.misspelt import misspelt
from scenarios.model import Scenario
from scenarios.report.writing import write_answers
from scenarios.results import CaseResult
from scenarios.running import Base

Remarks = Mapping[tuple[str, str], Sequence[str]]


class FolderAnswers(NamedTuple):
    """What a batch left and what came out; there are no answers where it was stopped before its end.

    ``cases`` is how many there are in all, ``files`` those that answers and tables were written to.
    """

    batch: Batch
    cases: int
    answers: tuple[Answer, ...]
    files: tuple[Path, ...]


def remarks_on(asked: Sequence[tuple[Base, Sequence[Scenario]]]) -> Remarks:
    """What is probably not meant, and what scenarios name and a base has not, by the names of both."""
    return {
        (s.name, base.name): (*remarks_of(s), *misspelt(s, base.register)) for base, of_base in asked for s in of_base
    }


def answers_into_folder(
    out: Path,
    title: str,
    known: Sequence[Scenario],
    asked: Sequence[tuple[Base, Sequence[Scenario]]],
    remarks: Remarks,
    executor: Callable[[int], Executor],
    stop: StopSignal,
    told: Callable[[Step], None] = lambda _: None,
) -> FolderAnswers:
    """Solve what is not solved yet, and write tables, answers, and each plan beside.

    Parameters
    ----------
    out
        The folder, which the caller has locked; what a batch before this one left there is gone on with.
    title
        Of the page.
    known
        The scenarios, in the order of their answers.
    asked
        Which scenarios are asked on which base.
    remarks
        Of :func:`remarks_on`; they stand beside the answers.
    executor
        Who solves so many cases.
    stop
        Set it to stop with what is done.
    told
        Told of every case that ends.

    Returns
    -------
    FolderAnswers
        With what is left to do.

    Raises
    ------
    AllocationError
        The folder holds results of something else, or the answers cannot be written.
    """
    bases = [base for base, _ in asked]
    jobs = jobs_of(asked)
    batch = run_batch(out, bases, jobs, executor(len(jobs)), stop, told)
    if batch.left:
        return FolderAnswers(batch, len(jobs), (), batch.files)
    answers = _answers(known, asked, batch.kept.results(), remarks)
    return FolderAnswers(batch, len(jobs), answers, (*write_answers(out, title, answers), *batch.files))


def _answers(
    known: Sequence[Scenario],
    asked: Sequence[tuple[Base, Sequence[Scenario]]],
    results: Iterable[CaseResult],
    remarks: Remarks,
) -> tuple[Answer, ...]:
    """The answer of each scenario on each base that it is asked on."""
    found: dict[tuple[str, str], list[CaseResult]] = {
        (s.name, base.name): [] for s in known for base, of_base in asked if s in of_base
    }
    for result in results:
        if (result.scenario, result.base) in found:
            found[result.scenario, result.base].append(result)
    by_name = {scenario.name: scenario for scenario in known}
    return tuple(answered(by_name[name], base, of_base, remarks[name, base]) for (name, base), of_base in found.items())
