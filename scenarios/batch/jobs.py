"""What executors do: jobs in, finished cases out, in whatever order they end."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from models.errors import AllocationError
from models.plan import Plan
from models.run import StopSignal
from scenarios.model import Case
from scenarios.results import CaseResult

if TYPE_CHECKING:
    from scenarios.running import Base

NOT_MADE = "no cases"
"""What ``stopped`` says of a scenario whose cases could not be made on a base; its row is made anew each time."""


class WorkerError(AllocationError):
    """Processes cannot be started, or a cluster cannot be used."""

    code = "usage"


class Job(NamedTuple):
    """A case to solve, with the number of its base; with a problem it stands for cases that could not be made.

    ``begin`` is a plan near that of the case: it changes how long the case takes, and nothing that is found.
    """

    base: int
    case: Case
    problem: str = ""
    begin: Plan | None = None


class Finished(NamedTuple):
    """What came of a job: its row, and its plan as JSON; None where there is no plan."""

    result: CaseResult
    plan: bytes | None = None


class Executor(Protocol):
    """Solves jobs. What it finds does not depend on which executor it is, on its workers, or on their order."""

    def finished(self, bases: "Sequence[Base]", jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        """Every job as it ends; ends early where ``stop`` is set, and then gives nothing that is half done."""
        ...


def failed(base: str, case: Case, problem: str, stopped: str | None = None) -> CaseResult:
    """The row of a case without a plan."""
    return CaseResult(
        scenario=case.scenario, case=case.name, base=base, parameters=case.parameters, draw=case.draw, seed=case.seed,
        problem=problem, stopped=stopped,
    )  # fmt: skip


def digest(*texts: str) -> str:
    """What tells texts apart."""
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()
