"""The fair-share account (L08), by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from allocator.terms.fair_share import FairShare
from allocator.views.account import Account, accounts, years_of_accounts
from allocator.views.facts import Facts
from allocator.views.missing import missing
from allocator.views.supply import agencies_table
from models.entities import Commitment, Offer, Published
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated


def quotas(facts: Facts) -> dict[str, int]:
    return {a.agency: a.asked for a in accounts(facts).values() if a.asked is not None}


def demand(facts: Facts, year: int = 2025) -> int:
    return FairShare(facts.terms).demand(year)


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
    assert account == Account("A", 2025, 4, 1, 5, 2, 5, 6, 2, 0, 2, 1, 0)
    assert (account.unused, account.standing) == (4, "in its range")


@pytest.mark.parametrize(("used", "words"), [(0, "1 below its range"), (1, "in its range"), (4, "1 above its range")])
def test_the_standing_against_the_range(used: int, words: str) -> None:
    account = Account(
        "B", 2025, asked=2, floor=1, ceiling=3, allowance=0, other_programmes=0, offered=1, used=used, before=0,
        counted=used, firm=0, gap=1,
    )  # fmt: skip
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
    facts = Facts(dataset, GENERATED_POLICY, result.plan)
    assert shown == {s.agency: (s.quota, s.floor, s.ceiling) for s in FairShare(facts.terms).shares}


def test_the_account_goes_on_from_tranche_to_tranche_and_a_later_year_is_no_aim_yet() -> None:
    tranches = (
        b.tranche("T0", first_day=date(2025, 9, 1), status="past"),
        b.tranche(),
        b.tranche("T2", first_day=date(2026, 9, 7), status="later"),
    )
    offers = (
        b.offer("O0", tranche="T0", earliest_start=date(2025, 9, 1), capacity=3),
        b.offer("O1", capacity=2),
        b.offer("O3", tranche="T2", earliest_start=date(2026, 9, 7)),
    )
    over = tuple(
        Published(request=f"S{n}/first", offer="O0", standing="over", status="ended", start=date(2025, 9, 8))
        for n in (91, 92)
    )
    ids = ("S1", "S2", "S3", "S4")
    dataset = b.dataset(
        students=(*map(b.student, ids), b.student("S9", employer_agency="A")),
        requests=(
            *(b.request(f"{s}/first") for s in ids[:3]),
            b.request("S4/first", tranche="T2"),
            b.request("S9/first", found_by="employer"),
        ),
        agencies=(b.agency("A", social_workers_fte=Decimal(30)),),
        tranches=tranches,
        offers=offers,
        published=over,
    )
    facts = facts_of(dataset, match())
    # 2025-26: D = 3 live + 2 over + 1 of an employer = 6, T = floor(4.5 + 0.5) = 5. Offered 3 + 2 + 1 (on no offer) = 6,
    # used 1 + 2 + 1 = 4, of which 3 outside the plan; in reach 3 + 2 = 5: floor min(5 - 1, 5) = 4, ceiling 6.
    found = accounts(facts)["A"]
    assert (found.asked, found.floor, found.ceiling, found.offered) == (5, 4, 6, 6)
    assert (found.used, found.before, found.unused, found.gap, found.standing) == (4, 3, 2, 0, "in its range")
    # 2026-27: D = 1, T = floor(0.75 + 0.5) = 1; shown, and no aim.
    later = accounts(facts, 2026)["A"]
    assert (later.asked, later.floor, later.offered, later.used, later.standing) == (1, None, 1, 0, "no aim yet")
    assert years_of_accounts(facts) == [2025, 2026]
    rows = {row[2]: row for row in agencies_table(facts).rows}
    why = [c.title for c in agencies_table(facts).columns].index("Unused, why")
    # O1 has one place left, and S2 and S3 suit; its PE has room for none. Of O0 one stays empty for good.
    assert rows["2025-26"][why] == "1: no PE there has room\n1: in a tranche that is past"
    assert rows["2026-27"][why] == "1: requests suit, a limit stands against them"


def test_an_employers_place_of_which_nobody_has_said_where_it_is_named() -> None:
    requests = (*(b.request(f"S{n}/first") for n in (1, 2)), b.request("S3/first", found_by="employer"))
    [said] = [m for m in missing(facts_of(partnership(requests=requests))) if "outside the plan" in m.what]
    assert said.what.startswith("1 placement outside the plan does not say which agency has it")
    students = (b.student("S1"), b.student("S2"), b.student("S3", employer_agency="A"))
    known = facts_of(partnership(requests=requests, students=students))
    assert not [m for m in missing(known) if "outside the plan" in m.what]
    assert accounts(known)["A"].before == 1
