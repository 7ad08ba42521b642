"""The process of one run: ``python -m api.jobs.child PARENT``. Its order comes on its standard input.

It loads what it will need first, so that a worker has one ready; it ends with whoever started it.
"""

import os
import queue
import sys

from allocator.commands.memory import is_full_memory
from api.jobs.limits import die_with_parent, limit_memory
from api.jobs.orders import DONE, FULL, Order
from api.jobs.working import carry_out
from api.store.opening import Store
from api.store.runs import OldAttemptError


def main() -> None:
    """Wait for the order, and carry it out."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    die_with_parent(int(sys.argv[1]), lines.put)
    order = Order.model_validate_json(lines.get())
    try:
        limit_memory(order.megabytes)
        store = Store(order.database)
        carry_out(store, order, gone)
        gone()  # taking down what the solver holds takes a while, and another run waits for the place
    except OldAttemptError:
        gone()
    except Exception as error:
        if not is_full_memory(error):
            raise
        os._exit(FULL)


def gone() -> None:
    """Leave at once: nothing that this process does counts any more."""
    os._exit(DONE)


if __name__ == "__main__":
    main()
