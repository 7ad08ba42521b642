"""How many a practice assessor has at once: trainees on the day of the start, whatever students each has."""

from datetime import date, timedelta

from allocator.views.assessing import Assessing, assessing, over
from allocator.views.facts import Facts
from models.decisions import Decision
from models.plan import Match, Plan
from models.policy import Policy
from tests import builders as b

POLICY = Policy(as_of=date(2025, 12, 1))
TRAINEE = {"qualification": "trainee_1", "practice_assessor": "E9"}
EDUCATORS = (
    b.educator("E1", **TRAINEE),
    b.educator("E2", **TRAINEE),
    b.educator("E3", qualification="PEPS1"),
    # Qualifies on the day of the start: nobody assesses E4 any more.
    b.educator("E4", **TRAINEE, qualifies_on=b.MONDAY, becomes="PEPS1"),
    b.educator("E9", assesses_at_most=2),
)
LAST = date(2026, 4, 10)


def facts_of(*matches: Match) -> Facts:
    dataset = b.dataset(
        students=tuple(b.student(f"S{n}") for n in range(1, 6)),
        requests=tuple(b.request(f"S{n}/first") for n in range(1, 6)),
        offers=(b.offer(capacity=5),),
        educators=EDUCATORS,
        decisions=(Decision(id="D1", decision="exception", rule="E11", request="S3/first", value="E9"),),
    )
    plan = Plan(dataset_digest="-", policy=POLICY, policy_digest="-", seed=1, matches=matches, unplaced=())
    return Facts(dataset, POLICY, plan)


def match(number: int, pe: str, start: date = b.MONDAY, exceptions: tuple[str, ...] = ()) -> Match:
    return Match(request=f"S{number}/first", offer="O1", pe=pe, start=start, end=LAST, exceptions=exceptions)


def test_trainees_count_once_each_and_who_has_qualified_not_at_all() -> None:
    # E1 has two students and is one; E2 is the second, E3 (by exception, with E9) the third; E4 has qualified.
    later = b.MONDAY + timedelta(days=14)
    facts = facts_of(
        match(1, "E1"), match(2, "E1"), match(3, "E3", exceptions=("D1",)), match(4, "E2", later), match(5, "E4")
    )
    assert assessing(facts) == {"E9": Assessing("E9", ("E1", "E2", "E3"), 3, 2)}
    assert [a.words for a in over(facts)] == ["3, at most 2"]


def test_two_after_each_other_are_one_at_once() -> None:
    after = LAST + timedelta(days=3)
    facts = facts_of(match(1, "E1"), Match(request="S2/first", offer="O1", pe="E2", start=after, end=after))
    assert assessing(facts)["E9"].at_once == 1
    assert over(facts) == []
