"""Working days and windows (SEMANTICS S2)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil

import numpy as np

from models.entities import Offer, Request

Window = tuple[date, date]


class WorkingCalendar:
    """Working days: Monday to Friday less the bank holidays.

    Parameters
    ----------
    bank_holidays
        Dates that are not working days.
    """

    def __init__(self, bank_holidays: Iterable[date]) -> None:
        holidays = np.array(sorted(bank_holidays), dtype="datetime64[D]")
        self._days = np.busdaycalendar(holidays=holidays)
        self.on_or_after = lru_cache(maxsize=None)(self._on_or_after)
        self.span = lru_cache(maxsize=None)(self._span)

    def _on_or_after(self, day: date) -> date:
        return _as_date(np.busday_offset(np.datetime64(day), 0, roll="forward", busdaycal=self._days))

    def _span(self, earliest: date, days: int, days_a_week: Decimal) -> Window:
        start = self.on_or_after(earliest)
        working_days = ceil(Fraction(5 * days) / Fraction(days_a_week))
        end = np.busday_offset(np.datetime64(start), working_days - 1, roll="forward", busdaycal=self._days)
        return start, _as_date(end)

    def window(self, request: Request, offer: Offer, days_short: int = 0) -> Window:
        """Window of a match: it depends on request and offer alone (S2.2).

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
        least = max(request.days - days_short, 1)
        for days in range(request.days, least, -1):
            found = self.span(earliest, days, pace)
            if latest is None or found[1] <= latest:
                return found
        return self.span(earliest, least, pace)

    def any_working_day(self, first: date, last: date) -> bool:
        """Whether a working day lies in ``first..last`` (both included)."""
        return first <= last and self.on_or_after(first) <= last


def _as_date(value: np.datetime64) -> date:
    return date.fromisoformat(str(value))
