"""Results and files of a run: from its own list alone, byte for byte, not sent again to who has them."""

import hashlib

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.store.moments import utc_now
from api.store.opening import Store
from api.store.runs import ask_to_stop, begin_attempt, finish, keep_files
from api.store.tables import AuditEntry
from tests.api.conftest import ClientAs
from tests.api.routes.helping import refused
from tests.api.store.making import kept_run

FILES = {
    "plan.json": b'{"matches": []}\n', "report.xlsx": b"PK", "summary.html": b"<p>", "clash.txt": b"none",
    "agencies/Alpha Children\u2019s.xlsx": b"PK form",
}  # fmt: skip


@pytest.fixture
def team(client_as: ClientAs) -> TestClient:
    return client_as("team")


@pytest.fixture
def run(store: Store) -> str:
    """A run that works, with a plan."""
    with store.transaction() as session:
        id = kept_run(session).id
        assert begin_attempt(session, id) == 1
        keep_files(session, id, 1, FILES)
    return id


def test_files_are_those_of_the_list(team: TestClient, run: str) -> None:
    listed = {line["path"]: line for line in team.get(f"/v1/runs/{run}/files").json()}
    assert set(listed) == set(FILES)
    for path, data in FILES.items():
        answer = team.get(f"/v1/runs/{run}/files/{path}")
        assert answer.content == data
        assert answer.headers["content-type"] == listed[path]["content_type"]
        assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"' == f'"{listed[path]["digest"]}"'
        assert listed[path]["size"] == len(data)
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Alpha%20Children%E2%80%99s.xlsx"
    page = team.get(f"/v1/runs/{run}/files/summary.html")
    assert "sandbox" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["plan.jso", "../plan.json", "%2e%2e/plan.json", "/etc/passwd", "agencies", "agencies/", "PLAN.JSON", "plan.json/"],
)
def test_no_other_path_leads_anywhere(team: TestClient, run: str, path: str) -> None:
    refused(team.get(f"/v1/runs/{run}/files/{path}"), 404)


def test_who_has_a_file_is_not_sent_it_again(team: TestClient, run: str, store: Store) -> None:
    tag = team.get(f"/v1/runs/{run}/files/plan.json").headers["etag"]
    again = team.get(f"/v1/runs/{run}/files/plan.json", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    with store.reading() as session:  # one download, since nothing was sent the second time
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "file_downloaded")).all()
    assert [(entry.subject, entry.details) for entry in entries] == [(run, {"file": "plan.json"})]


def test_the_result_is_the_best_plan_so_far(team: TestClient, run: str, store: Store) -> None:
    first = team.get(f"/v1/runs/{run}/result")
    assert (first.content, first.headers["content-type"]) == (FILES["plan.json"], "application/json")
    with store.transaction() as session:
        keep_files(session, run, 1, {"plan.json": b"better"})
    assert team.get(f"/v1/runs/{run}/result").content == b"better"
    with store.transaction() as session:
        ask_to_stop(session, run)
        finish(session, run, 1, "stopped", "within_gap")
    assert team.get(f"/v1/runs/{run}/result").content == b"better"


def test_a_run_without_a_plan(team: TestClient, store: Store) -> None:
    with store.transaction() as session:
        id = kept_run(session).id
    answer = team.get(f"/v1/runs/{id}/result")
    assert "queued" in refused(answer, 404)
    assert answer.json()["code"] == "no_result_yet"
    assert team.get(f"/v1/runs/{id}/files").json() == []
    with store.transaction() as session:
        begin_attempt(session, id)
        keep_files(session, id, 1, {"clash.json": b"{}", "clash.txt": b"x"})
        finish(session, id, 1, "complete", "clash", now=utc_now())
    assert team.get(f"/v1/runs/{id}/result").content == b"{}"


def test_a_run_that_is_over_is_deleted_for_good(team: TestClient, run: str, store: Store) -> None:
    assert "running" in refused(team.delete(f"/v1/runs/{run}"), 409)
    with store.transaction() as session:
        finish(session, run, 1, "complete", "proved")
    assert team.delete(f"/v1/runs/{run}").status_code == 204
    for path in ("", "/files", "/result", "/files/plan.json"):
        refused(team.get(f"/v1/runs/{run}{path}"), 404)
    refused(team.delete(f"/v1/runs/{run}"), 404)


def test_stopping(team: TestClient, run: str, store: Store) -> None:
    asked = team.post(f"/v1/runs/{run}/stop")
    assert (asked.status_code, asked.json()["stop_asked"], asked.json()["state"]) == (202, True, "running")
    with store.transaction() as session:
        waiting = kept_run(session, source=b"other").id
    assert team.post(f"/v1/runs/{waiting}/stop").json()["state"] == "stopped"
    assert team.post(f"/v1/runs/{waiting}/stop").json()["state"] == "stopped"
