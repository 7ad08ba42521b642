"""Best fit: the order is that of the tiers with each match fixed, whatever way it was found."""

import itertools
from collections.abc import Iterator

import pytest

from allocator.lifecycle.fit import Fit, best_fits, pairs_asked
from allocator.lifecycle.telling import fit_line
from allocator.solving import Question, Solver
from allocator.solving.plans import checked
from models.dataset import Dataset
from models.entities import Published
from models.errors import UsageError
from models.policy import Policy
from tests import builders as b
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


def test_a_student_is_named_alone_where_there_is_one_request() -> None:
    base = two_places()
    assert pairs_asked(base, None, "S1") == (("S1/first", "O1"), ("S1/first", "O2"))
    assert [f.offer for f in best_fits(base, pairs_asked(base, None, "S1")).best] == ["O2", "O1"]


@pytest.mark.parametrize(
    ("offer", "request_id", "words"),
    [("O9", None, "there is no offer 'O9'"), (None, "S9", "there is no request 'S9'")],
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


@pytest.mark.untraced
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
            compared += 1
    assert compared > 5


def test_nobody_fits_where_nobody_may() -> None:
    # The one offer is for finals; there is a request for a first.
    base = Solver(b.dataset(offers=(b.offer(stage="final"),)), policy())
    found = best_fits(base, pairs_asked(base, "O1", None))
    assert (found.best, found.of, found.complete) == ((), 0, True)
