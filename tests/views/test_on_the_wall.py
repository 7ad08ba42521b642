"""What may stand on a wall is listed, and so is all that may not: whatever is new has to be put into one of the lists."""

import ast
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import allocator.views
from allocator.views import in_meeting as wall
from allocator.views.calendar import calendar_table
from allocator.views.chase import chase_table
from allocator.views.facts import Facts
from allocator.views.in_meeting import Words
from allocator.views.not_placed import not_placed_table
from allocator.views.record import decisions_table
from allocator.views.shared_tables import (
    NOT_SAID,
    OPEN_STEPS,
    OWNERS,
    PLAIN,
    PRIVATE,
    SAID,
    STEPS,
    Wall,
    is_of_tranche,
    open_step,
    shared_table,
)  # fmt: skip
from allocator.views.students import Kept, students_table
from allocator.views.supply import agencies_table, educators_table, offers_table
from allocator.views.table import Column, Table
from allocator.views.unused import Unused
from allocator.views.words import UNPLACED, WAITING
from api.pages.meeting_blocks import PARTS
from models.catalogue import RULES
from models.comparison import Comparison
from models.plan import ProvisionalCode
from models.policy import TierName
from models.reasons import LiftKind
from tests.views.test_meeting import partnership

WITHHELD_PARTS = {"inputs", "figures", "students"}
"""Of a comparison."""

OF_THE_STUDENT = frozenset(("E02", "E03", "E04", "E05", "E07", "E17", "E18"))
"""Rules that say by themselves something of a student."""
OF_STUDENTS_TIERS = ("priority", "travel", "preferences", "left_out", "lottery")
"""Tiers that are not compared on a wall."""
PRIVATE_PARTS = (
    "Preferences and travel", "What the data do not say", "Rows set aside", "Exceptions used", "Carried over",
    "Not judged by the check", "Interviews owed",
)  # fmt: skip
"""Beginnings of headings of parts that are the team's or students' own."""


def tables(facts: Facts) -> list[Table]:
    kept = Kept({}, None, {"S1/first": "SECRET"}, {"S1": "Name"})
    return [
        students_table(facts, kept), not_placed_table(facts, {"S1": "Name"}), offers_table(facts, {}),
        agencies_table(facts), educators_table(facts, {}), chase_table(facts, {"S1": "Name"}), calendar_table(facts),
        decisions_table(facts),
    ]  # fmt: skip


def test_every_rule_waiting_tier_and_part_is_open_or_not() -> None:
    blocking = {rule.id for rule in RULES if rule.blocks}
    assert blocking == wall.OPEN_RULES ^ OF_THE_STUDENT
    assert set(ProvisionalCode) == wall.OPEN_WAITS ^ {*wall.UNIVERSITY, *wall.FOUND_OUT}
    assert set(UNPLACED) == wall.OPEN_UNPLACED
    assert {*get_args(TierName), "complete", "left_out"} == wall.OPEN_TIERS ^ set(OF_STUDENTS_TIERS)
    assert set(Comparison.model_fields) == {*wall.OPEN_PARTS, "requests", "tiers"} ^ WITHHELD_PARTS
    assert set(get_args(LiftKind)) >= wall._PLAIN


def test_every_column_is_open_or_not() -> None:
    listed = [PLAIN, PRIVATE, STEPS, OWNERS, frozenset(title for titles in SAID.values() for title in titles)]
    for n, one in enumerate(listed):
        for other in listed[n + 1 :]:
            assert not one & other - {"Owner"}, one & other
    for table in tables(partnership()):
        for column in table.columns:
            assert any(column.title in one for one in listed) or is_of_tranche(column.title), (table.title, column)


def test_a_column_that_is_new_is_hidden_until_it_is_listed() -> None:
    facts = partnership()
    table = Table("T", "", (Column("Request"), Column("Whatever is new")), [["S1/first", "SECRET"]])
    shown = shared_table(table, Wall(facts, Words(facts, shared=True), Unused(facts)))
    assert ([c.title for c in shown.columns], shown.rows) == (["Request"], [["S1/first"]])


def test_sentences_of_tables_are_said_anew_and_what_is_owed_in_known_words() -> None:
    facts = partnership()
    # S2 waits for readiness and a need, S4 and S5 have no place: the places are taken, and 95 minutes are too far
    given = Wall(facts, Words(facts, shared=True), Unused(facts))
    students, not_placed, _, _, _, chase, *_ = (shared_table(table, given) for table in tables(facts))
    text = "\n".join(str(row) for table in (students, not_placed, chase) for row in table.rows)
    for word in ("readiness", "step-free", "95 minutes", "SECRET", "Name", "adjustment"):
        assert word not in text, word
    why = {row[0]: row[[c.title for c in not_placed.columns].index("Main reason")] for row in not_placed.rows}
    assert why == {"S4/first": "The places are taken.", "S5/first": "It is not open to this student."}
    said = {row[[c.title for c in chase.columns].index("What")] for row in chase.rows}
    assert {wall.TO_CONFIRM, wall.TO_FIND_OUT, "PE to be named", NOT_SAID} <= said


@pytest.mark.parametrize("code", ProvisionalCode)
def test_what_is_waited_for_is_said_without_its_detail(code: ProvisionalCode) -> None:
    said = open_step(f"{WAITING[code]}: SECRET (university), by {date(2026, 1, 5)}")
    assert said == wall.shared_wait(code)
    assert open_step(f"{WAITING[code]}: 3 matches") == f"{said}: 3 matches"


def test_what_is_owed_in_other_words_is_not_said() -> None:
    assert open_step("the limit of S1/first is 95 minutes") == NOT_SAID
    assert all(open_step(step) == step for step in OPEN_STEPS)


@cache
def headings() -> frozenset[str]:
    """Beginnings of the headings of parts of pages, as they stand in the source."""
    return frozenset(_headings(Path(next(iter(allocator.views.__path__))).glob("*.py")))


def _headings(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Heading":
                first = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def test_every_part_of_a_page_is_open_or_not() -> None:
    assert len(headings()) > 30
    for heading in headings():
        assert heading.startswith(PARTS) != heading.startswith(PRIVATE_PARTS), heading
