"""Reads report files back for the tests, and puts small outcomes together by hand."""

from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.merge import MergedCellRange

from allocator.comparison import Result
from allocator.report.cells import save
from allocator.report.layout import HEADER_ROW
from allocator.report.workbook import meeting_workbook
from allocator.views.facts import Facts
from models.dataset import Dataset
from models.plan import CheckReport, Match, Plan
from models.policy import Policy
from models.run import Outcome
from tests.report.partnership import RUN

POLICY = Policy(as_of=date(2025, 11, 21))
START, END = date(2026, 1, 5), date(2026, 4, 10)


def match(request: str = "S1/first", offer: str = "O1", pe: str | None = "E1", **changes: Any) -> Match:
    facts: dict[str, Any] = {
        "request": request,
        "offer": offer,
        "pe": pe,
        "start": START,
        "end": END,
        "basis": "in_team",
    }
    return Match(**facts | changes)


def outcome(dataset: Dataset, *matches: Match, policy: Policy = POLICY, **changes: Any) -> Outcome:
    facts: dict[str, Any] = {
        "dataset_digest": dataset.digest, "policy": policy, "policy_digest": policy.digest, "seed": 1, "matches": matches,
    }  # fmt: skip
    check = changes.pop("check", CheckReport())
    return Outcome(Plan(**facts | changes), check, RUN)


def facts_of(dataset: Dataset, *matches: Match, policy: Policy = POLICY, **changes: Any) -> Facts:
    return Facts(dataset, policy, outcome(dataset, *matches, policy=policy, **changes).plan)


def opened(path: Path) -> Workbook:
    """A workbook to look at its cells or to type into; cells that are merged keep the borders that they have.

    The library draws their borders anew, side by side, which takes most of the time of reading a report.
    """
    with patch.object(MergedCellRange, "format", lambda _: None):
        return load_workbook(path)


def lines_of(path: Path, sheet: str | None = None) -> list[tuple[Any, ...]]:
    """The values of a sheet, or of all; read so, no merged cells are made, which takes ten times as long."""
    workbook = load_workbook(path, read_only=True)
    sheets = [workbook[sheet]] if sheet else workbook.worksheets
    lines = [line for s in sheets for line in s.iter_rows(values_only=True)]
    workbook.close()
    return lines


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a table sheet by heading; of two equal headings the later one counts."""
    lines = lines_of(path, sheet)
    titles = lines[HEADER_ROW - 1]
    return [dict(zip([str(t) for t in titles], line, strict=True)) for line in lines[HEADER_ROW:]]


def words_of(path: Path, sheet: str | None = None) -> list[str]:
    """Every filled cell of a workbook, or of one sheet, as text."""
    return [str(v) for line in lines_of(path, sheet) for v in line if v is not None]


def report(
    tmp_path: Path,
    dataset: Any,
    *matches: Any,
    policy: Policy = POLICY,
    names: dict[str, str] | None = None,
    previous: Result | None = None,
    **changes: Any,
) -> Path:
    """The workbook alone: the charts of the summary page would only take time here."""
    result = outcome(dataset, *matches, policy=policy, **changes)
    return workbook_of(tmp_path / "report.xlsx", dataset, policy, result, names, previous)


def workbook_of(
    path: Path,
    dataset: Dataset,
    policy: Policy,
    result: Outcome,
    names: dict[str, str] | None = None,
    previous: Result | None = None,
) -> Path:
    """The workbook of an outcome, alone too."""
    facts = Facts(dataset, policy, result.plan)
    save(meeting_workbook(facts, result.check, notes={}, names=names or {}, previous=previous), path, "t", None)
    return path


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1
    return rows[0]
