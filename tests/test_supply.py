"""What a PE less, a PE more and a programme left out mean for a plan: the cases that showed the rules to be wrong."""

import pytest

from allocator.pipeline import allocate
from allocator.views.facts import Facts
from allocator.views.missing import missing
from tests import builders as b
from tests.engine.partnerships import INDEPENDENT, firsts
from tests.rules.case import policy
from tests.test_regressions import all_agree

WORDS = ("never", "where_none_listed", "always")


def number_placed(setting: str, **parts: object) -> int:
    return len(allocate(b.dataset(**parts), policy(educators_to_be_found=setting)).plan.matches)


@pytest.mark.parametrize(("setting", "there", "gone"), [("never", 1, 0), ("where_none_listed", 1, 0), ("always", 2, 2)])
def test_a_pe_who_leaves_makes_no_place(setting: str, there: int, gone: int) -> None:
    # O1 has two places and E1 takes one. It was two places when E1 had left: TBC@O1. With `always` one to be named takes
    # what E1 does not, before and after.
    offers = (b.offer(capacity=2),)
    assert number_placed(setting, offers=offers, **firsts(2)) == there
    left = (b.educator(withdrawn_from=b.MONDAY),)
    assert number_placed(setting, offers=offers, educators=left, **firsts(2)) == gone
    assert all_agree(b.dataset(offers=offers, educators=left, **firsts(2)), policy(educators_to_be_found=setting))


def test_without_consultants_fewer_are_placed_than_with_them() -> None:
    # A's own E1 is full with one; I1 takes another. Without I1 nobody does; it was as many.
    offers, free = (b.offer(capacity=3),), {"independent_cap_percent": 100}
    for pes, number in (((b.educator(), b.educator("I1", **INDEPENDENT)), 2), ((b.educator(),), 1)):
        plan = allocate(b.dataset(offers=offers, educators=pes, **firsts(3)), policy(**free)).plan
        assert len(plan.matches) == number


def test_a_pe_more_closes_no_place_of_finals_where_the_agency_lists_somebody() -> None:
    # The PEPS2 of another team comes to reach nobody; one PEPS1 more in the team takes no final, and none away.
    final = {"requests": (b.request("S1/final"),), "history": (b.history(),)}
    away, more = b.educator("E1", team="Y"), b.educator("E2", qualification="PEPS1")
    for setting, number in zip(WORDS, (0, 0, 1), strict=True):
        assert number_placed(setting, educators=(away,), **final) == number
        assert number_placed(setting, educators=(away, more), **final) == number
    # An independent PEPS1 is none of the agency's: whether it lists somebody stays as it was.
    independent = b.educator("I1", qualification="PEPS1", **INDEPENDENT)
    for setting, number in zip(WORDS, (0, 1, 1), strict=True):
        assert number_placed(setting, educators=(), **final) == number
        assert number_placed(setting, educators=(independent,), **final) == number


def test_one_to_be_found_is_the_last_resort() -> None:
    # Two places, and E1 takes one: the other waits, so `firm` is 1 and not 2.
    data = b.dataset(offers=(b.offer(capacity=2),), **firsts(2))
    plan = allocate(data, policy(educators_to_be_found="always")).plan
    assert sorted(m.pe or "" for m in plan.matches) == ["E1", "TBC@O1"]
    assert {t.tier: t.value for t in plan.tiers}["firm"] == 1
    assert all_agree(data, policy(educators_to_be_found="always"))


@pytest.mark.parametrize("tiers", [("placed", "firm"), ("placed", "lottery"), ("lottery", "placed")])
def test_a_programme_left_out_has_the_place_that_is_left(tiers: tuple[str, ...]) -> None:
    # S1 is of a programme left out, S2 is not; E1 and E2 take one each. With two places both are placed, with one S2 is.
    students = (b.student("S1", programme="APP"), b.student("S2"))
    settings = policy(programmes_left_out=("APP",), tiers=tiers, placed_total=True)
    for capacity, who in ((2, ["S1/first", "S2/first"]), (1, ["S2/first"])):
        data = b.dataset(
            offers=(b.offer(capacity=capacity),), educators=(b.educator("E1"), b.educator("E2")),
            **firsts(2) | {"students": students},
        )  # fmt: skip
        plan = allocate(data, settings).plan
        assert [m.request for m in plan.matches] == who
        found = {t.tier: (t.value, t.proved) for t in plan.tiers}
        assert (found["placed.total"], found["left_out"]) == ((1, True), (capacity - 1, True))
        assert [t.tier for t in plan.tiers][-1] == ("lottery" if tiers[-1] == "lottery" else "left_out")
        assert all_agree(data, settings)


def test_a_programme_left_out_changes_nothing_for_others() -> None:
    # S2 lives next to O1 and would have it in band 1; S1, left out, can go nowhere else. S2 keeps it.
    students = (b.student("S1", programme="APP", excluded_agencies=("B",)), b.student("S2"))
    offers = (b.offer("O1"), b.offer("O2", agency="B", team="Z", place="P2"))
    travel = (*b.travel(minutes=20), *b.travel(destination="P2", minutes=70))
    data = b.dataset(
        offers=offers, agencies=(b.agency(), b.agency("B")), travel=travel,
        educators=(b.educator(), b.educator("E2", employed_by="B", team="Z")), **firsts(2) | {"students": students},
    )  # fmt: skip
    plan = allocate(data, policy(programmes_left_out=("APP",))).plan
    assert [(m.request, m.offer) for m in plan.matches] == [("S2/first", "O1")]


def said(setting: str, **parts: object) -> list[str]:
    data, chosen = b.dataset(**parts), policy(educators_to_be_found=setting)
    return [m.what for m in missing(Facts(data, chosen, allocate(data, chosen).plan)) if "offer" in m.what]


def test_the_front_page_says_which_offers_nobody_can_supervise() -> None:
    # E1 of A is in team Y; O1 and O2 are in team X.
    elsewhere = {"offers": (b.offer("O1"), b.offer("O2")), "educators": (b.educator(team="Y"),)}
    blank = "2 offers say nothing of their PEs, and nobody listed reaches the team (Offers: educators)"
    assert [said(s, **elsewhere) for s in WORDS] == [[blank], [blank], []]
    assert [len(said(s, educators=())) for s in WORDS] == [1, 0, 0]
    left = {"offers": (b.offer(educators=b.named("E1")),), "educators": (b.educator(withdrawn_from=b.MONDAY),)}
    assert said("always", **left) == ["1 offer names only PEs who have left (Offers: educators)"]
