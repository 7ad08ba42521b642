"""Models near one that was solved: what a run left gives the same plan as a run of its own."""

from collections import Counter

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine.engine import EngineResult, solve
from allocator.engine.face import Face
from allocator.engine.recalled import Before, Memory, Recalled, Worth, only_plan, told_by_prices, wanted
from allocator.engine.relaxation import Relaxation
from allocator.engine.search import Search
from allocator.formulation.program import Linear, Program
from models.dataset import Dataset
from models.policy import Policy, Tier
from tests import builders as b
from tests.engine.budgets import free
from tests.rules.case import policy
from tests.solving.questions import cases, questions


def solved(data: Dataset, settings: Policy, memory: Memory | None = None) -> EngineResult:
    return solve(Eligibility(data, settings), free(), lambda *_: None, lambda *_: None, memory=memory)


def recalled(result: EngineResult) -> bool:
    return any(run.method == "prices" for run in result.runs)


def test_plans_are_those_of_a_run_without_memory() -> None:
    met = Counter[str]()
    for seed, (data, settings) in enumerate(cases(14, 4)):
        base = solved(data, settings)
        if base.memory is None:
            continue
        for question in questions(data, settings, base.choices, seed):
            changed = question.changed(data, settings)
            found, cold = solved(*changed, base.memory), solved(*changed)
            assert (found.tiers, found.choices) == (cold.tiers, cold.choices), (seed, question)
            assert found.clash == cold.clash
            kind = "places" if question.places else "settings" if question.settings else "decisions"
            met[f"{kind} {recalled(found)} {found.tiers == base.tiers}"] += 1
    # Each is met, so that the plans above were compared where a run was recalled: with tiers as before, and with others.
    # How often depends on the seeds alone.
    for kind in ("places", "settings"):
        assert met[f"{kind} True False"] > 0, met
        # Where a place more or another number changes no tier, the prices of the run before prove it still: only where
        # their plan is not the only one must it be looked for (32 and 4 for places, 14 and 2 for settings).
        assert met[f"{kind} True True"] > met[f"{kind} False True"], met


def test_equal_offers_are_recalled_too() -> None:
    """Three students, two equal offers of one place each: a third place at one of them."""
    names = [f"S{i}" for i in range(1, 4)]
    data = b.dataset(
        students=tuple(b.student(s) for s in names), requests=tuple(b.request(f"{s}/first") for s in names),
        offers=(b.offer("O1"), b.offer("O2")), educators=(b.educator(load=3),),
    )  # fmt: skip
    more = data.model_copy(update={"offers": (b.offer("O1"), b.offer("O2", capacity=2))})
    base = solved(data, policy())
    assert base.memory is not None
    found, cold = solved(more, policy(), base.memory), solved(more, policy())
    assert (found.tiers, found.choices) == (cold.tiers, cold.choices)
    assert recalled(found)
    assert len(found.choices) == 3


def test_a_plan_beside_others_is_not_the_only_one() -> None:
    """x + y = 1: two plans. With x drawn 1 and y 0, one."""
    program = Program()
    both = program.add_columns([1, 1])
    program.add_row(Linear.sum_of(both), rule="L01", subject="S1", lower=1, upper=1)
    face, plan = Face.of(program), np.array([1.0, 0.0])
    assert not only_plan(face, plan, both, free())
    drawn = face.at(np.array([-1.0, 0.0]), -1)
    assert only_plan(drawn, plan, both, free())


def test_rows_that_come_or_go_leave_the_others_their_prices() -> None:
    def made(*rows: tuple[str, int, float]) -> tuple[Program, tuple[tuple[Tier, Linear], ...]]:
        """Two columns share what each row allows, so that it is worth 1 a unit to the tier, and no column alone is."""
        program = Program()
        columns = program.add_columns([5, 5, 5, 5])
        for subject, pair, most in rows:
            program.add_row(Linear.sum_of(columns[2 * pair : 2 * pair + 2]), rule="L02", subject=subject, upper=most)
        return program, ((Tier(name="placed.finals", sense="max"), Linear.sum_of(columns)),)

    program, tiers = made(("O1", 0, 2), ("O2", 1, 3))
    found = Search(program, tiers, free(), lambda *_: None).run()
    memory = Memory.of(program, tiers, found)
    other, _ = made(("O2", 1, 4))
    assert memory.prices["placed.finals"].tolist() == [-1, -1]
    assert memory.at(other).prices["placed.finals"].tolist() == [-1]
    more, _ = made(("O3", 0, 2), ("O2", 1, 4))
    assert memory.at(more).prices["placed.finals"].tolist() == [0, -1]


def test_prices_that_are_no_numbers_tell_nothing() -> None:
    """x <= 1 at a price of -1 bounds -x by -1; at a price that a solver failed to find, by nothing."""
    program = Program()
    program.add_row(Linear.sum_of(program.add_columns([2])), rule="L02", subject="O1", upper=1)
    face, cost, point = Face.of(program), np.array([-1.0]), np.array([1.0])
    told = told_by_prices(face, cost, np.array([-1.0]), (point,))
    assert told is not None
    assert told.value == -1
    assert told_by_prices(face, cost, np.array([np.nan]), (point,)) is None


def test_a_relaxation_near_another_begins_without_what_is_dear_at_its_prices() -> None:
    """Two of three may be had: at the price -2 of a place x (worth 3) and y (worth 2) pay, z (worth 1) does not.

    z costs -1 + 2 = 1 more than it brings; half a unit, or a twentieth of 3, is allowed.
    """
    program = Program()
    columns = program.add_columns([1, 1, 1])
    program.add_row(Linear.sum_of(columns), rule="L02", subject="O1", upper=2)
    face, cost, nothing = Face.of(program), np.array([-3.0, -2.0, -1.0]), np.zeros(3)
    prices, recalled = np.array([-2.0]), Recalled({}, {}, Before(np.arange(1), np.arange(3)), worth=Worth())
    found = wanted(face, [nothing, cost], [None, prices], nothing, recalled)
    assert found is not None
    assert found.columns.tolist() == [True, True, False]
    with_plan = wanted(face, [cost], [prices], np.array([0.0, 0.0, 1.0]), recalled)
    assert with_plan is not None
    assert with_plan.columns.all()
    assert recalled.worth is not None
    assert recalled.worth.inside is not None
    assert recalled.worth.inside.tolist() == [True, True, False]  # what one plan has says nothing of the next
    assert wanted(face, [cost], [None], nothing, recalled) is None
    relaxed = Relaxation(face, free(), found).minimise(face, np.array([0.0, 0.0, -1.0]))
    assert relaxed.value == -1  # another objective wants z, which joins
