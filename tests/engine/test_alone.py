"""What students decide alone: the options of a student are exactly the points of the rows that are its own."""

import itertools
from collections.abc import Iterator
from functools import cache

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine.alone import Alone, alone
from allocator.engine.face import Face
from allocator.engine.model import Model, formulate
from allocator.formulation.program import Mask
from models.dataset import Dataset
from models.policy import Policy
from tests.engine.small import dense
from tests.strategies import generate, larger

Point = frozenset[int]
"""The columns that are 1."""
MOST = 12
"""Columns of a student of whom every point is looked at."""


def without_order(seed: int) -> tuple[Dataset, Policy]:
    """A larger partnership in which a final needs no first (L06 off)."""
    data, settings = larger(seed)
    return data, Policy(**settings.model_dump() | {"rules_off": tuple(sorted({*settings.rules_off, "L06"}))})


@cache
def cases() -> tuple[tuple[Dataset, Policy], ...]:
    return tuple(make(seed) for make in (generate, larger, without_order) for seed in range(1, 37))


def decided(case: tuple[Dataset, Policy]) -> tuple[Model, Face, Alone]:
    """What is decided alone in a generated partnership, with columns and rows of every tier."""
    model = formulate(Eligibility(*case))
    model.tiers()
    face = Face.written(model.program)
    return model, face, alone(model, face.matrix)


def matches_in(found: Alone, cell: int) -> list[int]:
    columns: list[int] = found.cells.order[found.cells.begins[cell] : found.cells.begins[cell + 1]].tolist()
    return columns


def ways(found: Alone, option: int) -> Iterator[Point]:
    """The columns of an option, for each choice of its matches."""
    first, final, path = (int(part[option]) for part in (found.options.first, found.options.final, found.options.path))
    parts = [[path]] if path >= 0 else []
    for chosen in itertools.product(*parts, *(matches_in(found, cell) for cell in (first, final) if cell)):
        yield frozenset(chosen)


def holding(face: Face, rows: Mask, columns: list[int]) -> set[Point]:
    """Every choice of some columns that holds some rows, beside nothing else."""
    here = np.flatnonzero(rows)
    matrix = dense(face.matrix.by_row.only(here))
    every = (frozenset(p) for n in range(len(columns) + 1) for p in itertools.combinations(columns, n))
    lower, upper = face.row_lower[here], face.row_upper[here]
    return {p for p in every if ((used := matrix[:, list(p)].sum(axis=1)) >= lower).all() and (used <= upper).all()}


def test_options_are_the_points_of_own_rows() -> None:
    with_paths = single = fixed = finals_alone = 0
    for case in cases():
        _, face, found = decided(case)
        groups, requests = found.groups, found.requests
        of_groups = np.zeros(len(found.own), dtype=np.bool_)
        of_groups[groups.row[1:]] = True
        for owner, (first, final) in enumerate(zip(found.owners.first, found.owners.final, strict=True)):
            options = np.flatnonzero(found.options.owner == owner)
            paths = [int(p) for p in found.options.path[options] if p >= 0]
            expected = {way for option in options for way in ways(found, int(option))} | {frozenset[int]()}
            # matches that no path goes through are in no option, and the row that says so is not the student's own
            columns = sorted({c for way in expected for c in way})
            if len(columns) > MOST:
                continue
            rows = np.zeros(len(found.own), dtype=np.bool_)
            rows[face.matrix.by_column.only(np.array(columns, dtype=np.int64)).at] = True
            rows &= found.own & ~of_groups
            for request in (r for r in (first, final) if r >= 0 and requests.fix_row[r] >= 0):
                fixed += 1
                rows[requests.fix_row[request]] = True  # also where no option has the match that it asks for
                its = set(np.flatnonzero(requests.of_match == request).tolist())
                expected = {way for way in expected if way & its}
            assert holding(face, rows, columns) == expected
            finals_alone += any(found.options.first[o] == 0 for o in options)
            with_paths, single = with_paths + bool(paths), single + (not paths)
    assert min(with_paths, single, finals_alone) > 20
    assert fixed > 2


def test_every_column_and_every_own_row_is_said_once() -> None:
    several = 0
    for case in cases():
        model, face, found = decided(case)
        number = len(model.matches.x.request)
        paths = found.options.path[found.options.path >= 0]
        every = np.concatenate([found.cells.order, paths, found.groups.counts, found.rest])
        assert sorted(every.tolist()) == list(range(model.program.columns))
        assert sorted(found.cells.order.tolist()) == list(range(number))
        # a row of one student's own, or of one group, has nobody else's columns
        owner = np.full(model.program.columns, -1)
        owner[found.cells.order] = np.repeat(found.cells.owner, np.diff(found.cells.begins))
        owner[found.options.path[found.options.path >= 0]] = found.options.owner[found.options.path >= 0]
        group = np.zeros(model.program.columns, dtype=np.int64)
        group[:number], group[found.groups.counts] = found.groups.of_match, found.groups.of_count
        for row in np.flatnonzero(found.own):
            columns = face.matrix.by_row.only(np.array([row])).at
            whose = group[columns] if row in found.groups.row else owner[columns]
            assert len(set(whose.tolist())) == 1
            assert whose[0] >= (1 if row in found.groups.row else 0)
        several += len(found.groups.row) - 1
    assert several > 20


def test_rows_that_a_program_gets_later_are_not_of_a_student() -> None:
    # The matrix of the tiers has the rows of shortfalls too, which come after all others.
    model = formulate(Eligibility(*larger(1)))
    before = alone(model, Face.written(model.program).matrix)
    model.tiers()
    after = alone(model, Face.written(model.program).matrix)
    assert len(after.own) > len(before.own)
    assert after.own[: len(before.own)].tolist() == before.own.tolist()
    assert not after.own[len(before.own) :].any()
    assert len(after.rest) > len(before.rest)
