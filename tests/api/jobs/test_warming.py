"""A process made ready for looks at a plan that was just worked out."""

import json
import threading
import time

import pytest

import api.jobs.bases
from allocator.settling.settling import Reading
from allocator.solving import Solver
from api.jobs.bases import Bases
from api.jobs.children import Children, Ended
from api.jobs.orders import Order
from api.jobs.warming import is_plan_of_a_round, warm
from api.jobs.working import carry_out
from api.store import runs
from api.store.moments import utc_now
from api.store.opening import Store
from api.wire import Answer, RunState
from tests.api.jobs.helping import SOON, accepted, at_work, files, over, source
from tests.api.jobs.test_looking import BAR, looked
from tests.api.jobs.test_worker import Acted
from tests.api.jobs.test_working import begun, never
from tests.api.store.making import kept_round, kept_run


def test_who_looks_first_finds_the_plan_solved(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    order, expected = begun(store, accepted(store)), looked(store, BAR, [], Bases())
    carry_out(store, order, never)
    bases, read = Bases(), list[Reading]()
    warm(store, order.model_copy(update={"warm": True}), bases)
    monkeypatch.setattr(api.jobs.bases, "base_of", lambda reading, *_: read.append(reading))
    assert looked(store, BAR, [], bases) == expected
    assert read == []
    monkeypatch.setattr(Solver, "solve", lambda *_, **__: pytest.fail("the plan is solved for once more"))
    for kept in bases._solvers.values():
        if kept.solver.dataset.digest == json.loads(files(store, order.run)["plan.json"])["dataset_digest"]:
            kept.solver.settle()  # as best fits do first
            break
    else:
        pytest.fail("nothing is kept of it")


def test_what_is_gone_or_cannot_be_read_is_left_to_who_looks(store: Store) -> None:
    run = accepted(store, data=source(Students=None))
    order = begun(store, run)
    carry_out(store, order, never)
    warm(store, order, Bases())
    warm(store, order.model_copy(update={"run": "nobody's"}), Bases())
    assert not is_plan_of_a_round(store, "nobody's")
    assert not is_plan_of_a_round(store, run)


@pytest.mark.parametrize(
    ("of_round", "state", "answer", "settings", "expected"),
    [
        (True, "complete", "proved", {}, True),
        (False, "complete", "proved", {}, False),
        (True, "stopped", "within_gap", {}, False),
        (True, "complete", "proved", {"seed": "2"}, False),
    ],
)
def test_plans_of_rounds_are_looked_at(
    store: Store, of_round: bool, state: RunState, answer: Answer, settings: dict[str, str], expected: bool
) -> None:
    with store.transaction() as session:
        run = runs.accept(
            session, kind="allocate", source=source(), filename="input.json", settings=settings, limits={}, by="team1",
            now=utc_now(), round=kept_round(session).id if of_round else None,
        ).id  # fmt: skip
    order = begun(store, run)
    with store.transaction() as session:
        runs.finish(session, run, order.attempt, state, answer)
    assert is_plan_of_a_round(store, run) is expected


def test_a_process_is_made_ready_after_the_plan_of_a_round_and_after_no_other_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = list[Order]()

    class Told(Acted):
        def carry_out(self, order: Order, seconds: float, leaving: threading.Event) -> Ended:
            orders.append(order)
            return Ended("done") if order.warm else super().carry_out(order, seconds, leaving)

    monkeypatch.setattr(Children, "prepare", lambda _self: None)
    monkeypatch.setattr(Children, "take", lambda _self: Told(store))
    with store.transaction() as session:
        of_round = kept_run(session, source=source(), by="team1", round=kept_round(session).id, now=utc_now()).id
    alone, look = accepted(store), accepted(store, kind="effect")
    with at_work(store):
        for run in (of_round, alone, look):
            over(store, run)
        end = time.monotonic() + SOON
        while len(orders) < 4 and time.monotonic() < end:
            time.sleep(0.02)
    assert sorted((order.run, order.warm, order.stay) for order in orders) == sorted(
        [(of_round, False, False), (of_round, True, True), (alone, False, False), (look, False, True)]
    )
