"""A round with a plan in a store, put there without a worker."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.results import write_results
from api.store import runs
from api.store.opening import Store
from api.store.rounds import add_dataset
from models.base import Record
from models.dataset import Dataset
from models.run import Outcome
from tests.api.people import NOW, a_round

TODAY = date(2025, 11, 21)


def a_planned_round(store: Store, dataset: Dataset, done: Outcome, name: str = "Spring") -> str:
    """The id of a round whose data in force are these, with their plan."""
    round = a_round(store, name)
    with store.transaction() as session:
        add_dataset(
            session, round, data=b"{}", filename="sheets.json", dataset_digest=dataset.digest, counts={}, issues=(),
            by="t", now=NOW,
        )  # fmt: skip
    with TemporaryDirectory() as folder:
        paths = write_results(Path(folder), done, dataset)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    a_run(store, round, "allocate", {}, files)
    return round


def a_run(store: Store, round: str, kind: str, asked: Mapping[str, object], files: Mapping[str, bytes]) -> str:
    """A run that is complete."""
    run = a_run_at_work(store, round, kind, asked, files)
    with store.transaction() as session:
        runs.finish(session, run, 1, "complete", "proved", None)
    return run


def a_run_at_work(store: Store, round: str, kind: str, asked: Mapping[str, object], files: Mapping[str, bytes]) -> str:
    """A run in its first attempt, with what it has kept so far."""
    now = datetime.now(UTC)
    with store.transaction() as session:
        run = runs.accept(
            session, kind=kind, source=b"{}", filename="sheets.json", settings=dict(asked), limits={}, round=round,
            by="t", now=now,
        )  # fmt: skip
        assert runs.begin_attempt(session, run.id, now) == 1
        runs.keep_files(session, run.id, 1, dict(files))
        return run.id


def an_answer(store: Store, round: str, kind: str, asked: Mapping[str, object], answer: Record) -> str:
    """A run that looked ahead, with its answer."""
    return a_run(store, round, kind, asked, {f"{kind}.json": answer.model_dump_json().encode()})
