"""Names, e-mail addresses and telephone numbers in cells: refused, or left out, before anything is stored."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.folding import fold
from allocator.reading.tables import Table
from models.errors import InputUnusableError
from models.register import Row

_EMAIL = re.compile(r"[^\s@;,<>()]+@[^\s@;,<>()]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[\s-]?(?:\(0\)\s?)?\d{1,5}|\(?0\d{2,4}\)?)(?:[\s-]?\d{3,4}){2,3}(?![\w])")
_DIGITS = range(10, 15)
"""Digits of a telephone number."""
_WORD = re.compile(r"[^\W\d_][^\W\d_'\u2019.\-]*\.?(?:['\u2019\-][^\W\d_]+)*")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.?\s+[A-Z][a-z]+")
_ROLE_WORDS = (
    "a academic admin administrator adult adults agency allocation and assessor assistant board business centre "
    "chair children childrens co committee confirmed consultant coordinator council course dean deputy director "
    "directorate education educator employer example external fieldwork five for four head health hub in "
    "independent intern internal known lead leader learning line local long manager member mentor module named "
    "needed new nhs no not of off offer office officer on one onsite operational organiser own panel partner "
    "partnership pe peps peps1 peps2 placement placements practice principal professional programme programmes "
    "qualified quality request senior service services site six social staff step student students supervision "
    "supervisor support tba tbc team the three to trainee trust tutor two unit university up work worker workforce year"
)
_NO_NAME = frozenset(_ROLE_WORDS.split(" "))
"""Words of roles and of places to be filled: a cell with one of them is no name."""
_PEOPLE: dict[str, tuple[str, ...]] = {
    "Students": ("student",), "Requests": ("student",), "History": ("student", "pe"), "Commitments": ("pe",),
    "Educators": ("pe", "practice_assessor", "fall_back"), "Offers": ("educators",), "Decisions": ("pe", "request"),
    "Published": ("pe", "request"), "Outcomes": ("student",),
}  # fmt: skip
"""Columns that hold ids of students and PEs, where nothing else is meant."""
_OFFERS: dict[str, tuple[str, ...]] = {"Offers": ("offer",), "Decisions": ("offer", "about"), "Published": ("offer",)}
"""Columns that hold ids of offers, which are often called after a team or a town."""
_CALLED: dict[str, tuple[str, ...]] = {
    "Agencies": ("agency", "name", "also_called"), "Teams": ("agency", "team", "place"),
    "Offers": ("agency", "team", "place"), "Places": ("place",), "Tranches": ("tranche",),
}  # fmt: skip
"""Columns whose words are names of no person."""
_SEPARATORS = re.compile(r"[;&+]|\band\b")
"""What separates ids of several people in one cell (together and apart)."""
_LOGIN = re.compile(r"[^\W\d_]+[._][^\W\d_]{2,}\d*")
_APOSTROPHE = re.compile(r"[^\W\d_]['\u2019`\u00b4][^\W\d_]")
_SEVERAL = 2
"""Words in one column from which on even those that no capital marks look like names."""
_ROLES: dict[str, tuple[str, ...]] = {
    "Decisions": ("by",), "Offers": ("equivalence_by",), "Published": ("owner",), "Calendar": ("owner",),
    "Versions": ("by",),
}  # fmt: skip
"""Columns of initials or roles."""
_LEFT_OUT = "(a person's name or contact details: left out)"
_NOTES = frozenset(("note", "why"))


def contact_in(text: str) -> str | None:
    """What contact details a text holds.

    Parameters
    ----------
    text
        Of a cell.

    Returns
    -------
    str or None
        ``an e-mail address``, ``a telephone number``, or None.
    """
    if "@" in text and _EMAIL.search(text):
        return "an e-mail address"
    found = _PHONE.search(text)
    return "a telephone number" if found and sum(c.isdigit() for c in found[0]) in _DIGITS else None


def personal_in(sheet: str, column: str, text: str) -> str | None:
    """What of a person must not stand in a cell.

    Parameters
    ----------
    sheet, column
        Where the text is typed.
    text
        Of the cell.

    Returns
    -------
    str or None
        ``an e-mail address``, ``a telephone number``, ``a person's name``, or None.
    """
    named = column in (*_PEOPLE.get(sheet, ()), *_ROLES.get(sheet, ())) and _initials_in(text) is not None
    titled = column in _NOTES and _TITLED.search(text) is not None
    return contact_in(text) or ("a person's name" if named or titled else None)


def initials_of(text: str) -> str | None:
    """The initials of what looks like a person's name.

    Parameters
    ----------
    text
        Of a cell that holds an id, initials or a role.

    Returns
    -------
    str or None
        None where the text has digits, one word only, or a word of a role.
    """
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= 4 or not all(_WORD.fullmatch(word) for word in words):
        return None
    plain = [word.strip(".").replace("\u2019", "'").split("'")[0].casefold() for word in words]
    if _NO_NAME & {part for word in plain for part in word.split("-")} or max(len(word) for word in plain) < 3:
        return None
    return "".join(word[0].upper() for word in words)


def name_like(ids: Iterable[str], called: Collection[str] = ()) -> set[str]:
    """The ids of one word that may be a person's name, as far as their spelling tells.

    A capitalised word (``Mary``, ``Mary-Jane``), one with an apostrophe (``O'Brien``) and one like a login
    (``s.smith``) do alone; other words without a digit (``mary``, ``SMITH``) where a column has several. A code may be
    among them (``Alpha``), so they are asked about and not refused.

    Parameters
    ----------
    ids
        Of one column.
    called
        Folded words that are the names of something else.

    Returns
    -------
    set of str
        Those that do.
    """
    words = {id for id in ids if id not in called and not _NO_NAME & set(re.split(r"[._\-]", id.casefold()))}
    alone = {w for w in words if _APOSTROPHE.search(w) or _LOGIN.fullmatch(w) or _capitalised(w)}
    others = {w for w in words - alone if w.isalpha() and len(w) > _SEVERAL + 1 and set(w.casefold()) & set("aeiou")}
    return {w for w in alone | (others if len(others) >= _SEVERAL else set()) if fold(w) not in called}


def _capitalised(word: str) -> bool:
    """Whether every part is a word with a capital and small letters, or of a script that has no capitals."""
    parts = word.split("-")
    if not all(part.isalpha() for part in parts):
        return False
    plain = word.lower() == word.upper() and len(word) >= _SEVERAL
    return plain or all(p[0].isupper() and sum(c.islower() for c in p) >= _SEVERAL for p in parts)


def _ask_about_names(tables: Mapping[str, Table], collector: Collector) -> None:
    """Ask about ids that may be names, once a column; each where it stands first."""
    called = frozenset(
        word
        for sheet, columns in _CALLED.items()
        for row in (tables[sheet].rows if sheet in tables else ())
        for column in columns
        for text in _texts(row, column)
        for word in (fold(text), *fold(text).split())
    )
    asked: set[str] = set()
    for kinds, no_names in ((_PEOPLE, frozenset[str]()), (_OFFERS, called)):
        for sheet, columns in kinds.items():
            for column in columns if sheet in tables else ():
                rows = [
                    (row, {part.split("/")[0].strip() for t in _texts(row, column) for part in _entries(t)})
                    for row in tables[sheet].rows
                ]
                ids = set().union(*(texts for _, texts in rows))
                offers = {i for i in ids if kinds is _OFFERS and initials_of(i) and not set(fold(i).split()) & called}
                found = (name_like(ids, no_names) | offers) - asked
                if found:
                    collector.add(
                        "V145", sheet=sheet, column=column, rows=[row.number for row, texts in rows if texts & found],
                        count=len(found), found="; ".join(sorted({f"{i[:1].upper()}..." for i in found})[:3]),
                    )  # fmt: skip
                asked |= found


def refuse_persons(tables: Mapping[str, Table], collector: Collector) -> None:
    """Stop where ids are names or contact details stand in a cell; leave names out of notes, take initials of others.

    Ids of one word that may be names are asked about; the team's own columns keep no cell that names a person.

    Parameters
    ----------
    tables
        Every sheet; cells of notes, of initials or roles, and of the team's own columns, may be changed.
    collector
        Takes the problems, none of which repeats what was found.

    Raises
    ------
    InputUnusableError
        Something must not be stored.
    """
    refused: set[str] = set()
    gone: set[str] = set()
    for sheet, table in tables.items():
        for column in table.sheet.columns if sheet not in {"Policy", "Lists"} else ():
            name = column.name
            people, roles, note = name in _PEOPLE.get(sheet, ()), name in _ROLES.get(sheet, ()), name in _NOTES
            cells = {text for row in table.rows for text in _texts(row, name)}
            contacts = {text: what for text in cells if (what := contact_in(text))}
            names = {text: short for text in cells if (people or roles) and (short := _initials_in(text))}
            titled = {text for text in cells if note and _TITLED.search(text)}
            for row in table.rows if contacts or names or titled else ():
                for text in _texts(row, name):
                    where: dict[str, Any] = {"sheet": sheet, "row": row.number, "column": name}
                    if text in contacts:
                        collector.add("V140", found=contacts[text], **where)
                        refused.add(text)
                    elif text in names and people:
                        collector.add("V141", found=names[text], **where)
                        refused.add(text)
                    elif text in names:
                        row.values[name] = names[text]
                        collector.add("V142", found=names[text], **where)
                        gone.add(text)
                    elif text in titled:
                        row.values.pop(name, None)
                        collector.add("V143", **where)
                        gone.add(text)
        _leave_out_of_own_columns(table)
    if refused or gone:
        collector.forget(refused | gone)
    if refused:
        raise InputUnusableError(collector.in_order())
    _ask_about_names(tables, collector)


def _leave_out_of_own_columns(table: Table) -> None:
    """The team's own columns are kept for a workbook that is written again: that one names nobody."""
    gone: Counter[int] = Counter()
    for row in table.rows if table.own else ():
        found = {n for n, cell in enumerate(row.own) if isinstance(cell, str) and _is_personal(cell)}
        if found:
            gone.update(found)
            row.own = tuple(_LEFT_OUT if n in found else cell for n, cell in enumerate(row.own))
    for n in sorted(gone):
        what = f"cells of '{table.own[n].heading}' on {table.sheet.name} that name a person or hold contact details"
        table.left_out.append(f"{gone[n]} {what}")


def _is_personal(text: str) -> bool:
    return contact_in(text) is not None or _TITLED.search(text) is not None


def _entries(text: str) -> list[str]:
    """The entries of a cell that may hold a list of ids."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _initials_in(text: str) -> str | None:
    """The initials of the first entry of a cell that looks like a person's name."""
    return next((short for part in _entries(text) if (short := initials_of(part))), None)


def _texts(row: Row, column: str) -> Iterator[str]:
    yield from _parts(row.values.get(column))
    if column in row.unreadable:
        yield row.unreadable[column]


def _parts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _parts(part)
