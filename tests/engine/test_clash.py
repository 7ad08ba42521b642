"""Clashes: exactly the rows that cannot hold together, each of them needed."""

import threading
from typing import Any

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import highs
from allocator.engine.budget import Budget
from allocator.engine.clash import ClashFinder, concerned
from allocator.engine.face import Face
from allocator.engine.model import formulate
from allocator.formulation.program import Linear, Program
from allocator.pipeline import allocate
from models.catalogue import RULE_BY_ID
from models.dataset import Dataset
from models.entities import Team
from models.errors import SolverFaultError
from models.plan import Clash
from models.policy import Policy
from models.run import Limits
from tests import builders as b
from tests.engine.partnerships import INDEPENDENT, firsts
from tests.engine.small import at_most, free, program, random_programs
from tests.rules.case import decision, policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, NOT_STATUTORY, final_place
from tests.strategies import generate

Key = tuple[str, str]


def fix(request: str, offer: str, pe: str | None = None) -> Any:
    return decision("fix", f"fix {request}", request=request, offer=offer, pe=pe)


TWO_FIXES = (fix("S1/first", "O1"), fix("S2/first", "O1"))
AFTER: dict[str, Any] = {"requests": BOTH_REQUESTS, "educators": EDUCATORS}
SHARED: dict[str, Any] = {
    "agencies": (b.agency("A", social_workers_fte=1), b.agency("B", social_workers_fte=1)),
    "educators": (b.educator(load=9),),
} | firsts(4)

CLASHES: dict[str, tuple[Dataset, Policy, set[Key]]] = {
    # Two are fixed to one place; their PE could take both.
    "two fixes, one place": (
        b.dataset(educators=(b.educator(load=2),), decisions=TWO_FIXES, **firsts(2)),
        policy(),
        {("E16", "S1/first"), ("E16", "S2/first"), ("L02", "O1")},
    ),
    # Two places, and one PE who takes one student.
    "two fixes, one PE": (
        b.dataset(offers=(b.offer(capacity=2),), decisions=TWO_FIXES, **firsts(2)),
        policy(),
        {("E16", "S1/first"), ("E16", "S2/first"), ("L03", "E1")},
    ),
    # Two who are not to be in one agency are fixed to two places of it.
    "two fixes in one agency, kept apart": (
        b.dataset(
            offers=(b.offer(capacity=2),), educators=(b.educator(load=2),), **firsts(2),
            decisions=(*TWO_FIXES, decision("apart", "apart S1 S2", student="S1", other="S2", value="agency")),
        ),
        policy(),
        {("E16", "S1/first"), ("E16", "S2/first"), ("L12", "apart S1 S2")},
    ),
    # One of two fixes names the PE whom the other one has alone; O2 has the place.
    "two fixes, one PE, two offers": (
        b.dataset(
            offers=(b.offer("O1", educators=b.named("E1")), b.offer("O2")),
            educators=(b.educator("E1"), b.educator("E2")),
            decisions=(fix("S1/first", "O1"), fix("S2/first", "O2", "E1")), **firsts(2),
        ),
        policy(),
        {("E16", "S1/first"), ("E16", "S2/first"), ("L03", "E1")},
    ),
    # A minimum of 1 that always holds, and nobody who could come.
    "a minimum that nobody can meet": (
        b.dataset(offers=(b.offer(minimum=1, minimum_kind="always", stage="final"),)),
        policy(),
        {("L10", "O1")},
    ),
    # A minimum of 2 in an offer with 1 place.
    "a minimum above the capacity": (
        b.dataset(offers=(b.offer(minimum=2, minimum_kind="always"),), educators=(b.educator(load=2),), **firsts(2)),
        policy(),
        {("L02", "O1"), ("L10", "O1")},
    ),
    # The agency is to have two in the year: one request is too few, whatever else.
    "minimum in the year, one request": (
        b.dataset(agencies=(b.agency(minimum_in_year=2),)),
        policy(),
        {("L10", "A")},
    ),
    "minimum in the year, one place": (
        b.dataset(agencies=(b.agency(minimum_in_year=2),), educators=(b.educator(load=2),), **firsts(2)),
        policy(),
        {("L10", "A"), ("L02", "O1")},
    ),
    # D = 4, all from partners: A and B are asked for 2 each, tolerance 1, so both have the floor 1; B takes finals only.
    "a hard floor": (
        b.dataset(offers=(b.offer(capacity=4), b.offer("O2", agency="B", stage="final")), **SHARED),
        policy(fair_share_hard=True, partner_share_percent=100),
        {("L08", "B")},
    ),
    # The ceiling is 3 and four are fixed there (4 > 2 + 1).
    "a hard ceiling": (
        b.dataset(offers=(b.offer(capacity=4),), decisions=tuple(fix(f"S{i}/first", "O1") for i in (1, 2, 3, 4)), **SHARED),
        policy(fair_share_hard=True, partner_share_percent=100),
        {("L08", "A"), *(("E16", f"S{i}/first") for i in (1, 2, 3, 4))},
    ),
    # The final is fixed and its first has no offer that takes it.
    "a fixed final without its first": (
        b.dataset(offers=(final_place("O2", stage="final"),), decisions=(fix("S1/final", "O2"),), **AFTER),
        policy(),
        {("E16", "S1/final"), ("L06", "S1")},
    ),
    # Neither of the two is statutory, in the only offers there are.
    "a fixed final without a statutory placement": (
        b.dataset(offers=(b.offer("O1", **NOT_STATUTORY), final_place("O2", **NOT_STATUTORY)), decisions=(fix("S1/final", "O2"),), **AFTER),
        policy(),
        {("E16", "S1/final"), ("L04", "S1")},
    ),
    "first and final fixed to one team": (
        b.dataset(
            offers=(b.offer("O1"), final_place("O2", team="X"), final_place("O3")),
            decisions=(fix("S1/first", "O1"), fix("S1/final", "O2")), **AFTER,
        ),
        policy(),
        {("E16", "S1/first"), ("E16", "S1/final"), ("E10", "S1 X")},
    ),
    # The only PE there is independent, and the cap is 20% of 1. A's own PE serves another team.
    "a fix beyond the cap on independents": (
        b.dataset(educators=(b.educator("I1", **INDEPENDENT), b.educator("E9", team="Z")), decisions=(fix("S1/first", "O1"),)),
        policy(),
        {("E16", "S1/first"), ("L07", "2025/2026")},
    ),
}  # fmt: skip
each_clash = pytest.mark.parametrize(("data", "settings", "members"), CLASHES.values(), ids=CLASHES.keys())


@each_clash
def test_exactly_the_rows_that_clash_are_named(data: Dataset, settings: Policy, members: set[Key]) -> None:
    outcome = allocate(data, settings)
    assert outcome.plan.clash is not None
    assert {(m.rule, m.subject) for m in outcome.plan.clash.members} == members
    assert len(outcome.plan.clash.members) == len(members)
    assert outcome.plan.clash.confirmed
    assert (outcome.plan.matches, outcome.plan.unplaced, outcome.plan.tiers) == ((), (), ())
    assert outcome.run.check_passed is None


@each_clash
def test_the_members_alone_clash_and_without_any_one_they_can_hold(
    data: Dataset, settings: Policy, members: set[Key]
) -> None:
    model = formulate(Eligibility(data, settings))
    assert not _can_hold(model.program, members)
    for member in members:
        assert _can_hold(model.program, members - {member}), member


def _can_hold(whole: Program, members: set[Key]) -> bool:
    """Whether the rows of these members have a solution, together with those that only say what a match is."""
    part = Program()
    for low, high, integer in zip(whole.lower, whole.upper, whole.integer, strict=True):
        part.add_column(high, lower=low, integer=bool(integer))
    for batch in (*whole.batches, whole.lazy.every()):
        for i, (rule, subject) in enumerate(zip(batch.rules, batch.subjects, strict=True)):
            if rule in ("L01", "shortfall") or (rule, subject) in members:
                terms = Linear.sum_of(batch.column[batch.row == i], batch.coefficient[batch.row == i])
                low, high = batch.lower[i], batch.upper[i]
                part.add_row(terms, rule=rule, subject=subject, lower=low, upper=high)
    return highs.search(Face.of(part), np.zeros(part.columns), None, free(), None).ending == "optimal"


def test_clashes_of_generated_partnerships_are_confirmed_and_smallest() -> None:
    seen = 0
    for seed in range(1, 81):
        data, settings = generate(seed)
        clash = allocate(data, settings).plan.clash
        if clash is None:
            continue
        seen += 1
        assert clash.confirmed, seed
        members = {(m.rule, m.subject) for m in clash.members}
        model = formulate(Eligibility(data, settings))
        assert not _can_hold(model.program, members), seed
        assert all(_can_hold(model.program, members - {m}) for m in members), seed
        asking = {(m.rule, m.subject) for m in clash.members if m.asks}
        for limits in clash.also:  # each set clashes with what is asked for, alone, and all of it is needed
            beside = {(m.rule, m.subject) for m in limits}
            assert asking, seed
            assert beside.isdisjoint(members), seed
            assert not _can_hold(model.program, asking | beside), seed
            assert all(_can_hold(model.program, asking | beside - {m}) for m in beside), seed
    assert seen >= 5


SENTENCES = {
    "two fixes, one place": {"S1/first is fixed to O1 (decision fix S1/first).", "S2/first is fixed to O1 (decision fix S2/first).",
                             "O1 has 1 place in all, 1 fewer than are fixed or kept there."},
    "two fixes, one PE, two offers": {"S1/first is fixed to O1 (decision fix S1/first).",
                                      "S2/first is fixed to O2 with E1 (decision fix S2/first).",
                                      "E1 takes at most 1 at once, commitments included."},
    "a minimum above the capacity": {"O1 asks for at least 2 always.", "O1 has 1 place in all."},
    "minimum in the year, one request": {"A asks for at least 2 in the year."},
    "a fixed final without its first": {"S1/final is fixed to O2 (decision fix S1/final).",
                                        "A final in the horizon only with its first, and after it."},
}  # fmt: skip


@pytest.mark.parametrize("name", SENTENCES)
def test_a_member_says_what_its_row_asks(name: str) -> None:
    data, settings, _ = CLASHES[name]
    clash = allocate(data, settings).plan.clash
    assert isinstance(clash, Clash)
    assert {m.sentence for m in clash.members} == SENTENCES[name]


def test_maxima_at_once_are_said_of_agency_and_team() -> None:
    at_most_one = Team(agency="A", team="X", maximum_at_once=1)
    roomy = {"offers": (b.offer(capacity=2),), "educators": (b.educator(load=2),), "decisions": TWO_FIXES} | firsts(2)
    of_team = allocate(b.dataset(teams=(at_most_one,), **roomy), policy()).plan.clash
    of_agency = allocate(b.dataset(agencies=(b.agency(maximum_at_once=1),), **roomy), policy()).plan.clash
    assert of_team is not None
    assert of_agency is not None
    assert "A/X takes at most 1 at once, other programmes included." in [m.sentence for m in of_team.members]
    assert "A takes at most 1 at once, other programmes included." in [m.sentence for m in of_agency.members]


def test_a_least_and_a_greatest_number_of_an_agency() -> None:
    # At least 2 and at most 1 cannot both be.
    clash = allocate(
        b.dataset(
            agencies=(b.agency(minimum_in_year=2, maximum_in_year=1),), offers=(b.offer(capacity=2),), **firsts(2)
        ),
        policy(),
    ).plan.clash
    assert clash is not None
    assert [m.sentence for m in clash.members] == ["A asks for at least 2 and at most 1 in the year."]


def test_two_clashes_that_have_nothing_to_do_with_each_other_are_told_one_at_a_time() -> None:
    # Either minimum is a clash by itself; a smallest set holds one of them.
    offers = tuple(b.offer(f"O{i}", minimum=1, minimum_kind="always", stage="final") for i in (1, 2))
    clash = allocate(b.dataset(offers=offers), policy()).plan.clash
    assert clash is not None
    assert [m.rule for m in clash.members] == ["L10"]


def finder(made: Program, budget: Budget | None = None) -> ClashFinder:
    """A finder for a program made by hand, with the words of the dull partnership."""
    model = formulate(Eligibility(b.dataset(), policy())).matches
    model.program = made
    return ClashFinder(model, budget or free())


def test_what_the_lower_bounds_break_decides_whether_a_face_has_a_point() -> None:
    left_out = infeasible = 0
    for made, cost in random_programs(150):
        # beside it two columns that no row of it touches: at most one of them, which none breaks
        both = program(made.columns + 2, at_most(1, made.columns, made.columns + 1))
        both.batches += made.batches
        face = Face.of(both)
        dear = np.append(np.abs(cost), [1, 1])  # nothing is better than at its lower bound
        among = concerned(face)
        found, all_of_it = (highs.search(face, dear, None, free(), None, chosen) for chosen in (among, None))
        assert found.ending == all_of_it.ending
        assert found.bound == pytest.approx(all_of_it.bound)
        assert not among[-2:].any()
        left_out += not among.any()
        infeasible += found.ending == "infeasible"
    # programs that hold at their lower bounds, that cannot hold, and others between
    assert left_out > 5
    assert infeasible > 5
    assert left_out + infeasible < 140


def test_rows_of_no_rule_are_never_members_and_stay() -> None:
    # x >= 1 is demanded by L10; x <= 0 comes from a row of no rule of the catalogue.
    made = Program()
    made.add_column(1)
    made.add_row(Linear.of([(0, 1)]), rule="tier", subject="placed", upper=0)
    made.add_row(Linear.of([(0, 1)]), rule="L10", subject="O1", lower=1)
    clash = finder(made).find()
    assert [(m.rule, m.subject) for m in clash.members] == [("L10", "O1")]
    assert clash.confirmed


def test_a_run_that_is_stopped_tells_the_set_that_it_has() -> None:
    # x >= 1 and x <= 0 clash; y >= 1 has nothing to do with it, but nobody has looked yet.
    made = Program()
    made.add_columns([1, 1])
    made.add_row(Linear.of([(0, 1)]), rule="L10", subject="O1", lower=1)
    made.add_row(Linear.of([(1, 1)]), rule="L10", subject="O2", lower=1)
    made.add_row(Linear.of([(0, 1)]), rule="L02", subject="O1", upper=0)
    stop = threading.Event()
    stop.set()
    smallest = [("L02", "O1"), ("L10", "O1")]
    for budget, members in (
        (Budget(Limits(), stop), [*smallest, ("L10", "O2")]),
        (Budget(Limits(seconds=0), None), [*smallest, ("L10", "O2")]),
        (Budget(Limits(work=0), None), smallest),
    ):
        clash = finder(made, budget).find()
        assert [(m.rule, m.subject) for m in clash.members] == members
        assert clash.confirmed is (members == smallest)


def test_subjects_that_the_dataset_does_not_know_are_said_by_the_rule() -> None:
    # Any one of these rows forbids what it asks for; each names something that is not there.
    for rule in ("E16", "L02", "L03", "L10"):
        made = Program()
        made.add_column(1)
        made.add_row(Linear.of([(0, 1)]), rule=rule, subject="nowhere", lower=2)
        [member] = finder(made).find().members
        assert member.sentence == policy().stated(RULE_BY_ID[rule])


def test_a_clash_that_no_solver_decides_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Program()
    made.add_column(1)
    for subject in ("O1", "O2"):
        made.add_row(Linear.of([(0, 1)]), rule="L10", subject=subject, lower=1, upper=0)
    monkeypatch.setattr(highs, "search", lambda *_: highs.Searched("stopped", None, 0.0))
    with pytest.raises(SolverFaultError, match="could not be decided"):
        finder(made).find()


def test_what_clashes_with_two_students_says_whose_decision_it_is() -> None:
    data, settings, _ = CLASHES["two fixes in one agency, kept apart"]
    clash = allocate(data, settings).plan.clash
    assert clash is not None
    [member] = [m for m in clash.members if m.rule == "L12"]
    assert member.sentence == "S1 and S2 are never in one agency at the same time (decision apart S1 S2)."
    assert member.remedy == "delete decision apart S1 S2 on the sheet Decisions"
