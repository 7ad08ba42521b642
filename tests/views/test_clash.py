"""A clash in words: whose match would have to move and what to type come first, then the rows with their numbers."""

from datetime import date

from allocator.pipeline import allocate
from allocator.views.clash import clash_lines, clash_proof, clash_sentence
from models.entities import Published
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import decision, policy


def test_what_to_type_comes_first_then_the_rows_with_numbers() -> None:
    # Two are fixed to the one place of O1: one too many.
    fixes = tuple(decision("fix", id=f"D{i}", request=f"S{i}/first", offer="O1") for i in (1, 2))
    data = b.dataset(educators=(b.educator(load=3),), decisions=fixes, **firsts(2))
    clash = allocate(data, policy()).plan.clash
    assert clash is not None
    assert clash_sentence(clash) == (
        "No plan: these 3 rules and rows cannot hold together: S1/first or S2/first would have to move. "
        "Do one of these: delete decision D1 on the sheet Decisions, which fixes S1/first to O1; "
        "delete decision D2 on the sheet Decisions, which fixes S2/first to O1; "
        "raise the capacity of O1 on the sheet Offers by 1. Then work out the plan anew."
    )
    assert clash_lines(clash)[-1] == "L02 O1: O1 has 1 place in all, 1 fewer than are fixed or kept there."


def test_a_kept_match_in_the_way_is_named() -> None:
    # S1 is confirmed at the one place of O1, and S2 is fixed to it.
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    fix = decision("fix", request="S2/first", offer="O1")
    data = b.dataset(educators=(b.educator(load=3),), published=(kept,), decisions=(fix,), **firsts(2))
    clash = allocate(data, policy()).plan.clash
    assert clash is not None
    assert "S2/first or S1/first (kept) would have to move. " in clash_sentence(clash)
    # Room at the offer, none with its PE.
    wide = {"offers": (b.offer(capacity=2),), "educators": (b.educator(load=1),)}
    clash = allocate(data.model_copy(update=wide), policy()).plan.clash
    assert clash is not None
    assert [m.kept for m in clash.members if m.rule == "L03"] == [("S1/first",)]
    assert "raise the load of E1 on the sheet Educators" in clash_sentence(clash)
    assert "S2/first or S1/first (kept) would have to move. " in clash_sentence(clash)


def test_a_fix_for_which_a_hold_leaves_no_place_is_a_clash_that_names_the_hold() -> None:
    # Of the 2 places of O1 one is held for S1; S2 and S3 are fixed there: 2 + 1 held are 1 more than there are.
    fixes = tuple(decision("fix", id=f"D{i}", request=f"S{i}/first", offer="O1") for i in (2, 3))
    hold = decision("hold", "D9", request="S1/first", offer="O1", places=1, until=date(2026, 6, 30))
    parts = {"offers": (b.offer(capacity=2),), "educators": (b.educator(load=3),)} | firsts(3)
    clash = allocate(b.dataset(decisions=(*fixes, hold), **parts), policy()).plan.clash
    assert clash is not None
    assert clash_lines(clash)[-1] == (
        "L02 O1: O1 has 2 places in all, 1 of them held for S1/first until 2026-06-30 (decision D9), 1 fewer than are "
        "fixed, kept or held there."
    )
    assert clash.members[-1].remedy == (
        "delete decision D9 on the sheet Decisions, by which places of O1 are held, or raise the capacity of O1 on the "
        "sheet Offers by 1"
    )
    for change in (
        {"decisions": fixes},
        {"decisions": (*fixes[:1], hold)},
        {"decisions": (*fixes, hold), "offers": (b.offer(capacity=3),)},
        {"decisions": (*fixes, hold.model_copy(update={"request": "S2/first"}))},  # who is fixed has it
    ):
        assert allocate(b.dataset(**parts | change), policy()).plan.clash is None


def test_what_stands_in_the_way_beside_it_is_named_at_once() -> None:
    # S1 is confirmed at the one place of O1, with the only PE, who takes one; S2 is fixed to it.
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    fix = decision("fix", id="D1", request="S2/first", offer="O1")
    data = b.dataset(published=(kept,), decisions=(fix,), **firsts(2))
    clash = allocate(data, policy()).plan.clash
    assert clash is not None
    assert [(m.rule, m.subject, m.asks) for m in clash.members] == [("E16", "S2/first", True), ("L03", "E1", False)]
    assert [[(m.rule, m.subject, m.kept) for m in limits] for limits in clash.also] == [[("L02", "O1", ("S1/first",))]]
    assert clash_sentence(clash) == (
        "No plan: these 2 rules and rows cannot hold together: S2/first or S1/first (kept) would have to move. "
        "Do one of these: delete decision D1 on the sheet Decisions, which fixes S2/first to O1; "
        "raise the load of E1 on the sheet Educators and raise the capacity of O1 on the sheet Offers by 1. "
        "Then work out the plan anew."
    )
    assert clash_lines(clash)[-1] == (
        "Also L02 O1: O1 has 1 place in all, 1 fewer than are fixed or kept there. Kept there: S1/first."
    )
    assert clash_proof(clash).endswith('what is named with "also" is in the way still.')
    # What it says to type is enough: both together, and neither alone.
    wide, strong = {"offers": (b.offer(capacity=2),)}, {"educators": (b.educator(load=2),)}
    assert allocate(data.model_copy(update=wide), policy()).plan.clash is not None
    assert allocate(data.model_copy(update=strong), policy()).plan.clash is not None
    assert allocate(data.model_copy(update=wide | strong), policy()).plan.clash is None


def test_a_line_about_an_agency_names_the_kept_matches_that_take_its_number() -> None:
    # S1 is confirmed at O1 of A, which takes one in the year; S2 is fixed to O2 of A.
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    fix = decision("fix", id="D1", request="S2/first", offer="O2")
    parts = {"offers": (b.offer(), b.offer("O2")), "educators": (b.educator(load=3),), "decisions": (fix,)} | firsts(2)
    data = b.dataset(published=(kept,), agencies=(b.agency(maximum_in_year=1),), **parts)
    clash = allocate(data, policy()).plan.clash
    assert clash is not None
    assert clash_lines(clash)[-1] == "L10 A: A asks for at most 1 in the year. Kept there: S1/first."
    # The same where S9 was there in the autumn and nobody is kept.
    over = Published(request="S9/first", offer="O1", standing="over", status="ended", start=date(2025, 9, 8))
    clash = allocate(
        b.dataset(published=(over,), agencies=(b.agency(maximum_in_year=1),), **parts), policy()
    ).plan.clash
    assert clash is not None
    assert clash_lines(clash)[-1] == (
        "L10 A: A asks for at most 1 in the year, counting 1 outside the plan (over, or found by employers)."
    )


def test_a_hard_range_says_its_numbers_and_how_to_make_it_an_aim() -> None:
    # Two requests, fixed to A; B has all the weight: A is asked for 0 to 1.
    fixes = tuple(decision("fix", id=f"D{n}", request=f"S{n}/first", offer="O1") for n in (1, 2))
    agencies = (b.agency(social_workers_fte=1), b.agency("B", social_workers_fte=99))
    data = b.dataset(
        offers=(b.offer(capacity=2),), educators=(b.educator(load=2),), decisions=fixes, agencies=agencies, **firsts(2)
    )
    clash = allocate(data, policy(fair_share_hard=True)).plan.clash
    assert clash is not None
    assert clash_lines(clash)[-1] == (
        "L08 A: A is asked for 0 to 1 placements in 2025-26, which is a limit by the policy."
    )
    assert "let the range be an aim again (fair_share_hard = no on the sheet Policy)" in clash_sentence(clash)
