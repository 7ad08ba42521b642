"""Writes the report files of a run."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import count
from pathlib import Path

from openpyxl import Workbook

from allocator.comparison import Result
from allocator.report.agencies import write_agency_files
from allocator.report.cells import save, saved_by_us, write_bytes
from allocator.report.notes import keep_seen, notes_of_reports, read_notes
from allocator.report.summary import summary_page
from allocator.report.workbook import meeting_workbook
from allocator.views.facts import Facts
from allocator.views.returned import return_data
from allocator.views.returns import return_rows
from models.dataset import Dataset
from models.errors import Issue, UnwrittenError, UsageError
from models.policy import Policy
from models.run import Outcome

WORKBOOK, SUMMARY, RETURN, AGENCIES = "report.xlsx", "summary.html", "return.json", "agencies"
_ASIDE = "report before "
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
    issues: tuple[Issue, ...] = (),
) -> tuple[Path, ...]:
    """Write the meeting workbook, the summary page, the yearly return as data, and a file for each agency.

    Equal input gives equal files: the only date in them is the policy's ``as_of``. An earlier ``report.xlsx`` in
    ``out`` that cannot be read or replaced (open in a spreadsheet program, damaged) may hold notes: it stays as it
    is, and the workbook is written beside it as ``report (2).xlsx``, or the next number that is free. Notes are carried
    on from all of them. One that somebody worked on is kept as ``report before <when it was saved>.xlsx``.

    Parameters
    ----------
    out
        Folder of the result files; made if it does not exist.
    dataset, policy
        What was read, and the policy in force.
    outcome
        Plan, check and cost of the run; not a clash, which has no report.
    names
        Names by student id, written into the team's workbook and nowhere else.
    previous
        An earlier ``report.xlsx`` whose notes are kept; default those in ``out``.
    previous_result
        The version before, to say what changed; None compares with what is published.
    issues
        The problems of the input with their row numbers (``Reading.issues``); default those of the dataset, which
        have none.

    Returns
    -------
    tuple of Path
        The files written: workbook (under the name that it got), where there is one the earlier report that was kept
        (``is_aside``), summary, the return, then the agencies' files.

    Raises
    ------
    UnwrittenError
        Some files could not be written; all others were.
    UsageError
        ``previous`` cannot be read.
    ValueError
        The outcome is a clash: there is nothing to report but the clash itself (``write_clash``).
    """
    if outcome.plan.clash is not None:
        raise ValueError("a clash has no report")
    if previous:
        notes = {request: note for request, note in read_notes(previous).items() if note}
    else:
        notes = notes_of_reports(_reports_in(out))
    facts = Facts(dataset, policy, outcome.plan, issues)
    workbook = meeting_workbook(
        facts,
        outcome.check,
        notes=notes,
        names=names or {},
        previous=previous_result,
    )
    written: list[Path] = []
    unwritten: list[tuple[Path, str]] = []
    page = summary_page(facts, outcome.check).encode()
    returned = (json.dumps(return_data(facts, return_rows(facts)), indent=1, ensure_ascii=False) + "\n").encode()
    parts: tuple[Callable[[], list[Path]], ...] = (
        lambda: _save_workbook(workbook, out / WORKBOOK, facts.as_of),
        lambda: _save_page(out / SUMMARY, page),
        lambda: _save_page(out / RETURN, returned),
        lambda: write_agency_files(out / AGENCIES, facts),
    )
    for write in parts:
        try:
            written += write()
        except UnwrittenError as error:
            written += error.written
            unwritten += error.unwritten
    if unwritten:
        raise UnwrittenError(written, unwritten)
    return tuple(written)


def is_aside(path: Path) -> bool:
    """Whether a file is an earlier report that was kept because the team had worked on it."""
    return path.name.startswith(_ASIDE)


def _reports_in(out: Path) -> list[Path]:
    """The reports of a folder that may hold notes, newest last."""
    reports = [out / WORKBOOK, *out.glob(f"{Path(WORKBOOK).stem} (*){Path(WORKBOOK).suffix}")]
    return sorted((p for p in reports if p.is_file()), key=lambda p: (p.stat().st_mtime_ns, p.name))


def _save_page(path: Path, page: bytes) -> list[Path]:
    write_bytes(path, page)
    return [path]


def _save_workbook(workbook: Workbook, target: Path, day: date | None) -> list[Path]:
    """Save the workbook, under another name where the one there cannot be read or replaced; the file, and a copy kept.

    The notes of an earlier report are in the workbook. Whatever else was added to it (columns, colours, comments,
    sheets) is not: a report that somebody worked on is copied first.
    """
    aside: list[Path] = []
    if target.exists() and not saved_by_us(target):
        if not _is_readable(target):
            target = _free_name(target)
        else:
            changed = datetime.fromtimestamp(target.stat().st_mtime)
            kept = target.with_name(f"{_ASIDE}{changed:%Y-%m-%d %H.%M.%S}{target.suffix}")
            aside = [kept if not kept.exists() else _free_name(kept)]
            write_bytes(aside[0], target.read_bytes())
    try:
        _save_knowing(workbook, target, day)
    except UnwrittenError:
        for path in aside:
            path.unlink()
        if not target.exists():
            raise
        aside, target = [], _free_name(target)
        _save_knowing(workbook, target, day)
    return [target, *aside]


def _save_knowing(workbook: Workbook, target: Path, day: date | None) -> None:
    """Save the workbook with what it knows of the notes in the reports that stay beside it."""
    keep_seen(workbook, [path for path in _reports_in(target.parent) if path != target])
    save(workbook, target, TITLE, day)


def _is_readable(path: Path) -> bool:
    try:
        read_notes(path)
    except UsageError:
        return False
    return True


def _free_name(path: Path) -> Path:
    """The path with the first number from 2 on that no file has, so that nothing is replaced."""
    return next(p for n in count(2) if not (p := path.with_name(f"{path.stem} ({n}){path.suffix}")).exists())
