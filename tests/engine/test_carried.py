"""A model carried to a dataset near its own: the same plan as of a model that is made for that dataset."""

from collections import Counter
from datetime import timedelta
from typing import Any, Literal

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine.carried import Carried
from allocator.engine.engine import EngineResult, solve
from allocator.engine.start import first_plan
from allocator.terms.fair_share import FairShare, Share
from models.dataset import Dataset
from models.entities import Educator, Offer, Student
from models.policy import Policy
from tests import builders as b
from tests.engine.budgets import free
from tests.engine.partnerships import firsts, remade
from tests.rules.case import decision, policy
from tests.solving.questions import cases


def solved(data: Dataset, settings: Policy, result: EngineResult | None = None) -> EngineResult:
    memory = result and result.memory
    return solve(Eligibility(data, settings), free(), lambda *_: None, None, memory=memory)


def carried(result: EngineResult, data: Dataset, settings: Policy) -> Carried | None:
    assert result.memory is not None
    assert result.memory.carried is not None
    return result.memory.carried.to(Eligibility(data, settings))


def shares_of(data: Dataset, settings: Policy) -> tuple[Share, ...]:
    return FairShare(Eligibility(data, settings).terms).shares


LIMITING = ("overload", "trainee_finals", "partner_share")
Kind = Literal["do_not_match", "declined", "fix", "agency_decision", "withdraw"]
ABOUT: tuple[tuple[Kind, str], ...] = (
    ("do_not_match", "match"), ("do_not_match", "pe"), ("declined", "match"), ("declined", "pe"), ("fix", "match"),
    ("fix", "pe"), ("agency_decision", "match"), ("withdraw", "offer"), ("withdraw", "student"), ("withdraw", "pe"),
)  # fmt: skip


def drawn(data: Dataset, luck: np.random.Generator, number: int) -> tuple[str, Dataset]:
    """A decision about a match, an offer, a student or a PE over which a model may be carried, and the data with it."""
    kind, about = ABOUT[int(luck.integers(len(ABOUT)))]
    request = data.requests[int(luck.integers(len(data.requests)))]
    offer = data.offers[int(luck.integers(len(data.offers)))]
    educator = data.educators[int(luck.integers(len(data.educators)))]
    student = data.student_by_id[request.student]
    parts: dict[str, Any] = {"request": request.request, "student": request.student, "offer": offer.offer}
    if kind == "agency_decision":
        parts = {"request": request.request, "student": request.student, "agency": offer.agency, "value": "declined"}
    if kind == "declined":
        parts["party"] = "agency"
    if about == "pe":
        parts["pe"] = educator.pe
        if kind != "fix":
            del parts["offer"]
    if kind == "withdraw":
        leaving: dict[str, Offer | Student | Educator] = {"offer": offer, "student": student, "pe": educator}
        from_day = {"withdrawn_from": b.MONDAY + timedelta(days=int(luck.integers(150)))}
        gone = leaving[about].model_copy(update=from_day if about == "pe" else {"withdrawn": True})
        field = {"offer": "offers", "student": "students", "pe": "educators"}[about]
        rows = tuple(gone if row is leaving[about] else row for row in getattr(data, field))
        data = data.model_copy(update={field: rows})
        parts = {about: getattr(gone, about)}
    made = decision(kind, f"D{number}", **parts)
    return f"{kind} {about}", data.model_copy(update={"decisions": (*data.decisions, made)})


def test_plans_are_those_of_models_that_are_made_anew() -> None:
    """One decision after the other, each over the model that the one before left."""
    met = Counter[str]()
    for seed, (base, settings) in enumerate(cases(60, 8)):
        luck, found, data = np.random.default_rng(seed), solved(base, settings), base
        for number in range(6):
            if (
                found.memory is None
                or found.memory.carried is None
                or not (data.requests and data.offers and data.educators)
            ):
                met["nothing to carry"] += 1
                break
            kind, data = drawn(data, luck, number)
            met[f"{kind} {carried(found, data, settings) is not None}"] += 1
            found, cold = solved(data, settings, found), solved(data, settings)
            assert (found.tiers, found.choices, found.clash) == (cold.tiers, cold.choices, cold.clash), (seed, number)
    for kind, about in ABOUT:
        assert met[f"{kind} {about} True"] > 5, met


def test_a_first_plan_has_all_that_is_in_hand() -> None:
    """A match that nobody has may not be: the plan before is one still, though rows of tiers are there by now.

    Some of these plans have more than a tier asks for at most, which such rows would not let anybody have.
    """
    met = 0
    for base, settings in cases(60, 6):
        found = solved(base, settings)
        chosen = {choice.request: choice for choice in found.choices}
        unused = [r for r in base.requests if r.request not in chosen]
        if found.memory is None or found.memory.carried is None or not unused or not base.offers:
            continue
        barred = decision("do_not_match", "D1", request=unused[0].request, offer=base.offers[0].offer)
        data = base.model_copy(update={"decisions": (*base.decisions, barred)})
        known = found.memory.carried.to(Eligibility(data, settings))
        if known is None:
            continue
        in_hand = {request: (choice.offer, choice.pe) for request, choice in chosen.items()}
        plan = first_plan(known.model, known.face(0), in_hand)
        count = len(known.model.matches.x.request)
        staying = sum(k.stays is not None for k in known.model.matches.kept)
        assert plan is not None
        assert round(plan[:count].sum()) + staying == len(chosen)
        met += any(tier.tier in LIMITING and tier.value for tier in found.tiers)
    assert met > 1


OTHER = b.offer("O2", areas=("adults",))
"""An offer that is not equal to O1, so that each has its own columns."""


def two() -> Dataset:
    return b.dataset(offers=(b.offer("O1"), OTHER), educators=(b.educator(load=2),), **firsts(2))


def test_what_is_closed_and_what_is_taken() -> None:
    """S1 not at O1, S2 fixed at O2: of the four columns O1 of S2 and O2 of S1 ... are open as their pairs are."""
    data, base = two(), solved(two(), policy())
    banned = decision("do_not_match", "D1", request="S1/first", offer="O1")
    fixed = decision("fix", "D2", request="S2/first", offer="O2")
    found = carried(base, data.model_copy(update={"decisions": (banned, fixed)}), policy())
    assert found is not None
    program = found.model.program
    bounds = dict(zip(program.names, zip(program.lower.tolist(), program.upper.tolist(), strict=True), strict=True))
    pairs = {name: bounds[name] for name in ("S1/first O1", "S1/first O2", "S2/first O1", "S2/first O2")}
    assert pairs == {
        "S1/first O1": (0, 0), "S1/first O2": (0, 1), "S2/first O1": (0, 0), "S2/first O2": (1, 1),
    }  # fmt: skip
    # S2 takes the place at O2, so that nothing is left for S1: bounds that rows imply say so
    assert found.face(0).upper[program.names.index("S1/first O2")] == 0
    before = base.memory
    assert before is not None
    assert before.carried is not None
    assert before.carried.model.program.upper[:4].tolist() == [1] * 4  # its own bounds are as they were


@pytest.mark.parametrize(
    "changed",
    [
        {"offers": (b.offer("O1", capacity=2), OTHER)},
        {"educators": (b.educator(load=1),)},
        {"offers": (b.offer("O1"), OTHER, b.offer("O3"))},
        {"offers": (b.offer("O1"), b.offer("O2", areas=("adults",), earliest_start=b.MONDAY + timedelta(days=7)))},
        {"decisions": (decision("hold", "D1", offer="O1", places=1, until=b.MONDAY),)},
    ],
)
def test_what_changes_more_than_matches_is_made_anew(changed: dict[str, Any]) -> None:
    """Each of these changes a row, a window or who may supervise: nothing is carried, and the plan is right."""
    base, data = solved(two(), policy()), remade(two(), **changed)
    assert carried(base, data, policy()) is None
    found, cold = solved(data, policy(), base), solved(data, policy())
    assert (found.tiers, found.choices) == (cold.tiers, cold.choices)


def test_a_fix_with_one_pe_of_a_pool_is_made_anew() -> None:
    """E1 or E2, who are alike, may take either place; the fix leaves E2 alone for S1."""
    pes = {"educators": (b.educator("E1"), b.educator("E2"))}
    fixed = decision("fix", "D1", request="S1/first", offer="O1", pe="E2")
    base, data = solved(remade(two(), **pes), policy()), remade(two(), **pes, decisions=(fixed,))
    assert carried(base, data, policy()) is None
    assert [c[:3] for c in solved(data, policy(), base).choices] == [("S1/first", "O1", "E2"), ("S2/first", "O2", "E1")]


def test_of_two_answers_the_last_counts() -> None:
    """An agency that has accepted S1, or is to be asked: which of the rows comes last says whether the match waits."""
    rows = [
        decision("agency_decision", n, request="S1/first", agency="A", value=v)
        for n, v in (("D1", "to_ask"), ("D2", "accepted"))
    ]
    one, other = (remade(two(), decisions=tuple(r)) for r in (rows, rows[::-1]))
    base = solved(one, policy())
    assert carried(base, other, policy()) is None
    found, cold = solved(other, policy(), base), solved(other, policy())
    assert (found.tiers, found.choices) == (cold.tiers, cold.choices)


def test_another_policy_and_a_decision_that_is_lifted_are_made_anew() -> None:
    banned = decision("do_not_match", "D1", request="S1/first", offer="O1")
    closed = two().model_copy(update={"decisions": (banned,)})
    base = solved(closed, policy())
    assert carried(base, closed, policy()) is not None
    assert carried(base, closed, policy(independent_cap_percent=50)) is None
    assert carried(base, two(), policy()) is None  # S1 may be at O1 again, which has no open column
