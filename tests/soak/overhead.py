"""A run by the API against the command line: the same plan, and how many seconds more.

``python -m tests.soak.overhead [pairs=5]``. The command line starts a process; the service has one ready. Goal: at most
half a second more, from sending the workbook to the plan's last byte.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from api.client import Placements
from tests.soak.serving import served

DEMONSTRATION = Path("allocator/demonstration/developing-together.xlsx")
GOAL = 0.5


def main() -> int:
    """Measure pairs; 1 where the goal is missed or a plan differs."""
    asked = {name: int(value) for name, value in (word.split("=") for word in sys.argv[1:])}
    more, same = [], True
    with served() as service, Placements(service.address, service.token) as client:
        for _ in range(asked.get("pairs", 5)):
            with tempfile.TemporaryDirectory() as folder:
                began = time.monotonic()
                command = [sys.executable, "-m", "allocator", "allocate", str(DEMONSTRATION), "--out", folder]
                subprocess.run(command, check=True, capture_output=True)
                here = time.monotonic() - began
                began = time.monotonic()
                run = client.run(DEMONSTRATION)
                list(client.events(run.id))
                plan = client.file(run.id, "plan.json")
                there = time.monotonic() - began
                same &= plan == (Path(folder) / "plan.json").read_bytes()
            more.append(there - here)
            print(f"command line {here:.2f} s, API {there:.2f} s", flush=True)
    print(f"{median(more):+.2f} s by the API (median); the plans are {'the same' if same else 'NOT the same'}")
    return int(median(more) > GOAL or not same)


if __name__ == "__main__":
    raise SystemExit(main())
