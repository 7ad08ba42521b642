"""A placement that ends early: the decision is what rows typed on Published, History and Requests would be."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from models.dataset import Dataset
from models.errors import Issue
from tests.reading.sheets import FULL, TODAY, reading, sheets
from tests.settling.decided import kinds

END: dict[str, Any] = {
    "decision": "end_early", "request": "S3/final", "value": 40, "effective": "2026-11-20", "by": "AB",
}  # fmt: skip
STARTED = {"request": "S3/final", "offer": "O1", "pe": "PE1", "status": "started", "start": "2026-09-07"}


def read(*rows: dict[str, Any], match: dict[str, Any] = STARTED, **others: Any) -> tuple[Dataset, tuple[Issue, ...]]:
    found = reading(Decisions=list(rows), Published=[match], **others)
    return found.dataset, found.issues


def codes(issues: tuple[Issue, ...]) -> list[str]:
    return sorted(i.code for i in issues if i.sheet == "Decisions")


def typed(match: dict[str, Any], days: int, request: dict[str, Any], **others: Any) -> Dataset:
    """The same as rows of the three sheets."""
    place = {"agency": "A", "team": "X", "areas": "adults", "statutory_regulator": "yes", "statutory_dfe": "yes"}
    had = {"student": "S3", "stage": "final", "start": match.get("start"), "pe": "PE1", "setting": "authority"}
    history = [*FULL["History"], had | place | {"outcome": "ended_early", "days_credited": days}]
    requests = [*others.pop("Requests", FULL["Requests"]), request]
    return read(match=match, History=history, Requests=requests, **others)[0]


def same(one: Dataset, other: Dataset) -> bool:
    return one.model_copy(update={"decisions": (), "issues": ()}) == other.model_copy(update={"issues": ()})


def test_it_is_what_the_rows_would_be() -> None:
    dataset, issues = read(END)
    by_hand = typed(
        STARTED | {"status": "ended_early", "end": "2026-11-20"}, 40, {"student": "S3", "stage": "final", "attempt": 2}
    )
    assert same(dataset, by_hand)
    assert kinds(dataset) == ["end_early"]
    assert codes(issues) == []
    # 100 days of a final, 40 of them done
    rest = dataset.request_by_id["S3/final/2"]
    assert (rest.days, rest.repeat, rest.tranche) == (60, True, "T1")
    assert "S3/final" not in dataset.request_by_id
    [match] = dataset.published
    assert (match.standing, match.status, str(match.end)) == ("over", "ended_early", "2026-11-20")


def test_the_rest_keeps_what_was_asked_for_the_whole() -> None:
    own = {"student": "S3", "stage": "final", "tranche": "T1", "days_a_week": "3-4", "locked_agencies": "B", "days": 90}
    dataset, _ = read(END, Requests=[*FULL["Requests"], own])
    rest = dataset.request_by_id["S3/final/2"]
    assert (float(rest.days_a_week_least), float(rest.days_a_week_most), rest.locked_agencies) == (3, 4, ("B",))
    assert rest.days == 60  # of the policy's days, as it is for any later attempt


def test_an_attempt_that_is_asked_for_already_is_not_asked_for_twice() -> None:
    second = {"student": "S3", "stage": "final", "attempt": 2, "days": 55}
    dataset, _ = read(END, Requests=[*FULL["Requests"], second])
    assert dataset.request_by_id["S3/final/2"].days == 55


@pytest.mark.parametrize("absent", [("History",), ("Requests",), ("History", "Requests")])
def test_sheets_that_are_not_there_are_no_reason_to_forget_it(absent: tuple[str, ...]) -> None:
    given = {name: rows for name, rows in sheets(Decisions=[END], Published=[STARTED]).items() if name not in absent}
    dataset = read_sheets(given, today=TODAY).dataset
    assert (dataset.request_by_id["S3/final/2"].days, "S3/final" in dataset.request_by_id) == (60, False)
    assert [(h.stage, h.outcome, h.days_credited) for h in dataset.history if h.stage == "final"] == [
        ("final", "ended_early", 40)
    ]


def test_the_student_alone_may_be_named_and_the_day_left_blank() -> None:
    dataset, _ = read(END | {"request": "s3", "effective": None})
    assert (str(dataset.published[0].end), str(dataset.decisions[0].effective)) == ("2026-11-21", "2026-11-21")


def test_of_two_rows_the_later_one_stands_and_the_other_is_named() -> None:
    early, late = END | {"on": "2026-11-18", "value": 20}, END | {"on": "2026-11-20", "id": "D9"}
    for rows in ((early, late), (late, early)):
        dataset, issues = read(*rows)
        assert [d.value for d in dataset.decisions] == ["40"]
        [said] = [i for i in issues if i.sheet == "Decisions"]
        assert (said.code, "ended by D9 (end_early S3/final)" in said.message) == ("V513", True)


def test_a_last_day_that_cannot_be_read_is_not_today() -> None:
    dataset, issues = read(END | {"effective": "31/02/2026"})
    assert kinds(dataset) == []
    assert "V503" in codes(issues)


@pytest.mark.parametrize("typed_days", [40, "40", 40.0, " 40 "])
def test_days_are_a_whole_number_however_typed(typed_days: Any) -> None:
    dataset, _ = read(END | {"value": typed_days})
    assert [d.value for d in dataset.decisions] == ["40"]


def test_undone_it_changes_nothing() -> None:
    undo = {"decision": "undo", "id": "D2", "value": "D1", "by": "AB"}
    assert same(read(END | {"id": "D1"}, undo)[0], read()[0])


@pytest.mark.parametrize(
    ("row", "match", "code"),
    [
        ({}, {"status": "confirmed"}, "V513"),  # has not started
        ({"request": "S1/first"}, {}, "V513"),  # is not published
        ({"request": None}, {}, "V513"),
        ({"value": None}, {}, "V503"),
        ({"value": "most"}, {}, "V503"),
        ({"value": 401}, {}, "V503"),
        ({"value": "sNaN"}, {}, "V503"),
        ({"effective": "2026-09-06"}, {}, "V503"),  # before it began
        ({"on": "2026-12-24"}, {}, "V518"),
        ({"value": 40.5}, {}, "V503"),
    ],
)
def test_what_cannot_be_meant_changes_nothing_and_says_so(
    row: dict[str, Any], match: dict[str, Any], code: str
) -> None:
    dataset, issues = read(END | row, match=STARTED | match)
    assert codes(issues) == [code]
    assert kinds(dataset) == []
    assert same(dataset, read(match=STARTED | match)[0])
