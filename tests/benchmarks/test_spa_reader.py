"""The reader of public instances: what a file says, and what it must not say."""

from pathlib import Path

import pytest

from benchmarks.spa_reader import (
    MalformedError,
    Project,
    Supervisor,
    parse_instance,
    parse_preferences,
    read_known,
    without_trailing_zeros,
)


def test_preferences_with_ties() -> None:
    assert parse_preferences("4 (2 3) 1") == (("4",), ("2", "3"), ("1",))
    assert parse_preferences("(5 6)") == (("5", "6"),)
    assert parse_preferences("") == ()


@pytest.mark.parametrize("text", ["(1 2", "1) 2", "(1 (2) 3)", "() 1", "1 2 1", "1 (2 1)"])
def test_preferences_that_mean_nothing(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_preferences(text)


def test_instance_with_supervisors() -> None:
    # two students, two projects (the second may not be empty) of one supervisor who takes 1 to 2; then a note
    instance = parse_instance("2 2 1\n1: 2 1\n2: (1 2)\n1: 0: 1: 7\n2: 1: 2: 7\n7: 1: 2: 2: 1 2\n\nanything: 5\n")
    assert instance.students == {"1": (("2",), ("1",)), "2": (("1", "2"),)}
    assert instance.projects == {"1": Project(0, 1, "7"), "2": Project(1, 2, "7")}
    assert instance.supervisors == {"7": Supervisor(1, 2)}


def test_supervisor_without_preferences_and_student_without_a_list() -> None:
    instance = parse_instance("1 1 1\r\n1:\r\n1: 0: 1: 1\r\n1: 0: 1: 3:\r\n")
    assert instance.students == {"1": ()}
    assert instance.supervisors == {"1": Supervisor(0, 3)}


def test_hospitals_have_no_supervisors() -> None:
    # the third field is the hospital's own list, which is not used
    assert parse_instance("1 1\n1: 1\n1: 0: 3: 1 (2 3)\n").projects == {"1": Project(0, 3, None)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1 is not"),
        ("two 2\n", "line 1 is not"),
        ("1 1\n1: 1\n", "announces 2 lines, 1 follow"),
        ("1 1\n1: 1\n1: 0: 1\n2: 0: 1\n", "announces 2 lines, 3 follow"),
        ("1 1\n1 1\n1: 0: 1\n", "line 2 does not begin"),
        ("2 1\n1: 1\n1: 1\n1: 0: 1\n", "line 3 repeats the id 1"),
        ("1 1\n1: 2\n1: 0: 1\n", "line 2 lists 2"),
        ("1 1\n1: (1\n1: 0: 1\n", "line 2: a bracket does not close"),
        ("1 1\n1: 1\n1: 0: many\n", "line 3 has no whole number in field 3"),
        ("1 1\n1: 1\n1: 0\n", "line 3 has no whole number in field 3"),
        ("1 1 1\n1: 1\n1: 0: 1: 9\n1: 0: 1: 1:\n", "line 3 names the supervisor '9'"),
        ("1 1 1\n1: 1\n1: 0: 1: 1\n1: 0: 1:\n", "line 4 has no whole number in field 4"),
    ],
)
def test_malformed_files_name_the_line(text: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says.replace("(", r"\(")):
        parse_instance(text)


def test_trailing_zeros() -> None:
    assert without_trailing_zeros([2, 0, 1, 0, 0]) == (2, 0, 1)
    assert without_trailing_zeros([0, 0]) == ()


def test_known_optima_blank_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "known_optima.csv").write_text(
        "instance,status,max_size,min_cost_at_max,min_degree_at_max,generous_max_profile,greedy_profile\n"
        '3,FEASIBLE,6,11,,"[1, 5, 0, 0]",\n4,INFEASIBLE,,,,,\n'
    )
    known = read_known(tmp_path)
    assert known["3"] == {"status": "FEASIBLE", "max_size": 6, "min_cost": 11, "generous_max_profile": (1, 5)}
    assert known["4"] == {"status": "INFEASIBLE"}


def test_a_folder_without_known_optima_knows_nothing(tmp_path: Path) -> None:
    assert read_known(tmp_path) == {}


@pytest.mark.parametrize("line", ["1,perhaps,", "1,,six", ",FEASIBLE,1"])
def test_known_optima_that_cannot_be_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "known_optima.csv").write_text(f"instance,status,max_size\n{line}\n")
    with pytest.raises(MalformedError, match="line 2"):
        read_known(tmp_path)
