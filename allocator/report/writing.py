"""Writes the report files of a run."""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

from allocator.comparison import Result
from allocator.report.agencies import write_agency_files
from allocator.report.cells import save, write_bytes
from allocator.report.notes import read_notes
from allocator.report.summary import summary_page
from allocator.report.workbook import meeting_workbook
from allocator.views.facts import Facts
from allocator.views.published import PublishedYear
from models.dataset import Dataset
from models.errors import Issue, UsageError
from models.policy import Policy
from models.run import Outcome

WORKBOOK, SUMMARY, AGENCIES = "report.xlsx", "summary.html", "agencies"
TITLE = "Placement plan"
"""Title in the properties of the workbook."""


def write_report(
    out: Path,
    dataset: Dataset,
    policy: Policy,
    outcome: Outcome,
    names: Mapping[str, str] | None = None,
    previous: Path | None = None,
    previous_result: Result | None = None,
    published_years: Sequence[PublishedYear] = (),
    issues: tuple[Issue, ...] = (),
) -> tuple[Path, ...]:
    """Write the meeting workbook, a file for each agency and the summary page.

    Equal input gives equal files: the only date in them is the policy's ``as_of``. An earlier ``report.xlsx`` in
    ``out`` that cannot be read or replaced (open in a spreadsheet program, damaged) may hold notes: it stays as it
    is, and the workbook is written beside it as ``report (2).xlsx``, or the next number that is free.

    Parameters
    ----------
    out
        Folder of the result files; made if it does not exist.
    dataset, policy
        What was read, and the policy in force.
    outcome
        Plan, check and cost of the run. With a clash the agencies get no file.
    names
        Names by student id, written into the team's workbook and nowhere else.
    previous
        An earlier ``report.xlsx`` whose notes are kept; default the one in ``out``.
    previous_result
        The run before, to say what changed; None compares with what is published.
    published_years
        Past years to show beside the figures.
    issues
        The problems of the input with their row numbers (``Reading.issues``); default those of the dataset, which
        have none.

    Returns
    -------
    tuple of Path
        The files written: workbook (under the name that it got), summary, then the agencies' files.

    Raises
    ------
    UsageError
        A file cannot be written, or ``previous`` cannot be read.
    """
    target = out / WORKBOOK
    notes = read_notes(previous) if previous else {}
    if not previous:
        try:
            notes = read_notes(target)
        except UsageError:
            target = _free_name(target)
    facts = Facts(dataset, policy, outcome.plan, issues)
    workbook = meeting_workbook(
        facts,
        outcome.check,
        notes=notes,
        names=names or {},
        previous=previous_result,
        published=published_years,
    )
    try:
        save(workbook, target, TITLE, facts.as_of)
    except UsageError:
        if not target.exists():
            raise
        target = _free_name(target)
        save(workbook, target, TITLE, facts.as_of)
    write_bytes(out / SUMMARY, summary_page(facts, outcome.check, published_years).encode())
    return (target, out / SUMMARY, *write_agency_files(out / AGENCIES, facts))


def _free_name(path: Path) -> Path:
    """The path with the first number from 2 on that no file has, so that nothing is replaced."""
    return next(p for n in count(2) if not (p := path.with_name(f"{path.stem} ({n}){path.suffix}")).exists())
