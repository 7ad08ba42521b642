"""Publishing a plan: what stays of what was typed, what is cleared, what is refused, and that it is in force then."""

from datetime import date
from typing import Any

import pytest

from allocator.lifecycle.publishing import Candidate, publish
from allocator.pipeline import allocate
from allocator.reading.editing import edited
from allocator.reading.reader import register_of
from allocator.settling.settling import settle
from models.entities import Published
from models.errors import InputUnusableError, RefusedError, UsageError
from models.plan import CheckReport, Clash, TierResult, Violation
from models.statuses import FACTS, STATUSES
from models.versions import Version
from tests.cli.inputs import Sheets, sheets
from tests.generated.rows import rows_of
from tests.lifecycle.published import DAY, END, START, done, match, plan_of, row, with_published
from tests.strategies import generate

TYPED: dict[str, Any] = {
    "status": "sent_to_agency",
    "owner": "placements lead",
    "due": "2026-12-01",
    "note": "rang them",
}
"""What somebody typed about a match that is a proposal."""


# ---- rows ------------------------------------------------------------------------------------------------------------
def test_the_first_version_is_the_plan_row_by_row() -> None:
    found = done(sheets(), match(), match("S2", "O2", "TBC@O2", end=date(2027, 4, 15)))
    assert found.rows == [
        {"request": "S1/first", "offer": "O1", "pe": "PE1", "status": "proposed", "start": START, "end": END},
        {"request": "S2/first", "offer": "O2", "pe": "TBC@O2", "status": "proposed", "start": START, "end": date(2027, 4, 15)},
    ]  # fmt: skip
    assert [(p.request, p.standing) for p in found.dataset.published] == [
        ("S1/first", "in_force"),
        ("S2/first", "in_force"),
    ]
    # A sheet that is made has every column: people type the rest.
    assert set(found.register.pages["Published"].columns) >= {"student_told_on", "meeting_on", "owner", "due", "note"}


def test_a_match_that_is_the_same_keeps_what_was_typed_about_it() -> None:
    given = with_published(row(student_told_on="2026-11-20", meeting_on="2026-11-30", **TYPED), row("S2", "O2", "PE2"))
    found = done(given, match(kept=True), match("S2", "O2", "PE2"))
    assert (found.cleared, found.changes) == ({}, {})
    assert found.register.pages["Published"].rows == found.before.pages["Published"].rows
    assert found.dataset.published == settle(found.before).dataset.published


def test_a_match_at_another_offer_is_a_new_proposal_and_what_was_typed_is_listed() -> None:
    found = done(with_published(row(meeting_on="2026-11-30", **TYPED)), match("S1", "O2", "PE2"))
    assert found.rows == [
        {"request": "S1/first", "offer": "O2", "pe": "PE2", "status": "proposed", "start": START, "end": END}
    ]
    assert found.changes == {"S1/first": "moved"}
    assert found.cleared == {
        "S1/first": {
            "status": "sent_to_agency", "meeting_on": "2026-11-30", "owner": "placements lead", "due": "2026-12-01",
            "note": "rang them",
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "kind", "is_cleared"),
    [
        ("PE1", "PE1", None, False),
        ("PE1", "PE2", "other_pe", True),
        ("PE1", "TBC@O1", "other_pe", True),  # whoever was named is not there any more
        ("TBC@O1", "PE1", "pe_named", False),  # somebody is named who was to be
        ("TBC", "PE1", "pe_named", False),
        ("PE needed", "PE1", "pe_named", False),
        ("own PEPS2@O1", "PE1", "pe_named", False),  # the team's own PE is on Educators now
        (None, "PE1", None, False),
    ],
)
def test_a_pe_who_was_to_be_named_and_is_named_is_no_other_match(
    before: str | None, after: str, kind: str | None, is_cleared: bool
) -> None:
    found = done(with_published(row(pe=before, **TYPED)), match(pe=after))
    assert found.changes.get("S1/first") == kind
    assert found.rows[0]["pe"] == after
    assert found.rows[0]["status"] == ("proposed" if is_cleared else "sent_to_agency")
    assert bool(found.cleared) == is_cleared == ("note" not in found.rows[0])


@pytest.mark.parametrize("status", STATUSES)
def test_a_fact_and_a_promise_stay_as_they_are(status: str) -> None:
    given = with_published(row(status=status, student_told_on="2026-11-20", note="agreed"))
    reading = settle(register_of(given))
    [before] = reading.dataset.published
    placed = () if before.standing in ("over", "freed") else (match(kept=True),)
    found = done(given, *placed)
    assert found.dataset.published == (before,)
    assert (found.cleared, found.changes) == ({}, {})
    assert before.standing == ("over" if status in ("ended", "ended_early") else "freed" if not placed else "kept")


def test_who_was_told_stays_told_when_the_pe_has_to_be_another() -> None:
    # The place was promised; the PE is gone. Were the row a proposal again, the student could be moved.
    found = done(with_published(row(student_told_on="2026-11-20", note="agreed")), match(pe="PE2", kept=True))
    assert (found.changes, found.cleared) == ({"S1/first": "other_pe"}, {})
    assert [(r["pe"], r["student_told_on"], r["note"]) for r in found.rows] == [("PE2", date(2026, 11, 20), "agreed")]
    assert found.dataset.published[0].standing == "kept"


def test_a_proposal_that_has_no_place_any_more_is_taken_out() -> None:
    found = done(with_published(row(**TYPED), row("S2", "O2", "PE2")), match("S2", "O2", "PE2"))
    assert [p.request for p in found.dataset.published] == ["S2/first"]
    assert found.changes == {"S1/first": "newly_unplaced"}
    assert found.cleared["S1/first"]["note"] == "rang them"
    assert found.publication.version.changes == "1 no longer placed"


def test_whose_place_is_gone_and_has_no_other_keeps_the_row_and_comes_first() -> None:
    given = with_published(
        row(**TYPED), Decisions=[{"decision": "withdraw", "about": "offer", "offer": "O1", "by": "AB"}]
    )
    found = done(given)
    assert found.publication.lost == ("S1/first",)
    assert found.dataset.request_by_id["S1/first"].displaced
    assert found.register.pages["Published"] == found.before.pages["Published"]
    assert found.publication.version.changes == "nothing changed; 1 request has lost a place and not found another"
    # Once it has another, its row is about that.
    moved = done(given, match("S1", "O2", "PE2"))
    assert [(p.offer, p.standing, p.note) for p in moved.dataset.published] == [("O2", "in_force", None)]
    assert moved.changes == {"S1/first": "moved"}


def test_what_came_to_nothing_stays_beside_the_new_match() -> None:
    found = done(with_published(row(status="declined", note="too far")), match("S1", "O2", "PE2"))
    assert [(r["offer"], r["status"]) for r in found.rows] == [("O1", "declined"), ("O2", "proposed")]
    assert [(p.offer, p.standing) for p in found.dataset.published] == [("O2", "in_force")]


def test_rows_that_say_nothing_of_the_plan_are_not_lost() -> None:
    rows = (
        row("S9", note="left in October"), {"offer": "O1", "note": "whose?"}, row("S1", status="ended", note="long ago"),
        row("S2", "O2", "PE2", status="soon"),
    )  # fmt: skip
    # The request of the last may not move by a typing error: whoever reads 'soon' might have meant 'started'.
    found = done(with_published(*rows), match("S2", "O2", "PE2", kept=True))
    assert found.register.pages["Published"].rows == found.before.pages["Published"].rows


def test_rows_are_found_however_their_request_is_spelt_and_said_once() -> None:
    rows = (
        row(request="s1/first/1", offer="o1", pe="pe1", **TYPED),
        row(request="s1/first/1", offer="o1", pe="pe1", **TYPED),
    )
    found = done(with_published(*rows), match())
    [left] = [r for r in found.rows if r]
    assert (left["request"], left["offer"], left["pe"], left["note"]) == ("S1/first", "O1", "PE1", "rang them")
    assert [i for i in found.reading.issues if i.sheet == "Published"] == []
    assert found.cleared == {}


def test_a_row_that_could_not_be_used_says_the_plan_then() -> None:
    found = done(with_published({"request": "S1/first", "offer": None, "note": "ask"}), match())
    assert [(p.offer, p.standing) for p in found.dataset.published] == [("O1", "in_force")]
    assert found.cleared == {"S1/first": {"note": "ask"}}


def test_what_an_employer_found_is_in_no_plan_and_stays() -> None:
    found_by = [{"student": "S1", "stage": "first", "found_by": "employer"}, {"student": "S2", "stage": "first"}]
    found = done(with_published(row(**TYPED), Requests=found_by), match("S2", "O2", "PE2"))
    assert found.dataset.published_by_request["S1/first"].note == "rang them"
    assert found.changes == {"S2/first": "newly_placed"}


def test_days_that_contradict_each_other_are_not_typed_over_the_one_that_is_published() -> None:
    # Started on 4 May, computed to end in April: the first day is a fact.
    given = with_published(row(start="2027-05-04", end=None, status="started"))
    found = done(given, match(start=date(2027, 5, 4), kept=True))
    assert (found.rows[0]["start"], "end" in found.rows[0]) == (date(2027, 5, 4), False)


def test_ids_that_were_given_to_rows_without_one_are_typed() -> None:
    # Published names O1: read again, the row must not become O2 because another sheet uses O1 already.
    given = sheets()
    del given["Offers"][0]["offer"]
    reading = settle(register_of(given))
    [name] = [o.offer for o in reading.dataset.offers if o.team == "T1"]
    found = done(given, match(offer=name))
    assert [(o.offer, o.team) for o in found.dataset.offers] == [(o.offer, o.team) for o in reading.dataset.offers]
    assert found.dataset.published[0].standing == "in_force"


def test_an_unlocking_serves_once() -> None:
    told = row(student_told_on="2026-11-20")
    unlock = {"decision": "unlock", "request": "S1/first", "by": "AB"}
    given = with_published(told, Decisions=[unlock, unlock | {"request": "S2/first", "id": "D4"}])
    assert settle(register_of(given)).dataset.published[0].standing == "in_force"
    found = done(given, match())
    assert found.publication.unlocked == ("S1/first",)  # S2 has no place, so its unlocking has not served
    assert found.dataset.published[0].standing == "kept"
    rows = found.register.pages["Decisions"].rows
    assert [(r.get("decision"), r.get("id"), r.get("value"), r.get("by")) for r in rows] == [
        ("unlock", "D1", None, "AB"), ("unlock", "D4", None, "AB"), ("undo", "D2", "D1", "LM"),
    ]  # fmt: skip
    # Undone once, it is not undone again.
    again = settle(found.register)
    plan = plan_of(again, match(kept=True))
    second = publish(found.register, again, Candidate(plan, None, CheckReport()), by="LM", on=DAY)
    assert [edit.sheet for edit in second.edits] == ["Versions"]


def test_an_unlocking_that_has_an_id_is_undone_by_it() -> None:
    # D7 names the student, who has no other request; D8 is dated after the day of the plan, so that it never served.
    unlock = {"decision": "unlock", "request": "S2", "by": "AB", "id": "D7"}
    given = with_published(
        row("S2", "O2", "PE2", status="meeting_booked"), Decisions=[unlock, unlock | {"id": "D8", "on": "2026-12-24"}]
    )
    found = done(given, match("S2", "O2", "PE2"))
    assert found.publication.unlocked == ("S2/first",)
    assert [r.get("value") for r in found.register.pages["Decisions"].rows] == [None, None, "D7"]
    assert found.dataset.published[0].standing == "kept"


# ---- versions --------------------------------------------------------------------------------------------------------
def test_a_version_says_what_it_is() -> None:
    tiers = (
        TierResult(tier="placed.firsts", sense="max", value=1, bound=1, proved=True),
        TierResult(tier="firm", sense="min", value=0, bound=0, proved=True),
        TierResult(tier="travel", sense="min", value=20, bound=10),
    )
    # The check counts another value in the second tier, so that its proof is of something else.
    counted = CheckReport(tiers=(tiers[0], tiers[1].model_copy(update={"value": 1}), tiers[2]))
    found = done(sheets(), match(), tiers=tiers, check=counted)
    [version] = found.dataset.versions
    assert version == found.publication.version
    assert version == Version(
        version=1, published_on=DAY, by="LM", dataset=found.plan.dataset_digest, policy=found.plan.policy_digest,
        plan=version.plan, seed=1, placed=1, of=2, proved=1, tiers=3, checked="no rule is broken",
        changes="1 newly placed",
    )  # fmt: skip
    assert version.plan is not None
    assert len(version.plan) == 8


def test_what_the_check_could_not_judge_is_part_of_the_version() -> None:
    old = Violation(rule="E04", subjects=("S1/first",), message="S1 lives too far away.")
    found = done(sheets(), match(), check=CheckReport(kept_despite=(old,), not_judged=("S2/first: no start.",)))
    assert found.publication.version.checked == (
        "no rule is broken; 1 rule not kept by matches that stay as they are; 1 thing not judged"
    )


def test_versions_are_counted_on_also_where_a_row_cannot_be_used() -> None:
    given = with_published(Versions=[{"version": 4, "by": "LM"}, {"version": 4, "by": "AB"}, {"version": 2}])
    assert done(given, match()).publication.version.version == 5


# ---- refusals --------------------------------------------------------------------------------------------------------
def refused(given: Sheets, *matches: Any, now: Sheets | None = None, **facts: Any) -> str:
    """Why a plan that was made from some sheets cannot be published in others."""
    made_from = settle(register_of(given))
    check = facts.pop("check", CheckReport())
    plan, register = plan_of(made_from, *matches, **facts), register_of(now or given)
    with pytest.raises(RefusedError) as error:
        publish(register, settle(register), Candidate(plan, made_from.dataset, check), by="LM", on=DAY)
    return str(error.value)


def test_a_plan_of_other_data_or_settings_is_refused_with_what_differs() -> None:
    now = sheets()
    now["Offers"][0]["capacity"] = 2
    now["Policy"] = [*now["Policy"], {"setting": "travel_limit", "value": 75}]
    said = refused(sheets(), match(), now=now)
    assert "Offers: O1 row changed: capacity: 1, now capacity: 2" in said
    assert "longest travel (Policy: travel_limit) changed: 90, now 75" in said
    assert "work out the plan anew" in said
    # A notice on Published is data too: the plan did not know that the student was told.
    told = refused(with_published(row()), match(), now=with_published(row(student_told_on="2026-11-20")))
    assert "Published: S1/first row changed" in told


def test_notes_are_no_other_data() -> None:
    noted, made_from = sheets(), settle(register_of(sheets()))
    noted["Students"][0]["note"] = "prefers the mornings"
    register = register_of(noted)
    reading = settle(register)
    assert reading.dataset.digest != made_from.dataset.digest
    plan = plan_of(made_from, match())
    found = publish(register, reading, Candidate(plan, made_from.dataset, CheckReport()), by="LM", on=DAY)
    assert found.version.dataset == made_from.dataset.digest
    # Where the data of the plan are not at hand, nobody can say that only notes differ.
    with pytest.raises(RefusedError, match="not at hand"):
        publish(register, reading, Candidate(plan, None, CheckReport()), by="LM", on=DAY)


def test_a_clash_and_a_plan_that_breaks_a_rule_are_refused() -> None:
    assert "clash" in refused(sheets(), clash=Clash(members=(), confirmed=True))
    broken = CheckReport(violations=(Violation(rule="L02", subjects=("O1",), message="O1 has two students."),))
    assert "L02: O1 has two students." in refused(sheets(), match(), check=broken)
    many = CheckReport(violations=(Violation(rule="L02", subjects=("O1",), message="O1 is full."),) * 10)
    assert "and 2 more" in refused(sheets(), match(), check=many)  # 8 of the 10 are named


def test_a_sheet_that_cannot_be_read_is_not_written_over() -> None:
    given = sheets(Published=[{"request": "S1/first", "where": "O1", "student_told_on": "2026-11-20"}])
    assert "the sheet Published cannot be read: The column 'offer' is missing" in refused(given, match())


@pytest.mark.parametrize(("by", "said"), [("Laura Miller", "a person's name"), (" ", "blank"), ("lm@a.org", "e-mail")])
def test_who_publishes_is_said_by_initials(by: str, said: str) -> None:
    register = register_of(sheets())
    reading = settle(register)
    with pytest.raises(UsageError, match=said):
        publish(register, reading, Candidate(plan_of(reading, match()), None, CheckReport()), by=by, on=DAY)


# ---- whatever partnership --------------------------------------------------------------------------------------------
def facts(row: Published) -> tuple[object, ...]:
    """What publishing never changes of a match that is kept, over or came to nothing; dates that were blank are said."""
    return row.request, row.offer, row.status, row.standing, row.student_told_on, row.start, row.note


@pytest.mark.parametrize("seed", range(1, 15))
def test_what_is_published_is_in_force_and_moves_nobody(seed: int) -> None:
    data, drawn = generate(seed)
    # With E16 off a withdrawn offer takes somebody all the same, whose match is then published and not in force.
    off = tuple(rule for rule in drawn.rules_off if rule not in ("max_changes", "E16"))
    policy = drawn.model_copy(update={"rules_off": off, "max_changes": 0})
    try:
        register = register_of(rows_of(data))
        reading = settle(register, {}, policy.as_of).model_copy(update={"policy": policy})
    except InputUnusableError:
        return  # nothing to plan: generated sheets without an offer
    outcome = allocate(reading.dataset, policy)
    plan = outcome.plan
    if plan.clash is not None:
        return
    made = publish(register, reading, Candidate(plan, None, outcome.check), by="LM", on=DAY)
    after_register = edited(register, made.edits)
    after = settle(after_register, {}, policy.as_of).model_copy(update={"policy": policy})
    rows = after.dataset.published_by_request
    for m in plan.matches:
        assert rows[m.request].standing in ("kept", "in_force")
        assert (rows[m.request].offer, rows[m.request].pe) == (m.offer, m.pe)
        if m.start is not None and m.end is not None and m.start <= m.end:
            assert (rows[m.request].start, rows[m.request].end) == (m.start, m.end)
    placed = {m.request for m in plan.matches}
    for before in reading.dataset.published:
        if before.standing == "kept" or before.status in FACTS or before.request not in placed:
            still = rows.get(before.request)
            if before.standing == "in_force" and before.request not in placed and still is None:
                continue  # a proposal that has no place any more
            assert still is not None
            if before.start is not None:
                assert facts(still) == facts(before)
            assert facts(still)[:5] == facts(before)[:5]
    # Allocated again, with no changes allowed (the default): nobody moves, and as many have a place.
    again = allocate(after.dataset, policy)
    assert {m.request: m.offer for m in again.plan.matches} == {m.request: m.offer for m in plan.matches}
    # The same plan published once more changes nothing but the version.
    same = plan.model_copy(update={"dataset_digest": after.dataset.digest})
    second = publish(after_register, after, Candidate(same, None, outcome.check), by="LM", on=DAY)
    assert [edit.sheet for edit in second.edits] == ["Versions"]
    assert second.version.version == 2
    assert (second.version.changes or "").startswith("nothing changed")
