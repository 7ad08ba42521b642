"""A run that is one allocation: what the command line does, into a folder."""

from allocator.comparison.tiers import worth
from allocator.results import CHECK, DATA, PLAN, RUN, written_check, written_plan
from allocator.runs import run_into_folder
from api.jobs.task import Came, Task
from api.wire import RunState
from models.plan import Plan
from models.run import Outcome

RESULTS = (PLAN, CHECK, RUN, DATA)
"""What is kept of every better plan on the way."""


def allocated(task: Task) -> Came:
    """Allocate, beginning with the best plan that was kept.

    Parameters
    ----------
    task
        The run.

    Returns
    -------
    Came
        ``stopped`` where somebody asked for it; a limit of the run's own is its end.
    """
    start = written_plan(task.before / PLAN)
    check = written_check(task.before / CHECK)
    best = None if check is None else worth(check.tiers)

    def kept(better: Outcome) -> None:
        nonlocal best
        found = worth(better.check.tiers)
        if best is None or found > best:  # an attempt that begins anew must not put a lesser plan over the best
            best = found
            placed = len(better.plan.matches)
            task.teller.plan(
                {name: (task.out / name).read_bytes() for name in RESULTS}, placed, placed + len(better.plan.unplaced)
            )

    done = run_into_folder(
        task.source, task.out, settings=task.settings, limits=task.limits, progress=task.teller.progress,
        stop=task.stop, today=task.today, start=start, kept=kept,
    )  # fmt: skip
    return _came(done.outcome.plan)


def _came(plan: Plan) -> Came:
    state: RunState = "stopped" if plan.stopped == "interrupted" else "complete"
    if plan.clash is not None:
        return Came(state, "clash")
    if not plan.tiers:
        return Came(state, "nothing")
    return Came(state, "proved" if all(tier.proved for tier in plan.tiers) else "within_gap")
