"""Suggestions: the word that difflib would choose, found fast; and no flood of them."""

from difflib import get_close_matches

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allocator.reading import collecting as collecting_module
from allocator.reading import grouping as grouping_module
from allocator.reading import spelling as spelling_module
from allocator.reading.codes import ISSUE_KINDS
from allocator.reading.spelling import Vocabulary, closest, did_you_mean
from allocator.settling import identities as identities_module
from tests.reading.sheets import issues, sheets

WORD = st.text("aAbBß0129-_ /", max_size=9)


@given(WORD, st.sets(WORD, max_size=12))
@example("PE0012", {f"PE{n:06d}" for n in range(200)})  # many are as near: the last by their letters
@example("s1", {"S1", "s1"})  # of words that differ in case alone, the first in natural order
def test_the_closest_word_is_that_of_difflib(found: str, allowed: set[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling_module, "FIRST_JUDGED", 2)
        near = closest(found, allowed)
    expected = get_close_matches(found.casefold(), {word.casefold() for word in allowed}, n=1, cutoff=0.7)
    assert [near.casefold()] == expected if near is not None else expected == []
    assert near is None or near in allowed


def test_many_missing_names_get_suggestions_for_the_first_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    # PE1 and PE2 are listed, so 5 // 2 = 2 names are compared with them: PE1x and PE1y, which come before PE10x in
    # natural order, whatever the order of rows.
    monkeypatch.setattr(spelling_module, "MOST_COMPARED", 5)
    assert Vocabulary(["PE1", "PE2"]).suggestions(["PE10x", "PE1y", "PE1x"]).keys() == {"PE1x", "PE1y"}
    found = [i for i in issues(sheets(Offers={"educators": "PE10x; PE1y; PE1x"})) if i.code == "V414"]
    assert {i.found: "Did you mean" in i.message for i in found} == {"PE10x": False, "PE1y": True, "PE1x": True}


def test_a_suggestion_is_the_end_of_its_message() -> None:
    with_suggestion = [k.message for k in ISSUE_KINDS.values() if "{suggestion}" in k.message]
    assert with_suggestion
    assert all(message.endswith("{suggestion}") for message in with_suggestion)


def test_of_many_ids_alike_a_message_names_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities_module, "OTHERS", 2)
    rows = [
        {"student": name, "programme": "BA", "home": "CR0", "stage": "first"}
        for name in ("x1", "X1", "Y-1", "y-1", "y_1")
    ]
    monkeypatch.setattr(grouping_module, "TOGETHER", 5)
    found = {i.found: i.message for i in issues(sheets(Students=rows)) if i.code == "V307"}
    # X1 and x1 are read alike, as are Y-1, y-1 and y_1; in natural order Y-1, y-1, y_1.
    assert "'x1' and 'X1' look" in found["x1"]
    assert "'y_1' and 'Y-1', 'y-1' look" in found["y_1"]
    assert "'Y-1' and 'y-1', 'y_1' look" in found["Y-1"]


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("S1", "S 1", True),
        ("S1", "s-1", True),
        ("AB 1", "A B1", True),
        ("T1-11", "T11-1", False),
        ("T1 1", "T11", False),
    ],
)
def test_ids_that_differ_by_spacing_alone_are_asked_about(one: str, other: str, asked: bool) -> None:
    rows = [{"student": name, "programme": "BA", "home": "CR0", "stage": "first"} for name in (one, other)]
    found = {i.found for i in issues(sheets(Students=rows)) if i.code == "V307" and i.sheet == "Students"}
    assert found == ({one, other} if asked else set())


def test_a_withdrawn_problem_neither_shows_nor_is_a_cause() -> None:
    collector = collecting_module.Collector()
    for row, subject in ((2, "S1/first"), (3, "S2/first"), (4, "S1/first")):
        collector.add("V422", sheet="Requests", row=row, subject=subject, why="of a test")
    assert collector.aside("s1/first", "Requests") == {"listed": "Requests", "cause": "V422, row 2"}
    collector.withdraw("V422", "S1/first")
    assert collector.aside("S1/first", "Requests") == {}
    assert [(i.row, i.subject) for i in collector.issues] == [(3, "S2/first")]
    collector.add("V422", sheet="Requests", row=4, subject="S1/first", why="of a test")
    assert [i.row for i in collector.issues] == [3, 4]
    assert collector.aside("S1/first", "Requests") == {"listed": "Requests", "cause": "V422, row 4"}


def test_of_a_word_that_differs_in_capitals_alone_no_zeros_are_lost() -> None:
    assert did_you_mean("Question", ("question", "name")) == " Did you mean 'question'?"
