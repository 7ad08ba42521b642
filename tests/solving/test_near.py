"""A partnership near a solved one has the plan of a run of its own, whatever rows or numbers are others."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import numpy as np

from allocator.solving import Solver
from allocator.solving.plans import checked
from models.dataset import Dataset
from models.entities import Offer, Published
from models.policy import Policy
from tests import builders as b
from tests.engine.test_carried import drawn
from tests.rules.case import policy
from tests.solving.questions import cases
from tests.strategies import generate

Changed = tuple[str, Dataset, Policy]


def changes(data: Dataset, settings: Policy) -> Iterator[Changed]:
    """One of every kind of edit; rows that the published plan names stay."""
    told = {p.request for p in data.published} | {p.offer for p in data.published} | {p.pe for p in data.published}
    offers = tuple(o for o in data.offers if o.offer in told or o.agency != data.offers[0].agency)
    yield "an agency's offers", data.model_copy(update={"offers": offers}), settings
    requests = [r for r in data.requests if r.request not in told]
    if requests:
        student = requests[-1].student
        others = tuple(r for r in data.requests if r.student != student or r.request in told)
        yield "a student", data.model_copy(update={"requests": others}), settings
    if data.educators and data.educators[-1].pe not in told:
        yield "a PE", data.model_copy(update={"educators": data.educators[:-1]}), settings
    if data.commitments:
        yield "commitments", data.model_copy(update={"commitments": ()}), settings
    places = tuple(_with_places(o, o.capacity + 1 - 2 * (i % 2)) for i, o in enumerate(data.offers))
    yield "places", data.model_copy(update={"offers": places}), settings
    for name, value in (("travel_limit", 60), ("contrast", "setting"), ("independent_cap_percent", 0)):
        number = max(value, settings.travel_target) if isinstance(value, int) else value
        yield name, data, Policy.model_validate(settings.model_dump() | {name: number})


def _with_places(offer: Offer, places: int) -> Offer:
    return offer.model_copy(update={"capacity": max(0, places)})


def assert_as_cold(data: Dataset, settings: Policy, near: Solver) -> None:
    cold = Solver(data, settings)
    plan, _ = checked(cold.dataset, cold.policy, cold.solve().plan)
    assert near.answer_for(data, settings).plan.model_dump_json() == plan.model_dump_json()


def test_every_kind_of_edit_has_the_plan_of_a_run_of_its_own() -> None:
    met = Counter[str]()
    for data, settings in map(generate, range(1, 15)):
        if not data.offers:
            continue
        near = Solver(data, settings)
        near.solve()
        for kind, changed, others in changes(data, settings):
            assert_as_cold(changed, others, near)
            met[kind] += 1
    assert len(met) == 8, met
    assert min(met.values()) > 1, met


def test_decisions_one_after_another_have_the_plans_of_runs_of_their_own() -> None:
    """Each begins with what the one before left: its pairs, its model, its faces, and matches that are as they were."""
    for seed, (base, settings) in enumerate(cases(16, 3)):
        luck, data, near = np.random.default_rng(seed), base, Solver(base, settings)
        near.solve()
        for number in range(4 if data.requests and data.offers and data.educators else 0):
            data = drawn(data, luck, number)[1]
            cold = Solver(data, settings)
            plan, _ = checked(cold.dataset, cold.policy, cold.solve().plan)
            near, answer = near.beside(data, settings)
            assert answer.plan.model_dump_json() == plan.model_dump_json(), (seed, number)


def test_where_plans_tie_the_base_does_not_tell_which_is_found() -> None:
    """Two students of a programme left out, one place: no tier asks who has it, and the base gave it to one of two.

    With an offer more that is too far for both, columns or none are others; either way the plan is that of a run of
    its own, which had nothing in hand.
    """
    names = ("S1", "S2")
    data = b.dataset(
        students=tuple(b.student(s) for s in names), requests=tuple(b.request(f"{s}/first") for s in names),
        offers=(b.offer("O1"), b.offer("O2")), educators=(b.educator(load=2),),
    )  # fmt: skip
    settings = policy(programmes_left_out=("BA", "MSW"))
    near = Solver(data, settings)
    near.solve()
    fewer = data.model_copy(update={"offers": data.offers[1:]})
    assert_as_cold(fewer, settings, near)
    assert_as_cold(data, settings, near)


def test_a_solver_beside_another_begins_with_its_plan_and_what_was_left() -> None:
    data, settings = generate(3)
    base = Solver(data, settings)
    base.solve()
    for _, changed, others in changes(data, settings):
        near, answer = base.beside(changed, others)
        assert near.base.matches == Solver(changed, others).solve().plan.matches
        assert near.held == (answer.plan, answer.check) == checked(changed, near.policy, near.base)
        # A solver of the plan alone, with what another has left, says the same of the data before.
        again = Solver.of(changed, near.base)
        again.remember(near)
        assert again.answer_for(data, settings).plan == base.held[0]


def test_with_decisions_switched_off_a_withdrawn_offer_is_used() -> None:
    """Without E16 the one request has the one offer still: 1 is placed, and 0 is not proved."""
    settings = policy(rules_off=("E16",))
    near = Solver(b.dataset(), settings)
    near.solve()
    assert_as_cold(b.dataset(offers=(b.offer("O1", withdrawn=True),)), settings, near)


def test_where_plans_tie_a_base_without_a_memory_does_not_tell_which_is_found() -> None:
    """As above, but nothing was proved of the base: it is a plan alone, or a clash (O2 always asks for 9)."""
    names = ("S1", "S2")
    data = b.dataset(
        students=tuple(b.student(s) for s in names), requests=tuple(b.request(f"{s}/first") for s in names),
        offers=(b.offer("O1"), b.offer("O2")), educators=(b.educator(load=2),),
    )  # fmt: skip
    settings = policy(programmes_left_out=("BA", "MSW"), max_changes=None)
    plan = Solver(data, settings).solve().plan
    assert_as_cold(data.model_copy(update={"offers": data.offers[1:]}), settings, Solver.of(data, plan))
    there = (Published(request="S2/first", offer="O1", status="proposed", standing="in_force"),)
    after = data.model_copy(update={"offers": data.offers[:1], "published": there})
    asked = (b.offer("O1"), b.offer("O2", minimum=9, minimum_kind="always"))
    clashing = Solver(after.model_copy(update={"offers": asked}), settings)
    clashing.solve()
    assert_as_cold(after, settings, clashing)


NOBODY_LEFT = """
from allocator.solving import Solver
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import decision, policy

offers = b.offer("O1"), b.offer("O2", areas=("adults",))
data = b.dataset(offers=offers, educators=(b.educator(load=2),), **firsts(2))
settings = policy(tiers=("placed", "lottery"), placed_total=True)
near = Solver(data, settings)
near.solve()
for number, (request, offer) in enumerate((("S1/first", None), ("S1/first", "O1"), ("S2/first", None))):
    banned = decision("do_not_match", f"D{number}", request=request, offer=offer)
    data = data.model_copy(update={"decisions": (*data.decisions, banned)})
    near, answer = near.beside(data, settings)
assert not answer.plan.matches
"""


def test_the_last_who_could_be_placed_cannot_any_more() -> None:
    """S1 nowhere, S1 not at O1 either, S2 nowhere: nobody is placed. In a process of its own, which may die of it."""
    ended = subprocess.run([sys.executable, "-c", NOBODY_LEFT], check=False, capture_output=True)
    assert ended.returncode == 0, ended.stderr
