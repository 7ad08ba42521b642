"""One decision after publication: what is published, what is drawn, what the reader makes of it."""

import pytest

from allocator.intake import Reading, read_sheets
from benchmarks.decisions import KINDS, Drawn, after, draw, published
from models.plan import Match, Plan
from tests.reading.sheets import FULL, TODAY

SHEETS = {name: rows for name, rows in FULL.items() if name != "Published"}


def base() -> Reading:
    return read_sheets(SHEETS, today=TODAY)


def plan(*matches: Match) -> Plan:
    reading = base()
    return Plan(
        dataset_digest=reading.dataset.digest, policy=reading.policy, policy_digest=reading.policy.digest, seed=1,
        matches=matches,
    )  # fmt: skip


S1 = Match(request="S1/first", offer="O1", pe="PE1")
S2 = Match(request="S2/first", offer="O2", pe="TBC@O2")


def standing(decision: Drawn | None) -> dict[str, str]:
    new = after(SHEETS, plan(S1, S2), decision, "0")
    return {row.request: row.standing for row in new.dataset.published}


def test_every_match_is_published_and_may_move() -> None:
    assert [row["status"] for row in published(plan(S1, S2))] == ["proposed", "proposed"]
    assert standing(None) == {"S1/first": "in_force", "S2/first": "in_force"}


def drawn(kind: str, match: Match = S1) -> Drawn:
    row = KINDS[kind](base().dataset, match)
    assert row is not None
    return Drawn(kind, {**row, "by": "benchmark"})


@pytest.mark.parametrize(
    ("kind", "frees"),
    [
        ("an offer is withdrawn", True), ("a PE withdraws", False), ("a student declines the match", True),
        ("an agency declines a student", True), ("an agency answers no", False), ("a student withdraws", True),
        ("a PE declines a student", False),
    ],
)  # fmt: skip
def test_what_a_decision_frees(kind: str, frees: bool) -> None:
    # Whoever loses the PE alone, or an agency's consent, is still published where they were: solving moves them.
    assert standing(drawn(kind)) == {"S1/first": "freed" if frees else "in_force", "S2/first": "in_force"}


def test_what_the_reader_makes_of_a_decision() -> None:
    withdrawn = after(SHEETS, plan(S1, S2), drawn("an offer is withdrawn"), "none")
    assert withdrawn.dataset.offer_by_id["O1"].withdrawn
    assert withdrawn.dataset.request_by_id["S1/first"].displaced
    assert withdrawn.policy.max_changes is None
    assert after(SHEETS, plan(S1), None, "0").policy.max_changes == 0
    gone = after(SHEETS, plan(S1, S2), drawn("a PE withdraws"), "0").dataset
    assert gone.educator_by_id["PE1"].withdrawn_from is not None
    for kind in KINDS:
        new = after(SHEETS, plan(S1, S2), drawn(kind), "0")
        assert [d.by for d in new.dataset.decisions].count("benchmark") == 1, kind


def test_decisions_are_seeded_and_of_every_kind_in_turn() -> None:
    data, both = base().dataset, plan(S1, S2)
    first = draw(data, both, 14)
    assert first == draw(data, both, 14)
    assert [d.kind for d in first] == [*KINDS, *KINDS]
    assert any(draw(data, both, 14, seed=seed) != first for seed in range(2, 6))
    # A pool to be named is nobody who could withdraw.
    assert {d.kind for d in draw(data, plan(S2), 20)} == set(KINDS) - {"a PE withdraws", "a PE declines a student"}
    with pytest.raises(ValueError, match="without matches"):
        draw(data, plan(), 1)


def test_repairs_are_summed_up() -> None:
    from benchmarks.repairs import summary

    row = {"seconds": 1.0, "proved": True, "clash": False, "legal": True}
    rows = [row, row | {"seconds": 3.0}, row | {"seconds": 2.0, "proved": False, "clash": True}]
    assert summary(rows) == {"count": 3, "median": 2.0, "worst": 3.0, "proved": 2, "clashes": 1, "illegal": 0}
    assert summary([row | {"legal": False}])["illegal"] == 1
