"""Rounds: which one a row belongs to, and rows that go to another."""

from datetime import date
from functools import cached_property
from typing import Any

from allocator.reading.folding import fold
from allocator.reading.spelling import did_you_mean
from allocator.views.words import counted
from models.base import natural_key
from models.register import Register, Row
from scenarios.edits.changing import At, row_of, with_more, with_rows, with_values
from scenarios.edits.checks import found
from scenarios.errors import EditError
from scenarios.model import MoveTranche
from scenarios.selecting import Names

PAST, DECIDING = "past", "deciding"
NEXT = "next"
"""The round after that of each row."""


class Rounds:
    """The rows of Tranches by folded id, with the status that a blank one has."""

    def __init__(self, names: Names, as_of: date) -> None:
        self._names = names
        rows = [
            row for row in names.rows("Tranches") if row.get("tranche") and row.get("first_day") and not row.reasons
        ]
        self.rows = {fold(str(row.values["tranche"])): row for row in rows}
        order = sorted(self.rows, key=lambda name: (self.rows[name].values["first_day"], natural_key(name)))
        stated = {name: self.rows[name].get("status") for name in order}
        blank = [name for name in order if not stated[name]]
        now = [name for name in order if stated[name] == DECIDING]
        if not now:  # as settling reads blanks: the round that is still to begin first, else the last
            now = [name for name in blank if self.rows[name].values["first_day"] >= as_of][:1] or blank[-1:]
        first = self.rows[now[0]].values["first_day"] if now else date.min
        self.status = {
            name: stated[name] or (DECIDING if name in now else self._by_day(name, first)) for name in order
        }  # fmt: skip
        self._order = order
        self._deciding = [name for name in order if self.status[name] == DECIDING]

    def _by_day(self, name: str, first: date) -> str:
        return "later" if self.rows[name].values["first_day"] >= first else PAST

    def of(self, row: Row) -> str | None:
        """The round of a row of Offers or Requests, folded: of one that names none the first that is being decided."""
        if "tranche" in row.unreadable:
            return None
        if row.get("tranche") is not None:
            return fold(self._names.find("tranche", row.values["tranche"]))
        return next((name for name in self._deciding if self._takes(name, row)), None)

    def after(self, row: Row) -> str | None:
        """The round that begins next after that of a row, and takes what the row is for."""
        own = self.rows.get(self.of(row) or "")
        later = [n for n in self._order if own and self.rows[n].values["first_day"] > own.values["first_day"]]
        return next((name for name in later if self.status[name] != PAST and self._takes(name, row)), None)

    def _takes(self, name: str, row: Row) -> bool:
        tranche, stage = self.rows[name], row.get("stage")
        stages, admitted = tranche.get("stages") or (), tranche.get("programmes") or ()
        here = {self._names.key("Tranches", "programmes", one) for one in admitted}
        asked = {self._names.key("Offers", "programmes", one) for one in row.get("programmes") or ()}
        if row.get("student") is not None:
            asked = {self._programmes.get(self._names.key("Requests", "student", row.values["student"]))}
        fits = stage in (None, "either") or not stages or stage in stages
        return fits and (not here or not asked or bool(here & asked))

    @cached_property
    def _programmes(self) -> dict[str, str]:
        """The programme of each student, both as they are compared."""
        key = self._names.key
        return {
            key("Students", "student", row.get("student")): key("Students", "programme", row.get("programme"))
            for row in self._names.rows("Students")
        }

    def day(self, row: Row, column: str, of_round: str) -> date | None:
        """The day in a row, else in its round."""
        own: date | None = row.get(column)
        tranche = self.rows.get(self.of(row) or "")
        return own if own is not None or tranche is None else tranche.get(of_round)


def move_tranche(register: Register, edit: MoveTranche, at: At) -> tuple[Register, str]:
    """Requests or offers belong to another round: Requests.tranche, Offers.tranche.

    ``next`` is the round that begins first after that of the row and takes its stage and programme. Of students every
    request goes that is not of a round that is past, the one that Students.stage makes, too. Days of
    their own that lie outside the new round are blanked: they were those of the old one. A published match that stays
    is where it is.
    """
    names = Names(register)
    rounds = Rounds(names, at.as_of)
    rows = found(register, names, edit.sheet, edit.where, edit.may_be_empty)
    given = _given(names, rounds, edit.to)

    def moved(row: Row) -> Row:
        name = given or rounds.after(row)
        if name is None:
            own = rounds.rows.get(rounds.of(row) or "")
            after = own.values["tranche"] if own else "its own"
            raise EditError(f"no round after {after} takes {_called(row)}. Write the round's name.")
        return _moved(row, rounds.rows[name])

    if edit.sheet != "Students":
        ids = {id(row) for row in rows}
        to = rounds.rows[given].values["tranche"] if given else "the next round"
        register = with_rows(register, edit.sheet, lambda row: moved(row) if id(row) in ids else row)
        return register, f"{len(rows)} on {edit.sheet} belong to {to}"
    students = {names.key("Students", "student", row.get("student")): row for row in rows}
    going: set[int] = set()
    covered: set[tuple[str, Any]] = set()
    for row in names.rows("Requests"):
        student = names.key("Requests", "student", row.get("student"))
        if student in students:
            covered.add((student, row.get("stage")))
            if rounds.status.get(rounds.of(row) or "") != PAST:
                going.add(id(row))
    made = [
        moved(row_of({"student": row.get("student"), "stage": row.get("stage")}))
        for student, row in students.items() if row.get("stage") and (student, row.get("stage")) not in covered
    ]  # fmt: skip
    register = with_rows(register, "Requests", lambda row: moved(row) if id(row) in going else row)
    to = rounds.rows[given].values["tranche"] if given else "the next round"
    said = f"{counted(len(going) + len(made), 'request')} of {counted(len(rows), 'student')} belong to {to}"
    return with_more(register, "Requests", made), said


def _given(names: Names, rounds: Rounds, to: str) -> str | None:
    """The round that is named, folded; None for the next one of each row."""
    listed = names.directory("Tranches")
    tranche = listed.find(to)
    if tranche is None and fold(to) == NEXT:
        return None
    if tranche is None or fold(tranche) not in rounds.rows:
        allowed = [*sorted(listed.ids, key=natural_key), NEXT]
        raise EditError(f"there is no round '{to}'.{did_you_mean(to, allowed)} Allowed: {', '.join(allowed)}.")
    if rounds.status[fold(tranche)] == PAST:
        raise EditError(f"the round '{tranche}' is past: nothing is placed in it any more.")
    return fold(tranche)


def _called(row: Row) -> str:
    if row.get("student") is None:
        return f"the offer {row.get('offer') or 'without an id'}"
    return f"{row.values['student']}/{row.get('stage')}"


def _moved(row: Row, to: Row) -> Row:
    first, last = to.values["first_day"], to.get("last_end") or date.max
    values: dict[str, Any] = {"tranche": to.values["tranche"]}
    latest = {"earliest_start": to.get("last_start") or last, "latest_start": last, "latest_end": last}
    for column, most in latest.items():
        day = row.get(column)
        if day is not None and not first <= day <= most:
            values[column] = None
    return with_values(row, values)
