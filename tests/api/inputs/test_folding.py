"""A round of two students and two offers: S1 and S2 ask for a final at T1; A has offers O1 and O2."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import pytest

from allocator.intake import Reading, read
from allocator.lifecycle.entering import Entered, enter
from allocator.lifecycle.next_file import write_step
from allocator.reading.editing import CellTyped
from allocator.reading.reader import read_register
from api.inputs import folding
from api.inputs.entering import Effect, effect_of_row, effect_of_undo
from api.inputs.folding import Entry, changes_between, facts_in_force, log_in_force, workbook_in_force
from api.inputs.sending import Sent, sheets_sent
from api.inputs.tasks import written
from api.problems import ConflictError, UnusableError
from models.dataset import Dataset
from models.errors import RefusedError, UsageError
from tests.lifecycle.steps import facts
from tests.reading.sheets import write_rows

ROWS, TODAY = 1000, date.today()
FIX = {"decision": "fix", "request": "S1/first", "offer": "O1", "by": "LM"}
FORBID = {"decision": "do_not_match", "request": "S1/first", "offer": "O1", "by": "LM"}
OTHER = {"decision": "fix", "request": "S2/first", "offer": "O2", "by": "LM"}


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


def entered(sent: Sent, log: tuple[Entry, ...], row: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The log after a decision."""
    return kept(log, effect_of_row(sent, log, row, ROWS, TODAY))


def undone(sent: Sent, log: tuple[Entry, ...], number: int) -> tuple[Entry, ...]:
    """The log after an entry was undone."""
    return kept(log, effect_of_undo(sent, log, number, "LM", None, ROWS, TODAY))


def kept(log: tuple[Entry, ...], effect: Effect) -> tuple[Entry, ...]:
    cells = tuple(CellTyped(*cell) for cell in effect.cells)
    return (*log, Entry(len(log) + 1, json.loads(json.dumps(effect.row)), effect.undoes, cells))


def digest(sent: Sent, log: tuple[Entry, ...]) -> str:
    return facts_in_force(sent, log, ROWS).dataset_digest


def data(sent: Sent, log: tuple[Entry, ...]) -> Dataset:
    """The data in force, without what is said of rows: of one that was undone it is said that it was."""
    return facts(read_again(sent, log).dataset)


def read_again(sent: Sent, log: tuple[Entry, ...]) -> Reading:
    with written(workbook_in_force(sent, log)) as (path,):
        return read(path)


def test_rows_have_ids_and_an_undo_is_a_row_of_its_own() -> None:
    sent = partnership()
    log = undone(sent, entered(sent, (), FIX), 1)
    log = undone(sent, log, 2)
    assert [(e.row["id"], e.row["decision"], e.row.get("value"), e.undoes) for e in log if e.row] == [
        ("D1", "fix", None, None), ("D2", "undo", "D1", 1), ("D3", "undo", "D2", 2),
    ]  # fmt: skip
    # D2 took D1 away, and D3 takes D2 away: the fix is in force.
    assert [(row.id, row.state) for row in log_in_force(sent, log, ROWS)] == [
        ("D1", "in_force"), ("D2", "undone"), ("D3", "in_force"),
    ]  # fmt: skip


def test_undone_is_the_data_before() -> None:
    sent = partnership()
    assert data(sent, undone(sent, entered(sent, (), FIX), 1)) == data(sent, ())


def test_a_row_that_the_workbook_holds_already_is_not_typed_again() -> None:
    sent = partnership()
    log = entered(sent, (), FIX)
    out = workbook_in_force(sent, log)
    assert workbook_in_force(out, log) == out
    assert facts_in_force(out, log, ROWS).counts["decisions"] == 1


def test_a_workbook_in_which_a_row_of_the_log_is_another_one_is_refused() -> None:
    sent = partnership()
    log = entered(sent, (), FIX)
    sheets = json.loads(sent.data) | {"Decisions": [FIX | {"id": "d1", "on": "2026-01-02", "offer": "O2"}]}
    with pytest.raises(ConflictError, match="Decisions, row 2: D1 is in the log of the round with another offer"):
        facts_in_force(sheets_sent(sheets), log, ROWS)


def test_ids_that_a_decision_may_name_are_typed_with_it() -> None:
    sheets = json.loads(partnership().data)
    del sheets["Offers"][1]["offer"]
    sent = sheets_sent(sheets)
    log = entered(sent, (), FIX)
    (cell,) = log[0].cells
    assert (cell.sheet, cell.row, cell.column) == ("Offers", 3, "offer")  # below the headings and O1
    assert json.loads(workbook_in_force(sent, log).data)["Offers"][1]["offer"] == cell.cell


def test_entries_of_before_rows_had_ids_come_along_with_some() -> None:
    sent = partnership()
    log = (Entry(1, FIX, None), Entry(2, None, 1))
    assert data(sent, log) == data(sent, ())
    assert data(sent, undone(sent, log, 2)) == data(sent, (Entry(1, FIX, None),))


def test_without_decisions_the_workbook_is_the_one_that_was_sent() -> None:
    sent = partnership()
    assert workbook_in_force(sent, ()) == sent


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_the_workbook_in_force_reads_as_the_same_data(form: str, tmp_path: Path) -> None:
    sent = partnership()
    if form == "xlsx":
        write_rows(tmp_path / "w.xlsx", json.loads(sent.data))
        sent = Sent((tmp_path / "w.xlsx").read_bytes(), "w.xlsx")
    log = undone(sent, entered(sent, entered(sent, (), FIX), OTHER), 1)
    assert PurePath(workbook_in_force(sent, log).filename).suffix == f".{form}"
    assert read_again(sent, log).dataset.digest == digest(sent, log)
    assert facts_in_force(sent, log, ROWS).counts["decisions"] == 1


def test_a_workbook_that_cannot_be_copied_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise UsageError("the workbook library cannot copy it")

    monkeypatch.setattr(folding, "write_next", refuse)
    sent = partnership()
    log = entered(sent, (), FIX)
    assert workbook_in_force(sent, log).filename == "sheets.xlsx"
    assert read_again(sent, log).dataset.digest == digest(sent, log)


def test_it_is_what_the_command_line_makes_of_it(tmp_path: Path) -> None:
    """The second decision, taken by the command line on what was taken out after the first."""
    sent = partnership()
    log = entered(sent, (), FIX)
    out = workbook_in_force(sent, log)
    source, target = tmp_path / out.filename, tmp_path / "next.json"
    source.write_bytes(out.data)
    register = read_register(source)
    step = enter(register, OTHER, today=TODAY)
    assert isinstance(step, Entered)
    write_step(source, target, register, step.edits, today=TODAY)
    assert read(target).dataset.digest == digest(sent, entered(sent, log, OTHER))


def test_the_effect_of_a_decision_is_its_row_and_nothing_else() -> None:
    effect = effect_of_row(partnership(), (), FIX, ROWS, TODAY)
    assert [(c.sheet, c.added, c.removed, c.changed) for c in effect.changes.counts] == [("Decisions", 1, 0, 0)]
    assert effect.facts.dataset_digest == digest(partnership(), entered(partnership(), (), FIX))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"decision": "fix", "request": "S9/first", "offer": "O1"}, "S9/first"),
        ({"decision": "fixx", "request": "S1/first"}, "fixx"),
        ({"decision": "fix", "request": "S1/first", "offer": "O7"}, "O7"),
        ({"decision": "fix", "request": "S1/first", "offer": "O1", "by": None}, "'by' is blank"),
    ],
)
def test_a_decision_about_nothing_is_refused_in_the_words_of_the_library(row: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        effect_of_row(partnership(), (), {"by": "LM"} | row, ROWS, TODAY)


def test_a_decision_that_contradicts_one_in_force_is_refused_with_both() -> None:
    log = entered(partnership(), (), FIX)
    with pytest.raises(RefusedError) as refused:
        effect_of_row(partnership(), log, FORBID, ROWS, TODAY)
    # The one in force would be set aside: row 2, below the headings of a sheet that was empty.
    assert ("V508", 2) in [(issue.code, issue.row) for issue in refused.value.issues]
    assert refused.value.undo_first == ("D1",)
    assert "In force: D1 (fix S1/first, O1)" in str(refused.value)


def test_ids_and_days_are_the_logs() -> None:
    with pytest.raises(UsageError, match="on of a decision cannot be typed"):
        effect_of_row(partnership(), (), FIX | {"on": "2026-01-03"}, ROWS, TODAY)


def test_two_workbooks_of_a_round_differ_in_what_was_typed_anew() -> None:
    changes = changes_between(partnership(), (), partnership(capacity=2), (), ROWS)
    assert [(row.sheet, row.row, row.kind) for row in changes.rows] == [("Offers", "O1", "changed")]


def test_more_rows_than_allowed() -> None:
    # A tranche, two students, two offers and a decision: six rows.
    log = entered(partnership(), (), FIX)
    assert facts_in_force(partnership(), log, 6).counts["students"] == 2
    with pytest.raises(UnusableError, match="6 rows, more than the 5 that are read here"):
        facts_in_force(partnership(), log, 5)
    with pytest.raises(UnusableError, match=r"rows, more than the [\d,]+ that are read here"):
        effect_of_row(partnership(), (), FIX, 5, TODAY)


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


@pytest.mark.parametrize(
    ("row", "sheets"),
    [
        ({"decision": "defer", "request": "S1/first", "value": "T2"}, {"Requests"}),
        ({"decision": "end_early", "request": "S2/first", "value": 30}, {"Requests", "History", "Published"}),
        ({"decision": "name_supervisor", "offer": "O1"}, {"Offers"}),
        ({"decision": "requested", "request": "S1/first", "agency": "A"}, set()),
        ({"decision": "undo", "value": "D1"}, set()),
    ],
)
def test_what_a_row_stands_for_is_shown_and_comes_back_with_the_workbook(row: dict[str, Any], sheets: set[str]) -> None:
    sent = sheets_sent(ROUND)
    found = effect_of_row(sent, (), row | {"by": "AB"}, ROWS, date(2026, 3, 2))
    assert {change.sheet for change in found.changes.rows} == sheets | {"Decisions"}
    with written(workbook_in_force(sent, kept((), found))) as (path,):
        assert read(path, today=date(2026, 3, 2)).dataset.digest == found.facts.dataset_digest


@pytest.mark.parametrize(
    "row",
    [
        {"decision": "defer", "request": "S1/first", "value": "T9"},
        {"decision": "end_early", "request": "S2/first", "value": "some"},
        {"decision": "undo", "value": "D9"},
    ],
)
def test_what_such_a_row_cannot_mean_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        effect_of_row(sheets_sent(ROUND), (), row | {"by": "AB"}, ROWS, TODAY)
