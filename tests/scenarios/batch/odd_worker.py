"""A worker process that solves nothing: the names of cases say what they do to it."""

import os
import signal
from pathlib import Path
from typing import NamedTuple

from scenarios.batch.frames import serve
from scenarios.batch.jobs import Finished, Job, failed

DIES, DIES_ONCE, WAITS, SAYS = "dies", "dies once", "waits", "says"


class Stub(NamedTuple):
    """Stands for a base."""

    name: str = "stub"


def main() -> None:
    mark, names = Path(os.environ["ODD_MARK"]), list[str]()

    def do(base: Stub | None, job: Job) -> Finished:
        if base is not None:
            names.append(base.name)
        name = job.case.name
        if name == DIES or (name == DIES_ONCE and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if name == WAITS:
            signal.pause()
        if name == SAYS:
            os.write(1, b"a library says something")
        return Finished(failed(names[-1], job.case, "not solved"), name.encode())

    serve(do)


if __name__ == "__main__":
    main()
