"""The ladder of a published match: the steps that are legal, and the days on which it was told and met about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from allocator.lifecycle.objecting import Refusal
from allocator.reading.editing import CellTyped, edited
from allocator.reading.folding import fold
from allocator.reading.sheets_record import PUBLISHED
from allocator.reading.spelling import did_you_mean
from allocator.settling.directories import Directory
from allocator.settling.settling import Reading, settle
from models.entities import Published
from models.errors import Issue
from models.register import Register, Row
from models.statuses import FREED, OVER, PROMISES, PROPOSALS, STATUSES, steps

SHEET = PUBLISHED.name
TOLD, MEETING = "told", "meeting"
DAYS = {TOLD: "student_told_on", MEETING: "meeting_on"}
"""Steps that are days of their own, and their columns."""
BY_DECISION = "ended_early"
"""The step that a decision takes, since it credits days."""


class Marked(NamedTuple):
    """Steps that may be taken: what is typed, the register with it, and what that settles into.

    ``done`` is each step in words; ``remarks`` what is said now and was not.
    """

    edits: tuple[CellTyped, ...]
    register: Register
    reading: Reading
    done: tuple[str, ...]
    remarks: tuple[Issue, ...]


class _Match(NamedTuple):
    """A published match, and its row as typed."""

    published: Published
    row: Row


def mark(
    register: Register, requests: Sequence[str], step: str, on: date | None = None,
    settings: Mapping[str, str] = {}, today: date | None = None,
) -> Marked | Refusal:  # fmt: skip
    """Take a step of the ladder for published matches: for all that are named, or for none.

    Parameters
    ----------
    register
        The input as it is.
    requests
        Those of the matches.
    step
        A status; ``told``: the student was told; ``meeting``: the day of the pre-placement meeting.
    on
        Of ``told`` and ``meeting`` the day; ``told`` is by default on the day of the plan.
    settings, today
        As for :func:`~allocator.settling.settling.settle`.

    Returns
    -------
    Marked or Refusal
        Refused where a match is not published, or the step is not legal from where it stands: with the steps that are.

    Raises
    ------
    InputUnusableError
        The input cannot be used as it is.
    """
    before = settle(register, settings, today, each=True)
    asked, word = ", ".join(dict.fromkeys(requests)), fold(step).replace(" ", "_")
    subject = f"{step} of {asked or 'no request'}"
    known = Directory(SHEET, before.traces.published, _alone(before.traces.published))
    names = {typed: known.find(typed) for typed in requests}
    found = [f"{typed} has no published match.{_meant(typed, known)}" for typed, name in names.items() if not name]
    rows = {row.number: row for row in (register.pages[SHEET].rows if SHEET in register.pages else ())}
    matches = [
        _Match(before.dataset.published_by_request[name], rows[before.traces.published[name]])
        for name in dict.fromkeys(names.values())
        if name
    ]
    as_of = before.policy.as_of
    day = on or as_of if word == TOLD else on
    found += [why for match in matches for why in _against(match, word, day, as_of)]
    if not requests:
        found.append("No request is named. Type its id, such as S001/first; several separated by ;.")
    if found:
        return Refusal(subject, tuple(dict.fromkeys(found)))
    column, cell = (DAYS[word], day) if word in DAYS else ("status", word)
    # A row that stands there twice is typed into twice: else the two would contradict each other.
    edits = tuple(
        CellTyped(SHEET, row.number, column, cell)
        for match in matches
        for row in rows.values()
        if row.content == match.row.content
    )
    after_register = edited(register, edits)
    after = settle(after_register, settings, today, each=True)
    said = set(before.issues)
    remarks = tuple(issue for issue in after.issues if issue not in said)
    done = tuple(f"{match.published.request}: {_taken(match.published, word, day)}" for match in matches)
    return Marked(edits, after_register, after, done, remarks)


def _alone(requests: Iterable[str]) -> dict[str, str]:
    """Students with one published match stand for it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for request in requests:
        found[request.partition("/")[0]].append(request)
    return {student: of_student[0] for student, of_student in found.items() if len(of_student) == 1}


def _meant(typed: str, known: Directory) -> str:
    if any(known.find(part.strip()) for part in typed.split(",")):
        return " Separate several by ;."
    theirs = sorted(request for request in known.ids if fold(request.partition("/")[0]) == fold(typed))
    if theirs:
        return f" Name which: {', '.join(theirs)}."
    return did_you_mean(typed, known.ids)


def _against(match: _Match, step: str, day: date | None, as_of: date | None) -> Iterator[str]:
    """What stands against a step of one match."""
    published, row = match
    name, status = published.request, published.status
    for column in ("status", "student_told_on"):
        if column in row.unreadable or column in row.not_known:
            typed = row.unreadable.get(column, "not known")
            yield f"{name}: '{column}' is '{typed}' on {SHEET}, row {row.number}: type it there first."
            return
    if step == BY_DECISION:
        yield f"{name}: {BY_DECISION} credits days, so it is a decision: end_early, with the days in value."
    elif step == TOLD:
        yield from _against_told(published, day, as_of)
    elif step == MEETING:
        yield from _against_meeting(published, day)
    elif step not in STATUSES:
        yield f"'{step}' is no step. Type {TOLD}, {MEETING}, or a status: {', '.join(STATUSES)}."
    elif day is not None:
        yield f"A day goes with {TOLD} and {MEETING} alone."
    elif step not in (legal := _legal(published)):
        gone = ", and its match came to nothing" if published.standing == "freed" and status not in FREED else ""
        yield f"{name} is {status}{gone}. {_steps(legal)}."


def _legal(published: Published) -> tuple[str, ...]:
    """The steps that may follow; a match that a decision freed goes up the ladder no more."""
    freed = published.standing == "freed"
    return tuple(status for status in steps(published.status) if not freed or status in FREED)


def legal_steps(published: Published, as_of: date | None = None) -> tuple[str, ...]:
    """The steps that may be taken of a published match, as :func:`mark` takes them.

    Parameters
    ----------
    published
        The match.
    as_of
        The day of the plan, on which the student would be told.

    Returns
    -------
    tuple of str
        ``told`` and ``meeting`` where they can be, then the statuses that may follow.
    """
    told = not any(_against_told(published, as_of, as_of))
    meeting = not any(_against_meeting(published, date.max))
    statuses = tuple(status for status in _legal(published) if status != BY_DECISION)
    return (*((TOLD,) if told else ()), *((MEETING,) if meeting else ()), *statuses)


def _steps(legal: Sequence[str]) -> str:
    words = [f"{status} (the decision end_early)" if status == BY_DECISION else status for status in legal]
    return f"Legal from there: {', '.join(words)}" if words else "No step follows"


def _against_told(published: Published, day: date | None, as_of: date | None) -> Iterator[str]:
    if published.student_told_on is not None:
        yield f"{published.request}: the student was told on {published.student_told_on} already."
    elif published.status in (*FREED, *OVER) or published.standing == "freed":
        yield f"{published.request} is {published.status}, and its match is not in force: there is nothing to tell."
    elif day is not None and as_of is not None and day > as_of:
        yield f"{published.request}: {day} is to come (today is {as_of}), so the student was not told on that day."


def _against_meeting(published: Published, day: date | None) -> Iterator[str]:
    if day is None:
        yield f"{published.request}: on which day is the meeting?"
    elif published.status not in (*PROPOSALS, *PROMISES) or published.standing == "freed":
        yield f"{published.request} is {published.status}: there is no meeting to come."
    elif published.meeting_on == day:
        yield f"{published.request}: the meeting is on {day} already."


def _taken(published: Published, step: str, day: date | None) -> str:
    if step == TOLD:
        return f"told on {day}"
    if step == MEETING:
        instead = f" instead of {published.meeting_on}" if published.meeting_on else ""
        return f"meeting on {day}{instead}"
    return f"{published.status} -> {step}"
