"""Models that are carried over to a dataset in which other numbers are fair, as students are withdrawn."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from allocator.engine.face import Face
from allocator.engine.other_shares import with_other_shares
from allocator.formulation.program import Linear, Program
from allocator.limits.l08_fair_share import ceiling_of, floor_of
from allocator.terms.fair_share import Share
from benchmarks.families import reading
from models.dataset import Dataset
from models.policy import Tier
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.engine.test_carried import carried, shares_of, solved
from tests.rules.case import policy

SHARE = Share("A", 2026, quota=3, floor=2, ceiling=4, before=())
TIERS = tuple((Tier(name=name, sense="min"), Linear.of()) for name in ("placed.firsts", "fair_share", "overload"))


def shared_out(share: Share) -> Program:
    """Three matches at A; how many it is short of its floor, and how many above its ceiling."""
    program = Program()
    matches = program.add_columns(np.ones(3))
    short = Linear.sum_of(matches, -1, share.floor), Linear.sum_of(matches, 1, -share.ceiling)
    for needed, subject in zip(short, (floor_of(share), ceiling_of(share)), strict=True):
        if share.floor or subject == ceiling_of(share):
            program.add_shortfall(needed, 1, rule="shortfall", subject=subject)
    return program


def test_a_floor_that_falls_frees_the_faces_before_the_tier_that_counts_it() -> None:
    # floor 2 - matches <= short, of which there are at most 2: with floor 1 both bounds are 1. A ceiling of 4 is more
    # than all three matches, so that nothing can be above it and it has no row.
    program = shared_out(SHARE)
    faces = (Face.written(program),) * 4
    found = with_other_shares(program, TIERS, faces, (SHARE,), (SHARE._replace(floor=1),))
    assert found is not None
    assert len(found.faces) == 2  # all solutions, and those with the value of placed.firsts
    assert [face.row_upper.tolist() for face in found.faces] == [[-1.0]] * 2
    assert found.program.upper.tolist() == [1, 1, 1, 1, 0]
    assert found.rows.tolist() == [0]
    assert found.program.tidied(np.zeros(5)).tolist() == [0, 0, 0, 1, 0]
    assert (program.upper[3], faces[0].row_upper[0]) == (2, -2)  # the run's own stay as they are


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((SHARE,), (SHARE._replace(ceiling=2),)),  # three matches may be one above it now, and there is no row
        ((SHARE._replace(floor=0),), (SHARE,)),  # nothing counts what is below a floor of 0
        ((SHARE,), (SHARE._replace(before=("S1/first",)),)),
        ((SHARE,), ()),
    ],
)
def test_what_has_no_row_is_made_anew(before: tuple[Share, ...], now: tuple[Share, ...]) -> None:
    program = shared_out(before[0])
    assert with_other_shares(program, TIERS, (Face.written(program),), before, now) is None


def test_a_face_on_which_the_share_is_settled_is_left_out_with_those_behind_it() -> None:
    # Where a proof has found how many are short at most, another floor may have others.
    program = shared_out(SHARE)
    whole = Face.written(program)
    settled = whole._replace(lower=np.array([0, 0, 0, 0, 0.0]), upper=np.array([1, 1, 1, 0, 0.0]))
    found = with_other_shares(program, TIERS, (whole, settled, settled), (SHARE,), (SHARE._replace(floor=1),))
    assert found is not None
    assert len(found.faces) == 1


@pytest.mark.parametrize("family", ["rural", "tight_educators"])
def test_plans_are_those_of_models_that_are_made_anew(family: str) -> None:
    """Four students after one another, and an offer now and then; what an agency is asked for falls with them."""
    made, luck, others = reading(family, 20, 1), np.random.default_rng(1), 0
    data, settings = made.dataset, made.policy
    found = solved(data, settings)
    for number in range(4):
        shares, data = shares_of(data, settings), _fewer(data, luck, number)
        taken_over = carried(found, data, settings) is not None
        others += taken_over and shares_of(data, settings) != shares
        found, cold = solved(data, settings, found), solved(data, settings)
        assert (found.tiers, found.choices, found.clash) == (cold.tiers, cold.choices, cold.clash), number
    assert others


def _fewer(data: Dataset, luck: np.random.Generator, number: int) -> Dataset:
    student = data.students[int(luck.integers(len(data.students)))].student
    offer = data.offers[int(luck.integers(len(data.offers)))].offer if number % 2 else None
    gone = {"withdrawn": True}
    return data.model_copy(
        update={
            "students": tuple(s.model_copy(update=gone) if s.student == student else s for s in data.students),
            "offers": tuple(o.model_copy(update=gone) if o.offer == offer else o for o in data.offers),
        }
    )


@pytest.mark.parametrize("name", ["floor of A 2025", "ceiling of A 2025"])
def test_no_id_of_a_pe_is_taken_for_a_share(name: str) -> None:
    """A trainee whose id reads like what falls short of A's share in 2025: only the share asks for fewer by then."""
    data = b.dataset(
        agencies=(b.agency("A", social_workers_fte=Decimal(1)),),
        offers=(b.offer("O1", capacity=4), b.offer("O2", areas=("adults",))),
        educators=(
            b.educator("E1", load=Decimal(9)),
            b.educator(name, team="Z", long_arm=True, needs_student_by=date(2026, 6, 1)),
        ), **firsts(4),
    )  # fmt: skip
    settings = policy(partner_share_percent=100)
    gone = tuple(s.model_copy(update={"withdrawn": s.student == "S4"}) for s in data.students)
    fewer = data.model_copy(update={"students": gone})
    assert shares_of(fewer, settings) != shares_of(data, settings)
    base = solved(data, settings)
    assert carried(base, fewer, settings) is not None
    near, cold = solved(fewer, settings, base), solved(fewer, settings)
    assert (near.tiers, near.choices) == (cold.tiers, cold.choices)
