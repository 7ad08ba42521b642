"""Best fit: the order is that of the tiers with each match fixed, whatever way it was found."""

import itertools
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from allocator.lifecycle.fit import Fit, Fits, best_fits, pairs_asked
from allocator.lifecycle.promising import NOWHERE, Guess, Promising
from allocator.lifecycle.telling import fit_line
from allocator.solving import Question, Solver
from allocator.solving.plans import checked
from models.dataset import Dataset
from models.entities import Published
from models.errors import UsageError
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.lifecycle.test_moves import partnership, promised
from tests.rules.case import policy
from tests.strategies import generate, larger


def worth(fit: Fit) -> tuple[int, ...] | None:
    """Tiers, the less the better; None where it cannot be."""
    tiers = fit.answer.plan.tiers
    return tuple(-t.value if t.sense == "max" else t.value for t in tiers) if fit.answer.possible else None


def two_places() -> Solver:
    """S1 lives 20 minutes from both places; O1 is 20 minutes away for S2, who may have O1 only."""
    return Solver(partnership((), 2, {"S2": "O1"}), policy())


def test_of_two_students_who_may_have_a_place_the_one_who_has_no_other_comes_first() -> None:
    base = two_places()
    found = best_fits(base, pairs_asked(base, "o1", None))
    assert [(f.request, len(f.answer.plan.matches)) for f in found.best] == [("S2/first", 2), ("S1/first", 1)]
    assert (found.looked_at, found.of, found.complete) == (2, 2, True)
    held, report = checked(base.dataset, base.policy, base.base)
    lines = [fit_line(f, held, report).effect for f in found.best]
    assert lines == [
        "S2/first has it now; nobody else moves",
        "moves S1/first from O2; takes it from S2/first, who then has no place",
    ]


def test_what_was_found_so_far_is_told_and_each_of_it_is_exact() -> None:
    base = two_places()
    whole = best_fits(base, pairs_asked(base, "O1", None))
    told: list[Fits] = []
    best_fits(base, pairs_asked(base, "O1", None), told=told.append)
    assert [(found.looked_at, found.of, found.complete) for found in told] == [
        (0, 2, False),
        (1, 2, False),
        (2, 2, False),
    ]
    assert told[1].best[0].answer.plan == whole.best[0].answer.plan  # who has it is judged first
    assert [f.answer.plan for f in told[2].best] == [f.answer.plan for f in whole.best]


@pytest.mark.parametrize(("offer", "request_id", "first"), [("O1", None, "S2/first"), (None, "S1", "S1/first")])
def test_whoever_stops_it_has_what_was_looked_at(offer: str | None, request_id: str | None, first: str) -> None:
    base, stop = two_places(), threading.Event()
    pairs = pairs_asked(base, offer, request_id)
    found = best_fits(base, pairs, stop=stop, told=lambda so_far: stop.set() if so_far.looked_at else None)
    assert ([f.request for f in found.best], found.looked_at, found.of, found.complete) == ([first], 1, 2, False)
    assert all(f.answer.proved for f in found.best)


def test_of_many_who_may_have_a_place_few_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven for one place: the three best are the plan as it is and two plans more, not one for each of the seven.

    Each question begins where the one before has ended.
    """
    base = Solver(b.dataset(**firsts(7)), policy())
    pairs, questions, solvers = pairs_asked(base, "O1", None), list[Question](), list[Solver | None]([None])
    asked = Solver.asked

    def counted(self: Solver, question: Question, *, before: Solver | None, **others: Any) -> Any:
        questions.append(question)
        assert before is solvers[-1]
        near, answer = asked(self, question, before=before, **others)
        solvers.append(near)
        return near, answer

    monkeypatch.setattr(Solver, "asked", counted)
    found = best_fits(base, pairs, 3)
    assert (len(found.best), found.looked_at, found.of, found.complete) == (3, 3, 7, True)
    assert [len(question.one_of) for question in questions] == [7, 6, 5]


def test_what_is_asked_where_another_question_ended_has_the_answer_that_it_has_from_the_beginning() -> None:
    base = Solver(b.dataset(**firsts(5)), policy())
    pairs, before = pairs_asked(base, "O1", None), None
    for number in range(len(pairs)):
        question = Question(one_of=pairs[number:])
        before, answer = base.asked(question, before=before)
        assert answer.plan == base.answer(question).plan
        assert any((match.request, match.offer) in pairs[number:] for match in answer.plan.matches)


def test_no_more_are_looked_at_than_were_asked_for() -> None:
    base = two_places()
    for pairs in (pairs_asked(base, "O1", None), pairs_asked(base, None, "S1")):
        found = best_fits(base, pairs, judged=1)
        assert (len(found.best), found.looked_at, found.complete) == (1, 1, False)
        found = best_fits(base, pairs, judged=2)
        assert (len(found.best), found.looked_at, found.complete) == (2, 2, True)


def test_the_proof_of_a_plan_that_was_made_before_is_at_hand_once_it_is_settled() -> None:
    made = two_places()
    base = Solver.of(made.dataset, made.base)
    assert base.loses_at("S1/first", "O1") is None
    base.settle()
    # Whether S1 has O1: then S2, who may have no other place, has none, and fewer firsts are placed, the second tier.
    known = made.loses_at("S1/first", "O1")
    assert known is not None
    assert base.loses_at("S1/first", "O1") == known
    assert base.base is made.base


def test_who_gives_way_best_is_guessed_from_the_plan_as_it_is() -> None:
    # S2 may have O1 only, and has it; S1, who has O2, may have either; nobody has O3, where S1 may be too.
    base = Solver(partnership((), 3, {"S2": "O1"}), policy())
    had = next(m.offer for m in base.base.matches if m.request == "S1/first")
    free = next(o for o in ("O2", "O3") if o != had)
    guesses = Promising(base)
    assert guesses.guess("S1/first", had) == Guess(0, 0, 0)
    assert guesses.guess("S1/first", free) == Guess(0, 0, 0)  # all are 20 minutes away
    assert guesses.guess("S1/first", "O1") == Guess(NOWHERE, 1, 0)  # S2 can go nowhere else


def test_a_student_is_named_alone_where_there_is_one_request() -> None:
    base = two_places()
    assert pairs_asked(base, None, "S1") == (("S1/first", "O1"), ("S1/first", "O2"))
    assert [f.offer for f in best_fits(base, pairs_asked(base, None, "S1")).best] == ["O2", "O1"]


@pytest.mark.parametrize(
    ("offer", "request_id", "words"),
    [
        ("O9", None, r"there is no offer 'O9'.* Allowed: O1, O2\."),
        (None, "S9", r"there is no request 'S9'.* Allowed: S1, S1/first, S2, S2/first\."),
    ],
)
def test_what_is_not_there_is_named(offer: str | None, request_id: str | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        pairs_asked(two_places(), offer, request_id)


def test_who_is_kept_is_not_looked_at() -> None:
    base = Solver(partnership((promised("S1/first", "O1"),), 2, {}), policy())
    assert pairs_asked(base, "O1", None) == (("S2/first", "O1"),)
    with pytest.raises(UsageError, match=r"has O1, which is kept \(meeting_passed\)"):
        pairs_asked(base, None, "S1")


def partnerships() -> Iterator[tuple[Dataset, Policy]]:
    """Some as they are, and some of which the plan is published and in force, nothing more than it being told."""
    for number, make in itertools.product(range(1, 5), (generate, larger)):
        data, settings = make(number)
        data = data.model_copy(update={"published": ()})
        yield data, settings
        plan = Solver(data, settings).solve(name_clash=False).plan
        rows = tuple(
            Published(request=m.request, offer=m.offer, pe=m.pe, standing="in_force", start=m.start, end=m.end)
            for m in plan.matches
        )
        yield data.model_copy(update={"published": rows}), settings


def test_the_best_are_those_of_fixing_every_match_by_itself() -> None:
    compared = 0
    for data, settings in partnerships():
        base = Solver(data, settings)
        if base.base.clash is not None:
            continue
        asked = [pairs_asked(base, None, r) for r in list(base.eligibility.pairs)[:2]]
        asked += [pairs_asked(base, o.offer, None) for o in data.offers[:2]]
        for pairs in asked:
            if not 2 <= len(pairs) <= 4:
                continue
            each = [Fit(*pair, base.answer(Question(fixed=((*pair, None),)), name_clash=False)) for pair in pairs]
            wanted = sorted((w for w in map(worth, each) if w is not None), key=lambda w: w)
            found = best_fits(base, pairs, 3)
            assert [w for w in map(worth, found.best) if w is not None] == wanted[:3]
            # likewise beside the same plan as it was made before, whose proof is not at hand
            again = best_fits(Solver.of(data, base.base), pairs, 3)
            assert [w for w in map(worth, again.best) if w is not None] == wanted[:3]
            compared += 1
    assert compared > 5


def test_nobody_fits_where_nobody_may() -> None:
    # The one offer is for finals; there is a request for a first.
    base = Solver(b.dataset(offers=(b.offer(stage="final"),)), policy())
    found = best_fits(base, pairs_asked(base, "O1", None))
    assert (found.best, found.of, found.complete) == ((), 0, True)
