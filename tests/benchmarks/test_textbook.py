"""The textbook model of the peers is the reference's, and what the peers make of it is what the reference finds."""

from pathlib import Path

import numpy as np
import pytest

from allocator.intake import Reading
from allocator.reference import solve
from benchmarks.methods import cp_sat_weighted
from benchmarks.methods.cp_sat_weighted import weigh
from benchmarks.peers.timefold import Choice, Line, Model, broken, small
from benchmarks.textbook import Program, read_program, translate, write_program
from benchmarks.textbook.program import FREE, Numbers
from benchmarks.textbook.tiers import Answer, as_plan, solve_in_tiers
from benchmarks.textbook.with_cp_sat import CpSatSolver
from benchmarks.textbook.with_pulp import PulpSolver
from models.dataset import Dataset
from models.errors import SolverFaultError
from models.policy import Policy
from scenarios.batch.watch import Watch
from tests.builders import MONDAY, agency, dataset, educator, offer, request, student

POLICY = Policy(as_of=MONDAY)
SMALL = dataset(
    students=(student("S1"), student("S2", scheme="intern")),
    requests=(request("S1/first"), request("S2/first")),
    agencies=(agency(social_workers_fte=10),),
    offers=(offer("O1"), offer("O2", state="forecast")),
    educators=(educator("E1"), educator("E2", needs_student_by=MONDAY)),
)
"""Two students, two places, two PEs: both are placed, one of them waits for the forecast offer."""


def reading(data: Dataset) -> Reading:
    return Reading(dataset=data, policy=POLICY, issues=())


def test_columns_rows_and_tiers_are_those_of_the_reference() -> None:
    program = translate(SMALL, POLICY)
    # 2 requests x 2 offers x 2 PEs
    assert len(program.matches) == 8
    assert program.matches[0].tolist() == ["S1/first", "O1", "E1"]
    assert program.rows.shape == (len(program.least), 8 + len(program.names))
    # nobody placed keeps every row but leaves the trainee tier's counter to say so
    nothing = np.zeros(len(program.upper), dtype=np.int64)
    assert program.values(nothing)[:3] == [0, 0, 0]
    both = nothing.copy()
    both[[0, 7]] = 1  # S1 at O1 with E1, S2 at O2 with E2
    assert program.values(both)[program.tier_names.tolist().index("placed.firsts")] == 2
    same = nothing.copy()
    same[[0, 4]] = 1  # both at O1, which has one place
    assert not program.keeps(same)


def test_a_program_comes_back_from_its_file(tmp_path: Path) -> None:
    program = translate(SMALL, POLICY)
    write_program(tmp_path / "p.npz", program)
    back = read_program(tmp_path / "p.npz")
    assert back.seconds == program.seconds
    for name in Program._fields:
        one, other = getattr(program, name), getattr(back, name)
        if name in ("rows", "tiers"):
            one, other = one.toarray(), other.toarray()
        assert np.array_equal(one, other), name
    assert [file.name for file in tmp_path.iterdir()] == ["p.npz"]


@pytest.mark.parametrize("name", ["cp_sat", "cbc", "highs"])
def test_every_solver_finds_the_tiers_of_the_reference(name: str) -> None:
    program = translate(SMALL, POLICY)
    watch = Watch(60, lambda event: None)
    with watch.solving():
        solver = (
            CpSatSolver(program, lambda tier, x, bound: None) if name == "cp_sat"
            else PulpSolver(program, "cbc" if name == "cbc" else "highs")
        )  # fmt: skip
        found = solve_in_tiers(program, solver, reading(SMALL), watch)
    expected = solve(SMALL, POLICY, "highs")
    assert found.complete
    assert [(t.tier, t.value, t.proved) for t in found.tiers] == [(t.tier, t.value, True) for t in expected.tiers]
    assert found.plan is not None
    assert len(found.plan.matches) == 2


class Stub:
    """Answers as it is told."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.fixed: list[tuple[int, int]] = []

    def optimise(self, tier: int, seconds: float) -> Answer:
        return self.answers.pop(0)

    def fix(self, tier: int, value: int) -> None:
        self.fixed.append((tier, value))


def solved_by(stub: Stub) -> tuple[Program, list[tuple[str, int, int | None, bool]], bool, int]:
    program = translate(SMALL, POLICY)
    watch = Watch(60, lambda event: None)
    with watch.solving():
        found = solve_in_tiers(program, stub, reading(SMALL), watch)
    tiers = [(t.tier, t.value, t.bound, t.proved) for t in found.tiers]
    return program, tiers, found.complete, len(found.plan.matches) if found.plan else 0


def solution(*matches: int) -> Numbers:
    """A plan of the small model, with the counters that say so as they must be at least."""
    program = translate(SMALL, POLICY)
    x = np.zeros(len(program.upper), dtype=np.int64)
    x[list(matches)] = 1
    x[len(program.matches) :] = 0
    for number, name in enumerate(program.names.tolist(), start=len(program.matches)):
        x[number] = 0 if name.startswith(("complete", "two", "never")) else program.upper[number]
    return x


def test_a_solver_that_is_stopped_leaves_the_best_it_had() -> None:
    one, two = solution(0), solution(0, 7)
    stub = Stub(Answer(one, 0, True), Answer(two, 3, False))
    _, tiers, complete, placed = solved_by(stub)
    # placed.finals 0 of 0 is proved and held; placed.firsts 2 against a bound of 3 is not, and is the end.
    assert tiers == [("placed.finals", 0, 0, True), ("placed.firsts", 2, 3, False)]
    assert (complete, placed, stub.fixed) == (False, 2, [(0, 0)])
    assert solved_by(Stub(Answer(None, None, False)))[1:] == ([], False, 0)


def test_a_solver_that_cheats_is_found_out() -> None:
    with pytest.raises(SolverFaultError, match="breaks a row"):
        solved_by(Stub(Answer(solution(0, 4), 2, True)))
    with pytest.raises(SolverFaultError, match="no plan keeps the rules"):
        solved_by(Stub(Answer(None, None, True)))


def test_a_solution_as_a_plan() -> None:
    program = translate(SMALL, POLICY)
    plan = as_plan(program, solution(7, 0), reading(SMALL))
    assert plan is not None
    assert [(m.request, m.offer, m.pe) for m in plan.matches] == [("S1/first", "O1", "E1"), ("S2/first", "O2", "E2")]
    assert as_plan(program, None, reading(SMALL)) is None


def test_the_weighted_sum_keeps_the_order_of_the_tiers() -> None:
    program = translate(SMALL, POLICY)
    weights, count, bits = weigh(program)
    assert 0 < count <= len(program.tier_names)
    assert bits > 0

    def worth(x: Numbers) -> int:
        return sum(weight * int(x[column]) for column, weight in weights.items())

    # One placed is worth more than anything that later tiers can say; firm (the forecast O2) decides between equals.
    nothing, forecast, firm = solution(), solution(2), solution(0)
    assert worth(nothing) < worth(forecast) < worth(firm)


def test_tiers_are_left_out_of_a_sum_that_could_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    # At 1,500 students CP-SAT called the model invalid: 3 million columns, of which a plan has few, weighed too much.
    program = translate(SMALL, POLICY)
    _, all_that_fit, _ = weigh(program)
    monkeypatch.setattr(cp_sat_weighted, "LARGEST_SUM", 1_000)
    weights, count, _ = weigh(program)
    assert 1 < count < all_that_fit
    assert sum(abs(weight) * int(program.upper[column]) for column, weight in weights.items()) <= 1_000
    monkeypatch.setattr(cp_sat_weighted, "LARGEST_SUM", 0)
    assert weigh(program)[1] == 1  # the first tier stays


def test_timefold_counts_what_the_model_counts(tmp_path: Path) -> None:
    """Its worth of a plan, put together from choices, is the tiers of the model where the counters are tight."""
    program = translate(SMALL, POLICY)
    write_program(tmp_path / "p.npz", program)
    model = Model(str(tmp_path / "p.npz"))
    choices = [choice for of in model.requests.values() for choice in of]
    for chosen in ([], [0], [0, 7], [2], [0, 4]):
        soft, hard = score(model, [choice for choice in choices if choice.number in chosen])
        x = tight(program, chosen)
        text = f"[{hard}]hard/[{'/'.join(map(str, soft))}]soft"
        assert model.values(text)["values"] == program.values(x)
        # [0, 4]: two in the one place of O1
        assert model.values(text)["legal"] == (chosen != [0, 4])


def test_a_model_that_timefold_is_not_given(tmp_path: Path) -> None:
    # An offer that opens for two or not at all: whether it is open is no counter of a tier.
    write_program(tmp_path / "p.npz", translate(dataset(offers=(offer(capacity=2, minimum=2),)), POLICY))
    with pytest.raises(ValueError, match="a counter that no tier counts"):
        Model(str(tmp_path / "p.npz"))


def tight(program: Program, chosen: list[int]) -> Numbers:
    """The plan with every counter at the best value that its rows allow."""
    x = np.zeros(len(program.upper), dtype=np.int64)
    x[chosen] = 1
    for column in range(len(program.matches), len(x)):
        weights = [
            program.tiers[[tier], [column]].item() * (1 if up else -1) for tier, up in enumerate(program.maximise)
        ]
        order = range(program.upper[column], -1, -1) if sum(weights) > 0 else range(program.upper[column] + 1)
        rows = np.unique(program.rows[:, [column]].nonzero()[0])
        for value in order:
            x[column] = value
            activity = program.rows[rows] @ x
            if np.all((activity >= program.least[rows]) & (activity <= program.most[rows])):
                break
    return x


def score(model: Model, chosen: list[Choice]) -> tuple[list[int], int]:
    """The constraints of ``solve`` in Timefold's terms, worked out by hand."""
    sums: dict[Line, int] = {}
    for choice in chosen:
        for use in (*choice.limits, *(u for of in (*choice.small, *choice.great) for u in of)):
            sums[use.line] = sums.get(use.line, 0) + use.weight
    limits = {use.line for choice in chosen for use in choice.limits}
    hard = sum(broken(line, 0) - broken(line, sums[line]) for line in limits)
    soft = []
    for tier in range(len(model.signs)):
        total = sum(choice.worth[tier] for choice in chosen)
        total += sum(small(li, sums[li]) - small(li, 0) for li in {u.line for c in chosen for u in c.small[tier]})
        counters: dict[int, list[Line]] = {}
        for line in {u.line for c in chosen for u in c.great[tier]}:
            counters.setdefault(line.counter, []).append(line)
        for lines in counters.values():
            first = lines[0]
            if len(lines) == first.lines:
                total += first.worth * min(1, *(sums[line] for line in lines), 1)
        soft.append(total)
    return soft, hard


def test_no_limit_stands_for_no_limit() -> None:
    program = translate(SMALL, POLICY)
    assert np.any(program.most == FREE)
    assert np.any(program.least == -FREE)
    assert np.all(program.least <= program.most)
