"""Forms that came back read, and what replies propose taken, in a process of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from allocator.lifecycle.kept_replies import ReplyStep, kept_form, step_of
from allocator.lifecycle.objecting import Refusal
from allocator.lifecycle.recognising import recognised
from allocator.lifecycle.replies import Proposal
from allocator.lifecycle.reply_forms import read_reply_form
from allocator.lifecycle.taking import Taker
from allocator.reading.editing import RowAdded
from allocator.reading.next_input import plain
from allocator.reading.reader import read_register
from allocator.settling.settling import settle
from allocator.views.agency_forms import reason_codes
from api.inputs.folding import Entry, cells_typed, with_log
from api.inputs.sending import Sent
from api.inputs.tasks import written
from models.base import Record
from models.errors import Issue


class FormCame(NamedTuple):
    """A form that came back as a file: its name, whose it is (None: not known), and what is kept of it."""

    name: str
    agency: str | None
    form: dict[str, Any]


class ProposalTaken(Record):
    """A proposal that was taken: the rows of the sheet Decisions, and the cells (sheet, row, column, cell) typed.

    ``refused`` says why it may not be.
    """

    number: int
    rows: tuple[dict[str, Any], ...] = ()
    cells: tuple[tuple[str, int, str, Any], ...] = ()
    refused: str | None = None


class AllTaken(Record):
    """Proposals taken one after the other, what is said now and was not, and the data after them."""

    each: tuple[ProposalTaken, ...]
    remarks: tuple[Issue, ...]
    dataset_digest: str


def forms_read(sent: Sent, entries: Sequence[Entry], forms: Sequence[Sent], most_rows: int) -> tuple[FormCame, ...]:
    """Read forms that came back as files.

    Parameters
    ----------
    sent, entries
        The workbook in force of the round, and what is typed into it.
    forms
        The files.
    most_rows
        How many rows an input may have.

    Raises
    ------
    AllocationError
        The workbook cannot be used; a form that cannot be read says so itself.
    """
    with written(sent, *forms) as (source, *paths):
        dataset = settle(with_log(read_register(source), entries, most_rows), each=True).dataset
        came = [read_reply_form(path, reason_codes(dataset)) for path in paths]
    found = recognised(came, dataset, None)
    return tuple(FormCame(form.name, one.agency, kept_form(form)) for form, one in zip(came, found, strict=True))


def proposals_taken(
    sent: Sent, entries: Sequence[Entry], proposals: Mapping[int, Sequence[ReplyStep]], by: str, most_rows: int,
    today: date,
) -> AllTaken:  # fmt: skip
    """Take proposals of replies, each on what those before it left; nothing is solved.

    Parameters
    ----------
    sent, entries
        The workbook in force of the round, and what is typed into it.
    proposals
        Their steps by number, in the order in which they are taken.
    by
        Who accepts: initials or a role.
    most_rows
        How many rows an input may have.
    today
        The day on which it is done.

    Raises
    ------
    AllocationError
        The workbook cannot be used.
    """
    with written(sent) as (path,):
        register = with_log(read_register(path), entries, most_rows)
    taker = Taker(register, by, {}, today)
    state, each = taker.none, list[ProposalTaken]()
    wanted = {number: Proposal("", "", "", tuple(map(step_of, steps))) for number, steps in proposals.items()}
    for number, found in taker.take_each(wanted):
        if isinstance(found, Refusal):
            each.append(ProposalTaken(number=number, refused=found.words))
            continue
        new, state = found.edits[len(state.edits) :], found
        rows = tuple({c: plain(v) for c, v in edit.cells.items()} for edit in new if isinstance(edit, RowAdded))
        cells = cells_typed(new)
        each.append(ProposalTaken(number=number, rows=rows, cells=cells))
    known = set(taker.none.reading.issues)
    remarks = tuple(issue for issue in state.reading.issues if issue not in known)
    return AllTaken(each=tuple(each), remarks=remarks, dataset_digest=state.reading.dataset.digest)
