"""Result files on disk: ``plan.json``, ``check.json`` and ``run.json``, each written whole or not at all."""

from pathlib import Path

from pydantic import ValidationError

from allocator.files import whole
from models.errors import UsageError
from models.plan import Plan
from models.run import Outcome


def usable_folder(out: Path) -> None:
    """Make the folder of the result files and try to write there, before a run spends its time.

    Parameters
    ----------
    out
        The folder.

    Raises
    ------
    UsageError
        It cannot be made, or nothing can be written there.
    """
    trial = out / ".trial"
    try:
        out.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise UsageError(f"nothing can be written to the folder '{out}': {error.strerror or error}") from error


def write_results(out: Path, outcome: Outcome) -> tuple[Path, ...]:
    """Write ``plan.json``, the independent check of it, and ``run.json`` into a folder.

    Parameters
    ----------
    out
        Folder; made if absent.
    outcome
        What ``allocate`` returned.

    Returns
    -------
    tuple of Path
        The files written.
    """
    out.mkdir(parents=True, exist_ok=True)
    plan, check, run = (out / name for name in ("plan.json", "check.json", "run.json"))
    _replace(plan, outcome.plan.model_dump_json(indent=1) + "\n")
    _replace(check, outcome.check.model_dump_json(indent=1) + "\n")
    _replace(run, outcome.run.model_dump_json(indent=1) + "\n")
    return plan, check, run


def previous_plan(out: Path) -> Plan | None:
    """The plan that a folder holds from an earlier run, or None where there is none that can be read."""
    return written_plan(out / "plan.json")


def written_plan(path: Path) -> Plan | None:
    """The plan of a ``plan.json``, or None where the file is none that can be read."""
    try:
        return Plan.model_validate_json(path.read_bytes()) if path.is_file() else None
    except (ValidationError, OSError):
        return None


def _replace(path: Path, text: str) -> None:
    try:
        with whole(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
