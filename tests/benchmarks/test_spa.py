"""The engine on public kinds of instance: tiny ones whose optimum is derived here, and a sample of the shared ones."""

import os
from pathlib import Path

import pytest

from allocator.pipeline import allocate
from benchmarks.spa import as_dataset, compare, instance_files, measures, profile, report
from benchmarks.spa_reader import Instance, Measure, parse_instance
from models.dataset import Dataset
from models.errors import SolverFaultError
from models.plan import CheckReport, Violation
from models.policy import Policy
from models.run import Outcome

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("PLACEMENTS_SHARED_DATA", REPOSITORY.parent / "shared" / "data")) / "spa"
needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"no folder {SHARED}: set PLACEMENTS_SHARED_DATA to the shared data"
)


def instance(*lines: str) -> Instance:
    return parse_instance("\n".join(lines))


CHAIN = ("3 3", "1: 1 2", "2: 1 3", "3: 2 1", "1: 0: 1:", "2: 0: 1:", "3: 0: 1:")
"""Three students, three places of one. All three can be placed. Student 1 has {1, 2}, 2 has {1, 3}, 3 has {2, 1};
complete matchings: 1-1 2-3 3-2 (ranks 1 2 1: cost 4), 1-2 2-3 3-1 (2 2 2: cost 6), and 1-2 2-1 is not one, for 3
would have nothing. Best by every order: profile (2, 1)."""


def test_a_chain() -> None:
    assert measures(instance(*CHAIN)) == {
        "status": "FEASIBLE", "max_size": 3, "min_cost": 4, "min_degree": 2,
        "greedy_max_profile": (2, 1), "generous_max_profile": (2, 1), "greedy_profile": (2, 1),
    }  # fmt: skip


def test_the_three_orders_differ() -> None:
    # Places a, b, c, d of one. 1: a | 2: a b | 3: b c | 4: c d a (and so on) gives one complete matching only:
    # 1-a, 2-b, 3-c, 4-d: ranks 1 2 2 2, profile (1, 3), cost 7, worst 2.
    # Without the size condition greedy takes first choices: a (1 or 2), b (3), c (4): three of rank 1; the one of
    # 1, 2 who lost a: 1 has nothing else, 2 wants b, which is taken. Profile (3).
    found = measures(instance("4 4", "1: 1", "2: 1 2", "3: 2 3", "4: 3 4", *(f"{p}: 0: 1:" for p in range(1, 5))))
    assert (found["max_size"], found["min_cost"], found["min_degree"]) == (4, 7, 2)
    assert found["greedy_max_profile"] == found["generous_max_profile"] == (1, 3)
    assert found["greedy_profile"] == (3,)


def test_generous_avoids_the_worst_rank_that_greedy_accepts() -> None:
    # 1: a b | 2: b c | 3: a b c, all of one place. Complete: (1a 2b 3c) ranks 1 1 3: profile (2, 0, 1), cost 5;
    # (1a 2c 3b) ranks 1 2 2: (1, 2), cost 5; (1b 2c 3a) ranks 2 2 1: (1, 2), cost 5.
    found = measures(instance("3 3", "1: 1 2", "2: 2 3", "3: 1 2 3", *(f"{p}: 0: 1:" for p in range(1, 4))))
    assert found["greedy_max_profile"] == found["greedy_profile"] == (2, 0, 1)
    assert found["generous_max_profile"] == (1, 2)
    assert (found["min_cost"], found["min_degree"]) == (5, 2)


def test_ties_share_a_rank() -> None:
    # (a b) c: c is rank 2. 1 and 2 both (a b) c; a, b of one place: ranks 1 1. 3: a (b c): only c is left, rank 2.
    found = measures(instance("3 3", "1: (1 2) 3", "2: (1 2) 3", "3: 1 (2 3)", *(f"{p}: 0: 1:" for p in (1, 2, 3))))
    assert found["generous_max_profile"] == (2, 1)


def test_a_supervisor_limits_several_projects() -> None:
    # projects 1 and 2 hold two each, their supervisor takes 2 over both: of three students who list only these, 2
    text = ("3 2 1", "1: 1", "2: 1 2", "3: 2 1", "1: 0: 2: 1", "2: 0: 2: 1", "1: 0: 1: 2:")
    assert measures(instance(*text))["max_size"] == 2


def test_lower_quotas_hold_and_cost_ranks() -> None:
    # both want 1, but project 2 needs one student, so one of them has rank 2
    found = measures(instance("2 2", "1: 1 2", "2: 1 2", "1: 0: 2:", "2: 1: 2:"))
    assert found["generous_max_profile"] == (1, 1)


def test_quotas_that_cannot_hold_are_infeasible() -> None:
    # project 1 needs two students and only one lists it
    assert measures(instance("2 2", "1: 1 2", "2: 2", "1: 2: 2:", "2: 0: 2:")) == {"status": "INFEASIBLE"}


def test_a_supervisor_who_needs_a_student_whom_nobody_lists_is_infeasible() -> None:
    text = ("1 2 2", "1: 1", "1: 0: 1: 1", "2: 0: 1: 2", "1: 0: 1: 1:", "2: 1: 1: 1:")
    assert measures(instance(*text)) == {"status": "INFEASIBLE"}


def test_a_student_who_lists_nothing_is_never_placed() -> None:
    found = measures(instance("2 1", "1:", "2: 1", "1: 0: 2:"))
    assert (found["max_size"], found["generous_max_profile"]) == (1, (1,))


def test_the_mapping() -> None:
    data = as_dataset(instance("1 2 1", "1: 2 1", "1: 0: 1: 4", "2: 1: 3: 4", "4: 1: 2: 2:"))
    assert data.students[0].ranked_offers == (("O2",), ("O1",))
    assert [(o.offer, o.agency, o.capacity, o.minimum, o.minimum_kind) for o in data.offers] == [
        ("O1", "A4", 1, 0, "always"),
        ("O2", "A4", 3, 1, "always"),
    ]
    assert [(a.agency, a.membership, a.minimum_in_year, a.maximum_in_year) for a in data.agencies] == [
        ("A4", "secondary", 1, 2)
    ]
    assert [(e.employed_by, e.qualification, int(e.load)) for e in data.educators] == [("A4", "PEPS2", 1)]


def test_profiles_count_ranks() -> None:
    assert profile([1, 3, 1]) == (2, 0, 1)
    assert profile([]) == ()


def folder_with(tmp_path: Path, known: str | None, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.txt").write_text(text)
    if known is not None:
        (tmp_path / "known_optima.csv").write_text(known)
    return tmp_path


def agreement(folder: Path) -> dict[tuple[str, str], tuple[Measure | None, bool | None]]:
    return {(row.instance, row.measure): (row.found, row.agrees) for row in compare(folder)}


def test_a_row_per_measure_says_whether_it_agrees(tmp_path: Path) -> None:
    known = 'instance,status,max_size,min_cost_at_max,greedy_profile\n1,FEASIBLE,3,5,"[2, 1, 0]"\n'
    rows = agreement(folder_with(tmp_path, known, **{"1": "\n".join(CHAIN)}))
    assert rows["1", "max_size"] == (3, True)
    assert rows["1", "min_cost"] == (4, False)  # 4 by the chain's derivation; the file says 5
    assert rows["1", "greedy_profile"] == ((2, 1), True)
    assert rows["1", "min_degree"] == (2, None)


def test_a_mismatch_is_exit_code_1_and_agreement_0(tmp_path: Path) -> None:
    lines: list[str] = []
    folder = folder_with(tmp_path, "instance,max_size\n1,3\n", **{"1": "\n".join(CHAIN)})
    assert report([folder], lines.append) == 0
    assert lines[-1].startswith("1 instances, 1 measures compared: 1 agree, 0 do not")
    folder_with(tmp_path, "instance,max_size\n1,2\n")
    assert report([folder], lines.append) == 1


def test_known_infeasible_but_feasible_is_a_mismatch(tmp_path: Path) -> None:
    rows = agreement(folder_with(tmp_path, "instance,status\n1,INFEASIBLE\n", **{"1": "\n".join(CHAIN)}))
    assert rows["1", "status"] == ("FEASIBLE", False)


def test_a_malformed_file_is_named_and_the_rest_runs(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, None, **{"1": "not an instance", "2": "\n".join(CHAIN), "LICENSE": "free"})
    (folder / "3.txt").write_bytes(b"\xff\xfe\x00")
    rows = list(compare(folder))
    assert [(row.instance, row.agrees) for row in rows if row.problem] == [("1", False), ("3", False)]
    assert {row.instance for row in rows} == {"1", "2", "3"}
    assert report([folder], lambda line: None) == 1


def test_known_optima_that_cannot_be_read_are_a_mismatch(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "instance,max_size\n1,many\n", **{"1": "\n".join(CHAIN)})
    assert [row.instance for row in compare(folder) if row.agrees is False] == ["known_optima.csv"]


def test_a_folder_without_instances_is_exit_code_2(tmp_path: Path) -> None:
    assert report([tmp_path], lambda line: None) == 2


def test_a_run_that_fails_or_breaks_a_rule_is_a_mismatch(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, None, **{"1": "\n".join(CHAIN)})

    def fails(dataset: Dataset, policy: Policy) -> Outcome:
        raise SolverFaultError("no answer")

    def breaks(dataset: Dataset, policy: Policy) -> Outcome:
        broken = CheckReport(violations=(Violation(rule="L02", subjects=("O1",), message="two in one place"),))
        return allocate(dataset, policy)._replace(check=broken)

    assert [row.problem for row in compare(folder, fails)] == ["no answer"]
    assert [row.problem for row in compare(folder, breaks)] == ["the plan breaks L02"]


SAMPLE = (
    "glasgow/hr/0", "glasgow/hr/10", "glasgow/spa/0", "glasgow/spa/12", "glasgow/spa/6",
    "glasgow/spa_onesided/2", "glasgow/spa_onesided/4", "glasgow_projects_2007_2015/2",
)  # fmt: skip
"""A few of each kind, clashing ones included; ``python -m benchmarks spa`` runs all of them."""


@needs_shared_data
@pytest.mark.parametrize("name", SAMPLE)
def test_shared_instances_agree(name: str, tmp_path: Path) -> None:
    source = SHARED / f"{name}.txt"
    for path in (source, source.parent / "known_optima.csv"):
        (tmp_path / path.name).symlink_to(path)
    rows = list(compare(tmp_path))
    assert [row for row in rows if row.agrees is False] == []
    assert any(row.agrees for row in rows)


@needs_shared_data
def test_every_shared_instance_is_found() -> None:
    assert len(instance_files(SHARED)) == 156
