"""Textbook CP-SAT with tiers: one binary for each request, offer and PE; tier after tier, each then held."""

from allocator.intake import Reading
from benchmarks.registry import Found, method
from benchmarks.textbook.cache import textbook
from benchmarks.textbook.program import Numbers
from benchmarks.textbook.tiers import named, placed, solve_in_tiers
from benchmarks.textbook.with_cp_sat import CpSatSolver
from scenarios.batch.watch import Watch


@method("cp_sat_tiers", kind="partnership")
def run(reading: Reading, watch: Watch) -> Found:
    """The clock starts when the textbook model stands; putting it into CP-SAT counts."""
    program = textbook(reading, watch)
    names = program.tier_names.tolist()

    def told(tier: int, solution: Numbers, bound: int) -> None:
        values = named(program, solution)
        shown = bound + int(program.constants[tier])
        watch.sample(placed(program, solution), names[tier], values[names[tier]], shown, values)

    with watch.solving():
        return solve_in_tiers(program, CpSatSolver(program, told), reading, watch)
