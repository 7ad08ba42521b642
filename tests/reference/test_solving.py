"""Statuses, errors, order of tiers, and what is left on disk."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pulp
import pytest

from allocator.reference import Solver, lexicographic, solve
from models.dataset import Dataset
from models.errors import SolverFaultError, UsageError
from models.policy import Policy, tier_order
from tests.builders import MONDAY, dataset, educator, offer, request, student
from tests.reference.conftest import values
from tests.reference.test_limits import crowd, fixed

TODAY = Policy(as_of=MONDAY)


@pytest.mark.parametrize(
    "data",
    [
        Dataset(),
        dataset(offers=()),
        dataset(requests=()),
        dataset(requests=(), students=(), offers=(), educators=(educator(needs_student_by=MONDAY),)),
    ],
)
def test_nothing_to_match(solver: Solver, data: Dataset) -> None:
    result = solve(data, TODAY, solver)
    assert (result.status, result.matches) == ("optimal", ())
    # Nothing is placed; only a PE who needs a student counts.
    lacking = sum(1 for e in data.educators if e.needs_student_by)
    assert {name: value for name, value in values(result).items() if value} == ({"trainees": 1} if lacking else {})


def test_every_tier_is_there_in_order(solver: Solver) -> None:
    result = solve(dataset(), TODAY, solver)
    assert [tier.tier for tier in result.tiers] == [tier.name for tier in tier_order(TODAY, 5, has_published=False)]
    assert values(result)["placed.firsts"] == 1


def test_an_earlier_tier_is_never_given_up_for_a_later_one(solver: Solver) -> None:
    # Travel alone would place nobody.
    result = solve(dataset(), Policy(as_of=MONDAY, tiers=("placed", "travel")), solver)
    assert values(result) == {"placed.finals": 0, "placed.firsts": 1, "placed.later": 0, "travel": 20}


def test_no_tiers_at_all(solver: Solver) -> None:
    result = solve(dataset(decisions=(fixed(offer="O1"),)), Policy(as_of=MONDAY, tiers=()), solver)
    assert (result.status, result.tiers, result.matches) == ("optimal", (), (("S1/first", "O1", "E1"),))


def clashing() -> Dataset:
    return crowd(2, offers=(offer(),), decisions=(fixed(offer="O1"), fixed(id="D2", request="S2/first", offer="O1")))


def test_a_clash(solver: Solver) -> None:
    result = solve(clashing(), TODAY, solver)
    assert (result.status, result.tiers, result.matches) == ("clash", (), ())
    assert solve(clashing(), Policy(as_of=MONDAY, tiers=()), solver).status == "clash"


def test_a_clash_without_any_binary(solver: Solver) -> None:
    # An offer that must have 1 and that nobody may have.
    data = dataset(offers=(offer(stage="final", minimum=1, minimum_kind="always"),))
    assert solve(data, TODAY, solver).status == "clash"


def test_stopped_keeps_what_was_proved(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    # The clock of the reference stands still for three readings, two tiers' worth, and then the time is up.
    readings = iter([0.0, 0.0, 0.0])
    monkeypatch.setattr(lexicographic, "monotonic", lambda: next(readings, 100.0))
    result = solve(dataset(), Policy(as_of=MONDAY, tiers=("placed", "travel")), solver, seconds=50)
    # placed.finals has no binary and is solved for feasibility, placed.firsts and placed.later are proved (the
    # latter without a solver); travel is not reached.
    assert result.status == "stopped"
    assert values(result) == {"placed.finals": 0, "placed.firsts": 1, "placed.later": 0}
    assert result.matches == (("S1/first", "O1", "E1"),)


def test_stopped_before_anything_was_found(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([0.0])
    monkeypatch.setattr(lexicographic, "monotonic", lambda: next(readings, 100.0))
    result = solve(dataset(), TODAY, solver, seconds=50)
    assert (result.status, result.tiers, result.matches) == ("stopped", (), ())


def test_a_plan_that_was_merely_found_is_not_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    # PuLP says status "Optimal" (1) and sol_status "Solution Found" (2) where the time was up with a plan in hand.
    engine = lexicographic._engine

    def stopped(solver: Solver, seconds: float | None, careful: bool) -> Any:
        real = engine(solver, seconds, careful)

        class Stopped:
            def actualSolve(self, problem: Any) -> int:  # noqa: N802 (PuLP's name)
                real.actualSolve(problem)
                problem.assignStatus(1, 2)
                return 1

        return Stopped()

    monkeypatch.setattr(lexicographic, "_engine", stopped)
    result = solve(dataset(), Policy(as_of=MONDAY, tiers=("placed",), placed_total=True), "cbc", seconds=60)
    assert result.status == "stopped"
    assert [(t.tier, t.value, t.bound, t.proved) for t in result.tiers] == [("placed.total", 1, None, False)]
    assert result.matches == (("S1/first", "O1", "E1"),)


def test_impossible_is_asked_again_before_it_is_believed(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = lexicographic._engine

    class Hasty:
        def actualSolve(self, problem: Any) -> int:  # noqa: N802 (PuLP's name)
            problem.assignStatus(-1, -1)
            return -1

    def hasty(name: Solver, seconds: float | None, careful: bool) -> Any:
        return engine(name, seconds, careful) if careful else Hasty()

    monkeypatch.setattr(lexicographic, "_engine", hasty)
    assert solve(dataset(), TODAY, solver).status == "optimal"
    assert solve(clashing(), TODAY, solver).status == "clash"


def test_a_solver_that_fails_is_a_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def actualSolve(self, problem: Any) -> int:  # noqa: N802 (PuLP's name)
            raise pulp.PulpError("no such program")

    monkeypatch.setattr(lexicographic, "_engine", lambda *_: Broken())
    with pytest.raises(SolverFaultError, match="cbc failed: no such program"):
        solve(dataset(), TODAY)


def test_a_plan_that_breaks_its_own_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong:
        def actualSolve(self, problem: Any) -> int:  # noqa: N802 (PuLP's name)
            for variable in problem.variables():
                variable.varValue = 1
            problem.assignStatus(1, 1)
            return 1

    monkeypatch.setattr(lexicographic, "_engine", lambda *_: Wrong())
    # Two students at once in one place.
    with pytest.raises(SolverFaultError, match="breaks its own rows"):
        solve(crowd(2, offers=(offer(),)), TODAY)


def test_nothing_is_printed_or_left_behind(
    solver: Solver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    solve(dataset(), TODAY, solver)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_the_order_of_rows_does_not_matter(solver: Solver) -> None:
    data = crowd(3, offers=(offer(capacity=1), offer("O2", capacity=1)), educators=(educator(), educator("E2")))
    turned = Dataset(**{name: tuple(reversed(getattr(data, name))) for name in Dataset.model_fields})
    one, other = solve(data, TODAY, solver), solve(turned, TODAY, solver)
    assert one.tiers == other.tiers
    # The draw decides who is placed where; which PE takes whom is open.
    assert [m[:2] for m in one.matches] == [m[:2] for m in other.matches]


def test_ids_of_any_kind(solver: Solver) -> None:
    # Ids that become equal names once signs are replaced, and that no file format would take.
    ids = ("S 1", "S-1", "é>=1", "3*x")
    data = dataset(
        students=tuple(student(name) for name in ids),
        requests=tuple(request(f"{name}/first") for name in ids),
        offers=(offer("O 1", capacity=2), offer("O-1", capacity=2)),
        educators=(educator("PE/1", load=2), educator("PE 1", load=2)),
    )
    assert len(solve(data, TODAY, solver).matches) == 4


def test_usage_errors() -> None:
    with pytest.raises(UsageError, match="unknown solver 'glpk'; allowed: cbc, highs"):
        solve(dataset(), TODAY, "glpk")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="more than 0"):
        solve(dataset(), TODAY, seconds=0)


def test_blank_as_of_is_the_day_of_the_run() -> None:
    # Reserved for others until the day of the run: closed; until the day before: open.
    today = date.today()
    for reserved_until, expected in ((today, 0), (date.fromordinal(today.toordinal() - 1), 1)):
        data = dataset(offers=(offer(reserved_for="BA", reserved_until=reserved_until),))
        assert len(solve(data, Policy(tiers=("placed",))).matches) == expected
