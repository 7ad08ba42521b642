"""What comes of a plan: rows that withdraw at random, and matches that are published."""

import re
from decimal import Decimal
from typing import Any

from allocator.reading.cells import convert
from allocator.reading.columns import Column
from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from allocator.views.words import counted
from models.register import Page, Register, Row
from scenarios.edits.changing import At, name_of, row_of, with_more, with_rows, with_values
from scenarios.edits.checks import found
from scenarios.edits.facts import is_kept, is_live, request_key, student_of
from scenarios.errors import EditError
from scenarios.model import Freeze, Withdraw
from scenarios.selecting import Names

_OTHERWISE = re.compile(r"\s*1\s*-\s*(.+?)\s*")
_ABOUT = {"Students": ("student", "request"), "Offers": ("offer", "offer"), "Educators": ("pe", "pe")}
"""Sheet to what Decisions calls one of its rows, and the column there."""
_NUMBER = Column("probability", "decimal", "", "none", low=0, high=1)
_COMES_TRUE = ("Offers", "probability")
BY = "scenario"


def withdraw(register: Register, edit: Withdraw, at: At) -> tuple[Register, str]:
    """Rows withdraw at random on the day of the case: rows ``withdraw`` on Decisions, which end matches, too.

    The probability is a number, or a column (the team's own, too) that holds it: ``1 - probability`` is how likely a
    forecast offer is not to come. Where the cell is blank nobody withdraws. Chance is each row's own: with a greater
    probability those withdraw who do with a smaller one, and others.
    """
    names = Names(register)
    rows = found(register, names, edit.sheet, edit.where, edit.may_be_empty)
    likely = _likely(register, edit, rows)
    about, column = _ABOUT[edit.sheet]
    gone = [
        row for row, chance in zip(rows, likely, strict=True) if at.drawing.chance(name_of(edit.sheet, row)) < chance
    ]
    nameless = next((row for row in gone if row.get(about) is None), None)
    if nameless is not None:
        raise EditError(f"row {nameless.number} of {edit.sheet} has no id, so that no decision can name it.")
    decisions = [
        row_of({"decision": "withdraw", "about": about, column: row.values[about], "by": BY, "on": at.as_of})
        for row in sorted(gone, key=lambda row: name_of(edit.sheet, row))
    ]  # fmt: skip
    return with_more(register, "Decisions", decisions), f"{len(gone)} of {len(rows)} on {edit.sheet} withdraw"


def _likely(register: Register, edit: Withdraw, rows: tuple[Row, ...]) -> list[Decimal]:
    if not isinstance(edit.probability, str):
        return [Decimal(str(edit.probability))] * len(rows)
    number = convert(_NUMBER, edit.probability, typed=False)
    if number.value is not None and number.problem is None:
        return [number.value] * len(rows)
    otherwise = _OTHERWISE.fullmatch(edit.probability)
    name = otherwise[1] if otherwise else edit.probability.strip()
    if (edit.sheet, name) == _COMES_TRUE and otherwise is None:
        raise EditError("Offers.probability says how likely a forecast is to come. Write '1 - probability'.")
    cells = [_cell(register.pages.get(edit.sheet, Page(edit.sheet)), name, row) for row in rows]
    likely: list[Decimal] = []
    for row, cell in zip(rows, cells, strict=True):
        typed = str(cell) if isinstance(cell, Decimal) else cell
        read = convert(_NUMBER, typed, typed=False) if cell is not None else None
        if read is not None and (read.problem is not None or not isinstance(read.value, Decimal | None)):
            raise EditError(f"row {row.number} of {edit.sheet}: {name} '{cell}' is no probability from 0 to 1.")
        value = read.value if read is not None else None
        likely.append(Decimal(0) if value is None else 1 - value if otherwise else value)
    return likely


def _cell(page: Page, name: str, row: Row) -> Any:
    sheet = SHEETS[page.name]
    if name in sheet.by_name:
        if name in row.unreadable:
            raise EditError(f"row {row.number} of {page.name}: {name} '{row.unreadable[name]}' cannot be read.")
        return row.get(name)
    own = {fold(column.heading): n for n, column in enumerate(page.own)}
    if fold(name) not in own:
        allowed = [c.name for c in sheet.columns if c.kind == "decimal"] + [c.heading for c in page.own]
        near = did_you_mean(name, allowed)
        raise EditError(
            f"'{name}' is neither a probability from 0 to 1 nor a column of {page.name} that may hold one.{near}"
            f" Columns: {', '.join(allowed) or 'none'}."
        )
    position = own[fold(name)]
    return row.own[position] if position < len(row.own) and row.own[position] != "" else None


def freeze(register: Register, edit: Freeze, at: At) -> tuple[Register, str]:
    """A plan holds: its matches are rows of Published.

    ``told``: students are told on the day of the case, so that nobody moves until their place is gone; else the matches
    are proposals, of which ``max_changes`` says how many may move. What is agreed already stays as it is; a proposal of
    before gives way to the plan. Matches of students or offers that are no more are passed over.
    """
    plan, names = at.frozen(edit.plan), Names(register)
    if not plan.matches and not edit.may_be_empty:
        raise EditError(f"the plan '{edit.plan}' places nobody, so nothing can hold.")
    students, offers = names.directory("Students"), names.directory("Offers")
    matches = {
        request_key(match.request): match for match in plan.matches
        if students.find(match.request.partition("/")[0]) and offers.find(match.offer)
    }  # fmt: skip
    stay: set[str] = set()
    told = {"student_told_on": at.as_of} if edit.told else {}
    proposed = {"status": "proposed"} | told

    def change(row: Row) -> Row | None:
        request = request_key(str(row.get("request") or ""))
        match = matches.get(request)
        same = match is not None and names.key("Published", "offer", row.get("offer")) == fold(match.offer)
        if not is_live(row) or student_of(request) not in known:
            return row
        if is_kept(row) or same:
            stay.add(request)
            new = told if row.get("student_told_on") is None and "student_told_on" not in row.unreadable else {}
            return with_values(row, new) if new and same else row
        return None

    known = {fold(name) for name in students.ids}
    register = with_rows(register, "Published", change)
    new = [
        row_of({"request": m.request, "offer": m.offer, "pe": m.pe, "start": m.start, "end": m.end} | proposed)
        for request, m in matches.items() if request not in stay
    ]  # fmt: skip
    register = with_more(register, "Published", new)
    gone = len(plan.matches) - len(matches)
    passed = f", {gone} passed over" if gone else ""
    return register, f"{counted(len(matches), 'match', 'matches')} {'told' if edit.told else 'proposed'}{passed}"
