"""What is compared, by its path: a plan, a folder of results, a folder of answers with its cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from allocator.comparison import Result, open_result
from allocator.results import PLAN, written_plan
from models.errors import UsageError
from models.plan import Plan
from scenarios.answers import Answer
from scenarios.batch.keeping import ROWS, plan_path, rows_of
from scenarios.report.writing import DATA, written_answers
from scenarios.results import CaseResult

Key = tuple[str, str, str, int]
"""Base, scenario, case, draw; the base is blank where it need not be told."""


class Side(NamedTuple):
    """One of those that are compared.

    ``alone``: a plan, with its data where they are at hand; else ``folder`` is one of answers, with its ``cases`` by
    key (a batch), and its ``answers``.
    """

    name: str
    alone: Result | None = None
    folder: Path | None = None
    cases: Mapping[Key, CaseResult] = {}
    answers: tuple[Answer, ...] = ()

    def plan(self, result: CaseResult) -> Plan | None:
        """The plan of one of its cases; None where it cannot be read."""
        return None if self.folder is None else written_plan(self.folder / plan_path(result))


def opened(path: Path) -> Side:
    """A side by its path.

    Parameters
    ----------
    path
        A ``plan.json``, a folder that ``allocate`` wrote, or one that a command of scenarios wrote answers into.

    Raises
    ------
    UsageError
        It is none of these, or cannot be read.
    """
    if not path.is_dir() or (path / PLAN).exists():
        return Side(str(path), open_result(path))
    if not (path / ROWS).exists() and not (path / DATA).exists():
        found = "is empty" if not any(path.iterdir()) else f"holds neither {PLAN} nor {ROWS} nor {DATA}"
        raise UsageError(
            f"'{path}' {found}: name a folder that allocate or a command of scenarios wrote, or a {PLAN}"
            if path.exists()
            else f"there is no '{path}'"
        )
    cases = {(r.base, r.scenario, r.case, r.draw): r for r in rows_of(path)}
    return Side(str(path), None, path, cases, written_answers(path))
