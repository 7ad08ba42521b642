"""Replies of agencies: typed on the page or read from a file, looked at, accepted into the log or refused."""

from datetime import date
from typing import Any

import pytest

from allocator.report.layout import HEADER_ROW
from tests.api.outside import TEAM, A, B, Outside, typed
from tests.api.routes.helping import refused
from tests.report.looking import opened

FORM, UNUSED = "Reply form", "Unused places"
REPLY = "/v1/shared/RUN/agency/reply"
FIRST = HEADER_ROW + 1
PE = "no PE"


def send(there: Outside, who: str, *rows: dict[str, Any]) -> Any:
    return there.answer(who, "POST", REPLY, 201, json={"rows": list(rows)})


def says(looked: dict[str, Any]) -> list[str]:
    return [one["says"] for one in looked["proposals"]]


def test_the_way_of_a_reply(there: Outside) -> None:
    """B's student and A's first are answered; what is accepted stands in the log and in the sheet Published."""
    assert there.answer(TEAM, "GET", "/v1/rounds/ROUND/replies")["waited_for"] == ["A", "B"]
    send(there, B, typed(FORM, FIRST, outcome="yes", pe="PE3", supervisor="TL"), typed(UNUSED, FIRST, stays="no"))
    send(there, A, typed(FORM, FIRST, outcome="no", reason="no PE"))
    run, looked = there.looked()
    # B: the agency accepts, the step that it was sent, PE and supervisor, one unused place of two; A: no.
    assert says(looked) == [
        "S3/first at O3: yes: the agency was to be asked, and accepts", "S3/first at O3: yes: sent_to_agency",
        "S3/first at O3: PE named: PE3", "S3/first at O3: supervisor named: TL",
        "O3: 1 unused place of 2 withdrawn", "S1/first at O1: no (no PE)",
    ]  # fmt: skip
    # By itself each harms nobody: S1 takes the second place of O3. With that withdrawn, nobody's place is left for S1.
    assert all(one["harmless"] for one in looked["proposals"])
    assert looked["together"] == [1, 2, 3, 4, 5]
    assert looked["left"] == {"6": ["S1/first has no place"]}
    body = {"run": run, "proposals": looked["together"], "by": "LM"}
    taken = there.answer(TEAM, "POST", "/v1/rounds/ROUND/replies/accept", 201, json=body, headers=there.seen())
    assert (taken["accepted"], taken["refused"]) == ([1, 2, 3, 4, 5], [])
    log = there.answer(TEAM, "GET", "/v1/rounds/ROUND/decisions")["entries"]
    assert [entry["row"]["decision"] for entry in log] == ["agency_decision", "name_pe", "name_supervisor"]
    assert {entry["row"]["by"] for entry in log} == {"LM"}
    there_now = there.answer(TEAM, "GET", "/v1/rounds/ROUND/replies")
    assert (there_now["waited_for"], there_now["look_holds"]) == ([], False)
    # The data in force have the step and the place less; what was accepted is not asked for again.
    sheets = there.answer(TEAM, "GET", "/v1/rounds/ROUND/workbook")
    assert [row["capacity"] for row in sheets["Offers"] if row["offer"] == "O3"] == [1]
    assert [row["status"] for row in sheets["Published"] if row["request"] == "S3/first"] == ["sent_to_agency"]
    assert says(there.looked()[1]) == ["S1/first at O1: no (no PE)"]


def test_the_agency_sees_what_became_of_its_own_rows_alone(there: Outside) -> None:
    send(there, B, typed(FORM, FIRST, outcome="yes"))
    send(there, A, typed(FORM, FIRST, outcome="no", reason=PE), typed(FORM, FIRST + 1, outcome="no", reason=PE))
    run, looked = there.looked()
    yes, no, other = (n for n, words in enumerate(says(looked), 1) if "sent_to" not in words)
    there.answer(TEAM, "POST", "/v1/rounds/ROUND/replies/accept", 201, headers=there.seen(),
                 json={"run": run, "proposals": [yes], "by": "LM"})  # fmt: skip
    refusal = {"run": run, "proposals": [no, other], "reason": "agreed otherwise"}
    there.answer(TEAM, "POST", "/v1/rounds/ROUND/replies/refuse", json=refusal)
    [mine] = there.answer(B, "GET", REPLY)["sent"]
    assert (mine["by"], mine["stands"]) == (B, True)
    assert [(row["place"], row["student"], row["state"]) for row in mine["rows"]] == [("O3", "S3", "accepted")]
    answer = there.ask(A, "GET", REPLY)
    assert "/first" not in answer.text  # the id of a request tells of attempts
    assert [(r["state"], r["reasons"]) for r in answer.json()["sent"][0]["rows"]] == [("refused", ["agreed otherwise"])] * 2  # fmt: skip


def test_a_file_is_read_as_what_is_typed_and_of_both_only_one_counts(there: Outside, tmp_path: Any) -> None:
    data = there.ask(B, "GET", "/v1/shared/RUN/agency/form").content
    path = tmp_path / "B.xlsx"
    path.write_bytes(data)
    book = opened(path)
    headings = {cell.value: cell.column or 0 for cell in book[FORM][HEADER_ROW]}
    book[FORM].cell(FIRST, headings["Outcome: yes or no"]).value = "yes"
    book[FORM].cell(FIRST, headings["Pre-placement meeting on"]).value = date(2026, 12, 3)
    book.save(path)
    files = [("form", (name, path.read_bytes())) for name in ("B.xlsx", "B.xlsx")]
    came = there.answer(TEAM, "POST", "/v1/rounds/ROUND/replies", 201, files=files)["replies"]
    assert [(r["name"], r["agency"], r["answered"], r["issues"]) for r in came] == [("B.xlsx", "B", 1, []), ("B (2).xlsx", "B", 1, [])]  # fmt: skip
    send(there, B, typed(FORM, FIRST, outcome="yes", meeting="2026-12-03"))
    looked = there.looked()[1]
    assert len(says(looked)) == 2  # of the first: the agency accepts, and sent with the day
    twice = [form["said"] for form in looked["forms"][1:]]
    assert all("It came twice, with the same answers as B.xlsx: it was read once." in said for said in twice)


def test_of_the_page_the_last_reply_counts_and_one_may_be_set_aside(there: Outside) -> None:
    send(there, A, typed(FORM, FIRST, outcome="no", reason=PE))
    send(there, A, typed(FORM, FIRST + 1, outcome="no", reason=PE))
    assert says(there.looked()[1]) == ["S2/first at O2: no (no PE)"]
    body = {"replies": [2], "reason": "sent by mistake"}
    found = there.answer(TEAM, "POST", "/v1/rounds/ROUND/replies/refuse", json=body)
    assert [reply["stands"] for reply in found["replies"]] == [False, False]
    assert "no reply to look at" in refused(there.ask(TEAM, "POST", "/v1/rounds/ROUND/replies/look", json={}), 409)
    last, first = there.answer(A, "GET", REPLY)["sent"]
    assert (last["reason"], first["reason"], last["stands"]) == ("sent by mistake", None, False)


def test_what_cannot_be_read_is_not_sent_and_all_of_it_is_named(there: Outside) -> None:
    rows = [
        typed(FORM, FIRST, outcome="perhaps", meeting="soon"), typed(FORM, FIRST + 1, outcome="yes", reason="no PE"),
    ]  # fmt: skip
    answer = there.ask(A, "POST", REPLY, json={"rows": rows})
    refused(answer)
    found = [(issue["row"], issue["column"]) for issue in answer.json()["issues"]]
    meeting, outcome = "Pre-placement meeting on", "Outcome: yes or no"
    assert sorted(found) == [(FIRST, outcome), (FIRST, meeting), (FIRST + 1, outcome)]
    assert "Nothing is filled in" in refused(there.ask(A, "POST", REPLY, json={"rows": []}))
    assert there.answer(A, "GET", REPLY)["sent"] == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (typed(FORM, FIRST + 2, outcome="yes"), "has no row"),
        (typed(FORM, FIRST - 1, outcome="yes"), "has no row"),
        (typed("Days in your teams", FIRST, outcome="yes"), "has no row"),
        (typed(UNUSED, FIRST, stays="yes"), "has no row"),
        (typed(FORM, FIRST, stays="yes"), "is not to be filled in. Allowed: Outcome: yes or no"),
    ],
)
def test_a_row_that_the_form_does_not_have(there: Outside, row: dict[str, Any], words: str) -> None:
    """A has two students, and no place that is not used."""
    for method in ("PUT", "POST"):
        assert words in refused(there.ask(A, method, REPLY, json={"rows": [row]}))


def test_a_draft_is_kept_until_it_is_sent_and_names_nobody(there: Outside) -> None:
    draft = [typed(FORM, FIRST, outcome="maybe", supervisor="Jane Smith", pe="jane@example.org")]
    kept = there.answer(A, "PUT", REPLY, json={"rows": draft})
    assert kept["rows"] == [typed(FORM, FIRST, outcome="maybe", supervisor="JS")]
    assert {issue["column"] for issue in kept["problems"]} == {"Outcome: yes or no", "PE you name (their reference)"}
    found = there.ask(A, "GET", REPLY)
    assert (found.json()["draft"]["saved_by"], found.json()["draft"]["rows"]) == (A, kept["rows"])
    assert not any(word in found.text for word in ("Jane", "example.org"))
    assert there.answer(B, "GET", REPLY)["draft"] is None
    send(there, A, typed(FORM, FIRST, outcome="yes"))
    assert there.answer(A, "GET", REPLY)["draft"] is None


def test_accepting_holds_against_others_and_against_itself(there: Outside) -> None:
    send(there, A, typed(FORM, FIRST, outcome="no", reason=PE))
    run, path = there.looked()[0], "/v1/rounds/ROUND/replies/accept"
    body = {"run": run, "proposals": [1], "by": "LM"}
    refused(there.ask(TEAM, "POST", path, json=body), 428)
    refused(there.ask(TEAM, "POST", path, json=body, headers={"If-Match": '"1"'}), 412)
    unknown = there.ask(TEAM, "POST", path, json=body | {"proposals": [7]}, headers=there.seen())
    assert "proposes nothing of number 7" in refused(unknown)
    refused(there.ask(TEAM, "POST", path, json=body | {"run": there.run}, headers=there.seen()), 404)
    there.answer(TEAM, "POST", path, 201, json=body, headers=there.seen())
    assert "look at them anew" in refused(there.ask(TEAM, "POST", path, json=body, headers=there.seen()), 409)


def test_what_is_refused_is_not_decided_on_again(there: Outside) -> None:
    send(there, A, typed(FORM, FIRST, outcome="no", reason=PE))
    body = {"run": there.looked()[0], "proposals": [1], "reason": "agreed otherwise"}
    found = there.answer(TEAM, "POST", "/v1/rounds/ROUND/replies/refuse", json=body)
    assert found["look_holds"]
    assert [(a["says"], a["accepted"], a["reason"]) for a in found["answers"]] == [
        ("S1/first at O1: no (no PE)", False, "agreed otherwise")
    ]
    assert "Already accepted or refused" in refused(there.ask(TEAM, "POST", "/v1/rounds/ROUND/replies/refuse", json=body), 409)  # fmt: skip
    assert says(there.looked()[1]) == []
