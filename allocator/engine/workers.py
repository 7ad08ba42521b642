"""Independent pieces of a run, one after the other or side by side, with equal results either way."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Found = TypeVar("Found")


def side_by_side(jobs: Sequence[Callable[[], Found]], workers: int) -> list[Found]:
    """What every job finds, in their order.

    Parameters
    ----------
    jobs
        Pieces that do not see each other. Threads are enough: the solver leaves the interpreter while it works.
    workers
        How many at a time.
    """
    if workers < 2 or len(jobs) < 2:
        return [job() for job in jobs]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda job: job(), jobs))
