"""Working days and windows (SEMANTICS S2)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil

import numpy as np

from models.entities import ClosedDay, Offer, Request

Window = tuple[date, date]


class WorkingCalendar:
    """Working days: Monday to Friday less the bank holidays and the days on which everybody is closed.

    Parameters
    ----------
    bank_holidays
        Dates that are not working days.
    closed
        Days on which all are closed, or one agency is.
    """

    def __init__(self, bank_holidays: Iterable[date], closed: Iterable[ClosedDay] = ()) -> None:
        closed = tuple(closed)
        free = {*bank_holidays, *(c.date for c in closed if c.agency is None)}
        self._days = np.busdaycalendar(holidays=np.array(sorted(free), dtype="datetime64[D]"))
        self._at = {
            agency: WorkingCalendar({*free, *(c.date for c in closed if c.agency == agency)})
            for agency in {c.agency for c in closed if c.agency is not None}
        }
        self.on_or_after = lru_cache(maxsize=None)(self._on_or_after)
        self.span = lru_cache(maxsize=None)(self._span)

    def at(self, agency: str) -> "WorkingCalendar":
        """The working days of an agency."""
        return self._at.get(agency, self)

    def own(self, agency: str) -> str | None:
        """The agency, if it is closed on days of its own: its windows are then not those of others."""
        return agency if agency in self._at else None

    def _on_or_after(self, day: date) -> date:
        return _as_date(np.busday_offset(np.datetime64(day), 0, roll="forward", busdaycal=self._days))

    def _span(self, earliest: date, days: int, days_a_week: Decimal) -> Window:
        start = self.on_or_after(earliest)
        working_days = ceil(Fraction(5 * days) / Fraction(days_a_week))
        end = np.busday_offset(np.datetime64(start), working_days - 1, roll="forward", busdaycal=self._days)
        return start, _as_date(end)

    def window(self, request: Request, offer: Offer, days_short: int = 0) -> Window:
        """Window of a match, in the working days of the offer's agency: it depends on request and offer alone (S2.2).

        Parameters
        ----------
        request, offer
            Whose dates, days and days a week count.
        days_short
            Days by which an exception to E01 lets the match be shorter, where its latest end asks for it.

        Returns
        -------
        tuple of date
            First and last day, both working days.
        """
        earliest = max(request.earliest_start or offer.earliest_start, offer.earliest_start)
        pace = request.days_a_week_most if offer.days_a_week is None else offer.days_a_week
        latest = min((end for end in (offer.latest_end, request.latest_end) if end is not None), default=None)
        least, there = max(request.days - days_short, 1), self.at(offer.agency)
        for days in range(request.days, least, -1):
            found = there.span(earliest, days, pace)
            if latest is None or found[1] <= latest:
                return found
        return there.span(earliest, least, pace)

    def any_working_day(self, first: date, last: date) -> bool:
        """Whether a working day lies in ``first..last`` (both included)."""
        return first <= last and self.on_or_after(first) <= last


def _as_date(value: np.datetime64) -> date:
    return date.fromisoformat(str(value))
