"""Results day: readiness and clearance of many students typed in one step, and who is kept although not ready.

Facts and promises stay where they are. Whose match is kept and who failed is named: what becomes of it, a person says.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from allocator.lifecycle.effect import Effect
from allocator.lifecycle.rows import rows_of_id
from allocator.reading.editing import CellTyped, edited
from allocator.reading.folding import fold
from allocator.reading.results_list import RESULTS, ListedRow
from allocator.reading.spelling import did_you_mean
from allocator.reading.words import heading_key
from allocator.settling.directories import Directory
from allocator.settling.settling import Reading, settle
from models.dataset import Dataset
from models.errors import Issue
from models.register import Register, Special

SHEET = "Students"
READY = "E02"
"""The rule that a student who failed is not placed."""


class NewResult(NamedTuple):
    """A result of a student that is other than it was, in words."""

    student: str
    column: str
    before: str
    after: str


class ResultsEntered(NamedTuple):
    """Results that may be typed: what is typed, the register with it, and what that settles into.

    ``news`` is what is other than it was, ``as_before`` how many results say what was known; ``said`` are rows that
    were set aside, and why; ``remarks`` what settling says now and did not.
    """

    edits: tuple[CellTyped, ...]
    register: Register
    before: Reading
    reading: Reading
    news: tuple[NewResult, ...]
    as_before: int
    said: tuple[str, ...]
    remarks: tuple[Issue, ...]


class NotReady(NamedTuple):
    """A kept match of a student who failed: its request, offer and status, and what was failed."""

    request: str
    offer: str
    status: str
    failed: tuple[str, ...]


def own_headings(register: Register) -> dict[str, str]:
    """The team's own headings for results, from Lists.

    Parameters
    ----------
    register
        The input.
    """
    page = register.pages.get("Lists")
    named = [
        (row.get("word"), str(row.get("meaning")).rsplit(".", 1)[-1])
        for row in (page.rows if page else ())
        if fold(str(row.get("list"))) == "headings" and row.get("word") is not None
    ]
    return {heading_key(word): column for word, column in named if column in ("student", *RESULTS)}


def enter_results(
    register: Register, rows: Sequence[ListedRow], settings: Mapping[str, str] = {}, today: date | None = None
) -> ResultsEntered:
    """Type the results of a list into the sheet Students.

    Parameters
    ----------
    register
        The input as it is.
    rows
        Of the list. Unknown students and results that contradict each other are set aside, the rest is used.
    settings, today
        As for :func:`~allocator.settling.settling.settle`.

    Raises
    ------
    InputUnusableError
        The input cannot be used as it is.
    """
    before = settle(register, settings, today, each=True)
    listed = _Listed(before.dataset)
    for row in rows:
        listed.take(row)
    edits: list[CellTyped] = []
    as_before = 0
    for (student, column), value in listed.results():
        page = {row.number: row for row in register.pages[SHEET].rows}
        numbers = rows_of_id(register, before, SHEET, "student", student)
        new = [n for n in numbers if page[n].values.get(column) != value or column in page[n].unreadable]
        as_before += not new
        typed = value.value if isinstance(value, Special) else value
        edits += [CellTyped(SHEET, number, column, typed) for number in new]
    after_register = edited(register, edits)
    after = settle(after_register, settings, today, each=True)
    known = set(before.issues)
    return ResultsEntered(
        tuple(edits), after_register, before, after, tuple(_news(before.dataset, after.dataset)), as_before,
        tuple(listed.said), tuple(issue for issue in after.issues if issue not in known),
    )  # fmt: skip


def not_listed(entered: ResultsEntered, rows: Sequence[ListedRow]) -> tuple[str, ...]:
    """Students of whom a list says nothing, and of whom a result is pending.

    Parameters
    ----------
    entered
        The results of the list.
    rows
        The list.
    """
    dataset = entered.reading.dataset
    students = Directory(SHEET, dataset.student_by_id)
    listed = {students.find(row.student) for row in rows}
    pending = (s.student for s in dataset.students if "pending" in (s.readiness, s.clearance))
    return tuple(student for student in pending if student not in listed)


def _news(before: Dataset, after: Dataset) -> Iterator[NewResult]:
    for student in after.students:
        was = before.student_by_id.get(student.student)
        for column in RESULTS if was is not None else ():
            old, new = getattr(was, column), getattr(student, column)
            if old != new:
                yield NewResult(student.student, column, old.replace("_", " "), new.replace("_", " "))


class _Listed:
    """Results by student and column, as rows come."""

    def __init__(self, dataset: Dataset) -> None:
        self._students = Directory(SHEET, dataset.student_by_id)
        self._found: defaultdict[tuple[str, str], dict[Any, list[ListedRow]]] = defaultdict(dict)
        self.said: list[str] = []

    def take(self, row: ListedRow) -> None:
        """A row, which may name nobody that there is."""
        student = self._students.find(row.student)
        if student is None:
            near = did_you_mean(row.student, self._students.ids)
            self.said.append(f"{_where(row)}: there is no student '{row.student}'.{near} The row was set aside.")
            return
        for column, value in row.cells.items():
            self._found[student, column].setdefault(value, []).append(row)

    def results(self) -> Iterator[tuple[tuple[str, str], Any]]:
        """What is said of each student in one way; what is said in two is set aside."""
        for (student, column), values in self._found.items():
            if len(values) == 1:
                yield (student, column), next(iter(values))
                continue
            ways = " and ".join(f"{_word(value)} in {_where(rows[0])}" for value, rows in values.items())
            self.said.append(f"{student}: {column} is {ways}. Neither was used: ask which holds.")


def _where(row: ListedRow) -> str:
    return f"{row.sheet}, row {row.number}"


def _word(value: Any) -> str:
    return value.value if isinstance(value, Special) else str(value)


def kept_though_failed(effect: Effect) -> tuple[NotReady, ...]:
    """Kept matches of students who failed, which the rules would not allow anew: what becomes of them, a person says.

    Parameters
    ----------
    effect
        Of the results; with a clash in the plan after there are none.
    """
    facts = effect.after.facts
    found = []
    for match in effect.after.plan.matches if facts is not None else ():
        if facts is not None and READY in match.kept_despite:
            student = facts.dataset.student_by_id[facts.dataset.request_by_id[match.request].student]
            failed = tuple(column for column in RESULTS if getattr(student, column) == "failed")
            status = facts.dataset.published_by_request[match.request].status
            found.append(NotReady(match.request, match.offer, status, failed))
    return tuple(found)
