"""Repairs: a published plan, one decision, and a new plan; what a run begins with changes its time, not its plan."""

from collections.abc import Iterator

from allocator.pipeline import allocate
from allocator.solving import Solver
from allocator.solving.plans import checked
from models.dataset import Dataset
from models.entities import Published
from models.plan import Plan
from models.policy import Policy
from tests.rules.case import decision
from tests.strategies import generate, larger


def repairs() -> Iterator[tuple[Dataset, Policy, Plan]]:
    """Datasets after a decision, and the plan that was published before it; every other one may change as it likes.

    Programmes that no tier counts are counted: of plans that differ in these alone none is better than another.
    """
    for number, (data, settings) in enumerate([*map(generate, range(1, 27)), *map(larger, range(1, 9))]):
        counted = settings.model_copy(update={"programmes_left_out": (), "max_changes": None if number % 2 else 0})
        unpublished = data.model_copy(update={"published": ()})
        plan = Solver(unpublished, counted).solve().plan
        if not plan.matches:
            continue
        rows = tuple(
            Published(request=m.request, offer=m.offer, pe=m.pe, standing="in_force", start=m.start, end=m.end)
            for m in plan.matches
        )
        match = plan.matches[number % len(plan.matches)]
        declined = decision("declined", "repair", party="student", request=match.request, offer=match.offer)
        decided = (*data.decisions, declined)
        yield data.model_copy(update={"published": rows, "decisions": decided}), counted, plan


def test_any_plan_to_begin_with_gives_the_same_plan_byte_for_byte() -> None:
    moved = stayed = forced = 0
    for data, settings, before in repairs():
        cold = allocate(data, settings).plan
        begun = allocate(data, settings, start=before).plan
        assert begun.model_dump_json() == cold.model_dump_json()
        for matches in ((), before.matches[::2]):  # of the same plan the reasons are the same: once is enough
            start = before.model_copy(update={"matches": matches})
            begun, _ = checked(data, settings, Solver(data, settings).solve(start=start).plan)
            assert begun.model_dump_json(exclude={"unplaced"}) == cold.model_dump_json(exclude={"unplaced"})
            assert [u.request for u in begun.unplaced] == [u.request for u in cold.unplaced]
        offers = {m.request: m.offer for m in before.matches}
        others = [m for m in cold.matches if offers.get(m.request, m.offer) != m.offer]
        forced += cold.forced_changes is not None and cold.forced_changes.fewest > 0
        moved += bool(others)
        stayed += cold.clash is None and not others
    # plans in which others moved, or the request itself did; those in which nobody did; and some in which events force it
    assert moved > 3
    assert stayed > 3
    assert forced > 0
