"""Defer, name a supervisor, and what an agency asks for: by hand, on the small sheets."""

from typing import Any

import pytest

from allocator.pipeline import allocate
from models.policy import Policy
from tests.reading.sheets import TODAY, issues, reading
from tests.settling.decided import decided, kinds, standing

DEFER: dict[str, Any] = {"decision": "defer", "request": "S1/first", "value": "T2"}


def codes(row: dict[str, Any], **others: Any) -> list[str]:
    found = reading(Decisions=[{"by": "AB"} | row], **others).issues
    return sorted(i.code for i in found if i.sheet == "Decisions")


def test_a_deferred_request_is_of_the_other_tranche() -> None:
    before, after = decided().request_by_id["S1/first"], decided(DEFER).request_by_id["S1/first"]
    assert (before.tranche, after.tranche) == ("T1", "T2")
    assert before.model_copy(update={"tranche": "T2"}) == after
    assert codes(DEFER) == []


def test_who_is_deferred_has_no_place_of_this_round() -> None:
    def rounds(*rows: dict[str, Any]) -> set[str]:
        dataset = decided(*rows)
        plan = allocate(dataset, Policy(as_of=TODAY)).plan
        return {dataset.offer_by_id[m.offer].tranche for m in plan.matches if m.request == "S3/final"}

    assert rounds() == {"T1"}
    assert rounds(DEFER | {"request": "S3/final"}) == {"T2"}


@pytest.mark.parametrize(
    ("status", "becomes", "tranche"),
    [("proposed", "freed", "T2"), ("sent_to_agency", "freed", "T2"), ("meeting_booked", "kept", "T1"),
     ("confirmed", "kept", "T1"), ("started", "kept", "T1"), ("ended", "over", "T2")],
)  # fmt: skip
def test_a_match_that_may_move_is_given_up_and_a_kept_one_stays(status: str, becomes: str, tranche: str) -> None:
    row = DEFER | {"request": "S3/final"}
    dataset = decided(row, Published={"status": status})
    assert (standing(dataset), dataset.request_by_id["S3/final"].tranche) == (becomes, tranche)
    assert not dataset.request_by_id["S3/final"].displaced
    assert codes(row, Published={"status": status}) == (["V513"] if tranche == "T1" else [])


@pytest.mark.parametrize("status", ["proposed", "meeting_booked", "started"])
def test_a_place_that_was_published_in_the_new_round_stays(status: str) -> None:
    # O3 is of T2. Without this the place that a deferral led to would be lost whenever the sheet is read again.
    row = DEFER | {"request": "S3/final"}
    dataset = decided(row, Published={"offer": "O3", "status": status})
    assert dataset.request_by_id["S3/final"].tranche == "T2"
    assert standing(dataset) == ("in_force" if status == "proposed" else "kept")
    assert codes(row, Published={"offer": "O3", "status": status}) == []


def test_a_kept_match_is_unlocked_first() -> None:
    rows = ({"decision": "unlock", "request": "S3/final"}, DEFER | {"request": "S3/final"})
    dataset = decided(*rows, Published={"status": "confirmed"})
    assert (standing(dataset), dataset.request_by_id["S3/final"].tranche) == ("freed", "T2")


@pytest.mark.parametrize("value", ["T9", None])
def test_a_deferral_to_no_tranche_places_nobody(value: str | None) -> None:
    # Whoever was to be deferred does not take a place by a slip of the pen.
    dataset = decided(DEFER | {"value": value})
    assert dataset.request_by_id["S1/first"].set_aside
    assert dataset.request_by_id["S1/first"].tranche == "T1"
    assert codes(DEFER | {"value": value}) == ["V503", "V509"]


def test_the_last_deferral_stands() -> None:
    early, late = DEFER | {"on": "2026-10-01"}, DEFER | {"on": "2026-11-01", "value": "T1"}
    for rows in ((early, late), (late, early)):
        assert decided(*rows).request_by_id["S1/first"].tranche == "T1"
    again = DEFER | {"on": "2026-11-01"}  # of one day that which begins last
    assert decided(late, again).request_by_id["S1/first"].tranche == "T2"


def test_a_supervisor_is_named_once_and_for_the_whole_offer() -> None:
    name = {"decision": "name_supervisor", "offer": "O1"}

    def supervisor(typed: str | None, *rows: dict[str, Any]) -> str:
        offers = reading().dataset.offers  # their order
        assert offers[0].offer == "O1"
        return decided(*rows, Offers={"on_site_supervisor": typed}).offer_by_id["O1"].on_site_supervisor

    assert supervisor(None, name) == supervisor("to_be_named", name) == "yes"
    assert supervisor("no", name) == "no"  # that there is none is a fact of the offer
    gone = {"decision": "withdraw", "about": "supervisor", "offer": "O1"}
    assert supervisor("yes", gone | {"on": "2026-11-01"}, name | {"on": "2026-11-02"}) == "yes"
    assert supervisor("yes", gone | {"on": "2026-11-02"}, name | {"on": "2026-11-01"}) == "to_be_named"


def test_what_an_agency_asks_for_binds_nobody() -> None:
    asked = {"decision": "requested", "request": "S1/first", "agency": "B"}
    assert kinds(decided(asked)) == ["requested"]
    plans = [allocate(decided(*rows), Policy(as_of=TODAY)).plan for rows in ((), (asked,))]
    assert plans[0].matches == plans[1].matches
    assert codes({"decision": "requested", "request": "S1/first"}) == ["V503"]
    assert [i for i in issues({"Decisions": []}) if i.sheet == "Decisions"] == []
