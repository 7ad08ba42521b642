"""What is done with an input in a process of its own: the library reads it, and says what is wrong with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.reading.reader import read_register
from allocator.settling.settling import Reading, settle
from api.inputs.sending import Sent
from api.problems import UnusableError
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


def read_within(path: Path, settings: Mapping[str, str], rows: int) -> Reading:
    """Read an input as ``allocator.intake.read`` does, up to a number of rows.

    Raises
    ------
    AllocationError
        It cannot be used, or has more rows.
    """
    register = read_register(path)
    found = sum(len(page.rows) for page in register.pages.values())
    if found > rows:
        raise UnusableError(f"The input has {found:,} rows, more than the limit of rows, {rows:,}.")
    return settle(register, settings, last=True)


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
        reading = read_within(path, settings, rows)
    return Facts(
        dataset_digest=reading.dataset.digest, policy_digest=reading.policy.digest, counts=counts(reading.dataset),
        issues=reading.issues,
    )  # fmt: skip


def counts(dataset: Dataset) -> dict[str, int]:
    """How many facts of each kind a dataset holds."""
    collections = {name: getattr(dataset, name) for name in type(dataset).model_fields if name != "issues"}
    return {name: len(rows) for name, rows in collections.items() if isinstance(rows, tuple)}
