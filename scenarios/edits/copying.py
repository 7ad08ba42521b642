"""Rows copied under new ids, with copies of what other sheets say of them; decisions and published matches are not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from allocator.reading.folding import fold
from models.register import Register, Row
from scenarios.edits.changing import fresh, ids_of, name_of, with_more, with_rows, with_values
from scenarios.selecting import Names

_WITH: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Students": {"Requests": ("student",), "History": ("student",)},
    "Agencies": {
        "Teams": ("agency",), "Offers": ("agency",), "Educators": ("employed_by",), "Commitments": ("agency",),
    },
    "Teams": {"Offers": ("agency", "team"), "Educators": ("employed_by", "team"), "Commitments": ("agency", "team")},
    "Educators": {"Commitments": ("pe",)},
}  # fmt: skip
"""Sheet to the sheets whose rows are copied with its rows, with the columns of the key there."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    "Students": ("student",), "Agencies": ("agency",), "Teams": ("agency", "team"), "Educators": ("pe",),
    "Offers": ("offer",),
}  # fmt: skip
_NAMING: Mapping[str, tuple[str, ...]] = {
    "Agencies": ("agency", "employed_by"), "Educators": ("pe", "practice_assessor", "fall_back", "educators"),
    "Offers": ("offer",), "Students": ("student",), "Teams": ("team",),
}  # fmt: skip
"""Sheet to the columns that name its rows, in copies of rows that name them."""
_OWN = {"Agencies": ("name", "also_called")}
"""Columns that no copy has: other names would be those of two."""


def with_copies(register: Register, sheet: str, rows: Iterable[Row]) -> Register:
    """The register with a copy of each row.

    A copy of a request is one of its student, with this request alone. A copy of a PE is named wherever the PE is; a
    copy of an offer names the same PEs; that of a team or an agency has offers and PEs of its own.
    """
    ordered = sorted(rows, key=lambda row: name_of(sheet, row))
    if sheet == "Requests":
        return _requests(register, ordered)
    for row in ordered:
        register = _copied(register, sheet, row)
    return register


def _requests(register: Register, rows: list[Row]) -> Register:
    names = Names(register)
    asked: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        asked[names.key("Requests", "student", row.get("student"))].append(row)
    for row in names.rows("Students"):
        mine = asked.get(names.key("Students", "student", row.get("student")))
        if mine:
            register = _copied(register, "Students", row, only=mine)
    return register


def _copied(register: Register, sheet: str, row: Row, only: list[Row] | None = None) -> Register:
    names = Names(register)
    found: dict[str, list[Row]] = defaultdict(list)
    _collect(names, sheet, [row], found)
    if only is not None:
        found["Requests"] = only
    renamed: dict[str, dict[str, str]] = {}
    for other, mine in found.items():
        key = _KEYS.get(other, ())[-1:]
        if key and (other != "Teams" or sheet == "Teams"):  # a team of a copied agency is told apart by its agency
            taken = ids_of(register, other)
            originals = sorted((str(r.values[key[0]]) for r in mine if r.get(key[0]) is not None), key=fold)
            renamed[other] = {names.key(other, key[0], name): fresh(name, taken) for name in originals}
    for other, mine in found.items():
        blank: dict[str, Any] = dict.fromkeys(_OWN.get(other, ()))
        if only is not None and other == "Students":
            blank["stage"] = None
        register = with_more(
            register, other, [_renamed(names, other, with_values(one, blank), renamed) for one in mine]
        )
    return _named_too(register, names, renamed["Educators"]) if sheet == "Educators" else register


def _collect(names: Names, sheet: str, rows: list[Row], found: dict[str, list[Row]]) -> None:
    known = {id(row) for row in found[sheet]}
    found[sheet] += [row for row in rows if id(row) not in known]
    if sheet not in _KEYS:
        return
    keys = {tuple(names.key(sheet, c, row.get(c)) for c in _KEYS[sheet]) for row in rows}
    for other, columns in _WITH.get(sheet, {}).items():
        about = [r for r in names.rows(other) if tuple(names.key(other, c, r.get(c)) for c in columns) in keys]
        if about:
            _collect(names, other, about, found)


def _renamed(names: Names, sheet: str, row: Row, renamed: Mapping[str, Mapping[str, str]]) -> Row:
    """A copy that names copies where its original names what was copied with it."""
    changes: dict[str, Any] = {}
    for other, new in renamed.items():
        for column in _NAMING[other]:
            value = row.get(column)
            if isinstance(value, tuple):
                changes[column] = tuple(new.get(names.key(sheet, column, one), one) for one in value)
            elif value is not None and (name := new.get(names.key(sheet, column, value))):
                changes[column] = name
    return with_values(row, changes)


def _named_too(register: Register, names: Names, new: Mapping[str, str]) -> Register:
    """Offers that name a PE name the copy beside the PE."""

    def change(row: Row) -> Row:
        named = row.get("educators") or ()
        both = tuple(
            name for one in named for name in (one, new.get(names.key("Offers", "educators", one))) if name is not None
        )
        return with_values(row, {"educators": both}) if both != named else row

    return with_rows(register, "Offers", change)
