"""Which run comes next: fair between those who ask, small work before big.

Every run that is enqueued is given a tag, and the lowest tag comes next (start-time fair queueing). A tag is where the
queue stands now, or the last tag of the same owner and size, plus what the run is likely to cost. So a round with
twenty runs does not hold up another's first one, a small run overtakes big ones, and nothing waits for ever: the queue
moves on with every run that begins.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

BYTES = 50_000
"""So many bytes of input cost one more."""
LARGEST = 60
"""What the largest allocation costs; a library of scenarios is many allocations."""
SCENARIOS = 100


FEW_JUDGED = 20
"""So many choices are judged while somebody waits."""
QUICK = frozenset({"effect", "fits"})
"""Kinds of runs that somebody waits for before a screen: they have a queue of their own, and processes beside the
others. One that asks for everything there is (see :func:`is_quick`) waits with the others."""


class Waiting(NamedTuple):
    """A run that is to be enqueued. ``owner``: its round, or who asked for it; ``cost``: see :func:`cost_of`.

    ``quick``: in the queue of those that somebody waits for.
    """

    id: str
    owner: str
    cost: int
    quick: bool = False


class Queued(NamedTuple):
    """A run that is in the queue, or is worked on (``begun``), with its tag."""

    owner: str
    cost: int
    tag: int
    begun: bool


def is_quick(kind: str, settings: Mapping[str, Any]) -> bool:
    """Whether somebody waits for a run before a screen, and it takes not long: best fits of few that are judged.

    Parameters
    ----------
    kind, settings
        Of the run.
    """
    judged = settings.get("judged")
    return kind in QUICK and (kind != "fits" or (judged is not None and judged <= FEW_JUDGED))


def cost_of(kind: str, size: int, priority: int = 0) -> int:
    """About how long a run keeps a process, in no unit.

    Parameters
    ----------
    kind
        ``scenarios``, or one allocation.
    size
        Bytes of its input.
    priority
        Added: what is above 0 comes later.

    Returns
    -------
    int
        At least 1.
    """
    cost = SCENARIOS if kind == "scenarios" else min(LARGEST, 1 + size // BYTES)
    return max(1, cost + priority)


def tags(waiting: Sequence[Waiting], queue: Iterable[Queued]) -> dict[str, int]:
    """The tags of runs that are to be enqueued.

    Parameters
    ----------
    waiting
        In the order in which they were accepted.
    queue
        Everything that is not over.

    Returns
    -------
    dict
        Tag by run, from 1; the lowest comes next.
    """
    queue = list(queue)
    begun = [q.tag - q.cost for q in queue if q.begun]
    now = max(begun) if begun else min((q.tag - q.cost for q in queue), default=0)
    last: dict[tuple[str, int], int] = {}
    for q in queue:
        last[q.owner, q.cost] = max(q.tag, last.get((q.owner, q.cost), 0))
    found = {}
    for run in waiting:
        key = (run.owner, run.cost)
        found[run.id] = last[key] = max(now, last.get(key, 0), 0) + run.cost
    return found
