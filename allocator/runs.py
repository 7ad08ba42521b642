"""One run into a folder: read, allocate, write results and report. It prints nothing: that is its callers' part."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from allocator.comparison import Result, previous_result
from allocator.folder import folder_of_results
from allocator.intake import Reading, read
from allocator.lifecycle.frozen import version_in_force
from allocator.pipeline import allocate
from allocator.reading import write_back_ids
from allocator.reading.names import nameless, names_of, read_names
from allocator.results import remove_clash, write_clash, write_results
from models.dataset import Dataset
from models.errors import UnwrittenError, UsageError
from models.plan import Plan
from models.run import Limits, Outcome, Progress, ProgressListener, StopSignal


class FolderRun(NamedTuple):
    """What a run read, what came out, the files that it wrote, and those that it could not write, with why.

    ``before`` is what the folder held from the run before; ``nameless`` says who has no name in the file of names.
    """

    reading: Reading
    outcome: Outcome
    files: tuple[Path, ...]
    unwritten: tuple[tuple[Path, str], ...]
    with_ids: Path | None
    before: Result | None
    nameless: tuple[str, ...] = ()


def run_into_folder(
    source: Path,
    out: Path,
    *,
    settings: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    names: Path | None = None,
    progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
    today: date | None = None,
    start: Plan | None = None,
    kept: Callable[[Outcome], object] | None = None,
) -> FolderRun:
    """Read an input, allocate, and write plan, check, cost, report and forms into a folder.

    The first plan and every better one on the way are written too, so that a run that is killed leaves the best.

    Parameters
    ----------
    source
        A workbook, a folder of CSV files or a JSON file.
    out
        Folder of the result files; made if absent.
    settings
        Policy settings over those of the input, as text by key.
    limits
        When to stop with the best plan so far.
    names
        A local file of names, joined in the team's own report alone.
    progress
        Told what is being done.
    stop
        Set it to stop with the best plan so far.
    today
        Fills the policy's ``as_of`` where it is blank; by default the day of the run.
    start
        A plan of this input to begin with, such as the best of a run that was killed.
    kept
        Told of the first plan and of every better one on the way, once their files are written.

    Returns
    -------
    FolderRun
        With a clash in the plan, only the clash is written: plan, report and forms of the run before stay.

    Raises
    ------
    AllocationError
        The input cannot be used, another run is writing to the folder, or the plan cannot be written.
    """
    typed = read_names(names) if names else None
    with folder_of_results(out):
        reading = read(source, settings=settings or {}, today=today)
        people = (*reading.dataset.student_by_id, *reading.dataset.educator_by_id)
        joined: dict[str, str] | None = None
        unnamed: tuple[str, ...] = ()
        if typed is not None and names is not None:
            joined = names_of(typed, people, names)
            unnamed = nameless(joined, reading.dataset, names)
        before = previous_result(out)

        def keep(better: Outcome) -> None:
            write_results(out, better, reading.dataset)
            if kept is not None:
                kept(better)

        outcome = allocate(
            reading.dataset, reading.policy, limits=limits, progress=progress, stop=stop, keep=keep, start=start
        )
        plan = outcome.plan
        if plan.clash is not None:
            return FolderRun(reading, outcome, write_clash(out, plan), (), None, before, unnamed)
        if progress is not None:
            placed, live = len(plan.matches), len(plan.matches) + len(plan.unplaced)
            progress(Progress("report", None, 0, 0, None, None, placed, live, outcome.run.seconds["total"]))
        written = [*write_results(out, outcome, reading.dataset)]
        from allocator.report.writing import write_report  # what draws charts is long to load, and no plan waits for it

        remove_clash(out)
        unwritten: tuple[tuple[Path, str], ...] = ()
        try:
            written += write_report(
                out, reading.dataset, reading.policy, outcome, joined,
                previous_result=_last_version(source, reading.dataset, before),
                issues=reading.issues,
            )  # fmt: skip
        except UnwrittenError as error:
            written, unwritten = [*written, *error.written], error.unwritten
        try:
            with_ids = write_back_ids(source, out, reading.numbered)
        except UsageError as error:
            raise UsageError(f"{error}. Everything else is written to {out}") from error
        files = (*written, *([with_ids] if with_ids else []))
        return FolderRun(reading, outcome, files, unwritten, with_ids, before, unnamed)


def _last_version(source: Path, dataset: Dataset, before: Result | None) -> Result | None:
    """What the report compares with: the version in force; where none was published, the run before.

    None where a version is in force whose files are not at hand: then the report has what is published.
    """
    return version_in_force(source, dataset) if dataset.versions else before
