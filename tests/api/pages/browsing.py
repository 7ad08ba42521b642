"""Somebody at the pages: signed in by a token, forms filled in as a page has them, and what a page says as text."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from allocator.results import write_results
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store
from api.store.rounds import add_dataset
from api.wire import Answer, Role
from models.dataset import Dataset
from models.run import Outcome
from tests.api.people import NOW, a_round, a_token, an_account

SHEETS: Mapping[str, list[dict[str, Any]]] = {
    "Tranches": [{"tranche": "T1", "first_day": "2027-01-04"}],
    "Students": [
        {"student": "S1", "programme": "MSW", "home": "CR0", "stage": "first", "clearance": "passed"},
        {"student": "S2", "programme": "MSW", "home": "CR0", "stage": "first", "clearance": "passed"},
    ],
    "Offers": [{"offer": "O1", "agency": "A", "team": "T", "place": "CR0", "areas": "adults"}],
}
"""Two students and one place; a workbook that can be used, with no remark about Students."""


class Visitor(TestClient):
    """Somebody of a role, at a service over a store; on a projector where there is a meeting."""

    def __init__(
        self, store: Store, role: Role = "team", rounds: tuple[str, ...] = (), *, meeting: bool = False
    ) -> None:  # fmt: skip
        self.account = an_account(store, role, rounds=rounds)
        headers = {"Authorization": f"Bearer {a_token(store, self.account)}"}
        app = create_app(Settings(requests_a_minute=1_000_000), store)
        super().__init__(
            app, headers=headers, cookies={"placements-meeting": "on"} if meeting else None, follow_redirects=False
        )

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        return text_of(self.get(path), status)

    def sends(self, path: str, sheets: Any, **fields: str) -> Response:
        """Send a workbook (as JSON of sheets) by a form."""
        file = ("own.json", json.dumps(sheets).encode(), "application/json")
        return self.post(path, data=fields, files={"workbook": file})


def text_of(answer: Response, status: int = 200) -> str:
    """What somebody reads on a page, with single spaces."""
    assert answer.status_code == status, answer.text
    body = re.sub(r"<(script|style)\b.*?</\1>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def led_to(answer: Response) -> str:
    """Where a form led."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def changed(sheets: Mapping[str, list[dict[str, Any]]], sheet: str, row: int, **cells: Any) -> dict[str, Any]:
    """The sheets with other cells in a row, counted as the sheet does (2 is the first below the headings)."""
    rows = [r | cells if n == row else r for n, r in enumerate(sheets[sheet], start=2)]
    return {**sheets, sheet: rows}


def a_round_with(store: Store, sheets: Mapping[str, Any], name: str = "Spring") -> str:
    """The id of a round that has a workbook, which nobody reads before it is needed."""
    round = a_round(store, name)
    with store.transaction() as session:
        add_dataset(
            session, round, data=json.dumps(sheets).encode(), filename="own.json", dataset_digest="0" * 64, counts={},
            issues=(), by="t", now=NOW,
        )  # fmt: skip
    return round


def planned(store: Store, round: str, dataset: Dataset, done: Outcome) -> str:
    """The id of a run that made the plan of a round."""
    with TemporaryDirectory() as folder:
        paths = write_results(Path(folder), done, dataset)
        return a_run(store, round, {path.name: path.read_bytes() for path in paths}, "proved")


def a_run(store: Store, round: str, files: Mapping[str, bytes] = {}, answer: Answer | None = None) -> str:
    """The id of a run at work; of one that is complete where it came to an answer."""
    now = datetime.now(UTC)
    with store.transaction() as session:
        run = runs.accept(
            session, kind="allocate", source=b"{}", filename="own.json", settings={}, limits={}, round=round, by="t",
            now=now,
        )  # fmt: skip
        attempt = runs.begin_attempt(session, run.id, now)
        assert attempt is not None
        runs.keep_files(session, run.id, attempt, dict(files))
        if answer is not None:
            runs.finish(session, run.id, attempt, "complete", answer, now=now)
        return run.id
