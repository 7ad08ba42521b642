"""Runs that look ahead, done in this process, beside what the command line prints."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import api.jobs.bases
from allocator.settling.settling import Reading
from api.jobs.ahead import BASE
from api.jobs.bases import Bases
from api.jobs.telling import Teller
from api.jobs.working import carry_out
from api.store import runs
from api.store.opening import Store
from tests.api.jobs.helping import accepted, files, seen, source
from tests.api.jobs.test_working import begun, by_command_line, never
from tests.cli.inputs import placements

BAR = {"decision": "do_not_match", "request": "S1/first", "offer": "O1", "by": "LM"}


def found(store: Store, kind: str, settings: dict[str, Any], file: str, **kept: bytes) -> Any:
    """What a run of a kind writes; ``kept``: the plan that comes with it."""
    run = accepted(store, kind=kind, settings=settings)
    with store.transaction() as session:
        runs.begin_with(session, run, {f"{name}.json": data for name, data in kept.items()})
    carry_out(store, begun(store, run), never)
    assert seen(store, run).problem is None
    assert files(store, run).keys() == {file, *(f"{name}.json" for name in kept)}
    return seen(store, run), json.loads(files(store, run)[file])


def printed(tmp_path: Path, *words: str) -> Any:
    """What the command line prints of the same partnership."""
    path = tmp_path / "input.json"
    path.write_bytes(source())
    return json.loads(placements(words[0], path, *words[1:], "--json")[1])


def test_the_effect_is_that_of_the_command_line(store: Store, tmp_path: Path) -> None:
    run, effect = found(store, "effect", {"row": BAR}, "effect.json")
    assert (run.state, run.answer) == ("complete", "proved")
    there = printed(
        tmp_path, "decide", BAR["decision"], "--request", "S1/first", "--offer", "O1", "--by", "LM", "--ask"
    )
    assert {name: there[name] for name in effect} == effect


def test_the_plan_that_came_with_it_gives_the_same(store: Store, tmp_path: Path) -> None:
    plan = by_command_line(tmp_path, source())["plan.json"]
    assert BASE == "base.json"
    with_it = found(store, "effect", {"row": BAR}, "effect.json", base=plan)[1]
    assert with_it == found(store, "effect", {"row": BAR}, "effect.json")[1]


def looked(store: Store, row: dict[str, Any], log: list[Any], bases: Bases) -> Any:
    """The effect of a row after a log, by a process that keeps what it has."""
    run = accepted(store, kind="effect", settings={"row": row, "log": log})
    carry_out(store, begun(store, run), never, bases)
    return json.loads(files(store, run)["effect.json"])


def test_a_process_that_has_looked_before_says_the_same_and_does_not_solve_for_the_plan_as_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bases, other = Bases(), {"decision": "withdraw", "about": "offer", "offer": "O1", "by": "LM"}
    first = looked(store, BAR, [], bases)
    # What was looked at is decided, under the id and on the day that it had: its plan is the one to compare with.
    decided = [[1, BAR | {"id": "D1", "on": date.today().isoformat()}, None, []]]
    expected = looked(store, other, decided, Bases())
    solved: list[Reading] = []
    monkeypatch.setattr(api.jobs.bases, "base_of", lambda reading, *_: solved.append(reading))
    assert looked(store, BAR, [], bases) == first
    assert looked(store, other, decided, bases) == expected
    assert solved == []


def test_data_that_are_new_begin_with_the_plan_of_those_before(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bases, other = Bases(), {"decision": "withdraw", "about": "offer", "offer": "O1", "by": "LM"}
    decided = [[1, BAR | {"id": "D1", "on": "2026-01-05"}, None, []]]  # of another day than it was looked at
    expected = looked(store, other, decided, Bases())
    looked(store, BAR, [], bases)
    solved: list[Reading] = []
    monkeypatch.setattr(api.jobs.bases, "base_of", lambda reading, *_: solved.append(reading))
    assert looked(store, other, decided, bases) == expected
    assert solved == []


def test_a_decision_that_is_refused_makes_the_run_invalid(store: Store) -> None:
    run = accepted(store, kind="effect", settings={"row": BAR | {"request": "S9/first"}})
    carry_out(store, begun(store, run), never)
    assert seen(store, run).state == "invalid"
    assert "S9/first" in (seen(store, run).problem or {})["detail"]


def test_moves_and_fits_are_those_of_the_command_line(store: Store, tmp_path: Path) -> None:
    run, moves = found(store, "moves", {"most": 2}, "moves.json")
    assert (run.state, run.answer) == ("complete", "proved")
    assert moves == printed(tmp_path, "moves", "--most", "2")
    run, fits = found(store, "fits", {"offer": "O1"}, "fits.json")
    assert (run.state, run.answer) == ("complete", "proved")
    assert fits == printed(tmp_path, "fit", "--offer", "O1")


@pytest.mark.parametrize(
    ("kind", "settings", "rows"), [("fits", {"offer": "O1"}, "best"), ("moves", {"most": 2}, "moves")]
)
def test_what_is_found_is_kept_while_the_run_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch, kind: str, settings: dict[str, Any], rows: str
) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(Teller, "files", lambda _, files: kept.append(json.loads(files[f"{kind}.json"])[rows]))
    whole = found(store, kind, settings, f"{kind}.json")[1][rows]
    assert all(so_far == [row for row in whole if row in so_far] for so_far in kept)
    assert kept[-1] == whole


def test_best_fits_that_are_stopped_are_those_that_were_judged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(store, "fits", {"offer": "O1"}, "fits.json")[1]
    assert whole["looked_at"] > 1

    def stop(teller: Teller, progress: dict[str, Any]) -> None:
        if progress["phase"] == "fits" and progress["done"] == 1:
            teller._stop.set()

    monkeypatch.setattr(Teller, "news", stop)
    run = accepted(store, kind="fits", settings={"offer": "O1"})
    carry_out(store, begun(store, run), never)
    stopped = json.loads(files(store, run)["fits.json"])
    assert (seen(store, run).state, seen(store, run).answer) == ("stopped", "within_gap")
    assert (stopped["looked_at"], stopped["of"], stopped["complete"]) == (1, whole["of"], False)
    assert stopped["best"] == [row for row in whole["best"] if row in stopped["best"]]


def test_as_many_are_judged_as_were_asked_for(store: Store) -> None:
    run, few = found(store, "fits", {"offer": "O1", "judged": 1}, "fits.json")
    assert (run.state, run.answer, few["looked_at"], few["complete"]) == ("complete", "within_gap", 1, False)


@pytest.mark.parametrize(("kind", "settings"), [("fits", {"offer": "O9"}), ("moves", {"settings": {"no": "1"}})])
def test_what_there_is_not_makes_the_run_invalid(store: Store, kind: str, settings: dict[str, Any]) -> None:
    run = accepted(store, kind=kind, settings=settings)
    carry_out(store, begun(store, run), never)
    assert (seen(store, run).state, seen(store, run).answer) == ("invalid", "nothing")
