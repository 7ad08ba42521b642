"""Two placements of one student: classes, kinds and paths say of every pair what the rules say of it alone."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from allocator.eligibility import Eligibility
from allocator.engine.model import Model, formulate
from allocator.formulation.classes import Classes
from allocator.formulation.matches import Formulation
from allocator.formulation.pathways import StudentPaths
from allocator.formulation.program import Rows
from allocator.terms.horizon import StudentRequests
from allocator.terms.placement import Placement
from models.entities import Published, Request
from tests import builders as b
from tests.engine.partnerships import remade
from tests.engine.small import dense
from tests.rules.case import policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, final_place
from tests.strategies import generate, larger

TWO_PLACEMENT_RULES = ("E10", "L04", "L05", "L06", "L09")


class Both(NamedTuple):
    """A student with two open requests in a model, and the columns of each."""

    model: Model
    student: StudentRequests
    paths: StudentPaths
    firsts: list[int]
    finals: list[int]

    @property
    def locked(self) -> bool:
        """Whether teams are told apart."""
        assert self.student.final is not None
        return self.model.matches.eligibility.horizon.is_locked(self.student.final)

    def pairs(self) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Every two columns, and the rules that they break together, the same team apart."""
        for first in self.firsts:
            for final in self.finals:
                broken = self.model.matches.eligibility.broken_together(
                    self.student.student.student,
                    placement(self.model.matches, first),
                    placement(self.model.matches, final),
                )
                yield first, final, tuple(rule for rule in broken if rule != "E10")


def placement(model: Formulation, column: int) -> Placement:
    """The placement that a match would be."""
    match = model.match(column)
    return model.eligibility.placement(match.request, match.offer, match.window)


def columns_of(model: Formulation, request: Request | None) -> list[int]:
    """``x`` columns of a request, one by one."""
    every = range(len(model.x.request))
    return [c for c in every if request is not None and model.match(c).request == request and not model.x.kept[c]]


@cache
def models() -> tuple[Model, ...]:
    """Models of generated partnerships."""
    return tuple(formulate(Eligibility(*make(seed))) for make in (generate, larger) for seed in range(1, 61))


def with_both() -> Iterator[Both]:
    """Everybody in them who has two open requests."""
    for model in models():
        yield from with_both_in(model)


def with_both_in(model: Model) -> Iterator[Both]:
    """Everybody in a model who has two open requests."""
    for name, paths in model.paths.by_student.items():
        student = model.matches.eligibility.horizon.by_student[name]
        firsts, finals = (columns_of(model.matches, r) for r in (student.first, student.final))
        yield Both(model, student, paths, firsts, finals)


# ---- classes -------------------------------------------------------------------------------------------------------
def test_classes_break_what_their_placements_break() -> None:
    judged, locked = {True: 0, False: 0}, 0
    for both in with_both():
        model, slots = both.model.matches, both.model.matches.x.slot
        classes = Classes(model)
        codes = [classes.codes(locked=late and both.locked, by_team=both.locked)[slots] for late in (False, True)]
        found = classes.broken_matrix(
            both.student.student, codes[0][both.firsts], codes[1][both.finals], by_team=both.locked
        ).ravel()
        for reason, (_, _, broken) in zip(found.tolist(), both.pairs(), strict=True):
            assert (reason == 0) == (not broken)
            assert classes.first_rule(reason) == (broken[0] if broken else "L06")
            judged[not broken] += 1
        locked += both.locked
    assert min(judged.values()) > 100
    assert locked > 10


def test_a_class_is_statutory_if_its_placements_are() -> None:
    for model in models():
        classes, slots = Classes(model.matches), model.matches.x.slot
        for locked, by_team in ((False, False), (True, True), (False, True)):
            codes = classes.codes(locked=locked, by_team=by_team)[slots]
            alone = [placement(model.matches, c).guarantee for c in range(len(slots))]
            assert list(classes.guarantees(codes)) == alone


def test_offers_that_differ_in_team_alone_are_one_class_unless_teams_are_told_apart() -> None:
    offers = (b.offer("O1"), b.offer("O2", team="Y"), b.offer("O3", team="Y", areas=("adults",)))
    model = formulate(Eligibility(b.dataset(offers=offers, educators=()), policy())).matches
    classes = Classes(model)
    assert np.unique(classes.codes(locked=False, by_team=False)).size == 2
    assert np.unique(classes.codes(locked=False, by_team=True)).size == 3


# ---- kinds and paths -----------------------------------------------------------------------------------------------
def rows_apart(model: Model) -> NDArray[np.float64]:
    """The rows that keep matches of one student apart, each "at most 0" (shape: rows x columns)."""
    written = Rows.joined(model.program.batches)
    at = list(model.paths.incompatible)
    assert (written.lower[at] == -np.inf).all()
    assert (written.upper[at] == 0).all()
    return dense(written.matrix(model.program.columns))[at]


def test_there_is_a_path_for_exactly_the_pairs_that_are_allowed_but_for_what_rows_keep_apart() -> None:
    allowed = without_path = kept_apart = 0
    for model in models():
        rows = rows_apart(model)
        for both in with_both_in(model):
            kind = model.paths.kind
            for first, final, broken in both.pairs():
                path = both.paths.matrix[kind[first], kind[final]]
                apart = path >= 0 and (rows[:, [first, final, path]].sum(axis=1) > 0).any()
                assert (path >= 0 and not apart) == (not broken)
                allowed, without_path, kept_apart = (
                    allowed + (not broken),
                    without_path + (path < 0),
                    kept_apart + apart,
                )
    assert min(allowed, without_path, kept_apart) > 40


def test_rows_that_keep_apart_hold_of_whoever_has_one_placement() -> None:
    # A first with the path "first alone": the row has 1 for the one at most and -1 for the other.
    number = 0
    for model in models():
        rows = rows_apart(model)
        number += len(rows)
        for both in with_both_in(model):
            for first in both.firsts:
                alone = both.paths.first_alone[model.paths.kind[first]]
                assert (rows[:, [first, alone]].sum(axis=1) <= 0).all()
    assert number > 40


def test_a_path_is_statutory_if_both_placements_are_and_rests_on_an_answer_if_none_is_known_to_be() -> None:
    seen = {True: 0, False: 0}
    resting = {True: 0, False: 0}
    for both in with_both():
        kind, model = both.model.paths.kind, both.model.matches
        columns = both.paths.columns.tolist()
        statutory = dict(zip(columns, both.paths.statutory.tolist(), strict=True))
        rests = set(both.paths.rests.tolist())
        least = model.policy.least_statutory(both.student.student.programme)
        for first, final, broken in both.pairs():
            if not broken:
                path = int(both.paths.matrix[kind[first], kind[final]])
                answers = [placement(model, first).guarantee, placement(model, final).guarantee]
                two = answers == ["statutory", "statutory"]
                unknown = "not_known" in answers and (least == 2 or (least == 1 and "statutory" not in answers))
                assert (statutory[path], path in rests) == (two, unknown)
                seen[two] += 1
                resting[unknown] += 1
    assert min(*seen.values(), *resting.values()) > 20


def test_every_path_has_a_column_of_its_own_that_need_not_be_whole() -> None:
    for model in models():
        program, used = model.program, list[int]()
        for paths in model.paths.by_student.values():
            kinds = paths.matrix.shape
            assert (len(paths.first_alone), len(paths.final_alone)) == kinds
            alone = paths.final_alone >= 0
            assert alone.all() if not model.matches.policy.on("L06") else not alone.any()
            used += [*paths.columns.tolist(), *paths.first_alone.tolist(), *paths.final_alone[alone].tolist()]
        assert len(set(used)) == len(used)
        assert not program.integer[used].any()
        assert (program.lower[used] == 0).all()
        assert (program.upper[used] == 1).all()
        beside = sum(int((pair.both >= 0).sum()) for pair in model.matches.together)  # need not be whole, too
        assert program.integer.sum() == program.columns - len(used) - beside


def test_the_kind_of_a_column_is_that_of_a_student_with_paths() -> None:
    for model in models():
        with_paths = set(model.paths.by_student)
        for column, kind in enumerate(model.paths.kind.tolist()):
            student = model.matches.match(column).request.student
            assert (kind >= 0) == (student in with_paths)


def test_matches_of_a_kind_are_as_many_as_its_paths() -> None:
    # Every flow row: the columns of a kind with 1, the paths through it with -1, together 0.
    for model in models():
        written = Rows.joined(model.program.batches)
        matrix = dense(written.matrix(model.program.columns))
        rows = {tuple(row) for row in matrix[(written.lower == 0) & (written.upper == 0)].tolist()}
        for both in with_both_in(model):
            for columns, paths, alone in (
                (both.firsts, both.paths.matrix, both.paths.first_alone),
                (both.finals, both.paths.matrix.T, both.paths.final_alone),
            ):
                kinds = model.paths.kind[columns]
                for kind in set(kinds.tolist()):
                    row = np.zeros(model.program.columns)
                    row[np.array(columns)[kinds == kind]] = 1
                    through = [*paths[kind].tolist(), int(alone[kind])]
                    row[[p for p in through if p >= 0]] = -1
                    assert tuple(row.tolist()) in rows


def test_classes_that_go_with_the_same_are_one_kind_and_rows_keep_apart_what_does_not() -> None:
    # Three firsts alike but in their areas; one final is in the area of the third, the other in an area of its own. All
    # are statutory alike, so that they are one kind, and the third is kept apart from the one final: both are no more
    # than the paths of the student.
    firsts = tuple(
        b.offer(f"O{i}", stage="first", areas=areas) for i, areas in enumerate((("a",), ("b",), ("c",)), start=1)
    )
    finals = (final_place(o, stage="final", areas=(a,), setting="authority") for o, a in (("O4", "c"), ("O5", "d")))
    data = b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=(*firsts, *finals))
    model = formulate(Eligibility(data, policy()))
    paths = model.paths.by_student["S1"]
    assert model.paths.kind.tolist() == [0, 0, 0, 0, 0]
    assert (paths.matrix >= 0).tolist() == [[True]]
    expected = np.zeros((1, model.program.columns))
    expected[0, [2, 3]], expected[0, [paths.matrix[0, 0], paths.first_alone[0]]] = 1, -1
    assert rows_apart(model).tolist() == expected.tolist()


def test_a_class_that_goes_with_nothing_is_a_kind_of_its_own_and_needs_no_row() -> None:
    # As above without the final that all three go with: no path leaves the third.
    firsts = tuple(b.offer(f"O{i}", stage="first", areas=(area,)) for i, area in enumerate("abc", start=1))
    final = final_place("O4", stage="final", areas=("c",), setting="authority")
    model = formulate(
        Eligibility(b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=(*firsts, final)), policy())
    )
    assert model.paths.kind.tolist() == [0, 0, 1, 0]
    assert (model.paths.by_student["S1"].matrix >= 0).tolist() == [[True], [False]]
    assert len(model.paths.incompatible) == 0


def test_classes_that_go_with_the_same_are_one_kind_where_a_final_needs_no_first() -> None:
    firsts = tuple(b.offer(f"O{i}", stage="first", areas=(area,)) for i, area in enumerate("abc", start=1))
    final = final_place("O4", stage="final", areas=("c",), setting="authority")
    data = b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=(*firsts, final))
    model = formulate(Eligibility(data, policy(rules_off=("L06",))))
    paths = model.paths.by_student["S1"]
    assert model.paths.kind.tolist() == [0, 0, 1, 0]
    assert (paths.matrix >= 0).tolist() == [[True], [False]]
    assert len(model.paths.incompatible) == 0


# ---- one of the two is given ---------------------------------------------------------------------------------------
def forbidden(model: Model, request: Request) -> set[int]:
    """Columns of a request that a row of a two-placement rule closes."""
    found: set[int] = set()
    for batch in model.program.batches:
        for i, (rule, subject) in enumerate(zip(batch.rules, batch.subjects, strict=True)):
            if subject == request.request and rule in TWO_PLACEMENT_RULES:
                assert (batch.lower[i], batch.upper[i]) == (-np.inf, 0)
                assert (batch.coefficient[batch.row == i] == 1).all()
                found |= set(batch.column[batch.row == i].tolist())
    return found


def with_one_kept(seed: int) -> Model:
    """A larger partnership in which one request of everybody who has two is kept, somewhere."""
    data, settings = larger(seed)
    luck, eligibility = np.random.default_rng(seed), Eligibility(data, settings)
    rows = {p.request: p for p in data.published}
    for student in eligibility.horizon.by_student.values():
        if student.first is not None and student.final is not None and data.offers:
            request = (student.first, student.final)[int(luck.integers(0, 2))]
            offer = data.offers[int(luck.integers(0, len(data.offers)))]
            rows[request.request] = Published(request=request.request, offer=offer.offer, standing="kept")
    return formulate(Eligibility(remade(data, published=tuple(rows.values())), settings))


def test_beside_history_and_kept_placements_exactly_what_breaks_a_rule_is_closed() -> None:
    seen = {"history": [0, 0], "kept": [0, 0]}
    for model in (*models(), *map(with_one_kept, range(1, 61))):
        eligibility = model.matches.eligibility
        kept = {k.request.request: k for k in model.matches.kept}
        for student in eligibility.horizon.by_student.values():
            first, final = student.first, student.final
            if final is None or student.student.student in model.paths.by_student:
                continue
            if first is None:
                columns, request, which = columns_of(model.matches, final), final, "history"
                broken = {c for c in columns if eligibility.broken_with_history(final, placement(model.matches, c))}
            else:
                given, request, which = (first, final, "kept") if first.request in kept else (final, first, "kept")
                if request.request in kept:
                    assert forbidden(model, request) == set()  # both are kept
                    continue
                match = kept[given.request]
                stays = eligibility.placement(match.request, match.offer, match.window)
                columns = columns_of(model.matches, request)
                broken = set()
                for column in columns:
                    two = stays, placement(model.matches, column)
                    two = two if given is first else two[::-1]
                    if eligibility.broken_together(student.student.student, *two):
                        broken.add(column)
            alone = {c for c in columns if eligibility.broken_alone(student.student, placement(model.matches, c))}
            assert forbidden(model, request) == broken | alone
            seen[which][0] += len(broken)
            seen[which][1] += len(columns) - len(broken)
    assert min(*seen["history"], *seen["kept"]) > 10


# ---- the same team -------------------------------------------------------------------------------------------------
def rows_in_words(rows: Rows) -> set[tuple[frozenset[int], str]]:
    """Columns and subject of every row; each says "at most one"."""
    found = set()
    for i, (rule, subject) in enumerate(zip(rows.rules, rows.subjects, strict=True)):
        assert (rule, rows.lower[i], rows.upper[i]) == ("E10", -np.inf, 1)
        assert (rows.coefficient[rows.row == i] == 1).all()
        found.add((frozenset(rows.column[rows.row == i].tolist()), subject))
    return found  # offers with two sites in common give two equal rows


def same_team(model: Model) -> set[tuple[frozenset[int], str]]:
    """First and final with a site in one team, for every student with two open requests and every team that both could have."""
    found: set[tuple[frozenset[int], str]] = set()
    for both in with_both_in(model):
        teams = {c: set(model.matches.match(c).offer.sites) for c in (*both.firsts, *both.finals)}
        firsts, finals = ({team for c in some for team in teams[c]} for some in (both.firsts, both.finals))
        for common in firsts & finals:
            columns = frozenset(c for c in teams if common in teams[c])
            found.add((columns, f"{both.student.student.student} {common[1]}"))
    return found


def test_the_same_team_twice_is_a_row_for_whoever_could_have_it() -> None:
    number = 0
    for model in models():
        expected = same_team(model) if model.matches.policy.on("E10") else set()
        assert rows_in_words(model.program.lazy.every()) == expected
        number += len(expected)
        assert "E10" not in {rule for batch in model.program.batches for rule in batch.rules} or model.matches.kept
    assert number > 100


def test_a_solution_gets_to_see_the_rows_that_it_breaks() -> None:
    luck, broken = np.random.default_rng(10), 0
    for model in models():
        lazy = model.program.lazy
        every = rows_in_words(lazy.every())
        for _ in range(3):
            solution = luck.random(model.program.columns) * (luck.random(model.program.columns) < 0.5)
            expected = {row for row in every if solution[list(row[0])].sum() > 1 + 1e-6}
            assert rows_in_words(lazy.broken(solution)) >= expected
            # a team that only one of the two could have may be told too: it is broken just as well
            for columns, _ in rows_in_words(lazy.broken(solution)) - expected:
                assert solution[list(columns)].sum() > 1 + 1e-6
            broken += len(expected)
    assert broken > 100


@pytest.mark.parametrize(("teams", "apart"), [(("X", "X"), False), (("X", "Y"), True)])
def test_whether_two_columns_are_in_different_teams(teams: tuple[str, str], apart: bool) -> None:
    offers = (b.offer("O1", team=teams[0], stage="first"), final_place("O2", team=teams[1], stage="final"))
    data = b.dataset(requests=BOTH_REQUESTS, educators=EDUCATORS, offers=offers)
    model = formulate(Eligibility(data, policy()))
    [first], [final] = (model.matches.columns_of[r.request] for r in BOTH_REQUESTS)
    at_once = np.zeros(model.program.columns)
    at_once[[first, final]] = 1
    assert (len(model.program.lazy.broken(at_once).lower) == 0) is apart
