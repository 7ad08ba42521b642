"""Equal offers are decided as one: which are equal, what that leaves of the model, and that no plan changes by it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations
from typing import Any, get_args

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from allocator import reference
from allocator.checker import check
from allocator.checker.tiers import lottery_ticket
from allocator.eligibility import Eligibility
from allocator.engine import single_offers, working
from allocator.engine.model import formulate
from allocator.formulation.equal_offers import NOT_COMPARED, EqualOffers
from allocator.pipeline import allocate
from models.base import Record
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import EducatorEntry, Offer, Published, Spoke
from models.policy import Policy
from models.run import Limits, Outcome, StopSignal
from tests import builders as b
from tests.agreement import as_plan
from tests.engine.partnerships import firsts, with_a_row_for_every_place
from tests.rules.case import policy
from tests.strategies import larger

TWO = (b.offer("O1"), b.offer("O2", capacity=2))
OTHER_FACTS: dict[str, Any] = {
    "agency": "B", "team": "Y", "tranche": "T2", "earliest_start": date(2026, 1, 12), "place": "P2",
    "areas": ("adults",), "setting": "voluntary", "statutory_regulator": "no", "statutory_dfe": "no",
    "equivalence_by": "Panel", "equivalence_on": date(2026, 1, 1), "stage": "first", "minimum": 1,
    "minimum_kind": "always", "latest_start": date(2026, 2, 1), "latest_end": date(2026, 9, 1), "days_a_week": 4,
    "driver_essential": "yes", "features": ("step-free",), "cannot": ("step-free",), "universities": ("U",),
    "programmes": ("MSW",), "part": "North", "reserved_for": "MSW", "reserved_until": date(2026, 1, 1), "educators": b.named("E1"),
    "on_site_supervisor": "to_be_named", "spokes": (Spoke(agency="B", team="Y", days=9),), "authorities": ("North",), "state": "forecast", "probability": Decimal("0.5"),
    "withdrawn": True, "not_known": ("driver_essential",),
}  # fmt: skip


def members(data: Dataset, settings: Policy | None = None) -> Mapping[int, tuple[int, ...]]:
    return EqualOffers.of(Eligibility(data, settings or policy())).members


def test_offers_that_differ_in_id_places_and_remarks_alone_are_equal() -> None:
    remarked = b.offer("O3", note="by the door", received_on=date(2026, 1, 1))
    assert members(b.dataset(offers=(*TWO, b.offer("O4", team="Y"), remarked))) == {0: (0, 1, 3)}


@pytest.mark.parametrize("fact", OTHER_FACTS)
def test_any_other_fact_makes_an_offer_one_of_its_own(fact: str) -> None:
    assert members(b.dataset(offers=(*TWO, b.offer("O3", **{fact: OTHER_FACTS[fact]})))) == {0: (0, 1)}


def test_every_fact_of_an_offer_is_compared_or_known_to_be_of_no_account() -> None:
    assert set(OTHER_FACTS) | NOT_COMPARED == set(Offer.model_fields)


@pytest.mark.parametrize(
    "parts",
    [
        {"published": (Published(request="S1/first", offer="O1", standing="in_force"),)},
        {"decisions": (Decision(id="D1", decision="do_not_match", request="S1/first", offer="O1"),)},
        {"students": (b.student(ranked_offers=(("O2",), ("O1",))),)},
        {"students": (b.student(ranked_offers=(("O2",),)),)},
    ],
    ids=["published", "decided", "ranked lower", "not ranked"],
)
def test_an_offer_that_another_row_names_is_one_of_its_own(parts: dict[str, Any]) -> None:
    assert members(b.dataset(offers=TWO)) == {0: (0, 1)}
    assert members(b.dataset(offers=TWO, **parts)) == {}


def test_offers_that_every_student_ranks_equally_are_equal() -> None:
    assert members(b.dataset(offers=TWO, students=(b.student(ranked_offers=(("O2", "O1"),)),))) == {0: (0, 1)}


def test_there_are_no_other_rows_that_name_an_offer() -> None:
    # A sheet that comes to name offers has to be looked at when equal ones are looked for.
    rows = {get_args(field.annotation)[0] for field in Dataset.model_fields.values()}
    naming = {(r.__name__, f) for r in rows if issubclass(r, Record) for f in r.model_fields if "offer" in f}
    assert naming == {("Offer", "offer"), ("Published", "offer"), ("Decision", "offer"), ("Student", "ranked_offers")}


def test_own_educators_fewer_than_places_cannot_be_shared_out_afterwards() -> None:
    # Two places and one own PE each: two offers have two PEs for four students, but not two for one of the offers.
    own = (EducatorEntry(kind="own", qualification="PEPS2", places=1),)
    assert members(b.dataset(offers=[b.offer(o, educators=own, capacity=2) for o in ("O1", "O2")])) == {}
    assert members(b.dataset(offers=[b.offer(o, educators=own, capacity=1) for o in ("O1", "O2")])) == {0: (0, 1)}


def test_without_a_limit_of_places_there_are_none_to_add_up() -> None:
    assert members(b.dataset(offers=TWO), policy(rules_off=("L02",))) == {}


def test_a_draw_before_other_tiers_needs_single_offers_all_along() -> None:
    assert members(b.dataset(offers=TWO), policy(tiers=("placed", "travel", "lottery"))) == {0: (0, 1)}
    assert members(b.dataset(offers=TWO), policy(tiers=("placed", "travel"))) == {0: (0, 1)}
    assert members(b.dataset(offers=TWO), policy(tiers=("placed", "lottery", "travel"))) == {}


def test_equal_offers_have_one_column_for_each_student_and_the_places_of_all() -> None:
    # Five students, offers with 1 and 2 places and a PE to be named: 5 columns and 1 + 2 places instead of 10 columns.
    data = b.dataset(offers=TWO, educators=(), **firsts(5))
    eligibility = Eligibility(data, policy())
    merged = formulate(eligibility, equal=EqualOffers.of(eligibility))
    assert (len(merged.matches.x.request), len(formulate(eligibility).matches.x.request)) == (5, 10)
    places = [(rows.subjects, rows.upper.tolist()) for rows in merged.program.batches if "L02" in rows.rules]
    assert places == [(["O1"], [3])]
    [slot] = (merged.matches.slots[s] for s in set(merged.matches.x.slot.tolist()))
    assert [(c.pe, c.people) for c in slot.educators] == [("TBC@O1", 3)]


# ---- the draw ------------------------------------------------------------------------------------------------------


def draw_of(plan: Mapping[str, str]) -> int:
    return sum(lottery_ticket(1, "T1", request, offer) for request, offer in plan.items())


def test_the_draw_decides_who_has_equal_places_and_which() -> None:
    # Four students for one place at O1 and two at O2: every way to seat three of them, and the best draw among these.
    data = b.dataset(offers=TWO, educators=(b.educator(load=4),), **firsts(4))
    requests = [r.request for r in data.requests]
    ways = [dict(zip(seated, ("O1", "O2", "O2"), strict=True)) for seated in permutations(requests, 3)]
    outcome = allocate(data, policy())
    assert {m.request: m.offer for m in outcome.plan.matches} == max(ways, key=draw_of)
    assert [(t.value, t.proved) for t in outcome.plan.tiers if t.tier == "lottery"] == [(max(map(draw_of, ways)), True)]


def test_a_pool_is_that_of_the_single_offer_in_every_plan_on_the_way() -> None:
    data = b.dataset(offers=[b.offer(f"O{i}") for i in range(1, 5)], educators=(), **firsts(4))
    kept: list[Outcome] = []
    last = allocate(data, policy(), keep=kept.append)
    for outcome in (*kept, last):
        assert sorted((m.offer, m.pe) for m in outcome.plan.matches) == [(f"O{i}", f"TBC@O{i}") for i in range(1, 5)]
        assert outcome.check.passed
    assert kept
    assert all(a.plan.matches != c.plan.matches for a, c in pairwise(kept))  # each is a new one


def test_an_educator_whose_id_ends_like_a_pool_keeps_it() -> None:
    data = b.dataset(offers=TWO, educators=(b.educator("TBC@O1", load=3),), **firsts(3))
    kept: list[Outcome] = []
    last = allocate(data, policy(), keep=kept.append)
    for outcome in (*kept, last):
        assert [m.pe for m in outcome.plan.matches] == ["TBC@O1"] * 3
        assert outcome.check.passed


def test_a_stopped_run_leaves_a_plan_in_hand_where_it_is() -> None:
    # Twelve students at twelve offers, the last first, which is not the order of rows. Who may have which of three PEs
    # takes the solver more than nothing, so that a run stopped at once does not come to the draw.
    students = firsts(12)
    data = b.dataset(
        offers=[b.offer(f"O{i}") for i in range(1, 13)], educators=[b.educator(f"E{i}", load=6) for i in range(1, 4)],
        **students | {"students": [s.model_copy(update={"excluded_educators": ("E1",)}) for s in students["students"]]},
    )  # fmt: skip
    in_hand = {f"S{i}/first": (f"O{13 - i}", "E2" if i < 7 else "E3") for i in range(1, 13)}
    stop = StopSignal()
    stop.set()
    outcome = allocate(data, policy(), stop=stop, start=as_plan(data, policy(), in_hand))
    seated = {m.request: m.offer for m in outcome.plan.matches}
    assert seated == {f"S{i}/first": f"O{13 - i}" for i in range(1, 13)}
    [draw] = (t for t in outcome.plan.tiers if t.tier == "lottery")
    assert (draw.value, draw.bound, draw.proved) == (draw_of(seated), None, False)


def test_a_draw_is_not_called_proved_where_the_limit_came_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two students for three places, two of them equal. With prices as for large programs the placed tier is proved
    # before anything is counted, so that it is the limit of no work at all that ends the run.
    monkeypatch.setattr(working, "LARGE", 1)
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2", team="Y"), b.offer("O3", team="Y")),
        educators=(b.educator("E1"), b.educator("E2", team="Y", load=2)), **firsts(2),
    )  # fmt: skip
    settings = policy(tiers=("placed", "lottery"), placed_total=True)
    ways = [dict(zip(("S1/first", "S2/first"), seats, strict=True)) for seats in permutations(("O1", "O2", "O3"), 2)]
    for work in (0, 5, None):
        outcome = allocate(data, settings, limits=Limits(work=work))
        [draw] = (t for t in outcome.plan.tiers if t.tier == "lottery")
        assert draw.value == draw_of({m.request: m.offer for m in outcome.plan.matches})
        assert draw.proved == (draw.value == draw.bound == max(map(draw_of, ways)))
        assert outcome.plan.stopped == (None if draw.proved else "work limit")
    assert draw.proved


def test_a_draw_among_too_many_is_left_out_and_the_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # Three students, each of whom could have any of three equal places: nine columns.
    data = b.dataset(offers=[b.offer(f"O{i}") for i in range(1, 4)], educators=(b.educator(load=3),), **firsts(3))
    monkeypatch.setattr(single_offers, "MOST_SINGLE", 9)
    assert allocate(data, policy()).plan.stopped is None
    monkeypatch.setattr(single_offers, "MOST_SINGLE", 8)
    outcome = allocate(data, policy())
    assert outcome.plan.stopped == "size"
    assert [t.tier for t in outcome.plan.tiers if not t.proved] == ["lottery"]
    assert outcome.check.passed
    assert len(outcome.plan.matches) == 3


def test_a_large_draw_begins_with_the_best_few_and_prices_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    # Eight students at eight equal places, each with one column to begin with: nobody can have all of their best.
    data = b.dataset(offers=[b.offer(f"O{i}") for i in range(1, 9)], educators=(b.educator(load=8),), **firsts(8))
    whole = allocate(data, policy()).plan
    monkeypatch.setattr(working, "LARGE", 1)
    monkeypatch.setattr(single_offers, "MATCHES_EACH", 1)
    assert allocate(data, policy()).plan == whole
    tickets = np.array([[lottery_ticket(1, "T1", r.request, o.offer) for o in data.offers] for r in data.requests])
    assert whole.tiers[-1].value == tickets[linear_sum_assignment(tickets, maximize=True)].sum()


def test_nobody_draws_where_the_policy_has_no_draw() -> None:
    data = b.dataset(offers=TWO, educators=(b.educator(load=3),), **firsts(3))
    outcome = allocate(data, policy(tiers=("placed",)))
    assert sorted(m.offer for m in outcome.plan.matches) == ["O1", "O2", "O2"]
    assert outcome.check.passed


def test_a_programme_left_out_draws_nothing_but_has_its_place() -> None:
    # S1 is of a programme that no tier counts: only what S2 draws is counted, and both rows are still distinct places.
    students = [b.student("S1", programme="Other"), b.student("S2")]
    data = b.dataset(offers=[b.offer("O1"), b.offer("O2")], educators=(), **firsts(2) | {"students": students})
    settings = policy(programmes_left_out=("Other",))
    outcome = allocate(data, settings)
    best = max(lottery_ticket(1, "T1", "S2/first", o) for o in ("O1", "O2"))
    assert [t.value for t in outcome.plan.tiers if t.tier == "lottery"] == [best]
    assert outcome.check.passed


def test_a_clash_names_single_offers() -> None:
    # The agency has to have three students, and two rows of one place each: both rows are members, each by its id.
    data = b.dataset(
        offers=[b.offer("O1"), b.offer("O2")], agencies=(b.agency(minimum_in_year=3),),
        educators=(b.educator(load=3),), **firsts(3),
    )  # fmt: skip
    clash = allocate(data, policy()).plan.clash
    assert clash is not None
    assert [(m.rule, m.subject) for m in clash.members] == [("L02", "O1"), ("L02", "O2"), ("L10", "A")]


# ---- whole partnerships --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1, 25))
def test_plans_are_the_same_as_with_every_offer_on_its_own(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data, settings = larger(seed)
    data = with_a_row_for_every_place(data)
    tiers = (*(tier for tier in settings.tiers if tier != "lottery"), "lottery")
    settings = settings.model_copy(update={"tiers": tiers, "programmes_left_out": ()})  # so that tiers decide all
    together = allocate(data, settings)
    monkeypatch.setattr(EqualOffers, "of", classmethod(lambda cls, e: cls.none(e.dataset)))
    assert together.plan == allocate(data, settings).plan


@pytest.mark.parametrize("chunk", range(3))
def test_reference_and_checker_agree_where_every_place_has_a_row(chunk: int) -> None:
    merged = 0
    for seed in range(101 + 6 * chunk, 107 + 6 * chunk):
        data, settings = larger(seed)
        data = with_a_row_for_every_place(data)
        merged += bool(members(data, settings))
        outcome, solved = allocate(data, settings), reference.solve(data, settings)
        assert (outcome.plan.clash is None) == (solved.status == "optimal"), seed
        if outcome.plan.clash is None:
            mine = [(t.tier, t.value) for t in outcome.plan.tiers]
            assert mine == [(t.tier, t.value) for t in solved.tiers], seed
            assert mine == [(t.tier, t.value) for t in check(data, settings, outcome.plan).tiers], seed
    assert merged > 2
