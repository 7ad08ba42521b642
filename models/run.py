"""How a run is limited, what it reports while it works, and what it cost (``run.json``)."""

import threading
from collections.abc import Callable
from typing import NamedTuple

from models.base import Record
from models.plan import CheckReport, Plan


class Limits(Record):
    """When a run stops with what it has.

    ``seconds``: wall clock (then plans need not be equal); ``work``: solver iterations, counted, so that equal limits
    give equal plans; ``gap_percent``: a tier within it counts as done (0: proved); ``workers``: how many independent
    parts of a large dataset are decided at a time (the plan is the same).
    """

    seconds: float | None = None
    work: int | None = None
    gap_percent: float = 0.0
    workers: int = 2


class Progress(NamedTuple):
    """What the run knows now: the tier it works on, its best value and bound, and how many are placed."""

    phase: str
    tier: str | None
    number: int
    tiers: int
    value: int | None
    bound: int | None
    placed: int
    live: int
    seconds: float


ProgressListener = Callable[[Progress], None]
StopSignal = threading.Event


class TierRun(Record):
    """What a tier cost; of tiers that one relaxation proves together the first has the cost.

    ``method`` is how it was proved, or the last step towards it: ``prices`` of a run before or of a large program, a
    ``relaxation`` of its own or of several tiers, a ``search``, ``parts`` of a large program, or ``none``.
    """

    tier: str
    seconds: float
    work: int
    method: str


class RunInfo(Record):
    """``run.json``: what the run cost and on what; never part of the plan."""

    seconds: dict[str, float]
    tiers: tuple[TierRun, ...]
    work: int
    columns: int
    rows: int
    versions: dict[str, str]
    machine: str
    started: str
    check_passed: bool | None = None


class Outcome(NamedTuple):
    """Everything that ``allocate`` returns: the plan, the independent check of it, and what it cost."""

    plan: Plan
    check: CheckReport
    run: RunInfo


OutcomeKeeper = Callable[[Outcome], object]
"""Given every better plan of a run on the way, checked."""
