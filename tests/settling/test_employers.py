"""A placement that the employer found and the one that the partnership finds are not at the same time (S1.9)."""

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.checker import check
from allocator.intake import Reading, read_sheets
from allocator.pipeline import allocate
from models.plan import ProvisionalCode
from tests.reading.sheets import FULL, TODAY, sheets
from tests.rules.case import plan_of

# S2 is a student of an employer. O4 takes finals from Monday 2027-03-01 on, and no later.
O4 = {"offer": "O4", "agency": "B", "team": "Y", "tranche": "T1", "stage": "final", "earliest_start": "2027-03-01",
      "latest_start": "2027-03-01", "statutory_regulator": "yes", "educators": "TBC"}  # fmt: skip
FIRSTS = {**O4, "stage": "first", "earliest_start": None, "latest_start": None}
"""The same place for firsts, from 2027-01-04 on: 70 days at 5 a week end on Tuesday 2027-04-13 (Easter: 2 days off)."""


def read(found: dict[str, Any], other: dict[str, Any], offer: dict[str, Any] | None = None, **more: Any) -> Reading:
    """S2 with a request that the employer found, and the other one, in one round."""
    requests = [{"student": "S2", "tranche": "T1", **row} for row in ({"found_by": "employer", **found}, other)]
    given = sheets(Requests=requests, Offers=[*FULL["Offers"], offer or O4], **more)
    return read_sheets(given, {}, TODAY)


def first(**cells: Any) -> dict[str, Any]:
    return {"stage": "first", **cells}


def final(**cells: Any) -> dict[str, Any]:
    return {"stage": "final", **cells}


def broken(found: Reading, request: str) -> list[str]:
    """The rules that a match of a request at O4 breaks."""
    one = plan_of(found.dataset, found.policy, ((request, "O4", "TBC@O4"),))
    return [v.rule for v in check(found.dataset, found.policy, one).violations if request in v.subjects]


def said(found: Reading) -> list[tuple[str, int | None, str | None]]:
    return [(i.code, i.row, i.column) for i in found.issues if i.code in {"V430", "V431", "V432"}]


@pytest.mark.parametrize(("ends", "rules"), [("2027-02-28", []), ("2027-03-01", ["E01"])])
def test_a_final_starts_after_the_first_that_the_employer_found(ends: str, rules: list[str]) -> None:
    found = read(first(latest_end=ends), final())
    assert found.dataset.request_by_id["S2/final"].earliest_start == date.fromisoformat(ends) + timedelta(days=1)
    assert broken(found, "S2/final") == rules
    assert said(found) == [("V430", 2, "latest_end")]


def test_what_was_published_of_it_says_more_than_its_request() -> None:
    row = {"request": "S2/first", "offer": "Elsewhere", "status": "started", "end": "2027-03-01"}
    found = read(first(latest_end="2027-02-26"), final(), Published=[row])
    assert broken(found, "S2/final") == ["E01"]
    [issue] = [i for i in found.issues if i.code == "V430"]
    assert "S2/first, which the employer found, ends on 1 March 2027 (Published.end)" in issue.message
    # What came to nothing says nothing.
    assert (
        broken(read(first(latest_end="2027-02-26"), final(), Published=[row | {"status": "declined"}]), "S2/final")
        == []
    )


@pytest.mark.parametrize("ends", [None, "not known"])
def test_where_nobody_has_said_when_it_ends_the_final_waits(ends: str | None) -> None:
    found = read(first(latest_end=ends), final())
    assert said(found) == [("V432", 2, "latest_end")]
    [match] = [m for m in allocate(found.dataset, found.policy).plan.matches if m.request == "S2/final"]
    assert [w.detail for w in match.waiting if w.code == ProvisionalCode.NOT_KNOWN] == ["latest_end of S2/first"]


@pytest.mark.parametrize(
    ("found_row", "other", "more"),
    [
        (first(latest_end="2026-12-18"), final(), {}),  # over before the round begins
        (first(), final(), {"Published": [{"request": "S2/first", "offer": "Elsewhere", "status": "ended"}]}),
        (first(tranche="T0"), final(), {}),  # of a round that is past
        (first(), final(tranche="T2"), {}),  # T1 ends on 30 July, T2 begins on 6 September
        (first(), final(found_by="employer"), {}),  # both are the employer's
        (first(), final(tranche="T0"), {}),
    ],
)
def test_nothing_is_said_where_nothing_rests_on_it(found_row: dict[str, Any], other: dict[str, Any], more: Any) -> None:
    found = read(found_row, other, **more)
    assert said(found) == []
    assert found.dataset.request_by_id["S2/final"].earliest_start is None
    assert found.dataset.request_by_id["S2/final"].not_known == ()


def test_of_a_student_who_has_left_nothing_is_said() -> None:
    assert (
        said(
            read(
                first(), final(), Decisions=[{"decision": "withdraw", "request": "S2", "about": "student", "by": "AB"}]
            )
        )
        == []
    )


@pytest.mark.parametrize(("starts", "rules"), [("2027-04-14", []), ("2027-04-13", ["E01"])])
def test_a_first_ends_before_the_final_that_the_employer_found(starts: str, rules: list[str]) -> None:
    found = read(final(earliest_start=starts), first(), FIRSTS)
    assert found.dataset.request_by_id["S2/first"].latest_end == date.fromisoformat(starts) - timedelta(days=1)
    assert broken(found, "S2/first") == rules
    assert ("V430", 2, "earliest_start") in said(found)


def test_a_final_of_the_employer_of_which_nobody_knows_when_it_starts() -> None:
    found = read(final(), first(), FIRSTS)
    assert said(found) == [("V432", 2, "earliest_start")]
    assert found.dataset.request_by_id["S2/first"].not_known == ("earliest_start of S2/final",)


def test_a_match_that_stays_at_the_same_time_is_pointed_out() -> None:
    stays = {"request": "S2/final", "offer": "O4", "status": "confirmed", "start": "2027-03-01", "end": "2027-06-11"}
    found = read(first(latest_end="2027-03-01"), final(), Published=[stays])
    assert said(found) == [("V431", 2, "latest_end")]
    assert found.dataset.request_by_id["S2/final"].earliest_start is None
    assert said(read(first(latest_end="2027-02-26"), final(), Published=[stays])) == []
