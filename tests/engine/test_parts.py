"""Parts of a large program: every student in one, neighbours together, counts where their groups are."""

from collections.abc import Iterator

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import parts as parts_module
from allocator.engine.face import Face
from allocator.engine.model import Model, formulate
from allocator.engine.parts import Parts, fixed_but, halved, parts_of
from models.dataset import Dataset
from models.entities import Place
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.engine.small import at_most, points, program, vector
from tests.rules.case import decision, policy
from tests.strategies import larger


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "PART", 2)


small_parts = pytest.mark.usefixtures("_small_parts")


def model_of(data: Dataset, settings: Policy | None = None) -> Model:
    return formulate(Eligibility(data, settings or policy()))


def students_of(model: Model) -> dict[int, str]:
    """The student of every column that has one."""
    found = {c: model.matches.match(c).request.student for c in range(len(model.matches.x.request))}
    for student, paths in model.paths.by_student.items():
        alone = [*paths.first_alone.tolist(), *paths.final_alone[paths.final_alone >= 0].tolist()]
        found |= dict.fromkeys([*paths.columns.tolist(), *alone], student)
    for pair in model.matches.together:
        found |= dict.fromkeys(pair.both[pair.both >= 0].tolist(), pair.student)
    return found


def divided() -> Iterator[tuple[Model, Parts, dict[int, str]]]:
    for seed in range(1, 31):
        model = model_of(*larger(seed))
        model.tiers()  # with their shortfalls
        yield model, parts_of(model), students_of(model)


@small_parts
def test_every_student_is_in_one_part_of_each_division() -> None:
    several = 0
    for model, parts, student_of in divided():
        several += parts.several
        for division in range(len(parts.divisions)):
            masks = list(parts.each(division))
            seen: dict[str, int] = {}
            for column, student in student_of.items():
                [part] = [i for i, mask in enumerate(masks) if mask[column]]
                assert seen.setdefault(student, part) == part
            requests = np.zeros(len(masks))
            for student, part in seen.items():
                requests[part] += sum(r.student == student for r in model.matches.requests)
            if parts.several and not model.matches.terms.company.decisions:
                # at most two requests, but for a single student who has more, or students who are tied to each other
                assert requests.max(initial=0) <= 2
    assert several > 15


@small_parts
def test_counts_to_pools_are_in_every_part_that_touches_their_group() -> None:
    shared = 0
    for model, parts, student_of in divided():
        counts = {int(u.columns[0]): u.group for u in model.matches.uses if u.columns is not u.group.columns}
        for division in range(len(parts.divisions)):
            masks = list(parts.each(division))
            for count, group in counts.items():
                touching = [bool(mask[group.columns].any()) for mask in masks]
                assert [bool(mask[count]) for mask in masks] == touching
                shared += sum(touching) > 1
            # a shortfall, or whether an offer is used at all, belongs to everybody: fixed, it would forbid one more match
            others = set(range(model.program.columns)) - set(student_of) - set(counts)
            assert all(mask[list(others)].all() for mask in masks)
    assert shared > 20


def test_a_small_program_is_one_part() -> None:
    for _, parts, student_of in divided():
        assert not parts.several
        assert parts.whole
        [mask] = [m for division in range(len(parts.divisions)) for m in parts.each(division)]
        assert mask[list(student_of)].all()


@small_parts
def test_neighbours_are_in_one_part() -> None:
    # Two students in each of two towns, in whatever order.
    towns = (Place(place="T0", latitude=51, longitude=0), Place(place="T1", latitude=52, longitude=0.1))
    for homes in (("T0", "T1", "T0", "T1"), ("T1", "T0", "T0", "T1"), ("T0", "T0", "T1", "T1")):
        students = tuple(b.student(f"S{i}", home=home) for i, home in enumerate(homes, start=1))
        model = model_of(b.dataset(**firsts(4) | {"students": students, "places": towns, "travel": ()}))
        parts = parts_of(model)
        for division in range(len(parts.divisions)):
            together = [{homes[c] for c in np.flatnonzero(mask[:4]).tolist()} for mask in parts.each(division)]
            assert sorted(map(sorted, together)) == [["T0"], ["T1"]]


@small_parts
def test_students_whom_decisions_tie_to_each_other_are_in_one_part() -> None:
    # S1 and S4 live in two towns, with S2 and S3 between them; S3 is tied to nobody.
    towns = tuple(Place(place=f"T{i}", latitude=51 + i, longitude=0) for i in range(4))
    students = tuple(b.student(f"S{i}", home=f"T{i - 1}") for i in range(1, 5))
    ties = (
        decision("together", student="S1", other="S4"),
        decision("apart", "D2", student="S2", other="S4", value="team"),
    )
    parts = parts_of(
        model_of(b.dataset(decisions=ties, **firsts(4) | {"students": students, "places": towns, "travel": ()}))
    )
    assert parts.several
    for division in range(len(parts.divisions)):
        found = [np.flatnonzero(mask[:4]).tolist() for mask in parts.each(division)]
        assert sorted(found) == [[0, 1, 3], [2]]


@small_parts
def test_whoever_lives_nowhere_known_is_somewhere() -> None:
    for places in ((), (Place(place="P0", latitude=51, longitude=0),)):
        students = tuple(b.student(f"S{i}", home=None if i % 2 else "P0") for i in range(1, 6))
        parts = parts_of(model_of(b.dataset(places=places, **firsts(5) | {"students": students})))
        assert parts.several
        for division in range(len(parts.divisions)):
            assert sum(mask[:5].sum() for mask in parts.each(division)) == 5


def test_sizes_up_to_which_the_whole_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_of(b.dataset(**firsts(3)))
    for whole, within in ((3, True), (2, False)):
        monkeypatch.setattr(parts_module, "WHOLE", whole)
        assert parts_of(model).whole is within


def test_outside_a_part_everything_is_as_in_the_plan() -> None:
    # Of four columns two exclude each other here and there; the plan has the first and the fourth.
    face = Face.of(program(4, at_most(1, 0, 1), at_most(1, 2, 3)))
    plan, part = vector(1, 0, 0, 1), np.array([True, True, False, False])
    rest = fixed_but(face, plan, part)
    assert points(rest) == {(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1)}
    assert rest.holds(plan)
    assert points(face) > points(rest)  # as it was


def test_one_part_alone_has_all_the_room() -> None:
    face = Face.of(program(4, at_most(1, 0, 1), at_most(2, 1, 2, 3)))
    assert halved(face, vector(0, 0, 0, 0), [np.ones(4, dtype=np.bool_)]) == [face]


def test_what_a_row_has_room_for_is_halved() -> None:
    # One of at most four is taken: three may join, two of the first part and one of the second.
    face = Face.of(program(6, at_most(4, *range(6))))
    parts = [np.array([True] * 3 + [False] * 3), np.array([False] * 3 + [True] * 3)]
    plan = vector(1, 0, 0, 0, 0, 0)
    first, second = (fixed_but(f, plan, part) for f, part in zip(halved(face, plan, parts), parts, strict=True))
    assert max(map(sum, points(first))) == 3
    assert max(map(sum, points(second))) == 2


def test_what_two_parts_decide_apart_holds_together() -> None:
    luck, together = np.random.default_rng(3), 0
    for _ in range(40):
        rows = [at_most(int(luck.integers(1, 4)), *luck.choice(6, 4, replace=False).tolist()) for _ in range(4)]
        face = Face.of(program(6, *rows))
        every = sorted(points(face))
        plan = vector(*every[int(luck.integers(len(every)))])
        common = luck.random(6) < 0.2  # columns that both may use
        parts = [np.array([True] * 3 + [False] * 3) | common, np.array([False] * 3 + [True] * 3) | common]
        first, second = (points(fixed_but(f, plan, p)) for f, p in zip(halved(face, plan, parts), parts, strict=True))
        for a in first:
            for z in second:
                assert face.holds(vector(*a) + vector(*z) - plan)
        assert tuple(plan.astype(int)) in first & second
        together += len(first) * len(second)
    assert together > 400
