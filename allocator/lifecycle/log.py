"""The log of decisions: every row in its order, what it decides, and where it stands."""

from collections import defaultdict
from typing import Literal

from allocator.lifecycle.over import Over
from allocator.reading.sheets_record import DECISIONS
from allocator.settling.settling import Reading
from models.base import Date, Record
from models.decisions import Decision
from models.errors import Issue
from models.register import Register, Row, Special

SHEET = DECISIONS.name
State = Literal["in_force", "undone", "set_aside", "no_effect", "lapsed", "to_come"]
STATES: dict[State, str] = {
    "in_force": "in force",
    "undone": "undone by",
    "set_aside": "set aside",
    "no_effect": "no effect",
    "lapsed": "lapsed",
    "to_come": "to come",
}
_REFERENCES = ("about", "request", "offer", "pe", "agency", "team", "rule")
_BESIDE = {"places": "places {}", "party": "by the {}", "until": "until {}", "effective": "from {}"}
"""What is said behind the value, the day from which it holds last."""
_NO_EFFECT = ("V510", "V513", "V515")
"""Codes of what is said of a row that does nothing."""
_TO_COME = "V518"


class Entry(Record):
    """A row of the log. ``id`` is None where the row has none; ``reason`` says why it is not in force."""

    row: int
    id: str | None
    kind: str
    about: str
    by: str | None = None
    why: str | None = None
    on: Date | None = None
    state: State = "in_force"
    reason: str = ""

    @property
    def name(self) -> str:
        """Its id, or its row where it has none: ``D4``, ``row 7``."""
        return self.id or f"row {self.row}"

    @property
    def words(self) -> str:
        """The row in a few words: ``D4 (fix S001/first, O12)``."""
        return f"{self.name} ({' '.join(part for part in (self.kind, self.about) if part)})"

    @property
    def stated(self) -> str:
        """Where it stands: ``in force``, ``undone by D7``, ``set aside: why``."""
        if not self.reason:
            return STATES[self.state]
        return f"{STATES[self.state]}{' ' if self.state == 'undone' else ': '}{self.reason}"


def entry_of(row: Row) -> Entry:
    """A row of the sheet Decisions as an entry, which says nothing yet of where it stands.

    Parameters
    ----------
    row
        As typed.
    """
    about = ", ".join(dict.fromkeys(text for column in _REFERENCES if (text := _typed(row, column))))
    more = [words.format(text) for column, words in _BESIDE.items() if (text := _typed(row, column))]
    if row.get("effective") is not None and row.get("effective") == row.get("on"):
        more.pop()
    value = _typed(row, "value")
    return Entry(
        row=row.number, id=_typed(row, "id") or None, kind=_typed(row, "decision") or "(no decision)",
        about=", ".join([": ".join(part for part in (about, value) if part), *more]).removeprefix(", "),
        by=_typed(row, "by") or None, why=_typed(row, "why") or None, on=row.get("on"),
    )  # fmt: skip


def _typed(row: Row, column: str) -> str:
    """What stands in a cell, readable or not."""
    value = row.values.get(column, row.unreadable.get(column))
    if value is None:
        return ""
    return value.value if isinstance(value, Special) else str(value)


def log_of(register: Register, reading: Reading) -> tuple[Entry, ...]:
    """Every row of the sheet Decisions, in its order, and where it stands.

    Parameters
    ----------
    register
        The rows.
    reading
        What they were settled into, every problem by itself.

    Returns
    -------
    tuple of Entry
        Those that were undone, and those that undo, too.
    """
    page = register.pages.get(SHEET)
    rows = {row.number: row for row in page.rows} if page else {}
    said: defaultdict[int, list[Issue]] = defaultdict(list)
    for issue in reading.issues:
        for number in (issue.rows or (issue.row or 0,)) if issue.sheet == SHEET else ():
            said[number].append(issue)
    decided: defaultdict[int, list[Decision]] = defaultdict(list)
    in_force = {decision.id: decision for decision in reading.dataset.decisions}
    for name, number in reading.traces.decisions.items():
        decided[number] += [in_force[name]] if name in in_force else []
    read = set(reading.traces.decisions.values())
    undone, over, as_of = dict(reading.traces.undone), Over(reading), reading.policy.as_of
    entries = []
    for number, row in rows.items():
        if number in undone:
            found: tuple[State, str] = "undone", entry_of(rows[undone[number]]).name
        else:
            state, reason = _standing(said[number], number in read)
            until = row.get("until")
            lapsed = state == "no_effect" and until is not None and as_of is not None and until < as_of
            found = ("lapsed" if lapsed else state), reason
            if state == "in_force" and (why := over.why(decided[number])):
                found = "lapsed", why
        entries.append(entry_of(row).model_copy(update={"state": found[0], "reason": found[1]}))
    return tuple(entries)


def _standing(said: list[Issue], decides: bool) -> tuple[State, str]:
    """Where a row stands by what is said of it; ``decides``: something was decided by it."""
    aside = [issue.message for issue in said if issue.level != "warning"]
    nothing = [issue.message for issue in said if issue.code in _NO_EFFECT]
    to_come = [issue.message for issue in said if issue.code == _TO_COME and not decides]
    by_state: tuple[tuple[State, list[str]], ...] = (
        ("set_aside", aside), ("no_effect", nothing), ("to_come", to_come)
    )  # fmt: skip
    return next(((state, " ".join(messages)) for state, messages in by_state if messages), ("in_force", ""))
