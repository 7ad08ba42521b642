"""Placements of rounds before that are still running: no matches any more, and still taking room (S1.8).

A first that runs is also the first of its student's final, where History does not say what the first was (S1.7).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from allocator.terms.calendar import Window
from models.base import Stage
from models.dataset import Dataset
from models.entities import History, Offer, Request
from models.statuses import UNDER_WAY


class Running(NamedTuple):
    """A placement that runs. ``student``, ``stage`` and ``offer`` are None where its row or its offer is not listed."""

    request: str
    student: str | None
    stage: Stage | None
    offer: Offer | None
    pe: str | None
    window: Window


def running(dataset: Dataset, window: Callable[[Request, Offer], Window]) -> tuple[Running, ...]:
    """Published rows that are over for the plan, confirmed or started, and whose dates are known."""
    found = list[Running]()
    for row in dataset.published:
        request, offer = dataset.request_by_id.get(row.request), dataset.offer_by_id.get(row.offer)
        if row.standing != "over" or row.status not in UNDER_WAY:
            continue
        if request is not None and dataset.student_by_id[request.student].withdrawn:
            continue
        known = window(request, offer) if request is not None and offer is not None else (None, None)
        start, end = row.start or known[0], row.end or known[1]
        if start is not None and end is not None:
            student, stage = (None, None) if request is None else (request.student, request.stage)
            found.append(Running(row.request, student, stage, offer, row.pe, (start, end)))
    return tuple(found)


def recorded_first(history: Sequence[History], still_running: Sequence[Running]) -> History | Offer | None:
    """The first of a student without a live one (S1.7): the latest that passed or still runs; of equals the last.

    Parameters
    ----------
    history, still_running
        The student's own, in the dataset's order. A placement of which History has a row is told by that row alone.
    """
    firsts = [h for h in history if h.stage == "first"]
    known = {(h.agency, h.team) for h in firsts}
    dated: list[tuple[date, History | Offer]] = [(h.start or date.min, h) for h in firsts if h.outcome == "passed"]
    for r in still_running:
        if r.stage == "first" and r.offer is not None and (r.offer.agency, r.offer.team) not in known:
            dated.append((r.window[0], r.offer))
    return max(reversed(dated), key=lambda d: d[0], default=(date.min, None))[1]
