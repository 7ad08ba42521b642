"""What cells of a register name: ids and words in one spelling each, found as settling finds them."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from allocator.reading.tables import Table
from allocator.settling.directories import Directory
from allocator.settling.draft import one_spelling
from allocator.settling.wordlists import WordLists
from models.entities import INDEPENDENT, PARTNERSHIP
from models.register import Page, Register, Row

_KINDS: Mapping[str, str] = {
    "agency": "Agencies", "employed_by": "Agencies", "employer_agency": "Agencies", "first_agency": "Agencies",
    "preferred_agencies": "Agencies", "intern_choices": "Agencies", "locked_agencies": "Agencies",
    "offer": "Offers", "pe": "Educators", "practice_assessor": "Educators", "fall_back": "Educators",
    "educators": "Educators", "student": "Students", "tranche": "Tranches",
}  # fmt: skip
"""Column, whatever the sheet, to the sheet that lists what it names."""
_EMPLOYERS = {"practice consultant": PARTNERSHIP, "consultant": PARTNERSHIP}
_BY_HAND = ("Offers", "agency"), ("Teams", "agency"), ("Educators", "employed_by")
"""Where agencies are named that no sheet lists."""


class Names:
    """The names of one register: made anew for each register, and looked up when they are asked for."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._directories: dict[str, Directory] = {}
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        self._words: dict[tuple[str, str, str], dict[str, str]] = {}

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """The rows of a sheet."""
        return self._register.pages.get(sheet, Page(sheet)).rows

    def directory(self, sheet: str) -> Directory:
        """The ids that a sheet lists, with the other names that its rows give."""
        if sheet not in self._directories:
            self._directories[sheet] = self._agencies() if sheet == "Agencies" else self._listed(sheet)
        return self._directories[sheet]

    def _listed(self, sheet: str) -> Directory:
        column = SHEETS[sheet].key[0]
        return Directory(sheet, (row.values[column] for row in self.rows(sheet) if row.get(column) is not None))

    def _agencies(self) -> Directory:
        rows = [row for row in self.rows("Agencies") if row.get("agency") is not None]
        if not rows:
            named = {row.get(column) for sheet, column in _BY_HAND for row in self.rows(sheet)}
            found = one_spelling(str(name) for name in named - {None, PARTNERSHIP, INDEPENDENT})
            return Directory("Agencies", [*found.ids, PARTNERSHIP, INDEPENDENT], _EMPLOYERS)
        aliases = {
            alias: row.values["agency"]
            for row in sorted(rows, key=lambda row: str(row.values["agency"]))
            for alias in (*(row.get("also_called") or ()), row.get("name") or row.values["agency"])
        }
        listed = [row.values["agency"] for row in rows]
        return Directory("Agencies", [*listed, PARTNERSHIP, INDEPENDENT], _EMPLOYERS | aliases)

    def sheet_of(self, column: str) -> str | None:
        """The sheet that lists what a column names; None of one that names nothing listed."""
        return _KINDS.get(column)

    def find(self, column: str, name: str) -> str:
        """What a column's text names, as it is listed; what is not listed stays as it is."""
        sheet = _KINDS.get(column)
        return name if sheet is None else self.directory(sheet).find(name) or name

    def knows(self, sheet: str, column: str, text: str) -> bool:
        """Whether a text, in any spelling, is in a cell of a column, is listed, or is a word of the column's list."""
        folds = {fold(one) for one in self.known(sheet, column)}
        self.settled(sheet, column, (text,))
        found = self.key(sheet, column, text)
        listing = self.sheet_of(column)
        listed = listing is not None and self.directory(listing).find(text) is not None
        return listed or found in folds or fold(text) in folds

    def known(self, sheet: str, column: str) -> frozenset[str]:
        """What a column may name: what its cells hold, what its sheet lists, the words of its list."""
        if (sheet, column) not in self._known:
            here = {one for row in self.rows(sheet) for one in _each(row.get(column))}
            listing, words = self.sheet_of(column), SHEETS[sheet].by_name[column].words
            listed = self.directory(listing).ids if listing is not None else ()
            self._known[sheet, column] = frozenset({*here, *listed, *(self.lists.lists[words] if words else ())})
        return self._known[sheet, column]

    def key(self, sheet: str, column: str, value: Any) -> Any:
        """A value in the form in which equal ones are equal: names found, words of lists settled, texts folded.

        Parameters
        ----------
        sheet, column
            Where it stands.
        value
            As a cell holds it; of a list each entry by itself.
        """
        if isinstance(value, tuple):
            return tuple(self.key(sheet, column, one) for one in value)
        if not isinstance(value, str):
            return value
        if words := SHEETS[sheet].by_name[column].words:
            return fold(self._settled(sheet, column, words).get(fold(value), value))
        return fold(self.find(column, value))

    def settled(self, sheet: str, column: str, words: Iterable[str]) -> None:
        """Let words that somebody asks for be settled beside those of the cells."""
        name = SHEETS[sheet].by_name[column].words
        if name:
            self._words[sheet, column, name] = self._settle(sheet, column, tuple(words))

    def _settled(self, sheet: str, column: str, name: str) -> dict[str, str]:
        if (sheet, column, name) not in self._words:
            self._words[sheet, column, name] = self._settle(sheet, column, ())
        return self._words[sheet, column, name]

    def _settle(self, sheet: str, column: str, asked: tuple[str, ...]) -> dict[str, str]:
        """The words of a column, folded, to the list's spelling: settling itself says it, on copies of the cells."""
        here = sorted({word for row in self.rows(sheet) for word in _each(row.get(column))} | set(asked))
        found = [Row(number, {column: word}) for number, word in enumerate(here)]
        tables = {n: Table(t.sheet, [r.copy() for r in t.rows], t.columns) for n, t in self._word_tables.items()}
        mine = tables.get(sheet) or Table(SHEETS[sheet])
        tables[sheet] = Table(SHEETS[sheet], [*found, *mine.rows], mine.columns | {column})
        self.lists.resolve(tables, Collector())
        settled: dict[str, str] = {}
        for word, row in zip(here, found, strict=True):
            value = row.get(column)
            settled[fold(word)] = next(iter(_each(value)), word)
        return settled

    @property
    def lists(self) -> WordLists:
        """The lists of words in force."""
        page = self._register.pages.get("Lists")
        listed = Table(SHEETS["Lists"], list(page.rows), frozenset(page.columns)) if page else None
        return WordLists(listed, Collector())

    @cached_property
    def _word_tables(self) -> dict[str, Table]:
        """The sheets with their columns of words alone."""
        tables = {}
        for name, page in self._register.pages.items():
            columns = [c for c in page.columns if SHEETS[name].by_name[c].words]
            if columns and name != "Lists":
                rows = [Row(r.number, {c: r.values[c] for c in columns if c in r.values}) for r in page.rows]
                tables[name] = Table(SHEETS[name], rows, frozenset(columns))
        return tables


def _each(value: Any) -> Iterable[str]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
