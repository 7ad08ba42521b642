"""``kill -9`` of the server or of a worker at random moments: nothing is lost, nothing done twice, the best plan kept.

``python -m tests.soak.kills [kills=100] [runs=40] [large=4] [seed=1] [hours=1] [database=URL]``: by default a new SQLite
file; ``hours`` after which it gives up.
"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import func, select

from allocator.comparison.tiers import worth
from allocator.runs import run_into_folder
from api.store import runs
from api.store.opening import Store, open_store
from api.store.tables import Run, Worker
from api.wire import OVER
from models.plan import CheckReport
from tests.api.people import bearer
from tests.reading.sheets import sheets

PORT = 8765
LARGE = Path("allocator/demonstration/developing-together.xlsx")
WORKERS = 2
LIFE = 5.0
"""Seconds at most from one kill to the next, once there is work under way again."""


@dataclass
class Processes:
    """The server and the workers, each started again as soon as it was killed."""

    database: str
    alive: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    killed: dict[str, int] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        """How many there were."""
        return sum(self.killed.values())

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "allocator"]
        command += ["serve", "--workers", "0", "--port", str(PORT)] if name == "server" else ["worker"]
        environment = os.environ | {"PLACEMENTS_DATABASE": self.database}
        self.alive[name] = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def kill(self, name: str) -> None:
        self.killed[name] = self.killed.get(name, 0) + 1
        print(f"{time.strftime('%H:%M:%S')} kill {self.kills}: {name}", flush=True)
        self.alive[name].kill()
        self.alive[name].wait()
        self.start(name)

    def up(self, store: Store) -> list[str]:
        """Those that have come to their work: who is killed while it starts hits nothing."""
        with store.reading() as session:
            entered = {int(w.process.split()[0]) for w in session.scalars(select(Worker)) if w.process and w.beats > 1}
        found = [name for name, process in self.alive.items() if process.pid in entered]
        with suppress(OSError), socket.create_connection(("127.0.0.1", PORT), 1):
            found.append("server")
        return found

    def end(self) -> None:
        for process in self.alive.values():
            process.terminate()
        for process in self.alive.values():
            process.wait()


class Asking(threading.Thread):
    """Asks for runs over HTTP, one after the other; each until it was accepted, whatever is killed meanwhile."""

    def __init__(
        self, store: Store, headers: dict[str, str], inputs: list[tuple[str, bytes]], processes: Processes, kills: int
    ) -> None:
        super().__init__(daemon=True)
        self.store, self.headers, self.inputs, self.processes, self.kills = store, headers, inputs, processes, kills
        self.accepted: dict[str, str] = {}
        self.again = 0

    def run(self) -> None:
        number = 0
        while number < len(self.inputs) or self.processes.kills < self.kills:
            # spread over the kills, and never so that there is nothing to be killed
            if self.processes.kills * len(self.inputs) >= number * self.kills or not self.open():
                name, data = self.inputs[number % len(self.inputs)]
                self.accepted[self._ask(number, name, data)] = name
                number += 1
            time.sleep(0.2)

    def open(self) -> list[str]:
        """Runs that are not over, as they stand in the store."""
        with self.store.reading() as session:
            return [run.state for run in runs.to_do(session)]

    def _ask(self, number: int, name: str, data: bytes) -> str:
        while True:
            try:
                answer = httpx2.post(
                    f"http://127.0.0.1:{PORT}/v1/runs", headers=self.headers | {"Idempotency-Key": f"run-{number}"},
                    files={"workbook": (name, data)}, timeout=120,
                )  # fmt: skip
            except httpx2.TransportError:
                self.again += 1
                time.sleep(0.5)
                continue
            assert answer.status_code == 202, answer.text
            return str(answer.json()["id"])


class Looking(threading.Thread):
    """Looks at the plans that runs have so far: none may become worse."""

    def __init__(self, store: Store, asking: Asking) -> None:
        super().__init__(daemon=True)
        self.store, self.asking = store, asking
        self.best: dict[str, tuple[int, ...]] = {}
        self.worse: list[str] = []
        self.better = 0

    def run(self) -> None:
        while True:
            for run in list(self.asking.accepted):
                self.look(run)
            time.sleep(0.3)

    def look(self, run: str) -> None:
        with self.store.reading() as session:
            if "check.json" not in {file.path for file in runs.files_of(session, run)}:
                if run in self.best:
                    self.worse.append(f"{run}: no plan any more")
                return
            check = CheckReport.model_validate_json(runs.file_of(session, run, "check.json"))
        found, before = worth(check.tiers), self.best.get(run)
        if before is not None and found < before:
            self.worse.append(f"{run}: {before} became {found}")
        self.better += before is not None and found > before
        self.best[run] = found


def expected(folder: Path, inputs: dict[str, bytes]) -> dict[str, bytes]:
    """The plan of each input, as the command line gives it."""
    plans = {}
    for name, data in inputs.items():
        source, out = folder / name, folder / f"out of {name}"
        source.write_bytes(data)
        run_into_folder(source, out)
        plans[name] = (out / "plan.json").read_bytes()
    return plans


def soak(folder: Path, kills: int, number: int, large: int, seed: int, hours: float, database: str) -> dict[str, Any]:
    draw = random.Random(seed)
    inputs = {"small.json": json.dumps(sheets(), default=str).encode(), "large.xlsx": LARGE.read_bytes()}
    plans = expected(folder, inputs)
    store = open_store(database)
    headers = bearer(store, "team")
    every = number // max(1, large)
    names = ["large.xlsx" if large and n % every == 1 else "small.json" for n in range(number)]
    processes = Processes(database)
    asking = Asking(store, headers, [(name, inputs[name]) for name in names], processes, kills)
    looking = Looking(store, asking)
    began = time.monotonic()
    try:
        for name in ("server", *(f"worker {n + 1}" for n in range(WORKERS))):
            processes.start(name)
        asking.start()
        looking.start()
        begun = 0
        while processes.kills < kills:
            assert time.monotonic() - began < hours * 3600, f"only {processes.kills} kills"
            if "running" not in asking.open():  # there is work under way at every kill
                time.sleep(0.1)
                continue
            time.sleep(draw.uniform(0, LIFE))
            if begun == (begun := attempts(store)) and draw.random() < 0.9:
                continue  # nobody has begun anything since the last kill: on a busy machine all would be killed idle
            if up := processes.up(store) if draw.random() < 0.9 else list(processes.alive):
                processes.kill(draw.choices(up, [1 if name == "server" else 3 for name in up])[0])
        asking.join()
        while asking.open():
            assert time.monotonic() - began < hours * 3600, f"not over: {asking.open()}"
            time.sleep(0.5)
    finally:
        processes.end()
    return judged(store, asking, looking, plans) | {
        "killed": processes.killed,
        "seconds": round(time.monotonic() - began),
    }


def attempts(store: Store) -> int:
    """How often runs were begun."""
    with store.reading() as session:
        return session.scalar(select(func.sum(Run.attempt))) or 0


def judged(store: Store, asking: Asking, looking: Looking, plans: dict[str, bytes]) -> dict[str, Any]:
    """What is wrong, and how it went."""
    wrong, attempts = list(looking.worse), []
    with store.reading() as session:
        known = {run.id for run in runs.to_do(session)}
        for run, name in asking.accepted.items():
            found = runs.run_of(session, run)
            told = [e.content for e in runs.events_after(session, run, 0, 100_000) if e.kind == "state"]
            ends = [e for e in told if e["state"] in OVER]
            attempts.append(found.attempt)
            if (found.state, found.answer) != ("complete", "proved"):
                wrong.append(f"{run}: {found.state} {found.answer} {found.problem}")
            elif runs.file_of(session, run, "plan.json") != plans[name]:
                wrong.append(f"{run}: another plan than that of the command line")
            if len(ends) != 1:
                wrong.append(f"{run}: ended {len(ends)} times")
    return {
        "accepted": len(asking.accepted), "asked again": asking.again, "left": len(known), "attempts": sum(attempts),
        "most attempts": max(attempts), "better plans seen": looking.better, "wrong": wrong,
    }  # fmt: skip


def main() -> None:
    words = dict(word.split("=", 1) for word in sys.argv[1:])
    with tempfile.TemporaryDirectory() as place:
        database = words.get("database", f"sqlite:///{place}/placements.db")
        found = soak(
            Path(place), int(words.get("kills", 100)), int(words.get("runs", 40)), int(words.get("large", 4)),
            int(words.get("seed", 1)), float(words.get("hours", 1)), database,
        )  # fmt: skip
    print(json.dumps(found, indent=1))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
