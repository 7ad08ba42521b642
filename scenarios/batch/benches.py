"""Jobs done in this process, on bases that are solved once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from models.plan import Plan
from models.run import Limits, StopSignal
from scenarios.batch.jobs import Finished, failed
from scenarios.errors import fault_words
from scenarios.model import Case
from scenarios.running import Base, Bench

ONE_CORE = Limits(workers=1)
"""Cases side by side use the cores better than parts of one case would; the plan is the same."""
KEPT = 2
"""Bases that a worker keeps solved: cases come base by base, and one that is tried again may be of the base before."""


class Benches:
    """Solves cases in this process, and keeps the bases that it solved last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Bench] = OrderedDict()

    def do(
        self, key: Hashable, base: Callable[[], Base], case: Case, stop: StopSignal | None = None,
        begin: Plan | None = None,
    ) -> Finished:  # fmt: skip
        """Solve a case; a fault of the program is told in its row, so that one case never sinks the others.

        Parameters
        ----------
        key, base
            What tells the base apart, and what gives it where it is not kept.
        case, stop
            What is solved, and its stop signal.
        begin
            A plan near that of the case; default: the base's.

        Raises
        ------
        MemoryError
            The process may not be sound any more.
        """
        bench = self._bench(key, base)
        try:
            result, plan, *_ = bench.run(case, stop, begin)
        except MemoryError:
            raise
        except Exception as error:
            return Finished(failed(bench.base.name, case, fault_words(error)))
        return Finished(result, None if plan is None or result.problem else plan.model_dump_json().encode())

    def _bench(self, key: Hashable, base: Callable[[], Base]) -> Bench:
        if key not in self._kept:
            while len(self._kept) >= KEPT:
                self._kept.popitem(last=False)
            self._kept[key] = Bench(base(), ONE_CORE)
        self._kept.move_to_end(key)
        return self._kept[key]
