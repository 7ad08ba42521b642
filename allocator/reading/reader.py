"""Reads an input of any form into a register of typed rows, with every problem named at once."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.folding import fold
from allocator.reading.persons import refuse_persons
from allocator.reading.sheets_record import SHEETS
from allocator.reading.sources import RawSheet, from_records, read_file
from allocator.reading.spelling import did_you_mean, meant
from allocator.reading.tables import Table, parse
from allocator.reading.words import DEFAULT_LISTS, IGNORED_SHEETS, SHEET_NAMES, heading_key
from models.errors import InputUnusableError
from models.register import Page, Register

NO_PLACES = "no places"
"""The list whose words mean none where a cell says how many."""
_TABLE = re.compile(r"\s*[-\u2013]\s*Table \d+$", re.IGNORECASE)
"""What Numbers writes behind the name of a sheet when it exports: ``Students-Table 1``."""


def read_register(path: Path) -> Register:
    """Read every sheet of a workbook, a folder of CSV files (one per sheet) or a JSON file.

    Parameters
    ----------
    path
        The file or folder.

    Returns
    -------
    Register
        The rows of its sheets, and the problems of their cells.

    Raises
    ------
    UsageError
        There is nothing at ``path``.
    InputUnusableError
        The file cannot be opened, or it has no rows.
    """
    path = path if path.name else path.resolve()  # '.' has no name that a message could give
    collector = Collector()
    raws = read_file(path, collector)
    if path.suffix.casefold() == ".csv" and path.is_file():
        _refuse_one_csv(path, collector)
    return _register(raws, collector, path.name)


def register_of(sheets: Mapping[str, Any]) -> Register:
    """Read sheets that are already in memory, as the JSON form has them.

    Parameters
    ----------
    sheets
        Sheet name to a list of rows, each a mapping of column to value.

    Returns
    -------
    Register
        The rows of the sheets, and the problems of their cells.

    Raises
    ------
    InputUnusableError
        There are no rows.
    """
    collector = Collector()
    return _register(from_records(sheets, collector), collector, "the input")


def _refuse_one_csv(path: Path, collector: Collector) -> None:
    """One CSV file is one sheet: say where the others are, or where they belong."""
    beside = [p.name for p in sorted(path.resolve().parent.glob("*")) if p.suffix.casefold() == path.suffix.casefold()]
    how = "Put a CSV file for each sheet into one folder, and give the folder."
    if len(beside) > 1:
        how = f"Give the folder that holds all the sheets: {path.parent}"
    collector.add("V133", file=path.name, how=how)
    raise InputUnusableError(collector.in_order())


def _register(raws: list[RawSheet], collector: Collector, file: str) -> Register:
    named = _named(raws, collector)
    strange = [f"the sheet '{raw.name}'" for raw in raws if raw.rows and all(raw is not n for n in named.values())]
    if not any(len(raw.rows) > 1 for raw in named.values()):
        collector.add("V106", file=file)
        raise InputUnusableError(collector.in_order())
    lists = named.pop("Lists", None)
    words = parse(lists, SHEETS["Lists"], {}, collector) if lists else None
    headings = _own_headings(words, collector) if words else {}
    none = frozenset(fold(word) for word in DEFAULT_LISTS[NO_PLACES]) | (_own_words_for_none(words) if words else set())
    tables: dict[str, Table] = {}
    for name, raw in named.items():
        tables[name] = parse(raw, SHEETS[name], headings, collector, none)
        raw.rows.clear()  # a sheet's cells go as its table comes
    refuse_persons(tables, collector)
    tables |= {"Lists": words} if words else {}
    left_out = (*strange, *(text for table in tables.values() for text in table.left_out))
    return Register({name: _page(table) for name, table in tables.items()}, tuple(collector.issues), left_out)


def _page(table: Table) -> Page:
    headings = table.origin.headings if table.origin else {}
    columns = tuple(sorted(table.columns, key=lambda name: headings[name][0]))
    return Page(table.sheet.name, columns, tuple(table.rows), table.origin, table.there, table.own)


def _named(raws: list[RawSheet], collector: Collector) -> dict[str, RawSheet]:
    """Sheets by our names; others are named and not read."""
    known = {fold(name): name for name in SHEETS} | {fold(other): name for other, name in SHEET_NAMES.items()}
    # Numbers names what it exports after sheet and table: "Students-Table 1".
    names = [known.get(fold(raw.name)) or known.get(fold(_TABLE.sub("", raw.name))) for raw in raws]
    found: dict[str, RawSheet] = {}
    for raw, name in zip(raws, names, strict=True):
        near = meant(raw.name, SHEETS) if name is None and fold(raw.name) not in IGNORED_SHEETS else None
        if near and near not in names and near not in found:
            found[near] = raw
            elsewhere = "the workbook under a name that is less alike"
            collector.add("V320", sheet=near, found=raw.name, near=near, where=elsewhere)
        elif name is None:
            if fold(raw.name) not in IGNORED_SHEETS:
                collector.add(
                    "V111",
                    sheet=raw.name,
                    found=raw.name,
                    suggestion=did_you_mean(raw.name, SHEETS),
                    allowed=", ".join(SHEETS),
                )
        elif name in found:
            collector.add("V128", sheet=name, found=raw.name, other=found[name].name, meaning=name)
        else:
            found[name] = raw
            if fold(raw.name) != fold(name):
                collector.add("V139", sheet=name, found=raw.name, meaning=name)
    return found


def _own_words_for_none(lists: Table) -> set[str]:
    """The input's own words for 'no places' (a list of that name)."""
    return {
        fold(row.values["word"]) for row in lists.rows
        if row.get("word") is not None and fold(row.get("list") or "") == fold(NO_PLACES)
    }  # fmt: skip


def _own_headings(lists: Table, collector: Collector) -> dict[str, str]:
    """The input's own headings, as :func:`heading_key` spells them, to our columns (the list ``headings``)."""
    headings: dict[str, str] = {}
    for row in lists.rows:
        name, word, meaning = row.get("list"), row.get("word"), row.get("meaning") or ""
        if name is None or word is None or fold(name) != "headings":
            continue
        if any(meaning.rsplit(".", 1)[-1] in s.by_name for s in SHEETS.values()):
            headings[heading_key(word)] = meaning.rsplit(".", 1)[-1] if "." not in meaning else meaning
        else:
            everything = sorted({c for s in SHEETS.values() for c in s.by_name})
            collector.add(
                "V202",
                sheet="Lists",
                row=row.number,
                column="meaning",
                found=meaning or "(blank)",
                level="warning",
                consequence=", so the row was not used",
                suggestion=did_you_mean(meaning, everything),
                allowed="the name of one of our columns",
            )
    return headings
