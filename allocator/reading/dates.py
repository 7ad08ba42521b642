"""Dates as people type them: ISO, day first, or with the month's name."""

import re
from datetime import date, datetime, timedelta
from typing import Any

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are typing errors."""
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?)?"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_MONTH_NAME = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s\-]+(?:of\s+)?([A-Za-z]{3,9})\.?,?[\s\-]+(\d{4}|\d{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FORMS = " Dates are typed as 2027-01-31, or day first as 31/1/2027."
_SERIAL_ZERO = date(1899, 12, 30)


def show(day: Any) -> str:
    """A date in words that cannot be misread.

    Parameters
    ----------
    day
        A date or date and time; anything else is shown as text.

    Returns
    -------
    str
        Such as ``4 January 2027``.
    """
    return f"{day.day} {day:%B %Y}" if isinstance(day, date) else str(day)


def read_date(raw: Any, typed: bool) -> tuple[date | None, str | None, str]:
    """Read a date.

    Parameters
    ----------
    raw
        A date, text, or a number that a workbook shows as a date (days since the end of 1899).
    typed
        True for workbooks, where dates should not be text.

    Returns
    -------
    tuple
        The date or None; the code of a remark or None; a hint for a message.
    """
    remark: str | None = None
    value: date | None = None
    hint = ""
    if isinstance(raw, datetime):
        value, remark = raw.date(), "V219" if raw.time().isoformat() != "00:00:00" else None
    elif isinstance(raw, date):
        value = raw
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        if 30_000 <= raw <= 80_000:
            value, remark = _SERIAL_ZERO + timedelta(days=int(raw)), "V219"
    elif isinstance(raw, str):
        value, hint = _from_text(raw)
        iso = _ISO.fullmatch(raw)
        if value and iso and iso[4] and iso[4].strip("0:."):
            remark = "V219"  # a time of day other than midnight
        elif value and (typed or not iso):
            remark = "V211"
    if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None, None, f" The year {value.year} cannot be meant."
    return value, remark, hint if value or hint else _FORMS


def _from_text(text: str) -> tuple[date | None, str]:
    iso, day_first, named = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text), _MONTH_NAME.fullmatch(text)
    if iso:
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
    elif day_first:
        year, month, day = int(day_first[3]), int(day_first[2]), int(day_first[1])
    elif named and named[2][:3].casefold() in _MONTHS:
        year, month, day = int(named[3]), _MONTHS.index(named[2][:3].casefold()) + 1, int(named[1])
    else:
        return None, ""
    try:
        return date(year + 2000 if year < 100 else year, month, day), ""
    except ValueError:
        swapped = day_first and month > 12 and day <= 12
        return None, " It seems to be month first; dates are read day first." if swapped else " There is no such day."
