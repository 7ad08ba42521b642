"""A partnership while it is being read: facts that decisions may still change, and what everybody looks up."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.folding import fold
from allocator.reading.origins import NumberedId, numbered_at
from allocator.reading.sheets_record import SHEETS
from allocator.reading.tables import Table
from allocator.settling.directories import Directory, TeamNames
from allocator.settling.wordlists import WordLists
from allocator.settling.working_days import WorkingDays
from models.base import natural_key
from models.decisions import Decision
from models.entities import History, TeamKey, Tranche
from models.policy import Policy
from models.register import Row, Special

Facts = dict[str, Any]
"""Fields of an entity, before it is frozen."""
_NOT_KNOWN = Special.NOT_KNOWN
_COPIED = (
    "tranches", "least_of_teams", "requests_of", "history", "credited", "decisions", "decided", "decided_at",
    "contradictions", "undone", "numbered", "directory", "asked", "given_up", "unlocked", "leaving", "closing",
    "working_days_at",
)  # fmt: skip
"""Collections of a draft whose members nobody changes."""
_SEPARATORS = re.compile(r"[;,/@>=\s]+")


@dataclass(slots=True)
class Draft:
    """What has been read so far. Facts by id; ``rows`` of facts that came from one (for messages).

    ``stages_apart`` holds the stages of students who stand on several rows that differ; ``unclear`` the requests
    whose published match is not clear, with the row and why; ``least_of_teams`` the least maximum of teams that
    stand on several rows that differ; ``requests_of`` students' requests, in natural order;
    ``credited`` the days of a student's earlier, unpassed placements of a stage; ``asked`` what was asked already
    (sheet, column, agency and team as typed); ``given_up`` and ``unlocked`` the requests whose published match was
    declined, and those whose match may move again; ``decided`` the rows of
    Decisions that were not undone; ``decided_at``, ``contradictions`` and ``undone`` what :class:`Traces` says of them;
    ``leaving`` and ``closing`` the first day, which is to come, without a student or an offer.
    """

    tables: dict[str, Table]
    collector: Collector
    words: WordLists
    policy: Policy
    as_of: date
    tranches: dict[str, Tranche] = field(default_factory=dict)
    agencies: dict[str, Facts] = field(default_factory=dict)
    teams: dict[TeamKey, Facts] = field(default_factory=dict)
    least_of_teams: dict[TeamKey, int] = field(default_factory=dict)
    offers: dict[str, Facts] = field(default_factory=dict)
    educators: dict[str, Facts] = field(default_factory=dict)
    students: dict[str, Facts] = field(default_factory=dict)
    requests: dict[str, Facts] = field(default_factory=dict)
    requests_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    history: list[History] = field(default_factory=list)
    credited: Counter[tuple[str, str]] = field(default_factory=Counter)
    published: dict[str, Facts] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    decided: list[Row] = field(default_factory=list)
    decided_at: dict[str, int] = field(default_factory=dict)
    contradictions: list[tuple[int, int]] = field(default_factory=list)
    undone: list[tuple[int, int]] = field(default_factory=list)
    numbered: list[NumberedId] = field(default_factory=list)
    directory: dict[str, Directory] = field(default_factory=dict)
    team_names: TeamNames = field(default_factory=lambda: TeamNames(()))
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    row_by_student: dict[str, Row] = field(default_factory=dict)
    stages_apart: dict[str, list[str]] = field(default_factory=dict)
    unclear: dict[str, tuple[Row, str]] = field(default_factory=dict)
    asked: set[tuple[str, str, str | None, str]] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    unlocked: set[str] = field(default_factory=set)
    leaving: dict[str, date] = field(default_factory=dict)
    closing: dict[str, date] = field(default_factory=dict)
    working_days: WorkingDays = field(default_factory=lambda: WorkingDays(()))
    working_days_at: dict[str, WorkingDays] = field(default_factory=dict)

    def copy(self) -> "Draft":
        """The same, which may be read on by itself: facts and rows are its own."""
        made = replace(self, collector=self.collector.copy(), words=self.words.copy())
        new = {id(row): row.copy() for table in self.tables.values() for row in table.rows}

        def own(row: Row) -> Row:
            if id(row) not in new:
                new[id(row)] = row.copy()
            return new[id(row)]

        made.tables = {n: replace(t, rows=[new[id(r)] for r in t.rows]) for n, t in self.tables.items()}
        made.rows = {key: own(row) for key, row in self.rows.items()}
        made.row_by_student = {key: own(row) for key, row in self.row_by_student.items()}
        made.unclear = {key: (own(row), why) for key, (row, why) in self.unclear.items()}
        for name in ("agencies", "teams", "offers", "educators", "students", "requests", "published"):
            setattr(made, name, {key: dict(facts) for key, facts in getattr(self, name).items()})
        made.stages_apart = {key: list(stages) for key, stages in self.stages_apart.items()}
        for name in _COPIED:
            setattr(made, name, copy(getattr(self, name)))
        return made

    def usable(self, sheet: str) -> list[Row]:
        """The rows of a sheet against which nothing stands."""
        return [row for row in self.table(sheet).rows if not row.reasons]

    def table(self, sheet: str) -> Table:
        """A sheet's table, empty where the input has no such sheet."""
        return self.tables.get(sheet) or Table(SHEETS[sheet])

    def forget_rows(self) -> None:
        """Let go of the rows, of which nothing is asked any more; the facts from them stay."""
        for table in self.tables.values():
            table.rows.clear()
        for rows in (self.rows, self.row_by_student, self.unclear):
            rows.clear()

    def row_number(self, sheet: str, name: str) -> int | None:
        """The row of an id, where it has one."""
        row = self.rows.get((sheet, name))
        return row.number if row else None

    def place(self, text: str | None) -> str | None:
        """A place as Places spells it, else in one spelling for all sheets; districts in capitals."""
        if text is None:
            return None
        return self.directory["place names"].find(text) or text


def facts_of(row: Row, *columns: str) -> Facts:
    """The filled cells of a row, by column.

    Parameters
    ----------
    row
        A row.
    *columns
        Those wanted.

    Returns
    -------
    dict
        Blank and unknown cells are left out, so that an entity's default holds.
    """
    values = row.values
    return {c: values[c] for c in columns if c in values and values[c] is not _NOT_KNOWN}


def one_spelling(names: Iterable[str]) -> Directory:
    """A directory of names that nobody listed: of several spellings the first in natural order counts.

    Parameters
    ----------
    names
        As typed on any sheet.

    Returns
    -------
    Directory
        Of one spelling each.
    """
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[fold(name)].add(name)
    chosen = {min(spellings, key=natural_key) for spellings in groups.values()}
    return Directory("the other sheets", chosen)


def number_rows(draft: Draft, sheet: str, column: str, prefix: str) -> None:
    """Number the rows of a sheet that have no id, in order of their contents.

    Parameters
    ----------
    draft
        Its rows are changed, and it takes the ids given.
    sheet, column
        The sheet and its id column.
    prefix
        Stands before the number.
    """
    table = draft.table(sheet)
    taken = {fold(str(row.get(column))) for row in table.rows}
    if any(row.get(column) is None for row in table.rows):
        # An id that another sheet still uses belongs to a row that is gone; nobody else may inherit it.
        taken |= _mentioned(draft)
    blank = sorted(
        (row for row in table.rows if row.get(column) is None),
        key=lambda row: (natural_key("/".join(str(row.get(c) or "") for c in ("agency", "team"))), row.content),
    )
    named: list[str] = []
    number = 0
    for row in blank:
        number += 1
        while fold(f"{prefix}{number}") in taken:
            number += 1
        row.values[column] = f"{prefix}{number}"
        named.append(row.values[column])
        if table.origin is not None:
            draft.numbered.append(numbered_at(table.origin, column, row.number, row.values[column]))
    if named:
        text = named[0] if len(named) == 1 else f"{named[0]} to {named[-1]}"
        draft.collector.add(
            "V305", sheet=sheet, row=min(r.number for r in blank), column=column, count=len(named), found=text
        )


def _mentioned(draft: Draft) -> set[str]:
    """Every word that stands in some cell, folded: ids, those within requests and pools, and those within lists."""
    # The same words stand in many cells.
    cells = {c for table in draft.tables.values() for row in table.rows for c in row.values.values()}
    cells |= {c for table in draft.tables.values() for row in table.rows for c in row.unreadable.values()}
    texts = {text for cell in cells for text in _texts(cell)}
    return {fold(part) for part in texts | {part for text in texts for part in _SEPARATORS.split(text)}}


def _texts(cell: Any) -> Iterable[str]:
    """The texts of a cell, however its list is nested."""
    if isinstance(cell, str):
        yield cell
    elif isinstance(cell, tuple):
        for part in cell:
            yield from _texts(part)
