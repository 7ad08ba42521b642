"""Result files on disk: ``plan.json``, ``check.json``, ``run.json``, ``data.json``, each written whole or not at all.

``data.json`` holds the facts that the plan was made from, so that two results can be compared later. What people typed
for themselves (notes, reasons, the messages about rows set aside) is not in it.
"""

import gzip
import zlib
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from allocator.files import whole
from allocator.views.clash import clash_page
from models.base import Record
from models.dataset import Dataset
from models.errors import UsageError
from models.plan import CheckReport, Plan
from models.run import Outcome

PLAN, CHECK, RUN, DATA = "plan.json", "check.json", "run.json", "data.json"
CLASH, CLASH_PAGE = "clash.json", "clash.txt"
FREE_TEXT = ("note", "why")
"""Fields that hold what somebody typed for the team alone."""


class ResultData(Record):
    """``data.json``: the facts of a dataset, and the digest of the whole of it, notes included."""

    dataset_digest: str
    dataset: Dataset


def write_results(out: Path, outcome: Outcome, dataset: Dataset) -> tuple[Path, ...]:
    """Write the plan, the independent check of it, what it cost, and the facts that it was made from into a folder.

    Parameters
    ----------
    out
        Folder; made if absent.
    outcome
        What ``allocate`` returned.
    dataset
        What it was given.

    Returns
    -------
    tuple of Path
        The files written.
    """
    out.mkdir(parents=True, exist_ok=True)
    plan, check, run, data = (out / name for name in (PLAN, CHECK, RUN, DATA))
    _write_data(data, dataset)
    _replace(plan, outcome.plan.model_dump_json(indent=1) + "\n")
    _replace(check, outcome.check.model_dump_json(indent=1) + "\n")
    _replace(run, outcome.run.model_dump_json(indent=1) + "\n")
    return plan, check, run, data


def write_clash(out: Path, plan: Plan) -> tuple[Path, ...]:
    """Write a plan that is a clash beside the results of earlier runs, which stay: as data and as a page of text."""
    assert plan.clash is not None
    data, page = out / CLASH, out / CLASH_PAGE
    _replace(data, plan.model_dump_json(indent=1) + "\n")
    _replace(page, clash_page(plan.clash))
    return data, page


def remove_clash(out: Path) -> None:
    """Remove what a run wrote of a clash that is no more."""
    for name in (CLASH, CLASH_PAGE):
        with suppress(OSError):
            (out / name).unlink()


def _write_data(path: Path, dataset: Dataset) -> None:
    """Write the facts of a dataset, once a run: the digest at the start of the file tells whether they are there."""
    start = f'{{"dataset_digest":"{dataset.digest}",'
    try:
        with path.open("rb") as file:
            if file.read(len(start)) == start.encode():
                return
    except OSError:
        pass
    _replace(path, ResultData(dataset_digest=dataset.digest, dataset=_facts_of(dataset)).model_dump_json() + "\n")


def _facts_of(dataset: Dataset) -> Dataset:
    """The dataset without free text."""
    collections = {
        name: tuple(_without_free_text(row) if isinstance(row, Record) else row for row in getattr(dataset, name))
        for name in type(dataset).model_fields
        if name != "issues"
    }
    return dataset.model_copy(update=collections | {"issues": ()})


def _without_free_text(row: Record) -> Record:
    filled = [name for name in FREE_TEXT if getattr(row, name, None) is not None]
    return row.model_copy(update=dict.fromkeys(filled)) if filled else row


def written_data(path: Path, plan: Plan) -> Dataset | None:
    """The facts of a ``data.json``; None where the file cannot be read, or is not what the plan was made from."""
    try:
        data = ResultData.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        return None
    return data.dataset if data.dataset_digest == plan.dataset_digest else None


def written_check(path: Path) -> CheckReport | None:
    """The findings of a ``check.json``, or None where the file is none that can be read."""
    try:
        return CheckReport.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        return None


def written_plan(path: Path) -> Plan | None:
    """The plan of a ``plan.json``, compressed (``.gz``) or not; None where the file is none that can be read."""
    try:
        if not path.is_file():
            return None
        content = path.read_bytes()
        return Plan.model_validate_json(gzip.decompress(content) if path.suffix == ".gz" else content)
    except (ValidationError, OSError, EOFError, zlib.error):
        return None


def _replace(path: Path, text: str) -> None:
    try:
        with whole(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
