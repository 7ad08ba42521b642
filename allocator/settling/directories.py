"""Ids that other sheets refer to: found as typed, by another spelling, or by another name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from allocator.reading.collecting import Collector, quoted
from allocator.reading.folding import fold, one_slip, seen, skeleton
from allocator.reading.spelling import Nearest, Vocabulary
from allocator.reading.tables import Table, consequence, subject_of
from models.base import natural_key
from models.entities import TeamKey
from models.register import Row, Special

_FEW = 6
"""Ids that a message about one that is not listed names; more are looked up on their sheet."""


class Directory:
    """The ids of one kind. ``where`` names the sheet in messages; ``aliases`` are other names."""

    def __init__(self, where: str, ids: Iterable[str], aliases: Mapping[str, str] | None = None) -> None:
        self.where = where
        self.ids = frozenset(ids)
        self._aliases = aliases or {}

    @cached_property
    def allowed(self) -> str | None:
        """The ids in words, where they are few enough to be read; None where there are more, or none."""
        ids = sorted(self.ids, key=natural_key)
        return ", ".join(ids) if 0 < len(ids) <= _FEW else None

    def __contains__(self, name: str) -> bool:
        return name in self.ids

    def find(self, name: str) -> str | None:
        """The listed id that a text means.

        Parameters
        ----------
        name
            As typed.

        Returns
        -------
        str or None
            None where nothing listed is spelt so.
        """
        return name if name in self.ids else self._by_fold.get(fold(name))

    @cached_property
    def _by_fold(self) -> dict[str, str | None]:
        """Ids by their folded spellings; None marks one that several ids share: it means none of them."""
        by_fold: dict[str, str | None] = {}
        for name in self.ids:
            key = fold(name)
            by_fold[key] = None if key in by_fold else name
        for alias, name in self._aliases.items():
            if name in self.ids:
                by_fold.setdefault(fold(alias), name)
        return by_fold

    def near(self, name: str) -> str | None:
        """The listed id that a text, which names none, may mean all the same: one slip away, or one of several.

        Parameters
        ----------
        name
            As typed.

        Returns
        -------
        str or None
            Of several the first in natural order; None where nothing listed is alike.
        """
        folded, bare = fold(name), skeleton(name)
        within = process.extract(folded, list(self._spellings), scorer=OSA.distance, score_cutoff=1, limit=None)
        found = {i for spelling, _, _ in within if one_slip(folded, spelling) for i in self._spellings[spelling]}
        for key in (" ".join(sorted(folded.split())), bare, seen(folded)):
            found |= self._by_bare.get(key, set())
        return min(found | self._spellings.get(folded, set()), key=natural_key, default=None)

    @cached_property
    def _spellings(self) -> dict[str, set[str]]:
        """Ids by the folded spellings of their names and other names."""
        spellings: defaultdict[str, set[str]] = defaultdict(set)
        for name in self.ids:
            spellings[fold(name)].add(name)
        for alias, name in self._aliases.items():
            if name in self.ids:
                spellings[fold(alias)].add(name)
        return dict(spellings)

    @cached_property
    def _by_bare(self) -> dict[str, set[str]]:
        """Ids by their letters and digits alone, as the eye sees these, and by their words in alphabetical order."""
        bare: defaultdict[str, set[str]] = defaultdict(set)
        for folded, names in self._spellings.items():
            bare[skeleton(folded)] |= names
            bare[seen(folded)] |= names
            bare[" ".join(sorted(folded.split()))] |= names
        return dict(bare)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The ids, prepared for suggestions."""
        return Vocabulary(self.ids)

    def suggestion(self, name: str) -> Nearest:
        """A sentence that suggests a listed id, for the end of a message.

        Parameters
        ----------
        name
            As typed.

        Returns
        -------
        Nearest
            Looked up by the collector when every name that is missing is known.
        """
        return Nearest(self.vocabulary, name)

    def split(self, names: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
        """Find every name of a list; a part with commas counts as a list if all its parts are listed.

        Parameters
        ----------
        names
            As typed, separated by ``;``.

        Returns
        -------
        tuple of list
            Ids found, names that are not listed, and parts that were separated by commas.
        """
        found: list[str] = []
        missing: list[str] = []
        commas: list[str] = []
        for name in names:
            listed = self.find(name)
            parts = [self.find(p) for p in name.split(",") if p.strip()] if "," in name else []
            if listed is not None:
                found.append(listed)
            elif parts and all(p is not None for p in parts):
                found.extend(p for p in parts if p is not None)
                commas.append(name)
            else:
                missing.append(name)
        return list(dict.fromkeys(found)), missing, commas


class TeamNames:
    """Teams as cells name them: of an agency, as ``agency/team``, or by a name that only one agency's team has."""

    def __init__(self, teams: Iterable[TeamKey]) -> None:
        self._by_agency: defaultdict[str | None, dict[TeamKey, None]] = defaultdict(dict)
        for key in teams:
            self._by_agency[None][key] = None
            self._by_agency[key[0]][key] = None
        self._known: dict[str | None, _KnownTeams] = {}

    def find(self, agency: str | None, team: str) -> tuple[str | None, str | None]:
        """The team that a cell names.

        Parameters
        ----------
        agency
            As another cell says, if it does.
        team
            As typed.

        Returns
        -------
        tuple
            Agency and team; the team is None where it is not clear which one is meant.
        """
        if agency not in self._by_agency:
            return agency, None
        if agency not in self._known:
            self._known[agency] = _KnownTeams(self._by_agency[agency])
        found = self._known[agency].find(team)
        return found[0] if len(found) == 1 else (agency, None)

    def near(self, agency: str, team: str) -> str | None:
        """The team of an agency that a text, which names none, may mean all the same.

        Parameters
        ----------
        agency
            Its agency.
        team
            As typed.

        Returns
        -------
        str or None
            None where none of the agency's teams is alike.
        """
        self.find(agency, team)
        return self._known[agency].names.near(team) if agency in self._known else None


class _KnownTeams:
    """The teams of one agency, or of all, by their names and by ``agency/team``."""

    def __init__(self, keys: Iterable[TeamKey]) -> None:
        self._by_name: defaultdict[str, list[TeamKey]] = defaultdict(list)
        self._by_pair: defaultdict[str, list[TeamKey]] = defaultdict(list)
        for agency, team in keys:
            self._by_name[team].append((agency, team))
            self._by_pair[f"{agency}/{team}"].append((agency, team))
        self.names, self._pairs = Directory("Teams", self._by_name), Directory("Teams", self._by_pair)

    def find(self, team: str) -> list[TeamKey]:
        """All teams that a text may mean."""
        pair = self._pairs.find(team)
        if pair is not None:
            return self._by_pair[pair]
        name = self.names.find(team)
        return [] if name is None else self._by_name[name]


def near_teams(teams: Mapping[str, Directory], rows: Iterable[Row], agency: str, team: str) -> dict[TeamKey, str]:
    """Suggestions for teams that are not listed, where an agency has listed ones.

    Parameters
    ----------
    teams
        The listed teams by agency.
    rows
        Rows that name teams.
    agency, team
        The columns in which they do.

    Returns
    -------
    dict
        Agency and team as typed to a sentence; teams that resemble none are left out.
    """
    missing: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        host, name = row.get(agency), row.get(team)
        if name is not None and host in teams and teams[host].find(name) is None:
            missing[host].add(name)
    return {
        (host, name): text
        for host, names in missing.items()
        for name, text in teams[host].vocabulary.suggestions(names).items()
    }


def resolve_column(
    table: Table, name: str, directory: Directory, collector: Collector, *, keep: bool = False, ask: bool = False,
    needed: bool = False,
) -> None:  # fmt: skip
    """Replace what a reference column holds by the listed ids.

    Parameters
    ----------
    table
        Its rows are changed.
    name
        A column that holds an id or a list of ids.
    directory
        The ids.
    collector
        Takes what is not listed, and what is spelt otherwise.
    keep
        True where an unlisted id is a fact all the same (a former team): it stays, and nothing is reported.
    ask
        True where a rule bars or limits what is named: an id that is only alike a listed one is read as that, and
        asked about.
    needed
        True where rows may be without the cell, but none is used in which it names something that is not listed.
    """
    column = table.sheet.by_name[name]
    level, cost = consequence(replace(column, required=True) if needed else column)
    commas: list[tuple[Row, str]] = []
    respelt: dict[str, tuple[Row, str]] = {}
    asked: dict[str, tuple[Row, str]] = {}
    # A column has few distinct values, so each is looked up once.
    settled: dict[str | tuple[str, ...], _Settled] = {}
    for row in table.rows:
        value = row.values.get(name)
        if value is None or value is Special.NOT_KNOWN:
            continue
        if value not in settled:
            settled[value] = _settle(directory, value, keep, ask)
        found = settled[value]
        if found.commas:
            commas.extend((row, c) for c in found.commas)
        for text, listed in found.respelt:
            respelt.setdefault(text, (row, listed))
        for text, near in found.asked:
            asked.setdefault(text, (row, near))
        for text in found.missing:
            collector.add(
                "V303",
                sheet=table.sheet.name,
                row=row.number,
                column=name,
                found=text,
                where=directory.where,
                allowed=directory.allowed,
                level=level,
                subject=subject_of(table.sheet, row),
                consequence=cost if level == "set_aside" or column.unreadable else "",
                suggestion=directory.suggestion(text),
            )
        if found.missing and level == "set_aside":
            row.reasons.append(f"{name} names something that is not listed")
        if isinstance(value, tuple):
            row.values[name] = found.ids
        elif found.ids:
            row.values[name] = found.ids[0]
        else:
            row.values.pop(name)
            row.unreadable[name] = "; ".join(found.missing)
    for text, (row, listed) in sorted(respelt.items()):
        collector.add("V304", sheet=table.sheet.name, row=row.number, column=name, found=text, meaning=listed)
    for text, (row, near) in sorted(asked.items()):
        collector.add(
            "V320", sheet=table.sheet.name, row=row.number, column=name, found=text, near=near, where=directory.where
        )
    if commas:
        collector.add(
            "V218",
            sheet=table.sheet.name,
            row=commas[0][0].number,
            column=name,
            count=len(commas),
            found=quoted(c for _, c in commas),
        )


class _Settled(NamedTuple):
    """What a cell names: listed ids, names that are not listed, lists by commas, ids spelt otherwise, and alike."""

    ids: tuple[str, ...]
    missing: tuple[str, ...]
    commas: tuple[str, ...]
    respelt: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]


def _settle(directory: Directory, value: str | tuple[str, ...], keep: bool, ask: bool) -> _Settled:
    typed = value if isinstance(value, tuple) else (value,)
    listed = [directory.find(text) for text in typed]
    respelt = tuple((text, name) for text, name in zip(typed, listed, strict=True) if name is not None and name != text)
    asked: tuple[tuple[str, str], ...] = ()
    if ask:
        unlisted = [text for text, name in zip(typed, listed, strict=True) if name is None]
        asked = tuple((text, near) for text in unlisted if (near := directory.near(text)) is not None)
    if isinstance(value, tuple):
        ids, missing, commas = directory.split(value)
    else:
        ids, missing, commas = [n for n in listed if n is not None], [t for t in typed if listed[0] is None], []
    alike = dict(asked)
    if missing and not keep and not isinstance(value, tuple) and alike:
        ids, missing = [alike[value]], []
    if missing and keep:
        ids = [name or alike.get(text, text) for name, text in zip(listed, typed, strict=True)]
        missing = []
    return _Settled(tuple(ids), tuple(missing), tuple(commas), respelt, asked)
