"""The fair-share account (L08), by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from allocator.limits.l08_fair_share import shares
from allocator.views.account import Account, accounts, demand, quotas
from allocator.views.facts import Facts
from models.entities import Commitment, Offer
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated


def partnership(number: int = 8, **changes: Any) -> Any:
    """Agencies A (30 fte), B (20 fte), C (outside, 50 fte); A offers 6 places, B 1, C 2."""
    ids = [f"S{n}" for n in range(1, number + 1)]
    parts: dict[str, Any] = {
        "students": tuple(b.student(s) for s in ids),
        "requests": tuple(b.request(f"{s}/first") for s in ids),
        "agencies": (
            b.agency("A", social_workers_fte=Decimal(30)),
            b.agency("B", membership="secondary", social_workers_fte=Decimal(20)),
            b.agency("C", membership="outside", social_workers_fte=Decimal(50)),
        ),
        "offers": (b.offer("O1", capacity=6), b.offer("O2", agency="B"), b.offer("O3", agency="C", capacity=2)),
    }
    return b.dataset(**parts | changes)


def test_quotas_share_the_partners_part_by_weight() -> None:
    # D = 8, T = floor(0.75 x 8 + 1/2) = 6; A 6 x 30/50 = 3.6, B 6 x 20/50 = 2.4: whole parts 3 + 2, one left, to A (0.6 > 0.4).
    assert quotas(facts_of(partnership())) == {"A": 4, "B": 2}


def test_half_a_place_rounds_up() -> None:
    # D = 2: 0.75 x 2 = 1.5, T = floor(1.5 + 0.5) = 2; A 1.2, B 0.8: 1 + 0, one left, to B (0.8 > 0.2).
    assert quotas(facts_of(partnership(2))) == {"A": 1, "B": 1}


def test_equal_remainders_go_to_the_greater_weight_then_the_id() -> None:
    # D = 4, T = floor(3.5) = 3. Weights 10, 30, 20 of 60: 0.5, 1.5, 1.0: one left; equal remainders: the greater weight.
    agencies = tuple(b.agency(name, social_workers_fte=Decimal(w)) for name, w in (("A1", 10), ("A2", 30), ("A3", 20)))
    assert quotas(facts_of(partnership(4, agencies=agencies))) == {"A1": 0, "A2": 2, "A3": 1}
    # Equal weights: 3 places over A2, A10 (natural order): 1.5 each, the one left to A2.
    agencies = tuple(b.agency(name, social_workers_fte=Decimal(9)) for name in ("A10", "A2"))
    assert quotas(facts_of(partnership(4, agencies=agencies))) == {"A2": 2, "A10": 1}


def test_no_weight_or_rule_off_gives_no_range() -> None:
    assert quotas(facts_of(partnership(agencies=(b.agency("A"),)))) == {}
    off = Policy(as_of=POLICY.as_of, rules_off=("L08",))
    assert quotas(facts_of(partnership(), policy=off)) == {}
    assert accounts(facts_of(partnership(), policy=off))["A"].standing == "no range"


def test_demand_counts_employers_placements_but_not_apprentices_of_others() -> None:
    students = (
        b.student("S1"),
        b.student("S2", scheme="apprentice", employer_agency="C"),
        b.student("S3", scheme="apprentice", employer_agency="A"),
        b.student("S4", withdrawn=True),
        b.student("S5"),
    )
    requests = (*(b.request(f"S{n}/first") for n in range(1, 5)), b.request("S5/first", found_by="employer"))
    # S1, S3 (employer is a partner), S5 (found by an employer); not S2 (employer outside), not S4 (withdrawn).
    assert demand(facts_of(partnership(students=students, requests=requests))) == 3


def test_the_account_of_an_agency() -> None:
    commitments = (
        Commitment(agency="A", number=2),
        Commitment(agency="A", team="X", number=3, last_day=date(2026, 2, 1)),
        Commitment(agency="A", number=9, last_day=date(2025, 12, 1)),  # over before the horizon
        Commitment(pe="E1", number=1),  # a PE's, not the agency's
    )
    dataset = partnership(commitments=commitments)
    waiting = match("S2/first", pe="TBC@O1")
    account = accounts(facts_of(dataset, match(), waiting))["A"]
    # Other programmes 2 + 3 = 5, allowance 2. Asked 4, tolerance max(1, 15 x 4 // 100 = 0) = 1.
    # Floor max(0, min(4 - 1 - 2, 6)) = 1, ceiling 5. Used 2 of 6, one firm. Gap max(0, 4 - 6) = 0.
    assert account == Account("A", 4, 1, 5, 2, 5, 6, 2, 1, 0)
    assert (account.unused, account.standing) == (4, "in its range")


@pytest.mark.parametrize(("used", "words"), [(0, "1 below its range"), (1, "in its range"), (4, "1 above its range")])
def test_the_standing_against_the_range(used: int, words: str) -> None:
    account = Account(
        "B", asked=2, floor=1, ceiling=3, allowance=0, other_programmes=0, offered=1, used=used, firm=0, gap=1
    )
    assert account.standing == words


def test_the_floor_never_exceeds_what_was_offered_and_withdrawn_offers_are_none() -> None:
    offers: tuple[Offer, ...] = (b.offer("O1", capacity=6, withdrawn=True),)
    account = accounts(facts_of(partnership(offers=offers)))["A"]
    # Asked 4, offered 0: floor min(4 - 1 - 0, 0) = 0, gap 4.
    assert (account.offered, account.floor, account.gap) == (0, 0, 4)


def test_the_account_shows_the_ranges_that_the_engine_aims_at() -> None:
    dataset, result = generated(90)
    found = accounts(Facts(dataset, GENERATED_POLICY, result.plan)).values()
    shown = {a.agency: (a.asked, a.floor, a.ceiling) for a in found if a.asked is not None}
    # Nine partners with a weight; the two agencies outside have no range.
    assert len(shown) == 9
    assert shown == {s.agency: (s.quota, s.floor, s.ceiling) for s in shares(dataset, GENERATED_POLICY)}
