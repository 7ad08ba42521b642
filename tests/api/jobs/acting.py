"""A process of a run that solves nothing: the name of the run's file says what it does."""

import os
import signal
import sys
import time

from api.jobs.limits import die_with_parent
from api.jobs.orders import DONE, FULL, Order
from api.store import runs
from api.store.opening import Store

lines: list[bytes] = []
die_with_parent(int(sys.argv[1]), lines.append)
while not lines:
    time.sleep(0.01)
order = Order.model_validate_json(lines[0])
store = Store(order.database)
with store.reading() as session:
    name = runs.run_of(session, order.run).filename
if name.startswith("slow"):
    time.sleep(0.2)
if name.startswith("kills itself"):
    os.kill(os.getpid(), signal.SIGKILL)
if name.startswith("fails"):
    raise SystemExit("no such luck")
if name.startswith("full"):
    os._exit(FULL)
if name.startswith("takes"):
    held = bytearray(10**9)
if name.startswith("hangs") and not (name == "hangs once" and order.attempt > 1):
    time.sleep(600)
if name.startswith("once") and order.attempt == 1:
    os._exit(1)
with store.transaction() as session:
    runs.keep_files(session, order.run, order.attempt, {"plan.json": f"{order.attempt}".encode()})
    runs.finish(session, order.run, order.attempt, "complete", "proved")
os._exit(DONE)
