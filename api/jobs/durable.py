"""The durable queue: DBOS, seen through what the workers need of it. Nothing else knows of DBOS.

The queue lives in the database of the store. A worker claims a run from it, and keeps the claim until its work returns;
what a worker that is gone had claimed goes back into the queue by :meth:`DurableQueue.recover`.
"""

import logging
from collections.abc import Callable, Collection, Mapping

from dbos import DBOS, DBOSConfig, SetWorkflowID

from api.jobs.filling import Entry

QUEUE, QUICK_QUEUE, WORK = "runs", "quick", "run"
VERSION = "1"
"""Of what lies in the queue (the id of a run): DBOS gives a worker only what was enqueued for its version."""
POLL, QUICK_POLL = 0.2, 0.1
"""Seconds between two looks into the queue, and into that of runs that somebody waits for before a screen."""
QUICK_AT_ONCE = 2
"""So many of these a worker takes out of their queue at a time, beside one that it has begun at once: who looks at a
decision does not wait for somebody's best fits."""
ACTIVE = ("ENQUEUED", "PENDING", "DELAYED")
CLAIMED = "PENDING"
AT_ONCE = 500
"""So many entries that are over are removed in one go."""


class DurableQueue:
    """The queue, as one worker takes part in it.

    Parameters
    ----------
    url
        Of the store's database, as SQLAlchemy has it.
    worker
        Name of this worker; no other has it, nor had.
    at_once
        How many runs it works on side by side; besides, those that somebody waits for before a screen.
    work
        Called with the id of every run that is claimed, on a thread of its own. Where it returns or raises before the
        run is over, the run is enqueued anew: the store has the last word.
    """

    def __init__(self, url: str, worker: str, at_once: int, work: Callable[[str], None]) -> None:
        DBOS.destroy(destroy_registry=True)
        DBOS(
            config=DBOSConfig(
                name="placements", system_database_url=url, executor_id=worker, application_version=VERSION,
                log_level="ERROR", sys_db_pool_size=4, max_executor_threads=at_once + 4, use_listen_notify=False,
                scheduler_polling_interval_sec=3600.0,
            )
        )  # fmt: skip

        # how often a run may be begun is said by the store, which knows why it was begun again
        @DBOS.workflow(name=WORK, max_recovery_attempts=None)
        def run_it(run: str) -> None:
            work(run)

        self._run_it, self._at_once = run_it, at_once

    def open(self) -> None:
        """Begin to claim runs."""
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=self._at_once, polling_interval_sec=POLL, on_conflict="always_update"
        )
        DBOS.register_queue(
            QUICK_QUEUE, worker_concurrency=QUICK_AT_ONCE, polling_interval_sec=QUICK_POLL, on_conflict="always_update"
        )

    def close(self) -> None:
        """Claim no more. What is under way is left, as if this worker had been killed: nothing is to be told of it."""
        logging.getLogger("dbos").setLevel(logging.CRITICAL + 1)
        DBOS.destroy()

    def put(self, tags: Mapping[str, int], quick: Collection[str]) -> None:
        """Enqueue runs by their tags, ``quick`` ones apart; one that is in the queue stays as it is."""
        for run, tag in tags.items():
            DBOS.enqueue_workflow_with_options(
                {
                    "workflow_name": WORK,
                    "queue_name": QUICK_QUEUE if run in quick else QUEUE,
                    "workflow_id": run,
                    "priority": tag,
                    "app_version": VERSION,
                },
                run,
            )

    def begin(self, run: str) -> None:
        """Claim a run that is not in the queue, and work on it at once; nothing where another worker has it already."""
        with SetWorkflowID(run):
            DBOS.start_workflow(self._run_it, run)

    def active(self) -> list[Entry]:
        """Everything that is waiting or claimed."""
        found = DBOS.list_workflows(name=WORK, status=list(ACTIVE), load_input=False, load_output=False)
        return [
            Entry(
                status.workflow_id, status.priority or 1, status.executor_id if status.status == CLAIMED else None
            )
            for status in found
        ]  # fmt: skip

    def recover(self, workers: Collection[str]) -> None:
        """Put back what workers that are gone had claimed."""
        if workers:
            DBOS._recover_pending_workflows(list(workers))

    def forget_over(self) -> None:
        """Remove what is no longer active: the store has the runs, and one that is not over is enqueued anew."""
        found = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"], queue_name=None, limit=AT_ONCE,
            load_input=False, load_output=False,
        )  # fmt: skip
        if found:
            DBOS.delete_workflows([status.workflow_id for status in found])
