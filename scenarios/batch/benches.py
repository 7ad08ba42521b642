"""Jobs done in this process, on bases that are solved once."""

import traceback
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from models.run import Limits, StopSignal
from scenarios.batch.jobs import Finished, Job, failed
from scenarios.running import Base, Bench

ONE_CORE = Limits(workers=1)
"""Cases side by side use the cores better than parts of one case would; the plan is the same."""
KEPT = 2
"""Bases that a worker keeps solved: cases come base by base, and one that is tried again may be of the base before."""


class Benches:
    """Does jobs in this process, and keeps the bases that it solved last.

    Parameters
    ----------
    base_of
        The base of a number.
    """

    def __init__(self, base_of: Callable[[int], Base]) -> None:
        self._base_of = base_of
        self._kept: OrderedDict[int, Bench] = OrderedDict()

    def do(self, job: Job, stop: StopSignal | None = None) -> Finished:
        """Solve a job; a fault of the program is told in its row, so that one case never sinks the others.

        Raises
        ------
        MemoryError
            The process may not be sound any more.
        """
        try:
            solution = self._bench(job.base).run(job.case, stop)
        except MemoryError:
            raise
        except Exception as error:
            return Finished(failed(self._base_of(job.base).name, job.case, _fault(error)))
        result, plan = solution.result, solution.plan
        return Finished(result, None if plan is None or result.problem else plan.model_dump_json().encode())

    def _bench(self, number: int) -> Bench:
        if number not in self._kept:
            while len(self._kept) >= KEPT:
                self._kept.popitem(last=False)
            self._kept[number] = Bench(self._base_of(number), ONE_CORE)
        self._kept.move_to_end(number)
        return self._kept[number]


def _fault(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return f"a fault of the program, not of the scenario: {type(error).__name__}: {error} ({where})"
