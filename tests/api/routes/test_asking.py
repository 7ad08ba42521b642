"""Asking for a run: what is accepted, what is refused and with which words, and keys that come twice."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.store.contents import content
from api.store.opening import Store
from api.store.runs import run_of
from tests.api.conftest import ClientAs
from tests.api.routes.helping import book_of, refused
from tests.api.store.making import kept_run
from tests.reading.sheets import sheets


@pytest.fixture
def team(client_as: ClientAs) -> TestClient:
    return client_as("team")


def asked(client: TestClient, key: str | None = None, **body: Any) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post("/v1/runs", json={"sheets": sheets()} | body, headers=headers)


def test_sheets_are_accepted_as_they_were_sent(team: TestClient, store: Store) -> None:
    answer = asked(team, settings={"travel_limit": 75, "rule.E04": "off"}, limits={"time": "PT1M30S", "gap_percent": 1})
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    assert answer.headers["location"] == f"/v1/runs/{accepted['id']}"
    assert accepted["counts"]["students"] == 3
    with store.reading() as session:
        run = run_of(session, accepted["id"])
        assert json.loads(content(session, run.source)) == sheets()
        assert run.settings == {"travel_limit": "75", "rule.E04": "off"}
        assert run.limits == {"seconds": 90.0, "work": None, "gap_percent": 1.0, "workers": 2}
    seen = team.get(answer.headers["location"]).json()
    assert (seen["state"], seen["answer"], seen["dataset_digest"]) == ("queued", None, accepted["dataset_digest"])
    assert seen["limits"] == {"time": "PT90S", "work": None, "gap_percent": 1.0}
    assert len(seen["issues"]) == accepted["warnings"]


def test_a_workbook_is_the_same_dataset(team: TestClient, store: Store) -> None:
    book = book_of(sheets())
    answer = team.post(
        "/v1/runs", files={"workbook": ("../up/My partnership.xlsx", book)},
        data={"settings": '{"travel_limit": 75}', "limits": '{"work": 5}'},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    assert answer.json()["dataset_digest"] == asked(team).json()["dataset_digest"]
    with store.reading() as session:
        run = run_of(session, answer.json()["id"])
        assert content(session, run.source) == book
        assert run.filename == "My partnership.xlsx"


def test_everything_wrong_with_an_input_is_said_at_once(team: TestClient, store: Store) -> None:
    wrong = asked(team, sheets=sheets(Tranches=None, Offers=None))
    assert "'Tranches' is missing" in refused(wrong)
    assert "'Offers' is missing" in refused(wrong)
    assert wrong.json()["code"] == "input_unusable"
    assert {(issue["code"], issue["sheet"]) for issue in wrong.json()["issues"]} >= {
        ("V107", "Tranches"),
        ("V107", "Offers"),
    }
    assert team.get("/v1/runs").json() == {"runs": [], "after": None}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"settings": {"travel_limitt": 75}}, "travel_limit"),
        ({"settings": {"travel_limit": -1}}, "travel_limit"),
        ({"limits": {"time": "PT2H"}}, "run_seconds"),
        ({"limits": {"time": 90}}, "1 thing"),
        ({"limits": {"time": "P"}}, "1 thing"),
        ({"limits": {"gap_percent": 101, "work": -1}}, "2 things"),
        ({"sheets": {"Students": [{"student": {"id": 1}}]}}, "thing"),
        ({"names": {"S1": "Ada"}}, "1 thing"),
    ],
)
def test_what_does_not_fit_is_refused(team: TestClient, body: dict[str, Any], said: str) -> None:
    assert said in refused(asked(team, **body))


@pytest.mark.parametrize(
    ("filename", "data", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 cut off", "a.xlsx is damaged"),
        ("a.xlsx", b"nothing of the kind", "a.xlsx"),
        ("a.csv", b"student,programme\nS1,MSW\n", "a.csv"),
        ("a.xlsx", b"", "a.xlsx is empty"),
        ("sheets.json", b'{"Students": [], "Students": []}', "stands twice"),
        ("\ud800\n/..", b"x", "upload"),
    ],
)
def test_files_that_are_no_input(team: TestClient, filename: str, data: bytes, said: str) -> None:
    assert said in refused(
        team.post("/v1/runs", files={"workbook": (filename.encode("utf-8", "replace").decode(), data)})
    )


def test_forms_that_hold_something_else(team: TestClient) -> None:
    book = ("a.xlsx", book_of(sheets()))
    assert "no file 'workbook'" in refused(team.post("/v1/runs", files={"settings": (None, "{}")}))
    assert "names is nothing" in refused(
        team.post("/v1/runs", files={"workbook": book, "names": ("n.csv", b"id,name")})
    )
    assert "no file" in refused(team.post("/v1/runs", files={"workbook": (None, "text")}))
    twice = team.post("/v1/runs", files=[("workbook", book), ("workbook", book)])
    assert "stands twice" in refused(twice)
    for text, said in (
        ("{", "read as JSON"),
        ('{"a":NaN}', "NaN"),
        ('{"a":"\\ud800"}', "half a character"),
        ("[" * 30, "deep"),
    ):
        assert said in refused(team.post("/v1/runs", files={"workbook": book}, data={"settings": text}))


def test_other_types_are_refused(team: TestClient) -> None:
    said = refused(team.post("/v1/runs", content=b"x", headers={"content-type": "text/csv"}), 415)
    assert "application/json, multipart/form-data" in said


def test_a_key_that_comes_twice_gets_the_answer_that_it_got(team: TestClient, client_as: ClientAs) -> None:
    first, again = asked(team, key="k1"), asked(team, key="k1")
    assert (again.status_code, again.json(), again.headers["location"]) == (
        202,
        first.json(),
        first.headers["location"],
    )
    other = asked(team, key="k1", settings={"travel_limit": 75})
    assert "another request" in refused(other, 409)
    assert other.json()["code"] == "idempotency_key_used"
    assert asked(team, key="k2").json()["id"] != first.json()["id"]
    assert len(team.get("/v1/runs").json()["runs"]) == 2


def test_what_was_refused_is_asked_anew_under_the_same_key(team: TestClient) -> None:
    refused(asked(team, key="k1", sheets=sheets(Offers=None)))
    assert asked(team, key="k1").status_code == 202


def test_pages_of_runs(team: TestClient) -> None:
    ids = [asked(team, settings={"travel_limit": 70 + n}).json()["id"] for n in range(3)]
    first = team.get("/v1/runs", params={"limit": 2, "state": "queued"}).json()
    second = team.get("/v1/runs", params={"limit": 2, "after": first["after"]}).json()
    assert [run["id"] for run in (*first["runs"], *second["runs"])] == ids[::-1]
    assert second["after"] is None
    assert team.get("/v1/runs", params={"state": "failed"}).json()["runs"] == []
    assert "cursor" in refused(team.get("/v1/runs", params={"after": "x"}))


def test_runs_of_others_are_not_found(team: TestClient, store: Store) -> None:
    with store.transaction() as session:
        theirs = kept_run(session, by="team2").id
        own = kept_run(session, by="team1").id
    assert team.get(f"/v1/runs/{own}").status_code == 200
    unknown = refused(team.get(f"/v1/runs/{'0' * 32}"), 404)
    assert refused(team.get(f"/v1/runs/{theirs}"), 404) == unknown  # nobody is told that it exists
    assert [run["id"] for run in team.get("/v1/runs").json()["runs"]] == [own]


@pytest.mark.parametrize("role", ["agency", "alliance", "admin"])
def test_runs_are_for_the_team(client_as: ClientAs, role: str) -> None:
    refused(client_as(role).get(f"/v1/runs/{'0' * 32}"), 403)
