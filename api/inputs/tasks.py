"""What is done with an input in a process of its own: the library reads it, and says what is wrong with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.intake import read
from allocator.verifying import judge
from api.inputs.sending import Sent
from api.wire.checks import Checked
from api.wire.inputs import Facts
from models.dataset import Dataset


@contextmanager
def written(*sent: Sent) -> Iterator[list[Path]]:
    """What was sent as files under their own names, as long as they are needed."""
    with TemporaryDirectory(prefix="placements-") as folder:
        paths = []
        for number, one in enumerate(sent):
            path = Path(folder) / str(number) / one.filename
            path.parent.mkdir()
            path.write_bytes(one.data)
            paths.append(path)
        yield paths


def facts(sent: Sent, settings: Mapping[str, str], rows: int) -> Facts:
    """What an input holds, and what is to be said of it.

    Parameters
    ----------
    sent
        The input.
    settings
        Policy settings over its own, as text by key.
    rows
        How many it may have.

    Returns
    -------
    Facts
        Digests, counts, issues.

    Raises
    ------
    AllocationError
        It cannot be used.
    """
    with written(sent) as (path,):
        reading = read(path, settings, rows=rows)
    return Facts(
        dataset_digest=reading.dataset.digest, policy_digest=reading.policy.digest, counts=counts(reading.dataset),
        issues=reading.issues,
    )  # fmt: skip


def counts(dataset: Dataset) -> dict[str, int]:
    """How many facts of each kind a dataset holds."""
    collections = {name: getattr(dataset, name) for name in type(dataset).model_fields if name != "issues"}
    return {name: len(rows) for name, rows in collections.items() if isinstance(rows, tuple)}


def verdict(source: Sent, plan: Sent, settings: Mapping[str, str], rows: int) -> Checked:
    """What ``placements verify`` says of a plan.

    Parameters
    ----------
    source, plan
        The input, and the plan that is judged.
    settings
        Policy settings over those of the input, as text by key.
    rows
        How many the input may have.

    Returns
    -------
    Checked
        Every rule that it breaks, and every tier.

    Raises
    ------
    AllocationError
        One of them cannot be read.
    """
    with written(source, plan) as (source_path, plan_path):
        found = judge(source_path, plan_path, settings, rows=rows)
    return Checked(
        matches=len(found.plan.matches), preference_order=found.plan.policy.preference_order,
        passed=found.report.passed, rows_not_judged=found.rows_not_judged, settings_differ=found.settings_differ,
        check=found.report, issues=found.issues,
    )  # fmt: skip
