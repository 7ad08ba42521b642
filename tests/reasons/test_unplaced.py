"""Why a request was not placed: what removes its offers, the three nearest, and what would have to change."""

from allocator.pipeline import allocate
from models.entities import Commitment
from models.reasons import Blocked
from tests import builders as b
from tests.engine.partnerships import INDEPENDENT, firsts, half_opened_offers
from tests.reasons.explained import explained
from tests.rules.case import LAST_FRIDAY, decision, policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, NOT_STATUTORY, final_place


def test_removed_offers_are_counted_by_the_first_rule_that_removes_each() -> None:
    offers = (
        b.offer("O1", cannot=("step-free",)), b.offer("O2", cannot=("step-free",), driver_essential="yes"),
        b.offer("O3", place="P9"), b.offer("O4", stage="final"), b.offer("O5", withdrawn=True),
    )  # fmt: skip
    left = explained(
        b.dataset(
            offers=offers,
            students=(b.student(adjustments=("step-free",)),),
            travel=b.travel() + b.travel("P0", "P9", 200),
        )
    )
    # O1 E07; O2 E03 comes before E07; O3 is 200 minutes away (E04); O4 takes finals (E01); O5 is withdrawn: no offer.
    assert left.removed == tuple(Blocked(rule=r, offers=1) for r in ("E01", "E03", "E04", "E07"))
    assert (left.code, left.eligible_offers) == ("none eligible", 0)
    assert left.reason == (
        "None of the 3 offers of this stage, tranche and length can be used: 1 because it is car driver essential (E03); "
        "1 because it is too far (E04); 1 because it cannot meet an adjustment (E07)."
    )
    # Nearest: fewest rules, then minutes: O1 (20 minutes), O3 (200), then O2 with two rules. O4 and O5 are never near.
    assert [(n.offer, n.rules, n.minutes) for n in left.nearest] == [
        ("O1", ("E07",), 20), ("O3", ("E04",), 200), ("O2", ("E03", "E07"), 20),
    ]  # fmt: skip
    assert (
        left.nearest[2].sentence
        == "O2 (A, X): it is car driver essential: the student does not drive; it cannot meet an adjustment."
    )
    assert left.nearest[2].who == "the agency (cover the driving); the agency (meet the adjustment)"


def test_only_the_three_nearest_are_shown_in_natural_order() -> None:
    offers = tuple(b.offer(f"O{i}", cannot=("step-free",)) for i in (10, 2, 3, 1))
    left = explained(b.dataset(offers=offers, students=(b.student(adjustments=("step-free",)),)))
    assert [n.offer for n in left.nearest] == ["O1", "O2", "O3"]
    assert left.removed == (Blocked(rule="E07", offers=4),)


def test_unknown_minutes_are_farthest() -> None:
    offers = (b.offer("O1", place=None, cannot=("x",)), b.offer("O2", cannot=("x",)))
    left = explained(b.dataset(offers=offers, students=(b.student(adjustments=("x",)),)))
    assert [(n.offer, n.minutes) for n in left.nearest] == [("O2", 20), ("O1", None)]


def test_no_offer_of_this_stage() -> None:
    left = explained(b.dataset(offers=(b.offer(stage="final"),)))
    assert left.reason == "No offer takes this stage in this tranche and holds its days (E01)."
    assert left.nearest == ()


def test_an_offer_too_short_is_near() -> None:
    left = explained(b.dataset(offers=(b.offer(latest_end=b.MONDAY),)))
    assert [(n.offer, n.rules) for n in left.nearest] == [("O1", ("E01",))]


def test_a_failed_student_is_told_so() -> None:
    left = explained(
        b.dataset(students=(b.student(readiness="failed"),), offers=(b.offer("O1"), b.offer("O2", stage="final")))
    )
    assert left.code == "E02"
    assert left.reason == "No offer can be used: the student has not passed readiness or clearance (E02)."


def test_the_pe_rules_of_whoever_comes_nearest() -> None:
    # E1 breaks two rules, E2 one: that one is told.
    educators = (b.educator("E1", qualification="PEPS1", registered="no"), b.educator("E2", qualification="PEPS1"))
    data = b.dataset(requests=(b.request("S1/final"),), history=(b.history(),), educators=educators)
    left = explained(data, "S1/final")
    assert left.removed == (Blocked(rule="E11", offers=1),)
    assert (
        left.nearest[0].sentence
        == "O1 (A, X): no PE there is qualified for this stage: E2 is PEPS1, the placement is a final."
    )


def test_what_lifts_a_guarantee_of_two_and_a_place_that_is_none_for_an_intern() -> None:
    data = b.dataset(offers=(b.offer(**NOT_STATUTORY),))
    left = explained(data, "S1/first", statutory_least={"MSW": 2})
    assert left.code == "L04"
    [lift] = left.nearest[0].lifts
    assert lift.sentence == "one statutory placement of two is enough for MSW (Policy: statutory_least)"
    assert lift.who == "the partnership (policy)"
    data = b.dataset(students=(b.student(scheme="intern"),), agencies=(b.agency(kind="trust"),))
    left = explained(data, "S1/first")
    assert left.reason == (
        "1 offer fits this request alone, but an intern's two placements would not be with one partner authority: "
        "A is no partner authority (L09)."
    )
    [lift] = left.nearest[0].lifts
    assert (lift.sentence, lift.who) == ("S1 is no intern", "the university (the pairing)")


# ---- nothing in particular -----------------------------------------------------------------------------------------
def test_a_minimum_that_is_not_reached_is_said() -> None:
    # O opens for two or none, and its PE takes one student: nobody is there, and one alone would be one too few.
    left = explained(half_opened_offers(1))
    words = "the minimum of OX1 is 2, and it would have 1"
    assert (left.code, left.reason) == ("L10", f"1 offer fits this request alone, but {words} (L10).")
    assert left.nearest[0].sentence == f"OX1 (A, X1): {words}."
    assert left.nearest[0].who == "the agency (a lower minimum)"


def test_several_offers_are_said_in_the_plural() -> None:
    offers = tuple(b.offer(f"O{i}", capacity=2, minimum=2) for i in (1, 2))
    left = explained(b.dataset(offers=offers))
    assert left.reason.startswith("2 offers fit this request alone, but")


def test_everybody_unplaced_is_explained_once_and_in_order() -> None:
    data = b.dataset(offers=(b.offer(stage="final"),), **firsts(3))
    assert [u.request for u in allocate(data, policy()).plan.unplaced] == ["S1/first", "S2/first", "S3/first"]


def test_what_stands_in_the_way_is_said_for_each_offer() -> None:
    # F1's first is not recorded, so its final has to be statutory (S5.5). O1 is taken, O2 is free and not statutory:
    # the two offers fail for L04 both, so nobody who holds a place is to blame.
    data = b.dataset(
        students=(b.student("S1"), b.student("F1")),
        requests=(b.request("S1/first"), b.request("F1/final")),
        offers=tuple(b.offer(o, statutory_regulator="no") for o in ("O1", "O2")),
        educators=(b.educator(load=2),),
    )
    [left] = allocate(data, policy()).plan.unplaced
    assert left.request == "F1/final"
    assert left.code == "L04"
    why = "its first placement is not recorded, so the final has to be statutory (L04)"
    assert left.reason == f"2 offers fit this request alone, but {why}."


# ---- what was wrong ------------------------------------------------------------------------------------------------
def test_an_agencys_maximum_is_not_called_the_cap_on_independents() -> None:
    # A takes 3 in the year and has them; S4 has an exception to L07 for the independent at O2. Only the maximum bars it.
    lifted = decision("exception", rule="L07", request="S4/first")
    data = b.dataset(
        agencies=(b.agency(maximum_in_year=3),), offers=(b.offer(capacity=3), b.offer("O2", educators=b.named("I"))),
        educators=(b.educator(load=3), b.educator("I", **INDEPENDENT)), decisions=(lifted,), **firsts(4),
    )  # fmt: skip
    # Three have O1; whoever is left over is S4 where the draw says so: S1 to S3 are fixed.
    fixes = tuple(decision("fix", id=f"F{i}", request=f"S{i}/first", offer="O1") for i in (1, 2, 3))
    data = data.model_copy(update={"decisions": (lifted, *fixes)})
    left = explained(data, "S4/first")
    near = next(n for n in left.nearest if n.offer == "O2")
    assert (near.rules, near.sentence) == (("L10",), "O2 (A, X): A's maximum of 3 in the year is reached.")
    [lift] = near.lifts
    assert (lift.kind, lift.subject, lift.value) == ("maximum", "A", "4")
    assert left.nearest[0].offer == "O2"  # one rule, where O1 needs two
    raised = data.model_copy(update={"agencies": (b.agency(maximum_in_year=4),)})
    assert allocate(raised, policy()).plan.unplaced == ()


def test_a_day_that_decides_is_said() -> None:
    # The first ends on Friday 10 April 2026, the day on which the final would start: gap 0.
    offers = (b.offer("O1", stage="first"), final_place("O2", stage="final", earliest_start=LAST_FRIDAY))
    left = explained(b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=offers), "S1/final")
    words = "the first ends on the day the final starts: 10 April 2026"
    assert left.reason == f"1 offer fits this request alone, but {words} (L06)."
    [near] = left.nearest
    assert (near.sentence, near.who) == (f"O2 (A, Y): {words}.", "the agency (dates) or the university")
    assert near.lifts[0].value == "2026-04-13/2026-08-28"  # Monday; 100 days at 5 a week are 20 weeks


def test_one_that_is_only_full_comes_before_a_nearer_one_that_needs_more() -> None:
    # O2 is 10 minutes away and needs two rules lifted besides a PE (E1 has S1); O1 is full, 20 minutes away.
    offers = (
        b.offer("O1"), b.offer("O2", place="P2", cannot=("step-free",), driver_essential="yes"),
    )  # fmt: skip
    needs = {"adjustments": ("step-free",), "drives": "no"}
    data = b.dataset(
        offers=offers, students=(b.student("S1"), b.student("S2", **needs)),
        requests=(b.request("S1/first"), b.request("S2/first")), travel=b.travel() + b.travel("P0", "P2", 10),
        decisions=(decision("fix", request="S1/first", offer="O1"),),
    )  # fmt: skip
    left = explained(data, "S2/first")
    assert [(n.offer, n.rules) for n in left.nearest] == [("O1", ("L02", "L03")), ("O2", ("E03", "E07", "L03"))]


def test_what_nobody_can_lift_comes_last_and_says_so() -> None:
    # O1 is in an excluded agency, O2 cannot meet an adjustment and is farther away.
    student = b.student(excluded_agencies=("A",), adjustments=("x",))
    offers = (b.offer("O1"), b.offer("O2", agency="B", place="P2", cannot=("x",)))
    data = b.dataset(
        students=(student,), offers=offers, agencies=(b.agency(), b.agency("B")),
        educators=(b.educator(), b.educator("E2", employed_by="B")), travel=b.travel() + b.travel("P0", "P2", 60),
    )  # fmt: skip
    left = explained(data)
    assert [(n.offer, n.who) for n in left.nearest] == [("O2", "the agency (meet the adjustment)"), ("O1", "nobody")]


def test_a_withdrawn_offer_counts_in_nobodys_sentence() -> None:
    left = explained(b.dataset(offers=(b.offer(withdrawn=True),)))
    assert (left.removed, left.nearest) == ((), ())
    assert left.reason == "No offer takes this stage in this tranche and holds its days (E01)."


def test_an_agency_whose_name_reads_like_a_limit() -> None:
    name = "Team at once on call, 2 committed"
    data = b.dataset(
        agencies=(b.agency(name, maximum_at_once=0),), offers=(b.offer(agency=name),),
        educators=(b.educator(employed_by=name),),
    )  # fmt: skip
    [near] = explained(data).nearest
    assert near.sentence == f"O1 ({name}, X): agency {name} takes at most 0 at once (5 January 2026)."
    assert near.lifts[0].sentence == f"{name} takes 1 at once"


def test_a_maximum_that_other_programmes_exceed_is_raised_beyond_them() -> None:
    # Of 1 at once others take 3: with a maximum of 4 one place is left.
    data = b.dataset(agencies=(b.agency(maximum_at_once=1),), commitments=(Commitment(agency="A", number=3),))
    left = explained(data)
    assert left.nearest[0].sentence == "O1 (A, X): agency A takes at most 0 at once (5 January 2026: 3 committed)."
    assert left.change is not None
    assert left.change.sentence == "A takes 4 at once: then O1 is possible, and nobody else has to move."


def test_a_pe_who_is_not_registered_needs_another_and_no_exception() -> None:
    # E12 has no exception to registration: another PE is the only way.
    left = explained(b.dataset(offers=(b.offer(educators=b.named("E1")),), educators=(b.educator(registered="no"),)))
    assert [(n.who, n.lifts[0].sentence) for n in left.nearest] == [
        ("the agency (name another PE)", "O1 names one PE more (a PEPS2)"),
    ]  # fmt: skip


def test_a_row_that_was_set_aside_is_put_right_by_the_team() -> None:
    left = explained(b.dataset(requests=(b.request(set_aside="a cell could not be read"),)))
    assert [n.who for n in left.nearest] == ["the team (put its row right)"]


def test_what_was_tried_and_does_not_do_is_not_said_to_be_nobodys() -> None:
    # O1 turns to 3 days a week for S1, and then S2, who is there, is no longer there on the days that the plan states.
    data = b.dataset(
        offers=(b.offer(capacity=2, days_a_week=5),), educators=(b.educator(load=2),),
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request("S1/first", days_a_week_most=3), b.request("S2/first")),
    )  # fmt: skip
    assert [(n.rules, n.who) for n in explained(data).nearest] == [(("E09",), "not known")]


def test_a_part_of_an_agencys_places_that_is_used_up() -> None:
    # U may have 30% of 4 places: 1.2, so 2. A third of 4 is more than 50%, so 51% is the least that is enough.
    data = b.dataset(offers=(b.offer(capacity=4),), educators=(b.educator(load=4),), **firsts(3))
    plan = allocate(data, policy(rules_on=("L11",), agency_part_percent={"U": 30})).plan
    [left] = plan.unplaced
    held = " and ".join(m.request for m in plan.matches).replace(" and ", ", ")
    part = "the university's or programme's part of the agency's places is reached: U at A in 2025-26: 30% of 4 places"
    assert left.nearest[0].sentence == f"O1 (A, X): {part}, at most 2, held by {held}."
    assert left.change is not None
    assert left.change.sentence == (
        "U may have 51% of an agency's places (Policy: agency_part_percent): then O1 is possible, and nobody else has to move."
    )


def test_a_place_in_another_part_of_the_partnership() -> None:
    data = b.dataset(students=(b.student(part="North"),), offers=(b.offer(part="South"),))
    left = explained(data, rules_on=("E20",))
    assert left.removed == (Blocked(rule="E20", offers=1),)
    assert left.change is not None
    assert left.change.sentence.startswith("S1 may be in every part of the partnership: then O1 is possible")


def test_a_decision_about_two_students_is_named_and_can_be_undone() -> None:
    # One agency with two places; S1 and S2 are not to be in one agency, so one of them is left.
    apart = decision("apart", "apart S1 S2", student="S1", other="S2", value="agency", by="AB")
    data = b.dataset(offers=(b.offer(capacity=2),), educators=(b.educator(load=2),), decisions=(apart,), **firsts(2))
    plan = allocate(data, policy()).plan
    [match], [left] = plan.matches, plan.unplaced
    assert left.code == "L12"
    [near] = left.nearest
    assert (near.offer, near.rules) == ("O1", ("L12",))
    assert "both are in agency A" in near.sentence
    assert [(x.kind, x.subject, x.sentence) for x in near.lifts] == [
        ("decision", "apart S1 S2", "decision apart S1 S2 (apart, by AB) is undone")
    ]
    assert {match.request, left.request} == {"S1/first", "S2/first"}
