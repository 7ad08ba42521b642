"""Fifty readers beside five queued runs: how long they wait for an answer, and how long without the runs.

``python -m tests.soak.readers [readers=50] [seconds=30] [runs=5]``. Readers look at what a page shows (runs, a run, its
plan, rules, rounds), each a second after its last answer, in a process of their own. Goal: 95% within 300 ms.
"""

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

import httpx2

from api.client import Placements
from tests.soak.serving import Service, served

DEMONSTRATION = Path("allocator/demonstration/developing-together.xlsx")
GOAL = 0.300
BETWEEN = 1.0
"""Seconds that somebody looks at what came."""


def read(service: Service, paths: Sequence[str], readers: int, seconds: float) -> list[float]:
    """Seconds of every answer that readers got; whatever is no answer of 200 is an error."""

    async def one(number: int, client: httpx2.AsyncClient, until: float, took: list[float]) -> None:
        await asyncio.sleep(number / readers * BETWEEN)
        while time.monotonic() < until:
            began = time.monotonic()
            answer = await client.get(paths[number % len(paths)])
            took.append(time.monotonic() - began)
            answer.raise_for_status()
            number += 1
            await asyncio.sleep(BETWEEN)

    async def all_of_them() -> list[float]:
        took: list[float] = []
        headers = {"Authorization": f"Bearer {service.token}"}
        limits = httpx2.Limits(max_connections=readers)
        async with httpx2.AsyncClient(base_url=service.address, headers=headers, limits=limits, timeout=60) as client:
            until = time.monotonic() + seconds
            await asyncio.gather(*(one(number, client, until, took) for number in range(readers)))
        return took

    return asyncio.run(all_of_them())


def _read(*given: object) -> list[float]:
    return read(*given)  # type: ignore[arg-type]


def apart(*given: object) -> list[float]:
    """The same in a process of its own, so that readers and what is measured share no interpreter."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read, given)


def words(took: list[float]) -> str:
    """Number, median and 95th percentile, in milliseconds."""
    return f"{len(took)} answers, median {median(took) * 1000:.0f} ms, 95% within {quantiles(took, n=20)[-1] * 1000:.0f} ms"


def main() -> int:
    """Measure idle, then beside runs; 1 where the goal is missed."""
    asked = {name: int(value) for name, value in (word.split("=") for word in sys.argv[1:])}
    readers, seconds, number = (asked.get(n, d) for n, d in (("readers", 50), ("seconds", 30), ("runs", 5)))
    with served() as service, Placements(service.address, service.token) as client:
        first = client.run(DEMONSTRATION)
        list(client.events(first.id))  # until it is over
        paths = ["/v1/runs", f"/v1/runs/{first.id}", f"/v1/runs/{first.id}/result", "/v1/rules", "/v1/rounds"]
        idle = apart(service, paths, readers, seconds)
        runs = [client.run(DEMONSTRATION) for _ in range(number)]
        busy = apart(service, paths, readers, seconds)
        left = sum(client.run_view(run.id).state in ("queued", "running") for run in runs)
    ratio = quantiles(busy, n=20)[-1] / quantiles(idle, n=20)[-1]
    print(f"idle: {words(idle)}")
    print(f"beside {number} runs ({left} of them still to do at the end): {words(busy)}; {ratio:.1f} times idle")
    return int(quantiles(busy, n=20)[-1] > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
