"""Fifty readers of pages beside queued runs: how long each page takes, without the runs and beside them.

``python -m tests.soak.pages [readers=50] [seconds=30] [runs=5]``. Readers are signed in as browsers are; each looks at
the pages of a round with the demonstration in turn, a second after its last answer. Goal: 95% of all within 300 ms.
"""

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from statistics import median, quantiles
from urllib.parse import quote

import httpx2

from allocator.intake import read
from api.access import sessions
from api.client import Placements
from api.store.opening import open_store
from tests.api.people import an_account
from tests.soak.readers import BETWEEN, DEMONSTRATION, GOAL
from tests.soak.serving import Service, served

Took = dict[str, list[float]]
"""Seconds of every answer, by page."""


def pages_of(round: str) -> dict[str, str]:
    """The address of each page that people of the team look at in a meeting, by its name."""
    dataset = read(DEMONSTRATION).dataset
    student, offer = quote(dataset.students[0].student, safe=""), quote(dataset.offers[0].offer, safe="")
    below = {
        "overview": "", "board": "/board", "not placed": "/not-placed", "decisions": "/decisions",
        "students": "/students", "student": f"/student?id={student}", "places": "/places",
        "place": f"/place?id={offer}", "agencies": "/agencies", "figures": "/figures", "scenarios": "/scenarios",
        "runs": "/runs",
    }  # fmt: skip
    return {name: f"/rounds/{round}{path}" for name, path in below.items()} | {"rounds": "/rounds"}


def look(address: str, cookie: str, pages: Mapping[str, str], readers: int, seconds: float) -> Took:
    """What readers wait for each page; whatever is no answer of 200 is an error."""
    names, took = list(pages), {name: list[float]() for name in pages}

    async def one(number: int, client: httpx2.AsyncClient, until: float) -> None:
        await asyncio.sleep(number / readers * BETWEEN)
        while time.monotonic() < until:
            name = names[number % len(names)]
            began = time.monotonic()
            answer = await client.get(pages[name])
            took[name].append(time.monotonic() - began)
            assert answer.status_code == HTTPStatus.OK, (name, answer.status_code)
            number += 1
            await asyncio.sleep(BETWEEN)

    async def all_of_them() -> None:
        limits = httpx2.Limits(max_connections=readers)
        async with httpx2.AsyncClient(
            base_url=address, cookies={"placements": cookie}, limits=limits, timeout=60
        ) as client:
            until = time.monotonic() + seconds
            await asyncio.gather(*(one(number, client, until) for number in range(readers)))

    asyncio.run(all_of_them())
    return took


def _look(*given: object) -> Took:
    return look(*given)  # type: ignore[arg-type]


def apart(*given: object) -> Took:
    """The same in a process of its own, so that readers and what is measured share no interpreter."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_look, given)


def a_round(service: Service, client: Placements) -> tuple[str, str]:
    """A round with the demonstration and its plan, and the cookie of somebody of its team who is signed in."""
    made = client.new_round("Soak", ("JAN27",))
    client.send_workbook(made.id, DEMONSTRATION, made.version)
    run = client.run_of_round(made.id).id
    list(client.events(run))  # until it is over
    store = open_store(service.database)
    account = an_account(store, "team", rounds=(made.id,))
    with store.transaction() as session:
        _, cookie = sessions.begin(session, account, datetime.now(UTC), 8)
    store.close()
    return made.id, cookie


def said(took: Took) -> float:
    """Print the median and the 95th percentile of each page, and return that of all, in seconds."""
    everything = [seconds for page in took.values() for seconds in page]
    for name, page in [*took.items(), ("all", everything)]:
        late = quantiles(page, n=20)[-1]
        print(
            f"  {name:12} {len(page):5} answers, median {median(page) * 1000:4.0f} ms, 95% within {late * 1000:4.0f} ms"
        )
    return quantiles(everything, n=20)[-1]


def main() -> int:
    """Measure idle, then beside runs; 1 where the goal is missed."""
    asked = {name: int(value) for name, value in (word.split("=") for word in sys.argv[1:])}
    readers, seconds, number = (asked.get(n, d) for n, d in (("readers", 50), ("seconds", 30), ("runs", 5)))
    with served() as service, Placements(service.address, service.token) as client:
        round, cookie = a_round(service, client)
        pages = pages_of(round)
        look(service.address, cookie, pages, len(pages), 2 * BETWEEN)  # each page once: its tables are made then
        print("idle")
        said(apart(service.address, cookie, pages, readers, seconds))
        runs = [client.run(DEMONSTRATION) for _ in range(number)]
        busy = apart(service.address, cookie, pages, readers, seconds)
        left = sum(client.run_view(run.id).state in ("queued", "running") for run in runs)
        print(f"beside {number} runs, {left} of them still to do at the end")
        return int(said(busy) > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
