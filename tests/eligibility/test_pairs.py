"""Pairs of request and offer: masks, fixes, and what is asked by id."""

from typing import Any

import pytest

from allocator.eligibility import Eligibility, pair_rules
from models.entities import Published
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import LAST_FRIDAY, decision, policy


def eligibility(settings: dict[str, Any] | None = None, **parts: Any) -> Eligibility:
    return Eligibility(b.dataset(**parts), policy(**settings or {}))


def test_a_pair_holds_window_and_every_pe_who_may_take_it() -> None:
    found = eligibility(educators=(b.educator("E10"), b.educator("E2"), b.educator("E3", registered="no")))
    [pair] = found.pairs["S1/first"]
    assert (pair.offer.offer, pair.window) == ("O1", (b.MONDAY, LAST_FRIDAY))
    assert [c.pe for c in pair.educators] == ["E2", "E10"]
    assert found.offers("S1/first") == ("O1",)
    assert found.educators("S1/first", "O1") == ("E2", "E10")
    assert found.minutes("S1/first", "O1").minutes == 20


def test_ids_that_are_not_eligible_have_nothing() -> None:
    found = eligibility()
    assert found.offers("S9/first") == ()
    assert found.educators("S1/first", "O9") == ()


def test_an_offer_without_any_possible_pe_is_no_pair() -> None:
    # A pool would stand in where nobody is in reach; here the only one in reach is not registered.
    assert eligibility(educators=(b.educator(registered="no"),)).pairs == {"S1/first": ()}
    assert eligibility(educators=()).educators("S1/first", "O1") == ("TBC@O1",)


def test_kept_and_set_aside_requests_are_not_asked() -> None:
    names = firsts(3)
    requests = (names["requests"][0], b.request("S2/first", set_aside="unreadable"), names["requests"][2])
    kept = Published(request="S1/first", offer="O1", standing="kept", pe="E1")
    assert list(eligibility(**names | {"requests": requests}, published=(kept,)).pairs) == ["S3/first"]


def test_blocks_give_the_same_masks_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = firsts(5) | {"decisions": (decision("do_not_match", request="S4/first", offer="O1"),)}
    data = b.dataset(offers=(b.offer("O1"), b.offer("O2", stage="final")), **parts)
    whole = Eligibility(data, policy()).open_pairs(data.requests)
    monkeypatch.setattr(pair_rules, "BLOCK", 2)
    assert Eligibility(data, policy()).open_pairs(data.requests).tolist() == whole.tolist()
    assert whole.tolist() == [[True, False]] * 3 + [[False, False]] + [[True, False]]
    assert Eligibility(data, policy()).open_pairs(()).shape == (0, 2)


def test_masks_come_rule_by_rule_and_leave_out_what_is_off() -> None:
    data = b.dataset(offers=(b.offer("O1", stage="final"), b.offer("O2", cannot=("step-free",))),
                     students=(b.student(adjustments=("step-free",)),))  # fmt: skip
    masks = {rule: mask.tolist() for rule, mask in Eligibility(data, policy()).excluding_masks(data.requests)}
    assert masks["E01"] == [[True, False]]
    assert masks["E07"] == [[False, True]]
    assert list(masks)[:3] == ["E16", "E02", "E01"]  # the order in which removals are counted
    off = Eligibility(data, policy(rules_off=("E07",)))
    assert "E07" not in {rule for rule, _ in off.excluding_masks(data.requests)}
    assert off.offers("S1/first") == ("O2",)


# ---- fixes ---------------------------------------------------------------------------------------------------------
TWO: dict[str, Any] = {"offers": (b.offer("O1"), b.offer("O2")), "educators": (b.educator("E1"), b.educator("E2"))}


def test_a_fix_leaves_its_pair_alone() -> None:
    found = eligibility(decisions=(decision("fix", request="S1/first", offer="O2"),), **TWO)
    assert found.offers("S1/first") == ("O2",)
    assert found.educators("S1/first", "O2") == ("E1", "E2")
    assert (found.fixed, found.fixes_set_aside) == (frozenset(("S1/first",)), ())


def test_a_fix_with_a_pe_leaves_that_pe_alone() -> None:
    found = eligibility(decisions=(decision("fix", request="S1/first", offer="O2", pe="E2"),), **TWO)
    assert found.educators("S1/first", "O2") == ("E2",)


@pytest.mark.parametrize(("offer", "pe"), [("O3", None), ("O2", "E9"), ("O9", None)])
def test_a_fix_that_is_not_eligible_is_set_aside(offer: str, pe: str | None) -> None:
    offers = (*TWO["offers"], b.offer("O3", stage="final"))
    found = eligibility(
        decisions=(decision("fix", request="S1/first", offer=offer, pe=pe),), **TWO | {"offers": offers}
    )
    assert (found.pairs, found.fixed, found.fixes_set_aside) == ({"S1/first": ()}, frozenset(), ("S1/first",))


def test_with_e16_off_a_fix_is_nothing() -> None:
    fix = decision("fix", request="S1/first", offer="O2")
    found = eligibility({"rules_off": ("E16",)}, decisions=(fix,), **TWO)
    assert found.offers("S1/first") == ("O1", "O2")
    assert (found.fixed, found.fixes_set_aside) == (frozenset(), ())


def test_the_published_pair_is_judged_without_its_fix() -> None:
    found = eligibility(decisions=(decision("fix", request="S1/first", offer="O2"),), **TWO)
    request = b.request()
    pair = found.published_pair(request, "O1")
    assert pair is not None
    assert [c.pe for c in pair.educators] == ["E1", "E2"]
    assert found.published_pair(request, "O9") is None


def test_a_published_pair_may_be_impossible_by_offer_or_by_pe() -> None:
    request = b.request()
    assert eligibility(offers=(b.offer(withdrawn=True),)).published_pair(request, "O1") is None
    assert eligibility(educators=(b.educator(registered="no"),)).published_pair(request, "O1") is None


# ---- bands, firsts, two placements ---------------------------------------------------------------------------------
def test_bands_by_points_and_by_rank() -> None:
    by_points = eligibility()
    # Areas not stated 30 + travel within target 40 = 70: band 2 of 5.
    assert (by_points.band("S1/first", "O1"), by_points.bands) == (2, 5)
    ranked = eligibility(students=(b.student(ranked_offers=(("O2",), ("O1",))),))
    assert (ranked.band("S1/first", "O1"), ranked.bands) == (2, 2)
    assert ranked.band("S1/first", "O1") == 2  # looked up, not worked out again


def test_the_first_of_a_final_is_live_recorded_or_unknown() -> None:
    live = eligibility(requests=(b.request("S1/first"), b.request("S1/final"))).first_of_final("S1/final")
    assert live == b.request("S1/first")
    final = (b.request("S1/final"),)
    assert eligibility(requests=final, history=(b.history(),)).first_of_final("S1/final") == b.history()
    assert eligibility(requests=final).first_of_final("S1/final") is None
    # A past request is not live, and its student has no live request at all.
    past = eligibility(requests=final, tranches=(b.tranche(status="past"),))
    assert past.first_of_final("S1/final") is None


def test_two_placement_rules_that_a_pair_breaks() -> None:
    found = eligibility({"contrast": "both"}, students=(b.student(scheme="intern"),))
    first = found.placement(
        b.request("S1/first"), b.offer(statutory_regulator="no", authorities=("L",)), (b.MONDAY, LAST_FRIDAY)
    )
    final = found.placement(
        b.request("S1/final"), b.offer(statutory_regulator="no", authorities=("M",)), (LAST_FRIDAY, LAST_FRIDAY)
    )
    # The same team, neither statutory, no contrast, one day together, no authority in common.
    assert found.broken_together("S1", first, final) == ("E10", "L04", "L05", "L06", "L09")


def test_l09_is_about_interns_alone() -> None:
    found = eligibility()
    window = (b.MONDAY, LAST_FRIDAY)
    first = found.placement(b.request("S1/first"), b.offer(authorities=("L",)), window)
    final = found.placement(b.request("S1/final"), b.offer(authorities=("M",)), window)
    assert "L09" not in found.broken_together("S1", first, final)


def test_a_final_after_an_unrecorded_first_has_to_be_statutory() -> None:
    requests = (b.request("S1/final"),)
    window = (b.MONDAY, LAST_FRIDAY)
    for statutory, on, broken in (("no", True, ("L04",)), ("yes", True, ()), ("no", False, ())):
        found = eligibility({"rules_off": () if on else ("L04",)}, requests=requests)
        placement = found.placement(requests[0], b.offer(statutory_regulator=statutory), window)
        assert found.broken_with_history(requests[0], placement) == broken
