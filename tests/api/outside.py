"""A round of two agencies whose plan is shared, for tests of what comes in from outside."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from fastapi.testclient import TestClient
from httpx2 import Response

from api.jobs.working import carry_out
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store, open_store
from api.store.tables import Membership
from tests.api.jobs.helping import files
from tests.api.jobs.test_working import begun, never
from tests.api.people import a_token, an_account
from tests.lifecycle.returned import partnership

TEAM, A, B = "team", "agency-a", "agency-b"
"""Logins: the agency of O1 and O2 (S1, S2), and that of O3, which is to be asked for S3 and has a place left."""


class Outside(NamedTuple):
    """A service, headers and accounts by login, the round, and the run whose plan is shared."""

    client: TestClient
    store: Store
    headers: Mapping[str, dict[str, str]]
    people: Mapping[str, str]
    round: str
    run: str

    def ask(self, who: str, method: str, path: str, **sent: Any) -> Response:
        """What somebody gets; ROUND and RUN in the path are ours."""
        more = sent.pop("headers", {})
        path = path.replace("ROUND", self.round).replace("RUN", self.run)
        return self.client.request(method, path, headers=self.headers[who] | more, **sent)

    def answer(self, who: str, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        """The JSON of an answer of this status."""
        found = self.ask(who, method, path, **sent)
        assert found.status_code == status, found.text
        return found.json()

    def seen(self) -> dict[str, str]:
        """If-Match of the round as it is now."""
        return {"If-Match": self.ask(TEAM, "GET", "/v1/rounds/ROUND").headers["etag"]}

    def done(self, run: str) -> str:
        """The run, carried out in this process."""
        carry_out(self.store, begun(self.store, run), never)
        return run

    def looked(self) -> tuple[str, dict[str, Any]]:
        """The run that looked at the replies, and its answer."""
        run = self.done(self.answer(TEAM, "POST", "/v1/rounds/ROUND/replies/look", 202, json={})["id"])
        return run, self.answer(TEAM, "GET", f"/v1/runs/{run}/replies")


@contextmanager
def service(folder: Path) -> Iterator[Outside]:
    """The service, with a first round."""
    store = open_store(f"sqlite:///{folder}/placements.db")
    people = {TEAM: an_account(store, "team", login=TEAM)}
    people |= {login: an_account(store, "agency", agency=name, login=login) for login, name in ((A, "A"), (B, "B"))}
    headers = {login: {"Authorization": f"Bearer {a_token(store, account)}"} for login, account in people.items()}
    with TestClient(create_app(Settings(requests_a_minute=100_000), store), follow_redirects=False) as client:
        made = _asked(Outside(client, store, headers, people, "", ""))
        made.done(made.run)
        made.answer(TEAM, "PUT", "/v1/runs/RUN/shared")
        yield made
    store.close()


def fresh(there: Outside) -> Outside:
    """The same with another round, of the same data and the same plan."""
    made = _asked(there)
    found = files(there.store, there.run)
    with there.store.transaction() as session:
        runs.begin_attempt(session, made.run)
        runs.keep_files(session, made.run, 1, found)
        runs.finish(session, made.run, 1, "complete", "proved")
    made.answer(TEAM, "PUT", "/v1/runs/RUN/shared")
    return made


def _asked(there: Outside) -> Outside:
    """A new round, and a run of it that is asked for."""
    round = there.answer(TEAM, "POST", "/v1/rounds", 201, json={"name": "January"})["id"]
    with there.store.transaction() as session:
        session.add_all([Membership(account=there.people[login], round=round) for login in (A, B)])
    made = there._replace(round=round)
    sheets = {"sheets": json.loads(json.dumps(partnership(), default=str))}
    made.answer(TEAM, "POST", "/v1/rounds/ROUND/datasets", 201, json=sheets, headers=made.seen())
    return made._replace(run=made.answer(TEAM, "POST", "/v1/runs", 202, json={"round": round})["id"])


def typed(sheet: str, row: int, **answers: str) -> dict[str, Any]:
    """A row of a reply; answers by the first word of their heading."""
    headings = {
        "outcome": "Outcome: yes or no", "reason": "If no: reason code", "meeting": "Pre-placement meeting on",
        "pe": "PE you name (their reference)", "supervisor": "Supervisor you name (initials or role)",
        "withdrawn": "Place withdrawn: yes", "stays": "Stays open: yes or no",
    }  # fmt: skip
    return {"sheet": sheet, "row": row, "answers": {headings[name]: text for name, text in answers.items()}}
