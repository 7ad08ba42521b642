"""Trainees who qualify, PEs and agencies who go, agencies that do not answer."""

from datetime import date

import pytest

from models.dataset import Dataset
from models.entities import Educator
from tests.scenarios.partnership import done, facts, more, reading, refused, row

SOME = [{"pe": f"T{n}", "employed_by": "A", "team": "X", "qualification": "trainee_1"} for n in range(1, 6)]


def pe(dataset: Dataset, name: str) -> Educator:
    return next(e for e in dataset.educators if e.pe == name)


# ---- qualify -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("stage", "becomes"), [("trainee_1", "PEPS1"), ("trainee_2", "PEPS2"), ("PEPS1", "PEPS2")])
def test_who_qualifies_is_more_from_the_day(stage: str, becomes: str) -> None:
    given = row("Educators", "P2", qualification=stage)
    given = [one for one in given if one["pe"] != "P4"]
    made, said = done({"edit": "qualify", "stage": stage, "on": "2027-02-01"}, Educators=given)
    found = pe(reading(made).dataset, "P2")
    assert (found.qualification, found.qualifies_on, found.becomes) == (stage, date(2027, 2, 1), becomes)
    assert said == (f"1 of 1 {stage} become {becomes} on 1 February 2027",)


def test_without_a_day_they_qualify_on_the_day_of_the_case() -> None:
    found = pe(facts({"edit": "qualify", "stage": "trainee_1"}), "P4")
    assert (found.qualifies_on, found.becomes) == (date(2026, 12, 1), "PEPS1")


def test_a_part_qualifies_and_those_who_do_earlier_stay() -> None:
    # Of five 40% are two; T1 qualifies in January as it is, and is not put off whether chosen or not.
    given = [SOME[0] | {"qualifies_on": "2027-01-10"}, *SOME[1:]]
    made, said = done({"edit": "qualify", "stage": "trainee_1", "part": 40, "on": "2027-06-01"}, Educators=given)
    days = [e.qualifies_on for e in reading(made).dataset.educators]
    assert days[0] == date(2027, 1, 10)
    assert days[1:].count(date(2027, 6, 1)) in (1, 2)
    assert days[1:].count(None) == 4 - days[1:].count(date(2027, 6, 1))
    assert said == ("2 of 5 trainee_1 become PEPS1 on 1 June 2027",)


def test_who_has_qualified_already_is_what_they_became() -> None:
    # P4 has been PEPS1 since October: a trainee no more, and on the way to PEPS2 like P2.
    given = row("Educators", "P4", qualifies_on="2026-10-01")
    assert "nobody of the selection is trainee_1 on 1 December 2026" in refused(
        {"edit": "qualify", "stage": "trainee_1"}, Educators=given
    )
    found = pe(facts({"edit": "qualify", "stage": "PEPS1", "on": "2027-02-01"}, Educators=given), "P4")
    assert (found.qualification, found.becomes, found.qualifies_on) == ("PEPS1", "PEPS2", date(2027, 2, 1))
    assert found.last_student == date(2026, 10, 1)  # from when on they are current


def test_nobody_to_qualify() -> None:
    where = {"edit": "qualify", "stage": "PEPS1", "where": {"agency.membership": "outside"}}
    assert "nobody of the selection is PEPS1" in refused(where)
    assert done(where | {"may_be_empty": True})[1] == ("0 of 0 PEPS1 become PEPS2 on 1 December 2026",)
    assert "'soon' is no day." in refused({"edit": "qualify", "stage": "PEPS1", "on": "soon"})


def test_places_for_firsts_of_those_alone_who_qualify_open() -> None:
    # O2 names P2 alone, and is for firsts; P2 with P1, who does not qualify, opens nothing.
    edit = {"edit": "qualify", "stage": "PEPS1", "opens": True}
    made, said = done(edit)
    assert [o.stage for o in reading(made).dataset.offers] == ["final", "either", "either", "either"]
    assert said == ("1 of 1 PEPS1 become PEPS2 on 1 December 2026; 1 offer for firsts now for either stage",)
    assert facts(edit, Offers=row("Offers", "O2", educators="P2; P1")).offer_by_id["O2"].stage == "first"


# ---- leave ---------------------------------------------------------------------------------------------------------
def test_the_last_day_of_a_pe_is_the_day_before() -> None:
    leave = {"edit": "leave", "sheet": "Educators", "where": {"pe": "P1"}, "on": "2027-03-01"}
    assert pe(facts(leave), "P1").leaves_on == date(2027, 2, 28)
    assert pe(facts(leave, Educators=row("Educators", "P1", leaves_on="2027-01-31")), "P1").leaves_on == date(
        2027, 1, 31
    )
    assert pe(facts(leave | {"on": ""}), "P1").leaves_on == date(2026, 11, 30)


def test_an_agency_that_leaves_stays_listed_and_takes_nobody_new() -> None:
    made, said = done({"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}})
    dataset = reading(made).dataset
    # From 1 December on: every offer of A begins later, so none has a place; nor is a share asked of A.
    assert [(o.offer, o.capacity, o.latest_end) for o in dataset.offers] == [
        ("O1", 0, date(2026, 11, 30)), ("O2", 0, date(2026, 11, 30)), ("O3", 1, date(2027, 7, 30)),
        ("O4", 0, date(2026, 11, 30)),
    ]  # fmt: skip
    assert [e.pe for e in dataset.educators if e.leaves_on == date(2026, 11, 30)] == ["P1", "P2", "P4"]
    agency = dataset.agency_by_id["A"]
    assert (agency.membership, agency.social_workers_fte) == ("primary", None)
    assert said == ("1 agency leaves from 1 December 2026, with 3 PEs",)


def test_an_agency_that_leaves_later_keeps_what_ends_before() -> None:
    # January's placements there end before 1 June; May's begin before it and cannot run on.
    dataset = facts({"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}, "on": "2027-06-01"})
    assert [(o.offer, o.capacity, o.latest_end) for o in dataset.offers if o.agency == "A"] == [
        ("O1", 1, date(2027, 5, 31)), ("O2", 2, date(2027, 5, 31)), ("O4", 1, date(2027, 5, 31)),
    ]  # fmt: skip


def test_an_end_of_its_own_is_not_put_off() -> None:
    offers = row("Offers", "O1", latest_end="2027-05-28")
    dataset = facts({"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}, "on": "2027-09-01"}, Offers=offers)
    # January ends on 30 July: September changes nothing there; O4 of May would have run to December.
    assert [o.latest_end for o in dataset.offers if o.agency == "A"] == [
        date(2027, 5, 28), date(2027, 7, 30), date(2027, 8, 31),
    ]  # fmt: skip
    assert dataset.agency_by_id["A"].social_workers_fte is None


def test_what_is_past_is_not_touched() -> None:
    # A round that is past and has no end would seem to run on: its offer stays, and A is still asked for its share.
    tranches = [one | ({"last_end": ""} if one["tranche"] == "Last year" else {}) for one in more("Tranches")]
    past = {"offer": "O0", "agency": "A", "team": "X", "tranche": "Last year"}
    leave = {"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}, "on": "2028-01-01"}
    dataset = facts(leave, Tranches=tranches, Offers=more("Offers", past))
    assert (dataset.offer_by_id["O0"].capacity, dataset.offer_by_id["O0"].latest_end) == (1, None)
    fte = dataset.agency_by_id["A"].social_workers_fte
    assert fte is not None
    assert int(fte) == 50


def test_what_is_agreed_at_an_agency_that_leaves_stays_with_its_pe() -> None:
    dataset = facts(
        {"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}},
        Published=[{"request": "S1/first", "offer": "O2", "pe": "P2", "status": "confirmed"}],
    )
    assert (dataset.offer_by_id["O2"].capacity, pe(dataset, "P2").leaves_on, int(pe(dataset, "P2").load)) == (
        1,
        None,
        1,
    )
    assert dataset.published[0].standing == "kept"


def test_a_spoke_at_an_agency_that_leaves_closes_the_offer() -> None:
    dataset = facts(
        {"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}}, Offers=row("Offers", "O3", spokes="A/X=10")
    )
    assert [o.capacity for o in dataset.offers] == [0, 0, 0, 0]


def test_nobody_leaves() -> None:
    assert "no row of Agencies has agency 'Z'. 'Z' is not on Agencies." in refused(
        {"edit": "leave", "sheet": "Agencies", "where": {"agency": "Z"}}
    )


# ---- absent --------------------------------------------------------------------------------------------------------
def test_an_absent_agency_has_no_place_for_anybody_new_in_the_round_that_is_decided() -> None:
    made, said = done(
        {"edit": "absent", "where": {"agency": "A"}},
        Published=[{"request": "S1/first", "offer": "O2", "pe": "P2", "status": "meeting_booked"}],
        Offers=row("Offers", "O2", minimum=2, minimum_kind="always"),
    )
    dataset = reading(made).dataset
    # O1: one place; O2: two, of which one is booked; O4 is decided later.
    assert [(o.offer, o.capacity, o.minimum) for o in dataset.offers] == [
        ("O1", 0, None), ("O2", 1, None), ("O3", 1, None), ("O4", 1, None),
    ]  # fmt: skip
    assert dataset.published[0].standing == "kept"
    assert said == ("1 agency answers nothing until further notice: 2 places cannot be used",)


def test_a_place_that_the_agency_has_said_yes_to_waits_for_nothing() -> None:
    published = [{"request": "S1/first", "offer": "O2", "status": "sent_to_agency"}]
    accepted = {"decision": "agency_decision", "request": "S1/first", "agency": "A", "value": "accepted", "by": "AB"}
    absent = {"edit": "absent", "where": {"agency": "A"}}
    assert facts(absent, Published=published).offer_by_id["O2"].capacity == 0
    assert facts(absent, Published=published, Decisions=[accepted]).offer_by_id["O2"].capacity == 1


@pytest.mark.parametrize(("until", "places"), [("2026-12-10", 1), ("2026-12-11", 0), ("2026-12-02", 1)])
def test_who_answers_by_the_meeting_is_there(until: str, places: int) -> None:
    # The meeting of January is on 10 December.
    dataset = facts(
        {"edit": "absent", "where": {"agency": "B"}, "until": until},
        Calendar=[{"tranche": "January", "step": "meeting", "date": "2026-12-10"}],
    )
    assert dataset.offer_by_id["O3"].capacity == places


def test_a_day_that_is_over() -> None:
    assert "the day 1 December 2026 is not after 1 December 2026" in refused(
        {"edit": "absent", "where": {"agency": "A"}, "until": "2026-12-01"}
    )
    assert "no row of Agencies" in refused({"edit": "absent", "where": {"kind": "trust"}})


# ---- move_tranche --------------------------------------------------------------------------------------------------
def test_requests_and_offers_go_to_another_round() -> None:
    dataset = facts({"edit": "move_tranche", "sheet": "Requests", "where": {"stage": "final"}, "to": "may"})
    assert {r.request: r.tranche for r in dataset.requests} == {
        "S1/first": "January", "S2/final": "May", "S3/first": "January",
    }  # fmt: skip
    offers = row("Offers", "O1", earliest_start="2027-01-11", latest_end="2027-06-30")
    dataset = facts({"edit": "move_tranche", "sheet": "Offers", "where": {"offer": "O1"}, "to": "May"}, Offers=offers)
    moved = dataset.offer_by_id["O1"]
    # 11 January lies before May begins, 30 June within it.
    assert (moved.tranche, moved.earliest_start, moved.latest_end) == ("May", date(2027, 5, 3), date(2027, 6, 30))


def test_of_students_all_requests_go_that_are_not_past() -> None:
    requests = more("Requests", {"student": "S1", "stage": "final", "tranche": "Last year"})
    made, said = done({"edit": "move_tranche", "sheet": "Students", "where": {}, "to": "May"}, Requests=requests)
    # S3's is made by Students.stage.
    assert {r.request: r.tranche for r in reading(made).dataset.requests} == {
        "S1/final": "Last year", "S1/first": "May", "S2/final": "May", "S3/first": "May",
    }  # fmt: skip
    assert said == ("3 requests of 3 students belong to May",)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("Janury", "there is no round 'Janury'. Did you mean 'January'? Allowed:"),
        ("Last year", "the round 'Last year' is past"),
    ],
)
def test_a_round_that_nobody_can_go_to(to: str, said: str) -> None:
    move = {"edit": "move_tranche", "sheet": "Requests", "where": {}}
    text = refused(move | {"to": to})
    assert said in text
    assert text.startswith("s: edits[1] move_tranche: ")
    assert "no row of Offers" in refused(move | {"sheet": "Offers", "where": {"offer": "O9"}, "to": "May"})


def test_the_next_round_is_that_which_begins_first_and_takes_the_stage_and_programme() -> None:
    later = [
        {"tranche": "March BA", "first_day": "2027-03-01", "status": "later", "programmes": "BA"},
        {"tranche": "April firsts", "first_day": "2027-04-05", "status": "later", "stages": "first"},
    ]
    move = {"edit": "move_tranche", "sheet": "Students", "where": {}, "to": "next"}
    dataset = facts(move, Tranches=more("Tranches", *later))
    assert {r.request: r.tranche for r in dataset.requests} == {
        "S1/first": "April firsts", "S2/final": "May", "S3/first": "March BA",
    }  # fmt: skip
    offers = {"edit": "move_tranche", "sheet": "Offers", "where": {"tranche": "May"}, "to": "next"}
    assert "no round after May takes the offer O4. Write the round's name." in refused(offers)
