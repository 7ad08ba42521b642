"""A results day in a round: the list read, its effect, entered as cells that are typed."""

from typing import Any

import pytest

from tests.api.outside import TEAM, A, Outside
from tests.api.routes.helping import refused

PATH = "/v1/rounds/ROUND/results-day"
LIST = "student,readiness,clearance\nS1,failed,passed\nS2,maybe,\nS9,passed,\n"


def test_a_list_is_read_and_nothing_is_kept(there: Outside) -> None:
    before = there.seen()
    found = there.answer(TEAM, "POST", f"{PATH}/effect", json={"text": LIST})
    assert [(r["student"], r["column"], r["after"]) for r in found["results"]] == [("S1", "readiness", "failed")]
    assert found["as_before"] == 1  # S1 was cleared already
    assert [issue["found"] for issue in found["issues"]] == ["maybe"]
    assert "there is no student 'S9'" in found["set_aside"][0]
    assert (found["not_listed"], found["run"]) == ([], None)  # nobody's result is pending
    assert found["text"].splitlines()[1] == "S1,failed,passed"
    assert there.seen() == before


def test_its_effect_is_a_run(there: Outside) -> None:
    found = there.answer(TEAM, "POST", f"{PATH}/effect", json={"text": LIST, "plan": True})
    effect = there.answer(TEAM, "GET", f"/v1/runs/{there.done(found['run'])}/results-day")
    assert effect["effect"]["proved"]
    # The match of S1 is a proposal still, which protects nobody who failed.
    assert [(c["request"], c["kind"]) for c in effect["effect"]["comparison"]["requests"]] == [("S1/first", "newly_unplaced")]  # fmt: skip
    assert effect["kept_though_failed"] == []


def test_it_is_entered_once_and_the_round_has_it(there: Outside) -> None:
    refused(there.ask(TEAM, "POST", PATH, json={"text": LIST}), 428)
    refused(there.ask(TEAM, "POST", PATH, json={"text": LIST}, headers={"If-Match": '"1"'}), 412)
    there.answer(TEAM, "POST", PATH, 201, json={"text": LIST}, headers=there.seen())
    again = there.answer(TEAM, "POST", f"{PATH}/effect", json={"text": LIST, "plan": True})
    assert (again["results"], again["as_before"], again["run"]) == ([], 2, None)
    assert "says nothing" in refused(there.ask(TEAM, "POST", PATH, json={"text": LIST}, headers=there.seen()), 409)
    sheets = there.answer(TEAM, "GET", "/v1/rounds/ROUND/workbook")
    assert [row["readiness"] for row in sheets["Students"] if row["student"] == "S1"] == ["failed"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,place\nx,y\n", "list.csv needs the columns student, and readiness or clearance"),
        ("student,readiness\nJane Smith,passed\n", "looks like the name of a person"),
    ],
)
def test_what_is_no_list(there: Outside, text: str, words: str) -> None:
    answer = there.ask(TEAM, "POST", f"{PATH}/effect", json={"text": text})
    assert words in refused(answer)
    assert not any(secret in answer.text for secret in ("/tmp", "Jane"))


def test_pending_and_not_listed(there: Outside) -> None:
    """S2's clearance is pending from now on, and a list that is about S1 alone says so."""
    there.answer(TEAM, "POST", PATH, 201, json={"text": "student,clearance\nS2,pending\n"}, headers=there.seen())
    found = there.answer(TEAM, "POST", f"{PATH}/effect", json={"text": "student,clearance\nS1,passed\n"})
    assert found["not_listed"] == ["S2"]


def test_who_is_told_what_of_sharing(there: Outside) -> None:
    found: Any = there.answer(TEAM, "GET", "/v1/rounds/ROUND/sharing")
    assert (found["run"], found["newest"], found["note"], found["without_account"]) == (there.run, there.run, None, [])
    assert {(m["login"], m["agency"]) for m in found["members"]} == {("team", None), (A, "A"), ("agency-b", "B")}
    there.ask(TEAM, "DELETE", "/v1/runs/RUN/shared")
    assert there.answer(TEAM, "GET", "/v1/rounds/ROUND/sharing")["run"] is None
