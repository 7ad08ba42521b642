"""Answers to changed questions: those that a run from the beginning gives, whatever is kept from the plan before."""

from collections import Counter

from allocator.pipeline import allocate
from allocator.solving import Question, Solver
from allocator.solving.plans import checked
from tests import builders as b
from tests.rules.case import decision, policy
from tests.solving.questions import cases, questions


def two_of_one() -> Solver:
    """Two students and one place, twenty minutes from either; the draw says who has it."""
    data = b.dataset(
        students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
        educators=(b.educator(load=2),),
    )  # fmt: skip
    return Solver(data, policy())


def test_who_is_placed_and_who_loses() -> None:
    solver = two_of_one()
    [match] = solver.base.matches
    [other] = {"S1/first", "S2/first"} - {match.request}
    answer = solver.answer(Question(fixed=((other, "O1", None),)))
    assert (answer.gained, answer.lost) == ((other,), (match.request,))
    assert answer.possible
    assert answer.proved
    more = solver.answer(Question(places=(("O1", 1),)))
    assert (more.gained, more.lost) == ((other,), ())
    none = solver.answer(Question(forbidden=((match.request, None), (other, "O1"))))
    assert (none.gained, none.lost, none.plan.matches) == ((), (match.request,), ())


def test_what_cannot_be_is_said_to_be_impossible() -> None:
    solver = two_of_one()
    question = Question(fixed=(("S1/first", "O1", None), ("S2/first", "O1", None)))
    both = solver.answer(question)
    assert both.plan.clash is not None  # two fixes, each good on its own, and one place
    assert {m.rule for m in both.plan.clash.members} == {"E16", "L02"}
    assert not both.possible
    # Whether it can be at all is the same without the names of what clashes.
    asked = solver.answer(question, name_clash=False)
    assert asked.plan.clash is not None
    assert asked.plan.clash.members == ()
    assert not asked.possible


def test_a_second_fix_that_cannot_be_is_impossible_too() -> None:
    # Neither offer takes a first: the dataset's fix to O1 is set aside, and so is the one that is asked for.
    finals = (b.offer("O1", stage="final"), b.offer("O2", stage="final"))
    solver = Solver(b.dataset(offers=finals, decisions=(decision("fix", request="S1/first", offer="O1"),)), policy())
    assert solver.base.fixes_set_aside == ("S1/first",)
    assert not solver.answer(Question(fixed=(("S1/first", "O2", None),))).possible
    assert solver.answer(Question(places=(("O2", 1),))).possible  # what the dataset's fix asks for was not asked
    excluded = solver.answer(Question(fixed=(("S1/first", "O1", "E1"),), forbidden=(("S1/first", "O1"),)))
    assert excluded.plan.fixes_set_aside == ("S1/first",)
    assert not excluded.possible


def test_a_solver_of_a_plan_begins_with_it() -> None:
    solver = two_of_one()
    again = Solver.of(solver.dataset, solver.base)
    assert again.base is solver.base
    question = Question(places=(("O1", 1),))
    assert again.answer(question) == solver.answer(question)


def test_the_base_is_the_plan_that_a_run_proposes() -> None:
    for data, settings in cases(10, 3):
        solved, proposed = Solver(data, settings).solve().plan, allocate(data, settings).plan
        assert [m.model_copy(update={"kept_despite": ()}) for m in proposed.matches] == list(solved.matches)
        assert solved.tiers == proposed.tiers
        assert [u.request for u in solved.unplaced] == [u.request for u in proposed.unplaced]


def test_answers_are_those_of_a_run_from_the_beginning() -> None:
    met = Counter[str]()
    for seed, (data, settings) in enumerate(cases(15, 3)):
        solver = Solver(data, settings)
        for question in questions(data, settings, solver.base.matches, seed):
            answer = solver.answer(question)
            changed = question.changed(data, settings)
            # Solved as a run does, which the test above shows; reasons are no part of an answer.
            cold, report = checked(*changed, Solver(*changed).solve().plan)
            assert answer.plan.tiers == cold.tiers, (seed, question)
            assert (answer.plan.clash is None) == (cold.clash is None)
            assert answer.plan.fixes_set_aside == cold.fixes_set_aside
            assert answer.plan.matches == cold.matches, (seed, question)
            assert answer.check == report
            assert report.passed or answer.plan.clash is not None
            met.update(("gains",) * bool(answer.gained) + ("loses",) * bool(answer.lost))
            met[f"possible {answer.possible}"] += 1
    assert min(met.values()) > 5, met
    assert len(met) == 4
