"""Best of many orders: the greedy pass again and again in seeded random orders, until the time is up.

A meeting keeps its order of tranches and finals first, and so do these: shuffled is who comes when within each. The
best is the one whose tiers, as the checker recomputes them, come first in the policy's order.
"""

import random
from itertools import groupby

from allocator.checker import check
from allocator.comparison.tiers import worth
from allocator.eligibility import Eligibility
from allocator.intake import Reading
from benchmarks.greedy import Choices, as_plan, one_pass
from benchmarks.registry import Found, method
from models.plan import Plan
from scenarios.batch.watch import Watch


@method("greedy_orders", kind="partnership")
def run(reading: Reading, watch: Watch) -> Found:
    """The usual order first, then random ones."""
    dataset, policy = reading.dataset, reading.policy
    best: tuple[tuple[int, ...], Plan] | None = None
    tried = legal = 0
    with watch.solving():
        eligibility = Eligibility(dataset, policy)
        choices = Choices(eligibility)
        live = [request.request for request in eligibility.horizon.live]
        groups = [list(group) for _, group in groupby(choices.usual_order(), choices.turn)]
        luck = random.Random(policy.seed)
        while not tried or watch.left:
            order = [id for group in groups for id in (luck.sample(group, len(group)) if tried else group)]
            tried += 1
            plan = as_plan(dataset, policy, live, one_pass(choices, order))
            report = check(dataset, policy, plan)
            legal += report.passed
            found = worth(report.tiers)
            if report.passed and (best is None or found > best[0]):
                best = found, plan
                watch.sample(len(plan.matches), values={tier.tier: tier.value for tier in report.tiers})
    return Found(best and best[1], complete=False, figures={"orders": tried, "legal": legal})
