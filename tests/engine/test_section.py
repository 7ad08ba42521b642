"""A part as a program of its own: the same solutions as the whole has with all else fixed, and the same values."""

from collections import Counter

import numpy as np

from allocator.engine.counts import NONE, Counts
from allocator.engine.face import Face
from allocator.engine.highs import search
from allocator.engine.objectives import objective_of
from allocator.engine.parts import fixed_but
from allocator.engine.section import ABSENT, Section
from allocator.formulation.program import Linear
from tests.engine.small import at_most, free, program, vector
from tests.engine.test_part_by_part import Case, cases, small_parts

__all__ = ["small_parts"]  # everything is large here too, and divided into parts of a few requests


def sections(case: Case) -> list[tuple[Face, Section]]:
    """Every part of the first division with everything else as in the plan in hand: as a face, and as a program."""
    faces = [fixed_but(case.face, case.plan, part) for part in case.large.parts.each(0)]
    return [(face, Section.of(case.program, face)) for face in faces]


def test_columns_of_which_one_is_fixed() -> None:
    # x0 + x1 + x2 <= 2 and x2 + x3 <= 1, x2 is 1: x3 cannot be 1, and of x0 and x1 one can.
    whole = program(4, at_most(2, 0, 1, 2), at_most(1, 2, 3))
    face = fixed_but(Face.written(whole), vector(0, 0, 1, 0), np.array([True, True, False, True]))
    found = Section.of(whole, face)
    assert found.columns.tolist() == [0, 1, 3]
    assert found.place.tolist() == [0, 1, ABSENT, 2]
    here = Face.of(found.program)
    assert here.row_upper.tolist() == [1, 0]
    assert here.upper.tolist() == [1, 1, 0]
    # 5 + x0 + 7 x2 + 2 x3
    expression = found.expression(Linear.of([(0, 1), (2, 7), (3, 2)], constant=5))
    assert (expression.constant, expression.columns.tolist(), expression.coefficients.tolist()) == (12, [0, 2], [1, 2])
    assert found.filled(vector(0, 1, 0)).tolist() == [0, 1, 1, 0]


def test_every_tier_has_the_optimum_of_the_whole_with_all_else_fixed() -> None:
    met = Counter[str]()
    for case in cases()[:24]:
        for face, section in sections(case):
            if not len(section.columns):
                continue
            here = Face.of(section.program)
            for whole in case.objectives:
                own = objective_of(section.program, whole.tier, section.expression(whole.expression))
                found = search(here, own.cost(), None, free(), None)
                other = search(face, whole.cost(), None, free(), None)
                assert found.solution is not None
                assert other.solution is not None
                tidy = section.program.tidied(found.solution)
                filled = case.program.tidied(section.filled(tidy))
                assert case.face.holds(filled)
                assert own.stated(own.minimised(tidy)) == whole.expression.value(filled)
                assert whole.minimised(filled) == whole.minimised(case.program.tidied(other.solution))
                met["better"] += whole.minimised(filled) < whole.minimised(case.plan)
                met["shortfalls"] += bool(section.program.shortfalls)
    assert min(met["better"], met["shortfalls"]) > 20


def test_lazy_rows_are_those_of_the_whole() -> None:
    # Two placements of a student in one team break a row of theirs, in a part as in the whole.
    met = 0
    for case in cases():
        for _, section in sections(case):
            solution = np.ones(len(section.columns))
            found = section.program.lazy.broken(solution)
            whole = case.program.lazy.broken(section.filled(solution))
            own = section.place[whole.column] != ABSENT
            assert sorted(section.columns[found.column].tolist()) == sorted(whole.column[own].tolist())
            assert len(found.lower) == len(set(whole.row[own].tolist()))
            fixed = section.rest[whole.column[~own]].sum()
            assert found.upper.sum() == whole.upper[np.unique(whole.row[own])].sum() - fixed
            every = case.program.lazy.every()
            own = section.place[every.column] != ABSENT
            assert len(section.program.lazy.every().lower) == len(set(every.row[own].tolist()))
            met += len(found.lower)
    assert met > 20


def test_groups_that_have_no_open_column_are_left_out() -> None:
    # Groups of columns 0 to 2 and 3 to 5: two matches and a count each, with a row that balances them. The first group
    # is fixed, so that the second is the only one.
    whole = program(6)
    for first in (0, 3):
        balance = Linear.of([(first, 1), (first + 1, 1), (first + 2, -1)])
        whole.add_row(balance, rule="L01", subject=str(first), lower=0, upper=0)
    face = fixed_but(Face.written(whole), vector(1, 0, 1, 0, 0, 0), np.arange(6) >= 3)
    section = Section.of(whole, face)
    counts = Counts(np.array([0, 0, NONE, 1, 1, NONE]), np.array([NONE, NONE, 0, NONE, NONE, 1]), np.array([0, 1]))
    own = section.working_counts(counts)
    assert (own.of_match.tolist(), own.of_count.tolist(), own.row.tolist()) == ([0, 0, NONE], [NONE, NONE, 0], [0])
