"""Placements of rounds before that are still running: they are no matches any more, and still take room (S1.8)."""

from typing import NamedTuple

from allocator.terms.calendar import Window
from allocator.terms.view import Terms
from models.base import Stage
from models.entities import Offer
from models.statuses import UNDER_WAY


class Running(NamedTuple):
    """A placement that runs. ``student``, ``stage`` and ``offer`` are None where its row or its offer is not listed."""

    request: str
    student: str | None
    stage: Stage | None
    offer: Offer | None
    pe: str | None
    window: Window


def running(terms: Terms) -> tuple[Running, ...]:
    """Published rows that are over for the plan, confirmed or started, and whose dates are known."""
    dataset, found = terms.dataset, list[Running]()
    for row in dataset.published:
        request, offer = dataset.request_by_id.get(row.request), dataset.offer_by_id.get(row.offer)
        if row.standing != "over" or row.status not in UNDER_WAY:
            continue
        if request is not None and terms.student(request).withdrawn:
            continue
        known = terms.window(request, offer) if request is not None and offer is not None else (None, None)
        start, end = row.start or known[0], row.end or known[1]
        if start is not None and end is not None:
            student, stage = (None, None) if request is None else (request.student, request.stage)
            found.append(Running(row.request, student, stage, offer, row.pe, (start, end)))
    return tuple(found)
