"""The PuLP reference with HiGHS, with tiers: one binary for each request, offer and PE."""

from allocator.intake import Reading
from benchmarks.registry import Found, method
from benchmarks.textbook.cache import textbook
from benchmarks.textbook.tiers import solve_in_tiers
from benchmarks.textbook.with_pulp import PulpSolver
from scenarios.batch.watch import Watch


@method("pulp_highs", kind="partnership")
def run(reading: Reading, watch: Watch) -> Found:
    """The clock starts when the textbook model stands; putting it into PuLP counts."""
    program = textbook(reading, watch)
    with watch.solving():
        return solve_in_tiers(program, PulpSolver(program, "highs"), reading, watch)
