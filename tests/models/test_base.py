"""Ids in natural order, frozen records, pools, and lookups of a dataset."""

import random
from datetime import date

import pytest
from pydantic import ValidationError

from models.base import natural_key
from models.dataset import Dataset
from models.entities import EducatorEntry, Place, Published, Team
from models.errors import (
    AllocationError,
    InputUnusableError,
    Issue,
    PlanRejectedError,
    PlanUnfitError,
    PolicyError,
    SolverFaultError,
    UsageError,
)
from models.plan import CheckReport, Violation
from models.run import Limits
from tests import builders as b


def test_ids_sort_naturally() -> None:
    ordered = [
        "2",
        "10",
        "E1",
        "E2",
        "E10",
        "S1/final",
        "S1/first",
        "S1/first/2",
        "S1/first/10",
        "S02/first",
        "S10/first",
    ]
    for seed in range(5):
        mixed = random.Random(seed).sample(ordered, len(ordered))
        assert sorted(mixed, key=natural_key) == ordered


@pytest.mark.parametrize(("one", "other"), [("S1", "S01"), ("PE2", "pe2"), ("A", "a"), ("", " "), ("1", "01")])
def test_different_ids_never_tie(one: str, other: str) -> None:
    assert natural_key(one) != natural_key(other)
    assert (natural_key(one) < natural_key(other)) != (natural_key(other) < natural_key(one))


def test_digits_of_other_scripts_and_superscripts_do_not_break_the_order() -> None:
    assert sorted(["E²", "E1", "E٣"], key=natural_key) == ["E1", "E٣", "E²"]


def test_records_are_frozen_and_refuse_unknown_fields() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        b.offer().capacity = 3  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        b.offer(colour="green")


@pytest.mark.parametrize(
    ("entry", "pool"),
    [
        (EducatorEntry(kind="tbc"), "TBC@O1"),
        (EducatorEntry(kind="tbc", qualification="PEPS2"), "TBC PEPS2@O1"),
        (EducatorEntry(kind="own", qualification="trainee_1", places=2), "own trainee_1@O1"),
    ],
)
def test_ids_of_pools(entry: EducatorEntry, pool: str) -> None:
    assert entry.pool_id("O1") == pool


def test_lookups_by_id() -> None:
    row = Published(request="S1/first", offer="O1", standing="kept")
    team, place = Team(agency="A", team="X"), Place(place="P0", latitude=51, longitude=0)
    older, newer = b.history(agency="one"), b.history(agency="two")
    data = b.dataset(published=(row,), teams=(team,), places=(place,), history=(older, b.history("S2"), newer))
    assert (data.student_by_id["S1"], data.request_by_id["S1/first"]) == (data.students[0], data.requests[0])
    assert (data.offer_by_id["O1"], data.educator_by_id["E1"]) == (data.offers[0], data.educators[0])
    assert (data.agency_by_id["A"], data.tranche_by_id["T1"]) == (data.agencies[0], data.tranches[0])
    assert (data.team_by_key["A", "X"], data.place_by_id["P0"]) == (team, place)
    assert data.published_by_request == {"S1/first": row}
    assert data.history_by_student == {"S1": (older, newer), "S2": (b.history("S2"),)}


def test_digests_are_of_all_facts_notes_and_issues_too() -> None:
    plain = b.dataset()
    issue = Issue(level="warning", code="V1", message="look")
    changed = [
        b.dataset(requests=(b.request(note="a note"),)), b.dataset(issues=(issue,)), b.dataset(bank_holidays=(date(2026, 1, 1),)),
        Dataset(),
    ]  # fmt: skip
    assert plain.digest == b.dataset().digest
    assert len(plain.digest) == 32
    assert len({plain.digest, *(d.digest for d in changed)}) == 5


def test_every_error_has_a_code_of_its_own() -> None:
    errors = (
        AllocationError, UsageError, InputUnusableError, PolicyError, PlanUnfitError, SolverFaultError, PlanRejectedError,
    )  # fmt: skip
    codes = [error.code for error in errors]
    assert codes == ["fault", "usage", "input_unusable", "policy", "plan_unfit", "solver_fault", "plan_rejected"]
    stop = Issue(level="stop", code="V1", message="no sheet Offers")
    warning = Issue(level="warning", code="V2", message="unknown column")
    error = InputUnusableError((stop, warning))
    assert (error.code, str(error), error.issues) == ("input_unusable", "no sheet Offers", (stop, warning))
    assert str(InputUnusableError((warning,))) == "the input cannot be used"


def test_a_check_with_a_violation_has_not_passed() -> None:
    assert CheckReport().passed
    broken = Violation(rule="L02", subjects=("O1",), message="3 in 2")
    assert not CheckReport(violations=(broken,)).passed
    assert CheckReport(kept_despite=(broken,)).passed  # listed, not violated


def test_limits_are_none_by_default() -> None:
    assert (Limits().seconds, Limits().work, Limits().gap_percent) == (None, None, 0)
