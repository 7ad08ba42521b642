"""Best fits where fixing does more than asking for one of several: they are those of fixing each all the same."""

from collections.abc import Mapping, Sequence

from allocator.lifecycle.fit import best_fits, pairs_asked
from allocator.solving import Question, Solver
from models.decisions import Decision
from models.entities import Published
from tests import builders as b
from tests.lifecycle.test_fit import worth
from tests.lifecycle.test_moves import partnership
from tests.rules.case import decision, policy

Pairs = Sequence[tuple[str, str]]


def in_force(request: str, offer: str, pe: str) -> Published:
    return Published(request=request, offer=offer, pe=pe, standing="in_force")


def only(where: Mapping[str, tuple[str, ...]], offers: Sequence[str]) -> tuple[Decision, ...]:
    """Students who may go to some of the offers alone."""
    return tuple(
        decision("do_not_match", f"{student}-{offer}", request=f"{student}/first", offer=offer)
        for student, allowed in where.items()
        for offer in offers
        if offer not in allowed
    )


def compared(base: Solver, pairs: Pairs, most: int) -> list[tuple[str, str]]:
    """The best, after they were held against every match fixed by itself."""
    each = {pair: base.answer(Question(fixed=((*pair, None),)), name_clash=False) for pair in pairs}
    found = best_fits(base, pairs, most)
    assert found.complete
    values = sorted(
        (tuple(-t.value if t.sense == "max" else t.value for t in answer.plan.tiers), pair)
        for pair, answer in each.items()
        if answer.possible
    )
    assert [w for w in map(worth, found.best) if w is not None] == [value for value, _ in values[:most]]
    return [(fit.request, fit.offer) for fit in found.best if fit.answer.possible]


def test_a_published_match_that_cannot_be_is_none_of_the_best() -> None:
    """S1 is published at O1, where S3 is fixed; S2 may have O2 alone, and gives way to S1."""
    fixed = decision("fix", "F", request="S3/first", offer="O1")
    rows = (in_force("S1/first", "O1", "E1"), in_force("S2/first", "O2", "E2"))
    base = Solver(partnership(rows, 2, {"S2": "O2", "S3": "O1"}, decisions=(fixed,)), policy())
    assert compared(base, pairs_asked(base, None, "S1"), 1) == [("S1/first", "O2")]


def test_a_request_that_a_minimum_needs_elsewhere() -> None:
    """O1 takes two or nobody, and S1 is fixed there: bounds alone say that S2 cannot be at O2."""
    offers = (
        b.offer("O1", capacity=2, minimum=2, educators=b.named("E1")),
        b.offer("O2", educators=b.named("E2"), areas=("adults",)),
    )
    data = b.dataset(
        students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
        offers=offers, educators=(b.educator("E1", load=2), b.educator("E2")),
        decisions=(decision("fix", "F", request="S1/first", offer="O1"),),
    )  # fmt: skip
    base = Solver(data, policy())
    assert compared(base, pairs_asked(base, None, "S2"), 3) == [("S2/first", "O1")]


def test_what_a_fix_forces_may_change_besides() -> None:
    """S1 and S2 are published at O1 and O2, nobody else may change, and Y may have O2 alone.

    X1 at O1 with E1 or E2 moves S1. X2 may have E2 alone, who is S2's: that forces S2 away as well, so that Y has O2.
    """
    where = {"S1": ("O1", "O3"), "S2": ("O2", "O4"), "X1": ("O1",), "X2": ("O1",), "Y": ("O2",)}
    educators = {"O1": ("E1", "E2"), "O2": ("E2", "E5"), "O3": ("E3",), "O4": ("E4",)}
    declined = decision("declined", "D1", party="agency", request="X2/first", student="X2", pe="E1")
    barred = decision("do_not_match", "D2", request="S2/first", student="S2", offer="O2", pe="E5")
    data = b.dataset(
        students=tuple(map(b.student, where)), requests=tuple(b.request(f"{name}/first") for name in where),
        offers=tuple(b.offer(offer, educators=b.named(*pes)) for offer, pes in educators.items()),
        educators=tuple(b.educator(f"E{number}") for number in range(1, 6)),
        decisions=(*only(where, list(educators)), declined, barred),
        published=(in_force("S1/first", "O1", "E1"), in_force("S2/first", "O2", "E2")),
    )  # fmt: skip
    base = Solver(data, policy(max_changes=0))
    assert compared(base, (("X1/first", "O1"), ("X2/first", "O1")), 1) == [("X2/first", "O1")]


def test_a_fix_with_its_pe_ends_where_the_request_is_fixed_anew() -> None:
    """S1 is fixed at O1 with E2, who is the only one at O2: fixed at O1 alone it leaves E2 to S2."""
    data = b.dataset(
        students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
        offers=(
            b.offer("O1", educators=b.named("E1", "E2")), b.offer("O2", educators=b.named("E2"), areas=("adults",)),
        ),
        educators=(b.educator("E1"), b.educator("E2")),
        decisions=(decision("fix", "F", request="S1/first", offer="O1", pe="E2"),),
    )  # fmt: skip
    base = Solver(data, policy())
    assert compared(base, pairs_asked(base, "O1", None), 3) == [("S1/first", "O1")]
