"""Why a request was not placed: its row, its fix, its round or its student's other placement."""

import pytest

from allocator.pipeline import allocate
from models.entities import Published, Spoke
from tests import builders as b
from tests.reasons.explained import explained
from tests.rules.case import LAST_FRIDAY, decision, policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, NOT_STATUTORY, final_place


# ---- fixes, rows set aside, later tranches -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("offer", "pe", "words"),
    [
        ("O2", None, "It is fixed to O2, which cannot be: it does not take this stage, tranche or length (E01)."),
        # O1 alone is possible, with E1; E2 is not registered.
        ("O1", "E2", "It is fixed to O1 with E2, which cannot be: no PE there is registered and current (E12)."),
        ("O1", "E9", "It is fixed to O1 with E9, which cannot be: E9 is not listed."),
        ("O9", None, "It is fixed to O9, which is not listed."),
    ],
)
def test_a_fix_set_aside_says_why(offer: str, pe: str | None, words: str) -> None:
    fix = decision("fix", request="S1/first", offer=offer, pe=pe)
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2", stage="final")), decisions=(fix,),
        educators=(b.educator("E1"), b.educator("E2", registered="no")),
    )  # fmt: skip
    plan = allocate(data, policy()).plan
    assert plan.fixes_set_aside == ("S1/first",)
    [left] = plan.unplaced
    assert (left.code, left.reason) == ("fix", words)


def test_a_row_set_aside_says_why() -> None:
    left = explained(b.dataset(requests=(b.request(set_aside="clearance cannot be read"),)))
    assert (left.code, left.reason) == ("set aside", "Its row was set aside: clearance cannot be read")


def test_a_later_tranche_is_told_with_what_stands_in_the_way_for_now() -> None:
    data = b.dataset(tranches=(b.tranche("T1"), b.tranche("T2", status="later")), requests=(b.request(tranche="T2"),))
    left = explained(data)
    assert left.code == "later"
    assert left.reason == (
        "It belongs to a later tranche. For now: no offer takes this stage in this tranche and holds its days (E01)."
    )


# ---- the other placement -------------------------------------------------------------------------------------------
def test_a_final_waits_for_its_first() -> None:
    # Only finals are offered.
    data = b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=(final_place("O2", stage="final"),))
    left = explained(data, "S1/final")
    assert left.code == "L06"
    assert left.reason == "Its first placement (S1/first) is not placed, and a final goes only with its first (L06)."
    assert left.nearest[0].rules == ("L06",)


def test_with_l06_off_a_final_does_not_wait() -> None:
    data = b.dataset(requests=BOTH_REQUESTS, educators=(), offers=(final_place("O2", stage="final", capacity=0),))
    left = explained(data, "S1/final", rules_off=("L06",))
    # Nobody is in reach, so the pool of the offer stands in, which has as many PEs as the offer has places: none.
    assert (left.code, left.nearest[0].rules) == ("L02", ("L02", "L03"))
    assert [x.kind for x in left.nearest[0].lifts] == ["place"]


def test_a_final_that_its_placed_first_rules_out() -> None:
    # The first in O1 is fixed and not statutory, and neither is the only place for the final.
    data = b.dataset(
        requests=BOTH_REQUESTS, educators=EDUCATORS, decisions=(decision("fix", request="S1/first", offer="O1"),),
        offers=(b.offer("O1", stage="first", **NOT_STATUTORY), final_place("O2", stage="final", **NOT_STATUTORY)),
    )  # fmt: skip
    left = explained(data, "S1/final")
    assert (left.code, left.eligible_offers) == ("L04", 1)
    assert (
        left.reason
        == "1 offer fits this request alone, but too few of the two placements would be statutory: by the regulator's test (L04)."
    )


def test_a_final_that_history_rules_out() -> None:
    data = b.dataset(requests=(b.request("S1/final"),), history=(b.history(areas=("children",), setting="authority"),))
    left = explained(data, "S1/final")
    assert left.code == "L05"
    assert (
        left.nearest[0].sentence
        == "O1 (A, X): the two placements would not contrast: children in setting authority after the first."
    )


def test_a_first_that_its_kept_final_rules_out() -> None:
    # The final is kept and starts on the day the first would end.
    kept = Published(request="S1/final", offer="O2", standing="kept", pe="E2", start=LAST_FRIDAY, end=LAST_FRIDAY)
    data = b.dataset(
        requests=BOTH_REQUESTS,
        educators=EDUCATORS,
        offers=(b.offer("O1"), final_place("O2", stage="final")),
        published=(kept,),
    )
    left = explained(data)
    assert left.code == "L06"
    assert left.nearest[0].rules == ("L06",)


def test_a_fix_that_cannot_be_is_all_that_stands_in_the_way_elsewhere() -> None:
    # O2 takes finals; O1 is free, and only the fix to O2 bars it.
    fix = decision("fix", request="S1/first", offer="O2", by="Ann")
    left = explained(b.dataset(offers=(b.offer("O1"), b.offer("O2", stage="final")), decisions=(fix,)))
    near = left.nearest[0]
    assert near.sentence == "O1 (A, X): only the fix to O2 (decision D1, by Ann) stands in the way."
    assert (near.who, [x.kind for x in near.lifts]) == ("whoever made the decision", ["decision"])


@pytest.mark.parametrize(
    ("declined", "sentence", "who"),
    [
        (("B",), "B accepts S1/first", "B"),
        (("A",), "A accepts S1/first", "the agency"),
        (("A", "B"), "A and B accept S1/first", "A and B"),
    ],
)
def test_who_declined_at_a_hub_is_who_can_unblock_it(declined: tuple[str, ...], sentence: str, who: str) -> None:
    # O1 is A's, with 20 days at B; the agency that a meeting asks is the one that said no, lead or spoke.
    data = b.dataset(
        agencies=(b.agency("A"), b.agency("B")),
        offers=(b.offer("O1", spokes=(Spoke(agency="B", team="Y", days=20, place="P1"),)),),
        decisions=tuple(
            decision("agency_decision", f"D{n}", request="S1/first", agency=agency, value="declined")
            for n, agency in enumerate(declined)
        ),
    )
    [near] = explained(data, "S1/first").nearest
    assert (near.rules, [lift.sentence for lift in near.lifts], near.who) == (("E06",), [sentence], who)
