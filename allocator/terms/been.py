"""Placements that are no matches of the plan and count in their academic year all the same (SEMANTICS S1.10).

They have been in a round before, or an employer found them.
"""

from typing import NamedTuple

from allocator.terms.view import Terms
from models.base import Date
from models.entities import Offer, Published, Request
from models.statuses import OVER, UNDER_WAY


class Been(NamedTuple):
    """A published placement that stands outside the plan; ``start`` is None where nobody can say it."""

    row: Published
    request: Request | None
    offer: Offer | None
    start: Date | None


def placements_before(terms: Terms) -> tuple[Been, ...]:
    """Published rows of placements that are over, or confirmed or started while their request is not live."""
    dataset, found = terms.dataset, list[Been]()
    for row in dataset.published:
        has_been = row.standing == "over" and row.status in OVER
        is_agreed = row.standing != "freed" and row.status in UNDER_WAY
        if row.request in terms.horizon.live_by_id or not (has_been or is_agreed):
            continue
        request, offer = dataset.request_by_id.get(row.request), dataset.offer_by_id.get(row.offer)
        start = row.start
        if start is None and request is not None and offer is not None:
            start = terms.window(request, offer)[0]
        found.append(Been(row, request, offer, start))
    return tuple(found)
