"""A process of a run that loads nothing; the run's id says what it does."""

import json
import os
import signal
import sys
import time

from api.jobs.limits import die_with_parent, limit_memory

lines: list[bytes] = []
die_with_parent(int(sys.argv[1]), lines.append)


def asked() -> str:
    """The name of the run of the next order."""
    while not lines:
        time.sleep(0.005)
    order = json.loads(lines.pop(0))
    limit_memory(order["megabytes"])
    return str(order["run"])


run = asked()
while run == "stays":
    print("over", flush=True)
    run = asked()
match run:
    case "fails":
        raise SystemExit("no such luck")
    case "kills itself":
        os.kill(os.getpid(), signal.SIGKILL)
    case "hangs":
        time.sleep(600)
    case "full":
        held = [bytearray(10_000_000) for _ in range(1000)]
    case "bad_alloc":
        sys.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()
os._exit(0)
