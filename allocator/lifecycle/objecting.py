"""What stands against a new row of the log, in words; and which rows in force would have to be undone first."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from allocator.lifecycle.log import SHEET, Entry
from allocator.lifecycle.over import ASKED, CHANGING, Over
from allocator.reading.persons import personal_in
from allocator.settling.settling import Reading
from models.decisions import UNDO, Decision
from models.errors import Issue, RefusedError
from models.register import Row

SAID = ("V203", "V514")
"""Warnings about a row that do not speak against it: a reason code of one's own, a withdrawal to come."""
_BETWEEN_ROWS = ("V507", "V508", "V515")
"""Codes of contradictions: what to do is said with both rows."""
_BESIDE = ("id", "on", "effective", "by", "why", "reason_code")
"""What is not the decision itself."""


class Refusal(NamedTuple):
    """Why a step may not be taken: what is found, or else what settling says; and the rows to undo first."""

    subject: str
    found: tuple[str, ...]
    issues: tuple[Issue, ...] = ()
    undo_first: tuple[Entry, ...] = ()

    @property
    def words(self) -> str:
        """The refusal as lines: what is refused, what stands against it, and what to undo first."""
        # What a row on the sheet would cost is not said of one that does not get there.
        issues = [issue for issue in self.issues if issue.code != "V509"] or self.issues
        lines = [f"Refused: {self.subject}.", *(self.found or map(_sentence, issues))]
        for entry in self.undo_first:
            who = f"{f' by {entry.by}' if entry.by else ''}{f' on {entry.on}' if entry.on else ''}"
            where = f", row {entry.row} of {SHEET}" if entry.id else ""
            lines.append(f"In force: {entry.words}{where}{f', decided{who}' if who else ''}.")
        if self.undo_first:
            lines.append(f"Undo first: {' and '.join(entry.name for entry in self.undo_first)}.")
        return "\n".join(dict.fromkeys(lines))

    @property
    def error(self) -> RefusedError:
        """The refusal as an error, with the names of the rows to undo first."""
        return RefusedError(self.words, self.issues, tuple(entry.name for entry in self.undo_first))


def _sentence(issue: Issue) -> str:
    """What settling says, and what to do where that is something else than to undo the other row."""
    idle = issue.code in _BETWEEN_ROWS or issue.remedy is None or issue.remedy.startswith("Nothing")
    return issue.message if idle else f"{issue.message} To do: {issue.remedy}"


def unreadable(issue: Issue) -> str:
    """A cell of a new row that cannot be read, and what to type; nothing is made of it, as it would be on a sheet.

    Parameters
    ----------
    issue
        Of the cell.
    """
    _, hint, suggestion = issue.message.partition(" Did you mean")
    cost_and_hint = issue.message.partition(f" is not {issue.allowed}")[2]
    said = f"{cost_and_hint.partition('.')[2]}{hint}{suggestion}"
    return f"'{issue.found}' in '{issue.column}' cannot be read.{said} Type {issue.allowed}."


def personal(row: Row) -> Iterator[str]:
    """What of a person stands in a row, which a log never holds.

    Parameters
    ----------
    row
        As it was read.
    """
    for column, value in row.values.items():
        what = personal_in(SHEET, column, value) if isinstance(value, str) else None
        if what is not None:
            instead = "initials or a role" if column == "by" else "ids, and nothing that names a person"
            yield f"'{column}' holds {what}. Type {instead}."


def objections(
    before: Reading, after: Reading, entry: Entry, log: Sequence[Entry], remarks: Sequence[Issue]
) -> Refusal | None:
    """Why a row may not be entered; None where nothing stands against it.

    Parameters
    ----------
    before, after
        What held without the row and holds with it, every problem by itself.
    entry
        The row.
    log
        The rows before it.
    remarks
        What is said after and was not before.
    """
    against = tuple(issue for issue in remarks if _is_of(issue, entry) or _sets_aside(issue, entry))
    pairs = set(after.traces.contradictions) - set(before.traces.contradictions)
    if against or pairs:
        rows = {row for pair in pairs for row in pair} - {row for row, _ in before.traces.undone}
        undo_first = tuple(other for other in log if other.row in rows)
        said = (*against, *(i for i in remarks if i.code in _BETWEEN_ROWS and i not in against))
        return Refusal(entry.words, (), said, undo_first)
    if entry.kind == UNDO:
        return None
    decisions = [d for d in after.dataset.decisions if after.traces.decisions.get(d.id) == entry.row]
    if why := Over(before).why(decisions):
        return Refusal(entry.words, (f"It is about what is over: {why}.",))
    if other := _said_already(decisions, before, log):
        return Refusal(entry.words, (f"It has no effect: {other.words} says so already.",))
    if not decisions or (decisions[0].decision in CHANGING and _facts(before) == _facts(after)):
        return Refusal(entry.words, ("It has no effect: nothing is other by it than it was.",))
    return None


def _is_of(issue: Issue, entry: Entry) -> bool:
    return issue.sheet == SHEET and issue.row == entry.row and issue.code not in SAID


def _sets_aside(issue: Issue, entry: Entry) -> bool:
    """Whether a row costs another of the log its use; what an undo brings back was so before, whatever is said of it.

    What it costs rows of other sheets (a request whose row is at fault is placed nowhere, once its match is given up)
    follows from it, and is said.
    """
    return issue.sheet == SHEET and issue.level != "warning" and entry.kind != UNDO


def _said_already(decisions: Sequence[Decision], before: Reading, log: Sequence[Entry]) -> Entry | None:
    """The row that decides the same, where nothing of a row is new."""
    known = {_itself(d): before.traces.decisions.get(d.id) for d in before.dataset.decisions if d.decision in ASKED}
    found = [known.get(_itself(d)) for d in decisions]
    return next((e for e in log if found and None not in found and e.row == found[0]), None)


def _itself(decision: Decision) -> Decision:
    return decision.model_copy(update=dict.fromkeys(_BESIDE))


def _facts(reading: Reading) -> object:
    return reading.dataset.model_copy(update={"decisions": (), "issues": ()})
