"""Both file formats, read again by other readers: the same optimum of the first tier, and names a person can read."""

from pathlib import Path
from typing import Any

import highspy
import pulp
import pytest
from pulp import apis

from allocator.reference import export, solve
from models.dataset import Dataset
from models.errors import UsageError
from models.policy import Policy
from tests.builders import MONDAY, dataset, educator, offer, student
from tests.reference.conftest import values
from tests.reference.test_limits import crowd

TOTAL = Policy(as_of=MONDAY, placed_total=True)


def three_for_two() -> Dataset:
    """Three students, two places: the first tier, ``placed.total``, is 2."""
    return crowd(3, offers=(offer(capacity=2),))


def read_by_highs(path: Path) -> float:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getObjectiveValue())


@pytest.mark.parametrize("suffix", [".lp", ".mps", ".LP"])
def test_highs_reads_the_first_tier(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    export(three_for_two(), TOTAL, path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    if suffix == ".LP":
        path = path.rename(tmp_path / "model.lp")
    assert read_by_highs(path) == 2
    assert values(solve(three_for_two(), TOTAL))["placed.total"] == 2


def test_pulp_reads_the_first_tier(tmp_path: Path) -> None:
    path = tmp_path / "model.mps"
    export(three_for_two(), TOTAL, str(path))
    _, problem = pulp.LpProblem.fromMPS(str(path), sense=pulp.LpMaximize)
    solvers: Any = apis
    problem.solve(solvers.COIN_CMD(path=solvers.PULP_CBC_CMD.pulp_cbc_path, msg=False))
    assert problem.sol_status == pulp.LpSolutionOptimal
    assert problem.objective.value() == 2


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_a_tier_to_minimise(tmp_path: Path, suffix: str) -> None:
    # Nobody who needs a student has one in time where nothing is placed; E1 can have one: the least is 0 of 1,
    # and with nobody to place 1.
    policy = Policy(as_of=MONDAY, tiers=("trainees", "placed"))
    for data, least in ((dataset(educators=(educator(needs_student_by=MONDAY),)), 0),
                        (dataset(educators=(educator(needs_student_by=MONDAY),), offers=()), 1)):  # fmt: skip
        export(data, policy, tmp_path / f"model{suffix}")
        assert read_by_highs(tmp_path / f"model{suffix}") == least


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_an_empty_dataset(tmp_path: Path, suffix: str) -> None:
    for policy in (TOTAL, Policy(as_of=MONDAY, tiers=())):
        export(Dataset(), policy, tmp_path / f"model{suffix}")
        assert read_by_highs(tmp_path / f"model{suffix}") == 0


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_names_carry_rule_and_subject(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    export(three_for_two(), TOTAL, path)
    text = path.read_text(encoding="utf-8")
    for name in ("rule_L01_S2_first", "rule_L02_offer_O1", "x_S3_first_O1_E1", "tier_complete_S1_first"):
        assert name in text
    # Tier 1 is the objective; the others stand in comments.
    assert "Tier 1: max placed.total = +1 x_S1_first_O1_E1 +1 x_S2_first_O1_E1 +1 x_S3_first_O1_E1" in text
    assert "Tier 2: max complete = +1 complete_S1 +1 complete_S2 +1 complete_S3" in text


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"model.txt.*must end in .lp or .mps"):
        export(dataset(students=(student(),)), TOTAL, tmp_path / "model.txt")
    with pytest.raises(UsageError, match="folder does not exist"):
        export(dataset(), TOTAL, tmp_path / "nowhere" / "model.lp")
    assert list(tmp_path.iterdir()) == []
