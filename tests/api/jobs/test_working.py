"""The work of a run's process, done in this one."""

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from allocator.runs import run_into_folder
from api.jobs.orders import Order
from api.jobs.telling import Teller
from api.jobs.working import carry_out
from api.store import runs
from api.store.opening import Store
from api.store.runs import OldAttemptError
from models.run import Progress
from tests.api.jobs.helping import accepted, events, files, seen, source


def never() -> None:
    raise AssertionError("told that another attempt works on it")


def begun(store: Store, run: str) -> Order:
    with store.transaction() as session:
        attempt = runs.begin_attempt(session, run)
    assert attempt is not None
    folder = Path(store.url.removeprefix("sqlite:///")).parent / "work"
    return Order(database=store.url, run=run, attempt=attempt, seconds=600, megabytes=4096, folder=folder)


def by_command_line(tmp_path: Path, data: bytes) -> dict[str, bytes]:
    path, out = tmp_path / "input.json", tmp_path / "out"
    path.write_bytes(data)
    run_into_folder(path, out)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_files_are_those_of_the_command_line(store: Store, tmp_path: Path) -> None:
    run = accepted(store)
    order = begun(store, run)
    carry_out(store, order, never)
    assert not list(order.folder.iterdir())
    found, expected = files(store, run), by_command_line(tmp_path, source())
    assert (seen(store, run).state, seen(store, run).answer) == ("complete", "proved")
    assert found.keys() == expected.keys()
    for name in ("plan.json", "check.json", "data.json"):
        assert found[name] == expected[name]


def test_a_run_that_goes_on_begins_with_the_plan_that_was_kept(store: Store, tmp_path: Path) -> None:
    run = accepted(store)
    order = begun(store, run)
    expected = by_command_line(tmp_path, source())
    with store.transaction() as session:
        runs.keep_files(session, run, order.attempt, {n: expected[n] for n in ("plan.json", "check.json")})
    carry_out(store, begun(store, run), never)
    assert files(store, run)["plan.json"] == expected["plan.json"]
    assert seen(store, run).attempt == 2


def test_asked_to_stop_before_its_beginning_it_keeps_what_it_has(store: Store, tmp_path: Path) -> None:
    run = accepted(store)
    order = begun(store, run)
    expected = by_command_line(tmp_path, source())
    with store.transaction() as session:
        runs.keep_files(session, run, order.attempt, {n: expected[n] for n in ("plan.json", "check.json")})
        runs.ask_to_stop(session, run)
    carry_out(store, begun(store, run), never)
    assert seen(store, run).state == "stopped"
    kept, best = (json.loads(f["plan.json"]) for f in (files(store, run), expected))
    assert kept["matches"] == best["matches"]


def test_input_that_cannot_be_used_is_told_with_everything_that_is_wrong(store: Store) -> None:
    run = accepted(store, data=source(Students=None, Offers=None))
    carry_out(store, begun(store, run), never)
    found = seen(store, run)
    assert (found.state, found.answer) == ("invalid", "nothing")
    assert found.problem is not None
    assert [issue["sheet"] for issue in found.problem["issues"]] == ["Students", "Offers"]


def test_an_old_attempt_is_refused_at_the_end(store: Store) -> None:
    run = accepted(store)
    order, gone = begun(store, run), threading.Event()
    newer = begun(store, run)
    with pytest.raises(OldAttemptError):
        carry_out(store, order, gone.set)
    assert gone.is_set()
    assert seen(store, run).attempt == newer.attempt
    assert not files(store, run)


def test_progress_and_better_plans_are_told_soon(store: Store) -> None:
    run = accepted(store)
    order = begun(store, run)
    with Teller(store, run, order.attempt, threading.Event(), never) as teller:
        teller.progress(Progress("solve", "placed", 0, 3, 4, 6, 4, 10, 0.5))
        teller.plan({"plan.json": b"{}"}, 4, 10)
        while not events(store, run, "progress"):
            time.sleep(0.01)
    assert files(store, run) == {"plan.json": b"{}"}
    assert events(store, run, "plan") == [{"placed": 4, "live": 10}]
    assert events(store, run, "progress")[0]["gap"] == 2


def test_files_that_come_while_others_are_kept_are_kept_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = accepted(store, kind="scenarios")
    order, keep = begun(store, run), runs.keep_files

    def slowly(session: Session, id: str, attempt: int, files: Mapping[str, bytes]) -> None:
        keep(session, id, attempt, files)
        if files == {"a.json": b"1"}:
            teller.files({"b.json": b"2"})

    monkeypatch.setattr(runs, "keep_files", slowly)
    with Teller(store, run, order.attempt, threading.Event(), never) as teller:
        teller.files({"a.json": b"1"})
        end = time.monotonic() + 10
        while len(files(store, run)) < 2 and time.monotonic() < end:
            time.sleep(0.01)
    assert files(store, run) == {"a.json": b"1", "b.json": b"2"}


def test_scenarios_are_answered_into_files(store: Store) -> None:
    run = accepted(store, kind="scenarios", settings={"only": ["consultants"]})
    carry_out(store, begun(store, run), never)
    assert (seen(store, run).state, seen(store, run).problem) == ("complete", None)
    assert {"answers.json", "answers.html", "answers.xlsx", "results.csv"} <= files(store, run).keys()


def test_scenarios_that_cannot_be_used_are_told(store: Store) -> None:
    run = accepted(store, kind="scenarios", settings={"files": {"wrong.toml": "name = 1"}})
    carry_out(store, begun(store, run), never)
    assert seen(store, run).state == "invalid"
