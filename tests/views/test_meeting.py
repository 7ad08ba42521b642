"""The board, open questions, decisions and effects as a meeting reads them; and what may stand on a wall."""

from datetime import date
from typing import get_args

import pytest

from allocator.reading.sheets_record import DECISIONS
from allocator.views.board import board, filtered
from allocator.views.decided import USES, decided_words, is_whole
from allocator.views.effect_words import NOTHING, effect_besides, effect_sentence, effect_words
from allocator.views.facts import Facts
from allocator.views.in_meeting import TO_CONFIRM, TO_FIND_OUT, Words
from allocator.views.open_questions import Question, from_here, next_of, open_questions, question_words
from allocator.views.unused import Unused
from models.comparison import Comparison, RequestChange, RequestKind, TierChange
from models.decisions import UNDO, DecisionKind
from models.entities import CalendarEntry
from models.plan import ProvisionalCode, Waiting
from models.reasons import Unplaced
from tests import builders as b
from tests.report.looking import facts_of, match

READINESS = Waiting(code=ProvisionalCode.READINESS, who="university")
NEEDS = Waiting(code=ProvisionalCode.ADJUSTMENT, detail="step-free", who="A")


def partnership() -> Facts:
    """S1 is firm, S2 waits for readiness that is overdue and a need, S3 a PE; S4 and S5 have no place, S5 goes first.

    O1 has 3 places, one of them unused, which S4 and S5 may have by the rules that look at one request alone.
    """
    students = (
        b.student("S1"), b.student("S2", readiness="pending"), b.student("S3"), b.student("S4"),
        b.student("S5", waiting_since=date(2025, 9, 1)),
    )  # fmt: skip
    dataset = b.dataset(
        students=students, requests=tuple(b.request(f"{s.student}/first") for s in students),
        offers=(b.offer("O1", capacity=3), b.offer("O2", agency="A2", team="T2")),
        agencies=(b.agency("A"), b.agency("A2")),
        educators=(b.educator("E1", load=3),),
        calendar=(CalendarEntry(tranche=b.request("S1/first").tranche, step="results in", date=date(2025, 11, 1)),),
    )  # fmt: skip
    return facts_of(
        dataset,
        match("S1/first", "O1", "E1"),
        match("S2/first", "O1", "E1", waiting=(READINESS, NEEDS)),
        match("S3/first", "O2", "TBC PEPS2@O2"),
        unplaced=(Unplaced(request="S4/first", code="L02", reason="taken by S1"),
                  Unplaced(request="S5/first", code="E04", reason="95 minutes")),
    )  # fmt: skip


def change(request: str, kind: RequestKind) -> RequestChange:
    return RequestChange(request=request, kind=kind)


def comparison(*changes: RequestChange, statutory: int = 0) -> Comparison:
    tier = TierChange(
        tier="statutory_final", sense="max", before=5, after=5 + statutory, difference=statutory, verdict=None,
        proved_before=True, proved_after=True,
    )  # fmt: skip
    return Comparison(before="a", after="b", placed_before=0, placed_after=0, requests=changes, tiers=(tier,))


def test_the_board_has_a_card_for_every_place_and_everybody_without_one() -> None:
    facts = partnership()
    found = board(facts, Unused(facts), {"S1/first": change("S1/first", "now_firm")})
    assert [(lane.agency, [(c.offer, c.state) for c in lane.cards]) for lane in found.lanes] == [
        ("A", [("O1", "firm"), ("O1", "provisional"), ("O1", "unused")]), ("A2", [("O2", "provisional")]),
    ]  # fmt: skip
    assert [w.request.request for w in found.waiting] == ["S4/first", "S5/first"]
    assert found.lanes[0].used == 2
    assert found.lanes[0].cards[2].why


@pytest.mark.parametrize(
    ("state", "cards", "waiting"),
    [("firm", 1, 0), ("provisional", 2, 0), ("unused", 1, 0), ("not placed", 0, 2), ("changed", 1, 0), ("", 4, 2)],
)
def test_a_board_is_filtered_by_what_a_card_says(state: str, cards: int, waiting: int) -> None:
    facts = partnership()
    found = filtered(board(facts, Unused(facts), {"S1/first": change("S1/first", "now_firm")}), state=state)
    assert (sum(len(lane.cards) for lane in found.lanes), len(found.waiting)) == (cards, waiting)


def test_a_board_is_filtered_by_agency_and_tranche() -> None:
    facts = partnership()
    whole = board(facts, Unused(facts), {})
    assert [lane.agency for lane in filtered(whole, agency="A2").lanes] == ["A2"]
    assert sum(len(lane.cards) for lane in filtered(whole, tranches=("another",)).lanes) == 0


def test_open_questions_come_in_the_order_of_a_meeting() -> None:
    facts = partnership()
    found = open_questions(facts, Unused(facts))
    # S5 waits since last year, which the policy weighs; S2's readiness was due on 1 November, today is the 21st.
    assert [q.key for q in found[:4]] == [
        "not placed:S5/first", "not placed:S4/first", "overdue:S2/first", "PE to be named:S3/first",
    ]  # fmt: skip
    assert found[4].key == "unused place:O1"
    assert len({q.key for q in found}) == len(found)


def test_the_next_question_follows_the_one_that_is_talked_about_and_the_last_the_first() -> None:
    facts = partnership()
    found = open_questions(facts, Unused(facts))
    assert next_of(found, "") == found[0]
    assert next_of(found, found[0].key) == found[1]
    assert next_of(found, "S4/first") == found[2]
    assert next_of(found, found[-1].key) == found[0]
    assert next_of((), "S4/first") is None


def test_the_next_question_follows_the_one_that_was_settled() -> None:
    facts = partnership()
    found = open_questions(facts, Unused(facts))
    # S5, S4, S2 (overdue), S3 (PE to be named), O1: S4 was talked about last.
    last = from_here(found, found[1])
    assert last == (found[1].key, found[2].key, found[3].key, found[4].key, *(q.key for q in found[5:]), found[0].key)
    settled = (found[0], *found[2:])
    assert next_of(settled, "", last) == found[2]
    assert next_of(settled, "S4/first", last) == found[2]
    # it was given a place where a PE is to be named: that is another question, which comes when it is its turn
    named = Question("PE to be named", "request", "S4/first")
    assert next_of((found[0], found[2], found[3], named, found[4]), "S4/first", last) == found[2]
    assert next_of((found[0], named), "PE to be named:S4/first", last) == found[0]  # talked about for itself
    # not settled, and the meeting looked at the board: it goes on, and does not begin again
    assert next_of(found, "", last) == found[2]
    # settled last of all: round to the first; all that came after are settled as well
    assert next_of(found[:-1], "", from_here(found, found[-1])) == found[0]
    assert next_of((found[0],), "", last) == found[0]
    assert next_of((named,), "", last) == named  # nothing of what was is open
    assert next_of((), "", last) is None
    # another one is looked at meanwhile, such as from the list
    assert next_of(settled, "S3/first", last) == found[4]


def test_a_question_on_a_wall_says_nothing_of_the_students_own() -> None:
    facts = partnership()
    found, unused = open_questions(facts, Unused(facts)), Unused(facts)
    team, wall = Words(facts, shared=False), Words(facts, shared=True)
    assert question_words(facts, unused, team, found[0]) == "95 minutes"
    assert question_words(facts, unused, wall, found[0]) == "It is not open to this student."
    assert question_words(facts, unused, wall, found[1]) == "The places are taken."
    said = question_words(facts, unused, wall, found[2])
    assert TO_CONFIRM in said
    assert TO_FIND_OUT in said
    assert "step-free" in question_words(facts, unused, team, found[2])
    assert "step-free" not in said


def test_a_wall_shows_no_attempt() -> None:
    dataset = b.dataset(students=(b.student("S1"),), requests=(b.request("S1/first/2", attempt=2),))
    facts = facts_of(dataset)
    assert Words(facts, shared=True).text("S1/first/2 moves") == "S1/first moves"
    assert Words(facts, shared=False).text("S1/first/2 moves") == "S1/first/2 moves"


def test_an_effect_is_said_in_words() -> None:
    found = comparison(change("S1/first", "moved"), change("S2/first", "moved"), statutory=1)
    assert effect_words(found) == (
        "Two move to other places (S1/first; S2/first)", "One more statutory final", "Nobody loses a place",
    )  # fmt: skip
    assert effect_besides(found) == ("One more statutory final", "Nobody loses a place")
    gone = comparison(change("S3/first", "newly_unplaced"), statutory=-2)
    assert effect_sentence(gone) == "One loses the place (S3/first); two fewer statutory finals"
    assert effect_words(comparison()) == (NOTHING,)


def test_of_a_clash_nothing_is_said_of_who_moves() -> None:
    clash = comparison().model_copy(update={"gaps": ("clash_after",)})
    assert effect_words(clash) == effect_besides(clash) == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"decision": "fix", "request": "S1/first", "offer": "O1"}, "fix: S1/first, O1"),
        ({"decision": "hold", "offer": "O1", "places": "2", "until": "2026-01-05"},
         "places held: O1, places 2, until 2026-01-05"),
        ({"decision": UNDO, "value": "D3"}, "undo: D3"),
        ({"decision": "withdraw", "about": "student", "student": "S1", "on": "d", "effective": "d"},
         "withdraw: student, S1"),
    ],
)  # fmt: skip
def test_a_decision_is_said_in_a_few_words(row: dict[str, str], words: str) -> None:
    assert decided_words(row) == words


def test_on_a_wall_an_exception_does_not_say_what_is_exceptional() -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "value": "95"}
    assert decided_words(row) == "exception: S1/first, E04, 95"
    assert decided_words(row, shared=True) == "exception: S1/first"


def test_a_decision_is_whole_when_it_has_all_that_it_needs() -> None:
    assert is_whole({"decision": "fix", "request": "S1/first", "offer": "O1"})
    assert not is_whole({"decision": "fix", "request": "S1/first"})
    assert not is_whole({"decision": "nothing"})


def test_every_decision_has_its_columns() -> None:
    assert set(USES) == {*get_args(DecisionKind), UNDO}
    assert {c for uses in USES.values() for c in (*uses.needs, *uses.may)} <= set(DECISIONS.by_name)
