"""An agency's reply form on its page: a card for each row, with its fields and what is wrong with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from allocator.views.agency_forms import (
    MEETING_ON,
    PE_NAMED,
    PLACE,
    REPLY_SHEET,
    STUDENT,
    SUPERVISOR_NAMED,
    UNUSED_SHEET,
    VISITS_SHEET,
    WITHDRAWN,
)
from allocator.views.facts import day
from api.wire.replies import ReplyTyped, RowSent, RowTyped
from api.wire.sharing import AgencyPlan, SharedTable
from models.errors import Issue

HEADINGS = {
    REPLY_SHEET: "Students planned for you", VISITS_SHEET: "Students who come for some days",
    UNUSED_SHEET: "Places that this version does not use",
}  # fmt: skip
"""By sheet, what stands over its cards."""
HINTS = {
    PE_NAMED: "Their reference, never their name.",
    SUPERVISOR_NAMED: "Initials or a role, such as TL.",
    MEETING_ON: "Such as 12 Jan 2027; leave it blank where no day is agreed.",
}
"""By heading, what may be typed."""
ASKED_BY = {PE_NAMED: "PE", SUPERVISOR_NAMED: "On-site supervisor"}
"""By heading of what an agency names, the one under which it reads that it is asked to."""
FEW = 2
"""So many choices are shown side by side."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME = re.compile(r"f(\d{1,2})\.(\d{1,6})\.(\d{1,2})")


class Field(NamedTuple):
    """A field: its name in the form, its label, the kind of input, what stands in it, choices, and what is wrong."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[str, ...]
    hint: str
    problems: tuple[str, ...]


class Card(NamedTuple):
    """A row of the form: what it is about, what is known of it, and its fields.

    ``more``: those that are not asked for here; ``open``: something stands in one of them.
    """

    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    open: bool
    problems: tuple[str, ...]


class Sheet(NamedTuple):
    """A sheet of the form."""

    heading: str
    note: str
    cards: tuple[Card, ...]


def form_of_agency(
    plan: AgencyPlan, rows: Sequence[RowTyped | RowSent], problems: Iterable[Issue]
) -> tuple[Sheet, ...]:  # fmt: skip
    """The form to be filled in.

    Parameters
    ----------
    plan
        The agency's part of the plan.
    rows
        What stands in it.
    problems
        What is wrong with that.
    """
    typed: dict[tuple[str, int], dict[str, str]] = {(row.sheet, row.row): row.answers for row in rows}
    wrong = list(problems)
    return tuple(
        Sheet(
            HEADINGS[table.sheet],
            table.note,
            tuple(
                _card(place, table, number, typed.get((table.sheet, number), {}), wrong)
                for number in range(table.first_row, table.first_row + len(table.rows))
            ),
        )
        for place, table in enumerate(plan.form)
    )


def typed_in(fields: Mapping[str, str], plan: AgencyPlan) -> ReplyTyped:
    """What was typed into the form, row by row; fields that it does not have are left out.

    Parameters
    ----------
    fields
        As the browser sent them.
    plan
        The agency's part of the plan.
    """
    rows: dict[tuple[str, int], dict[str, str]] = {}
    for name, text in fields.items():
        found = _NAME.fullmatch(name)
        place, row, column = (int(part) for part in found.groups()) if found else (len(plan.form), 0, 0)
        if place >= len(plan.form) or column >= len(plan.form[place].to_fill) or not text.strip():
            continue
        table = plan.form[place]
        if table.first_row <= row < table.first_row + len(table.rows):
            words = " ".join(text.split())[:500]
            rows.setdefault((table.sheet, row), {})[table.to_fill[column]] = words
    content = [{"sheet": sheet, "row": row, "answers": answers} for (sheet, row), answers in rows.items()]
    return ReplyTyped.model_validate({"rows": content})


def _card(place: int, table: SharedTable, number: int, typed: Mapping[str, str], problems: Sequence[Issue]) -> Card:
    cells = dict(zip(table.headings, table.rows[number - table.first_row], strict=True))
    here = [issue for issue in problems if (issue.sheet, issue.row) == (table.sheet, number)]
    student = cells.get(STUDENT)
    facts = tuple(
        (heading, day(cell) if isinstance(cell, date) else str(cell))
        for heading, cell in cells.items()
        if cell not in (None, "") and heading not in (*table.to_fill, PLACE, STUDENT)
    )
    title = f"Student {student} at place {cells[PLACE]}" if student else f"Place {cells[PLACE]}"
    fields = {title: _field(place, table, number, n, typed, here) for n, title in enumerate(table.to_fill)}
    asked = {title for title, fact in ASKED_BY.items() if str(cells.get(fact)).startswith("please")}
    aside = [title for title in (*ASKED_BY, WITHDRAWN) if title in fields and title not in asked]
    first, more = (tuple(f for t, f in fields.items() if (t in aside) is wanted) for wanted in (False, True))
    whole = tuple(issue.message for issue in here if issue.column not in table.to_fill)
    is_open = any(field.value or field.problems for field in more)
    return Card(f"c{place}-{number}", title, facts, first, more, is_open, whole)


def _field(
    place: int, table: SharedTable, number: int, column: int, typed: Mapping[str, str], problems: Sequence[Issue]
) -> Field:
    title = table.to_fill[column]
    value, choices = typed.get(title, ""), table.choices.get(title, ())
    kind = "day" if title == MEETING_ON and (not value or _DAY.fullmatch(value)) else "text"
    if choices:
        kind = "tick" if len(choices) == 1 else "one of few" if len(choices) <= FEW else "one of many"
    wrong = tuple(issue.message for issue in problems if issue.column == title)
    label = title.partition(":")[0] if choices else title
    hint = "" if kind == "day" else HINTS.get(title, "")
    return Field(f"f{place}.{number}.{column}", label, kind, value, choices, hint, wrong)
