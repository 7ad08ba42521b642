"""Runs that a death interrupts, and runs whose rules clash, as the store has them afterwards."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import pytest

from allocator.results import CLASH, CLASH_PAGE
from api.jobs import answering
from api.jobs.orders import Order
from api.jobs.working import carry_out
from api.store.opening import Store
from models.run import StopSignal
from scenarios.batch.jobs import Finished, Job
from scenarios.batch.keeping import ROWS
from scenarios.batch.serial import Serial
from scenarios.running import Base
from tests.api.conftest import ClientAs
from tests.api.jobs.helping import accepted, events, files, seen, source
from tests.api.jobs.test_working import begun, never
from tests.reading.sheets import sheets


class Death(BaseException):
    """What ends a process in the middle of its work."""


def rows(store: Store, run: str) -> list[bytes]:
    return files(store, run).get(ROWS, b"").splitlines()


class Dies(Serial):
    """Solves two cases, and then nothing more: the attempt ends there, as its process would."""

    def __init__(self, dead: threading.Event) -> None:
        self.dead = dead

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        for done, _ in zip(super().finished(bases, jobs, stop), range(2), strict=False):
            yield done
        self.dead.wait(60)
        raise Death


class Counts(Serial):
    """Notes which cases it was asked to solve."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        jobs = list(jobs)
        self.asked += [job.case.key for job in jobs]
        return super().finished(bases, jobs, stop)


def dies(store: Store, order: Order, dead: threading.Event) -> None:
    with suppress(Death):
        carry_out(store, order, dead.set)


def test_scenarios_whose_process_died_go_on_and_do_no_case_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "SPACING", 0.0)
    monkeypatch.setattr(answering, "PART", 0.0)
    settings = {"only": ["consultants"]}
    whole, run = (accepted(store, kind="scenarios", settings=settings) for _ in range(2))
    counts = Counts()
    monkeypatch.setattr(answering, "Serial", lambda: counts)
    carry_out(store, begun(store, whole), never)
    cases, counts.asked = counts.asked, []
    assert len(cases) > 3

    dead = threading.Event()
    monkeypatch.setattr(answering, "Serial", lambda: Dies(dead))
    dying = threading.Thread(target=dies, args=(store, begun(store, run), dead))
    dying.start()
    while len(rows(store, run)) < 2:
        pass
    kept = rows(store, run)
    monkeypatch.setattr(answering, "Serial", lambda: counts)
    carry_out(store, begun(store, run), never)
    dying.join()

    assert counts.asked == cases[len(kept) :]
    assert rows(store, run)[: len(kept)] == kept
    assert (seen(store, run).state, seen(store, run).attempt) == ("complete", 2)
    assert json.loads(files(store, run)["answers.json"]) == json.loads(files(store, whole)["answers.json"])
    done = [told["done"] for told in events(store, run, "progress")]
    assert done == sorted(done)


def test_rules_that_clash_are_the_result_of_their_run(store: Store, client_as: ClientAs) -> None:
    # Offer O3 always asks for two students; of the three one alone may come there.
    offers = sheets()["Offers"]
    offers[2] |= {"minimum": 2, "minimum_kind": "always"}
    run = accepted(store, data=source(Offers=offers))
    carry_out(store, begun(store, run), never)
    found, kept = seen(store, run), files(store, run)
    assert (found.state, found.answer, found.problem) == ("complete", "clash", None)
    assert set(kept) == {CLASH, CLASH_PAGE}
    team = client_as("team")
    assert team.get(f"/v1/runs/{run}/result").content == kept[CLASH]
    page = team.get(f"/v1/runs/{run}/files/{CLASH_PAGE}")
    assert page.headers["content-type"].startswith("text/plain")
    assert "O3" in page.text
    assert '"answer":"clash"' in team.get(f"/v1/runs/{run}/events").text
