"""A run that is killed leaves the best checked plan on disk; plans on the way never get worse."""

import json
from pathlib import Path

import pytest

from allocator.checker import check
from allocator.commands.app import app
from allocator.engine.objectives import SearchResult
from allocator.engine.search import Search
from allocator.intake import read
from allocator.pipeline import allocate
from allocator.reading import write_workbook
from benchmarks.demonstration import generate as partnership
from models.run import Limits, Outcome
from tests.strategies import generate


def values(outcome: Outcome) -> list[int]:
    """Every tier, recomputed by the checker, so that greater is better."""
    return [t.value if t.sense == "max" else -t.value for t in outcome.check.tiers]


def test_plans_on_the_way_are_checked_and_each_is_better_than_the_one_before() -> None:
    several = 0
    for seed in range(1, 41):
        data, policy = generate(seed)
        kept: list[Outcome] = []
        last = allocate(data, policy, keep=kept.append)
        if last.plan.clash is not None:
            continue
        found = [values(outcome) for outcome in (*kept, last)]
        assert found == sorted(found), seed
        assert all(outcome.check.passed and check(data, policy, outcome.plan).passed for outcome in kept)
        assert all(outcome.plan.stopped == "interrupted" for outcome in kept)
        live = {m.request for m in last.plan.matches} | {u.request for u in last.plan.unplaced}
        for outcome in kept:  # nobody is lost
            assert {m.request for m in outcome.plan.matches} | {u.request for u in outcome.plan.unplaced} == live
        several += len(kept) > 1
    assert several > 5


def test_a_stopped_run_is_no_worse_than_what_it_kept() -> None:
    for seed in range(1, 21):
        data, policy = generate(seed)
        kept: list[Outcome] = []
        last = allocate(data, policy, keep=kept.append, limits=Limits(work=20))
        if kept:
            assert values(last) >= values(kept[-1]), seed


def test_a_run_that_dies_leaves_the_best_plan_and_its_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook, out = tmp_path / "small.xlsx", tmp_path / "out"
    write_workbook(workbook, partnership(1, 0.2))

    class KilledError(BaseException):
        """As when the process is ended from outside: nothing catches it."""

    def killed(_self: Search) -> SearchResult:
        raise KilledError

    monkeypatch.setattr(Search, "run", killed)
    with pytest.raises(KilledError):
        app(["allocate", str(workbook), "--out", str(out)], standalone_mode=False)
    assert {p.name for p in out.iterdir()} == {"plan.json", "check.json", "run.json", "data.json"}
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    report = json.loads((out / "check.json").read_text(encoding="utf-8"))
    assert plan["stopped"] == "interrupted"
    assert len(plan["matches"]) > 10
    assert report["violations"] == []
    data = read(workbook).dataset
    over = {t.tranche for t in data.tranches if t.status == "past"}
    assert len(plan["matches"]) + len(plan["unplaced"]) == sum(
        r.found_by == "partnership" and r.tranche not in over for r in data.requests
    )
