"""L02: places of an offer in all; a team's and an agency's maximum at once on every working day (S5.2).

offer: sum of new x <= max(0, capacity - kept); team, agency and day: new on the day <= max(0, maximum - commitments
on the day - kept on the day).
"""

from allocator.engine.formulation import Column, DailyLimit, Formulation
from allocator.engine.kept import KeptMatch
from models.entities import Commitment

RULE = "L02"


def rows(model: Formulation) -> None:
    """A row per offer; for each maximum, a row per day on which it can bind."""
    for offer in model.dataset.offers:
        columns = model.columns_at_offer.get(offer.offer, [])
        kept = sum(k.offer.offer == offer.offer for k in model.kept)
        room = max(0, offer.capacity - kept)
        model.program.add_row([(c.column, 1) for c in columns], rule=RULE, subject=offer.offer, upper=room)
    for agency in model.dataset.agencies:
        if agency.maximum_at_once is not None:
            here = [c for c in model.new_columns() if c.offer.agency == agency.agency]
            taken = [c for c in model.dataset.commitments if c.agency == agency.agency]
            kept_here = [k for k in model.kept if k.offer.agency == agency.agency]
            _at_once(model, here, kept_here, agency.maximum_at_once, taken, agency.agency)
    for team in model.dataset.teams:
        if team.maximum_at_once is not None:
            key = team.agency, team.team
            here = [c for c in model.new_columns() if (c.offer.agency, c.offer.team) == key]
            taken = [c for c in model.dataset.commitments if (c.agency, c.team) == key]
            kept_here = [k for k in model.kept if (k.offer.agency, k.offer.team) == key]
            _at_once(model, here, kept_here, team.maximum_at_once, taken, f"{team.agency}/{team.team}")


def _at_once(
    model: Formulation, here: list[Column], kept: list[KeptMatch], most: int, taken: list[Commitment], subject: str
) -> None:
    limit = DailyLimit(most, ((c.first_day, c.last_day, c.number) for c in taken))
    windows = [(c.window, [(c.column, 1)]) for c in here]
    model.daily_rows(windows, [k.window for k in kept], limit, rule=RULE, subject=subject)
