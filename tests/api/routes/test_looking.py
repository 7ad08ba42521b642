"""Looking ahead in a round: runs of the data in force, with the plan that was made from it before."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.jobs.ahead import BASE
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store
from tests.api.inputs.test_folding import FIX, FORBID, OTHER
from tests.api.people import bearer
from tests.api.routes.helping import refused
from tests.api.routes.test_results import a_round, a_run


@pytest.fixture
def team(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), store), headers=bearer(store, "team")) as client:
        yield client


def kept(store: Store, run: str) -> dict[str, bytes]:
    with store.reading() as session:
        return {file.path: runs.file_of(session, run, file.path) for file in runs.files_of(session, run)}


def test_the_effect_on_the_plan_is_a_run_of_the_data_in_force(team: TestClient, store: Store) -> None:
    round = a_round(team)
    path = f"/v1/rounds/{round}/decisions"
    assert team.post(f"{path}/effect", json={"row": FIX}).json()["run"] is None
    team.post(path, json={"row": FIX}, headers={"If-Match": '"2"'})
    answer = team.post(f"{path}/effect", json={"row": FORBID, "plan": True})
    assert answer.json()["undo_first"] == ["D1"]  # refused before anything is solved
    assert team.get("/v1/runs").json()["runs"] == []
    made = team.post(f"{path}/effect", json={"row": FORBID | {"offer": "O2"}, "plan": True}).json()
    run = team.get(f"/v1/runs/{made['run']}").json()
    assert (run["kind"], run["round"], run["decisions"]) == ("effect", round, 1)
    # The workbook is the one that was sent; the log, of one entry, is typed into it by whoever works on the run.
    assert run["settings"]["row"] == FORBID | {"offer": "O2"}
    assert [(number, row["id"], row["decision"]) for number, row, _, _ in run["settings"]["log"]] == [(1, "D1", "fix")]
    assert "has no effect: a run of kind effect" in refused(team.get(f"/v1/runs/{made['run']}/effect"), 404)


def test_it_begins_with_the_newest_plan_of_these_data_alone(team: TestClient, store: Store) -> None:
    round = a_round(team)
    a_run(team, store, {"plan.json": b"old"}, round=round)
    a_run(team, store, {"plan.json": b"new"}, round=round)
    asked: dict[str, Any] = {"row": FIX, "plan": True}
    run = team.post(f"/v1/rounds/{round}/decisions/effect", json=asked).json()["run"]
    assert kept(store, run) == {BASE: b"new"}
    # With a decision more they are other data.
    team.post(f"/v1/rounds/{round}/decisions", json={"row": FIX}, headers={"If-Match": '"2"'})
    other = team.post(f"/v1/rounds/{round}/decisions/effect", json=asked | {"row": OTHER}).json()["run"]
    assert kept(store, other) == {}


@pytest.mark.parametrize(
    ("what", "body", "settings"),
    [
        ("moves", {"most": 2}, {"most": 2, "settings": {}}),
        ("fits", {"offer": "O1"}, {"offer": "O1", "request": None, "most": 10, "judged": None, "settings": {}}),
    ],
)
def test_moves_and_fits_are_asked_for_once(
    team: TestClient, what: str, body: dict[str, Any], settings: dict[str, Any]
) -> None:
    path, key = f"/v1/rounds/{a_round(team)}/{what}", {"Idempotency-Key": "one"}
    first, again = (team.post(path, json=body, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (202, again.json())
    run = team.get(first.headers["location"]).json()
    assert (run["kind"], run["settings"]) == (what, settings)


@pytest.mark.parametrize("body", [{}, {"offer": "O1", "request": "S1/first"}])
def test_fits_are_of_an_offer_or_of_a_request(team: TestClient, body: dict[str, str]) -> None:
    assert "name either offer or request" in refused(team.post(f"/v1/rounds/{a_round(team)}/fits", json=body))


def test_what_looks_ahead_is_no_plan_of_the_round(team: TestClient, store: Store) -> None:
    round = a_round(team)
    a_run(team, store, {"plan.json": b"plan"}, round=round)
    run = team.post(f"/v1/rounds/{round}/moves", json={}).json()["id"]
    assert len(team.get(f"/v1/rounds/{round}/plans").json()["plans"]) == 1
    assert team.get(f"/v1/runs/{run}/result").status_code == 404
    assert team.put(f"/v1/runs/{run}/shared").status_code == 409
