"""A form that was filled in elsewhere is read as a workbook in which the same is typed; and kept, and read back."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.lifecycle.kept_replies import kept_form, kept_step, read_back, step_of
from allocator.lifecycle.replies import Decided, FewerPlaces, MarkedStep, Step, unclear_in
from allocator.lifecycle.reply_forms import KNOWN_BY, FormRow, ReplyForm, TypedRow, read_reply_form, typed_form
from allocator.report.layout import HEADER_ROW
from allocator.views.agency_forms import (
    MEETING_ON,
    OUTCOME,
    PE_NAMED,
    REASON,
    REASON_CODES,
    REPLY_SHEET,
    STAYS_OPEN,
    SUPERVISOR_NAMED,
    UNUSED_SHEET,
    WITHDRAWN,
)
from tests.lifecycle.returned import DAY, Round, partnership

KNOWN = {REPLY_SHEET: ("O3", "S3", "first"), UNUSED_SHEET: ("O3",)}
TEXTS = ("", " ", "yes", "NO", "perhaps", "no PE", "no pe", "2026-12-03", "soon", "PE3", "Jane Smith", "JS", "jane@x.org", "not known", "x" * 300)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return Round(tmp_path_factory.mktemp("typed"), partnership())


def typed(made: Round, answers: dict[str, str]) -> ReplyForm:
    """B's form with these answers in its first row, and on Unused places."""
    sheets = {}
    for sheet, known in KNOWN.items():
        of_sheet = {title: text for title, text in answers.items() if (title == STAYS_OPEN) is (sheet == UNUSED_SHEET)}
        sheets[sheet] = [TypedRow(HEADER_ROW + 1, dict(zip(KNOWN_BY[sheet], known, strict=True)), of_sheet)]
    return typed_form("B.xlsx", "B", made.version, sheets, REASON_CODES)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(
        st.sampled_from([OUTCOME, REASON, PE_NAMED, SUPERVISOR_NAMED, WITHDRAWN, STAYS_OPEN]), st.sampled_from(TEXTS)
    )
)
def test_what_is_typed_is_what_a_workbook_says(made: Round, answers: dict[str, str]) -> None:
    cells: dict[tuple[str, str], Any] = {("O3", title): text for title, text in answers.items()}
    there, here = read_reply_form(made.filled("B", cells), REASON_CODES), typed(made, answers)
    assert (here.rows, here.agency, here.version) == (there.rows, there.agency, there.version)
    assert {(i.code, i.row, i.column) for i in here.issues} == {(i.code, i.row, i.column) for i in there.issues}
    kept = json.loads(json.dumps(kept_form(here)))
    assert read_back("B.xlsx", kept) == here


def test_a_day_that_is_typed_is_a_day(made: Round) -> None:
    there = read_reply_form(made.filled("B", {("O3", MEETING_ON): DAY}), REASON_CODES)
    here = typed(made, {MEETING_ON: DAY.isoformat()})
    assert here.rows == there.rows
    assert here.rows[0].replies == {MEETING_ON: DAY}
    assert read_back(here.name, json.loads(json.dumps(kept_form(here)))) == here


@pytest.mark.parametrize(
    "step", [Decided({"decision": "declined", "why": "x", "reason_code": None}), MarkedStep("S1/first", "meeting", DAY),
             MarkedStep("S1/first", "sent_to_agency"), FewerPlaces("O1", 2)],
)  # fmt: skip
def test_a_step_is_kept(step: Step) -> None:
    kept = kept_step(step)
    assert step_of(type(kept).model_validate_json(kept.model_dump_json())) == step


@pytest.mark.parametrize(
    ("replies", "unreadable", "words"),
    [
        ({OUTCOME: "yes"}, (), None),
        ({OUTCOME: "no", REASON: "no PE"}, (), None),
        ({WITHDRAWN: "yes", REASON: "no PE"}, (), None),
        ({OUTCOME: "yes", REASON: "no PE"}, (), "yes and 'no PE' contradict each other"),
        ({OUTCOME: "yes", WITHDRAWN: "yes"}, (), f"yes and '{WITHDRAWN}' contradict each other"),
        ({REASON: "no PE"}, (), "a reason code and no outcome"),
        ({REASON: "no PE"}, (OUTCOME,), None),  # the outcome is said to be unreadable
    ],
)
def test_what_has_to_be_asked(replies: dict[str, str], unreadable: tuple[str, ...], words: str | None) -> None:
    row = FormRow(REPLY_SHEET, 5, "O1", "S1", "first", None, replies, unreadable)
    assert unclear_in(row) == words
