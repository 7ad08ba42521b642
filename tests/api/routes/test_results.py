"""Parts of results: comparison, who is not placed, the return, answers, plans of a round, runs of scenarios."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.runs import run_into_folder
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store
from tests.api.inputs.test_folding import FIX, partnership
from tests.api.people import bearer
from tests.api.routes.helping import refused


@pytest.fixture
def team(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), store), headers=bearer(store, "team")) as client:
        yield client


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, bytes]]:
    """The files of results by how many students the first offer takes: one of two students with 0, both with 1."""
    folder = tmp_path_factory.mktemp("results")
    found = {}
    for capacity in (0, 1):
        source, out = folder / f"{capacity}.json", folder / str(capacity)
        source.write_bytes(partnership(capacity=capacity).data)
        run_into_folder(source, out)
        found[capacity] = {p.name: p.read_bytes() for p in out.iterdir() if p.suffix == ".json"}
    return found


def a_round(team: TestClient) -> str:
    id = str(team.post("/v1/rounds", json={"name": "May"}).json()["id"])
    sheets = {"sheets": json.loads(partnership().data)}
    assert team.post(f"/v1/rounds/{id}/datasets", json=sheets, headers={"If-Match": '"1"'}).status_code == 201
    return id


def a_run(team: TestClient, store: Store, files: dict[str, bytes], **body: Any) -> str:
    """A run that was asked for and has these files at its end."""
    asked = body or {"sheets": json.loads(partnership().data)}
    answer = team.post("/v1/runs", json=asked)
    assert answer.status_code == 202, answer.text
    with store.transaction() as session:
        attempt = runs.begin_attempt(session, answer.json()["id"])
        assert attempt is not None
        runs.keep_files(session, answer.json()["id"], attempt, files)
        runs.finish(session, answer.json()["id"], attempt, "complete", "proved")
    return str(answer.json()["id"])


def test_two_runs_are_compared(team: TestClient, store: Store, results: dict[int, dict[str, bytes]]) -> None:
    before, after = (a_run(team, store, results[capacity]) for capacity in (0, 1))
    found = team.post("/v1/comparisons", json={"before": before, "after": after}).json()
    assert "Placed: 1 before, 2 after." in found["sentences"]
    assert [(r["sheet"], r["row"]) for r in found["comparison"]["inputs"]["rows"]] == [("Offers", "O1")]
    assert (found["comparison"]["before"], found["comparison"]["after"]) == (f"run {before}", f"run {after}")


def test_a_run_without_a_plan_is_not_compared(team: TestClient, store: Store) -> None:
    run = a_run(team, store, {})
    answer = team.post("/v1/comparisons", json={"before": run, "after": run})
    assert "has no plan to compare" in refused(answer, 404)
    other = TestClient(team.app, headers=bearer(store, "team"))
    assert "none of yours" in refused(other.post("/v1/comparisons", json={"before": run, "after": run}), 404)


def test_who_is_not_placed_and_why(team: TestClient, store: Store, results: dict[int, dict[str, bytes]]) -> None:
    none, one = (a_run(team, store, results[capacity]) for capacity in (1, 0))
    assert team.get(f"/v1/runs/{none}/unplaced").json() == {"unplaced": []}
    (unplaced,) = team.get(f"/v1/runs/{one}/unplaced").json()["unplaced"]
    assert unplaced["request"] in ("S1/first", "S2/first")
    assert unplaced["reason"]
    assert "has no plan" in refused(team.get(f"/v1/runs/{a_run(team, store, {})}/unplaced"), 404)


def test_return_and_answers_are_files_of_the_run(
    team: TestClient, store: Store, results: dict[int, dict[str, bytes]]
) -> None:
    run = a_run(team, store, results[1] | {"answers.json": b'{"answers": []}'})
    assert team.get(f"/v1/runs/{run}/return").content == results[1]["return.json"]
    answer = team.get(f"/v1/runs/{run}/answers")
    assert answer.json() == {"answers": []}
    assert team.get(f"/v1/runs/{run}/answers", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    empty = a_run(team, store, {})
    assert "has no return" in refused(team.get(f"/v1/runs/{empty}/return"), 404)
    assert "has no answers" in refused(team.get(f"/v1/runs/{empty}/answers"), 404)


def test_the_plans_of_a_round_say_which_are_of_its_data_in_force(
    team: TestClient, store: Store, results: dict[int, dict[str, bytes]]
) -> None:
    round = a_round(team)
    old = a_run(team, store, results[1], round=round)
    a_run(team, store, {}, round=round)  # has no plan
    plans = f"/v1/rounds/{round}/plans"
    assert [(p["run"], p["current"]) for p in team.get(plans).json()["plans"]] == [(old, True)]
    team.post(f"/v1/rounds/{round}/decisions", json={"row": FIX}, headers={"If-Match": '"2"'})
    new = a_run(team, store, results[1], round=round)
    found = team.get(plans).json()["plans"]
    assert [(p["run"], p["current"], p["decisions"]) for p in found] == [(new, True, 1), (old, False, 0)]


def test_the_library_of_scenarios(team: TestClient) -> None:
    found = team.get("/v1/scenarios").json()
    assert len(found) == 16
    assert all(line["question"].endswith("?") for line in found)


def test_scenarios_are_run_on_a_round(team: TestClient, store: Store) -> None:
    round = a_round(team)
    name = team.get("/v1/scenarios").json()[0]["name"]
    answer = team.post(f"/v1/rounds/{round}/scenarios", json={"only": [name], "settings": {"travel_limit": "75"}})
    assert answer.status_code == 202, answer.text
    run = team.get(f"/v1/runs/{answer.json()['id']}").json()
    assert (run["kind"], run["round"], run["settings"]["only"]) == ("scenarios", round, [name])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"only": ["no-such-question"]}, "no scenario 'no-such-question'"),
        ({"files": {"mine.toml": "name = 3\nquestoin = 'What if?'"}}, "questoin"),
        ({"files": {"../mine.toml": ""}}, "without a folder"),
        ({"settings": {"travel_limt": "75"}}, "travel_limt"),
    ],
)
def test_what_is_wrong_with_scenarios_is_said_before_a_run(team: TestClient, body: Any, words: str) -> None:
    assert words in team.post(f"/v1/rounds/{a_round(team)}/scenarios", json=body).text
    assert team.get("/v1/runs").json()["runs"] == []
