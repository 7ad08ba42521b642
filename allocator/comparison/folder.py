"""A result read back from its folder, or from a plan alone."""

from pathlib import Path

from allocator.comparison.compare import Result, result_of
from allocator.results import CHECK, DATA, PLAN, written_check, written_data, written_plan
from models.errors import UsageError
from models.plan import Plan


def open_result(path: Path) -> Result:
    """A result to compare, with all that its folder holds.

    Parameters
    ----------
    path
        A folder of result files, or a ``plan.json``. Data and check are taken from beside it; data only where they are
        those that the plan was made from.

    Returns
    -------
    Result
        Named as the path was given.

    Raises
    ------
    UsageError
        There is no plan, or it cannot be read.
    """
    file = path / PLAN if path.is_dir() else path
    plan = written_plan(file)
    if plan is None:
        found = f"'{file}' cannot be read as a plan of this version" if file.exists() else f"there is no '{file}'"
        raise UsageError(f"{found}: name a folder of results, or the plan.json that allocate wrote")
    return _result(str(path), plan, file)


def previous_result(out: Path) -> Result | None:
    """The result that a folder holds from an earlier run; None where there is none that can be read."""
    plan = written_plan(out / PLAN)
    return None if plan is None else _result("the run before", plan, out / PLAN)


def _result(name: str, plan: Plan, file: Path) -> Result:
    check = written_check(file.with_name(CHECK)) if file.name == PLAN else None
    return result_of(name, plan, written_data(file.with_name(DATA), plan), check)
