"""An agency's reply as it types it: read as the form that it stands for, and shown with what became of it."""

from collections.abc import Iterable, Iterator, Sequence

from allocator.lifecycle.kept_replies import read_back
from allocator.lifecycle.replies import unclear_in
from allocator.lifecycle.reply_forms import KNOWN_BY, ReplyForm, TypedRow, typed_form
from allocator.views.agency_forms import OUTCOME, form_tables, reason_codes
from allocator.views.facts import Facts
from allocator.views.table import Table
from allocator.views.unused import Unused
from allocator.views.version import version
from api.problems import UnusableError
from api.sharing.agency import FIRST_ROW
from api.store.tables import Reply, ReplyAnswer
from api.wire.replies import ReplySent, ReplyTyped, RowSent, RowTyped
from models.errors import Issue

NAMES_SOMEBODY = ("V140", "V141")
"""Kinds of problem of a cell of which nothing is kept."""
INITIALS_KEPT = "V142"
"""Kind of problem of a cell of which initials are kept."""


def form_typed(facts: Facts, agency: str, typed: ReplyTyped, name: str) -> ReplyForm:
    """The form that an agency has filled in, read as one that came back as a workbook.

    Parameters
    ----------
    facts
        Of the plan that was shared.
    agency
        Whose form it is.
    typed
        What it typed.
    name
        What the form is called.

    Raises
    ------
    UnusableError
        A row or heading is named that the form does not have.
    """
    tables = form_tables(facts, agency, Unused(facts))
    answers: dict[tuple[str, int], dict[str, str]] = {(row.sheet, row.row): row.answers for row in typed.rows}
    if problems := list(_not_there(typed.rows, tables)):
        raise UnusableError(" ".join(problem.message for problem in problems), problems)
    sheets = {
        sheet: [
            TypedRow(number, _known_by(sheet, table, number), answers.get((sheet, number), {}))
            for number in range(FIRST_ROW, FIRST_ROW + len(table.rows))
        ]
        for sheet, table in tables.items()
    }
    return typed_form(name, agency, version(facts.plan), sheets, reason_codes(facts.dataset))


def _not_there(rows: Sequence[RowTyped], tables: dict[str, Table]) -> Iterator[Issue]:
    for row in rows:
        table = tables.get(row.sheet)
        if table is None or not FIRST_ROW <= row.row < FIRST_ROW + len(table.rows):
            yield _problem(row.sheet, row.row, None, f"Your form has no row {row.row} of '{row.sheet}'.")
            continue
        allowed = [column.title for column in table.columns if column.reply]
        for title in row.answers.keys() - set(allowed):
            words = f"{row.sheet}, row {row.row}: '{title}' is not to be filled in. Allowed: {', '.join(allowed)}."
            yield _problem(row.sheet, row.row, title, words)


def _known_by(sheet: str, table: Table, number: int) -> dict[str, str]:
    cells = zip(table.columns, table.rows[number - FIRST_ROW], strict=True)
    return {column.title: str(cell) for column, cell in cells if column.title in KNOWN_BY[sheet] and cell is not None}


def problems_of(form: ReplyForm) -> tuple[Issue, ...]:
    """What has to be put right before a form is sent: cells that cannot be read, and rows that contradict themselves.

    Parameters
    ----------
    form
        As it was read.
    """
    cells = {(row.sheet, row.number, title) for row in form.rows for title in row.unreadable}
    unread = [issue for issue in form.issues if (issue.sheet, issue.row, issue.column) in cells]
    unclear = (
        _problem(row.sheet, row.number, OUTCOME, f"{row.where}: {words}. Say which holds.")
        for row in form.rows
        if (words := unclear_in(row)) is not None
    )
    return (*unread, *unclear)


def without_names(form: ReplyForm, typed: ReplyTyped) -> tuple[RowTyped, ...]:
    """What is kept of what was typed: nothing that names somebody, of a supervisor the initials.

    Parameters
    ----------
    form, typed
        What was typed, and how it was read.
    """
    codes = {(issue.sheet, issue.row, issue.column): issue.code for issue in form.issues}
    read = {(row.sheet, row.number): row.replies for row in form.rows}
    kept = []
    for row in typed.rows:
        answers = {}
        for title, text in row.answers.items():
            code = codes.get((row.sheet, row.row, title))
            if code == INITIALS_KEPT:
                answers[title] = str(read[row.sheet, row.row][title])
            elif code not in NAMES_SOMEBODY:
                answers[title] = text
        kept.append(row.model_copy(update={"answers": answers}))
    return tuple(kept)


def reply_sent(
    reply: Reply, answers: Iterable[ReplyAnswer], by: str, own: Facts, *, stands: bool
) -> ReplySent:  # fmt: skip
    """A reply as its agency sees it: its own rows, and what became of each.

    Parameters
    ----------
    reply
        Of the agency.
    answers
        What the team did with the replies of the round.
    by
        Who sent it, in words.
    own
        Of the plan that was shared: of a form that came as a file only rows of the agency's own form are shown.
    stands
        Whether it counts.
    """
    answers = [answer for answer in answers if answer.reply == reply.number]
    whole = next((answer for answer in answers if not answer.place), None)
    form = read_back(reply.name, reply.form)
    known = None if reply.run is not None else _own_rows(own, reply.agency or "")
    rows = []
    for row in form.rows:
        if not row.answered or (known is not None and (row.sheet, row.place, row.student) not in known):
            continue
        found = [answer for answer in answers if row.where in answer.place.split("; ")]
        refused = [answer for answer in found if not answer.accepted]
        rows.append(
            RowSent.model_validate({
                "sheet": row.sheet, "row": row.number, "place": row.place or "", "student": row.student or "",
                "answers": {title: str(value) for title, value in row.replies.items()},
                "state": "refused" if refused else "accepted" if found else "sent",
                "reasons": tuple(dict.fromkeys(answer.reason for answer in refused if answer.reason)),
                "on": found[-1].made if found else None,
            })
        )  # fmt: skip
    return ReplySent(
        sent=reply.made, by=by, stands=stands, reason=whole.reason if whole else None, rows=tuple(rows)
    )  # fmt: skip


def _own_rows(facts: Facts, agency: str) -> set[tuple[str, str | None, str | None]]:
    tables = form_tables(facts, agency, Unused(facts))
    rows = ((sheet, _known_by(sheet, t, n)) for sheet, t in tables.items()
            for n in range(FIRST_ROW, FIRST_ROW + len(t.rows)))  # fmt: skip
    return {(sheet, known.get("Place"), known.get("Student reference")) for sheet, known in rows}


def _problem(sheet: str, row: int, column: str | None, message: str) -> Issue:
    return Issue(level="stop", code="request", sheet=sheet, row=row, column=column, message=message)
