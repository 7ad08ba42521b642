"""L02: places of an offer in all; a team's and an agency's maximum at once on every working day (S5.2).

offer: sum of new x <= max(0, capacity - held for nobody - kept); where places are held for requests (decision hold):
sum of new x of all others <= max(0, capacity - held - kept of others); team, agency and day: new on the day <= max(0,
maximum - commitments on the day - kept on the day - those of rounds before that still run).
"""

from collections import defaultdict

import numpy as np

from allocator.formulation.daily import DailyLimit
from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes, Linear
from allocator.terms.calendar import Window
from models.entities import Commitment

RULE = "L02"
NONE: Indexes = np.zeros(0, dtype=np.int64)


def rows(model: Formulation) -> None:
    """A row per offer, two where places are held for requests; for each maximum, a row per day on which it can bind."""
    kept_there: defaultdict[str, list[str]] = defaultdict(list)
    for k in model.kept:
        kept_there[k.offer.offer].append(k.request.request)
    for offer, columns in model.columns_at_offer.items():
        _at_offer(model, offer, columns, kept_there[offer])
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


def _at_offer(model: Formulation, offer: str, columns: Indexes, kept: list[str]) -> None:
    holds = model.terms.holds
    places, own = model.places(offer) - holds.of_nobody(offer), holds.of_requests(offer)
    room = max(0, places - len(kept))
    model.program.add_row(Linear.sum_of(columns), rule=RULE, subject=offer, upper=room)
    if own:
        requests = (model.requests[r].request for r in model.x.request[columns].tolist())
        others = np.array([request not in own for request in requests], dtype=np.bool_)
        room = max(0, places - own.total() - sum(request not in own for request in kept))
        model.program.add_row(Linear.sum_of(columns[others]), rule=RULE, subject=offer, upper=room)


def _at_once(
    model: Formulation, at: Indexes, kept: list[Window], most: int, taken: list[Commitment], subject: tuple[str, ...]
) -> None:
    limit = DailyLimit(most, ((c.first_day, c.last_day, c.number) for c in taken))
    model.at_most_daily(model.by_window(at), kept, limit, rule=RULE, subject="/".join(subject), agency=subject[0])
