"""What a process of a run does to itself, asked of one that does it."""

import subprocess
import sys

import pytest

from api.jobs.limits import AUTOGROUP, LATER

ASKED = """
import os
from api.jobs.limits import AUTOGROUP, give_way
give_way()
print(os.nice(0), AUTOGROUP.read_text().split()[-1] if AUTOGROUP.exists() else "")
"""


def came() -> list[str]:
    """How much later a process comes that leads a session and gives way, and its session, where there is such a thing."""
    asked = [sys.executable, "-c", ASKED]
    done = subprocess.run(asked, start_new_session=True, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such thing on Windows")
def test_a_process_that_gives_way_does_so_among_the_sessions_of_the_machine_too() -> None:
    # The tests themselves may run later than others: a process adds to that, a session has a number of its own.
    found = came()
    assert int(found[0]) >= LATER
    assert found[1:] == ([str(LATER)] if AUTOGROUP.exists() else [])
