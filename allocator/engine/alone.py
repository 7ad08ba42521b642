"""What every student decides alone once all other rows have a price, as flat arrays over all students.

Rows of one student's own (one match per request, fixes, the balance of paths) and the balance of a group and its pools
stay; every other row couples students. An owner decides: a student with two open requests, or any other request. It
takes one of its options or none: a path, with the cheapest match of its kind of first and of its kind of final; or
the cheapest match of a single request. What an option takes its cheapest match from is a cell.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Codes
from allocator.engine.face import Matrix
from allocator.engine.model import Model
from allocator.formulation.pathways import StudentPaths
from allocator.formulation.program import Indexes, Mask

NONE: Indexes = np.zeros(0, dtype=np.int64)


class Cells(NamedTuple):
    """Matches by cell. Cell 0 is empty: the placement that an option does without.

    ``order`` are the ``x`` columns by cell and ``begins`` where each cell begins there (one more: the end); ``filled``
    are the cells with a match. ``owner`` is who decides (-1: nobody can take a match there), ``final`` whether the
    cell is of the owner's second request, ``row`` the balance row of the kind (-1: none).
    """

    order: Codes
    begins: Indexes
    filled: Indexes
    owner: Indexes
    final: Mask
    row: Indexes


class Options(NamedTuple):
    """Options in order of owner: cells of first and final, and the path column (-1: a single request has none)."""

    first: Codes
    final: Codes
    path: Codes
    owner: Codes


class Owners(NamedTuple):
    """By owner: where its options begin, its requests (-1: none; a single request is a first), its row of L05.

    A path goes through the row (-1: none) that says of a student without L06 "one path at most".
    """

    begins: Indexes
    first: Indexes
    final: Indexes
    row: Indexes


class Requests(NamedTuple):
    """The request of every match, and by request the rows "one match at most" (L01) and "its match" (E16), or -1."""

    of_match: Codes
    match_row: Indexes
    fix_row: Indexes


class Groups(NamedTuple):
    """Groups with a choice of pools, from 1; 0 stands for every match without a choice.

    ``of_match`` is the group of every ``x`` column; ``counts`` are the count columns by group, ``of_count`` the group
    of each and ``begins`` where the groups 1, 2, ... begin there; ``row`` is the balance row of each (of 0: -1).
    """

    of_match: Codes
    counts: Indexes
    of_count: Indexes
    begins: Indexes
    row: Indexes


class Alone(NamedTuple):
    """All of it; ``own`` says of every row whether it is one student's own, ``rest`` are all other columns.

    ``incompatible`` are the rows that keep two matches of a student apart. They have a price, though they are of one
    student: options are of merged kinds, of which not every match goes with every other.

    Columns and rows of the matrix; ``rest``: neither matches nor paths nor counts.
    """

    cells: Cells
    options: Options
    owners: Owners
    requests: Requests
    groups: Groups
    own: Mask
    incompatible: Mask
    rest: Indexes


def alone(model: Model, matrix: Matrix) -> Alone:
    """What is decided alone in a model.

    Parameters
    ----------
    model
        Columns and paths.
    matrix
        Its rows and columns, the program's from the first on; a program that has grown since may have more.
    """
    return _Builder(model, matrix).build()


class _Builder:
    def __init__(self, model: Model, matrix: Matrix) -> None:
        self._model = model
        self._matrix = matrix
        self._rows, self._columns = len(matrix.by_row), len(matrix.by_column)
        self._request = model.matches.x.request
        self._number = {r.request: i for i, r in enumerate(model.matches.requests)}
        rules = [rule for batch in model.program.batches for rule in batch.rules][: self._rows]
        self._rules = np.array(rules, dtype=np.str_)

    def build(self) -> Alone:
        first_cell, cell_owner, cell_final, options, owners = self._decisions()
        kind = np.maximum(self._model.paths.kind, 0)
        of_match = (first_cell[self._request] + kind).astype(np.int32)
        order = np.argsort(of_match, kind="stable").astype(np.int32)
        sizes = np.bincount(of_match, minlength=len(cell_owner))
        path_columns = options.path[options.path >= 0]
        through = self._rows_with(path_columns)
        incompatible = np.zeros(self._rows, dtype=np.bool_)
        incompatible[self._model.paths.incompatible] = True
        through &= ~incompatible
        cell_row = np.full(len(cell_owner), -1, dtype=np.int64)
        matches, rows = self._entries(np.arange(len(of_match)), through)
        cell_row[of_match[matches]] = rows
        balance = through.copy()
        balance[cell_row[cell_row >= 0]] = False  # what is left says "one path at most"
        paths, rows = self._entries(path_columns, balance)
        owner_row = np.full(len(owners.begins), -1, dtype=np.int64)
        owner_row[options.owner[options.path >= 0][paths]] = rows
        groups = self._groups()
        requests = self._requests(groups)
        decided = np.concatenate([owners.first, owners.final[owners.final >= 0]])
        written = np.concatenate([requests.match_row[decided], requests.fix_row[decided], groups.row])
        own = through
        own[written[written >= 0]] = True
        rest = np.ones(self._columns, dtype=np.bool_)
        rest[: len(of_match)], rest[path_columns], rest[groups.counts] = False, False, False
        return Alone(
            Cells(
                order, np.concatenate([[0], np.cumsum(sizes)]), np.flatnonzero(sizes), cell_owner, cell_final, cell_row
            ),
            options, owners._replace(row=owner_row), requests, groups, own, incompatible, np.flatnonzero(rest),
        )  # fmt: skip

    def _decisions(self) -> tuple[Indexes, Indexes, Mask, Options, Owners]:
        """The first cell of every request, owner and place of every cell, options, and owners without their rows."""
        cells, number = 1, 0
        first_cell = np.zeros(len(self._number), dtype=np.int64)
        cell_owner, cell_final = [np.array([-1])], [np.array([False])]
        options, requests, several = list[tuple[Indexes, Indexes, Indexes]](), list[tuple[int, int]](), set[int]()
        for student, paths in self._model.paths.by_student.items():
            two = self._model.matches.eligibility.horizon.by_student[student]
            here = [-1 if r is None else self._number.get(r.request, -1) for r in (two.first, two.final)]
            kinds, final_kinds = paths.matrix.shape
            for request, begin in zip(here, (cells, cells + kinds), strict=True):
                if request >= 0:
                    first_cell[request] = begin
                    several.add(request)
            found = _options_of(paths, cells)
            decides = len(found[0]) > 0
            if decides:
                options.append(found)
                requests.append((here[0], here[1]))
            cell_owner.append(np.full(kinds + final_kinds, number if decides else -1))
            cell_final.append(np.arange(kinds + final_kinds) >= kinds)
            cells += kinds + final_kinds
            number += decides
        single = np.array([r for r in np.unique(self._request).tolist() if r not in several], dtype=np.int64)
        first_cell[single] = cells + np.arange(len(single))
        options.append((first_cell[single], np.zeros(len(single), dtype=np.int64), np.full(len(single), -1)))
        sizes = np.array([*(len(o[0]) for o in options[:-1]), *[1] * len(single)], dtype=np.int64)
        pairs = np.array(requests, dtype=np.int64).reshape(-1, 2)
        first, final, path = (np.concatenate(part).astype(np.int32) for part in zip(*options, strict=True))
        return (
            first_cell,
            np.concatenate([*cell_owner, number + np.arange(len(single))]),
            np.concatenate([*cell_final, np.zeros(len(single), dtype=np.bool_)]),
            Options(first, final, path, np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)),
            Owners(
                np.cumsum(sizes) - sizes,
                np.concatenate([pairs[:, 0], single]),
                np.concatenate([pairs[:, 1], np.full(len(single), -1)]),
                NONE,
            ),
        )

    def _requests(self, groups: Groups) -> Requests:
        found = []
        for rule in ("L01", "E16"):
            rows = self._rules == rule
            rows[groups.row[1:]] = False
            matches, at = self._entries(np.arange(len(self._request)), rows)
            row = np.full(len(self._number), -1, dtype=np.int64)
            row[self._request[matches]] = at
            found.append(row)
        return Requests(self._request, *found)

    def _groups(self) -> Groups:
        of_match = np.zeros(len(self._request), dtype=np.int32)
        counts: list[int] = []
        sizes: list[int] = []
        for columns, pools in self._choices():
            sizes.append(len(pools))
            counts += pools
            of_match[columns] = len(sizes)
        found = np.array(counts, dtype=np.int64)
        of_count = np.repeat(1 + np.arange(len(sizes)), np.array(sizes, dtype=np.int64))
        at, rows = self._entries(found, self._rules == "L01")
        row = np.full(1 + len(sizes), -1, dtype=np.int64)
        row[of_count[at]] = rows
        begins = np.cumsum(np.array(sizes, dtype=np.int64)) - np.array(sizes, dtype=np.int64)
        return Groups(of_match, found, of_count, begins, row)

    def _choices(self) -> Iterator[tuple[Indexes, list[int]]]:
        """Matches and count columns of every group with a choice of pools."""
        for _, uses in groupby(self._model.matches.uses, key=lambda use: id(use.group)):
            of_group = list(uses)
            if len(of_group) > 1:
                yield of_group[0].group.columns, [int(use.columns[0]) for use in of_group]

    def _rows_with(self, columns: Indexes | Codes) -> Mask:
        found = np.zeros(self._rows, dtype=np.bool_)
        found[self._matrix.by_column.only(columns).at] = True
        return found

    def _entries(self, columns: Indexes | Codes, rows: Mask) -> tuple[Indexes, Indexes]:
        """Positions among some columns, and the rows of a set in which each has an entry."""
        part = self._matrix.by_column.only(columns)
        at = np.flatnonzero(rows[part.at])
        return part.line[at], part.at[at].astype(np.int64)


def _options_of(paths: StudentPaths, begin: int) -> tuple[Indexes, Indexes, Indexes]:
    """Cell of the first, of the final, and path column of every option of a student, whose cells ``begin`` there."""
    kinds, final_kinds = paths.matrix.shape
    firsts, finals = begin + np.arange(kinds), begin + kinds + np.arange(final_kinds)
    i, j = np.nonzero(paths.matrix >= 0)
    ends = np.flatnonzero(paths.final_alone >= 0)
    return (
        np.concatenate([firsts[i], firsts, np.zeros(len(ends), dtype=np.int64)]),
        np.concatenate([finals[j], np.zeros(kinds, dtype=np.int64), finals[ends]]),
        np.concatenate([paths.matrix[i, j], paths.first_alone, paths.final_alone[ends]]),
    )
