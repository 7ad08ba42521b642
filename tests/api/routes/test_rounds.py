"""The life of a round: made, a workbook, a decision, another workbook, an undo; two people at once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.intake import read
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store
from tests.api.inputs.test_folding import FIX, FORBID, OTHER, partnership
from tests.api.people import bearer

WRONG = {"decision": "fix", "request": "S1/first", "offer": "O9", "by": "LM"}
BY = {"by": "LM"}


class Team:
    """A member of the team."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def make(self, name: str = "January") -> dict[str, Any]:
        answer = self.client.post("/v1/rounds", json={"name": name, "tranches": ["T1"]})
        assert answer.status_code == 201
        assert answer.headers["etag"] == '"1"'
        assert answer.headers["location"] == f"/v1/rounds/{answer.json()['id']}"
        return dict(answer.json())

    def send(self, round: str, seen: int, **offers: Any) -> Any:
        sheets = {"sheets": json.loads(partnership(**offers).data)}
        return self.client.post(f"/v1/rounds/{round}/datasets", json=sheets, headers={"If-Match": f'"{seen}"'})

    def decide(self, round: str, seen: int, row: dict[str, Any]) -> Any:
        return self.client.post(
            f"/v1/rounds/{round}/decisions", json={"row": row}, headers={"If-Match": f'"{seen}"'}
        )  # fmt: skip


@pytest.fixture
def team(store: Store) -> Iterator[Team]:
    with TestClient(create_app(Settings(), store), headers=bearer(store, "team")) as client:
        yield Team(client)


def test_a_round_is_seen_by_its_members_alone(team: Team, store: Store) -> None:
    made = team.make()
    assert [r["id"] for r in team.client.get("/v1/rounds").json()["rounds"]] == [made["id"]]
    other = bearer(store, "team")
    assert team.client.get("/v1/rounds", headers=other).json()["rounds"] == []
    assert team.client.get(f"/v1/rounds/{made['id']}", headers=other).status_code == 404


def test_a_round_is_renamed_by_whoever_saw_its_newest_state(team: Team) -> None:
    id = team.make()["id"]
    path = f"/v1/rounds/{id}"
    assert team.client.patch(path, json={"name": "May"}).status_code == 428
    changed = team.client.patch(path, json={"name": "May"}, headers={"If-Match": '"1"'})
    assert (changed.json()["name"], changed.json()["tranches"], changed.headers["etag"]) == ("May", ["T1"], '"2"')
    late = team.client.patch(path, json={"name": "June"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.headers["etag"] == '"2"'
    assert team.client.get(path).json()["name"] == "May"


def test_a_workbook_that_cannot_be_used_is_refused_with_all_that_is_wrong(team: Team) -> None:
    id = team.make()["id"]
    sheets = {"Students": [{"student": "S1"}], "Offers": [{"offer": "O1"}]}
    answer = team.client.post(f"/v1/rounds/{id}/datasets", json={"sheets": sheets}, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    assert {issue["sheet"] for issue in answer.json()["issues"]} >= {"Students", "Offers"}
    assert team.client.get(f"/v1/rounds/{id}").json()["datasets"] == 0


def test_the_next_workbook_says_what_differs(team: Team) -> None:
    id = team.make()["id"]
    assert team.send(id, 1).json()["changes"] is None
    second = team.send(id, 2, capacity=2)
    assert second.json()["number"] == 2
    assert [(r["sheet"], r["row"]) for r in second.json()["changes"]["rows"]] == [("Offers", "O1")]
    assert team.client.get(f"/v1/rounds/{id}/datasets/2").json() == second.json()
    assert len(team.client.get(f"/v1/rounds/{id}/datasets").json()["datasets"]) == 2


def test_a_workbook_comes_back_byte_for_byte(team: Team) -> None:
    id = team.make()["id"]
    team.send(id, 1)
    answer = team.client.get(f"/v1/rounds/{id}/datasets/1/file")
    assert answer.content == partnership().data
    assert answer.headers["content-disposition"] == 'attachment; filename="sheets.json"'


def test_a_decision_is_looked_at_taken_and_undone(team: Team, tmp_path: Path) -> None:
    id = team.make()["id"]
    empty = team.send(id, 1).json()["dataset_digest"]
    looked_at = team.client.post(f"/v1/rounds/{id}/decisions/effect", json={"row": FIX}).json()
    assert looked_at["entry"] is None
    assert [row["sheet"] for row in looked_at["changes"]["rows"]] == ["Decisions"]
    taken = team.decide(id, 2, FIX)
    assert taken.status_code == 201
    assert taken.headers["etag"] == '"3"'
    assert taken.json()["dataset_digest"] == looked_at["dataset_digest"] != empty
    assert taken.json()["entry"]["in_force"]
    # The round as a workbook is the data in force.
    (tmp_path / "round.json").write_bytes(team.client.get(f"/v1/rounds/{id}/workbook").content)
    assert read(tmp_path / "round.json").dataset.digest == taken.json()["dataset_digest"]
    undone = team.client.post(
        f"/v1/rounds/{id}/decisions/1/undo", json={"by": "LM", "why": "typed wrong"}, headers={"If-Match": '"3"'}
    )
    assert undone.status_code == 201
    assert [(row["row"], row["kind"]) for row in undone.json()["changes"]["rows"]] == [
        ("D1 (fix S1/first O1)", "removed")
    ]
    log = team.client.get(f"/v1/rounds/{id}/decisions").json()["entries"]
    assert [(e["number"], e["in_force"], e["undoes"]) for e in log] == [(1, False, None), (2, True, 1)]


def test_what_is_undone_is_not_undone_again(team: Team) -> None:
    id = team.make()["id"]
    team.send(id, 1)
    team.decide(id, 2, FIX)

    def undo(number: int, seen: int) -> Any:
        return team.client.post(f"/v1/rounds/{id}/decisions/{number}/undo", json=BY, headers={"If-Match": f'"{seen}"'})

    assert undo(7, 3).status_code == 404
    assert undo(1, 3).status_code == 201
    again = undo(1, 4)
    assert (again.status_code, again.json()["code"]) == (422, "refused")
    assert "was undone by D2 already. To bring it back, undo D2." in again.json()["detail"]
    assert undo(2, 4).status_code == 201  # the undo is undone: the decision is back
    log = team.client.get(f"/v1/rounds/{id}/decisions").json()["entries"]
    assert [(e["id"], e["in_force"]) for e in log] == [("D1", True), ("D2", False), ("D3", True)]


def test_a_decision_that_would_not_be_carried_out_is_refused_and_not_kept(team: Team) -> None:
    id = team.make()["id"]
    team.send(id, 1)
    answer = team.decide(id, 2, WRONG)
    assert answer.status_code == 422
    assert any(issue["sheet"] == "Decisions" for issue in answer.json()["issues"])
    team.decide(id, 2, FIX)
    against = team.decide(id, 3, FORBID)
    assert (against.status_code, against.json()["code"], against.json()["undo_first"]) == (422, "refused", ["D1"])
    assert "contradicts" in against.json()["detail"]
    assert team.client.get(f"/v1/rounds/{id}").json()["decisions"] == 1


def test_of_two_people_who_saw_the_same_state_one_is_told(team: Team) -> None:
    id = team.make()["id"]
    team.send(id, 1)
    assert team.decide(id, 2, FIX).status_code == 201
    other = team.decide(id, 2, OTHER)
    assert (other.status_code, other.json()["code"]) == (412, "changed_meanwhile")
    assert other.headers["etag"] == '"3"'
    # What it would do now, beside the first: one row more; sent again with the new version it is taken.
    assert [row["row"] for row in other.json()["effect"]["changes"]["rows"]] == ["D2 (fix S2/first O2)"]
    late = team.decide(id, 2, FORBID)
    assert (late.status_code, late.json()["undo_first"]) == (412, ["D1"])
    assert "contradicts" in late.json()["detail"]
    assert team.decide(id, 3, OTHER).status_code == 201


def test_a_round_without_a_workbook_takes_no_decision(team: Team) -> None:
    id = team.make()["id"]
    assert team.decide(id, 1, FIX).status_code == 404


def test_a_round_is_deleted_by_whoever_saw_its_newest_state(team: Team) -> None:
    id = team.make()["id"]
    team.send(id, 1)
    path = f"/v1/rounds/{id}"
    assert team.client.delete(path, headers={"If-Match": '"1"'}).status_code == 412
    assert team.client.delete(path, headers={"If-Match": '"2"'}).status_code == 204
    assert team.client.get(path).status_code == 404
    assert team.client.get("/v1/rounds").json()["rounds"] == []
