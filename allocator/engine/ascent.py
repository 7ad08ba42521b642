"""Better prices, step by step: bounds of large programs without any solver.

Students who only ever take their cheapest option change their minds all at once when a price moves, so subgradient
steps hardly get anywhere from prices of 0, where nearly all options cost the same. Here students spread over their
options instead, the cheaper the more (by exp(-cost / temperature)): that smooths the bound (Nesterov 2005), and its
gradient says of every row by how much too many or too few would use it. Prices follow it in steps that are measured
by temperature and by each row's usual imbalance, with momentum (Adam, Kingma and Ba 2015), while the temperature
falls. Bounds themselves are always exact, see ``prices``.
"""

from collections.abc import Callable, Iterator

import numpy as np

from allocator.engine.face import inwards
from allocator.engine.prices import Priced, Prices, Seen
from allocator.formulation.program import INFINITY, Mask, Vector

HOT = 0.1
"""Temperature to begin with where nothing has a price yet, as a part of the greatest cost."""
WARM, COLD = 3e-3, 1e-4
"""Temperature to begin with elsewhere, and at the end; costs are whole numbers. Below it the bound misses little more
than the temperature by student."""
STRIDE, MEMORY, STEADY = 2.0, 0.8, 0.1
"""Most that a price changes by iteration, in temperatures; how much of a row's step and of its usual imbalance comes
from before; the usual imbalance (in matches) with which a row makes half of such steps."""
CHECKED = 5
"""Iterations from one bound to the next."""
DUST = 1e-9
"""A reduced cost so far below 0 is 0."""


def improve(
    prices: Prices, duals: Vector, target: float, iterations: int, stop: Callable[[], bool] = lambda: False
) -> Priced:
    """Raise a bound, step by step; equal arguments give equal results.

    Parameters
    ----------
    prices
        Tier and face.
    duals
        Prices to begin with: a solver's, or 0.
    target
        The value of a plan: no bound is greater, and one that rounds up to it is as good as any.
    iterations
        Most steps.
    stop
        Ends it when it says so; asked before every step.

    Returns
    -------
    Priced
        The best bound, and prices that give it.
    """
    priced, seen = prices.at(duals), prices.seen(duals)
    if priced.bound == INFINITY:
        return priced
    groups, own = prices.alone.groups, prices.alone.own
    state = np.clip(seen.prices, prices.lower, prices.upper)
    state[groups.row[1:]] = np.where(seen.by_hand, -seen.pool, INFINITY)[1:]
    # A path pays for every row of its student that keeps matches apart, and a match for those that it is in. Steps by
    # row do not find prices that balance this, and a bound falls without end: they stay as they are given.
    moving = ~own & ~prices.alone.incompatible & (prices.upper > prices.lower)
    moving[groups.row[seen.by_hand]] = True
    temperature = WARM if state[~own].any() else HOT * float(np.abs(prices.cost).max(initial=0.0))
    temperature = max(temperature, COLD)
    best = priced
    if _reaches(best.bound, target) or stop():
        return best
    for found in _steps(prices, state, moving, temperature, iterations):
        if found is not None and found.bound > best.bound:
            best = found
        if _reaches(best.bound, target) or stop():
            break
    return best


def _reaches(bound: float, target: float) -> bool:
    return bound == INFINITY or inwards(bound) >= target


def _steps(prices: Prices, state: Vector, moving: Mask, temperature: float, iterations: int) -> Iterator[Priced | None]:
    """The bound of every few steps, None after the others."""
    steady = usual = np.zeros(int(moving.sum()))
    lower, upper = prices.lower[moving], prices.upper[moving]
    cooling = (temperature / COLD) ** (1 / iterations)
    for number in range(1, iterations + 1):
        seen = prices.seen(state)
        solution = _spread(prices, seen, temperature)
        ask = _asked(prices, seen, solution)[moving]
        steady = MEMORY * steady + (1 - MEMORY) * ask
        usual = MEMORY * usual + (1 - MEMORY) * ask**2
        grown = 1 - MEMORY**number  # both begin at 0
        step = STRIDE * temperature * (steady / grown) / (np.sqrt(usual / grown) + STEADY)
        state[moving] = np.clip(state[moving] + step, lower, upper)
        temperature /= cooling
        checked = number % CHECKED == 0 or number == iterations
        yield prices.at(state) if checked else None


def _spread(prices: Prices, seen: Seen, temperature: float) -> Vector:
    """What students use when they spread over their options and matches, the cheaper the more."""
    cells, options, groups = prices.alone.cells, prices.alone.options, prices.alone.groups
    solution = _others(prices, seen)
    # pools of a group, where its price is that of the cheapest
    auto = ~seen.by_hand[groups.of_count]
    pools = np.exp(np.where(auto, seen.pool[groups.of_count] - seen.counts, -INFINITY) / temperature)
    all_pools = np.bincount(groups.of_count, pools, len(groups.row))
    all_pools = np.where(all_pools > 0, all_pools, 1.0)
    # matches of a cell
    found = (seen.matches - (temperature * np.log(all_pools))[groups.of_match])[cells.order]
    least = prices.least(found)
    sizes = np.diff(cells.begins)[cells.filled]
    floor = np.where(np.isinf(least), 0.0, least)[cells.filled]
    matches = np.exp((np.repeat(floor, sizes) - found) / temperature)
    all_matches = np.ones(len(least))
    if len(found):
        all_matches[cells.filled] = np.add.reduceat(matches, cells.begins[cells.filled])
    all_matches = np.where(all_matches > 0, all_matches, 1.0)
    # options of an owner, and none of them where nothing has to be taken
    costs = prices.option_costs(seen, least - temperature * np.log(all_matches))
    best = prices.decided(costs)
    taken = np.exp((best[options.owner] - costs) / temperature)
    none = np.exp(np.where(prices.must, -INFINITY, best) / temperature)
    all_taken = np.bincount(options.owner, taken, len(best)) + none
    taken /= all_taken[options.owner]
    in_cell = np.bincount(options.first, taken, len(least)) + np.bincount(options.final, taken, len(least))
    solution[cells.order] = matches * np.repeat((in_cell / all_matches)[cells.filled], sizes)
    asked = np.bincount(groups.of_match, solution[: len(groups.of_match)], len(groups.row))
    solution[groups.counts[auto]] = (pools * (asked / all_pools)[groups.of_count])[auto]
    return solution


def _others(prices: Prices, seen: Seen) -> Vector:
    """Shortfalls and the like, and counts of groups with a given price, where they are best; all others 0."""
    face, groups, rest = prices.face, prices.alone.groups, prices.alone.rest
    solution = np.zeros(len(prices.cost))
    # what costs nothing stays down: a price at its limit leaves dust
    solution[rest] = np.where(seen.reduced[rest] >= -DUST, face.lower[rest], face.upper[rest])
    given = np.flatnonzero(seen.by_hand[groups.of_count])
    counts = groups.counts[given]
    paid = seen.counts[given] < seen.pool[groups.of_count[given]]
    solution[counts] = np.where(paid, face.upper[counts], face.lower[counts])
    return solution


def _asked(prices: Prices, seen: Seen, solution: Vector) -> Vector:
    """What rows with a price ask for less what a solution uses."""
    face, groups = prices.face, prices.alone.groups
    used = face.matrix.by_column.spread(solution)
    within = np.clip(used, face.row_lower, face.row_upper)
    wanted = np.where(seen.prices > 0, face.row_lower, np.where(seen.prices < 0, face.row_upper, within))
    asked: Vector = np.where(prices.alone.own, 0.0, wanted - used)
    by_hand = groups.row[seen.by_hand]
    asked[by_hand] = -used[by_hand]
    return asked
