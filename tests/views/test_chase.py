"""The chase list: who owes what by when, and nothing that the data do not say."""

from datetime import date
from typing import Any

from hypothesis import given

from allocator.views.calendar import calendar_table
from allocator.views.chase import Owed, chase_table, open_things, owed
from allocator.views.facts import Facts
from models.decisions import Decision
from models.entities import CalendarEntry, Published
from models.plan import ProvisionalCode, Waiting
from models.policy import Policy
from models.reasons import Near, Unplaced
from models.statuses import STATUSES
from tests import builders as b
from tests.report.looking import facts_of, match
from tests.report.sent import plans

TODAY = date(2025, 11, 21)


def calendar(**days: int) -> tuple[CalendarEntry, ...]:
    """Steps (with _ for a space) on a day of November 2025."""
    owners = {"meeting": "placements team", "release": "lead", "pre-placement_meetings_by": "agency"}
    return tuple(
        CalendarEntry(tranche="T1", step=step.replace("_", " "), date=date(2025, 11, day), owner=owners.get(step))
        for step, day in days.items()
    )


def published(status: Any = "sent_to_agency", **changes: Any) -> tuple[Published, ...]:
    facts = {"request": "S1/first", "offer": "O1", "pe": "E1", "status": status, "standing": "in_force"}
    return (Published(**facts | changes),)


def short(facts: Facts) -> list[tuple[str, str, str, int | None]]:
    """What, about which, owner, and the day of November on which it is due."""
    return [(o.what, o.which, o.owner, o.due.day if o.due else None) for o in owed(facts)]


def test_overdue_comes_first_then_what_is_due_last_what_has_no_date() -> None:
    ids = ("S1", "S2", "S3")
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids), requests=tuple(b.request(f"{s}/first") for s in ids),
        agencies=(b.agency().model_copy(update={"name": "Ash"}),), offers=(b.offer(capacity=3),),
        calendar=calendar(**{"PE_named_by": 25, "results_in": 19}),
    )  # fmt: skip
    facts = facts_of(
        dataset,
        match(waiting=(Waiting(code=ProvisionalCode.MEASURE, detail="no coordinates", who="student"),)),
        match("S2/first", pe="TBC@O1", waiting=(Waiting(code=ProvisionalCode.EDUCATOR, who="A"),)),
        match("S3/first", waiting=(Waiting(code=ProvisionalCode.READINESS, who="university"),)),
    )
    assert short(facts) == [
        ("readiness pending", "S3/first", "university", 19),
        ("PE to be named", "S2/first", "Ash", 25),
        ("travel to be measured: no coordinates", "S1/first", "student", None),
    ]
    # The 21st of November: two days after the 19th.
    assert [o.days_overdue(TODAY) for o in owed(facts)] == [2, None, None]
    table = chase_table(facts, {"S3": "Cy"})
    cells = [dict(zip([c.title for c in table.columns], row, strict=True)) for row in table.rows]
    assert [(c["State"], c["Days overdue"], c["Name"], c["Where"]) for c in cells] == [
        ("overdue by 2 days", 2, "Cy", "Ash, X"), ("in 4 days", None, "", "Ash, X"), ("no date", None, "", "Ash, X"),
    ]  # fmt: skip
    assert "3 open, 1 overdue on 21 Nov 2025, the day of the plan." in table.note
    assert calendar_table(facts).note.startswith("State on 21 Nov 2025, the day of the plan. Open: ")
    assert "Name" not in [c.title for c in chase_table(facts, {}).columns]


def test_what_is_asked_of_an_offer_or_a_pe_is_asked_once() -> None:
    dataset = b.dataset(
        students=(b.student(), b.student("S2")), requests=(b.request(), b.request("S2/first")),
        offers=(b.offer(capacity=2, state="forecast", received_on=date(2025, 10, 1)),), educators=(b.educator(load=2),),
    )  # fmt: skip
    waits = (
        Waiting(code=ProvisionalCode.FORECAST, detail="O1", who="A"),
        Waiting(code=ProvisionalCode.REGISTRATION, detail="E1", who="A"),
    )
    rows = owed(facts_of(dataset, match(waiting=waits), match("S2/first", waiting=waits)))
    assert [(o.about, o.which, o.requests, o.since) for o in rows] == [
        ("PE", "E1", ("S1/first", "S2/first"), None), ("offer", "O1", ("S1/first", "S2/first"), date(2025, 10, 1)),
    ]  # fmt: skip


def test_the_owner_and_the_date_that_the_team_noted_are_those_of_the_next_step() -> None:
    waits = (Waiting(code=ProvisionalCode.CLEARANCE, who="university"),)
    noted = {"owner": "AB", "due": date(2025, 11, 10)}
    dates = calendar(**{"clearance_in": 20, "pre-placement_meetings_by": 28})
    dataset = b.dataset(published=published(**noted), calendar=dates)
    assert short(facts_of(dataset, match(waiting=waits))) == [
        ("clearance pending", "S1/first", "AB", 10),
        ("book the pre-placement meeting", "S1/first", "A", 28),
    ]
    assert short(facts_of(dataset, match())) == [("book the pre-placement meeting", "S1/first", "AB", 10)]
    without = b.dataset(published=published(**noted))
    assert short(facts_of(without, match())) == [("next step, as noted on Published", "S1/first", "AB", 10)]
    assert short(facts_of(b.dataset(published=published()), match())) == []


def test_a_meeting_is_booked_by_the_date_of_the_calendar_and_what_came_of_it_is_noted() -> None:
    outcome = "note what came of the pre-placement meeting"
    by = calendar(**{"pre-placement_meetings_by": 14})
    for status, met, expected in (
        ("proposed", None, [("book the pre-placement meeting", 14)]),
        ("sent_to_agency", None, [("book the pre-placement meeting", 14)]),
        ("meeting_booked", None, [(outcome, 14)]),
        ("meeting_booked", 20, [(outcome, 20)]),
        ("sent_to_agency", 20, [(outcome, 20)]),
        ("meeting_booked", 21, []),  # it is today
        ("meeting_passed", 20, []),
        ("confirmed", None, []),
    ):
        rows = published(status, meeting_on=met and date(2025, 11, met))
        facts = facts_of(b.dataset(published=rows, calendar=by), match(status=status))
        assert [(o.what, o.due and o.due.day) for o in owed(facts)] == expected, (status, met)
    # Without a date nobody has to have booked one; a day that has passed needs no date of the Calendar.
    assert short(facts_of(b.dataset(published=published()), match())) == []
    passed = b.dataset(published=published("meeting_booked", meeting_on=date(2025, 11, 20)))
    assert short(facts_of(passed, match())) == [(outcome, "S1/first", "A", 20)]


def test_students_are_told_once_the_plan_is_published_and_the_day_has_come() -> None:
    def told(day: int, **changes: Any) -> list[tuple[str, str]]:
        facts = facts_of(b.dataset(published=published(**changes), calendar=calendar(release=day)), match())
        return [(o.what, o.owner) for o in owed(facts)]

    assert told(21) == [("tell the student", "lead")]
    assert told(22) == []
    assert told(20, student_told_on=date(2025, 11, 20)) == []
    assert told(20, status="started") == []
    # Not published; published at another place, which the plan has not any more; over.
    assert owed(facts_of(b.dataset(calendar=calendar(release=20)), match())) == []
    assert told(20, offer="O9") == []
    assert told(20, standing="over") == []


def test_of_agencies_only_who_has_neither_answered_nor_offered_and_who_is_known_to_have_been_absent() -> None:
    met = date(2025, 11, 12)
    agencies = (
        b.agency("A", attended=(met,)),  # offers
        b.agency("B", asked_on=date(2025, 9, 1)), b.agency("C", attended=(met,)),
        b.agency("D", heard_from=date(2025, 10, 1), attended=(met,)), b.agency("E", membership="outside"),
    )  # fmt: skip
    dataset = b.dataset(agencies=agencies, calendar=calendar(ask=3, offers_due=10, meeting=12))
    rows = owed(facts_of(dataset, match()))
    assert [(o.what, o.which, o.owner, o.due, o.since) for o in rows] == [
        ("ask for offers", "C", "placements team", date(2025, 11, 3), None),
        ("say what it offers", "B", "B", date(2025, 11, 10), date(2025, 9, 1)),
        ("speak with it: it was not at the allocation meeting of 12 Nov 2025", "B", "placements team", None, met),
    ]
    # Nobody noted who was there.
    silent = tuple(a.model_copy(update={"attended": ()}) for a in agencies)
    rows = owed(facts_of(dataset.model_copy(update={"agencies": silent}), match()))
    assert [o.what for o in rows] == ["ask for offers", "say what it offers"]


def test_a_trainee_who_gets_no_student_in_time() -> None:
    trainees = (
        b.educator("E1", qualification="trainee_1", needs_student_by=date(2026, 1, 5)),
        b.educator("E2", qualification="trainee_2", needs_student_by=date(2026, 3, 31)),
        b.educator("E3", qualification="trainee_1"),
    )
    # E1 has a student from the 5th of January on, which is the last day; nobody said by when E3 needs one.
    rows = owed(facts_of(b.dataset(educators=trainees), match()))
    assert [(o.what, o.about, o.which, o.owner, o.due) for o in rows] == [
        ("find a student who starts in time (PEPS2 trainee)", "PE", "E2", "placements team", date(2026, 3, 31)),
    ]  # fmt: skip


def test_a_request_without_a_place_has_its_next_action() -> None:
    dataset = b.dataset(students=(b.student(waiting_since=date(2025, 9, 9)),))
    near = Near(offer="O1", rules=("L02",), sentence="O1 (A, X): its place is held by S9/first", who="the agency")
    unplaced = (Unplaced(request="S1/first", code="L02", reason="no place", nearest=(near,)),)
    (row,) = owed(facts_of(dataset, unplaced=unplaced))
    assert (row.what, row.owner) == ("O1: its place is held by S9/first", "A")
    assert (row.due, row.since) == (None, date(2025, 9, 9))


def test_of_a_later_round_nothing_is_owed_before_it_is_due() -> None:
    dataset = b.dataset(tranches=(b.tranche(status="later"),), calendar=calendar(clearance_in=21, results_in=22))
    waits = tuple(
        Waiting(code=code, who="university") for code in (ProvisionalCode.READINESS, ProvisionalCode.CLEARANCE)
    )
    facts = facts_of(dataset, match(waiting=waits))
    assert short(facts) == [("clearance pending", "S1/first", "university", 21)]
    assert [o.due and o.due.day for o in open_things(facts)] == [21, 22]


def test_nobody_is_chased_for_what_is_over_or_came_to_nothing() -> None:
    by = calendar(**{"pre-placement_meetings_by": 14, "release": 14})
    for status in STATUSES[STATUSES.index("started") :]:
        standing = "kept" if status == "started" else "over" if status.startswith("ended") else "freed"
        dataset = b.dataset(published=published(status, standing=standing), calendar=by)
        assert owed(facts_of(dataset, match())) == [], status
    withdrawn = b.dataset(
        students=(b.student(withdrawn=True),), published=published(standing="freed"), calendar=by,
        decisions=(Decision(decision="withdraw", id="D1", student="S1", by="lead"),),
    )  # fmt: skip
    assert owed(facts_of(withdrawn)) == []


@given(plans())
def test_everything_that_is_open_is_chased_in_order(facts: Facts) -> None:
    rows = owed(facts)
    named = {o.which for o in rows if o.about == "request"} | {request for o in rows for request in o.requests}
    waiting = {m.request for m in facts.matches if facts.is_provisional(m)}
    assert waiting | {r.request for r in facts.unplaced} <= named
    days = [o.due or date.max for o in rows]
    assert days == sorted(days)
    assert all(o.what and o.owner for o in rows)


def test_where_today_is_not_known_nothing_is_overdue() -> None:
    row = Owed("answer", "agency", "A", "A", date(2025, 1, 1))
    assert row.days_overdue(None) is None
    facts = facts_of(b.dataset(published=published(), calendar=calendar(release=1)), match(), policy=Policy())
    assert owed(facts) == []
