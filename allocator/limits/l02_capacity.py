"""L02: places of an offer in all; a team's and an agency's maximum at once on every working day (S5.2).

offer: sum of new x <= max(0, capacity - kept); team, agency and day: new on the day <= max(0, maximum - commitments
on the day - kept on the day - those of rounds before that still run).
"""

from collections import Counter, defaultdict

import numpy as np

from allocator.formulation.daily import DailyLimit
from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes, Linear
from allocator.terms.calendar import Window
from models.entities import Commitment

RULE = "L02"
NONE: Indexes = np.zeros(0, dtype=np.int64)


def rows(model: Formulation) -> None:
    """A row per offer; for each maximum, a row per day on which it can bind."""
    kept = Counter(k.offer.offer for k in model.kept)
    for offer, columns in model.columns_at_offer.items():
        room = max(0, model.places(offer) - kept[offer])
        model.program.add_row(Linear.sum_of(columns), rule=RULE, subject=offer, upper=room)
    kept_at: defaultdict[object, list[Window]] = defaultdict(list)
    taken_at: defaultdict[object, list[Commitment]] = defaultdict(list)
    for k in model.kept:
        kept_at[k.offer.agency].append(k.window)
        kept_at[k.offer.agency, k.offer.team].append(k.window)
    for r in model.running:
        if r.offer is not None:
            kept_at[r.offer.agency].append(r.window)
            kept_at[r.offer.agency, r.offer.team].append(r.window)
    for c in model.dataset.commitments:
        taken_at[c.agency].append(c)
        taken_at[c.agency, c.team].append(c)
    for agency in model.dataset.agencies:
        if agency.maximum_at_once is not None:
            at, key = model.columns_at_agency.get(agency.agency, NONE), agency.agency
            _at_once(model, at, kept_at[key], agency.maximum_at_once, taken_at[key], (key,))
    for team in model.dataset.teams:
        if team.maximum_at_once is not None:
            here = team.agency, team.team
            at = model.columns_at_team.get(here, NONE)
            _at_once(model, at, kept_at[here], team.maximum_at_once, taken_at[here], here)


def _at_once(
    model: Formulation, at: Indexes, kept: list[Window], most: int, taken: list[Commitment], subject: tuple[str, ...]
) -> None:
    limit = DailyLimit(most, ((c.first_day, c.last_day, c.number) for c in taken))
    model.at_most_daily(model.by_window(at), kept, limit, rule=RULE, subject="/".join(subject), agency=subject[0])
