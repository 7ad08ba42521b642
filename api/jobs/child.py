"""The process of a run: ``python -m api.jobs.child PARENT``. Its order comes on its standard input.

It loads what it will need first, so that a worker has one ready; it ends with whoever started it. Most work on one run
and end; one that is to stay says so when a run is over, and waits for the next with what it has read and solved.
"""

import os
import queue
import sys

from api.jobs.limits import die_with_parent, give_way, limit_memory


def main() -> None:
    """Wait for orders, and carry them out."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    die_with_parent(int(sys.argv[1]), lines.put)
    # from here on it ends with its parent, also while it loads
    import allocator.report.writing  # noqa: F401, PLC0415 - long to load, and every allocation ends with it
    from allocator.commands.memory import is_full_memory  # noqa: PLC0415
    from api.jobs.bases import Bases  # noqa: PLC0415
    from api.jobs.orders import FULL, OVER, Order  # noqa: PLC0415
    from api.jobs.warming import warm  # noqa: PLC0415
    from api.jobs.working import carry_out  # noqa: PLC0415
    from api.store.opening import Store  # noqa: PLC0415
    from api.store.runs import OldAttemptError  # noqa: PLC0415

    bases, stays, store = Bases(), True, None
    while stays:
        order = Order.model_validate_json(lines.get())
        stays = order.stay
        try:
            limit_memory(order.megabytes)
            if not stays:
                give_way()
            store = store or Store(order.database)  # its worker has no other; how questions are put to it is kept
            if order.warm:
                warm(store, order, bases)
            else:
                carry_out(store, order, gone, bases)
            store.close()
        except OldAttemptError:
            pass
        except Exception as error:
            if not is_full_memory(error):
                raise
            os._exit(FULL)
        if stays:
            print(OVER, flush=True)
    gone()  # taking down what the solver holds takes a while, and another run waits for the place


def gone() -> None:
    """Leave at once: nothing that this process does counts any more."""
    from api.jobs.orders import DONE  # noqa: PLC0415

    os._exit(DONE)


if __name__ == "__main__":
    main()
