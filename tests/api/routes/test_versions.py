"""Publishing in a round, and the steps of its matches: what the command line makes of the workbook taken out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.intake import read
from allocator.lifecycle.published_files import publish_files
from allocator.runs import run_into_folder
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store
from models.base import Date
from tests.api.inputs.test_folding import FIX, partnership
from tests.api.people import bearer
from tests.api.routes.helping import refused


class Team:
    """A member of the team, and their round of two students and two offers."""

    def __init__(self, client: TestClient, store: Store, folder: Path) -> None:
        self.client, self.store, self.folder = client, store, folder
        id = client.post("/v1/rounds", json={"name": "May"}).json()["id"]
        self.path = f"/v1/rounds/{id}"
        sheets = {"sheets": json.loads(partnership().data)}
        assert self.post("datasets", 1, **sheets).status_code == 201

    def post(self, what: str, seen: int, **body: Any) -> Any:
        return self.client.post(f"{self.path}/{what}", json=body, headers={"If-Match": f'"{seen}"'})

    def allocated(self, name: str) -> str:
        """The id of a run of the round that is over, with the files that the command line writes."""
        run = str(self.client.post("/v1/runs", json={"round": self.path.rpartition("/")[2]}).json()["id"])
        out = self.folder / name
        run_into_folder(self.taken_out(f"{name}.json"), out)
        with self.store.transaction() as session:
            attempt = runs.begin_attempt(session, run)
            assert attempt is not None
            runs.keep_files(session, run, attempt, {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()})
            runs.finish(session, run, attempt, "complete", "proved")
        return run

    def taken_out(self, name: str) -> Path:
        """The round as a file."""
        path = self.folder / name
        path.write_bytes(self.client.get(f"{self.path}/workbook").content)
        return path

    def published(self) -> dict[str, Any]:
        answer = self.post("publish", 2, run=self.allocated("first"), by="LM")
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    with TestClient(create_app(Settings(), store), headers=bearer(store, "team")) as client:
        yield Team(client, store, tmp_path)


def test_a_plan_is_published_as_the_command_line_does(team: Team) -> None:
    source = team.taken_out("round.json")
    made = team.published()
    version = made["version"]
    # Both students are placed, and no version was before.
    assert (version["version"], version["placed"], version["of"], version["by"]) == (1, 2, 2, "LM")
    assert made["workbook"] == 2
    here = publish_files(team.folder / "first", source, by="LM", on=Date.today())
    assert here.publication.version.model_dump(mode="json") == version
    assert read(here.target).dataset.digest == made["dataset_digest"]
    assert read(team.taken_out("after.json")).dataset.digest == made["dataset_digest"]
    assert team.client.get(team.path).headers["etag"] == '"3"'


def test_a_version_stays_as_it_is(team: Team) -> None:
    made = team.published()
    kept = team.client.get(f"{team.path}/versions/1").json()
    assert kept["plan"] == json.loads((team.folder / "first" / "plan.json").read_bytes())
    assert kept["check"]["violations"] == []
    assert team.client.delete(f"/v1/runs/{made['run']}").status_code == 204
    assert team.client.get(f"{team.path}/versions/1").json() == kept
    assert [line["version"] for line in team.client.get(f"{team.path}/versions").json()["versions"]] == [
        made["version"]
    ]  # fmt: skip
    assert "no published version 2" in refused(team.client.get(f"{team.path}/versions/2"), 404)


def test_a_plan_of_other_data_is_refused_with_what_differs(team: Team) -> None:
    run = team.allocated("first")
    team.post("decisions", 2, row=FIX)
    detail = refused(team.post("publish", 3, run=run, by="LM"))
    assert "made from other data or settings than these (Decisions: D1 (fix S1/first O1) row added)" in detail
    assert "name a person" not in detail
    assert refused(team.post("publish", 3, run=run, by="LM@example.org"))
    assert team.client.get(f"{team.path}/versions").json() == {"versions": []}
    assert team.post("publish", 2, run=run, by="LM").status_code == 412


def test_only_a_complete_plan_of_the_round_is_published(team: Team) -> None:
    waiting = team.client.post("/v1/runs", json={"round": team.path.rpartition("/")[2]}).json()["id"]
    assert "The run is queued" in refused(team.post("publish", 2, run=waiting, by="LM"), 409)
    other = team.client.post("/v1/runs", json={"sheets": json.loads(partnership().data)}).json()["id"]
    assert "of this round" in refused(team.post("publish", 2, run=other, by="LM"), 409)


def test_steps_of_matches_are_kept_and_carried_over(team: Team) -> None:
    team.published()
    step = team.post("matches/S1/first/status", 3, step="sent_to_agency")
    assert (step.status_code, step.json()["done"]) == (201, ["S1/first: proposed -> sent_to_agency"])
    assert [(row["sheet"], row["kind"]) for row in step.json()["changes"]["rows"]] == [("Published", "changed")]
    told = team.post("matches/s1/first/status", 4, step="told", on="2026-01-02")
    assert told.json()["done"] == ["S1/first: told on 2026-01-02"]
    dataset = read(team.taken_out("marked.json")).dataset
    assert dataset.digest == told.json()["dataset_digest"]
    (match,) = [row for row in dataset.published if row.request == "S1/first"]
    assert (match.status, str(match.student_told_on)) == ("sent_to_agency", "2026-01-02")
    detail = refused(team.post("matches/S1/first/status", 5, step="started"))
    assert "S1/first is sent_to_agency. Legal from there: meeting_booked" in detail
    assert team.post("matches/S1/first/status", 4, step="meeting_booked").status_code == 412
    # Published again, the match stays, and so does what is said of it.
    again = team.post("publish", 5, run=team.allocated("second"), by="LM").json()
    assert (again["version"]["version"], again["cleared"]) == (2, [])
    published = read(team.taken_out("again.json")).dataset.published
    assert {row.request: row.status for row in published} == {"S1/first": "sent_to_agency", "S2/first": "proposed"}


def test_an_older_workbook_publishes_no_second_version_of_a_number(team: Team) -> None:
    team.published()
    sheets = {"sheets": json.loads(partnership().data)}
    assert team.post("datasets", 3, **sheets).status_code == 201
    detail = refused(team.post("publish", 4, run=team.allocated("second"), by="LM"), 409)
    assert "Version 1 of the round was published already" in detail
    assert team.client.get(f"{team.path}/datasets").json()["datasets"][-1]["number"] == 3
