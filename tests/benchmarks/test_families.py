"""Families: each is valid, the same for its seed, shows its mark, and is solved, proved and checked when small."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from allocator import reference
from allocator.engine.budget import Budget
from allocator.intake import Reading, read_sheets
from allocator.solving import Solver
from allocator.solving.plans import checked
from benchmarks.families import FAMILIES, Sheets, generate, reading
from benchmarks.families.__main__ import main
from models.dataset import Dataset
from models.errors import UsageError
from models.plan import Plan
from models.run import Limits

SMALL, TINY = 20, 12


@cache
def data(family: str) -> Dataset:
    return reading(family, SMALL).dataset


def solved(read: Reading, tiers: tuple[str, ...] = ()) -> Plan:
    """By all tiers, or by some; the check has to consent."""
    policy = read.policy.model_copy(update={"tiers": tiers} if tiers else {})
    plan, report = checked(read.dataset, policy, Solver(read.dataset, policy).solve(Budget(Limits(), None)).plan)
    assert report.passed, report.violations
    return plan


def placed(sheets: Sheets) -> int:
    return len(solved(read_sheets(sheets), ("placed",)).matches)


# ---- every family ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_set_aside(family: str) -> None:
    read = reading(family, SMALL)
    assert [issue.message for issue in read.issues if issue.level != "warning"] == []
    assert len(read.dataset.students) == SMALL


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_seed_gives_the_same_rows(family: str) -> None:
    rows = generate(family, SMALL, 3)
    assert rows == generate(family, SMALL, 3)
    assert rows != generate(family, SMALL, 4)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_tier_is_proved_and_the_check_consents(family: str) -> None:
    plan = solved(reading(family, SMALL))
    assert [tier.tier for tier in plan.tiers if not tier.proved] == []
    assert plan.matches
    assert len(plan.matches) < len(data(family).requests) or family in ("windows_commitments", "pairs")


@pytest.mark.parametrize("family", FAMILIES)
def test_engine_and_reference_agree(family: str) -> None:
    read = reading(family, TINY, 2)
    plan = solved(read)
    found = reference.solve(read.dataset, read.policy)
    assert {tier.tier: tier.value for tier in plan.tiers} == {tier.tier: tier.value for tier in found.tiers}


def test_unknown_families_and_too_few_students_are_named() -> None:
    with pytest.raises(UsageError, match="no family moon; allowed: windows, "):
        generate("moon", SMALL)
    with pytest.raises(UsageError, match="9 students are too few for rural: at least 10"):
        generate("rural", 9)


# ---- their marks -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("family", ["windows", "windows_commitments"])
def test_own_starts_lengths_and_days(family: str) -> None:
    here = data(family)
    # 20 students: 5 and 9 finals now, 6 with two requests: 14 + 6 x 2 = 26, of which 60% is 15.6 and 50% is 13
    assert len(here.requests) == 26
    assert sum(request.earliest_start is not None for request in here.requests) == 16
    usual = {"first": 70, "final": 100}
    assert 11 <= sum(request.days != usual[request.stage] for request in here.requests) <= 13  # one may draw the usual
    assert {request.days for request in here.requests} <= set(range(50, 101))
    assert {int(offer.days_a_week or 0) for offer in here.offers} == {3, 4, 5}
    assert all(team.maximum_at_once for team in here.teams)
    assert all(agency.maximum_at_once for agency in here.agencies)


def test_commitments_are_two_for_each_student_and_short() -> None:
    rows = data("windows_commitments").commitments
    assert len(rows) == 40
    kinds = Counter("pe" if row.pe else "team" if row.team else "agency" for row in rows)
    assert kinds == {"team": 14, "agency": 13, "pe": 13}
    assert all(14 <= (row.last_day - row.first_day).days <= 70 for row in rows if row.first_day and row.last_day)
    assert not data("windows").commitments


def no_maxima(sheets: Sheets) -> None:
    for row in (*sheets["Teams"], *sheets["Agencies"]):
        row["maximum_at_once"] = None


def great_loads(sheets: Sheets) -> None:
    for row in sheets["Educators"]:
        row["load"] = 9


def no_cap(sheets: Sheets) -> None:
    for row in sheets["Policy"]:
        if row["setting"] == "independent_cap_percent":
            row["value"] = 100


def any_contrast(sheets: Sheets) -> None:
    for row in sheets["Policy"]:
        if row["setting"] == "contrast":
            row["value"] = "any"


def more_places(sheets: Sheets) -> None:
    for row in sheets["Offers"]:
        row["capacity"] = 3 * int(str(row["capacity"]))


def no_lock_of_interns(sheets: Sheets) -> None:
    sheets["Policy"].append({"setting": "rule.L09", "value": "off"})


def no_commitments(sheets: Sheets) -> None:
    sheets["Commitments"] = []


@pytest.mark.parametrize(
    ("family", "students", "without"),
    [
        ("windows", 40, no_maxima), ("windows_commitments", 40, no_commitments), ("tight_educators", 30, great_loads),
        ("cap", 30, no_cap), ("contrast_both", 30, any_contrast), ("two_requests", 30, more_places),
        ("pairs", 30, no_lock_of_interns),
    ],
)  # fmt: skip
def test_what_makes_it_hard_binds(family: str, students: int, without: Callable[[Sheets], None]) -> None:
    as_it_is, freed = generate(family, students), generate(family, students)
    without(freed)
    assert placed(as_it_is) < placed(freed)


def test_tight_educators_has_places_enough() -> None:
    here = data("tight_educators")
    # 20 students, 10 of whom have two requests: 30 requests; half as many places again
    assert (len(here.requests), sum(offer.capacity for offer in here.offers)) == (30, 45)
    assert sum(bool(offer.educators) for offer in here.offers) == 0


@pytest.mark.parametrize(("family", "places"), [("two_requests", 36), ("contrast_both", 40)])
def test_two_requests_each(family: str, places: int) -> None:
    here = data(family)
    assert Counter(request.student for request in here.requests) == Counter({s.student: 2 for s in here.students})
    assert sum(offer.capacity for offer in here.offers) == places  # 4 rounds of 10: 90% is 9 each, 105% 10.5, so 10


def test_single_offers_are_two_for_each_student() -> None:
    here = data("single_offers")
    assert len(here.offers) == 40
    assert {offer.capacity for offer in here.offers} == {1}


def test_pairs_are_half_interns_and_half_of_them_with_another() -> None:
    here = data("pairs")
    # 20 students, 10 of them interns, 5 in each of two rounds: of 5 the even part of half is 2
    assert sum(student.scheme == "intern" for student in here.students) == 10
    assert [decision.decision for decision in here.decisions] == ["together"] * 2


def test_trainees_are_most_and_half_of_them_on_their_way() -> None:
    people = data("trainees").educators
    learning = [row for row in people if row.qualification.startswith("trainee")]
    assert len(learning) > len(people) / 2
    assert sum(row.becomes is not None for row in learning) == len(learning) // 2
    assert all(row.needs_student_by for row in learning)


def test_cap_is_of_three_academic_years() -> None:
    read = reading("cap", SMALL)
    assert read.policy.independent_cap_percent == 13
    years = {tranche.first_day.year - (tranche.first_day < date(tranche.first_day.year, 9, 1)) for tranche in
             read.dataset.tranches}  # fmt: skip
    assert years == {2026, 2027, 2028}


@pytest.mark.parametrize(("family", "rounds"), [("all_equal", 1), ("all_equal_two", 2)])
def test_equals_differ_in_nothing_but_their_names(family: str, rounds: int) -> None:
    here = data(family)
    students = {student.model_copy(update={"student": ""}) for student in here.students}
    offers = {offer.model_copy(update={"offer": "", "agency": "", "team": ""}) for offer in here.offers}
    offers = {offer.model_copy(update={"authorities": ()}) for offer in offers}
    assert (len(students), len(offers)) == (1, rounds)
    # 94% of 20 is 18
    assert Counter(offer.tranche for offer in here.offers).most_common()[-1][1] == 18


def test_rural_has_two_universities_patterns_and_few_places_in_reach() -> None:
    read = reading("rural", SMALL)
    assert len({student.university for student in read.dataset.students}) == 2
    assert {int(offer.days_a_week or 0) for offer in read.dataset.offers} == {3, 4, 5}
    pairs = Solver(read.dataset, read.policy).eligibility.pairs
    usual = Solver(data("two_requests"), reading("two_requests", SMALL).policy).eligibility.pairs
    assert sum(map(len, pairs.values())) / len(pairs) < sum(map(len, usual.values())) / len(usual) / 1.5


# ---- the command -----------------------------------------------------------------------------------------------------
def test_the_command_says_what_took_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["all_equal", "students=12"]) == 0
    said = capsys.readouterr().out
    assert "12 requests, 11 offers" in said
    assert "placed 11 of 12 (8.3% not placed)" in said
    assert "tiers proved 20 of 20; check passed: True" in said


@pytest.mark.parametrize("words", [["moon"], ["rural", "student=20"], ["--agianst"]])
def test_the_command_names_what_it_does_not_know(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert words[-1].split("=")[0] in said
