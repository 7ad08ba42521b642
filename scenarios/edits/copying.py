"""Rows copied under new ids, with copies of what other sheets say of them; decisions and published matches are not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from allocator.reading.folding import fold
from models.register import Register, Row
from scenarios.edits.changing import KEYS, fresh, ids_of, name_of, with_more, with_rows, with_values
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
_NAMING: Mapping[str, tuple[str, ...]] = {
    "Agencies": ("agency", "employed_by"), "Educators": ("pe", "practice_assessor", "fall_back", "educators"),
    "Offers": ("offer",), "Students": ("student",), "Teams": ("team",),
}  # fmt: skip
"""Sheet to the columns that name its rows, in copies of rows that name them."""
Key = tuple[Any, ...]
_OWN = {"Agencies": ("name", "also_called")}
"""Columns that no copy has: other names would be those of two."""


def with_copies(register: Register, sheet: str, rows: Iterable[Row]) -> Register:
    """The register with a copy of each row.

    A copy of a request is one of its student, with this request alone. A copy of a PE is named wherever the PE is; a
    copy of an offer names the same PEs; that of a team or an agency has offers and PEs of its own.
    """
    copier = _Copier(register)
    ordered = sorted(rows, key=lambda row: name_of(sheet, row))
    if sheet == "Requests":
        copier.requests(ordered)
    for row in ordered if sheet != "Requests" else ():
        copier.copy(sheet, row)
    for other, added in copier.added.items():
        register = with_more(register, other, added)
    return _named_too(register, copier) if sheet == "Educators" else register


class _Copier:
    """Collects copies of a register's rows: ``added`` by sheet, ``new`` the copies' ids by that of a PE."""

    def __init__(self, register: Register) -> None:
        self.names = Names(register)
        self.added: defaultdict[str, list[Row]] = defaultdict(list)
        self.new: dict[str, str] = {}
        self._register = register
        self._taken: dict[str, set[str]] = {}
        self._about: dict[tuple[str, tuple[str, ...]], dict[Key, list[Row]]] = {}

    def requests(self, rows: list[Row]) -> None:
        """Copy students with some of their requests alone."""
        asked: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            asked[self.names.key("Requests", "student", row.get("student"))].append(row)
        for row in self.names.rows("Students"):
            mine = asked.get(self.names.key("Students", "student", row.get("student")))
            if mine:
                self.copy("Students", row, mine)

    def copy(self, sheet: str, row: Row, only: list[Row] | None = None) -> None:
        """Copy a row with what belongs to it; of a student's requests some only."""
        found: defaultdict[str, dict[int, Row]] = defaultdict(dict)
        self._collect(sheet, [row], found)
        if only is not None:
            found["Requests"] = {id(one): one for one in only}
        renamed: dict[str, dict[str, str]] = {}
        for other, mine in found.items():
            # A team of a copied agency is told apart by its agency.
            if other in KEYS and (other != "Teams" or sheet == "Teams"):
                renamed[other] = self._ids(other, mine.values())
        for other, mine in found.items():
            blank: dict[str, Any] = dict.fromkeys(_OWN.get(other, ()))
            if only is not None and other == "Students":
                blank["stage"] = None
            self.added[other] += [self._renamed(other, with_values(one, blank), renamed) for one in mine.values()]
        if sheet == "Educators":
            self.new |= renamed["Educators"]

    def _ids(self, sheet: str, rows: Iterable[Row]) -> dict[str, str]:
        """New ids of rows, by the ids that they have."""
        column = KEYS[sheet][-1]
        if sheet not in self._taken:
            self._taken[sheet] = ids_of(self._register, sheet)
        originals = sorted((str(row.values[column]) for row in rows if row.get(column) is not None), key=fold)
        return {self.names.key(sheet, column, name): fresh(name, self._taken[sheet]) for name in originals}

    def _key(self, sheet: str, columns: tuple[str, ...], row: Row) -> Key:
        return tuple(self.names.key(sheet, column, row.get(column)) for column in columns)

    def _collect(self, sheet: str, rows: list[Row], found: defaultdict[str, dict[int, Row]]) -> None:
        found[sheet] |= {id(row): row for row in rows}
        for other, columns in _WITH.get(sheet, {}).items():
            if (other, columns) not in self._about:
                about: defaultdict[Key, list[Row]] = defaultdict(list)
                for row in self.names.rows(other):
                    about[self._key(other, columns, row)].append(row)
                self._about[other, columns] = about
            index = self._about[other, columns]
            belonging = [one for row in rows for one in index.get(self._key(sheet, KEYS[sheet], row), ())]
            if belonging:
                self._collect(other, belonging, found)

    def _renamed(self, sheet: str, row: Row, renamed: Mapping[str, Mapping[str, str]]) -> Row:
        """A copy that names copies where its original names what was copied with it."""
        changes: dict[str, Any] = {}
        for other, new in renamed.items():
            for column in _NAMING[other]:
                value = row.get(column)
                if isinstance(value, tuple):
                    changes[column] = tuple(new.get(self.names.key(sheet, column, one), one) for one in value)
                elif value is not None and (name := new.get(self.names.key(sheet, column, value))):
                    changes[column] = name
        return with_values(row, changes)


def _named_too(register: Register, copier: _Copier) -> Register:
    """Offers that name a PE name the copy beside the PE."""

    def change(row: Row) -> Row:
        named = row.get("educators") or ()
        both = tuple(
            name
            for one in named
            for name in (one, copier.new.get(copier.names.key("Offers", "educators", one)))
            if name is not None
        )
        return with_values(row, {"educators": both}) if both != named else row

    return with_rows(register, "Offers", change)
