"""A page for each partner, by hand."""

from datetime import date

from allocator.views.blocks import Grid, NewPage, Title
from allocator.views.partners import partner_blocks, partners
from allocator.views.share import Share
from models.entities import CalendarEntry
from tests import builders as b
from tests.report.looking import facts_of, match


def test_what_a_partner_gives_and_gets() -> None:
    educators = (
        b.educator("E1", load=2), b.educator("E2", team="Y"), b.educator("E3", qualification="trainee_1"),
        b.educator("E4", qualification="trainee_2"), b.educator("E5", employed_by="B", team="Z"),
        b.educator("E6", withdrawn_from=date(2025, 10, 1)),
    )  # fmt: skip
    ids = [f"S{n}" for n in range(1, 6)]
    meetings = tuple(
        CalendarEntry(tranche="T1", step="meeting", date=day)
        for day in (date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1))
    )
    dataset = b.dataset(
        students=tuple(b.student(s, scheme="intern" if s == "S2" else None) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        agencies=(b.agency(attended=(date(2025, 11, 1),)), b.agency("B", membership="secondary")),
        offers=(b.offer("O1", capacity=4), b.offer("O2", agency="B", capacity=2, statutory_regulator="no")),
        educators=educators, calendar=meetings,
    )  # fmt: skip
    facts = facts_of(
        dataset, match("S1/first"), match("S2/first", pe="E3"), match("S3/first", pe="E5"),
        match("S4/first", "O2", "E1"), match("S5/first", pe="TBC@O1"),
    )  # fmt: skip
    first, second = partners(facts)
    # A: S1, S2, S3, S5 are there. E1 is lent to B for S4; E5 of B is borrowed for S3. E3 has a student, E4 has none.
    # E2 could take one, and so could E4; E6 has withdrawn. Two meetings have been; A was at one.
    assert first.agency.agency == "A"
    assert [m.request for m in first.placements] == ["S1/first", "S2/first", "S3/first", "S5/first"]
    assert ([m.request for m in first.lent], [m.request for m in first.borrowed]) == (["S4/first"], ["S3/first"])
    assert (first.statutory, first.on_trainees, first.trainees) == (4, 1, Share(1, 2))
    assert (first.idle, first.interns, first.meetings) == (("E2", "E4"), ("S2",), Share(1, 2))
    assert (second.statutory, len(second.lent), len(second.borrowed)) == (0, 1, 1)


def test_a_pe_who_may_take_nobody_is_not_offered_as_free() -> None:
    # The round begins on 5 January 2026. E1 is current; E2 had the last student 26 months before and lapsed; E3 is
    # assessed by E2, who cannot; E4 by the university; E5 is not registered; E6 leaves before; E7 recorded nothing.
    educators = (
        b.educator("E1"), b.educator("E2", current_until=None, last_student=date(2023, 11, 1)),
        b.educator("E3", qualification="trainee_1", practice_assessor="E2"),
        b.educator("E4", qualification="trainee_1", practice_assessor="university"),
        b.educator("E5", registered="no"), b.educator("E6", leaves_on=date(2026, 1, 2)),
        b.educator("E7", current_until=None, last_student=None),
    )  # fmt: skip
    [partner] = partners(facts_of(b.dataset(educators=educators)))
    assert partner.idle == ("E1", "E4", "E7")


def test_meetings_that_nobody_noted_are_not_said_to_be_missed() -> None:
    held = CalendarEntry(tranche="T1", step="meeting", date=date(2025, 10, 1))
    blocks = partner_blocks(facts_of(b.dataset(calendar=(held,))))
    lines = [row for block in blocks if isinstance(block, Grid) for row in block.rows]
    assert ("Allocation meetings attended, of those held", "not recorded; 1 held") in [tuple(row) for row in lines]


def test_each_partner_has_a_page_of_its_own_and_nobody_else_has() -> None:
    agencies = (b.agency("A"), b.agency("B"), b.agency("C", membership="outside"))
    blocks = list(partner_blocks(facts_of(b.dataset(agencies=agencies))))
    assert [block.text for block in blocks if isinstance(block, Title)] == ["A", "B"]
    assert sum(isinstance(block, NewPage) for block in blocks) == 1
