"""Any plan judged without a solver: the input read as it was for the plan, the plan as it was written or typed."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from allocator.by_hand import read_by_hand
from allocator.checker import check
from allocator.comparison import open_result
from allocator.comparison.inputs import setting_changes
from allocator.intake import read
from allocator.results import DATA, written_plan
from allocator.views.facts import Facts
from models.errors import Issue, PlanUnfitError, UsageError
from models.plan import CheckReport, Plan

SHOWN = 3
"""Violations that a refusal names."""


class Verdict(NamedTuple):
    """The plan that was judged, what was found, and what of it could not be judged.

    ``issues``: the problems of its rows, worst first; ``rows_not_judged``: how many of them could not be read;
    ``settings_differ``: where the plan was made by other settings than it was judged by, in words.
    """

    plan: Plan
    report: CheckReport
    issues: tuple[Issue, ...]
    rows_not_judged: int
    settings_differ: tuple[str, ...]


def judge(source: Path, plan: Path, settings: Mapping[str, str] = {}, *, rows: int | None = None) -> Verdict:
    """Judge a plan.

    Parameters
    ----------
    source
        A workbook, a folder of CSV files or a JSON file.
    plan
        A ``plan.json``, or a sheet made by hand.
    settings
        Policy settings over those of the input, as text by key.
    rows
        How many the input may have; any number by default.

    Returns
    -------
    Verdict
        Every rule that the plan breaks, and every tier.

    Raises
    ------
    AllocationError
        The input or the plan cannot be read.
    """
    written = written_plan(plan)
    as_of = written.policy.as_of if written else None  # a blank as_of is the plan's own day, not the day of the check
    reading = read(source, settings, as_of, rows=rows)
    judged, issues = read_by_hand(plan, reading.dataset, reading.policy)
    changed = setting_changes(written.policy, reading.policy) if written else ()
    return Verdict(
        judged, check(reading.dataset, reading.policy, judged), issues, sum(i.level == "set_aside" for i in issues),
        tuple(f"{c.field} = {c.before} (here {c.after})" for c in changed),
    )  # fmt: skip


def checked_result(path: Path) -> Facts:
    """A result on which papers may go out: its plan is judged anew, by the data beside it.

    Parameters
    ----------
    path
        A folder of result files, or a ``plan.json`` with its data beside it.

    Returns
    -------
    Facts
        Dataset, policy and plan.

    Raises
    ------
    UsageError
        There is no plan, it cannot be read, or the data that it was made from are not beside it.
    PlanUnfitError
        Rules clash in it, or it breaks rules.
    """
    result = open_result(path)
    if result.plan.clash is not None:
        raise PlanUnfitError(f"'{path}' holds a clash of rules, and no plan: undo what clashes, and allocate again")
    if result.facts is None:
        raise UsageError(
            f"the data that the plan in '{path}' was made from are not beside it ({DATA} is missing, cannot be read, "
            "or is that of another plan): name the folder that allocate wrote"
        )
    facts = result.facts
    broken = check(facts.dataset, facts.policy, facts.plan).violations
    if broken:
        named = "; ".join(f"{v.rule} {v.message}" for v in broken[:SHOWN])
        more = f"; and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
        raise PlanUnfitError(f"the plan in '{path}' does not pass the check: {named}{more}. Allocate again")
    return facts
