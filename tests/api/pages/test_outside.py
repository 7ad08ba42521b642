"""Pages of what leaves the team and of what comes in: an agency's form, replies, a results day, sharing."""

import re
from typing import Any

import pytest

from allocator.report.layout import HEADER_ROW
from tests.api.outside import TEAM, A, B, Outside, typed

FIRST = HEADER_ROW + 1
OUTCOME, REASON, MEETING, PE, SUPERVISOR, GONE = (f"f0.{FIRST}.{column}" for column in range(6))
"""Fields of the first row of the form, in the order of its columns."""
REPLIES, RESULTS, SHARE = (f"/rounds/ROUND/{name}" for name in ("replies", "results-day", "share"))
LIST = "student,readiness\nS1,failed\nS2,maybe\n"


def text(there: Outside, who: str, path: str, status: int = 200, **form: Any) -> str:
    """A page as it is read, without its tags."""
    found = there.ask(who, "POST" if form else "GET", path, data=form) if form else there.ask(who, "GET", path)
    assert found.status_code == status, found.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found.text))


def sent(there: Outside, who: str, path: str, **form: Any) -> str:
    """Where a form leads that was taken."""
    found = there.ask(who, "POST", path, data=form)
    assert found.status_code == 303, found.text
    return str(found.headers["location"])


def field(page: str, name: str) -> str:
    """The tag of a field."""
    return re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)[0]  # type: ignore[index]


def test_an_agency_begins_with_what_it_is_asked_for(there: Outside) -> None:
    page = text(there, B, f"/agency?run={there.run}")
    assert "Say yes or no to 1 student." in page
    assert "Name a PE for this student." in page
    assert "Say whether 1 place that this version does not use stays open." in page
    assert "Student S3 at place O3" in page
    assert "S1" not in page


def test_several_plans_are_a_list_and_none_is_said(there: Outside, outside: Outside) -> None:
    assert there.round != outside.round
    page = there.ask(A, "GET", "/agency").text
    assert {there.run, outside.run} <= set(re.findall(r"/agency\?run=(\w+)", page))
    there.ask(TEAM, "DELETE", "/v1/runs/RUN/shared")
    assert there.ask(A, "GET", f"/agency?run={there.run}").status_code == 404


def test_a_reply_is_kept_as_a_draft_and_sent(there: Outside) -> None:
    form = {"run": there.run, OUTCOME: "yes", MEETING: "2026-12-03"}
    assert sent(there, B, "/agency", do="keep", **form) == f"/agency?run={there.run}&done=draft-kept"
    page = there.ask(B, "GET", f"/agency?run={there.run}").text
    assert "not sent yet" in page
    assert 'type="date"' in field(page, MEETING)
    assert "2026-12-03" in field(page, MEETING)
    assert sent(there, B, "/agency", do="send", **form).endswith("done=reply-sent")
    [reply] = there.answer(TEAM, "GET", "/v1/rounds/ROUND/replies")["replies"]
    assert (reply["agency"], reply["run"], reply["answered"]) == ("B", there.run, 1)
    assert "received, nothing decided on it" in text(there, B, f"/agency?run={there.run}")


@pytest.mark.parametrize("do", ["keep", "send"])
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(there: Outside, do: str) -> None:
    form = {"run": there.run, "do": do, OUTCOME: "yes", MEETING: "some time soon", SUPERVISOR: "TL"}
    answer = there.ask(B, "POST", "/agency", data=form)
    assert answer.status_code == 422
    wrong = field(answer.text, MEETING)
    assert 'value="some time soon"' in wrong
    assert 'aria-invalid="true"' in wrong
    described = re.search(r'aria-describedby="([^"]*)"', wrong)[1].split()  # type: ignore[index]
    beside = re.search(rf'id="{described[-1]}">([^<]*)<', answer.text)[1]  # type: ignore[index]
    assert "is not a date" in beside
    assert 'value="TL"' in field(answer.text, SUPERVISOR)
    assert (there.answer(B, "GET", "/v1/shared/RUN/agency/reply")["draft"] is not None) == (do == "keep")


def test_nothing_that_is_no_field_of_the_form_is_used(there: Outside) -> None:
    form = {"run": there.run, "do": "keep", "f9.5.0": "yes", f"f0.{FIRST + 9}.0": "yes", "f0.1.77": "x", "what": "else"}
    sent(there, B, "/agency", **form)
    assert there.answer(B, "GET", "/v1/shared/RUN/agency/reply")["draft"]["rows"] == []


def test_replies_are_looked_at_refused_and_accepted(there: Outside) -> None:
    assert "No reply has come yet." in text(there, TEAM, REPLIES)
    body = {"rows": [typed("Reply form", row, outcome="no") for row in (FIRST, FIRST + 1)]}
    there.answer(A, "POST", "/v1/shared/RUN/agency/reply", 201, json=body)
    assert "Nobody has looked at these replies yet." in text(there, TEAM, REPLIES)
    assert sent(there, TEAM, REPLIES, do="look").endswith("done=replies-looked-at")
    assert "being looked at" in text(there, TEAM, REPLIES)
    run = there.done(there.answer(TEAM, "GET", "/v1/rounds/ROUND/replies")["look"])
    page = text(there, TEAM, REPLIES)
    assert "S1/first at O1: no, without a reason code" in page
    assert "2 proposals" in page
    version = there.seen()["If-Match"].strip('"')
    form = {"run": run, "version": version, "do": "accept", "proposal": "2"}
    page = text(there, TEAM, REPLIES, 422, **form)
    assert "Say who accepts" in page
    refusing = sent(there, TEAM, REPLIES, run=run, do="refuse", proposal="1", reason="agreed otherwise")
    assert refusing.endswith("done=replies-refused")
    assert "1 proposal " in text(there, TEAM, REPLIES)
    old = {**form, "version": "1", "by": "LM"}
    assert "Nothing was changed" in text(there, TEAM, REPLIES, 412, **old)
    assert sent(there, TEAM, REPLIES, **form, by="LM").endswith("done=replies-accepted")
    rows = [e["row"] for e in there.answer(TEAM, "GET", "/v1/rounds/ROUND/decisions")["entries"]]
    assert [(row["decision"], row["request"], row["by"]) for row in rows] == [("declined", "S2/first", "LM")]
    page = text(there, A, f"/agency?run={there.run}")
    assert "refused" in page
    assert "agreed otherwise" in page
    assert "accepted" in page


def test_forms_are_read_in(there: Outside) -> None:
    data = there.ask(B, "GET", "/v1/shared/RUN/agency/form").content
    files = [("form", ("B.xlsx", data)), ("form", ("no form.xlsx", b"PK nothing"))]
    answer = there.ask(TEAM, "POST", REPLIES, data={"do": "read"}, files=files)
    assert answer.headers["location"].endswith("done=forms-read")
    page = text(there, TEAM, REPLIES)
    assert "B.xlsx" in page
    assert "not known" in page  # whose the other one is
    assert "No file was chosen" in text(there, TEAM, REPLIES, 422, do="read")


def test_a_list_of_results_is_looked_at_and_entered(there: Outside) -> None:
    page = there.ask(TEAM, "POST", RESULTS, data={"do": "look", "text": LIST})
    assert "list, row 3: &#39;maybe&#39; is not a word for readiness" in page.text
    assert "Enter 1 new result" in page.text
    assert LIST in page.text  # it stays in the field
    run, of = (re.search(rf'name="{name}" value="(\w+)"', page.text)[1] for name in ("run", "of"))  # type: ignore[index]
    there.done(run)
    again = text(there, TEAM, RESULTS, do="look", text=LIST, run=run, of=of)
    assert "S1/first: no longer placed" in again
    version = there.seen()["If-Match"].strip('"')
    assert "Nothing was changed" in text(there, TEAM, RESULTS, 412, do="enter", text=LIST, version="1")
    assert sent(there, TEAM, RESULTS, do="enter", text=LIST, version=version).endswith("done=results-entered")
    assert "There is no list." in text(there, TEAM, RESULTS, 422, do="look", text=" ")


def test_a_list_as_a_file_becomes_text_that_can_be_entered(there: Outside) -> None:
    file = ("list", ("list.csv", LIST.encode()))
    page = there.ask(TEAM, "POST", RESULTS, data={"do": "look", "text": ""}, files=[file])
    assert LIST in page.text


def test_a_plan_is_shared_and_taken_back(there: Outside) -> None:
    page = text(there, TEAM, SHARE)
    assert "The newest plan is shared" in page
    assert "agency-b agency B" in page
    assert sent(there, TEAM, SHARE, run=there.run, do="back").endswith("done=shared-no-more")
    assert "No plan of this round is shared." in text(there, TEAM, SHARE)
    assert sent(there, TEAM, SHARE, run=there.run, do="share").endswith("done=shared")


def test_a_run_of_another_round_is_not_shared_here(there: Outside, outside: Outside) -> None:
    assert "no such run" in text(there, TEAM, SHARE, 404, run=outside.run, do="back")
    assert outside.answer(TEAM, "GET", "/v1/rounds/ROUND/sharing")["run"] == outside.run


def test_accounts_readiness_and_replies_of_others_are_not_on_a_projector(there: Outside) -> None:
    for path in (SHARE, RESULTS, REPLIES):
        answer = there.ask(TEAM, "GET", path, headers={"cookie": "placements-meeting=on"})
        assert answer.status_code == 403
        assert "It is not shown in the meeting view." in answer.text
        assert not any(word in answer.text for word in ("agency-b", "<textarea", "No reply has come"))
