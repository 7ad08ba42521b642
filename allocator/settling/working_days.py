"""Bank holidays, and working days between any two dates."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, partial
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import holidays


def english_bank_holidays(years: Iterable[int]) -> tuple[date, ...]:
    """Bank holidays of England.

    Parameters
    ----------
    years
        Calendar years.

    Returns
    -------
    tuple of date
        In order.
    """
    return tuple(day for year in sorted(set(years)) for day in _of_year(year))


@cache
def _of_year(year: int) -> tuple[date, ...]:
    return tuple(sorted(day for day in _united_kingdom()(subdiv="ENG", years=year) if day.year == year))


@cache
def _united_kingdom() -> Any:
    """The library's class, from its file alone: asked for by name the library loads every country first."""
    folder = Path(holidays.__file__).parent / "countries"
    found = PathFinder.find_spec("holidays.countries.united_kingdom", [str(folder)])
    if found is None or found.loader is None:  # another release may keep it elsewhere
        return partial(holidays.country_holidays, "GB")
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module.UnitedKingdom


class WorkingDays:
    """Counts working days (Monday to Friday, no bank holiday; SEMANTICS S2.1) between any two dates."""

    def __init__(self, bank_holidays: Iterable[date]) -> None:
        self._weekdays_off = sorted(d for d in bank_holidays if d.weekday() < 5)

    def between(self, first: date, last: date) -> int:
        """Working days from ``first`` to ``last``, both included.

        Parameters
        ----------
        first, last
            Dates.

        Returns
        -------
        int
            0 where ``last`` comes before ``first``.
        """
        if last < first:
            return 0
        return self._up_to(last) - self._up_to(first - timedelta(days=1))

    def _up_to(self, day: date) -> int:
        weeks, rest = divmod(day.toordinal() - 1, 7)  # day 1 of the calendar is a Monday
        return 5 * weeks + min(rest + 1, 5) - bisect_right(self._weekdays_off, day)
