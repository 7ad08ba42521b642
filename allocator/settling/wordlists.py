"""Open lists of words: the user's own where Lists has them, else the defaults; and the words of all cells."""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy

from allocator.reading.collecting import Collector
from allocator.reading.columns import Column
from allocator.reading.folding import fold
from allocator.reading.spelling import did_you_mean
from allocator.reading.tables import Table, consequence, subject_of
from allocator.reading.words import DEFAULT_LISTS, LEVELS, SCHEMES
from allocator.settling.directories import Directory
from models.base import natural_key
from models.entities import Word

_COMPARED = 2_000
"""New words of a list that are compared with each other; more are no words that anybody typed."""
_DIRECTORATES = {
    "adults": "adults", "children": "children", "both": "both", "adult": "adults", "child": "children",
    "childrens": "children", "adults_and_children": "both", "children_and_adults": "both",
}  # fmt: skip
"""What the meaning of an area may say, folded, and the directorate that it is."""
_MEANINGS: dict[str, tuple[str, ...]] = {"programmes": (*SCHEMES, *LEVELS), "areas": ("adults", "children", "both")}
"""Lists whose meanings are words of ours."""
_TOGETHER = frozenset(("adjustments", "features"))


class WordLists:
    """The lists in force: ``lists`` maps list to word to meaning; ``own`` names those that the input adds to.

    ``new`` holds, by list, the words of cells that no list has, once cells were resolved.
    """

    def __init__(self, table: Table | None, collector: Collector) -> None:
        own: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in table.rows if table else ():
            name, word, meaning = row.get("list"), row.get("word"), row.get("meaning") or ""
            if name is None or word is None:
                continue
            name = fold(name)
            known = {fold(n): n for n in DEFAULT_LISTS}
            if name not in known:
                collector.add(
                    "V202",
                    sheet="Lists",
                    row=row.number,
                    column="list",
                    found=name,
                    level="warning",
                    consequence=", so the row was not used",
                    suggestion=did_you_mean(name, known),
                    allowed=", ".join(DEFAULT_LISTS),
                )
            elif name != "headings":  # those were used when the sheets were read
                own[known[name]][word] = meaning
                if known[name] in _MEANINGS:
                    _check_meaning(meaning, _MEANINGS[known[name]], row.number, collector)
        self.own = frozenset(own)
        self.new: dict[str, frozenset[str]] = {}
        # Words of one's own come beside ours: one new area must not make every other area unknown.
        self.lists: dict[str, dict[str, str]] = {
            n: _joined(words, own.get(n, {})) for n, words in DEFAULT_LISTS.items()
        }
        self.lists["features"] = self.lists["adjustments"] | self.lists["features"]
        # A list of one's own that names our words without meanings keeps the meanings that they have by default.
        for name in ("areas", "programmes"):
            default = {fold(w): m for w, m in DEFAULT_LISTS[name].items()}
            self.lists[name] = {w: m or default.get(fold(w), "") for w, m in self.lists[name].items()}
            if name == "areas":
                self.lists[name] = {w: _directorate(m) for w, m in self.lists[name].items()}
            if name == "programmes":  # nor does who names a scheme alone mean to take the level away
                self.lists[name] = {
                    w: m
                    if _one_of(m, LEVELS)
                    else "; ".join(filter(None, (m, _one_of(default.get(fold(w), ""), LEVELS))))
                    for w, m in self.lists[name].items()
                }

    def scheme(self, programme: str) -> str | None:
        """The scheme that a programme implies.

        Parameters
        ----------
        programme
            A word of the list.

        Returns
        -------
        str or None
            None for an ordinary programme.
        """
        return _one_of(self.lists["programmes"].get(programme, ""), SCHEMES)

    def as_words(self) -> tuple[Word, ...]:
        """The lists as facts of the dataset."""
        words = [
            Word(list=name, word=word, meaning=meaning or None)
            for name, entries in self.lists.items()
            if name != "no places"  # those were used when the cells were read
            for word, meaning in entries.items()
        ]
        return tuple(sorted(words, key=lambda w: (w.list, natural_key(w.word))))

    def copy(self) -> "WordLists":
        """The same, which may find more new words by itself."""
        made = copy(self)
        made.new = dict(self.new)
        return made

    def resolve(self, tables: Mapping[str, Table], collector: Collector) -> None:
        """Replace the words of every cell by the list's spelling; report those that no list has.

        Parameters
        ----------
        tables
            Their rows are changed. All that use a list have to be among them, or none.
        collector
            Takes the problems.
        """
        uses = [
            (table, column)
            for table in tables.values()
            for column in table.sheet.columns
            if column.words and column.name in table.columns
        ]
        for name, entries in self.lists.items():
            columns = [(t, c) for t, c in uses if c.words == name]
            if not columns and name in self.new:
                continue
            listed = Directory("Lists", entries)
            # A need that no list has may be a feature that no list has: both in one spelling.
            together = [(t, c) for t, c in uses if c.words in _TOGETHER] if name in _TOGETHER else columns
            # New words take the spelling that comes first in natural order, so that rows may stand in any order.
            new: defaultdict[str, set[str]] = defaultdict(set)
            for table, column in together:
                for value in {row.get(column.name) for row in table.rows} - {None}:
                    for word in listed.split(_words(value))[1]:
                        new[fold(word)].add(word)
            accepted = _accepted(listed, new)
            self.new[name] = frozenset(accepted.values())
            for table, column in columns:
                self._resolve_column(name, table, column, listed, accepted, collector)

    def _resolve_column(
        self,
        name: str,
        table: Table,
        column: Column,
        listed: Directory,
        accepted: Mapping[str, str],
        collector: Collector,
    ) -> None:
        level, cost = consequence(column)
        told: set[str] = set()
        # A restriction stays a restriction: an unknown programme admits nobody rather than everybody.
        strict = name in self.own and column.name != "programmes"
        # A column has few distinct values, so each is looked up once.
        settled: dict[str | tuple[str, ...], tuple[tuple[str, ...], list[str], list[str]]] = {}
        for row in table.rows:
            value = row.get(column.name)
            if value is None:
                continue
            if value not in settled:
                settled[value] = _settle(value, listed, accepted, strict)
            words, missing, commas = settled[value]
            if commas:
                collector.add(
                    "V218",
                    sheet=table.sheet.name,
                    row=row.number,
                    column=column.name,
                    count=len(commas),
                    found="; ".join(commas),
                )
            for word in missing:
                if strict:
                    collector.add(
                        "V204",
                        sheet=table.sheet.name,
                        row=row.number,
                        column=column.name,
                        found=word,
                        list=name,
                        level=level,
                        subject=subject_of(table.sheet, row),
                        consequence=cost,
                        suggestion=listed.suggestion(word),
                    )
                    row.unreadable[column.name] = word
                    if level == "set_aside":
                        row.reasons.append(f"{column.name} has a word that is not in your list")
                elif word not in told:
                    told.add(word)
                    near = accepted[fold(word)]
                    if near in listed or fold(near) != fold(word):
                        collector.add(
                            "V320", sheet=table.sheet.name, row=row.number, column=column.name, found=word, near=near,
                            where=f"Lists ({name})",
                        )  # fmt: skip
                        continue
                    collector.add(
                        "V203",
                        sheet=table.sheet.name,
                        row=row.number,
                        column=column.name,
                        found=word,
                        list=name,
                        suggestion=listed.suggestion(word),
                    )
            if not words:
                row.values.pop(column.name)
            else:
                row.values[column.name] = words if isinstance(value, tuple) else words[0]


def _parts(meaning: str) -> list[str]:
    return [key for part in meaning.split(";") if (key := fold(part).replace(" ", "_"))]


def _one_of(meaning: str, words: tuple[str, ...]) -> str | None:
    """The first of some words that a meaning names."""
    return next((part for part in _parts(meaning) if part in words), None)


def _directorate(meaning: str) -> str:
    """Of an area: ``adults``, ``children`` or ``both``; blank where its meaning says none of them."""
    said = {_DIRECTORATES[part] for part in _parts(meaning) if part in _DIRECTORATES}
    return said.pop() if len(said) == 1 else "both" if said else ""


def _check_meaning(meaning: str, allowed: tuple[str, ...], row: int, collector: Collector) -> None:
    """A misspelt scheme, level or directorate must not pass as none."""
    for part in _parts(meaning):
        if part not in allowed and not ("both" in allowed and part in _DIRECTORATES):
            collector.add(
                "V202",
                sheet="Lists",
                row=row,
                column="meaning",
                found=part,
                level="warning",
                consequence=", so it was passed over",
                suggestion=did_you_mean(part, allowed),
                allowed=", ".join(allowed),
            )


def _accepted(listed: Directory, new: Mapping[str, set[str]]) -> dict[str, str]:
    """By folded spelling, as what a word that no list has is read: a listed one, a new one that is alike, or itself."""
    own = {key: min(spellings, key=natural_key) for key, spellings in new.items()}
    unlisted = {key: word for key, word in own.items() if listed.near(key) is None}
    others = Directory("Lists", unlisted.values() if len(unlisted) <= _COMPARED else ())
    accepted: dict[str, str] = {}
    for key, word in sorted(own.items(), key=lambda pair: natural_key(pair[1])):
        # Of new words that are alike the first in natural order is meant, whichever sheet has it.
        near = listed.near(key) or others.near(key) or word
        accepted[key] = accepted.get(fold(near), near)
    return accepted


def _words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _settle(
    value: str | tuple[str, ...], listed: Directory, accepted: Mapping[str, str], strict: bool
) -> tuple[tuple[str, ...], list[str], list[str]]:
    """What a cell says in the list's words, the words that are not listed, and the lists by commas."""
    found, missing, commas = listed.split(_words(value))
    words = [*found, *(() if strict else (accepted[fold(w)] for w in missing))]
    order = {w: n for n, w in enumerate(_ranked(value, listed, accepted))}
    return tuple(sorted(dict.fromkeys(words), key=lambda w: order.get(w, 0))), missing, commas


def _ranked(value: str | tuple[str, ...], listed: Directory, accepted: Mapping[str, str]) -> list[str]:
    """The words in the order in which they were typed (preferences are ranked)."""
    return [
        listed.find(part.strip()) or accepted.get(fold(part), part)
        for word in _words(value)
        for part in ([word] if listed.find(word) or fold(word) in accepted else word.split(","))
    ]


def _joined(ours: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Both lists; a word of the input's own replaces ours of the same letters."""
    spelt = {fold(word) for word in own}
    return {w: m for w, m in ours.items() if fold(w) not in spelt} | dict(own)
