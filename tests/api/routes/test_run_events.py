"""Events of a run: all from the beginning or after one, as they come, to the end; many readers cost one look."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.routes import run_events
from api.routes.readers import Readers
from api.store.opening import Store
from api.store.runs import begin_attempt, finish, tell
from tests.api.conftest import ClientAs
from tests.api.routes.helping import refused
from tests.api.store.making import kept_run

Event = tuple[str, int | None, Any]


@pytest.fixture
def team(client_as: ClientAs) -> TestClient:
    return client_as("team")


@pytest.fixture
def run(store: Store) -> str:
    """A run that works and has told where it is: events 1 (queued), 2 (running), 3 (progress)."""
    with store.transaction() as session:
        id = kept_run(session).id
        begin_attempt(session, id)
        tell(session, id, 1, "progress", {"placed": 1})
    return id


def ended(store: Store, run: str) -> None:
    with store.transaction() as session:
        tell(session, run, 1, "progress", {"placed": 2})
        finish(session, run, 1, "complete", "proved")


def told(client: TestClient, run: str, after: int | None = None) -> list[Event]:
    """Kind, number and content of the events of a stream that ends."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    answer = client.get(f"/v1/runs/{run}/events", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    events: list[Event] = []
    for block in answer.text.split("\n\n"):
        parts = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if parts:
            data = json.loads(parts["data"])
            number = int(parts["id"]) if "id" in parts else None
            events.append((parts["event"], number, data if number is None else data["content"]))
    return events


def test_all_events_to_the_end(team: TestClient, run: str, store: Store) -> None:
    ended(store, run)
    events = told(team, run)
    assert [(kind, number) for kind, number, _ in events] == [
        ("state", 1), ("state", 2), ("progress", 3), ("progress", 4), ("state", 5), ("end", None),
    ]  # fmt: skip
    assert events[3][2] == {"placed": 2}
    assert events[-1][2] == {"state": "complete", "answer": "proved"}


def test_a_stream_is_resumed_after_an_event(team: TestClient, run: str, store: Store) -> None:
    ended(store, run)
    assert [number for _, number, _ in told(team, run, after=3)] == [4, 5, None]
    assert [number for _, number, _ in told(team, run, after=5)] == [None]
    assert [number for _, number, _ in told(team, run, after=99)] == [None]
    for header in ("-1", "x", str(2**31)):
        refused(team.get(f"/v1/runs/{run}/events", headers={"Last-Event-ID": header}))


def test_more_events_than_are_read_at_a_time(
    team: TestClient, run: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_events, "AT_A_TIME", 2)
    ended(store, run)
    assert [number for _, number, _ in told(team, run)] == [1, 2, 3, 4, 5, None]


def test_events_come_while_the_run_works(team: TestClient, run: str, store: Store) -> None:
    later = threading.Timer(0.5, ended, (store, run))
    later.start()
    assert [number for _, number, _ in told(team, run)] == [1, 2, 3, 4, 5, None]
    later.join()


def test_a_stream_ends_when_its_time_is_over(team: TestClient, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_events, "STREAM_SECONDS", 0.2)
    assert [number for _, number, _ in told(team, run)] == [1, 2, 3]  # and no end: it is resumed


def test_no_such_run(team: TestClient) -> None:
    refused(team.get(f"/v1/runs/{'0' * 32}/events"), 404)


def test_fifty_readers_cost_one_look_at_a_time(run: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    readers, looks = Readers(store), 0
    reading: Callable[[], Any] = store.reading

    def counted() -> Any:
        nonlocal looks
        looks += 1
        return reading()

    monkeypatch.setattr(store, "reading", counted)

    async def all_wait() -> float:
        waiting = [asyncio.create_task(readers.more(run, 3, 20)) for _ in range(50)]
        await asyncio.sleep(0.1)
        with store.transaction() as session:
            tell(session, run, 1, "progress", {})
        began = time.monotonic()
        await asyncio.gather(*waiting)
        return time.monotonic() - began

    assert asyncio.run(all_wait()) < 5
    assert looks <= 8  # every 20 ms for a tenth of a second and a little more, and not 50 times as many


def test_readers_are_woken_where_the_store_fails(run: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = Readers(store)
    monkeypatch.setattr(store, "reading", lambda: 1 / 0)
    began = time.monotonic()
    asyncio.run(readers.more(run, 3, 20))
    assert time.monotonic() - began < 10


def test_readers_are_let_go_when_the_service_closes_or_the_run_is_gone(run: str, store: Store) -> None:
    readers = Readers(store)

    async def waits() -> None:
        await readers.more("0" * 32, 0, 20)
        waiting = asyncio.create_task(readers.more(run, 3, 20))
        await asyncio.sleep(0)
        await asyncio.to_thread(readers.close)
        await waiting
        await readers.more(run, 3, 20)

    began = time.monotonic()
    asyncio.run(waits())
    assert time.monotonic() - began < 10
