"""A worker, with processes of runs that are acted in this one: the name of the run's file says what they do."""

import threading
import time

import pytest

from api.jobs import worker
from api.jobs.children import Children, Ended
from api.jobs.durable import DurableQueue
from api.jobs.orders import Order
from api.store import runs
from api.store.opening import Store
from tests.api.jobs.helping import accepted, at_work, events, files, over, seen


class Acted:
    """What :class:`api.jobs.children.Child` is, without a process."""

    has_worked = is_alive = False

    def __init__(self, store: Store) -> None:
        self._store = store

    def end(self) -> None:
        """It has ended by itself."""

    def carry_out(self, order: Order, seconds: float, leaving: threading.Event) -> Ended:
        act = seen(self._store, order.run).filename
        if act == "dies":
            return Ended("died", "it was ended by the system (SIGKILL)")
        if act == "full":
            return Ended("full")
        if act == "hangs":
            return Ended("ended") if leaving.wait(seconds) else Ended("late")
        if act == "slow":
            time.sleep(0.3)
        with self._store.transaction() as session:
            runs.keep_files(session, order.run, order.attempt, {"plan.json": b"{}"})
            runs.finish(session, order.run, order.attempt, "complete", "proved")
        return Ended("done")


@pytest.fixture
def acted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Children, "prepare", lambda _self: None)
    monkeypatch.setattr(Children, "take", lambda _self: Acted(store))


def test_a_run_is_done_in_a_process_of_its_own(store: Store) -> None:
    run = accepted(store)
    with at_work(store):
        found = over(store, run)
    assert (found.state, found.answer, found.attempt) == ("complete", "proved", 1)
    assert {"plan.json", "check.json", "run.json", "data.json", "report.xlsx"} <= files(store, run).keys()
    assert [e["state"] for e in events(store, run, "state")] == ["queued", "running", "complete"]


@pytest.mark.usefixtures("acted")
def test_what_dies_three_times_fails_with_its_reason_and_holds_up_nobody(store: Store) -> None:
    ids = {name: accepted(store, filename=name) for name in ("dies", "full", "well")}
    with at_work(store):
        found = {name: over(store, run) for name, run in ids.items()}
    assert {name: (run.state, run.attempt) for name, run in found.items()} == {
        "dies": ("failed", 3), "full": ("failed", 1), "well": ("complete", 1),
    }  # fmt: skip
    problems = {name: run.problem for name, run in found.items() if run.problem is not None}
    assert problems["dies"]["detail"] == "Its process died 3 times; at last it was ended by the system (SIGKILL)."
    assert problems["full"]["code"] == "not_enough_memory"
    assert "4096 MB" in problems["full"]["detail"]
    assert len(events(store, ids["dies"], "died")) == 3


@pytest.mark.usefixtures("acted")
def test_what_does_not_stop_in_time_fails_and_its_best_plan_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.3)
    run = accepted(store, filename="hangs")
    with at_work(store, seconds=0.5):
        while seen(store, run).state != "running":
            time.sleep(0.02)
        with store.transaction() as session:
            runs.keep_files(session, run, 1, {"plan.json": b"best"})
        found = over(store, run)
    assert (found.state, found.answer) == ("failed", "within_gap")
    assert found.problem is not None
    assert found.problem["code"] == "took_too_long"
    assert files(store, run) == {"plan.json": b"best"}


@pytest.mark.usefixtures("acted")
def test_a_worker_that_leaves_leaves_its_run_to_the_next(store: Store) -> None:
    run = accepted(store, filename="hangs")
    with at_work(store):
        while seen(store, run).state != "running":
            time.sleep(0.02)
    assert seen(store, run).state == "running"
    with store.transaction() as session:
        runs.run_of(session, run).filename = "well"
    with at_work(store):
        assert over(store, run).attempt == 2


@pytest.mark.usefixtures("acted")
def test_the_first_run_of_another_round_is_not_held_up(store: Store) -> None:
    many = [accepted(store, filename="slow", by="a") for _ in range(8)]
    with at_work(store):
        over(store, many[0])
        other = accepted(store, filename="slow", by="b")
        over(store, other)
        assert seen(store, many[-1]).state == "queued"


@pytest.mark.usefixtures("acted")
def test_what_somebody_waits_for_is_not_held_up_by_what_takes_long(store: Store) -> None:
    long = accepted(store, filename="hangs")
    with at_work(store):
        while seen(store, long).state != "running":
            time.sleep(0.02)
        assert over(store, accepted(store, kind="effect", filename="well")).state == "complete"
        assert seen(store, long).state == "running"


@pytest.mark.usefixtures("acted")
def test_of_what_is_waited_for_one_is_begun_at_once_and_two_more_come_out_of_the_queue(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, begin = list[str](), DurableQueue.begin

    def seen_to_begin(queue: DurableQueue, run: str) -> None:
        begun.append(run)
        begin(queue, run)

    monkeypatch.setattr(DurableQueue, "begin", seen_to_begin)
    hang = [accepted(store, kind="effect", filename="hangs") for _ in range(4)]
    with at_work(store):
        while sum(seen(store, run).state == "running" for run in hang) < 3:
            time.sleep(0.02)
        time.sleep(0.3)  # the queue is looked at ten times a second
        assert [seen(store, run).state for run in hang] == ["running", "running", "running", "queued"]
    assert begun == hang[:1]


def test_where_what_was_kept_may_have_filled_the_memory_it_is_tried_without(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process that has stayed says "full" of any run; the one behind it does what the file's name says.
    class Stayed(Acted):
        has_worked = True

        def carry_out(self, order: Order, seconds: float, leaving: threading.Event) -> Ended:
            return Ended("full")

    left: list[Acted] = [Acted(store), Stayed(store)]
    monkeypatch.setattr(Children, "prepare", lambda _self: None)
    monkeypatch.setattr(Children, "take_again", lambda _self: left.pop())
    run = accepted(store, kind="effect", filename="well")
    with at_work(store):
        found = over(store, run)
    assert (found.state, found.attempt) == ("complete", 2)


@pytest.mark.usefixtures("acted")
def test_what_the_queue_has_lost_is_enqueued_anew(store: Store) -> None:
    # a back-up is restored: the store says that an attempt was under way, and the queue knows of nothing
    run = accepted(store, filename="well")
    with store.transaction() as session:
        assert runs.begin_attempt(session, run) == 1
    with at_work(store):
        assert over(store, run).attempt == 2


@pytest.mark.usefixtures("acted")
def test_what_takes_its_worker_with_it_each_time_is_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "BEGINNINGS", 2)
    run = accepted(store, filename="well")
    with store.transaction() as session:
        assert [runs.begin_attempt(session, run) for _ in range(2)] == [1, 2]
    with at_work(store):
        found = over(store, run)
    assert (found.state, found.attempt) == ("failed", 3)
    assert found.problem is not None
    assert found.problem["code"] == "died"


@pytest.mark.usefixtures("acted")
def test_asked_to_stop_before_anybody_began_a_run_is_over_and_never_begun(store: Store) -> None:
    run = accepted(store, filename="well")
    with store.transaction() as session:
        runs.ask_to_stop(session, run)
    with at_work(store):
        over(store, accepted(store, filename="well"))
    assert (seen(store, run).state, seen(store, run).attempt) == ("stopped", 0)
