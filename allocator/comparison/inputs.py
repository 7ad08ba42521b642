"""Which rows of two datasets and which settings of two policies differ. Notes, reasons and versions are left out.

Notes and reasons are free text of the team, they change nothing, and a result folder does not hold them
(``allocator.results``); which plans were published is nothing that a plan is made from.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from allocator.results import FREE_TEXT
from models.base import Record, natural_key
from models.comparison import FieldChange, InputChanges, RowChange, SheetCount
from models.dataset import Dataset
from models.policy import Policy


class _Sheet(NamedTuple):
    """A collection of the dataset, its sheet, and the fields that name a row."""

    collection: str
    sheet: str
    key: tuple[str, ...]


_SHEETS = (
    _Sheet("tranches", "Tranches", ("tranche",)),
    _Sheet("students", "Students", ("student",)),
    _Sheet("requests", "Requests", ("request",)),
    _Sheet("history", "History", ("student", "stage", "start", "agency")),
    _Sheet("agencies", "Agencies", ("agency",)),
    _Sheet("teams", "Teams", ("agency", "team")),
    _Sheet("offers", "Offers", ("offer",)),
    _Sheet("educators", "Educators", ("pe",)),
    _Sheet("places", "Places", ("place",)),
    _Sheet("travel", "Travel", ("origin", "destination", "mode")),
    _Sheet("commitments", "Commitments", ("agency", "team", "pe", "programme", "first_day")),
    _Sheet("past", "Past", ("year", "measure")),
    _Sheet("outcomes", "Outcomes", ("student", "employer", "first_day")),
    _Sheet("decisions", "Decisions", ("id",)),
    _Sheet("published", "Published", ("request",)),
    _Sheet("calendar", "Calendar", ("tranche", "step", "date")),
    _Sheet("closed_days", "Closed days", ("agency", "date")),
    _Sheet("words", "Lists", ("list", "word")),
)


def input_changes(before: Dataset, after: Dataset, old: Policy, new: Policy) -> InputChanges:
    """Rows that were added, removed or changed, sheet by sheet, and settings that differ.

    Parameters
    ----------
    before, after
        What was read.
    old, new
        The settings in force.

    Returns
    -------
    InputChanges
        Counts and rows; rows in natural order of their ids.
    """
    found = [(s.sheet, _rows(s, getattr(before, s.collection), getattr(after, s.collection))) for s in _SHEETS]
    closed = _days(before, after)
    if closed:
        found.append(("Bank holidays", closed))
    return InputChanges(
        counts=tuple(_count(sheet, rows) for sheet, rows in found if rows),
        rows=tuple(row for _, rows in found for row in rows),
        settings=setting_changes(old, new),
    )


def setting_changes(old: Policy, new: Policy) -> tuple[FieldChange, ...]:
    """Settings that differ, in the order of the policy."""
    return _fields(old, new, ())


def _rows(sheet: _Sheet, before: Sequence[Record], after: Sequence[Record]) -> list[RowChange]:
    if before is after:
        return []
    was, is_ = _keyed(sheet, before), _keyed(sheet, after)
    result = []
    for key in sorted({*was, *is_}, key=lambda k: (natural_key(k[0]), k[1])):
        old, new = was.get(key), is_.get(key)
        name = key[0] + (f" ({key[1]})" if key[1] > 1 else "")
        if old is None or new is None:
            result.append(RowChange(sheet=sheet.sheet, row=name, kind="added" if old is None else "removed"))
        elif fields := _fields(old, new, FREE_TEXT):
            result.append(RowChange(sheet=sheet.sheet, row=name, kind="changed", fields=fields))
    return result


def _keyed(sheet: _Sheet, rows: Sequence[Record]) -> dict[tuple[str, int], Record]:
    """Rows by id; of rows with the same id the second is number 2."""
    seen: Counter[str] = Counter()
    result = {}
    for row in rows:
        parts = (getattr(row, field) for field in sheet.key)
        key = ", ".join(str(part) for part in parts if part is not None)
        seen[key] += 1
        result[key, seen[key]] = row
    return result


def _fields(old: Record, new: Record, left_out: tuple[str, ...]) -> tuple[FieldChange, ...]:
    if old == new:
        return ()
    return tuple(
        FieldChange(field=name, before=_text(getattr(old, name)), after=_text(getattr(new, name)))
        for name in type(new).model_fields
        if name not in left_out and getattr(old, name) != getattr(new, name)
    )


def _text(value: object) -> str | None:
    """A fact as text: lists joined, records by the facts that they hold."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(_text(v) or "" for v in value)
    if isinstance(value, dict):
        return "; ".join(f"{k} {v}" for k, v in value.items()) or None
    if isinstance(value, Record):
        return " ".join(str(v) for v in value.model_dump(exclude_none=True).values())
    return str(value)


def _days(before: Dataset, after: Dataset) -> list[RowChange]:
    was, is_ = set(before.bank_holidays), set(after.bank_holidays)
    return [
        RowChange(sheet="Bank holidays", row=day.isoformat(), kind="added" if day in is_ else "removed")
        for day in sorted(was ^ is_)
    ]


def _count(sheet: str, rows: Sequence[RowChange]) -> SheetCount:
    kinds = Counter(row.kind for row in rows)
    return SheetCount(sheet=sheet, added=kinds["added"], removed=kinds["removed"], changed=kinds["changed"])
