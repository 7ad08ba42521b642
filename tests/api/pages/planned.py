"""A round with a plan in a store, put there without a worker; and whoever looks at its pages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.testclient import TestClient

from allocator.results import write_results
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store
from api.store.rounds import add_dataset
from api.store.tables import Round
from models.base import Record
from models.dataset import Dataset
from models.run import Outcome
from tests.api.people import NOW, bearer

TODAY = date(2025, 11, 21)


def a_planned_round(store: Store, dataset: Dataset, done: Outcome, name: str = "Spring") -> str:
    """The id of a round whose data in force are these, with their plan."""
    with store.transaction() as session:
        row = Round(id=f"{abs(hash(name)):032x}"[:32], name=name, tranches=["T1"], version=1, created=NOW, touched=NOW)
        session.add(row)
        session.flush()
        add_dataset(
            session, row.id, data=b"{}", filename="sheets.json", dataset_digest=dataset.digest, counts={}, issues=(),
            by="t", now=NOW,
        )  # fmt: skip
        round = row.id
    with TemporaryDirectory() as folder:
        paths = write_results(Path(folder), done, dataset)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    a_run(store, round, "allocate", {}, files)
    return round


def a_run(store: Store, round: str, kind: str, asked: Mapping[str, object], files: Mapping[str, bytes]) -> str:
    """A run that is complete."""
    now = datetime.now(UTC)
    with store.transaction() as session:
        run = runs.accept(
            session, kind=kind, source=b"{}", filename="sheets.json", settings=dict(asked), limits={}, round=round,
            by="t", now=now,
        )  # fmt: skip
        attempt = runs.begin_attempt(session, run.id, now)
        assert attempt is not None
        runs.keep_files(session, run.id, attempt, dict(files))
        runs.finish(session, run.id, attempt, "complete", "proved", None)
        return run.id


def an_answer(store: Store, round: str, kind: str, asked: Mapping[str, object], answer: Record) -> str:
    """A run that looked ahead, with its answer."""
    return a_run(store, round, kind, asked, {f"{kind}.json": answer.model_dump_json().encode()})


def a_visitor(store: Store, round: str, *, meeting: bool = False) -> TestClient:
    """A browser of somebody of the team; on a projector where there is a meeting."""
    app = create_app(Settings(requests_a_minute=1_000_000), store)
    headers = bearer(store, "team", rounds=(round,))
    cookies = {"placements-meeting": "on"} if meeting else None
    return TestClient(app, headers=headers, cookies=cookies, follow_redirects=False)
