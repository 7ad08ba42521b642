"""L03: a PE's students on any day, over all offers together, at most the load less commitments (S5.3).

pool and day: sum of counts of groups on the day <= members x load (a pool of one: max(0, the whole part of
load - commitments on the day, - kept on the day - those of rounds before that still run)). A team's own pools and
"to be named" have as many places as they say.
"""

from collections import defaultdict

from allocator.formulation.daily import DailyLimit
from allocator.formulation.matches import Formulation, Use
from allocator.formulation.pools import Pool
from allocator.terms.calendar import Window
from models.entities import Commitment

RULE = "L03"


def rows(model: Formulation) -> None:
    """For each pool, a row per day on which its load can bind."""
    by_pool: defaultdict[str, defaultdict[Window, list[Use]]] = defaultdict(lambda: defaultdict(list))
    pools: dict[str, Pool] = {}
    for use in model.uses:
        if use.pool is not None:
            by_pool[use.pool.name][use.group.window].append(use)
            pools[use.pool.name] = use.pool
    taken: defaultdict[str | None, list[Commitment]] = defaultdict(list)
    for c in model.dataset.commitments:
        taken[c.pe].append(c)
    kept: defaultdict[str, list[Window]] = defaultdict(list)
    for k in model.kept:
        if k.stays is not None:
            kept[k.stays.pe].append(k.window)
    for r in model.running:
        if r.pe is not None:
            kept[r.pe].append(r.window)
    for name, parts in by_pool.items():
        pool = pools[name]
        commitments = ((c.first_day, c.last_day, c.number) for pe in pool.members for c in taken[pe])
        listed = model.dataset.educator_by_id.get(name) if len(pool.members) == 1 else None
        limit = DailyLimit(listed.load if listed else len(pool.members) * pool.load, commitments)
        windows = [(window, Use.total(found)) for window, found in parts.items()]
        model.at_most_daily(windows, [w for pe in pool.members for w in kept[pe]], limit, rule=RULE, subject=name)
