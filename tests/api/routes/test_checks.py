"""Plans made by hand, judged at once: as ``placements verify`` judges them."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.verifying import judge
from tests.api.conftest import ClientAs
from tests.api.routes.helping import book_of, refused
from tests.reading.sheets import sheets

GOOD = [{"student": "S2", "stage": "first", "offer": "O2"}]
# O1 is in T1 for one student; both of these want it.
BAD = [
    {"student": "S1", "stage": "first", "offer": "O1", "pe": "PE1"},
    {"student": "S3", "stage": "final", "offer": "O1", "pe": "PE1"},
]


@pytest.fixture
def team(client_as: ClientAs) -> TestClient:
    return client_as("team")


def checked(client: TestClient, plan: Any, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/checks", json={"sheets": sheets(), "plan": plan} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_rule_that_a_plan_breaks_is_named_as_by_the_command_line(team: TestClient, tmp_path: Path) -> None:
    (tmp_path / "sheets.json").write_text(json.dumps(sheets()))
    (tmp_path / "rows.json").write_text(json.dumps({"Plan": BAD}))
    verdict = judge(tmp_path / "sheets.json", tmp_path / "rows.json")
    found = checked(team, BAD)
    assert found["passed"] is False
    assert found["check"] == verdict.report.model_dump(mode="json")
    assert {violation["rule"] for violation in found["check"]["violations"]} >= {"L02", "L03"}


def test_a_form_with_two_files_is_the_same(team: TestClient) -> None:
    files = {"workbook": ("w.xlsx", book_of(sheets())), "plan": ("p.xlsx", book_of({"Plan": BAD}))}
    answer = team.post("/v1/checks", files=files, data={"settings": '{"rule.L02": "on"}'})
    assert answer.json()["check"] == checked(team, BAD)["check"]


def test_rows_that_cannot_be_read_are_counted(team: TestClient) -> None:
    found = checked(team, [*GOOD, {"student": "S9", "stage": "first", "offer": "O2"}])
    assert found["rows_not_judged"] == 1
    assert [issue["code"] for issue in found["issues"] if issue["level"] == "set_aside"] == ["V702"]


def test_what_is_no_plan_is_refused(team: TestClient) -> None:
    plans: list[Any] = [
        [{"a": 1}],
        {"Plan": []},
        {"schema_version": 1, "matches": [{"offer": 1}]},
        {"schema_version": 9, "matches": []},
    ]
    for plan in plans:
        answer = team.post("/v1/checks", json={"sheets": sheets(), "plan": plan})
        assert answer.json()["code"] == "input_unusable", answer.text
        refused(answer)
    assert "no file plan" in refused(team.post("/v1/checks", files={"workbook": ("w.xlsx", b"PK")}))
