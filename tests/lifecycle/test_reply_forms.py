"""Reply forms read back: every form that is written, and the mistakes that people make in them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from allocator.lifecycle.reply_forms import ANSWERS, ReplyForm, read_reply_form
from allocator.report.agencies import write_agency_files
from allocator.views.agency_forms import (
    MEETING_ON,
    OUTCOME,
    PE_NAMED,
    REASON,
    REASON_CODES,
    REPLY_SHEET,
    STAYS_OPEN,
    SUPERVISOR_NAMED,
    VISITS_SHEET,
    WITHDRAWN,
    form_tables,
)
from allocator.views.facts import Facts
from allocator.views.spokes import visits
from allocator.views.unused import Unused
from allocator.views.version import version
from models.errors import UsageError
from tests.lifecycle.returned import DAY, Round, headings, partnership
from tests.report import sent
from tests.report.looking import opened

SECRETS = ("Jane Smith", "jane.smith@example.org", "07700 900123")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return Round(tmp_path_factory.mktemp("forms"), partnership())


def read(path: Path) -> ReplyForm:
    return read_reply_form(path, REASON_CODES)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=sent.plans())
def test_every_form_that_is_written_is_read_with_nothing_to_say(
    tmp_path_factory: pytest.TempPathFactory, facts: Facts
) -> None:
    for path in write_agency_files(tmp_path_factory.mktemp("sent"), facts):
        agency = next(a.agency for a in facts.dataset.agencies if a.agency == path.stem)
        form = read(path)
        assert (form.agency, form.version) == (facts.agency_name(agency), version(facts.plan))
        assert (form.issues, form.said) == ((), ())
        assert not any(row.answered for row in form.rows)
        # A row for each match at the agency, for each visit, and for each place that is not used.
        tables = form_tables(facts, agency, Unused(facts))
        assert len(form.rows) == sum(len(table.rows) for table in tables.values())
        assert sum(r.sheet == VISITS_SHEET for r in form.rows) == len(visits(facts, facts.matches, agency))


def test_what_is_filled_in_is_read(made: Round) -> None:
    cells = {
        ("O3", OUTCOME): "Yes", ("O3", MEETING_ON): DAY, ("O3", PE_NAMED): "PE3", ("O3", SUPERVISOR_NAMED): "TL",
        ("O3", STAYS_OPEN): "NO",
    }  # fmt: skip
    reply, unused = read(made.filled("B", cells)).rows
    assert (reply.place, reply.student, reply.stage) == ("O3", "S3", "first")
    assert reply.replies == {OUTCOME: "yes", MEETING_ON: DAY, PE_NAMED: "PE3", SUPERVISOR_NAMED: "TL"}
    assert (unused.place, unused.replies) == ("O3", {STAYS_OPEN: "no"})


@pytest.mark.parametrize(
    ("heading", "typed", "code", "words"),
    [
        (
            OUTCOME,
            "Yes please",
            "V202",
            "'Yes please' is not a word for 'Outcome: yes or no', so the cell counts as blank",
        ),
        (OUTCOME, datetime(2026, 12, 3), "V202", "2026-12-03"),
        (OUTCOME, 7, "V202", "'7'"),
        (OUTCOME, "#N/A", "V208", "#N/A"),
        (OUTCOME, "x", "V214", "'x' as yes"),  # a cross in the box is a yes, and said
        (WITHDRAWN, "perhaps", "V202", "'perhaps' is not a word for 'Place withdrawn: yes'"),
        (MEETING_ON, "soon", "V201", "'soon' is not a date"),
        (MEETING_ON, "3/12/2026", "V211", "as 3 December 2026"),
        (REASON, "we have no room", "V202", "'we have no room' is not a word for 'If no: reason code'"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_and_costs_itself_alone(
    made: Round, heading: str, typed: Any, code: str, words: str
) -> None:
    cells = {("O1", heading): typed, ("O1", SUPERVISOR_NAMED): "TL", ("O2", OUTCOME): "no"}
    form = read(made.filled("A", cells))
    [issue] = form.issues
    assert (issue.code, issue.sheet, issue.row, issue.column) == (code, REPLY_SHEET, 5, heading)
    assert words in issue.message
    assert issue.allowed
    first, second = form.rows
    read_all_the_same = code in ("V211", "V214")
    assert ((heading in first.replies), (heading in first.unreadable)) == (read_all_the_same, not read_all_the_same)
    assert (first.replies[SUPERVISOR_NAMED], second.replies) == ("TL", {OUTCOME: "no"})


@pytest.mark.parametrize("text", SECRETS)
@pytest.mark.parametrize("heading", [PE_NAMED, SUPERVISOR_NAMED, REASON, OUTCOME, "Student reference", "Place"])
def test_names_and_contact_details_are_not_kept_nor_repeated(made: Round, heading: str, text: str) -> None:
    form = read(made.filled("A", {("O1", PE_NAMED): "PE1", ("O1", heading): text}))
    said = repr(form)
    assert "Jane" not in said
    assert text not in said
    if (heading, text) == (SUPERVISOR_NAMED, "Jane Smith"):
        assert form.rows[0].replies[SUPERVISOR_NAMED] == "JS"
    elif heading in ANSWERS[REPLY_SHEET]:
        assert heading in form.rows[0].unreadable


def sorted_rows(book: Workbook) -> None:
    sheet = book[REPLY_SHEET]
    first, second = ([cell.value for cell in sheet[n]] for n in (5, 6))
    for number, values in ((5, second), (6, first)):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value


def rows_above(book: Workbook) -> None:
    book[REPLY_SHEET].insert_rows(3, 2)


def one_more_sheet(book: Workbook) -> None:
    book.create_sheet("Our notes")["A1"] = "thank you"


def one_more_column(book: Workbook) -> None:
    sheet = book[REPLY_SHEET]
    sheet.cell(4, sheet.max_column + 1).value = "Remarks"


def a_deleted_row(book: Workbook) -> None:
    book[REPLY_SHEET].delete_rows(6)


def merged(book: Workbook) -> None:
    sheet = book[REPLY_SHEET]
    letter = get_column_letter(headings(sheet)[OUTCOME])
    sheet.merge_cells(f"{letter}5:{letter}6")


def without_a_heading(book: Workbook) -> None:
    sheet = book[REPLY_SHEET]
    sheet.cell(4, headings(sheet)[OUTCOME]).value = None


def without_title_and_note(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet["A1"] = sheet["A2"] = None


@pytest.mark.parametrize(
    ("change", "outcomes", "words"),
    [
        (sorted_rows, {"O1": "yes", "O2": "no"}, ""),
        (rows_above, {"O1": "yes", "O2": "no"}, ""),
        (a_deleted_row, {"O1": "yes"}, ""),
        (one_more_sheet, {"O1": "yes", "O2": "no"}, "The sheet 'Our notes' is none of the form's, and was not read."),
        (one_more_column, {"O1": "yes", "O2": "no"}, "The column 'Remarks' is not one of ours"),
        (merged, {"O1": "yes", "O2": None}, "are merged"),
        (without_a_heading, {"O1": None, "O2": None}, "the column 'Outcome: yes or no' is missing"),
        (without_title_and_note, {"O1": "yes", "O2": "no"}, ""),
    ],
)
def test_what_people_do_to_a_form(
    made: Round, tmp_path: Path, change: Callable[[Workbook], None], outcomes: dict[str, str | None], words: str
) -> None:
    book = opened(made.filled("A", {("O1", OUTCOME): "yes", ("O2", OUTCOME): "no"}))
    change(book)
    book.save(tmp_path / "A.xlsx")
    form = read(tmp_path / "A.xlsx")
    assert {row.place: row.replies.get(OUTCOME) for row in form.rows} == outcomes
    said = " ".join([*form.said, *(issue.message for issue in form.issues)])
    assert (words in said) if words else not said
    lost = change is without_title_and_note
    assert (form.agency, form.version) == ((None, None) if lost else ("A", made.version))


def test_what_is_no_form_is_said_and_nothing_fails(tmp_path: Path) -> None:
    other, text = tmp_path / "other.xlsx", tmp_path / "text.xlsx"
    Workbook().save(other)
    text.write_text("not a workbook", encoding="utf-8")
    assert read(other).said == ("It is no reply form: it has no sheet 'Reply form' (its sheets: 'Sheet').",)
    assert [issue.code for issue in read(text).issues] == ["V101"]
    with pytest.raises(UsageError, match="there is no file"):
        read(tmp_path / "none.xlsx")
