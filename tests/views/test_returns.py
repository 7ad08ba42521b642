"""The yearly return, by hand: students by level, practice educators, what is withheld."""

from datetime import date
from typing import Any

import pytest

from allocator.views.facts import Facts
from allocator.views.returned import return_data
from allocator.views.returns import ALL, ReturnRow, return_rows, return_table
from allocator.views.share import Share
from models.entities import Educator, Word
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match

WORDS = (
    Word(list="programmes", word="BA", meaning="undergraduate"),
    Word(list="programmes", word="MSW", meaning="postgraduate"),
    Word(list="programmes", word="Step Up", meaning="step_up; postgraduate"),
    Word(list="areas", word="children", meaning="children"), Word(list="areas", word="adults", meaning="adults"),
)  # fmt: skip


def partnership(**changes: Any) -> Facts:
    """Due a final: S1, S2 (BA), S3 (MSW), S4 (Step Up), S5 (no level). S2 is not placed; S3's final is not statutory."""
    programmes = {"S1": "BA", "S2": "BA", "S3": "MSW", "S4": "Step Up", "S5": "MA"}
    parts: dict[str, Any] = {
        "students": tuple(
            b.student(s, programme=p, scheme="step_up" if p == "Step Up" else None) for s, p in programmes.items()
        ),
        "requests": tuple(b.request(f"{s}/final") for s in programmes),
        "history": (b.history("S1"), b.history("S2", statutory_regulator="no"), b.history("S3"), b.history("S4")),
        "offers": (
            b.offer("O1", capacity=3, areas=("adults",)), b.offer("O2", setting="voluntary", statutory_regulator="no"),
            b.offer("O3", areas=("street",), setting="school"),
        ),
        "educators": (b.educator("E1", load=3),),
        "words": WORDS,
    }  # fmt: skip
    policy = changes.pop("policy", POLICY)
    matches = (
        match("S1/final"),
        match("S3/final", "O2", "TBC@O2"),
        match("S4/final"),
        match("S5/final", "O3", "TBC@O3"),
    )
    return facts_of(b.dataset(**parts | changes), *matches, policy=policy)


def row(facts: Facts, words: str) -> ReturnRow:
    (found,) = [r for r in return_rows(facts) if r.row == words]
    return found


def test_students_by_their_statutory_placements() -> None:
    facts = partnership()
    # S1: first and final. S3: the first alone. S4: both. S5: no first recorded, a statutory final. S2: none.
    assert row(facts, "with two statutory placements").values == {
        "Undergraduate": Share(1, 2), "Postgraduate": Share(0, 1), "Step Up": Share(1, 1), "Level not stated": Share(0, 1),
        ALL: Share(2, 5),
    }  # fmt: skip
    assert row(facts, "with one").values[ALL] == Share(2, 5)
    found = row(facts, "with none so far")
    assert found.values[ALL] == Share(1, 5)
    assert found.gaps == (
        "level not stated of MA (Lists, programmes); 1 student has no final yet; first placement not recorded: 1"
    )


def test_placements_by_practice_and_days_in_statutory_ones() -> None:
    facts = partnership()
    # Four finals of 100 days; S3's is not statutory: 300. S1 and S4 in adults', S3 voluntary, S5 a school of no area.
    assert row(facts, "days of statutory placements").values[ALL] == 300
    assert [row(facts, kind).values[ALL] for kind in ("adults'", "children's", "private and voluntary", "other")] == [
        Share(2, 4), Share(0, 4), Share(1, 4), Share(1, 4),
    ]  # fmt: skip


def test_the_pass_rate_counts_results_of_the_year_and_says_what_is_missing() -> None:
    past = b.history("S1", start=date(2025, 5, 5))
    done = (
        b.history("S2", start=date(2025, 9, 15), outcome="failed"), b.history("S3", start=date(2025, 9, 15)),
        b.history("S4", start=date(2025, 9, 15), outcome="ended_early"),
    )  # fmt: skip
    found = row(partnership(history=(past, *done)), "passed, of those with a result")
    # The year began on 1 September 2025: S1's of May is another year's.
    assert found.values == {
        "Undergraduate": Share(0, 1), "Postgraduate": Share(1, 1), "Step Up": Share(0, 1), ALL: Share(1, 3),
    }  # fmt: skip
    assert found.gaps == "level not stated of MA (Lists, programmes); no result yet: 4 placements"


PEOPLE: tuple[Educator, ...] = (
    b.educator("E1", load=3),  # active: current until 2030
    b.educator("E2", current_until=date(2025, 11, 20)),  # lapsed yesterday
    b.educator("E3", current_until=None, last_student=date(2023, 11, 21)),  # 24 months: active to the day
    b.educator("E4", current_until=None),  # nothing recorded
    b.educator("E5", qualification="trainee_1", absent_from=date(2025, 11, 1)),  # away comes before trainee
    b.educator("E6", qualification="trainee_2"),
    b.educator("E7", employed_by="independent", team=None),
    b.educator("E8", employed_by="partnership", team=None, qualification="PEPS1"),
    b.educator("E9", employed_by="B", team="Q", leaves_on=date(2025, 11, 20)),  # gone
    b.educator("E10", withdrawn_from=date(2025, 10, 1)),
    b.educator("E11", employed_by="B", team="Q", long_arm=True),
)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("status: active", 5), ("status: lapsed", 1), ("status: away", 1), ("status: trainee", 1),
        ("status: currency not recorded", 1), ("stage: PEPS2", 6), ("stage: PEPS1", 1), ("at stage 2", 6),
        ("location: independent", 1), ("location: practice consultant", 1), ("location: in a team", 6),
        ("location: agency, off-site (long-arm)", 1), ("directorate: no agency's", 2), ("directorate: adults", 1),
        ("directorate: both", 6), ("provider: B", 1), ("independent: not employed by a member", 2),
    ],
)  # fmt: skip
def test_educators_by_kind(words: str, number: int) -> None:
    agencies = (b.agency(), b.agency("B", membership="outside", directorate="adults"))
    # Eleven are on the sheet; E9 has gone and E10 has withdrawn: nine.
    assert row(partnership(educators=PEOPLE, agencies=agencies), words).values == {ALL: Share(number, 9)}


def test_caseloads_are_students_of_the_year_to_a_listed_pe() -> None:
    # S1 and S4 with E1; the other two placements have no listed PE.
    found = row(partnership(), "average caseload")
    assert (found.values, found.gaps) == ({ALL: 2.0}, "2 placements have no listed PE")
    assert row(partnership(), "average caseload, off-site").values == {ALL: None}


def test_what_leaves_the_team_withholds_small_groups_and_the_total_that_would_give_one_away() -> None:
    def values(words: str, smallest: int) -> Any:
        facts = partnership(policy=Policy(as_of=POLICY.as_of, smallest_group=smallest))
        rows = return_rows(facts)
        return next(r for r in return_data(facts, rows)["rows"] if r["row"] == words)["values"]  # type: ignore[attr-defined]

    hidden = {"withheld": True}
    two = "with two statutory placements"
    assert values(two, 1)["Postgraduate"] == {"number": 0, "of": 1, "percent": 0.0}
    # One student in each of three groups, and of two undergraduates one has two and one has none. Of all one has none:
    # the two with two, or with one, would give that one away by the total of five. A cell of nobody would be shown, so
    # the two undergraduates, who are shown, can only be one and one: the two with one go as well.
    assert values(two, 2) == {
        "Undergraduate": hidden, "Postgraduate": hidden, "Step Up": hidden, "Level not stated": hidden, ALL: hidden,
    }  # fmt: skip
    assert values("with one", 2)[ALL] == hidden
    # Days are of the students of their group: of one student they are withheld.
    assert values("days of statutory placements", 2)["Step Up"] == hidden
    everybody = Policy(as_of=POLICY.as_of, smallest_group=2)
    alone = b.student("S3"), *(b.student(f"S{n}", programme="BA") for n in (1, 2, 4, 5))
    facts = partnership(policy=everybody, students=alone)
    found = next(r for r in return_data(facts, return_rows(facts))["rows"] if r["row"] == two)["values"]  # type: ignore[attr-defined]
    # One of five is postgraduate: all less the undergraduates would be that student, so these are withheld too. Of all
    # one has none so far (S2), beside two with two and two with one.
    assert found == {"Undergraduate": hidden, "Postgraduate": hidden, ALL: hidden}


def cohort(number: int, *, first_recorded: int, two: int, **changes: Any) -> Facts:
    """So many BA students due a final, all placed in statutory teams; ``two`` had a statutory first before."""
    names = [f"S{n}" for n in range(1, number + 1)]
    dataset = b.dataset(
        students=tuple(b.student(s, programme="BA") for s in names),
        requests=tuple(b.request(f"{s}/final") for s in names),
        history=tuple(
            b.history(s, statutory_regulator="yes" if n < two else "no") for n, s in enumerate(names[:first_recorded])
        ),
        offers=(b.offer("O1", capacity=number, areas=("adults",)),), educators=changes.get("educators", (b.educator("E1"),)),
        words=WORDS,
    )  # fmt: skip
    matches = (match(f"{s}/final", "O1", "TBC@O1") for s in names)
    return facts_of(dataset, *matches, policy=POLICY)


def outside(facts: Facts, words: str) -> tuple[Any, str]:
    found: Any = next(r for r in return_data(facts, return_rows(facts))["rows"] if r["row"] == words)  # type: ignore[attr-defined]
    return found["values"][ALL], found["gaps"]


HIDDEN = {"withheld": True}


def test_a_few_of_a_large_group_are_a_small_group() -> None:
    # Of 60 one has one statutory placement alone: "59 of 60" would say as much.
    facts = cohort(60, first_recorded=60, two=59)
    assert outside(facts, "with two statutory placements") == (HIDDEN, "")
    assert outside(facts, "with one") == (HIDDEN, "")
    assert outside(facts, "with none so far")[0] == {"number": 0, "of": 60, "percent": 0.0}
    # Ten and fifty are groups that are shown.
    facts = cohort(60, first_recorded=60, two=50)
    assert outside(facts, "with two statutory placements")[0] == {"number": 50, "of": 60, "percent": 83.3}
    assert outside(facts, "with one")[0] == {"number": 10, "of": 60, "percent": 16.7}


def test_a_few_in_a_gap_are_withheld_too() -> None:
    # The first of 6 of 60 is not recorded, then of 54 (and recorded of 6), then of 30.
    for recorded, says in ((54, "withheld"), (6, "withheld"), (30, "30")):
        facts = cohort(60, first_recorded=recorded, two=0)
        gaps = outside(facts, "with one")[1]
        assert gaps == f"first placement not recorded: {says}"
        # The team's own sheet has the number.
        assert row(facts, "with one").gaps == f"first placement not recorded: {60 - recorded}"


def test_a_few_practice_educators_are_persons_too() -> None:
    # Of 30 one is away; 29 are active.
    people = (b.educator("E1", absent_from=date(2025, 11, 1)), *(b.educator(f"E{n}") for n in range(2, 31)))
    facts = cohort(12, first_recorded=12, two=12, educators=people)
    assert outside(facts, "status: away")[0] == outside(facts, "status: active")[0] == HIDDEN
    assert outside(facts, "stage: PEPS2")[0] == {"number": 30, "of": 30, "percent": 100.0}
    assert outside(facts, "at stage 2")[0] == {"number": 30, "of": 30, "percent": 100.0}
    assert outside(facts, "listed")[0] == {"number": 30}
    assert outside(facts, "days of statutory placements")[0] == {"number": 1200}


def test_practice_educators_do_not_follow_from_another_table() -> None:
    # 12 PEPS2, 30 PEPS1, 5 trainees: with the 5 go the next smallest, the 12, or "at stage 2: 12 of 47" would give the
    # 5 away beside the 30.
    kinds = ["PEPS2"] * 12 + ["PEPS1"] * 30 + ["trainee_1"] * 5
    people = tuple(b.educator(f"E{n}", qualification=kind) for n, kind in enumerate(kinds, start=1))
    facts = cohort(12, first_recorded=12, two=12, educators=people)
    assert outside(facts, "stage: PEPS2")[0] == outside(facts, "at stage 2")[0] == HIDDEN
    assert outside(facts, "stage: PEPS1")[0] == {"number": 30, "of": 47, "percent": 63.8}


def test_the_sheet_names_source_and_gaps_of_every_row() -> None:
    facts = partnership()
    table = return_table(facts, return_rows(facts))
    titles = [c.title for c in table.columns]
    assert all(r[titles.index("Source")] for r in table.rows)
    assert [c.group for c in table.columns if c.title == "Of"] == [
        "Undergraduate", "Postgraduate", "Step Up", "Level not stated", "All",
    ]  # fmt: skip
