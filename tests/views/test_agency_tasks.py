"""What a plan asks of an agency."""

from allocator.views.agency_tasks import agency_tasks
from allocator.views.facts import Facts
from allocator.views.unused import Unused
from tests import builders as b
from tests.report.looking import facts_of, match


def tasks(facts: Facts, agency: str) -> tuple[str, ...]:
    return agency_tasks(facts, agency, Unused(facts))


def test_of_its_own_students_and_places_alone() -> None:
    # Three places of A, two of them used, by S1 with a PE and by S2, whose PE is to be named; one place of C.
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ("S1", "S2", "S3")),
        requests=tuple(b.request(f"{s}/first") for s in ("S1", "S2", "S3")),
        agencies=(b.agency("A"), b.agency("C")),
        offers=(b.offer("O1", agency="A", capacity=3), b.offer("O2", agency="C")),
    )
    facts = facts_of(dataset, match("S1/first"), match("S2/first", pe="TBC@O1"), match("S3/first", "O2"))
    assert tasks(facts, "A") == (
        "Say yes or no to 2 students.", "Name a PE for 1 of them.",
        "Say whether 1 place that this version does not use stays open.",
    )  # fmt: skip
    assert tasks(facts, "C") == ("Say yes or no to 1 student.",)


def test_nothing_is_asked_where_nothing_is_planned() -> None:
    facts = facts_of(b.dataset(offers=(b.offer(agency="A", capacity=2),), agencies=(b.agency("A"), b.agency("C"))))
    assert tasks(facts, "C") == ()
    assert tasks(facts, "A") == ("Say whether 2 places that this version does not use stay open.",)
