"""What a year is like today: who is admitted, when each programme has its placements, what is offered, who trains."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from models.base import Stage, natural_key
from models.dataset import Dataset
from models.entities import Request, Student
from models.register import Register, Row
from scenarios.edits.changing import row_of, with_values
from scenarios.edits.facts import request_key, request_of
from scenarios.selecting import Names
from scenarios.years.lines import YEAR, Lines, Round

FIRST_ATTEMPT = 1


class Asked(NamedTuple):
    """A request of the base: its row on Requests, and its round."""

    row: Row
    request: Request
    round: Round


class Entrant(NamedTuple):
    """A student of the base who has a first this year, with all that is asked for."""

    row: Row
    student: Student
    asked: tuple[Asked, ...]

    @property
    def first(self) -> Asked:
        """The first."""
        return next(a for a in self.asked if a.request.stage == "first")


class Pattern:
    """The base as the pattern of every year.

    Parameters
    ----------
    register, dataset
        The base, every row with its id, and what it is settled to.
    """

    def __init__(self, register: Register, dataset: Dataset) -> None:
        self.register, self.dataset = register, dataset
        self.names = Names(register)
        self.lines = Lines(dataset.tranches)
        self.students = {
            fold(self.names.find("student", str(row.values["student"]))): row
            for row in self.names.rows("Students") if row.get("student") is not None
        }  # fmt: skip
        rows = {request_key(request_of(row)): row for row in self.names.rows("Requests")}
        self.asked = {r.request: self._asked(r, rows.get(request_key(r.request))) for r in dataset.requests}

    def _asked(self, request: Request, row: Row | None) -> Asked:
        values: dict[str, Any] = {
            "student": request.student, "stage": request.stage, "tranche": request.tranche,
            "attempt": request.attempt,
        }  # fmt: skip
        return Asked(
            row_of(values) if row is None else with_values(row, values), request, self.lines.of(request.tranche)
        )

    def student_row(self, student: str) -> Row:
        """The row of a student."""
        return self.students[fold(student)]

    @cached_property
    def entrants(self) -> tuple[Entrant, ...]:
        """Those who have their first in a round of this year, at the first attempt."""
        of: dict[str, list[Asked]] = {}
        for asked in self.asked.values():
            if asked.round.offset >= 0:
                of.setdefault(asked.request.student, []).append(asked)
        found = []
        for name in sorted(of, key=natural_key):
            student = self.dataset.student_by_id[name]
            firsts = [a for a in of[name] if a.request.stage == "first"]
            here = len(firsts) == 1 and firsts[0].request.attempt == FIRST_ATTEMPT and not firsts[0].request.repeat
            if here and firsts[0].round.offset == 0 and not student.withdrawn:
                found.append(Entrant(self.student_row(name), student, tuple(of[name])))
        return tuple(found)

    @cached_property
    def listed_ahead(self) -> int:
        """Students whose first is in a round of next year already: they are of next year's intake."""
        return sum(
            a.request.stage == "first" and a.round.offset == 1 and a.request.attempt == FIRST_ATTEMPT
            for a in self.asked.values()
        )

    @cached_property
    def final_alone(self) -> tuple[Asked, ...]:
        """Finals of this year of students whose first is over."""
        with_first = {a.request.student for a in self.asked.values() if a.request.stage == "first"}
        return tuple(
            a for a in self.asked.values()
            if a.request.stage == "final" and a.round.offset == 0 and a.request.student not in with_first
        )  # fmt: skip

    def final_after(self, student: Student, first: Round) -> Round | None:
        """The round of the final of who has the first in a round, as students like this one have it now."""
        like = [
            (entrant.first.round, a.round)
            for entrant in self.entrants if _alike(entrant.student, student)
            for a in entrant.asked if a.request.stage == "final"
        ]  # fmt: skip
        gaps = {(f.line, r.line, r.offset - f.offset) for f, r in like if f.line == first.line}
        made = sorted(
            (Round(line, first.offset + gap) for _, line, gap in gaps), key=lambda r: self.lines.row(r).first_day
        )
        if made:
            return made[0]
        others = {r.line for _, r in like} or {a.round.line for a in self.final_alone if _alike(self._of(a), student)}
        end = self.lines.row(first).last_end or self.lines.row(first).first_day
        return self.next_of(others, first.offset, end) if others else None

    def final_round(self, student: Student, first: Round) -> Round:
        """As :meth:`final_after`; where nobody is like the student, the next round of finals."""
        known = self.final_after(student, first)
        if known is not None:
            return known
        tranche = self.lines.row(first)
        return self.next_round(student, "final", first.offset, tranche.last_end or tranche.first_day)

    def next_round(self, student: Student, stage: Stage, year: int, after: date) -> Round:
        """The first round from a year on in which the programme has a stage, and that begins after a day."""
        lines = {
            a.round.line for a in self.asked.values()
            if a.request.stage == stage and a.round in self.lines.horizon and _alike(self._of(a), student)
        } or {r.line for r in self.lines.horizon}  # fmt: skip
        return self.next_of(lines, year, after)

    def next_of(self, lines: set[str], year: int, after: date) -> Round:
        """The first round of some lines from a year on that begins after a day."""
        rounds = [Round(line, offset) for line in lines for offset in range(year, year + 3)]
        rounds.sort(key=lambda r: (self.lines.row(r).first_day, r))
        return next((r for r in rounds if self.lines.row(r).first_day > after), rounds[-1])

    def _of(self, asked: Asked) -> Student:
        return self.dataset.student_by_id[asked.request.student]

    def final_like(self, student: Student, found_by: str, chance: Callable[[str], float]) -> Asked | None:
        """The final of a student like one whose first is over: of the same employer, else found the same way."""
        like = [a for a in self.final_alone if _alike(self._of(a), student)]
        for choice in (
            [a for a in like if self._of(a).employer_agency == student.employer_agency],
            [a for a in like if a.request.found_by == found_by], like,
        ):  # fmt: skip
            if choice:
                choice.sort(key=lambda a: natural_key(a.request.request))
                return choice[int(chance(student.student) * len(choice))]
        return None

    def in_round(self, row: Row, round_: Round) -> Row:
        """A request in another round; what an employer found takes the whole of it, others have no own days."""
        to, own = self.lines.row(round_), row.get("found_by") == "employer"
        days = (to.first_day, to.last_end) if own else (None, None)
        return with_values(row, {"tranche": to.tranche, "earliest_start": days[0], "latest_end": days[1]})

    def moved(self, row: Row, years: int) -> Row:
        """A row with every date so many years later."""
        by = years * YEAR
        return with_values(row, {c: v + by for c, v in row.values.items() if isinstance(v, date)})


def _alike(one: Student, other: Student) -> bool:
    return (one.programme, one.scheme) == (other.programme, other.scheme)
