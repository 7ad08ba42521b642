"""One cell to one value, by its column; nothing is decided here about rows, ids or other cells."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from allocator.reading.columns import Column
from allocator.reading.dates import read_date, show
from allocator.reading.marks import ShownNumber
from allocator.reading.sources import Unreadable
from allocator.reading.spelling import did_you_mean, slipped
from allocator.reading.words import NO, SPELLINGS, YES
from models.register import Special


@dataclass(slots=True)
class Outcome:
    """What a cell gave: a value (None: blank), what is wrong with it, and what is worth mentioning.

    ``problem`` is the code of a problem that makes the cell unreadable; ``words`` fill its message. ``remarks`` are
    codes with an example each, reported once per column.
    """

    value: Any = None
    problem: str | None = None
    found: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)


ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!")
)  # fmt: skip
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("([;,>=]?)[ \\t]*[\r\n\x0b\u2028\u2029]\\s*([;,>=]?)")
_KEPT_AS_TEXT = re.compile(r"=\"([^\"]*)\"|'(\w[^']*)")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s+([0-9][A-Z]{2})\b", re.IGNORECASE)
_POSTCODE_CELL = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")
_DAYS = re.compile(r"([1-7](?:\.\d+)?)\s*(?:-|–|to)\s*([1-7](?:\.\d+)?)|([1-7](?:\.\d+)?)")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
MOST_DIGITS = 10**15
"""Numbers from here on have lost digits in a workbook."""


def convert(column: Column, raw: Any, typed: bool) -> Outcome:
    """Read one cell.

    Parameters
    ----------
    column
        What the cell should hold.
    raw
        The cell: text, number, boolean, date, or a mark that it could not be read.
    typed
        True for workbooks, where text in a date or id column is a slip of the keyboard.

    Returns
    -------
    Outcome
        Value, problem and remarks.
    """
    if isinstance(raw, Unreadable):
        if raw is Unreadable.UNCOMPUTED:
            return Outcome(problem="V210", found="a formula")
        return Outcome(problem="V201", found=raw.value)
    outcome = Outcome()
    if isinstance(raw, str):
        # Nothing invisible is printable, nor is the space that does not break.
        text = said = raw
        if not raw.isprintable():
            # In a list a line end (Alt+Enter) separates as ; does.
            is_list = column.many or column.kind == "ranking"
            said = _LINE_ENDS.sub(lambda end: end[1] or end[2] or ";", raw.strip()) if is_list else raw
            text = _INVISIBLE.sub("", said).replace("\u00a0", " ")
        trimmed = " ".join(text.split()) if column.kind != "text" else text.strip()
        # ="007" and '007 are how programs keep a text from becoming a number.
        if kept := _KEPT_AS_TEXT.fullmatch(trimmed):
            trimmed = (kept[1] or kept[2]).strip()
        if trimmed != said:
            outcome.remarks.append(("V213", f"'{trimmed}'"))
        if not trimmed:
            outcome.remarks.clear()
            return outcome
        if trimmed[0] == "#" and trimmed.upper() in ERRORS:
            return Outcome(problem="V208", found=trimmed)
        if trimmed.casefold() in {"not known", "not_known", "unknown", "n/k"} and column.kind != "id":
            outcome.value = Special.NOT_KNOWN
            return outcome
        postcode = _full_postcode(column, trimmed)
        if postcode:
            return postcode
        raw = trimmed
    elif isinstance(raw, float) and not math.isfinite(raw):
        return Outcome(problem="V201", found=str(raw), words={"hint": ""})
    _READERS[column.kind](column, raw, typed, outcome)
    if isinstance(outcome.value, tuple) and not outcome.value:
        outcome.value = None
    return outcome


def _full_postcode(column: Column, text: str) -> Outcome | None:
    pattern = _POSTCODE_CELL if column.kind in {"place", "places"} else _POSTCODE
    if column.kind in {"place", "places", "text", "spokes"} and len(text) >= 5:
        found = pattern.search(text)
        if found:
            district = found.group(1).upper()
            return Outcome(problem="V123", found=f"{district} ...", words={"district": district})
    return None


def _bad(outcome: Outcome, found: Any, code: str = "V201", **words: str) -> None:
    outcome.value, outcome.problem, outcome.found, outcome.words = None, code, str(found), {"hint": ""} | words


def _as_text(raw: Any, outcome: Outcome, remark: str | None) -> str | None:
    """Text of a cell that should be text; numbers become digits, dates and booleans do not."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        _bad(outcome, str(raw).upper())
        return None
    if isinstance(raw, int | float):
        if abs(raw) >= MOST_DIGITS:
            _bad(outcome, raw, hint=" Excel has dropped digits of a long number; format the column as text.")
            return None
        text = str(int(raw)) if float(raw).is_integer() else str(raw)
        if isinstance(raw, ShownNumber):
            text = raw.shown
        if remark:
            outcome.remarks.append((remark, f"{raw} as '{text}'"))
        return text
    _bad(
        outcome,
        show(raw) if isinstance(raw, date) else raw,
        hint=" Excel may have turned it into a date; format the column as text.",
    )
    return None


def _read_id(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    text = _as_text(raw, outcome, "V212")
    if text is not None and _SCIENTIFIC.fullmatch(text):
        _bad(outcome, text, hint=" Excel has dropped digits of a long number; format the column as text.")
    elif text is not None:
        outcome.value = text


def _read_text(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    if isinstance(raw, bool):
        outcome.value = "yes" if raw else "no"
    elif isinstance(raw, datetime | date):
        outcome.value = show(raw)
    else:
        outcome.value = _as_text(raw, outcome, None)


def _read_any(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    outcome.value = raw.date() if isinstance(raw, datetime) else raw


def _split(text: str) -> list[str]:
    return [part for p in text.replace("\n", ";").split(";") if (part := " ".join(p.split()))]


def _read_list(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    text = _as_text(raw, outcome, "V212" if column.kind == "references" else None)
    if text is not None:
        outcome.value = tuple(dict.fromkeys(_split(text)))


def word_key(text: str) -> str:
    """A closed word without case; spaces and hyphens count as underscores.

    Parameters
    ----------
    text
        As typed.

    Returns
    -------
    str
        Such as ``meeting_booked`` for "Meeting booked".
    """
    return re.sub(r"[\s\-_]+", "_", text.strip()).casefold().strip(".")


def _closed_word(column: Column, text: str, outcome: Outcome) -> str | None:
    key = word_key(text)
    for word in column.allowed:
        if key == word.casefold() or key.replace("_", "") == word.casefold().replace("_", ""):
            return word
    other = SPELLINGS.get(column.name, {}).get(key)
    if other in column.allowed:
        outcome.remarks.append(("V214", f"'{text}' as {other}"))
        return other
    if column.meant and (near := slipped(key, column.meant)):
        outcome.remarks.append(("V223", f"'{text}' as {near}"))
        return near
    _bad(outcome, text, "V202", suggestion=did_you_mean(key, column.allowed))
    return None


def _read_word(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    text = ("yes" if raw else "no") if isinstance(raw, bool) else _as_text(raw, outcome, None)
    if text is not None:
        outcome.value = _closed_word(column, text, outcome)


def _read_words(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    text = _as_text(raw, outcome, None)
    words = [_closed_word(column, part.strip(), outcome) for part in re.split(r"[;,]", text or "") if part.strip()]
    if outcome.problem is None:
        outcome.value = tuple(dict.fromkeys(w for w in words if w))


def _read_yes_no(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    if isinstance(raw, bool):
        outcome.value = "yes" if raw else "no"
        return
    key = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).casefold()
    if key in {"yes", "no"}:
        outcome.value = key
    elif key in YES or key in NO:
        outcome.value = "yes" if key in YES else "no"
        outcome.remarks.append(("V214", f"'{raw}' as {outcome.value}"))
    else:
        _bad(outcome, raw, "V202", suggestion=did_you_mean(key, ("yes", "no")))


def _read_date(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    value, remark, hint = read_date(raw, typed)
    if value is None:
        _bad(outcome, raw, hint=hint)
        return
    outcome.value = value
    if remark:
        outcome.remarks.append((remark, f"'{raw}' as {show(value)}"))


def _read_dates(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    found: list[date] = []
    for part in _split(raw) if isinstance(raw, str) else [raw]:
        value, remark, hint = read_date(part, typed and not isinstance(raw, str))
        if value is None:
            _bad(outcome, part, hint=hint)
            return
        if remark:
            outcome.remarks.append((remark, f"'{part}' as {show(value)}"))
        found.append(value)
    outcome.value = tuple(sorted(set(found)))


def _number(column: Column, raw: Any, outcome: Outcome) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        _bad(outcome, str(raw).upper() if isinstance(raw, bool) else show(raw))
        return None
    text = str(raw)
    if not _NUMBER.fullmatch(text):
        _bad(outcome, text)
        return None
    number = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if column.low is not None and number < column.low:
        _bad(outcome, text, "V205" if number < 0 <= column.low else "V207")
        return None
    if (column.high is not None and number > column.high) or abs(number) >= MOST_DIGITS:
        _bad(outcome, text, "V207")
        return None
    return number


def _read_whole(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    number = _number(column, raw, outcome)
    if number is not None and number != int(number):
        _bad(outcome, raw, "V206")
    elif number is not None:
        outcome.value = int(number)


def _read_decimal(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    number = _number(column, raw, outcome)
    outcome.value = None if number is None else _plain(number)


def _plain(number: Decimal) -> Decimal:
    """A number without the ".0" that files give whole ones, so that equal facts are equal datasets."""
    return number.quantize(Decimal(1)) if number == int(number) else number.normalize()


def _read_days_a_week(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    if isinstance(raw, datetime | date):
        _bad(outcome, show(raw), hint=" Excel may have turned 3-5 into a date; format the column as text.")
        return
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    found = _DAYS.fullmatch(text)
    least, most = (0, 0) if not found else (Decimal(found[1] or 1), Decimal(found[2] or found[3]))
    if 1 <= least <= most <= 5:
        outcome.value = (_plain(Decimal(least)), _plain(Decimal(most)))
    else:
        _bad(outcome, text)


def _read_ranking(column: Column, raw: Any, typed: bool, outcome: Outcome) -> None:
    text = _as_text(raw, outcome, "V212")
    if text is None:
        return
    groups = [tuple([part.strip() for part in group.split("=")]) for group in text.replace(";", ">").split(">")]
    names = [name for group in groups for name in group]
    if "" in names:
        _bad(outcome, text, hint=" A rank is empty.")
    elif len(set(names)) < len(names):
        _bad(outcome, text, hint=" An offer is named twice.")
    else:
        outcome.value = tuple(groups)


_READERS: dict[str, Callable[[Column, Any, bool, Outcome], None]] = {
    "id": _read_id, "reference": _read_id, "place": _read_id, "text": _read_text, "any": _read_any,
    "open_word": _read_text, "references": _read_list, "places": _read_list, "open_words": _read_list,
    "educators": _read_list, "spokes": _read_list,
    "word": _read_word, "words": _read_words, "yes_no": _read_yes_no, "date": _read_date,
    "dates": _read_dates,
    "whole": _read_whole, "decimal": _read_decimal, "days_a_week": _read_days_a_week, "ranking": _read_ranking,
}  # fmt: skip
