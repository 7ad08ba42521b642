"""What replies propose, forms recognised, and replies accepted: effects, harm, and the step that is written."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.lifecycle.accepting import NOTHING, RULES_CLASH, effect_line, harm_of
from allocator.lifecycle.log import log_of
from allocator.lifecycle.next_file import next_name, write_step
from allocator.lifecycle.recognising import recognised, version_expected
from allocator.lifecycle.replies import Decided, FewerPlaces, MarkedStep
from allocator.lifecycle.reply_forms import read_reply_form
from allocator.lifecycle.taking import Taken
from allocator.reading.reader import read_register
from allocator.settling.settling import settle
from allocator.views.agency_forms import (
    MEETING_ON,
    OUTCOME,
    PE_NAMED,
    REASON,
    REPLY_SHEET,
    STAYS_OPEN,
    SUPERVISOR_NAMED,
    UNUSED_SHEET,
    VISITS_SHEET,
    WITHDRAWN,
)
from models.plan import Clash
from models.versions import Version
from tests.lifecycle.returned import DAY, Cells, Round, headings, partnership
from tests.lifecycle.steps import facts
from tests.reading.test_write_back import as_workbook
from tests.report.looking import opened

ANYTHING = (
    None, "", "yes", "no", "O1", "O3", "S1", "S3", "PE3", 0, -7, 3.5, True, DAY, "#REF!", "=1+1", "x" * 300, "\u00a0", "not known",
    OUTCOME, "Place", "B: placements planned", "Version 01234567", "first", WITHDRAWN,
)  # fmt: skip
WHY = "reply form of {}, Reply form, row {}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return Round(tmp_path_factory.mktemp("replies"), partnership())


def decided(kind: str, by: str, row: int, **cells: Any) -> Decided:
    return Decided({"decision": kind, "why": WHY.format(by, row)} | cells)


NO = decided("declined", "A", 5, request="S1/first", party="agency", reason_code="no PE", offer="O1")
ACCEPTED = decided("agency_decision", "B", 5, request="S3/first", agency="B", value="accepted")
SENT = MarkedStep("S3/first", "sent_to_agency")
GONE = decided("withdraw", "A", 5, about="offer", offer="O1", reason_code="no PE")


@pytest.mark.parametrize(
    ("agency", "cells", "steps"),
    [
        ("A", {("O1", OUTCOME): "no", ("O1", REASON): "No PE"}, [(NO,)]),
        # B asks to be asked; a yes also shows that it was sent there.
        ("B", {("O3", OUTCOME): "yes"}, [(ACCEPTED,), (SENT,)]),
        # Booked only with a day.
        ("A", {("O1", OUTCOME): "yes"}, [(MarkedStep("S1/first", "sent_to_agency"),)]),
        (
            "A",
            {("O1", OUTCOME): "yes", ("O1", MEETING_ON): DAY},
            [
                (
                    MarkedStep("S1/first", "sent_to_agency"), MarkedStep("S1/first", "meeting_booked"),
                    MarkedStep("S1/first", "meeting", DAY),
                )
            ],
        ),
        ("B", {("O3", PE_NAMED): "pe3"}, [(decided("name_pe", "B", 5, request="S3/first", offer="O3", pe="PE3"),)]),
        ("A", {("O1", PE_NAMED): "PE1"}, []),  # who is named already
        (
            "B",
            {("O3", SUPERVISOR_NAMED): "TL"},
            [(Decided({"decision": "name_supervisor", "offer": "O3", "why": WHY.format("B", 5) + ": TL"}),)],
        ),
        ("A", {("O1", SUPERVISOR_NAMED): "TL"}, []),  # Offers says yes
        # All places of O1 are one; of O3 there is another, which stays.
        ("A", {("O1", WITHDRAWN): "yes", ("O1", REASON): "no PE"}, [(GONE,)]),
        (
            "B",
            {("O3", WITHDRAWN): "yes"},
            [
                (
                    decided("declined", "B", 5, request="S3/first", party="agency", reason_code=None, offer="O3"),
                    FewerPlaces("O3", 1),
                )
            ],
        ),
        ("B", {("O3", STAYS_OPEN): "yes"}, []),
        ("B", {("O3", STAYS_OPEN): "no"}, [(FewerPlaces("O3", 1),)]),
        (
            "B",
            {("O3", STAYS_OPEN): "no", ("O3", WITHDRAWN): "yes"},
            [(decided("withdraw", "B", 5, about="offer", offer="O3", reason_code=None),)],
        ),
    ],
)  # fmt: skip
def test_what_a_reply_proposes(made: Round, agency: str, cells: Cells, steps: list[Any]) -> None:
    found = made.replies(made.filled(agency, cells))
    assert [proposal.steps for proposal in found.proposals] == steps


@pytest.mark.parametrize(
    ("cells", "proposed", "words"),
    [
        ({("O1", OUTCOME): "yes", ("O1", REASON): "no PE"}, 0, "Yes and 'no PE' contradict each other"),
        ({("O1", OUTCOME): "yes", ("O1", WITHDRAWN): "yes"}, 0, "Yes and 'Place withdrawn: yes' contradict each other"),
        ({("O1", OUTCOME): "maybe", ("O1", WITHDRAWN): "yes"}, 0, "beside an outcome that cannot be read"),
        ({("O1", REASON): "no PE"}, 0, "a reason code and no outcome, so nothing was declined"),
        ({("O1", PE_NAMED): "PE11"}, 0, "no PE 'PE11' is on Educators. Did you mean 'PE1'?"),
        ({("O1", "Student reference"): "S2", ("O1", OUTCOME): "no"}, 0, "S2 at O1 is not in the plan (now S2/first has O2)."),
        ({("O1", "Student reference"): "S9", ("O1", OUTCOME): "no"}, 0, "There is no student 'S9'."),
        ({("O1", "Student reference"): None, ("O1", OUTCOME): "no"}, 0, "place or student is blank, so the row was not used"),
        ({("O1", "Place"): "O3", ("O3", OUTCOME): "no"}, 0, "O3 is a place of B, not of A."),
        ({("O1", "Place"): "O9", ("O9", OUTCOME): "no"}, 0, "There is no place 'O9'."),
        ({("O1", "Place"): None, ("O2", OUTCOME): "yes"}, 1, "Planned and not answered by this form: S1/first at O1"),
        ({("O1", OUTCOME): "yes"}, 1, "Not answered: 1 of 2 rows."),
        ({}, 0, "It was not filled in."),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used_are_said_and_cost_themselves_alone(
    made: Round, cells: Cells, proposed: int, words: str
) -> None:
    found = made.replies(made.filled("A", cells))
    assert words in " ".join(found.forms[0].said)
    assert len(found.proposals) == proposed


def test_a_yes_is_noted_where_nothing_waits_for_it(tmp_path: Path) -> None:
    fresh = Round(tmp_path, partnership(Published=[]))
    agency, place = next((fresh.reading.dataset.offer_by_id[m.offer].agency, m.offer) for m in fresh.plan.matches if m.offer != "O3")  # fmt: skip
    found = fresh.replies(fresh.filled(agency, {(place, OUTCOME): "yes", (place, MEETING_ON): DAY}))
    assert found.proposals == ()
    said = " ".join(found.forms[0].said)
    assert "a meeting is noted once the plan is published" in said
    assert "yes. Nothing waits for that answer." in said


def test_the_agency_of_a_spoke_answers_for_its_own_days(tmp_path: Path) -> None:
    content = partnership()
    content["Offers"][0]["spokes"] = "B/T9/P1=20"
    visited = Round(tmp_path, content)
    book = opened(visited.paths["B"])
    sheet = book[VISITS_SHEET]
    sheet.cell(5, headings(sheet)[OUTCOME]).value = "no"
    book.save(tmp_path / "B.xlsx")
    [proposal] = visited.replies(tmp_path / "B.xlsx").proposals
    [step] = proposal.steps
    assert isinstance(step, Decided)
    # Its team is barred for the student, and so is every place that it is a part of.
    assert {c: step.cells[c] for c in ("decision", "request", "agency", "team")} == {
        "decision": "declined", "request": "S1/first", "agency": "B", "team": "T9",
    }  # fmt: skip
    accepted = visited.desk().accept({1: proposal})
    assert accepted.effect is not None
    assert {m.request: m.offer for m in accepted.effect.after.plan.matches}["S1/first"] == "O3"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 20), st.sampled_from(ANYTHING)), max_size=25))
def test_whatever_is_typed_anywhere_is_read_or_named(made: Round, typed: list[tuple[int, int, Any]]) -> None:
    book = opened(made.filled("B", {("O3", OUTCOME): "yes"}))
    for sheet in book.worksheets:
        for row, column, value in typed:
            sheet.cell(row, column).value = value
    path = made.paths["B"].with_name("anything.xlsx")
    book.save(path)
    found = made.replies(path, made.paths["B"])
    assert [form.name for form in found.forms] == ["anything.xlsx", "B.xlsx"]
    accepted = made.desk().accept(dict(enumerate(found.proposals, 1)))
    # What may be taken is taken, and every other proposal is refused with words.
    assert len(accepted.numbers) + len(accepted.refused) == len(found.proposals)
    assert all(refusal.words for _, refusal in accepted.refused)


def test_new_places_are_asked_for_on_offers(made: Round) -> None:
    book = opened(made.paths["B"])
    sheet = book[UNUSED_SHEET]
    sheet.cell(6, 2).value = "a team of ours"  # no place
    sheet.cell(7, 1).value = "NEW1"
    path = made.paths["B"].with_name("new.xlsx")
    book.save(path)
    found = made.replies(path)
    said = " ".join(found.forms[0].said)
    assert found.proposals == ()
    assert "Unused places, row 6: it has no place. If a new place is offered, type it on Offers." in said
    assert "Unused places, row 7: there is no place 'NEW1'. If a new place is offered, type it on Offers." in said


# -- Forms recognised --------------------------------------------------------------------------------------------------


def test_a_form_of_another_version_is_used_where_the_plan_still_has_its_rows(made: Round) -> None:
    path = made.filled("A", {("O1", OUTCOME): "no"})
    [same], [other] = made.recognised(path), made.recognised(path, in_force="0" * 8)
    assert same.said == ()
    assert other.said == (
        f"It was made for the plan {made.version}; in force is the plan 00000000. "
        "Rows are used where the plan still has them.",
    )
    assert other.rows == same.rows


def test_the_version_expected_is_the_published_one(made: Round) -> None:
    dataset = made.reading.dataset
    assert version_expected(dataset, None) is None
    versions = (Version(version=1, plan="1" * 8), Version(version=2, plan="2" * 8))
    published = dataset.model_copy(update={"versions": versions})
    assert version_expected(published, None) == "2" * 8
    form = read_reply_form(made.filled("A", {("O1", OUTCOME): "no"}), ())
    [found] = recognised([form._replace(version="1" * 8)], published, "2" * 8)
    assert found.said[0].startswith("It was made for version 1; in force is version 2.")


def test_a_form_that_comes_twice_is_read_once(made: Round) -> None:
    cells = {("O1", OUTCOME): "no"}
    found = made.replies(made.filled("A", cells), made.filled("A", cells, "A (2).xlsx"))
    assert len(found.proposals) == 1
    assert found.forms[1].said[0] == "It came twice, with the same answers as A.xlsx: it was read once."


def test_a_form_that_comes_twice_and_differs_says_in_which_cells(made: Round) -> None:
    first = made.filled("A", {("O1", OUTCOME): "no", ("O2", OUTCOME): "no"})
    second = made.filled("A", {("O1", OUTCOME): "yes", ("O2", OUTCOME): "no", ("O1", MEETING_ON): DAY}, "later.xlsx")
    found = made.replies(first, second)
    # Of O1 nobody knows which holds; about O2 they agree.
    assert [proposal.says.split(":")[0] for proposal in found.proposals] == ["S2/first at O2"]
    assert found.forms[1].said[0] == (
        "Reply form, row 5, is about the same as A.xlsx, Reply form, row 5, and differs: Outcome: yes or no is 'no' there "
        "and 'yes' here; Pre-placement meeting on is 'blank' there and '2026-12-03' here. Neither was used."
    )


def test_a_second_form_completes_the_first(made: Round) -> None:
    found = made.replies(
        made.filled("A", {("O1", OUTCOME): "no"}), made.filled("A", {("O2", OUTCOME): "no"}, "rest.xlsx")
    )
    assert [p.form for p in found.proposals] == ["A.xlsx", "rest.xlsx"]


def test_a_form_is_of_the_agency_that_it_says(made: Round) -> None:
    found = made.replies(made.filled("A", {("O1", OUTCOME): "no"}, "B.xlsx"))
    assert found.forms[0].agency == "A"
    assert found.forms[0].said[0] == "The file is called after B, and is A's: it was read as A's."
    assert len(found.proposals) == 1
    book = opened(made.filled("A", {("O1", OUTCOME): "no"}))
    for sheet in book.worksheets:
        sheet["A1"] = "Returned form"
    path = made.paths["A"].with_name("returned.xlsx")
    book.save(path)
    found = made.replies(path)
    assert found.forms[0].said[0] == "Its title names no agency; by its places it is A's, and was read so."
    sheet = book[REPLY_SHEET]
    sheet["A5"], sheet["A6"] = "O3", "O1"
    book.save(path)
    found = made.replies(path)
    assert (found.forms[0].agency, found.proposals) == (None, ())
    assert "Of which agency it is cannot be told: its title is gone." in found.forms[0].said[0]


def test_rows_copied_within_a_form_count_once(made: Round) -> None:
    book = opened(made.filled("A", {("O1", OUTCOME): "no"}))
    sheet = book[REPLY_SHEET]
    for column, cell in enumerate(list(sheet[5]), 1):
        sheet.cell(7, column).value = cell.value
    path = made.paths["A"].with_name("copied.xlsx")
    book.save(path)
    assert len(made.replies(path).proposals) == 1
    sheet.cell(7, headings(sheet)[OUTCOME]).value = "yes"
    book.save(path)
    found = made.replies(path)
    assert found.proposals == ()
    assert "row 7, is about the same as Reply form, row 5" in " ".join(found.forms[0].said)


# -- Accepted ----------------------------------------------------------------------------------------------------------


def test_what_a_proposal_does_and_whom_it_harms(made: Round) -> None:
    cells = {("O1", OUTCOME): "no", ("O2", OUTCOME): "yes"}
    looked = made.desk().look(made.replies(made.filled("A", cells)).proposals)
    # The other place of O3 is free: S1 may move there.
    assert [(one.number, one.line, one.harm) for one in looked] == [
        (1, "S1/first: other place: O1 PE1 → O3 PE to be named", ()), (2, NOTHING, ()),
    ]  # fmt: skip
    assert not made.desk().look(made.replies(made.filled("A", cells)).proposals, lambda: True)[0].looked


def test_who_loses_a_place_or_a_promise_is_harmed(tmp_path: Path) -> None:
    booked = Round(tmp_path, partnership("meeting_booked"))
    cells = {("O1", OUTCOME): "no", ("O2", WITHDRAWN): "yes"}
    looked = booked.desk().look(booked.replies(booked.filled("A", cells)).proposals)
    assert [one.harm for one in looked] == [
        ("S1/first was promised, and is touched",), ("S2/first was promised, and is touched",),
    ]  # fmt: skip
    # Naming a PE who was to be named keeps what was promised.
    [named] = booked.desk().look(booked.replies(booked.filled("B", {("O3", PE_NAMED): "PE3"})).proposals)
    assert (named.line, named.harm) == ("S3/first: PE named: O3 PE to be named → O3 PE3", ())


def test_all_that_harm_nobody_harm_nobody_together(made: Round) -> None:
    paths = [made.filled("A", {("O1", OUTCOME): "no"}), made.filled("B", {("O3", STAYS_OPEN): "no"})]
    looked = made.desk().look(made.replies(*paths).proposals)
    # There is one free place: S1 may have it, or it may go.
    assert [one.harmless for one in looked] == [True, True]
    accepted = made.desk().accept_harmless(looked)
    assert accepted.numbers == (1,)
    assert accepted.left == ((2, ("S1/first has no place",)),)
    # A person may take both all the same.
    both = made.desk().accept({one.number: one.proposal for one in looked})
    assert both.numbers == (1, 2)
    assert both.effect is not None
    assert both.effect.comparison.placed_after == 2


def test_what_is_refused_is_said_and_the_rest_is_taken(made: Round) -> None:
    [first] = made.replies(made.filled("A", {("O1", OUTCOME): "no"})).proposals
    accepted = made.desk().accept({1: first, 2: first})
    [(number, refusal)] = accepted.refused
    assert (accepted.numbers, number) == ((1,), 2)
    assert "S1/first" in refusal.words
    # Read again after it was taken, the same reply is nothing new.
    assert accepted.taken is not None
    assert [entry.kind for entry in log_of(accepted.taken.register, accepted.taken.reading)] == ["declined"]


def test_the_last_place_goes_with_its_offer(made: Round) -> None:
    [fewer] = made.replies(made.filled("B", {("O3", STAYS_OPEN): "no"})).proposals
    accepted = made.desk().accept({1: fewer, 2: fewer})
    assert accepted.numbers == (1,)
    assert accepted.refused[0][1].found == ("O3 has 1 place: withdraw the offer instead.",)
    assert accepted.taken is not None
    assert accepted.taken.reading.dataset.offer_by_id["O3"].capacity == 1


def test_one_of_two_who_are_kept_beyond_the_places_goes_alone(tmp_path: Path) -> None:
    content = partnership("confirmed")
    content["Offers"][2]["capacity"] = "lots"  # cannot be read: it takes nobody new
    content["Published"][1].update({"offer": "O3", "pe": "TBC@O3"})
    full = Round(tmp_path, content)
    book = opened(full.paths["B"])
    sheet = book[REPLY_SHEET]
    sheet.cell(5, headings(sheet)[WITHDRAWN]).value = "yes"
    book.save(tmp_path / "B.xlsx")
    [proposal] = full.replies(tmp_path / "B.xlsx").proposals
    [step] = proposal.steps
    assert isinstance(step, Decided)
    assert step.cells["decision"] == "declined"


def test_a_clash_harms(made: Round) -> None:
    [proposal] = made.replies(made.filled("A", {("O1", OUTCOME): "no"})).proposals
    effect = made.desk().accept({1: proposal}).effect
    assert effect is not None
    plan = effect.after.plan.model_copy(update={"clash": Clash(members=(), confirmed=True)})
    clashing = effect._replace(after=effect.after._replace(plan=plan))
    assert tuple(harm_of(clashing, made.reading.dataset)) == (RULES_CLASH,)
    assert effect_line(clashing) == RULES_CLASH
    # Nobody is harmed by it, but for a fix that cannot be any more.
    assert tuple(harm_of(effect._replace(set_aside=("S2/first",)), made.reading.dataset)) == (
        "the fix of S2/first cannot be",
    )


def test_nothing_is_changed_where_nothing_is_accepted(made: Round) -> None:
    before = made.register
    replies = made.replies(made.filled("A", {("O1", OUTCOME): "no"}))
    made.desk().look(replies.proposals)
    accepted = made.desk().accept({})
    assert (accepted.taken, accepted.effect, accepted.numbers) == (None, None, ())
    assert settle(made.register, each=True) == made.reading
    assert made.register is before


ANSWERED = st.fixed_dictionaries(
    {
        OUTCOME: st.sampled_from((None, "yes", "no", "perhaps")), REASON: st.sampled_from((None, "no PE")),
        MEETING_ON: st.sampled_from((None, DAY)), PE_NAMED: st.sampled_from((None, "PE1", "PE3", "PE9")),
        SUPERVISOR_NAMED: st.sampled_from((None, "TL")), WITHDRAWN: st.sampled_from((None, None, "yes")),
    }
)  # fmt: skip


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=ANSWERED, two=ANSWERED, three=ANSWERED, still=st.sampled_from((None, "yes", "no")))
def test_accepted_replies_written_and_read_again_are_the_same_dataset(
    made: Round, tmp_path_factory: pytest.TempPathFactory, one: Any, two: Any, three: Any, still: str | None
) -> None:
    cells_a = {(place, h): v for place, row in (("O1", one), ("O2", two)) for h, v in row.items()}
    cells_b = {("O3", h): v for h, v in three.items()} | {("O3", STAYS_OPEN): still}
    proposals = made.replies(made.filled("A", cells_a), made.filled("B", cells_b)).proposals
    accepted = made.desk().accept(dict(enumerate(proposals, 1)))
    assert sorted([*accepted.numbers, *(n for n, _ in accepted.refused)]) == list(range(1, len(proposals) + 1))
    if accepted.taken is None:
        return
    taken: Taken = accepted.taken
    source = as_workbook(tmp_path_factory.mktemp("written"), partnership())
    target = next_name(source)
    assert write_step(source, target, read_register(source), taken.edits) == ()
    again = settle(read_register(target), each=True).dataset
    assert facts(again).digest == facts(taken.reading.dataset).digest
