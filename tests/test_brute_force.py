"""The brute force against small sums by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from models.decisions import Decision
from models.entities import Agency, Commitment, EducatorEntry, Published
from models.policy import Policy
from tests import builders as b
from tests.brute_force import count_plans, judge, solve
from tests.brute_force.candidates import points
from tests.brute_force.case import Case
from tests.brute_force.days import months_later, window
from tests.brute_force.shares import ranges

POLICY = Policy(as_of=date(2026, 1, 1))


def two_students(**parts: object) -> dict[str, object]:
    return {
        "students": (b.student("S1"), b.student("S2")),
        "requests": (b.request("S1/first"), b.request("S2/first")),
    } | parts


def tier(tiers: tuple[tuple[str, int], ...], name: str) -> int:
    return dict(tiers)[name]


def test_window_counts_working_days_and_skips_a_bank_holiday() -> None:
    # 3 days at 5 a week from Saturday 3 January: Monday 5, Tuesday 6, (Wednesday 7 off), Thursday 8.
    assert window(date(2026, 1, 3), 3, Decimal(5), {date(2026, 1, 7)}) == (date(2026, 1, 5), date(2026, 1, 8))
    # 4 days at 3 a week: ceil(20 / 3) = 7 working days: 5 to 9 January, then 12 and 13.
    assert window(date(2026, 1, 5), 4, Decimal(3), ()) == (date(2026, 1, 5), date(2026, 1, 13))


def test_calendar_months_are_clipped() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2025, 12, 31), 2) == date(2026, 2, 28)


def test_the_dull_partnership_has_one_best_plan() -> None:
    found = solve(b.dataset(), POLICY)
    assert found.best == (("S1/first", "O1", "E1"),)
    assert (found.optimal_count, found.legal_count, found.plan_count) == (1, 2, 2)
    assert tier(found.tiers, "placed.firsts") == 1
    assert tier(found.tiers, "complete") == 1
    assert tier(found.tiers, "two_statutory") == 1  # only a first in the horizon, and it is statutory
    assert tier(found.tiers, "travel") == 20
    # No areas preferred: 30; no agencies: 0; 20 minutes are within target: 40. 70 points are band 2.
    assert tier(found.tiers, "preferences.band2") == 1


def test_places_that_are_held() -> None:
    # Four firsts, 3 places. 1 is held for S1, who failed and takes none, and 1 for nobody yet: 3 - 2 = 1 is placed.
    # Of the 4 pairs 3 are eligible; legal are no match, and one of three: 4 plans.
    names = ("S1", "S2", "S3", "S4")
    parts: dict[str, object] = {
        "students": tuple(b.student(s, readiness="failed" if s == "S1" else "passed") for s in names),
        "requests": tuple(b.request(f"{s}/first") for s in names),
        "offers": (b.offer(capacity=3),),
        "educators": (b.educator(load=4),),
    }
    holds = (
        Decision(decision="hold", id="D1", request="S1/first", offer="O1", places=1),
        Decision(decision="hold", id="D2", offer="O1", places=1),
    )
    found = solve(b.dataset(**parts, decisions=holds), POLICY)
    assert (tier(found.tiers, "placed.firsts"), found.legal_count) == (1, 4)
    # Without the hold for nobody 3 - 1 = 2 are placed: 1 + 3 + 3 plans. Without any all three: 2 to the power of 3.
    found = solve(b.dataset(**parts, decisions=holds[:1]), POLICY)
    assert (tier(found.tiers, "placed.firsts"), found.legal_count) == (2, 7)
    found = solve(b.dataset(**parts), POLICY)
    assert (tier(found.tiers, "placed.firsts"), found.legal_count) == (3, 8)


def test_empty_dataset_has_the_empty_plan() -> None:
    found = solve(b.dataset(students=(), requests=(), educators=()), POLICY)
    assert (found.status, found.best, found.plan_count) == ("optimal", (), 1)


def test_load_two_lets_the_second_student_in() -> None:
    # One offer of two places, one PE: load 1 places one of two students, load 2 both.
    for load, placed in ((1, 1), (2, 2)):
        data = b.dataset(**two_students(offers=(b.offer(capacity=2),), educators=(b.educator(load=load),)))
        found = solve(data, POLICY)
        assert tier(found.tiers, "placed.firsts") == placed
        assert found.binding == (frozenset() if load == 2 else {"L03"})


def test_commitment_takes_from_a_maximum_but_only_while_it_lasts() -> None:
    # The agency takes one at once. 70 days from 5 January 2026 are 14 weeks, to Friday 10 April: a commitment to
    # 4 January takes nothing; one on the last day takes the place.
    parts = {"agencies": (b.agency(maximum_at_once=1),)}
    before = Commitment(agency="A", last_day=date(2026, 1, 4))
    on_last_day = Commitment(agency="A", team="X", first_day=date(2026, 4, 10))
    assert solve(b.dataset(**parts, commitments=(before,)), POLICY).best
    assert not solve(b.dataset(**parts, commitments=(on_last_day,)), POLICY).best


def test_final_waits_for_its_first() -> None:
    # The first runs from 5 January to 10 April; a final from Monday 13 April holds, one from Friday 10 April does not.
    for start, placed in ((date(2026, 4, 13), 1), (date(2026, 4, 10), 0)):
        data = b.dataset(
            requests=(b.request("S1/first"), b.request("S1/final", earliest_start=start)),
            offers=(b.offer("O1"), b.offer("O2", team="Y", areas=("adults",))),
            educators=(b.educator("E1"), b.educator("E2", team="Y")),
        )
        found = solve(data, POLICY)
        assert tier(found.tiers, "placed.finals") == placed
        assert tier(found.tiers, "placed.firsts") == 1


def test_cap_on_independents_counts_exactly() -> None:
    # One new match with an independent and p placements so far: 100 x 1 <= 20 (p + 1) needs p = 4.
    offer = b.offer(on_site_supervisor="yes")
    visiting = b.educator(employed_by="independent", team=None, serves=("A",))
    # E9 does not come to the team, but A lists somebody, so that no PE is to be found there.
    data = b.dataset(offers=(offer,), educators=(visiting, b.educator("E9", team="Z")))
    for so_far, placed in ((3, 0), (4, 1)):
        found = solve(data, POLICY.model_copy(update={"placements_so_far": so_far}))
        assert tier(found.tiers, "placed.firsts") == placed


def test_max_changes_keeps_a_published_match() -> None:
    # O2 is nearer (5 minutes against 20) but the plan in force says O1; with one change allowed the tier
    # "changes" still comes before travel, so the match stays until changes are no tier at all.
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2", place="P2")),
        travel=(*b.travel(), *b.travel("P0", "P2", 5)),
        published=(Published(request="S1/first", offer="O1", pe="E1", standing="in_force"),),
    )
    assert solve(data, POLICY).best[0][1] == "O1"
    assert solve(data, POLICY.model_copy(update={"max_changes": 1})).best[0][1] == "O1"
    free = POLICY.model_copy(update={"max_changes": None, "tiers": ("placed", "travel")})
    assert solve(data, free).best[0][1] == "O2"
    # Not placing it is a change too: with none allowed the empty plan is illegal.
    assert judge(data, POLICY, {}, forced_changes=0).broken == {"max_changes"}


def test_a_fix_elsewhere_frees_the_published_match() -> None:
    # A person moved the request: 0 changes, although max_changes is 0 and the match is no longer at O1.
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2")),
        published=(Published(request="S1/first", offer="O1", pe="E1", standing="in_force"),),
        decisions=(Decision(decision="fix", id="D1", request="S1/first", offer="O2"),),
    )
    found = solve(data, POLICY)
    assert found.best == (("S1/first", "O2", "E1"),)
    assert tier(found.tiers, "changes.offers") == 0


def test_kept_match_without_its_educator_reads_pe_needed() -> None:
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    gone = b.educator(withdrawn_from=date(2026, 2, 1))
    found = solve(b.dataset(published=(kept,), educators=(gone,)), POLICY)
    # E1 is withdrawn before the window ends and nobody else is listed. Going away opens no pool, so that the match
    # reads "PE needed", which weighs 4 in own_educators.
    assert found.plan_count == 1
    assert found.best == (("S1/first", "O1", "PE needed"),)
    assert tier(found.tiers, "own_educators") == 4


def test_minimum_always_clashes_where_nobody_can_come() -> None:
    data = b.dataset(offers=(b.offer(minimum=2, minimum_kind="always", capacity=2),))
    assert solve(data, POLICY).status == "clash"
    opened = b.dataset(offers=(b.offer(minimum=2, capacity=2),))
    assert solve(opened, POLICY).best == ()


def test_fix_that_is_not_eligible_leaves_its_request_unplaced() -> None:
    fix = Decision(decision="fix", id="D1", request="S1/first", offer="O1", pe="E2")
    data = b.dataset(decisions=(fix,), educators=(b.educator(), b.educator("E2", registered="no")))
    assert solve(data, POLICY).best == ()
    assert not judge(data, POLICY, {"S1/first": ("O1", "E1")}).legal


def test_pool_of_two_takes_two_students() -> None:
    entry = EducatorEntry(kind="own", qualification="PEPS1", places=2)
    data = b.dataset(**two_students(offers=(b.offer(capacity=2, educators=(entry,)),)))
    assert solve(data, POLICY).best == (("S1/first", "O1", "own PEPS1@O1"), ("S2/first", "O1", "own PEPS1@O1"))


def test_points_of_travel_between_target_and_limit() -> None:
    # 75 minutes with target 60 and limit 90: 40 x 15 / 30 = 20; no areas stated: 30; together 50.
    data = b.dataset(travel=b.travel(minutes=75))
    assert points(Case(data, POLICY), data.requests[0], data.offers[0]) == Fraction(50)


def test_fair_share_range_by_largest_remainder() -> None:
    # D = 4, T = floor(3 + 1/2) = 3. Weights 5 and 5 of 10: 3/2 each, 1 each; the tie of remainder and weight goes to
    # A: 2 and 1. Tolerance max(1, 0) = 1. Offered: A one place, B none. Floor min(2 - 1, 1) = 1 and 0; ceiling 3, 2.
    names = ("S1", "S2", "S3", "S4")
    agencies = (b.agency(social_workers_fte="5"), Agency(agency="B", membership="secondary", social_workers_fte="5"))
    data = b.dataset(
        students=tuple(b.student(n) for n in names),
        requests=tuple(b.request(f"{n}/first") for n in names),
        agencies=agencies,
    )
    assert ranges(Case(data, POLICY)) == {("A", 2025): (1, 3), ("B", 2025): (0, 2)}


def test_count_of_plans_is_the_product_of_the_choices() -> None:
    # Two students, each none or (O1, E1) or (O1, E2): 3 x 3.
    data = b.dataset(**two_students(educators=(b.educator(), b.educator("E2"))))
    assert count_plans(data, POLICY) == 9


def test_brute_force_asks_for_today() -> None:
    reserved = b.dataset(offers=(b.offer(reserved_for="BA", reserved_until=date(2026, 2, 1)),))
    with pytest.raises(ValueError, match="as_of"):
        solve(reserved, Policy())
