"""Where students live, where places are, and the journeys of the plan between them."""

from allocator.views.facts import Facts
from allocator.views.homes import Home, Homes, Journey, Site, Wanted, homes_of, journeys_table
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match


def three_students() -> Facts:
    """S1 and S2 live at P0, 20 and 80 minutes from their places; S3 lives at P2 and has no place."""
    students = (b.student("S1", home="P0"), b.student("S2", home="P0", programme="BA"), b.student("S3", home="P2"))
    dataset = b.dataset(
        students=students, requests=tuple(b.request(f"{s.student}/first") for s in students),
        agencies=(b.agency("A"), b.agency("B")),
        offers=(b.offer("O1", agency="A", place="P1", capacity=3), b.offer("O2", agency="B", place="P3"),
                b.offer("O3", agency="B", place="P3", withdrawn=True)),
        travel=(*b.travel("P0", "P1", 20), *b.travel("P0", "P3", 80)),
    )  # fmt: skip
    policy = POLICY.model_copy(update={"travel_amber": 75})
    return facts_of(dataset, match("S1/first", "O1"), match("S2/first", "O2"), policy=policy)


def test_districts_places_and_journeys_are_counted() -> None:
    found = homes_of(three_students())
    assert found == Homes(
        homes=(Home("P0", placed=2, not_placed=0), Home("P2", placed=0, not_placed=1)),
        sites=(Site("P1", offered=3, used=1), Site("P3", offered=1, used=1)),  # what is withdrawn is not offered
        # 80 minutes are more than 75; the longest comes first.
        journeys=(Journey("P0", "P3", 1, 80, over=1), Journey("P0", "P1", 1, 20, over=0)),
    )


def test_what_is_looked_at_can_be_narrowed() -> None:
    facts = three_students()
    of_agency = homes_of(facts, Wanted(agency="B"))
    assert of_agency.homes == (Home("P0", 1, 0),)  # S3 is nobody's
    assert of_agency.sites == (Site("P3", 1, 1),)
    assert [j.place for j in homes_of(facts, Wanted(programme="BA")).journeys] == ["P3"]
    assert homes_of(facts, Wanted(tranche="none")) == Homes((), (), ())


def test_journeys_are_a_table_that_marks_the_long_ones() -> None:
    facts = three_students()
    table = journeys_table(facts, homes_of(facts))
    assert table.rows == [["P0", "P3", 1, 80, 1], ["P0", "P1", 1, 20, None]]
    assert table.above == (("Minutes one way, at most", 75),)
