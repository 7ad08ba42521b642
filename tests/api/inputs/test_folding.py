"""A round of two students and two offers: S1 and S2 ask for a final at T1; A has offers O1 and O2."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from allocator.intake import read
from api.inputs.folding import (
    Entry,
    changes_between,
    dated,
    effect_of_row,
    facts_in_force,
    in_force,
    undone,
    with_decisions,
    workbook_in_force,
)
from api.inputs.sending import Sent, sheets_sent
from api.inputs.tasks import written
from api.problems import UnusableError

ROWS = 1000
FIX = {"decision": "fix", "request": "S1/first", "offer": "O1", "on": "2026-01-02"}
FORBID = {"decision": "do_not_match", "request": "S1/first", "offer": "O1", "on": "2026-01-02"}


def partnership(**offers: Any) -> Sent:
    return sheets_sent(
        {
            "Tranches": [{"tranche": "T1", "first_day": "2026-01-05"}],
            "Students": [
                {"student": name, "programme": "MSW", "stage": "first", "tranche": "T1", "home": "P0"}
                for name in ("S1", "S2")
            ],
            "Offers": [
                {"offer": "O1", "agency": "A", "team": "X", "tranche": "T1", "place": "P1", "areas": "adults"} | offers,
                {"offer": "O2", "agency": "A", "team": "X", "tranche": "T1", "place": "P1", "areas": "adults"},
            ],
        }
    )


def test_an_undo_takes_its_entry_away_and_an_undo_of_it_brings_it_back() -> None:
    log = [Entry(1, FIX, None), Entry(2, FORBID, None), Entry(3, None, 1)]
    assert undone(log) == {1}
    assert in_force(log) == (FORBID,)
    log.append(Entry(4, None, 3))
    assert undone(log) == {3}
    assert in_force(log) == (FIX, FORBID)


def test_without_decisions_the_workbook_is_the_one_that_was_sent() -> None:
    sent = partnership()
    assert workbook_in_force(sent, ()) == sent


def test_the_workbook_in_force_reads_as_the_same_data() -> None:
    sent = partnership()
    workbook = workbook_in_force(sent, (FIX,))
    assert workbook.filename == "sheets.xlsx"
    with written(workbook) as (path,):
        reading = read(path)
    facts = facts_in_force(sent, (FIX,), ROWS)
    assert reading.dataset.digest == facts.dataset_digest
    assert facts.counts["decisions"] == 1


def test_the_effect_of_a_decision_is_its_row_and_nothing_else() -> None:
    effect = effect_of_row(partnership(), (), FIX, ROWS)
    assert [(c.sheet, c.added, c.removed, c.changed) for c in effect.changes.counts] == [("Decisions", 1, 0, 0)]
    assert effect.facts == facts_in_force(partnership(), (FIX,), ROWS)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"decision": "fix", "request": "S9/first", "offer": "O1"}, "S9/first"),
        ({"decision": "fixx", "request": "S1/first"}, "fixx"),
        ({"decision": "fix", "request": "S1/first", "offer": "O7"}, "O7"),
    ],
)
def test_a_decision_about_nothing_is_refused_in_the_words_of_the_library(row: Mapping[str, str], words: str) -> None:
    with pytest.raises(UnusableError) as refused:
        effect_of_row(partnership(), (), row, ROWS)
    assert any(words in issue.message + str(issue.found) for issue in refused.value.issues)
    assert {issue.sheet for issue in refused.value.issues} == {"Decisions"}


def test_a_decision_that_contradicts_one_in_force_is_refused_with_both() -> None:
    with pytest.raises(UnusableError) as refused:
        effect_of_row(partnership(), (FIX,), FORBID, ROWS)
    # The one in force would be set aside: row 2, below the headings of a sheet that was empty.
    (issue,) = refused.value.issues
    assert (issue.code, issue.row) == ("V508", 2)
    assert "contradicts 'do_not_match S1/first O1'" in issue.message


def test_a_decision_keeps_the_day_on_which_it_was_made() -> None:
    assert dated({"decision": "fix", "why": None}, date(2026, 1, 2)) == {"on": "2026-01-02", "decision": "fix"}
    assert dated({"decision": "fix", "on": "2026-01-03"}, date(2026, 1, 2))["on"] == "2026-01-03"


def test_two_workbooks_of_a_round_differ_in_what_was_typed_anew() -> None:
    changes = changes_between(partnership(), partnership(capacity=2), (), ROWS)
    assert [(row.sheet, row.row, row.kind) for row in changes.rows] == [("Offers", "O1", "changed")]


def test_more_rows_than_allowed() -> None:
    # A tranche, two students, two offers and a decision: six rows.
    assert facts_in_force(partnership(), (FIX,), 6).counts["students"] == 2
    with pytest.raises(UnusableError, match="6 rows, more than the limit of rows, 5"):
        facts_in_force(partnership(), (FIX,), 5)


def test_no_decision_leaves_a_register_as_it_is() -> None:
    from allocator.reading.reader import register_of

    register = register_of(json.loads(partnership().data))
    assert with_decisions(register, ()) is register


ROUND = {
    "Tranches": [
        {"tranche": "T1", "first_day": "2026-01-05", "status": "deciding"},
        {"tranche": "T2", "first_day": "2026-09-07", "status": "later"},
    ],
    "Students": [{"student": name, "programme": "MSW", "stage": "first", "home": "P0"} for name in ("S1", "S2")],
    "Offers": [{"offer": "O1", "agency": "A", "team": "X", "tranche": "T1", "place": "P1", "areas": "adults"}],
    "Published": [{"request": "S2/first", "offer": "O1", "status": "started", "start": "2026-01-05"}],
    "Decisions": [{"decision": "fix", "request": "S1/first", "offer": "O1", "by": "AB", "id": "D1"}],
}
BY = {"by": "AB", "on": "2026-03-02"}


@pytest.mark.parametrize(
    ("row", "sheets"),
    [
        ({"decision": "defer", "request": "S1/first", "value": "T2"}, {"Requests"}),
        ({"decision": "end_early", "request": "S2/first", "value": 30}, {"Requests", "History", "Published"}),
        ({"decision": "name_supervisor", "offer": "O1"}, {"Offers"}),
        ({"decision": "requested", "request": "S1/first", "agency": "A"}, set()),
        ({"decision": "hold", "request": "S2/first", "offer": "O1", "until": "2026-12-31"}, set()),
        ({"decision": "undo", "value": "D1"}, set()),
    ],
)
def test_what_a_row_stands_for_is_shown_and_comes_back_with_the_workbook(row: dict[str, Any], sheets: set[str]) -> None:
    sent = sheets_sent(ROUND)
    found = effect_of_row(sent, (), row | BY, ROWS)
    assert {change.sheet for change in found.changes.rows} == sheets | {"Decisions"}
    with written(workbook_in_force(sent, (row | BY,))) as (path,):
        assert read(path).dataset.digest == found.facts.dataset_digest


@pytest.mark.parametrize(
    "row",
    [
        {"decision": "defer", "request": "S1/first", "value": "T9"},
        {"decision": "end_early", "request": "S2/first", "value": "some"},
        {"decision": "undo", "value": "D9"},
    ],
)
def test_what_such_a_row_cannot_mean_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(UnusableError):
        effect_of_row(sheets_sent(ROUND), (), row | BY, ROWS)
