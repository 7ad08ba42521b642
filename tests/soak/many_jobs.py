"""Five hundred jobs: whether server and workers keep their size, and how much the database grows for each.

``python -m tests.soak.many_jobs [jobs=500] [steps=5]``.
"""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from api.store.opening import Store, open_store
from api.store.tables import Run
from scenarios.batch.process import held
from tests.soak.enqueuing import enqueue_many
from tests.soak.serving import served

LOOK = 0.5
GROWTH = 1.15
"""Memory at the end, against that after the first part, by when everything has been loaded."""


def wait(store: Store, number: int) -> None:
    """Until so many runs are complete."""
    while True:
        with store.reading() as session:
            states = dict(session.execute(select(Run.state, func.count()).group_by(Run.state)).all())
        if states.get("complete", 0) >= number:
            return
        assert not set(states) - {"queued", "running", "complete"}, states
        time.sleep(LOOK)


def size(store: Store) -> int:
    """Bytes of a SQLite database, with what was written ahead put into it as far as others let it be."""
    path = Path(store.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return path.stat().st_size


def main() -> int:
    """Run them in steps; 1 where memory grew."""
    asked = {name: int(value) for name, value in (word.split("=") for word in sys.argv[1:])}
    jobs, steps = asked.get("jobs", 500), asked.get("steps", 5)
    seen: list[tuple[float, int]] = []
    with served(workers=2) as service:
        store = open_store(service.database)
        for step in range(1, steps + 1):
            enqueue_many(store, jobs // steps)
            wait(store, step * (jobs // steps))
            memory = held(service.process) or 0.0
            seen.append((memory, size(store)))
            print(f"{step * (jobs // steps)} jobs: {memory:.0f} MiB, database {seen[-1][1] / 1e6:.1f} MB", flush=True)
        store.close()
    grown = (seen[-1][1] - seen[0][1]) / (jobs - jobs // steps)
    print(f"memory {seen[-1][0] / seen[0][0]:.2f} times that after the first step; {grown / 1000:.0f} kB a job")
    return int(seen[-1][0] > seen[0][0] * GROWTH)


if __name__ == "__main__":
    raise SystemExit(main())
