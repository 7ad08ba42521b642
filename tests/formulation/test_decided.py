"""Paths of students whose places are decided come to the same as the paths that led there."""

from collections import Counter
from collections.abc import Iterator

import pytest

from allocator.eligibility import Eligibility
from allocator.engine.engine import EngineResult, solve
from allocator.engine.model import Model, formulate
from allocator.engine.naming import TIERS_ABOUT_EDUCATORS
from tests import builders as b
from tests.engine.budgets import free
from tests.rules.case import policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, final_place
from tests.solving.questions import cases

OF_PATHS = ("complete", "two_statutory")


def decided() -> Iterator[tuple[EngineResult, Model]]:
    """Plans of generated partnerships, and the models in which everybody's place is theirs."""
    for data, settings in cases(40, 6):
        eligibility = Eligibility(data, settings)
        found = solve(eligibility, free(), lambda *_: None, None)
        if found.clash is not None or eligibility.as_promised:
            continue
        kept = {k.request.request for k in eligibility.kept if k.stays is not None}
        yield found, formulate(eligibility, {c.request: c.offer for c in found.choices if c.request not in kept})


def test_tiers_of_paths_have_the_values_that_were_found() -> None:
    """Every match is fixed at 1, so that the lower bounds are the plan, but for who supervises."""
    met = Counter[str]()
    for found, model in decided():
        values = {tier.name: expression.value(model.program.lower) for tier, expression in model.tiers()}
        for tier in found.tiers:
            if tier.tier.startswith(OF_PATHS):
                assert values[tier.tier] == tier.value
                met[f"{tier.tier.partition('.')[0]} {tier.value > 0}"] += bool(model.paths.by_student)
    assert all(met[f"{name} True"] > 5 for name in OF_PATHS), met


def test_tiers_that_look_at_no_pe_have_their_values_when_places_are_decided() -> None:
    """Each is a sum of columns that are fixed, with nothing to choose; those that look at PEs are listed."""
    met = Counter[str]()
    for _, model in decided():
        tiers = model.tiers()
        shortfalls = {s.column: s.needed for s in model.program.shortfalls}
        counts = {int(use.columns[0]) for use in model.matches.uses} - set(range(len(model.matches.x.request)))
        for tier, expression in tiers:
            columns = {int(c) for c in expression.columns}
            columns |= {int(c) for short in columns & shortfalls.keys() for c in shortfalls[short].columns}
            if columns & counts:
                assert tier.name in TIERS_ABOUT_EDUCATORS
                met[tier.name] += 1
    assert set(met) == TIERS_ABOUT_EDUCATORS, met


@pytest.mark.parametrize(("final", "least", "rests"), [("yes", 1, 0), ("not_known", 1, 0), ("not_known", 2, 1)])
def test_a_guarantee_that_rests_on_an_answer_is_counted(final: str, least: int, rests: int) -> None:
    """First: statutory. Where one is enough nothing rests on the final; where both have to be, its answer does."""
    offers = (b.offer("O1"), final_place("O2", statutory_regulator=final))
    data = b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=offers)
    settings = policy(statutory_least={"MSW": least})
    model = formulate(Eligibility(data, settings), {"S1/first": "O1", "S1/final": "O2"})
    assert len(model.paths.by_student["S1"].rests) == rests
