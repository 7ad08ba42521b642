"""A team sees nothing of another team's rounds and runs, by any route, and not even that there are any."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import open_store
from tests.api.people import a_round, a_token, an_account
from tests.api.sharing.partnership import a_run
from tests.api.test_every_route import WHO, routes_of

NOWHERE = "f" * 32


class Teams(NamedTuple):
    """A service; the round and the run are ours, the headers those of other people."""

    client: TestClient
    headers: dict[str, dict[str, str]]
    round: str
    run: str


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teams]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('teams')}/placements.db")
    ours, theirs = a_round(store, "Ours"), a_round(store, "Theirs")
    people = {
        "team": an_account(store, "team", rounds=(theirs,)),
        "agency": an_account(store, "agency", agency="Alder Trust", rounds=(theirs,)),
        "alliance": an_account(store, "alliance", rounds=(theirs,)),
        "admin": an_account(store, "admin", rounds=(ours,)),
    }
    headers = {name: {"Authorization": f"Bearer {a_token(store, account)}"} for name, account in people.items()}
    with TestClient(create_app(Settings(requests_a_minute=100_000), store), follow_redirects=False) as client:
        yield Teams(client, headers, ours, a_run(store, ours))
    store.close()


def about(teams: Teams) -> list[str]:
    assert isinstance(teams.client.app, FastAPI)
    return [route for route in routes_of(teams.client.app) if re.search(r"\{(run|round)\}", route)]


def test_routes_about_a_round_or_a_run(teams: Teams) -> None:
    """Asked for ours, somebody else gets what they get for what does not exist, word for word, and never a success."""
    wrong = []
    for route in about(teams):
        method, _, path = route.partition(" ")
        for role in WHO[route]:
            texts = []
            for of_round, of_run in ((teams.round, teams.run), (NOWHERE, NOWHERE)):
                filled = path.replace("{round}", of_round).replace("{run}", of_run)
                filled = filled.replace("{path:path}", "plan.json").replace("{number}", "1")
                answer = teams.client.request(method, filled, headers=teams.headers[role])
                texts.append((answer.status_code, answer.text))
            if texts[0] != texts[1] or texts[0][0] != 404:
                wrong.append((route, role, texts))
    assert len(about(teams)) > 20
    assert not wrong


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/runs", {"round": "ROUND"}),
        ("/v1/comparisons", {"before": "RUN", "after": "RUN"}),
        ("/v1/checks", {"run": "RUN"}),
        ("/v1/checks", {"round": "ROUND"}),
    ],
)
def test_bodies_that_name_ours(teams: Teams, path: str, body: dict[str, str]) -> None:
    texts = []
    for round, run in ((teams.round, teams.run), (NOWHERE, NOWHERE)):
        filled = {key: {"ROUND": round, "RUN": run}[value] for key, value in body.items()}
        answer = teams.client.post(path, json=filled, headers=teams.headers["team"])
        texts.append((answer.status_code, answer.text.replace(round, "").replace(run, "")))
    assert texts[0] == texts[1]
    assert texts[0][0] in (404, 422)


def test_lists_hold_nothing_of_ours(teams: Teams) -> None:
    for path in ("/v1/rounds", "/v1/runs"):
        answer = teams.client.get(path, headers=teams.headers["team"])
        assert answer.status_code == 200
        assert teams.round not in answer.text
        assert teams.run not in answer.text
    for role in ("agency", "alliance"):
        assert teams.client.get("/v1/shared", headers=teams.headers[role]).json() == []
