"""Plans to be judged: ours, and sheets made by hand."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.intake import Reading
from allocator.settling import read_plan
from models.errors import InputUnusableError, Issue
from models.plan import Match, Plan
from tests.reading.sheets import FULL, of_code, reading, sheets, write_rows


def judged(path: Path, found: Reading) -> tuple[Plan, tuple[Issue, ...]]:
    return read_plan(path, found.dataset, found.policy)


def by_hand(tmp_path: Path, *rows: dict[str, Any], **others: Any) -> tuple[Plan, tuple[Issue, ...]]:
    path = tmp_path / "plan.xlsx"
    write_rows(path, {"Read me": [{"text": "ours"}], "Plan": rows})
    return judged(path, reading(**others))


def test_our_own_plan(tmp_path: Path) -> None:
    found = reading()
    plan = Plan(dataset_digest=found.dataset.digest, policy=found.policy, policy_digest=found.policy.digest, seed=1,
                matches=(Match(request="S1/first", offer="O1", pe="PE1"),))  # fmt: skip
    path = tmp_path / "plan.json"
    path.write_text(plan.model_dump_json())
    assert judged(path, found) == (plan, ())
    other = reading(Students=FULL["Students"][:2])
    assert of_code(judged(path, other)[1], "V704").level == "warning"


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv", "plan.json"])
def test_made_by_hand_in_any_form(tmp_path: Path, name: str) -> None:
    rows = [{"student": "S1", "stage": "first", "offer": "O2", "PE": "TBC PEPS1", "start": "2027-01-11"}]
    path = tmp_path / name
    if path.suffix == ".xlsx":
        write_rows(path, {"Matches": rows})
    elif path.suffix == ".json":
        path.write_text(json.dumps({"Plan": rows}))
    else:
        path.write_text("student,stage,offer,PE,start\nS1,first,O2,TBC PEPS1,2027-01-11\n")
    plan, _ = judged(path, reading())
    assert plan.matches == (Match(request="S1/first", offer="O2", pe="TBC PEPS1@O2", start=date(2027, 1, 11)),)


@pytest.mark.parametrize(
    ("row", "request_id"),
    [
        ({"request": "s2/FINAL", "offer": "O3"}, "S2/final"),
        ({"student": "S2", "stage": "final", "offer": "O3"}, "S2/final"),
        ({"student": "S3", "offer": "O3"}, "S3/final"),
    ],
)
def test_requests_named_in_three_ways(tmp_path: Path, row: dict[str, Any], request_id: str) -> None:
    assert by_hand(tmp_path, row)[0].matches == (Match(request=request_id, offer="O3"),)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"request": "S11/first", "offer": "O1"}, "Did you mean 'S1/first'?"),
        ({"student": "S11", "offer": "O1"}, "the student is not on the input"),
        ({"student": "S2", "offer": "O1"}, "several requests"),
        ({"student": "S1", "stage": "final", "offer": "O1"}, "no such request"),
        ({"student": None, "offer": "O1"}, "names no request and no student"),
        ({"request": "S1/first", "offer": "O9"}, "'O9' is not an offer"),
        ({"request": "S1/first", "agency": "Z"}, "'Z' is not an agency"),
        ({"request": "S1/first", "agency": "A", "team": "Z"}, "'Z' is not a team of A with offers"),
        ({"request": "S1/first", "agency": "C"}, "C has no offers"),
        ({"request": "S1/first", "offer": "O1", "agency": "B"}, "the offer O1 is at A, X, and the row says B"),
        (
            {"request": "S1/first", "offer": "O1", "agency": "A", "team": "Z"},
            "and the row says A, Z: put one of them right",
        ),
        ({"request": "S1/first", "offer": "O1", "agency": "Nowhere"}, "and the row says Nowhere"),
        ({"request": "S1/first", "student": "S2", "offer": "O1"}, "the request is of S1, and the row says 'S2'"),
        ({"request": "S1/first", "stage": "final", "offer": "O1"}, "the request is a first, and the row says final"),
        ({"request": "S1/first", "offer": "O1", "status": "perhaps"}, "V202"),
    ],
)
def test_rows_that_cannot_be_judged(tmp_path: Path, row: dict[str, Any], words: str) -> None:
    plan, found = by_hand(tmp_path, {"request": None, "offer": None} | row)
    assert plan.matches == ()
    assert any(words in f"{i.code} {i.message}" and i.level == "set_aside" for i in found)


def test_which_offer_of_a_team_is_meant_is_asked_and_said_once_a_team(tmp_path: Path) -> None:
    offers = [{"offer": o, "agency": "A", "team": "X"} for o in ("O10", "O9")]
    rows = [{"request": r, "agency": "A", "team": "x"} for r in ("S1/first", "S2/first")]
    path = tmp_path / "plan.xlsx"
    write_rows(path, {"Plan": [*rows, {"request": "S3/final", "offer": "O9"}]})
    found = reading(Offers=offers)
    asked: list[Any] = []

    def last_of_each(clear: Sequence[Match], several: Sequence[Sequence[Match]]) -> Sequence[Match]:
        asked.append(([m.request for m in clear], [[m.offer for m in options] for options in several]))
        return [options[-1] for options in several]

    plan, issues = read_plan(path, found.dataset, found.policy, last_of_each)
    assert asked == [(["S3/final"], [["O9", "O10"], ["O9", "O10"]])]
    assert [(m.request, m.offer) for m in plan.matches] == [
        ("S1/first", "O10"),
        ("S2/first", "O10"),
        ("S3/final", "O9"),
    ]
    issue = of_code(issues, "V703")
    assert "O10 for S1/first, O10 for S2/first" in issue.message


def test_stage_and_tranche_narrow_the_offers_of_a_team(tmp_path: Path) -> None:
    # Team X offers O1 in T1 and O3 in T2; S2/final is in T2.
    plan, found = by_hand(tmp_path, {"request": "S2/final", "agency": "A", "team": "X"})
    assert (plan.matches[0].offer, found) == ("O3", ())


def test_educators_as_typed(tmp_path: Path) -> None:
    for typed, meant in (
        ("pe1", "PE1"),
        ("TBC", "TBC@O1"),
        ("own peps1", "own PEPS1@O1"),
        ("PE Needed", "PE needed"),
        ("TBC@O1", "TBC@O1"),
    ):
        assert by_hand(tmp_path, {"request": "S1/first", "offer": "O1", "pe": typed})[0].matches[0].pe == meant
    plan, found = by_hand(tmp_path, {"request": "S1/first", "offer": "O1", "pe": "PE7"})
    assert (plan.matches[0].pe, of_code(found, "V303").level) == ("PE7", "warning")


def test_problems_are_of_the_sheet_as_the_file_names_it(tmp_path: Path) -> None:
    # A report's own sheet; one that a person named; a CSV, whose sheet is its file.
    rows = [{"request": "S9/first", "offer": "O1"}, {"request": "S1/first", "offer": "O1", "pe": "PE7"}]
    for name in ("Students", "Matches of May"):
        path = tmp_path / "mine.xlsx"
        write_rows(path, {name: rows})
        assert {(i.code, i.sheet) for i in judged(path, reading())[1]} == {("V702", name), ("V303", name)}
    path = tmp_path / "plan of may.csv"
    path.write_text("request,offer\nS9/first,O1\n")
    assert {i.sheet for i in judged(path, reading())[1]} == {"plan of may"}
    path.write_text("request,request,offer\nS1/first,S1/first,O1\n")
    with pytest.raises(InputUnusableError) as caught:
        judged(path, reading())
    assert {i.sheet for i in caught.value.issues} == {"plan of may"}


def test_rows_without_an_offer_are_unplaced_requests(tmp_path: Path) -> None:
    plan, found = by_hand(tmp_path, {"request": "S1/first", "offer": None}, {"request": "S2/first", "offer": "O2"})
    assert ([m.request for m in plan.matches], found) == (["S2/first"], ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.json", '{"matches": [{"request": 3}], "schema_version": 1}'),
        ("plan.json", '{"matches": [], "schema_version": 2}'),
        ("plan.csv", "colour,size\nred,big\n"),
        ("plan.csv", "student,stage\nS1,first\n"),
    ],
)
def test_what_is_no_plan(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    found = reading()
    with pytest.raises(InputUnusableError) as caught:
        judged(path, found)
    assert caught.value.issues[0].code == "V701"


def test_the_input_workbook_is_no_plan_by_accident(tmp_path: Path) -> None:
    path = tmp_path / "input.xlsx"
    write_rows(path, sheets())
    plan, _ = judged(path, reading())
    # Its Published sheet has requests and offers, so that is what is judged.
    assert plan.matches == (Match(request="S3/final", offer="O1", pe="PE1"),)


def test_an_unknown_status_of_a_plan_is_refused(tmp_path: Path) -> None:
    found = reading()
    plan = Plan(dataset_digest=found.dataset.digest, policy=found.policy, policy_digest=found.policy.digest, seed=1,
                matches=(Match(request="S1/first", offer="O1", status="proposed"),))  # fmt: skip
    path = tmp_path / "plan.json"
    path.write_text(plan.model_dump_json().replace('"proposed"', '"perhaps"'))
    with pytest.raises(InputUnusableError, match="status: Input should be 'proposed', 'sent_to_agency'"):
        judged(path, found)
