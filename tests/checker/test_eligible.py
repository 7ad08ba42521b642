"""Request, offer and PE by themselves: who may be named at an offer, and which rules a triple breaks."""

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.checker import check, eligible, eligible_pair
from models.dataset import Dataset
from models.entities import EducatorEntry, Published
from tests import builders as b
from tests.rules.case import exception, plan_of, policy
from tests.rules.limit_cases import pes

IN_FORCE = (Published(request="S1/first", offer="O1", pe="E1", status="proposed", standing="in_force"),)


def broken(dataset: Dataset, pe: str, **settings: Any) -> tuple[str, ...]:
    return eligible(dataset, policy(**settings), "S1/first", "O1", pe)


def test_all_broken_rules_are_listed() -> None:
    dataset = b.dataset(
        students=(b.student(clearance="failed"),),
        offers=(b.offer(withdrawn=True),),
        educators=(b.educator(employed_by="B", registered="no"),),
    )
    assert broken(dataset, "E1") == ("E02", "E12", "E15", "E16")
    assert eligible_pair(dataset, policy(), "S1/first", "O1") == ("E02", "E16")


def test_unknown_ids_are_refused() -> None:
    with pytest.raises(KeyError):
        eligible(b.dataset(), policy(), "S1/first", "O9", "E1")
    with pytest.raises(KeyError):
        eligible_pair(b.dataset(), policy(), "S9/first", "O1")
    assert broken(b.dataset(), "E9") == ("L01",)


def entry(kind: str, qualification: str | None = None) -> EducatorEntry:
    return EducatorEntry.model_validate({"kind": kind, "qualification": qualification})


@pytest.mark.parametrize(
    ("pe", "rules"),
    [
        ("TBC@O1", ()),
        ("TBC PEPS1@O1", ("E11",)),
        ("own trainee_1@O1", ("E11",)),
        # A trainee of the team's own needs no assessor (S4.2).
        ("own trainee_2@O1", ()),
        ("own PEPS2@O1", ("L01",)),
    ],
)
def test_pools_on_a_final(pe: str, rules: tuple[str, ...]) -> None:
    entries = (entry("tbc"), entry("tbc", "PEPS1"), entry("own", "trainee_1"), entry("own", "trainee_2"))
    dataset = b.dataset(requests=(b.request("S1/final"),), offers=(b.offer(educators=entries),))
    assert eligible(dataset, policy(), "S1/final", "O1", pe) == rules


def test_named_pes_who_are_gone_leave_the_offer_to_those_in_reach() -> None:
    offers = (b.offer(educators=b.named("E1", "E9")),)
    here = b.dataset(offers=offers, educators=pes(2))
    assert (broken(here, "E1"), broken(here, "E2")) == ((), ("E19",))
    # E9 is not listed and E1 withdrawn on the first day: E2 may stand in for whom the plan in force has there.
    pair = (b.educator("E1", withdrawn_from=b.MONDAY), b.educator("E2"))
    gone, there = b.dataset(offers=offers, educators=pair), b.dataset(offers=offers, educators=pair, published=IN_FORCE)
    assert (broken(gone, "E1"), broken(gone, "E2"), broken(gone, "TBC@O1")) == (("E13", "E19"), ("E19",), ("E19",))
    assert (broken(there, "E1"), broken(there, "E2"), broken(there, "TBC@O1")) == (("E13", "E19"), (), ("E19",))
    # Nobody in reach is left: no pool is opened by it.
    nobody = b.dataset(offers=offers, educators=(b.educator("E1", withdrawn_from=b.MONDAY),), published=IN_FORCE)
    assert broken(nobody, "TBC@O1") == ("E19",)
    # E1 is withdrawn long after the end: E1 may be named, and E2 as before.
    pair = (b.educator("E1", withdrawn_from=date(2030, 1, 1)), b.educator("E2"))
    going, there = (
        b.dataset(offers=offers, educators=pair),
        b.dataset(offers=offers, educators=pair, published=IN_FORCE),
    )
    assert (broken(going, "E1"), broken(going, "E2"), broken(going, "TBC@O1")) == ((), ("E19",), ("E19",))
    assert (broken(there, "E1"), broken(there, "E2"), broken(there, "TBC@O1")) == ((), (), ("E19",))


def test_a_pe_who_left_before_the_offer_starts_is_gone() -> None:
    before = b.MONDAY - timedelta(days=1)
    dataset = b.dataset(educators=(b.educator("E1", leaves_on=before),))
    assert (broken(dataset, "E1"), broken(dataset, "TBC@O1")) == (("E13", "E19"), ("E15",))


def test_one_to_be_named_is_there_as_the_policy_says() -> None:
    # E1 of A is in another team: E15 says that nobody is there for O1. Nobody of A listed: one may be named.
    listed, unlisted = b.dataset(educators=(b.educator(team="Y"),)), b.dataset(educators=())
    for dataset, by_setting in ((listed, (("E15",), ("E15",), ())), (unlisted, (("E15",), (), ()))):
        for setting, rules in zip(("never", "where_none_listed", "always"), by_setting, strict=True):
            assert eligible(dataset, policy(educators_to_be_found=setting), "S1/first", "O1", "TBC@O1") == rules
    # Where somebody is there, one to be named is no pool of the offer.
    assert broken(b.dataset(), "TBC@O1") == ("E19",)
    aside = b.dataset(educators=(), agencies=(b.agency(educators_set_aside=True),))
    assert broken(aside, "TBC@O1") == ("E15",)


def test_a_named_pe_is_in_reach() -> None:
    dataset = b.dataset(offers=(b.offer(educators=b.named("E1")),), educators=(b.educator(employed_by="B"),))
    assert broken(dataset, "E1") == ()


def test_switching_e19_off_only_adds() -> None:
    """Everybody who is eligible with the rule on is so with it off, pools too."""
    offers = (
        b.offer(educators=(*b.named("E1"), entry("tbc", "PEPS2"))),
        b.offer("O2"),
        b.offer("O3", agency="B", team="Z"),
    )
    dataset = b.dataset(
        offers=offers, educators=(b.educator("E1", employed_by="C"), b.educator("E2"), b.educator("E3", team="Y"))
    )
    for offer in ("O1", "O2", "O3"):
        for pe in ("E1", "E2", "E3", "TBC PEPS2@O1", "TBC@O3"):
            on = eligible(dataset, policy(), "S1/first", offer, pe)
            without = eligible(dataset, policy(rules_off=("E19",)), "S1/first", offer, pe)
            assert set(without) - {"L01"} <= set(on)
            assert on or not without


def test_an_exception_of_one_pe_lifts_travel_whatever_the_pe_and_an_agency_for_that_pe() -> None:
    far = b.dataset(travel=b.travel(minutes=100), decisions=(exception("E04", "100", pe="E9"),))
    assert broken(far, "E1") == ()
    repeat = b.dataset(
        history=(b.history(agency="A", outcome="failed"),),
        educators=pes(2),
        decisions=(exception("E18", "agency", pe="E1"),),
    )
    assert (broken(repeat, "E1"), broken(repeat, "E2")) == ((), ("E18",))
    assert eligible_pair(repeat, policy(), "S1/first", "O1") == ()


@pytest.mark.parametrize(
    ("dates", "rules"),
    [
        ({"current_until": None}, ()),
        ({"current_until": None, "last_student": date(2024, 1, 4)}, ("E12",)),
        # Either date is enough: 24 months after 2024-06-30 is later than 2026-01-05.
        ({"current_until": date(2020, 1, 1), "last_student": date(2024, 6, 30)}, ()),
        ({"current_until": date(2020, 1, 1), "qualification": "trainee_1"}, ()),
    ],
)
def test_current_by_either_date(dates: dict[str, Any], rules: tuple[str, ...]) -> None:
    assert broken(b.dataset(educators=(b.educator(**dates),)), "E1") == rules


def test_an_interns_history_without_authorities_is_not_judged() -> None:
    dataset = b.dataset(
        students=(b.student(scheme="intern"),),
        requests=(b.request("S1/final"),),
        history=(b.history(),),
        offers=(b.offer(authorities=("L",)),),
    )
    assert check(dataset, policy(), plan_of(dataset, policy(), (("S1/final", "O1", "E1"),))).violations == ()
