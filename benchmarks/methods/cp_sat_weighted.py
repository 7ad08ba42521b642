"""Textbook CP-SAT with one weighted objective: a tier weighs more than all after it can be worth together.

So many tiers as 64-bit objectives can hold are in the sum, the first first; the others are left out of it. That is
what a weighted sum can do: with smaller weights it would answer another question.
"""

import numpy as np

from allocator.intake import Reading
from benchmarks.registry import Found, method
from benchmarks.textbook.cache import textbook
from benchmarks.textbook.program import Numbers, Program
from benchmarks.textbook.tiers import as_plan, named, placed
from benchmarks.textbook.with_cp_sat import CpSatSolver
from scenarios.batch.watch import Watch

LARGEST = 2**60
"""Most that the sum may be worth in a plan."""
LARGEST_SUM = 2**61
"""Most that all columns may weigh together, though no plan has them all: CP-SAT refuses a sum that might overflow."""


@method("cp_sat_weighted", kind="partnership")
def run(reading: Reading, watch: Watch) -> Found:
    """The clock starts when the textbook model stands; putting it into CP-SAT counts."""
    program = textbook(reading, watch)
    weights, tiers, bits = weigh(program)

    def told(tier: int, solution: Numbers, bound: int) -> None:
        watch.sample(placed(program, solution), "weighted", bound=bound, values=named(program, solution))

    with watch.solving():
        answer = CpSatSolver(program, told).optimise_weighted(weights, maximise=True, seconds=watch.left)
    value = None if answer.solution is None else sum(w * int(answer.solution[j]) for j, w in weights.items())
    # CP-SAT gives the bound as a float, so the gap of so great a sum is only good as a percentage.
    gap = None if not value or answer.bound is None else round(max(0.0, 100 * (answer.bound / value - 1)), 4)
    figures = {"tiers_in_the_sum": tiers, "bits_for_all_tiers": bits, "gap_percent": gap}
    return Found(as_plan(program, answer.solution, reading), complete=answer.optimal, figures=figures)


def weigh(program: Program) -> tuple[dict[int, int], int, int]:
    """One objective to maximise, exact in the order of the tiers as far as it goes.

    Parameters
    ----------
    program
        The model.

    Returns
    -------
    tuple
        Weights by column; how many tiers, from the first, are in them; bits that all tiers would need.
    """
    spans = [_span(program, tier) for tier in range(len(program.tier_names))]
    count, worth = 0, 1
    while count < len(spans) and worth * (spans[count] + 1) <= LARGEST:
        worth *= spans[count] + 1
        count += 1
    total = _weights(program, spans[:count])
    while count > 1 and sum(abs(weight) * int(program.upper[j]) for j, weight in total.items()) > LARGEST_SUM:
        count -= 1
        total = _weights(program, spans[:count])
    whole = 1
    for span in spans:
        whole *= span + 1
    return total, count, whole.bit_length()


def _weights(program: Program, spans: list[int]) -> dict[int, int]:
    """From the last tier to the first: each weighs one more than all that follow it can differ by."""
    total: dict[int, int] = {}
    weight = 1
    for tier in reversed(range(len(spans))):
        part = slice(program.tiers.indptr[tier], program.tiers.indptr[tier + 1])
        sign = 1 if program.maximise[tier] else -1
        pairs = zip(program.tiers.indices[part].tolist(), program.tiers.data[part].tolist(), strict=True)
        for column, value in pairs:
            total[column] = total.get(column, 0) + sign * weight * value
        weight *= spans[tier] + 1
    return total


def _span(program: Program, tier: int) -> int:
    """By how much a tier can differ between two plans: a request has one match, so its largest weight counts once."""
    part = slice(program.tiers.indptr[tier], program.tiers.indptr[tier + 1])
    columns, values = program.tiers.indices[part], np.abs(program.tiers.data[part])
    largest: dict[str, int] = {}
    span = 0
    for column, value in zip(columns.tolist(), values.tolist(), strict=True):
        if column < len(program.matches):
            request = str(program.matches[column][0])
            largest[request] = max(largest.get(request, 0), value)
        else:
            span += value * int(program.upper[column])
    return span + sum(largest.values())
