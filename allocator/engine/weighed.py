"""Several tiers by one relaxation: of their weighted sum, whose last basis tells the prices of each of them.

A basis that is optimal for the tiers one after the other has reduced costs of the right sign for the first tier, for
the second among the columns that the first leaves open, and so on (Isermann, "Linear lexicographic optimization", OR
Spektrum 4, 1982). A weighted sum leads to such a basis where a unit of a tier outweighs all that a step can bring in
the next. Weights as large as that are no numbers for a solver where tiers are many: so they are moderate, a few tiers
at a time, and nothing rests on them. What a tier's prices are the basis says (one system of equations), and whether
they prove its value is seen as for any prices. Where they do not, the tier is relaxed alone.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.formulation.program import Vector

OUTWEIGHS = 16
"""A unit of a tier counts so many times the dearest column of the next."""
PATIENCE = 3
"""So many times the work of one tier may go into a relaxation: several take more steps together than one."""
LARGEST = 1e7
"""Of a weighted cost: tolerances of the solver are 1e-8, beside costs of 1."""


def blocks(costs: Sequence[Vector]) -> Iterator[range]:
    """The tiers that are weighed together, in order.

    Parameters
    ----------
    costs
        By tier, minimised.
    """
    first, largest = 0, 0.0
    for number, cost in enumerate(costs):
        most = _dearest(cost)
        together = OUTWEIGHS * most * largest + most
        if number > first and together > LARGEST:
            yield range(first, number)
            first, together = number, most
        largest = most if number == first else together
    if costs:
        yield range(first, len(costs))


def weighed(costs: Sequence[Vector]) -> Vector:
    """The costs of a block as one."""
    total = costs[0]
    for cost in costs[1:]:
        total = OUTWEIGHS * _dearest(cost) * total + cost
    return total


def _dearest(cost: Vector) -> float:
    return float(np.abs(cost).max(initial=1))
