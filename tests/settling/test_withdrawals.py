"""Withdrawals: of a student, an offer, a PE or a supervisor, at once or from a later day (SEMANTICS S9.1 to S9.3)."""

from datetime import date

import pytest

from models.dataset import Dataset
from tests.reading.sheets import issues, of_code, reading, sheets
from tests.settling.decided import FIX, decided, kinds, standing

T1_ENDS = date(2027, 7, 30)


def test_withdrawals() -> None:
    assert decided({"decision": "withdraw", "about": "S1"}).student_by_id["S1"].withdrawn
    assert decided({"decision": "withdraw", "about": "offer", "offer": "O2"}).offer_by_id["O2"].withdrawn
    left = decided({"decision": "withdraw", "about": "PE1", "effective": "2027-02-01"}).educator_by_id["PE1"]
    assert left.withdrawn_from == date(2027, 2, 1)
    offers = {"on_site_supervisor": "yes"}
    gone = decided({"decision": "withdraw", "about": "supervisor", "offer": "O1"}, Offers=offers).offer_by_id["O1"]
    assert (gone.on_site_supervisor, gone.withdrawn) == ("to_be_named", False)


def until(dataset: Dataset, request: str) -> date | None:
    return dataset.request_by_id[request].latest_end


# T1, with O1 and O2, is from 2027-01-04 to 2027-07-30; S2 has a first in it, and a final in T2, from 2027-09-06.
@pytest.mark.parametrize(
    ("day", "withdrawn", "latest_end"),
    [("2026-11-21", True, None), ("2027-01-04", True, None), ("2027-01-05", False, date(2027, 1, 4)),
     ("2027-05-01", False, date(2027, 4, 30))],
)  # fmt: skip
def test_a_student_who_withdraws_later_has_until_then(day: str, withdrawn: bool, latest_end: date | None) -> None:
    rows = [{"decision": "withdraw", "about": "S2", "effective": day, "by": "AB"}]
    found = reading(Decisions=rows)
    assert found.dataset.student_by_id["S2"].withdrawn == withdrawn
    assert [until(found.dataset, r) for r in ("S2/first", "S2/final")] == [latest_end, latest_end]
    said = [i.message for i in found.issues if i.code == "V514"]
    if day == "2026-11-21":
        assert said == []
    else:
        what = "so S2 is out now" if withdrawn else "no placement of S2 runs on that day or later"
        assert f"holds from {day}, which is to come: " in said[0]
        assert what in said[0]


@pytest.mark.parametrize(
    ("day", "withdrawn", "latest_end"),
    [("2027-01-04", True, T1_ENDS), ("2027-01-05", False, date(2027, 1, 4)), ("2027-07-30", False, date(2027, 7, 29)),
     ("2027-09-01", False, T1_ENDS)],
)  # fmt: skip
def test_an_offer_that_is_withdrawn_later_is_open_until_then(day: str, withdrawn: bool, latest_end: date) -> None:
    offers = {"minimum": 1, "minimum_kind": "always"}
    offer = decided({"decision": "withdraw", "about": "O1", "effective": day}, Offers=offers).offer_by_id["O1"]
    assert (offer.withdrawn, offer.latest_end, offer.minimum) == (withdrawn, latest_end, 1 if withdrawn else None)


@pytest.mark.parametrize(
    ("about", "end", "status", "stands"),
    [("O1", "2027-04-30", "confirmed", ("freed", True)), ("O1", "2027-04-29", "confirmed", ("kept", False)),
     ("O1", None, "proposed", ("freed", True)), ("S3", "2027-04-30", "confirmed", ("freed", False)),
     ("S3", "2027-04-29", "confirmed", ("kept", False)), ("S3", "2027-05-07", "started", ("over", False))],
)  # fmt: skip
def test_what_ends_before_a_withdrawal_stays(
    about: str, end: str | None, status: str, stands: tuple[str, bool]
) -> None:
    published = {"status": status, "start": "2027-01-04", "end": end}
    row = {"decision": "withdraw", "about": about, "effective": "2027-04-30"}
    dataset = decided(row, Published=published)
    assert (standing(dataset), dataset.request_by_id["S3/final"].displaced) == stands
    # who has begun takes the place up to the last day
    assert dataset.published_by_request["S3/final"].end == (
        date(2027, 4, 29) if status == "started" else end and date.fromisoformat(end)
    )


@pytest.mark.parametrize(
    ("day", "says"), [("2027-07-30", "to_be_named"), ("2027-07-31", "yes"), ("2026-11-21", "to_be_named")]
)
def test_a_supervisor_who_leaves_after_everybody_is_not_missed(day: str, says: str) -> None:
    row = {"decision": "withdraw", "about": "supervisor", "offer": "O1", "effective": day}
    assert decided(row, Offers={"on_site_supervisor": "yes"}).offer_by_id["O1"].on_site_supervisor == says


@pytest.mark.parametrize(("about", "day"), [("O2", "2027-01-04"), ("S1", "2027-01-04")])
def test_a_fix_of_what_is_gone_before_it_begins_does_not_stand(about: str, day: str) -> None:
    row = {"decision": "withdraw", "about": about, "effective": day, "by": "AB"}
    assert of_code(issues(sheets(Decisions=[FIX | {"by": "AB"}, row])), "V508")
    later = decided(FIX, {"decision": "withdraw", "about": about, "effective": "2027-07-01"})
    assert kinds(later) == ["fix", "withdraw"]  # whether it ends before then is E01's to say


def test_a_supervisor_that_never_was_is_not_to_be_named_by_being_withdrawn() -> None:
    # With "no" a PE from elsewhere is excluded (E14); withdrawing must not open the offer to one.
    found = reading(Offers={"on_site_supervisor": "no"},
                    Decisions=[{"decision": "withdraw", "about": "supervisor", "offer": "O1", "by": "AB"}])  # fmt: skip
    assert found.dataset.offer_by_id["O1"].on_site_supervisor == "no"
    assert "O1 has no on-site supervisor" in of_code(found.issues, "V513").message


def test_a_withdrawn_offer_frees_and_displaces() -> None:
    for row in ({"status": "started"}, {"status": "proposed"}):
        dataset = decided({"decision": "withdraw", "about": "O1"}, Published=row)
        assert (standing(dataset), dataset.request_by_id["S3/final"].displaced) == ("freed", True)


def test_a_withdrawn_student_frees_the_place_and_is_not_displaced() -> None:
    dataset = decided({"decision": "withdraw", "about": "S3"}, Published={"status": "confirmed"})
    assert (standing(dataset), dataset.request_by_id["S3/final"].displaced) == ("freed", False)


@pytest.mark.parametrize("about", ["pe", "ofer"])
def test_a_withdrawal_whose_cells_disagree_bars_what_is_named(about: str) -> None:
    rows = [{"decision": "withdraw", "about": about, "offer": "O2", "by": "AB"}]
    assert "O2 takes nobody new" in of_code(issues(sheets(Decisions=rows)), "V509").message
    assert [(d.decision, d.offer) for d in decided(*rows).decisions] == [("do_not_match", "O2")]


def test_a_withdrawal_of_one_of_two_bars_both() -> None:
    dataset = decided({"decision": "withdraw", "request": "S1/first", "offer": "O2"})
    assert dataset.request_by_id["S1/first"].set_aside
    assert [(d.decision, d.offer) for d in dataset.decisions] == [("do_not_match", "O2")]
