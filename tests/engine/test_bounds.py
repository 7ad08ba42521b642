"""What is stated of a large program: bounds by weak duality, which hold whatever the duals are and where they are from."""

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import bounds as bounds_module
from allocator.engine import working
from allocator.engine.ascent import improve
from allocator.engine.bounds import by_duality
from allocator.engine.face import Face
from allocator.engine.model import formulate
from allocator.engine.prices import Priced
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import INFINITY
from tests.engine.small import at_most, free, program, vector, wide_programs
from tests.engine.test_part_by_part import Case
from tests.engine.test_prices import minimum
from tests.strategies import larger


def test_two_students_and_one_place() -> None:
    # x1 + x2 <= 1 with a cost of -1 each. With y <= 0 for the row: y x 1 + 2 min(-1 - y, 0). A price for a lower bound
    # that the row does not have is a bound that says nothing.
    face, cost = Face.written(program(2, at_most(1, 0, 1))), vector(-1, -1)
    found = [by_duality(face, cost, vector(y)) for y in (0, -0.5, -1, -3, 1)]
    assert found == [-2, -1.5, -1, -3, -INFINITY]
    # with the first closed and the second given: what they cost, at most
    fixed = face._replace(lower=vector(0, 1), upper=vector(0, 1))
    assert by_duality(fixed, cost, vector(0)) == -1


def test_no_duals_give_more_than_the_relaxation_and_its_own_give_its_value() -> None:
    luck, near = np.random.default_rng(11), 0
    for made, _, cost in wide_programs(30):
        face = Face.of(made)
        relaxed = minimum(face, cost)
        for scale in (0.1, 1.0):
            duals = luck.normal(scale=scale, size=len(face.row_lower))
            duals = np.where(np.isinf(face.row_lower), np.minimum(duals, 0), duals)
            bound = by_duality(face, cost, duals)
            assert bound <= relaxed + 1e-6
            near += bound > relaxed - 100
        duals = Relaxation(face, free()).minimise(face, cost).row_duals
        assert by_duality(face, cost, duals) == pytest.approx(relaxed, abs=1e-5)
    assert near > 20


def test_a_bound_that_its_duals_do_not_give_is_not_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever goes wrong where prices are looked for: here three placements are claimed to be out of reach.
    monkeypatch.setattr(working, "LARGE", 0)
    case = Case(formulate(Eligibility(*larger(3))))

    def stated() -> list[int | None]:
        bounds = case.bounds()
        bounds.find_placed(case.plan)
        bounds.find_later(case.plan)
        return bounds.of(case.plan)

    honest = stated()

    def claimed(*arguments: object) -> Priced:
        found = improve(*arguments)  # type: ignore[arg-type]
        return found._replace(bound=found.bound + 3)

    monkeypatch.setattr(bounds_module, "improve", claimed)
    assert stated() == honest
