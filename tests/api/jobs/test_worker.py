"""A worker with processes that solve nothing, but for the first test."""

import pytest

from api.jobs import children
from api.store import runs
from api.store.opening import Store
from tests.api.jobs.helping import accepted, at_work, events, files, over, seen

ACTING = "tests.api.jobs.acting"


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "MODULE", ACTING)
    monkeypatch.setattr(children.Children, "prepare", lambda _self: None)  # each start of Python costs a second


def test_a_run_is_done_in_a_process_of_its_own(store: Store) -> None:
    run = accepted(store)
    with at_work(store):
        found = over(store, run)
    assert (found.state, found.answer, found.attempt) == ("complete", "proved", 1)
    assert {"plan.json", "check.json", "run.json", "data.json", "report.xlsx"} <= files(store, run).keys()
    assert [e["state"] for e in events(store, run, "state")] == ["queued", "running", "complete"]


@pytest.mark.usefixtures("acting")
def test_what_dies_three_times_fails_with_its_reason_and_holds_up_nobody(store: Store) -> None:
    names = ("fails", "full", "well")
    ids = {name: accepted(store, filename=name) for name in names}
    with at_work(store, 2):
        found = {name: over(store, run) for name, run in ids.items()}
    assert [found[name].state for name in names] == ["failed", "failed", "complete"]
    problems = {name: run.problem for name, run in found.items() if run.problem is not None}
    assert problems["fails"]["detail"] == "Its process died 3 times; at last its process ended with 1: no such luck."
    assert problems["full"]["code"] == "not_enough_memory"
    assert len(events(store, ids["fails"], "died")) == 3
    assert (found["fails"].attempt, found["full"].attempt) == (3, 1)


@pytest.mark.usefixtures("acting")
def test_what_does_not_stop_in_time_fails(store: Store) -> None:
    run = accepted(store, filename="hangs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.jobs.worker.GRACE", 0.5)
        with at_work(store, seconds=0.5):
            found = over(store, run)
    assert found.state == "failed"
    assert found.problem is not None
    assert found.problem["code"] == "took_too_long"


@pytest.mark.usefixtures("acting")
def test_a_worker_that_leaves_leaves_its_run_to_the_next(store: Store) -> None:
    run = accepted(store, filename="hangs")
    with at_work(store):
        while seen(store, run).state != "running":
            pass
    assert seen(store, run).state == "running"
    with store.transaction() as session:
        runs.run_of(session, run).filename = "well"
    with at_work(store):
        assert over(store, run).state == "complete"
    assert seen(store, run).attempt == 2


@pytest.mark.usefixtures("acting")
def test_the_first_run_of_another_round_is_not_held_up(store: Store) -> None:
    many = [accepted(store, filename="slow", by="a") for _ in range(5)]
    with at_work(store):
        while seen(store, many[0]).state != "complete":
            pass
        other = accepted(store, filename="slow", by="b")
        over(store, other)
        assert seen(store, many[-1]).state == "queued"
