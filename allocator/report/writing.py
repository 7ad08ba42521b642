"""Writes the report files of a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from allocator.report.agencies import write_agency_files
from allocator.report.cells import save, write_bytes
from allocator.report.facts import Facts
from allocator.report.notes import read_notes
from allocator.report.published import PublishedYear
from allocator.report.summary import summary_page
from allocator.report.workbook import meeting_workbook
from models.dataset import Dataset
from models.errors import Issue
from models.plan import Plan
from models.policy import Policy
from models.run import Outcome

WORKBOOK, SUMMARY, AGENCIES = "report.xlsx", "summary.html", "agencies"


def write_report(
    out: Path,
    dataset: Dataset,
    policy: Policy,
    outcome: Outcome,
    names: Mapping[str, str] | None = None,
    previous: Path | None = None,
    previous_plan: Plan | None = None,
    published_years: Sequence[PublishedYear] = (),
    issues: tuple[Issue, ...] = (),
) -> tuple[Path, ...]:
    """Write the meeting workbook, a file for each agency and the summary page.

    Equal input gives equal files: the only date in them is the policy's ``as_of``.

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
    previous_plan
        The plan of the run before, to say what changed; None compares with the published plan.
    published_years
        Past years to show beside the figures.
    issues
        The problems of the input with their row numbers (``Reading.issues``); default those of the dataset, which
        have none.

    Returns
    -------
    tuple of Path
        The files written: workbook, summary, then the agencies' files.

    Raises
    ------
    UsageError
        A file cannot be written, or an earlier workbook cannot be read and its notes would be lost.
    """
    notes = read_notes(previous or out / WORKBOOK)
    facts = Facts(dataset, policy, outcome.plan, issues)
    workbook = meeting_workbook(
        facts,
        outcome.check,
        notes=notes,
        names=names or {},
        previous=previous_plan,
        published=published_years,
    )
    save(workbook, out / WORKBOOK, "Placement plan", facts.as_of)
    write_bytes(out / SUMMARY, summary_page(facts, outcome.check, published_years).encode())
    return (out / WORKBOOK, out / SUMMARY, *write_agency_files(out / AGENCIES, facts))
