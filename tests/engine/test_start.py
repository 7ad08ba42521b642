"""The first plan: greedy, but every row of the model holds."""

from typing import Any

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import start as start_module
from allocator.engine.face import Face
from allocator.engine.model import Model, formulate
from allocator.engine.start import FirstPlan
from allocator.formulation.program import Vector
from models.dataset import Dataset
from models.entities import Published
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import cap_in_two_years, firsts, minimum_beyond_the_load
from tests.rules.case import decision, policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, final_place
from tests.strategies import generate, larger


def first_plan(data: Dataset, settings: Policy) -> tuple[Model, Face, Vector, Vector]:
    """Model, its face, the solution that was given (everything at its lower bound) and the plan that was made."""
    model = formulate(Eligibility(data, settings))
    face = Face.of(model.program)
    nothing = model.program.tidied(face.lower)
    return model, face, nothing, FirstPlan(model, face, nothing).build()


def chosen(data: Dataset, settings: Policy | None = None) -> set[tuple[str, str]]:
    """Request and offer of every new match of the first plan."""
    model, face, _, plan = first_plan(data, settings or policy())
    assert face.holds(plan)
    matches = map(model.matches.match, model.matches.new[plan[model.matches.new] > 0.5].tolist())
    return {(m.request.request, m.offer.offer) for m in matches}


def test_generated_partnerships_have_a_first_plan_that_holds() -> None:
    placed = 0
    for seed in range(1, 61):
        model, face, nothing, plan = first_plan(*generate(seed))
        columns = model.matches.new
        assert np.all(plan[columns] >= nothing[columns])
        if face.holds(nothing):
            assert face.holds(plan), seed
        placed += round(float(plan[columns].sum()))
    assert placed > 50


def test_whoever_has_the_fewest_offers_chooses_first() -> None:
    # S1 may have O1 or O2, S2 only O1: S2 goes first, so both are placed.
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2", programmes=("BA",))), educators=(b.educator(load=2),),
        students=(b.student("S1", programme="BA"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
    )  # fmt: skip
    assert chosen(data) == {("S1/first", "O2"), ("S2/first", "O1")}


def test_a_place_that_fewer_want_is_taken_first() -> None:
    # O1 is wanted by both, O2 by S1 alone.
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2", reserved_for="S1")), educators=(b.educator(load=2),), **firsts(2)
    )
    assert chosen(data) == {("S1/first", "O2"), ("S2/first", "O1")}


BOTH: dict[str, Any] = {
    "requests": BOTH_REQUESTS,
    "educators": EDUCATORS,
    "offers": (b.offer("O1"), final_place("O2", stage="final")),
}


def test_first_and_final_are_placed_together_along_a_path() -> None:
    assert chosen(b.dataset(**BOTH)) == {("S1/first", "O1"), ("S1/final", "O2")}


def test_where_the_pair_is_impossible_the_first_goes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # The final would be in the first's team and without contrast.
    offers = (b.offer("O1"), final_place("O2", team="X", stage="final", areas=("children",), setting="authority"))
    assert chosen(b.dataset(**BOTH | {"offers": offers})) == {("S1/first", "O1")}
    # The same where no pair may be tried at all; the final is then tried after its first, and left to the search.
    monkeypatch.setattr(start_module, "OFFERS_TRIED", 0)
    assert chosen(b.dataset(**BOTH)) == {("S1/first", "O1")}


def test_with_l06_off_a_final_goes_alone() -> None:
    offers = (final_place("O2", stage="final"),)
    assert chosen(b.dataset(**BOTH | {"offers": offers}), policy(rules_off=("L06",))) == {("S1/final", "O2")}
    assert chosen(b.dataset(**BOTH | {"offers": offers})) == set()


def test_whoever_is_to_be_with_another_goes_where_that_one_is() -> None:
    # S1 goes first, with one offer, in A; S2 has O2 in B and O3 in A, each wanted by nobody else.
    together = decision("together", student="S1", other="S2")
    offers = (
        b.offer("O1", reserved_for="S1"), b.offer("O2", team="Y", agency="B", reserved_for="S2"),
        b.offer("O3", reserved_for="S2"),
    )  # fmt: skip
    data = b.dataset(offers=offers, educators=(b.educator("E1", load=2), b.educator("E2", team="Y")), **firsts(2))
    apart = {("S1/first", "O1"), ("S2/first", "O2")}
    assert chosen(data) == apart
    tied = data.model_copy(update={"decisions": (together,)})
    assert chosen(tied) == {("S1/first", "O1"), ("S2/first", "O3")}
    # With no offer in A left for S2, S1 goes alone.
    assert chosen(tied.model_copy(update={"offers": offers[:2]})) == {("S1/first", "O1")}


def test_pools_that_a_cap_refuses_alike_are_not_tried_and_the_plan_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [*(generate(seed) for seed in range(1, 61)), *(larger(seed) for seed in range(1, 21))]
    plans = [first_plan(*case)[3] for case in cases]
    tried, take = [0], FirstPlan._take

    def counted(self: FirstPlan, bundle: list[int], instead: int | None = None) -> int | None:
        tried[0] += 1
        return take(self, bundle, instead)

    monkeypatch.setattr(FirstPlan, "_take", counted)
    assert all(np.array_equal(first_plan(*case)[3], plan) for case, plan in zip(cases, plans, strict=True))
    fewer, tried[0] = tried[0], 0
    monkeypatch.setattr(FirstPlan, "_balanced", lambda _, column: [(column, 1.0)])  # no two pools are alike
    assert all(np.array_equal(first_plan(*case)[3], plan) for case, plan in zip(cases, plans, strict=True))
    assert fewer < tried[0]


def test_kept_matches_stay_and_take_their_place() -> None:
    kept = Published(request="S1/first", offer="O1", standing="kept", pe="E1")
    data = b.dataset(
        published=(kept,),
        offers=(b.offer("O1"), b.offer("O2")),
        educators=(b.educator("E1"), b.educator("E2")),
        **firsts(2),
    )
    assert chosen(data) == {("S2/first", "O2")}


def test_a_pe_who_is_full_is_passed_over_for_the_next_pool() -> None:
    # Two pools reach O1: E1 in the team, E2 elsewhere, one student each.
    data = b.dataset(
        offers=(b.offer(capacity=3),), educators=(b.educator("E1"), b.educator("E2", team=None)), **firsts(3)
    )
    assert len(chosen(data)) == 2


def test_rows_that_need_more_than_one_at_once_are_left_to_the_search() -> None:
    # Nobody can open an offer for two alone; and an own PE has to come before an independent under the cap.
    assert chosen(minimum_beyond_the_load()) == set()
    assert len(chosen(cap_in_two_years())) == 4


def test_a_fix_comes_before_who_has_the_place_in_hand() -> None:
    # One place, S1 in hand has it; S2 is fixed there: S2 has it, and the plan holds.
    fix = decision("fix", "D1", request="S2/first", offer="O1")
    data = b.dataset(offers=(b.offer("O1"),), educators=(b.educator("E1", load=9),), decisions=(fix,), **firsts(2))
    model = formulate(Eligibility(data, policy()))
    face = Face.of(model.program)
    plan = FirstPlan(model, face, model.program.lower.copy(), {"S1/first": ("O1", "E1")}).build()
    assert face.holds(plan)
    [taken] = np.flatnonzero(plan[: len(model.matches.x.request)] > 0.5).tolist()
    assert model.matches.match(taken).request.request == "S2/first"
