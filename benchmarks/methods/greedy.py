"""Greedy as in a meeting: one pass in the order of tranches (``benchmarks.greedy``)."""

from allocator.intake import Reading
from benchmarks.greedy import greedy
from benchmarks.registry import Found, method
from scenarios.batch.watch import Watch


@method("greedy", kind="partnership")
def run(reading: Reading, watch: Watch) -> Found:
    """One pass; it knows no limit."""
    with watch.solving():
        plan = greedy(reading.dataset, reading.policy)
        watch.sample(len(plan.matches))
    return Found(plan)
