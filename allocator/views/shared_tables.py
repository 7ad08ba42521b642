"""Tables as they may stand on a wall that agencies see: columns that are listed, sentences said anew, and no others.

A column that is in none of the lists is left out, so that a new heading is hidden until somebody says that it is safe.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from allocator.views.actions import TEAM, next_action
from allocator.views.facts import Facts
from allocator.views.in_meeting import OPEN_RULES, Words, shared_wait
from allocator.views.table import CellValue, Table
from allocator.views.unused import Unused
from allocator.views.words import WAITING
from models.entities import Request

PLAIN = frozenset(
    (
        "About", "Agency", "Agency, team", "Against its range", "Allowance", "Areas", "Asked", "Asked on",
        "Assesses at once", "Base", "Basis", "Becomes", "Changed since the last version", "Commitments at once",
        "Contrast", "Current until", "Date", "Days a week", "Days overdue", "Due", "End", "Firm",
        "Gap: asked, not offered", "Last heard from", "Last student", "Limit, students at once", "Meeting on",
        "Membership", "Needs a student by", "Of these outside the plan", "Offer", "Offered", "Offers left",
        "On-site supervisor", "Open", "Open since", "Other programmes", "PE", "PE stage", "PEPS2 idle",
        "PEs named or to be named", "Places", "Practice assessor", "Programme", "Range", "Received on", "Registered",
        "Request", "Requests that wait", "Reserved for", "Reserved until", "Result", "Setting", "Spare", "Spokes",
        "Stage", "Start", "State", "Status", "Statutory finals", "Statutory: regulator / DfE", "Step",
        "Students", "Team", "Told on", "Trainee's fall-back", "Trainees who need a student", "Tranche", "Unused",
        "Unused, why", "Use", "Used", "Where", "Which", "Who could take it", "Who has it, with PE", "Who has them",
        "Works", "Academic year",
        "By", "Decision", "Effective", "From", "In this plan", "On", "Party", "Reason", "Reference", "To",
        "What changed",
    )
)  # fmt: skip
"""Headings of ids, names of agencies, dates, numbers and fixed words."""
PRIVATE = frozenset(
    (
        "District", "Home", "Mode", "Minutes", "Minutes one way", "Minutes are", "Limit, minutes", "Preference met",
        "Priority", "Waiting since", "Lost out before", "Locked to", "Days", "Notes", "Note on Published", "Name",
        "PE's name", "Notes of the data", "Why", "Nearest place", "Second nearest", "Third nearest",
        "Smallest change, and who loses by a fix", "Offers removed, by rule", "Exception, by whom; kept despite",
        "Rule and value", "Still open",
    )
)  # fmt: skip
"""Headings of what is a student's or the team's own."""
OPEN_STEPS = (
    "note what came of the pre-placement meeting", "book the pre-placement meeting", "tell the student",
    "say what it offers", "ask for offers", "speak with it", "find a student who starts in time",
    "next step, as noted on Published", "Not heard from",
)  # fmt: skip
"""Beginnings of what is owed that say nothing of a student."""
NOT_SAID = "for the placements team to say"
_STUDENTS = re.compile(r"Students \S+")
_COUNTED = re.compile(r": \d+ match(?:es)?$")


class Wall(NamedTuple):
    """For whom a table is made: words that may stand on a wall, and why places are free."""

    facts: Facts
    words: Words
    unused: Unused


def _why(wall: Wall, id: str, _: str) -> str:
    request = wall.facts.dataset.request_by_id[id]
    match = wall.facts.match_of.get(id)
    if match is not None:
        return "\n".join(wall.words.waits(match))
    return wall.words.why(request) if request in wall.facts.unplaced else ""


def _next(wall: Wall, id: str, _: str) -> str:
    return wall.words.next_step(wall.facts.dataset.request_by_id[id])


def _owner(wall: Wall, id: str, _: str) -> str:
    return owner_on_wall(wall.facts, wall.facts.dataset.request_by_id[id])


def _why_unused(wall: Wall, id: str, cell: str) -> str:
    return f"{wall.unused.in_short(wall.facts.offers[id]).capitalize()}." if cell else ""


SAID: Mapping[str, Mapping[str, Callable[[Wall, str, str], str]]] = {
    "Request": {
        "Main reason": _why, "Provisional because, or why not placed": _why, "Next action": _next, "Owner": _owner,
    },
    "Offer": {"If unused, why": _why_unused},
}  # fmt: skip
"""By the heading of the first column, whose ids they need: columns of sentences, and what says them anew."""
STEPS = frozenset(("What", "To settle"))
"""Headings of what is owed, a line each: lines that are not open are said in other words."""
OWNERS = frozenset(("Owner",))
"""Who has it: shown where what they have is, or where the table says no sentence of it."""


def shared_table(table: Table, wall: Wall) -> Table:
    """A table for a wall.

    Parameters
    ----------
    table
        Of the report.
    wall
        Facts, words and free places of the same plan.

    Returns
    -------
    Table
        With the columns that are open, sentences as they may be read.
    """
    first = table.columns[0].title
    said = SAID.get(first, {})
    titles = [column.title for column in table.columns]
    shown = [n for n, title in enumerate(titles) if is_open(title, first)]
    what = titles.index("What") if "What" in titles else None
    rows = []
    for row in table.rows:
        hidden = what is not None and open_step(str(row[what])) == NOT_SAID
        rows.append([_cell(wall, said, titles[n], row, n, hidden) for n in shown])
    kept = {titles[n] for n in shown}
    return table._replace(
        columns=[table.columns[n] for n in shown], rows=rows,
        printed=None if table.printed is None else sum(n < table.printed for n in shown),
        keys=sum(n < table.keys for n in shown), above=[one for one in table.above if one[0] in kept],
        tone_column=table.tone_column if table.tone_column in kept else None,
    )  # fmt: skip


def owner_on_wall(facts: Facts, request: Request) -> str:
    """Who has the next step about a request: the team, where a near place is closed by what is a student's own.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    request
        Any.
    """
    unplaced = facts.unplaced_of.get(request.request)
    near = unplaced.nearest if unplaced else ()
    private = any(rule not in OPEN_RULES for one in near for rule in one.rules)
    return TEAM if private else next_action(facts, request).owner


def is_open(title: str, first: str) -> bool:
    """Whether a column may stand on a wall.

    Parameters
    ----------
    title
        Its heading.
    first
        The heading of the table's first column.
    """
    return title in PLAIN or title in STEPS or title in OWNERS or title in SAID.get(first, {}) or is_of_tranche(title)


def is_of_tranche(title: str) -> bool:
    """Whether a column counts the students of a tranche, whose name stands in its heading."""
    return _STUDENTS.fullmatch(title) is not None


def open_step(line: str) -> str:
    """A line of what is owed as it may be read: known words, and how many they are of.

    Parameters
    ----------
    line
        Of a table.
    """
    counted = _COUNTED.search(line)
    number = counted[0] if counted else ""
    for code, words in WAITING.items():
        if line.startswith(words):
            return shared_wait(code) + number
    return line if line.startswith(OPEN_STEPS) else NOT_SAID


def _cell(
    wall: Wall, said: Mapping[str, Callable[[Wall, str, str], str]], title: str, row: Sequence[CellValue], n: int,
    hidden: bool,
) -> CellValue:  # fmt: skip
    value = row[n]
    if title in said:
        return said[title](wall, str(row[0]), str(value or ""))
    if title in STEPS:
        return "\n".join(dict.fromkeys(map(open_step, str(value).split("\n")))) if value else value
    if title in OWNERS and hidden:
        return TEAM
    return wall.words.text(value) if isinstance(value, str) else value
