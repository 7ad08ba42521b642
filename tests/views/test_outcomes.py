"""Where former students work, posts and internships, by hand."""

from datetime import date
from typing import Any

from allocator.views.blocks import Grid, Text
from allocator.views.facts import Facts
from allocator.views.outcomes import Internships, Outcomes, Owed, Posts, outcome_blocks
from allocator.views.share import Share
from allocator.views.year import Year
from models.entities import Employment, Published, Team
from models.policy import Policy
from tests import builders as b
from tests.report.looking import END, POLICY, facts_of, match


def job(student: str, employer: str, first: date | None = date(2025, 9, 1), last: date | None = None) -> Employment:
    return Employment(student=student, employer=employer, first_day=first, last_day=last)


def of(facts: Facts) -> Outcomes:
    return Outcomes(Year(facts))


AGENCIES = (b.agency("A"), b.agency("B", membership="secondary"), b.agency("C", membership="outside"))


def final(student: str, agency: str, **changes: Any) -> Any:
    return b.history(student, stage="final", agency=agency, **changes)


def former() -> Facts:
    jobs = (
        job("F1", "A"),
        job("F2", "A", last=date(2025, 10, 31)), job("F2", "B", date(2025, 11, 1)),
        job("F3", "B", last=date(2025, 11, 20)),  # left yesterday
        job("F4", "C"),
        job("F5", "A", None),
        job("F6", "B", date(2026, 1, 5)),  # still to come
    )  # fmt: skip
    history = (
        final("F1", "A"), final("F2", "A"), final("F3", "A", outcome="failed", start=date(2025, 5, 5)),
        final("F3", "B", start=date(2024, 5, 5)), final("F4", "B"), final("F6", "C"), b.history("F5"),
    )  # fmt: skip
    students = tuple(b.student(f"F{n}") for n in range(1, 7))
    return facts_of(b.dataset(agencies=AGENCIES, outcomes=jobs, history=history, students=(b.student(), *students)))


def test_where_they_work_by_where_they_were_placed() -> None:
    outcomes = of(former())
    # F3's final at A failed, the one at B counts. C is no partner, where F4 works and F6 was placed. F5's is not known.
    assert outcomes.employed() == {
        ("A", "A"): 2, ("B", "B"): 1, ("B", "no partner"): 1, ("not recorded", "A"): 1, ("no partner", "B"): 1,
    }  # fmt: skip
    # There still: F1, F4 and F5; F2 has moved, F3 has left, F6 has not begun.
    assert outcomes.retained() == {("A", "A"): 1, ("B", "no partner"): 1, ("not recorded", "A"): 1}
    assert (outcomes.recruited(), outcomes.where_placed(), outcomes.stayed()) == (Share(5, 6), Share(3, 5), Share(2, 5))


def test_a_final_that_is_published_and_over_says_where_the_student_was() -> None:
    over = Published(request="S1/final", offer="O1", standing="over", status="ended", start=date(2025, 9, 15))
    facts = facts_of(b.dataset(requests=(b.request("S1/final"),), published=(over,), outcomes=(job("S1", "A"),)))
    assert [f.placed for f in of(facts).former] == ["A"]


def test_small_groups_are_withheld_on_the_page() -> None:
    history = tuple(final(f"F{n}", "A") for n in range(1, 16))
    jobs = tuple(job(f"F{n}", "A" if n <= 12 else "B") for n in range(1, 16))
    students = tuple(b.student(f"F{n}") for n in range(1, 16))
    dataset = b.dataset(agencies=AGENCIES, outcomes=jobs, history=history, students=(b.student(), *students))

    def shown(smallest: int) -> list[Any]:
        facts = facts_of(dataset, policy=Policy(as_of=POLICY.as_of, smallest_group=smallest))
        return [list(row) for block in outcome_blocks(facts) if isinstance(block, Grid) for row in block.rows][:2]

    assert shown(3) == [
        ["A", "12, 12 still", "3, 3 still", "15, 15 still"],
        ["All", "12, 12 still", "3, 3 still", "15, 15 still"],
    ]
    # 3 is withheld, and with it the 12, which would give it away as 15 less 12; so too in the totals.
    gone = "withheld"
    assert shown(10) == [["A", gone, gone, "15, 15 still"], ["All", gone, gone, "15, 15 still"]]


def test_interviews_are_owed_to_interns_without_a_job_by_the_agency_of_their_final() -> None:
    students = tuple(b.student(f"S{n}", scheme="intern") for n in range(1, 5))
    dataset = b.dataset(
        agencies=AGENCIES, students=(*students, b.student("S5")),
        requests=tuple(b.request(f"S{n}/final") for n in (1, 2, 5)), offers=(b.offer(capacity=5),),
        history=(final("S3", "B"),), outcomes=(job("S2", "A"), job("S3", "A")),
    )  # fmt: skip
    facts = facts_of(dataset, match("S1/final"), match("S2/final"), match("S5/final"))
    # At A: S1 and S2 (employed there); S5 is no intern. At B: S3, who works at A. S4 has no final.
    assert of(facts).owed() == [Owed("A", ("S1", "S2"), 1, (("S1", END),)), Owed("B", ("S3",), 0, ())]


def test_internships_are_places_that_students_choose() -> None:
    students = (
        b.student("S1", scheme="intern", intern_choices=("A", "B")), b.student("S2", intern_choices=("B",)),
        b.student("S3", intern_choices=("B", "A"), withdrawn=True),
    )  # fmt: skip
    agencies = (b.agency("A", internships=2), b.agency("B"), b.agency("C"))
    dataset = b.dataset(
        students=students,
        agencies=agencies,
        requests=(b.request(), b.request("S1/final")),
        offers=(b.offer(capacity=2),),
    )
    # S1 is placed twice at A and is one intern.
    facts = facts_of(dataset, match(), match("S1/final", start=date(2026, 5, 4)))
    assert of(facts).internships() == [Internships("A", 2, 1, 1, 1), Internships("B", None, 0, 1, 2)]


def test_posts_stand_beside_the_finals_of_the_year() -> None:
    teams = (Team(agency="A", team="X", vacancies=2), Team(agency="A", team="Y"), Team(agency="B", team="X"))
    agencies = (b.agency("A", nqsw_posts=4), *AGENCIES[1:])
    dataset = b.dataset(agencies=agencies, teams=teams, requests=(b.request("S1/final"),))
    facts = facts_of(dataset, match("S1/final"))
    assert of(facts).posts() == [Posts("A", 4, 1, 2), Posts("B", None, 0, None)]
    words = [block.text for block in outcome_blocks(facts) if isinstance(block, Text)]
    assert "1 student is due a final in the year, of all programmes, for 4 posts; 1 partner states none." in words


def test_with_nothing_to_say_there_is_no_page() -> None:
    assert list(outcome_blocks(facts_of(b.dataset(), match()))) == []
