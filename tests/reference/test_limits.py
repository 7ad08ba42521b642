"""Limits on numbers. Each test changes one datum across the boundary; the expected number is derived beside it."""

from datetime import date
from typing import Any

import pytest

from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Commitment, EducatorEntry, Published, Team
from tests.builders import MONDAY, agency, dataset, educator, history, named, offer, request, student, travel
from tests.reference.conftest import Run, changed, values

JULY = date(2026, 7, 6)
"""A Monday after the dull window, which ends on 2026-04-10."""


def crowd(number: int, **parts: Any) -> Dataset:
    """So many students who each want a first; one offer with a place for everybody, and a PE who takes everybody."""
    facts: dict[str, Any] = {
        "students": tuple(student(f"S{n}") for n in range(1, number + 1)),
        "requests": tuple(request(f"S{n}/first") for n in range(1, number + 1)),
        "offers": (offer(capacity=number),),
        "educators": (educator(load=number),),
    }
    return dataset(**facts | parts)


def kept(number: int, offer_id: str = "O1", pe: str = "E1", **changes: Any) -> Published:
    facts: dict[str, Any] = {
        "request": f"S{number}/first", "offer": offer_id, "pe": pe, "standing": "kept", "status": "confirmed",
    }  # fmt: skip
    return Published(**facts | changes)


def placed(run: Run, data: Dataset, **settings: Any) -> int:
    return len(run(data, **settings).matches)


def test_l01_one_match_for_a_request(run: Run) -> None:
    # Two offers, two PEs each: four binaries, one match.
    offers = (offer(), offer("O2"))
    assert placed(run, dataset(offers=offers, educators=(educator(), educator("E2")))) == 1


def test_l02_capacity(run: Run) -> None:
    assert placed(run, crowd(3, offers=(offer(capacity=2),))) == 2
    assert placed(run, crowd(3, offers=(offer(capacity=2),)), rules_off=("L02",)) == 3


def test_l02_kept_matches_take_places_and_may_exceed_them(run: Run) -> None:
    # Two kept in one place: over the capacity, no clash, and none for the third.
    data = crowd(3, offers=(offer(capacity=1),), published=(kept(1), kept(2)))
    assert [m[0] for m in run(data).matches] == ["S1/first", "S2/first"]


@pytest.mark.parametrize(
    ("commitment", "expected"),
    [
        (None, 2),
        (Commitment(agency="A", team="X"), 1),
        (Commitment(agency="A", team="X", number=5), 0),  # never below 0
        (Commitment(agency="A", team="Y"), 2),
        (Commitment(agency="A", team="X", first_day=date(2026, 4, 10)), 1),  # the last day of the window
        (Commitment(agency="A", team="X", first_day=date(2026, 4, 11)), 2),
        (Commitment(agency="A", team="X", last_day=date(2026, 1, 4)), 2),
    ],
)
def test_l02_a_team_at_once(run: Run, commitment: Commitment | None, expected: int) -> None:
    teams = (Team(agency="A", team="X", maximum_at_once=2),)
    data = crowd(3, teams=teams, commitments=(commitment,) if commitment else ())
    assert placed(run, data) == expected


def test_l02_an_agency_at_once(run: Run) -> None:
    # Two offers in two teams of A; A takes 2 at once, of which its team Y's commitment takes 1.
    offers = (offer(capacity=2), offer("O2", team="Y", capacity=2))
    data = crowd(
        3,
        offers=offers,
        educators=(educator(load=3, long_arm=True),),
        agencies=(agency(maximum_at_once=2),),
        commitments=(Commitment(agency="A", team="Y"),),
    )
    assert placed(run, data) == 1


def test_l02_and_l03_are_judged_day_by_day(run: Run) -> None:
    # O1 runs from January to 10 April, O2 from July: one at a time is enough for both, in team and PE alike.
    offers = (offer(), offer("O2", earliest_start=JULY))
    data = crowd(
        3, offers=offers, educators=(educator(load=1),), teams=(Team(agency="A", team="X", maximum_at_once=1),)
    )
    assert placed(run, data) == 2


def test_l03_load(run: Run) -> None:
    assert placed(run, crowd(3, educators=(educator(load=2),))) == 2
    assert placed(run, crowd(3, educators=(educator(load=2),), commitments=(Commitment(pe="E1"),))) == 1
    assert placed(run, crowd(3, educators=(educator(load=2),)), rules_off=("L03",)) == 3


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (EducatorEntry(kind="tbc"), 3),  # the offer's capacity
        (EducatorEntry(kind="tbc", places=2), 2),
        (EducatorEntry(kind="own", qualification="PEPS1"), 1),
        (EducatorEntry(kind="own", qualification="PEPS1", places=2), 2),
    ],
)
def test_l03_people_of_a_pool(run: Run, entry: EducatorEntry, expected: int) -> None:
    assert placed(run, crowd(3, offers=(offer(capacity=3, educators=(entry,)),))) == expected


def independents(number: int, **parts: Any) -> Dataset:
    """So many students at offers whose only PE is independent, and as many who have one in the team."""
    consultant = educator("E1", employed_by="independent", team=None, serves=("A",), load=number)
    offers = (offer("O1", capacity=number, educators=named("E1")), offer("O2", capacity=number, educators=named("E2")))
    return crowd(2 * number, offers=offers, educators=(consultant, educator("E2", load=number)), **parts)


def at_o1(run: Run, data: Dataset, **settings: Any) -> int:
    return sum(1 for _, offer_id, _ in run(data, **settings).matches if offer_id == "O1")


def test_l07_a_fifth_of_the_placements(run: Run) -> None:
    # I with E1, 4 with E2: 100 I <= 20 (I + 4), so 80 I <= 80 and I = 1; at 33%: 67 I <= 132, so still 1; at 34%: 2.
    assert at_o1(run, independents(4)) == 1
    assert at_o1(run, independents(4), independent_cap_percent=33) == 1
    assert at_o1(run, independents(4), independent_cap_percent=34) == 2
    assert at_o1(run, independents(4), rules_off=("L07",)) == 4
    assert at_o1(run, independents(4), independent_counts=("partnership",)) == 4


ELSEWHERE = educator("E9", team="Y")
"""A PE of A who reaches no offer there, so that A is no agency that lists nobody."""


def test_l07_an_exception_is_left_out_of_the_independents(run: Run) -> None:
    # Only S1 may be with E1: 100 x 0 <= 20 x 1.
    exception = Decision(decision="exception", id="D1", rule="L07", request="S1/first", offer="O1")
    data = crowd(1, educators=(educator(employed_by="partnership", team=None, serves=("A",)), ELSEWHERE))
    assert placed(run, data) == 0
    assert placed(run, changed(data, decisions=(exception,))) == 1


def test_l07_counts_what_happened_so_far_in_the_year_of_today(run: Run) -> None:
    data = crowd(1, educators=(educator(employed_by="independent", team=None, serves=("A",)), ELSEWHERE))
    # 100 x 1 <= 20 x (1 + 4), but not with 3 so far.
    assert placed(run, data, placements_so_far=4) == 1
    assert placed(run, data, placements_so_far=3) == 0
    # The placement starts in the year from September 2025; today is in that from September 2026.
    assert placed(run, data, placements_so_far=4, as_of=date(2026, 9, 1)) == 0
    assert placed(run, data, placements_so_far=4, as_of=date(2026, 8, 31)) == 1


def test_l07_published_placements_that_are_over_count(run: Run) -> None:
    data = crowd(1, educators=(educator(employed_by="independent", team=None, serves=("A",)), ELSEWHERE))
    ended = tuple(
        Published(request=f"P{n}/first", offer="O1", pe="E7", standing="over", status="ended", start=date(2025, 9, 1))
        for n in range(4)
    )
    # 100 x 1 <= 20 x (1 + 4); the first of September 2025 is in the year, the last of August is not.
    assert placed(run, changed(data, published=ended)) == 1
    earlier = Published(**dict(ended[0]) | {"start": date(2025, 8, 31)})
    assert placed(run, changed(data, published=(earlier, *ended[1:]))) == 0
    # One of the four was independent itself: 100 x 2 > 20 x 5.
    of_e1 = Published(**dict(ended[0]) | {"pe": "E1"})
    assert placed(run, changed(data, published=(of_e1, *ended[1:]))) == 0


def test_l07_kept_matches_alone_over_the_cap_mean_no_new_one(run: Run) -> None:
    # S1 kept with E1: 100 x 1 > 20 x 1. Then none is new with E1, though 100 x 2 <= 34 x 6 would hold with the others.
    data = independents(4, published=(kept(1),))
    assert at_o1(run, data, independent_cap_percent=34) == 1


def test_l08_hard_range(run: Run) -> None:
    # D = 4, T = floor(0.75 x 4 + 1/2) = 3, all asked of A: 3 - 1 to 3 + 1. B is outside, with places for everybody.
    agencies = (agency(social_workers_fte="10"), agency("B", membership="outside"))
    offers = (offer(capacity=4), offer("O2", agency="B", capacity=4, place="P2"))
    people = (educator(load=4), educator("E2", employed_by="B", load=4))
    data = crowd(
        4, agencies=agencies, offers=offers, educators=people, travel=(*travel(minutes=60), *travel("P0", "P2", 5))
    )

    def here(**settings: Any) -> int:
        return at_o1(run, data, tiers=("placed", "travel"), **settings)

    # B is nearer: without the range nobody goes to A; the floor sends 2 there.
    assert here() == 0
    assert here(fair_share_hard=True) == 2
    assert here(fair_share_hard=True, rules_off=("L08",)) == 0
    # At 25%, T = floor(1 + 1/2) = 1: at most 2 at A, though A is nearer now.
    near = changed(data, travel=(*travel(minutes=5), *travel("P0", "P2", 60)))
    assert at_o1(run, near, tiers=("placed", "travel")) == 4
    assert at_o1(run, near, tiers=("placed", "travel"), fair_share_hard=True, partner_share_percent=25) == 2


def test_l10_minimum_if_opened(run: Run) -> None:
    # S1 fits only O1, S2 and S3 go to either. O1 opens for at least 3: travel would rather send two to O2.
    offers = (
        offer(capacity=3, minimum=3),
        offer("O2", capacity=2, place="P2", programmes=("BA",)),
    )
    students = (student("S1"), student("S2", programme="BA"), student("S3", programme="BA"))
    data = crowd(
        3,
        offers=offers,
        students=students,
        educators=(educator(load=5),),
        travel=(*travel(minutes=60), *travel("P0", "P2", 5)),
    )
    assert at_o1(run, data, tiers=("placed", "travel")) == 3
    assert at_o1(run, data, tiers=("placed", "travel"), rules_off=("L10",)) == 1
    # With a minimum of 4 it cannot open.
    four = changed(data, offers=(offer(capacity=4, minimum=4), offers[1]))
    assert at_o1(run, four) == 0


def test_l10_minimum_always(run: Run) -> None:
    def status(minimum: int) -> str:
        return run(crowd(2, offers=(offer(capacity=3, minimum=minimum, minimum_kind="always"),))).status

    assert (status(2), status(3)) == ("optimal", "clash")


def test_l10_an_agency_in_the_year(run: Run) -> None:
    assert placed(run, crowd(3, agencies=(agency(maximum_in_year=2),))) == 2
    assert placed(run, crowd(3, agencies=(agency(maximum_in_year=2),)), rules_off=("L10",)) == 3
    # One kept of at most 2 leaves room for one.
    assert placed(run, crowd(3, agencies=(agency(maximum_in_year=2),), published=(kept(1),))) == 2
    assert run(crowd(3, agencies=(agency(minimum_in_year=3),))).status == "optimal"
    assert run(crowd(2, agencies=(agency(minimum_in_year=3),))).status == "clash"


def published_but_crowded() -> Dataset:
    """S1 and S2 published at O1, which has one place left; O2 has one."""
    rows = tuple(kept(n, standing="in_force", status="proposed") for n in (1, 2))
    return crowd(2, offers=(offer(capacity=1), offer("O2")), published=rows)


def test_max_changes(run: Run) -> None:
    # One must move, whatever the plan: 0 beyond that is enough.
    assert run(published_but_crowded(), max_changes=0).forced_changes == 1
    assert placed(run, published_but_crowded(), max_changes=0) == 2
    assert placed(run, published_but_crowded(), max_changes=1) == 2
    assert placed(run, published_but_crowded(), max_changes=None) == 2
    assert placed(run, published_but_crowded(), rules_off=("max_changes",)) == 2


def test_max_changes_does_not_count_a_pair_that_is_no_longer_eligible(run: Run) -> None:
    data = published_but_crowded()
    bar = Decision(decision="do_not_match", id="D1", request="S2/first", offer="O1")
    result = run(changed(data, decisions=(bar,)), max_changes=0)
    assert result.matches == (("S1/first", "O1", "E1"), ("S2/first", "O2", "E1"))


def fixed(**facts: Any) -> Decision:
    return Decision(**{"decision": "fix", "id": "D1", "request": "S1/first"} | facts)


def test_e16_a_fix_binds(run: Run) -> None:
    data = dataset(offers=(offer(), offer("O2")), educators=(educator(), educator("E2")))
    for asked in ({"offer": "O2"}, {"offer": "O1", "pe": "E2"}, {"offer": "O2", "pe": "E1"}):
        match = run(changed(data, decisions=(fixed(**asked),))).matches[0]
        assert match[1] == asked["offer"]
        assert match[2] == asked.get("pe", match[2])


def test_e16_a_fix_that_is_not_eligible_is_set_aside_with_its_request(run: Run) -> None:
    data = dataset(decisions=(fixed(offer="O1", pe="E1"),), educators=(educator(registered="no"),))
    result = run(data)
    assert (result.status, result.matches, result.fixes_set_aside) == ("optimal", (), ("D1",))
    # So are two different ones of one request.
    two = (fixed(offer="O1"), fixed(id="D2", offer="O2"))
    assert run(dataset(decisions=two, offers=(offer(), offer("O2")))).fixes_set_aside == ("D1", "D2")


def test_fixes_that_cannot_hold_together_clash(run: Run) -> None:
    fixes = (fixed(offer="O1"), fixed(id="D2", request="S2/first", offer="O1"))
    assert run(crowd(2, offers=(offer(capacity=1),), decisions=fixes)).status == "clash"
    assert run(crowd(2, decisions=fixes)).status == "optimal"


def test_a_kept_match_is_exempt_from_eligibility_and_keeps_its_educator(run: Run) -> None:
    data = dataset(
        students=(student(readiness="failed"),), educators=(educator(registered="no"),), published=(kept(1),)
    )
    assert run(data).matches == (("S1/first", "O1", "E1"),)


def test_a_kept_match_whose_educator_is_away_gets_another_or_none(run: Run) -> None:
    away = educator(leaves_on=date(2026, 4, 9))
    assert run(dataset(educators=(away, educator("E2")), published=(kept(1),))).matches == (("S1/first", "O1", "E2"),)
    # E2 has no room, and own_educators would rather have anybody than nobody: "PE needed" is 4.
    full = dataset(educators=(away, educator("E2", load=0)), published=(kept(1),))
    result = run(full, "placed", "own_educators", "firm")
    assert result.matches == (("S1/first", "O1", "PE needed"),)
    assert values(result) == {"placed.total": 1, "own_educators": 4, "firm": 1}
    # The published end is before E1 leaves: E1 stays.
    early = dataset(educators=(away,), published=(kept(1, start=MONDAY, end=date(2026, 4, 9)),))
    assert run(early).matches == (("S1/first", "O1", "E1"),)


def test_live_requests(run: Run) -> None:
    assert placed(run, dataset(requests=(request(set_aside="not read"),))) == 0
    assert placed(run, dataset(requests=(request(found_by="employer"),))) == 0
    assert placed(run, dataset(students=(student(withdrawn=True),))) == 0
    over = Published(request="S1/first", offer="O1", standing="over", status="ended")
    assert placed(run, dataset(published=(over,))) == 0
    assert placed(run, dataset(history=(history(),))) == 1
