"""L03: a PE's students on any day, over all offers together, at most the load less commitments (S5.3).

pool and day: sum of counts of groups on the day <= members x load (a pool of one: max(0, load - commitments on the
day - kept on the day)). A team's own pools and "to be named" have as many places as they say.
"""

from collections import defaultdict

from allocator.engine.formulation import DailyLimit, Formulation, Use
from allocator.engine.pools import Pool

RULE = "L03"


def rows(model: Formulation) -> None:
    """For each pool, a row per day on which its load can bind."""
    by_pool: defaultdict[str, list[Use]] = defaultdict(list)
    pools: dict[str, Pool] = {}
    for use in model.uses:
        if use.pool is not None:
            by_pool[use.pool.name].append(use)
            pools[use.pool.name] = use.pool
    for name, uses in by_pool.items():
        pool = pools[name]
        taken = [c for c in model.dataset.commitments if c.pe in pool.members]
        limit = DailyLimit(len(pool.members) * pool.load, ((c.first_day, c.last_day, c.number) for c in taken))
        kept = [k.window for k in model.kept if k.educator is not None and k.educator.pe in pool.members]
        windows = [(u.group.window, u.terms()) for u in uses]
        model.daily_rows(windows, kept, limit, rule=RULE, subject=name)
