"""A plan made by hand, read the way that breaks least."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from allocator.checker.one_more import OneMore
from allocator.settling import read_plan
from allocator.terms.holds import Holds
from models.dataset import Dataset
from models.errors import Issue
from models.plan import Match, Plan
from models.policy import Policy


def read_by_hand(path: Path, dataset: Dataset, policy: Policy) -> tuple[Plan, tuple[Issue, ...]]:
    """Read a plan to be judged; rows that name only a team take its offers so that the fewest rules are broken.

    Each row and offer costs what the checker finds broken when that match is added to the rows that are clear; an
    offer takes no more of the rows than it has places left that are not held for others, unless all are taken. The
    least total is an assignment problem; of equal totals one with the earliest offers is taken. The checker then judges
    the whole.

    Parameters
    ----------
    path, dataset, policy
        As for ``read_plan``.

    Returns
    -------
    tuple
        The plan, and the problems of its rows, worst first.
    """

    def least(clear: Sequence[Match], rows: Sequence[Sequence[Match]]) -> Sequence[Match]:
        if not rows:
            return []
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - half a second, and nobody else needs it

        plan = Plan(dataset_digest="", policy=policy, policy_digest="", seed=policy.seed, matches=tuple(clear))
        broken = OneMore(dataset, policy, plan)
        places = _places(dataset, clear, rows)
        unit = 1 + sum(map(len, rows))  # a violation weighs more than the order of all offers together
        cost = np.full((len(rows), len(places)), 1e12)
        for number, options in enumerate(rows):
            for order, match in enumerate(options):
                worth = unit * len(broken.breaks(match)) + order
                for place, (offer, over) in enumerate(places):
                    if offer == match.offer:
                        cost[number, place] = worth + unit * over
        _, taken = linear_sum_assignment(cost)
        offers = [places[place][0] for place in taken]
        return [next(m for m in options if m.offer == o) for options, o in zip(rows, offers, strict=True)]

    return read_plan(path, dataset, policy, least)


def _places(
    dataset: Dataset, clear: Sequence[Match], rows: Sequence[Sequence[Match]]
) -> list[tuple[str, bool]]:  # fmt: skip
    """Offer, and whether it is one too many, of a place for every row that may want it."""
    wanted = [m.offer for options in rows for m in options]
    places = []
    holds = Holds(dataset)
    for offer in sorted(set(wanted)):
        there = [m.request for m in clear if m.offer == offer]
        may_be = {m.request for options in rows for m in options if m.offer == offer}
        held = sum(h.places for h in holds.empty(offer, {*there, *may_be}))
        free = dataset.offer_by_id[offer].capacity - len(there) - held
        places += [(offer, number >= free) for number in range(wanted.count(offer))]
    return places
