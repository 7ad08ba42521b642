"""Two statutory placements that can no longer be had: said when the input is read, student by student."""

from typing import Any

import pytest

from tests.reading.sheets import FULL, issues, of_code, sheets, with_row

TWO = [{"setting": "statutory_least", "value": "MSW=2"}]


def codes(policy: list[dict[str, Any]] = TWO, **rows: Any) -> list[str]:
    return [i.subject or "" for i in issues(sheets(Policy=policy, **rows)) if i.code == "V441"]


def test_a_first_that_was_not_statutory_and_only_a_final_left() -> None:
    # S3, MSW: History has a passed first at C/Z with statutory_regulator no; the final is all that is left.
    found = of_code(issues(sheets(Policy=TWO)), "V441")
    assert (found.level, found.sheet, found.row, found.column) == ("warning", "Students", 4, "programme")
    assert "S3: two statutory placements are asked of MSW" in found.message
    assert "the first (C, Z) was not" in found.message


@pytest.mark.parametrize(
    "policy",
    [
        [],  # one of two is enough
        [{"setting": "statutory_least", "value": "BA=2"}],  # of another programme
        [*TWO, {"setting": "rule.L04", "value": "off"}],
        [*TWO, {"setting": "statutory_test", "value": "dfe"}],  # of which nobody says anything
    ],
)
def test_nothing_is_said_where_two_are_not_asked_or_not_known(policy: list[dict[str, Any]]) -> None:
    assert codes(policy) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"statutory_regulator": "yes"}, []),
        ({"statutory_regulator": "by equivalence"}, []),
        ({"statutory_regulator": "not known"}, []),
        ({"outcome": "failed"}, []),  # no first that counts: it is not recorded, which has its own warning
        ({"agency": None, "team": None}, ["S3"]),
    ],
)
def test_what_the_first_was(changes: dict[str, Any], said: list[str]) -> None:
    assert codes(History=with_row("History", 2, **changes)) == said


def test_the_latest_first_counts() -> None:
    later = {"student": "S3", "stage": "first", "agency": "A", "team": "X", "start": "2026-05-11"}
    for statutory, said in (("yes", []), ("no", ["S3"])):
        rows = [*FULL["History"], later | {"statutory_regulator": statutory}]
        assert codes(History=rows) == said


def test_who_has_a_first_to_find_can_still_have_two_of_them_mended_by_nothing() -> None:
    # S3 repeats the first: both placements are still to come, and both will be statutory.
    requests = [*FULL["Requests"], *({"student": "S3", "stage": stage} for stage in ("first", "final"))]
    assert codes(Requests=requests) == []


def test_a_final_that_an_employer_found_and_a_student_who_has_withdrawn_are_not_asked() -> None:
    found = [*FULL["Requests"], {"student": "S3", "stage": "final", "found_by": "employer"}]
    assert codes(Requests=found) == []
    gone = [{"decision": "withdraw", "about": "student", "request": "S3/final", "by": "lead"}]
    assert codes(Decisions=gone) == []


def test_a_first_that_still_runs_at_a_place_that_is_not_statutory() -> None:
    # Published and started in a past round, in B/Y, which is not statutory; History says nothing.
    rows: dict[str, Any] = {
        "History": None,
        "Requests": [
            *FULL["Requests"],
            {"student": "S3", "stage": "first", "tranche": "T0"},
            {"student": "S3", "stage": "final"},
        ],
        "Offers": [
            *FULL["Offers"],
            {"offer": "O9", "agency": "B", "team": "Y", "tranche": "T0", "statutory_regulator": "no"},
        ],
        "Published": [{"request": "S3/first", "offer": "O9", "status": "started", "start": "2026-09-07", "end": "2027-01-29"}],
    }  # fmt: skip
    assert codes(**rows) == ["S3"]
    rows["Offers"] = [*rows["Offers"][:-1], rows["Offers"][-1] | {"statutory_regulator": "yes"}]
    assert codes(**rows) == []
