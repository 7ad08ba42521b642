"""One run into a folder: read, allocate, write results and report. It prints nothing: that is its callers' part."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from allocator.comparison import previous_result
from allocator.intake import Reading, read
from allocator.pipeline import allocate
from allocator.reading import write_back_ids
from allocator.reading.names import read_names
from allocator.report import PublishedYear, write_report
from allocator.results import usable_folder, write_results
from models.errors import UsageError
from models.run import Limits, Outcome, Progress, ProgressListener, StopSignal


class FolderRun(NamedTuple):
    """What a run read, what came out, and the files that it wrote; ``report`` under the name that it got."""

    reading: Reading
    outcome: Outcome
    files: tuple[Path, ...]
    report: Path
    with_ids: Path | None


def run_into_folder(
    source: Path,
    out: Path,
    *,
    settings: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    names: Path | None = None,
    published_years: Sequence[PublishedYear] = (),
    progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
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
    published_years
        Past years that the report shows beside the figures.
    progress
        Told what is being done.
    stop
        Set it to stop with the best plan so far.

    Returns
    -------
    FolderRun
        With a clash in the plan, no agency gets a form.

    Raises
    ------
    AllocationError
        The input cannot be used, or a file cannot be written; what is written by then is said.
    """
    tell = progress or (lambda _: None)
    joined = read_names(names) if names else None
    usable_folder(out)
    reading = read(source, settings=settings or {})
    before = previous_result(out)
    outcome = allocate(
        reading.dataset, reading.policy, limits=limits, progress=tell, stop=stop,
        keep=lambda better: write_results(out, better, reading.dataset),
    )  # fmt: skip
    plan = outcome.plan
    placed, live = len(plan.matches), len(plan.matches) + len(plan.unplaced)
    tell(Progress("report", None, 0, 0, None, None, placed, live, outcome.run.seconds["total"]))
    written = [*write_results(out, outcome, reading.dataset)]
    try:
        report = write_report(
            out, reading.dataset, reading.policy, outcome, joined, previous_result=before,
            published_years=published_years, issues=reading.issues,
        )  # fmt: skip
        with_ids = write_back_ids(source, out, reading.numbered)
    except UsageError as error:
        raise UsageError(f"{error}. The plan itself is written: plan.json, check.json and run.json in {out}") from error
    written += [*report, *([with_ids] if with_ids else [])]
    return FolderRun(reading, outcome, tuple(written), report[0], with_ids)
