"""A study resumes: what is in its file is not run again, and what a kill left half written is run again."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.runs import Order
from benchmarks.study import Spec, study, told
from models.errors import UsageError
from scenarios.batch.lines import Line, read_lines

SPECS = (
    Spec("tp", "engine", 60, rounds=2),
    Spec("tp", "greedy_orders", 10, rounds=2, times=True),
    Spec("region", "engine", 600),
)


def line(order: Order, solving: float | None = 2.0) -> Line:
    return {
        **order._asdict(), "status": "complete", "seconds": {"total": 3.0, "solving": solving}, "commit": None,
        "placed": {"matches": 4},
    }  # fmt: skip


class Runner:
    """Notes what it is asked for; the engine's n-th run solves in n seconds."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def __call__(self, order: Order) -> Line:
        self.orders.append(order)
        return line(order, float(sum(o.method == "engine" for o in self.orders)))


def test_round_by_round_and_limits_from_the_engine_of_the_round(tmp_path: Path) -> None:
    runner = Runner()
    assert study(tmp_path / "s.jsonl", lambda text: None, SPECS, run_one=runner) == 5
    # The engine solves in 1, 2 and 3 seconds; the peer gets ten times 1 and ten times 2.
    assert [(o.size, o.method, o.round, o.limit, o.rule) for o in runner.orders] == [
        ("tp", "engine", 1, 60, "given"), ("tp", "greedy_orders", 1, 10, "10x"),
        ("tp", "engine", 2, 60, "given"), ("tp", "greedy_orders", 2, 20, "10x"),
        ("region", "engine", 1, 600, "given"),
    ]  # fmt: skip


def test_what_is_there_is_not_run_again(tmp_path: Path) -> None:
    file, first, second = tmp_path / "deep" / "s.jsonl", Runner(), Runner()
    study(file, lambda text: None, SPECS[:2], run_one=first)
    assert study(file, lambda text: None, SPECS, run_one=second) == 1
    assert [o.size for o in second.orders] == ["region"]
    # another seed is another study
    assert study(file, lambda text: None, SPECS[:1], seed=2, run_one=second) == 2
    assert len(read_lines(file)) == 7


def test_where_rounds_are_inputs_their_numbers_are_the_seeds(tmp_path: Path) -> None:
    file, first, second = tmp_path / "s.jsonl", Runner(), Runner()
    specs = (Spec("rural-200", "engine", 60, rounds=2, seeds=True),)
    study(file, lambda text: None, specs, run_one=first)
    assert [(o.seed, o.round) for o in first.orders] == [(1, 1), (2, 2)]
    assert study(file, lambda text: None, specs, seed=5, run_one=second) == 0


def test_a_killed_study_loses_only_the_run_under_way(tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"

    def killed(order: Order) -> Line:
        if order.method != "engine":
            raise KeyboardInterrupt
        return line(order)

    with pytest.raises(KeyboardInterrupt):
        study(file, lambda text: None, SPECS, run_one=killed)
    whole = file.read_text()
    file.write_text(whole + '{"size": "tp", "meth')  # killed while a line was written
    runner = Runner()
    assert study(file, lambda text: None, SPECS, run_one=runner) == 4
    assert file.read_text().startswith(whole)
    assert all(json.loads(text) for text in file.read_text().splitlines())
    assert runner.orders[0] == Order("tp", "greedy_orders", 20, 1, 1, "10x")


def test_a_peer_without_the_engine_has_no_limit(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="peers at tp get a multiple of the engine's time in round 1"):
        study(tmp_path / "s.jsonl", lambda text: None, SPECS[1:2], run_one=Runner())
    stopped = Spec("tp", "engine", 60), SPECS[1]
    with pytest.raises(UsageError, match="which is not there"):
        study(tmp_path / "t.jsonl", lambda text: None, stopped, run_one=lambda order: line(order, None))


def test_runs_of_another_commit_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = tmp_path / "s.jsonl", list[str]()
    monkeypatch.setattr("benchmarks.study.commit", lambda: "b" * 40)
    old: dict[str, Any] = {**line(Order("tp", "engine", 60)), "commit": "a" * 40}
    file.write_text(json.dumps(old) + "\n")
    study(file, said.append, SPECS[:1], run_one=Runner())
    assert said[0].startswith("the file also holds runs of aaaaaaaaaaaa:")


def test_a_run_in_words() -> None:
    order = Order("tp", "engine", 60)
    assert told(line(order)) == "tp engine round 1: complete, 3.0 s, 2.0 s solving, 4 placed"
    stopped = {**line(order), "status": "not in time", "problem": "stopped at its limit", "placed": None}
    stopped["seconds"] = {"total": None, "solving": None}
    assert told(stopped) == "tp engine round 1: not in time, -, -: stopped at its limit"
