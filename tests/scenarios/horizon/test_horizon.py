"""All rounds together beside round by round: what short sight costs, and what always holds."""

import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.reading.writer import write_register
from allocator.solving import Solver
from models.plan import TierResult
from scenarios.answers import Answer
from scenarios.batch.serial import Serial
from scenarios.horizon import horizon, one_by_one, rounds_of
from scenarios.horizon.rounds import as_known
from scenarios.running import Base, Bench
from tests import builders as b
from tests.cli.inputs import placements
from tests.rules.case import decision
from tests.scenarios.partnership import ROWS, TODAY, Sheets, more, register, row
from tests.strategies import generate, larger

SEVERAL_ROUNDS = {"generate": (1, 61, 86, 212, 390), "larger": (19, 32, 49, 118, 171, 213, 413)}
"""Seeds of partnerships with more than one round; in some a later round alone has no plan, or the union breaks a rule."""


def short_sighted(**changes: Any) -> Sheets:
    """S2's final in January may be with P1 (children, statutory) or P3; in May S1's first can be with P1 alone.

    P1 takes one at once. 100 days from 4 January end after 3 May, the first day of May's round.
    """
    made: Sheets = {
        "Students": [dict(one) for one in ROWS["Students"][:2]],
        "Requests": [
            {"student": "S1", "stage": "first", "tranche": "May"},
            {"student": "S2", "stage": "final", "tranche": "January"},
        ],
        "History": [dict(ROWS["History"][0], areas="older adults", statutory_regulator="yes", statutory_dfe="yes")],
        "Commitments": [],
    }  # fmt: skip
    return made | changes


def bench(**changes: Any) -> Bench:
    return Bench(Base("small", register(**short_sighted(**changes)), {}, TODAY))


def answers(here: Bench, draws: int) -> tuple[Answer, ...]:
    return horizon(here, draws, Serial(), threading.Event())


def test_round_by_round_takes_the_pe_whom_the_next_round_needs() -> None:
    # Together: S2 is with P3 (no statutory final), S1 with P1: 2 of 2. January alone gives S2 the statutory place of P1,
    # who is not free again on 3 May: 1 of 2.
    here = bench()
    other = one_by_one(here.solver.dataset, here.solver.policy)
    assert other.rounds == (("January",), ("May",))
    assert [(m.request, m.offer) for m in here.plan.matches] == [("S1/first", "O4"), ("S2/final", "O3")]
    assert other.plan is not None
    assert [(m.request, m.offer) for m in other.plan.matches] == [("S2/final", "O1")]
    assert other.check is not None
    assert other.check.passed
    first, people, tiers, *rest = answers(here, draws=0)
    assert not rest
    assert first.table.rows == (
        ("January finals", 1, 1, 1, 1, 0), ("May firsts", 1, 1, 0, 1, -1), ("all", 2, 2, 1, 2, -1),
        ("students with all that they need", 2, 2, 1, 2, -1),
    )  # fmt: skip
    assert "Together 2 of 2 requests have a place, round by round 1 of 2 (\u22121)" in first.sentence
    assert "May firsts 0 of 1 instead of 1" in first.sentence
    assert "passes the independent check" in first.sentence
    # S1 loses the place; S2 gains: band and statutory place
    assert people.table.rows[0][:3] == ("S1", "MSW", "loses by short sight")
    assert "1 request has no place round by round: S1/first." in people.sentence
    assert "of later tranches: 0, 1 together" in tiers.sentence
    assert first.closed


def test_who_is_not_placed_in_the_own_round_is_not_placed_later() -> None:
    # January has no final but P1's and P3's: with three finals asked for one is left, whom May may not take.
    finals = [{"student": name, "stage": "final", "tranche": "January"} for name in ("S1", "S2", "S3")]
    students = [{k: v for k, v in one.items() if k != "stage"} for one in ROWS["Students"]]
    here = bench(Students=students, Requests=finals, History=[])
    other = one_by_one(here.solver.dataset, here.solver.policy)
    assert other.plan is not None
    assert len(other.plan.matches) == len(here.plan.matches)
    assert len(other.plan.matches) + len(other.plan.unplaced) == 3


def test_a_place_stays_held_for_whom_a_later_round_brings() -> None:
    tranches = (b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later"))
    held = decision("hold", request="S1/first", offer="O1", places=1)
    barred = decision("do_not_match", "D2", request="S1/first", offer="O1")
    data = b.dataset(tranches=tranches, requests=(b.request(tranche="T2"),), decisions=(held, barred))
    assert as_known(data, ("T1",), (), {}).decisions == (held,)


def test_forecast_offers_come_or_do_not() -> None:
    # O4 is a forecast that comes in half of the draws: with it both are placed, without it S2 alone.
    here = bench(Offers=row("Offers", "O4", state="forecast", probability=0.5))
    *_, drawn = answers(here, draws=12)
    assert drawn.scenario == "forecasts"
    rows = {r[0]: r[1:] for r in drawn.table.rows}
    assert rows["forecast offers that do not come"][:3:2] == (0, 1)
    assert rows["requests with a place"] == (1, rows["requests with a place"][1], 2, "of 2 due")
    assert rows["still placed"][:3:2] == (1, 2)
    assert "1 of these rest" in drawn.sentence
    assert answers(here, draws=12)[-1] == drawn
    assert len(answers(bench(), draws=12)) == 3  # nothing is a forecast


def test_a_round_that_alone_has_no_plan_is_named() -> None:
    # An agency that has to have two students in the year: January alone has one at most.
    agencies = row("Agencies", "A", minimum_in_year=2)
    students = [
        *short_sighted()["Students"],
        {"student": "S9", "programme": "MSW", "home": "CR0", "readiness": "passed", "clearance": "passed"},
    ]
    asked = [*short_sighted()["Requests"], {"student": "S9", "stage": "first", "tranche": "May"}]
    offers = more("Offers", {"offer": "O9", "agency": "A", "team": "X", "tranche": "May", "educators": "P2"})
    here = bench(Agencies=agencies, Students=students, Requests=asked, Offers=offers)
    assert here.plan.clash is None
    (only,) = answers(here, draws=0)
    assert "round by round January has no plan" in only.sentence
    assert only.failed[0].startswith("January: rules clash")


def test_the_command_shows_and_writes_the_answers(tmp_path: Path) -> None:
    content = short_sighted(Policy=[{"setting": "as_of", "value": TODAY}])
    write_register(tmp_path / "small.xlsx", register(**content))
    code, said, problem = placements(
        "scenarios", "horizon", tmp_path / "small.xlsx", "--draws", 0, "--out", tmp_path / "out"
    )
    assert code == 0, problem
    assert "round by round 1 of 2" in said
    written = json.loads((tmp_path / "out" / "answers.json").read_text())
    assert [a["scenario"] for a in written["answers"]] == ["horizon", "short-sight", "horizon-tiers"]


def _vector(tiers: tuple[TierResult, ...]) -> list[int]:
    return [t.value if t.sense == "max" else -t.value for t in tiers]


@pytest.mark.parametrize(("size", "seed"), [(size, seed) for size, seeds in SEVERAL_ROUNDS.items() for seed in seeds])
def test_together_is_never_worse_in_the_order_of_its_tiers(size: str, seed: int) -> None:
    """Judged on the whole dataset; a union that breaks a rule of the whole is no plan, and says what it breaks."""
    dataset, policy = {"generate": generate, "larger": larger}[size](seed)
    assert len(rounds_of(dataset)) > 1
    other = one_by_one(dataset, policy)
    if other.plan is None:
        assert other.steps[-1].clash is not None
        return
    assert other.check is not None
    assert {m.request for m in other.plan.matches}.isdisjoint(u.request for u in other.plan.unplaced)
    base = Solver(dataset, policy).base
    if other.check.passed:
        assert _vector(base.tiers) >= _vector(other.check.tiers)
    else:
        assert {v.rule for v in other.check.violations} <= {"L07", "L08", "L12"}
    assert one_by_one(dataset, policy) == other
