"""Public instances with other solvers: their matchings as plans, judged, and beside what is known."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import talking
from benchmarks.instances import judge, measures, summary
from benchmarks.peers.matching import _preferences
from benchmarks.spa_reader import parse_instance
from models.errors import SolverFaultError

TEXT = "3 3\n1: 1 2\n2: 1 3\n3: 2 1\n1: 0: 1:\n2: 0: 1:\n3: 1: 1:\n"
"""Three students, three places of one, and project 3 needs a student: only student 2 lists it."""
KNOWN = 'instance,status,max_size,min_cost_at_max,greedy_profile\n1,FEASIBLE,3,4,"[2, 1]"\n'


def answer(tmp_path: Path, order: str, matching: dict[str, str] | None, **more: Any) -> dict[str, Any]:
    (tmp_path / "1.txt").write_text(TEXT)
    (tmp_path / "known_optima.csv").write_text(KNOWN)
    return {"file": str(tmp_path / "1.txt"), "order": order, "seconds": 0.5, "matching": matching, **more}


BEST = {"1": "1", "2": "3", "3": "2"}
"""Ranks 1, 2, 1: the only complete matching but 1-2, 2-3, 3-1 (2, 2, 2)."""


def test_a_matching_is_judged_and_measured_by_its_order(tmp_path: Path) -> None:
    judged = judge(answer(tmp_path, "least_cost", BEST))
    assert (judged.breaks, dict(judged.measures)) == ((), {"status": "FEASIBLE", "max_size": 3, "min_cost": 4})
    assert measures("generous", [1, 2, 1]) == {
        "status": "FEASIBLE", "max_size": 3, "generous_max_profile": (2, 1), "min_degree": 2,
    }  # fmt: skip
    assert measures("greedy", [1, 1]) == {"status": "FEASIBLE", "greedy_profile": (2,)}
    assert measures("greedy_at_maximum", []) == {"status": "FEASIBLE", "max_size": 0, "greedy_max_profile": ()}
    assert measures("stable", [1, 1]) == {"max_size": 2}


def test_a_matching_that_breaks_a_quota_says_nothing_of_what_is_possible(tmp_path: Path) -> None:
    # project 3 needs a student and has none
    judged = judge(answer(tmp_path, "generous", {"1": "2", "2": "1"}))
    assert (judged.breaks, dict(judged.measures)) == (("L10",), {})


def test_a_summary(tmp_path: Path) -> None:
    runs = [
        judge(answer(tmp_path, "least_cost", BEST)),  # status, size 3 and cost 4: three agree
        judge(answer(tmp_path, "greedy", BEST)),  # status and (2, 1): two agree
        judge(answer(tmp_path, "generous", None)),  # "infeasible", and it is not: one differs
        judge(answer(tmp_path, "stable", {"1": "2"})),  # project 3 is empty: illegal
        judge({**answer(tmp_path, "greedy", None), "problem": "TypeError: it broke"}),
    ]
    found = summary(runs)
    assert found["differing"] == [f"{tmp_path.name}/1 status"]
    del found["differing"]
    assert found == {
        "instances": 1, "runs": 5, "seconds": 2.5, "legal": 3, "failed": 1, "problems": ["TypeError: it broke"],
        "agree": 5, "differ": 1,
    }  # fmt: skip


def test_supervisors_preferences_stand_in_their_lines() -> None:
    spa = "1 1 1\n1: 1\n1: 0: 1: 4\n4: 0: 1: 1: (1 2)\n".replace("(1 2)", "(1)")
    assert _preferences(spa, parse_instance(spa), supervised=True) == {"4": ["1"]}
    hospitals = "2 1\n1: 1\n2: 1\n1: 0: 1: 2 1\n"
    assert _preferences(hospitals, parse_instance(hospitals), supervised=False) == {"1": ["2", "1"]}


class TestTalking:
    """With this Python in the place of the one that has the peers, and scripts in the place of theirs."""

    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        peers = tmp_path / "benchmarks" / "peers"
        peers.mkdir(parents=True)
        for folder in (peers, peers.parent):
            (folder / "__init__.py").write_text("")
        (peers / "says.py").write_text(
            "import sys\nprint('a log line')\nprint('{\"said\": \"' + sys.argv[1] + '\"}')\n"
        )
        (peers / "fails.py").write_text("print('{}')\nraise ValueError('no such thing')\n")
        monkeypatch.setattr(talking, "ROOT", tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv(talking.VARIABLE, sys.executable)

    def test_objects_are_taken_and_other_lines_left(self) -> None:
        assert list(talking.talk("says", "this")) == [{"said": "this"}]

    def test_an_error_is_passed_on(self) -> None:
        with pytest.raises(SolverFaultError, match="ValueError: no such thing"):
            list(talking.talk("fails"))

    def test_what_is_missing_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert talking.missing("pydantic")() is None
        assert (
            talking.missing("no-such-package")() == "no-such-package is not installed in the environment with the peers"
        )
        assert talking.missing("pydantic", "no-such-program")() == "pydantic needs no-such-program, which cannot be run"
        assert json.dumps(talking.version("pydantic"))
        monkeypatch.setenv(talking.VARIABLE, str(tmp_path / "absent"))
        assert talking.missing("pydantic")() == "no environment with the peers: python -m benchmarks peers"
