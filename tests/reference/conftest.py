"""Both solvers for every test that asks for one, and the shortest way to a plan."""

from typing import Any, Protocol

import pytest

from allocator.reference import ReferenceResult, Solver, solve
from models.dataset import Dataset
from models.policy import Policy
from tests.builders import MONDAY


class Run(Protocol):
    def __call__(self, data: Dataset, *tiers: str, **settings: Any) -> ReferenceResult: ...


@pytest.fixture(params=["cbc", "highs"])
def solver(request: pytest.FixtureRequest) -> Solver:
    name: Solver = request.param
    return name


@pytest.fixture
def run(solver: Solver) -> Run:
    """Solve with the tiers named (none: ``placed``), one total, today the first Monday."""

    def _run(data: Dataset, *tiers: str, **settings: Any) -> ReferenceResult:
        facts = {"as_of": MONDAY, "placed_total": True, "tiers": tiers or ("placed",)}
        return solve(data, Policy(**facts | settings), solver)

    return _run


def values(result: ReferenceResult) -> dict[str, int]:
    """Optima by tier; every one must be proved."""
    assert all(tier.proved and tier.bound == tier.value for tier in result.tiers)
    return {tier.tier: tier.value for tier in result.tiers}


def changed(data: Dataset, **parts: Any) -> Dataset:
    """The dataset with whole collections replaced; made anew, since a copy would keep the lookups of the old one."""
    return Dataset(**{name: getattr(data, name) for name in Dataset.model_fields} | parts)
