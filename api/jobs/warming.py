"""A process made ready for looks at a round, once its plan is worked out: who looks first need not wait for that."""

import threading
from contextlib import suppress

from allocator.results import PLAN
from api.inputs.sending import Sent
from api.jobs.bases import Bases
from api.jobs.orders import Order
from api.store import runs
from api.store.contents import content
from api.store.opening import Store
from models.errors import AllocationError
from models.plan import Plan


def is_plan_of_a_round(store: Store, id: str) -> bool:
    """Whether a run has worked out the best plan of a round, which looks at decisions are compared with.

    Parameters
    ----------
    store
        Where the run stands.
    id
        The run.
    """
    with suppress(AllocationError), store.reading() as session:
        run = runs.run_of(session, id)
        of_round = run.round is not None and not run.settings
        return of_round and (run.kind, run.state, run.answer) == ("allocate", "complete", "proved")
    return False


def warm(store: Store, order: Order, bases: Bases) -> None:
    """Read and solve what a run was about, and keep it for looks; what cannot be had is left to them.

    Parameters
    ----------
    store
        Where the run stands.
    order
        The run, which is over.
    bases
        What the process keeps.
    """
    with suppress(AllocationError):
        with store.reading() as session:
            run = runs.run_of(session, order.run)
            plan = Plan.model_validate_json(runs.file_of(session, run.id, PLAN))
            sent, round = Sent(content(session, run.source), run.filename), run.round
            today = run.created.astimezone().date()
        reading = bases.inputs.held(sent, (), today).reading
        base = bases.base_of(reading, round, lambda: plan, None, threading.Event())
        base.settle()
        if not base.has_memory:  # where published changes are limited its own proof is of no use, but where it ended is
            base.beside(reading.dataset, reading.policy)
