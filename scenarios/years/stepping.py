"""From one year to the next, as rows: this year's register with its plan gives next year's register."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from allocator.views.facts import Facts
from models.base import natural_key
from models.entities import Request, Student
from models.plan import Match
from models.register import Register, Row
from models.statuses import FREED, OVER
from scenarios.edits.changing import row_of, with_more, with_rows, with_values
from scenarios.edits.facts import request_key, request_of
from scenarios.selecting import Names
from scenarios.years.admitting import SETTLED, admitted
from scenarios.years.educators import Educators, next_educators
from scenarios.years.lines import YEAR, Round
from scenarios.years.pattern import Pattern
from scenarios.years.rates import Rates
from scenarios.years.results import FINALS, Ended, drawing, results_of
from scenarios.years.sheets import Sheets, is_ahead

MOST_ATTEMPTS = 2


class Flow(NamedTuple):
    """Students from one year to the next. ``unready``: of those admitted, whose first waits for readiness.

    ``no_final``: passed the first, and neither they nor anybody like them asks for a final.
    """

    admitted: int
    unready: int
    failed: int
    waiting: int
    finished: int
    gave_up: int
    no_final: int


class Stepped(NamedTuple):
    """Next year's rows, and what became of this year's students and PEs."""

    register: Register
    flow: Flow
    educators: Educators


class _Next:
    """Rows of next year as they are gathered."""

    def __init__(self) -> None:
        self.students: dict[str, Row] = {}
        self.requests: list[Row] = []
        self.history: list[Row] = []
        self.had: list[Row] = []
        self.published: list[Row] = []
        self.asks: set[str] = set()
        self.counts = dict.fromkeys(Flow._fields, 0)


def next_year(pattern: Pattern, register: Register, facts: Facts, year: int, rates: Rates, seed: int) -> Stepped:
    """Next year's register.

    Parameters
    ----------
    pattern
        The base, as which every year begins.
    register, facts
        This year's rows, every one with its id, and their plan.
    year
        Which year this is; 0 for the base.
    rates, seed
        How it ends.
    """
    return _Step(pattern, register, facts, year, rates, seed).made()


class _Step:
    def __init__(self, pattern: Pattern, register: Register, facts: Facts, year: int, rates: Rates, seed: int) -> None:
        self.pattern, self.register, self.facts, self.year, self.rates, self.seed = (
            pattern, register, facts, year, rates, seed,
        )  # fmt: skip
        self.lines, self.names = pattern.lines, Names(register)
        self.today = facts.as_of or date.min
        self.then = self.today + YEAR
        rounds = self.lines.of_year(year + 1)
        deciding = [self.lines.row(r).first_day for r in rounds if self.lines.status(r, year + 1) == "deciding"]
        self.academic = facts.policy.academic_year(min(deciding))
        self.results = results_of(facts, self.lines, year, rates, seed)
        self.rows = {request_key(request_of(row)): row for row in self.names.rows("Requests")}
        self.students = {self._student_of(row): row for row in self.names.rows("Students")}
        self.histories: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.names.rows("History"):
            self.histories[self._student_of(row)].append(row)
        self.next = _Next()

    def _student_of(self, row: Row) -> str:
        return str(self.names.key("Students", "student", row.get("student")))

    def made(self) -> Stepped:
        """All sheets of next year."""
        for student in sorted(self.facts.dataset.students, key=lambda s: natural_key(s.student)):
            if not student.withdrawn:
                self._student(student)
        self._keep_published()
        new = admitted(self.pattern, self.names, self.year, self.rates, self.seed)
        self.next.students |= new.students
        self.next.requests += new.requests
        self.next.counts |= {"admitted": len(new.students), "unready": new.unready}
        used: dict[str, date] = {}
        for ended in self.results.values():
            if ended.outcome in ("passed", "failed") and ended.match is not None and ended.match.pe is not None:
                used[ended.match.pe] = max(used.get(ended.match.pe, date.min), ended.match.end or self.then)
        educators = next_educators(self.pattern, self.register, self.facts, used, self.year, self.rates, self.seed)
        pages = self._pages(educators)
        register = self.register
        for sheet, rows in pages.items():
            register = _with_page(register, sheet, rows)
        return Stepped(replace(register, issues=()), Flow(**self.next.counts), educators)

    # ------------------------------------------------------------------------------------------------------- students
    def _student(self, student: Student) -> None:
        """What a student of this year asks for next year."""
        requests = [r for r in self.facts.dataset.requests if r.student == student.student]
        ended = {e.request.stage: e for e in self.results.values() if e.request.student == student.student}
        ahead = {r.stage: r for r in requests if self.lines.of(r.tranche).offset > self.year}
        first, final = ended.get("first"), ended.get("final")
        self._record(student, ended.values())
        asks: list[Row] = []
        waits = False
        if first is not None and first.outcome != "passed":
            again = self._again(student, first)
            if again is None:
                return
            row, round_ = again
            asks.append(row)
            waits = first.outcome == "not placed"
            last = final.request if final is not None else ahead.get("final")
            if last is not None:
                asks.append(self.pattern.in_round(self._row(last), self.pattern.final_round(student, round_)))
        elif final is not None:
            if final.outcome == "passed":
                self.next.counts["finished"] += 1
                return
            again = self._again(student, final)
            if again is None:
                return
            asks.append(again[0])
            waits = final.outcome == "not placed"
        else:
            asks += [self._row(r) for r in ahead.values()]
            if first is not None and "final" not in ahead:
                asks += self._final_of(student, first)
        if asks:
            self._go_on(student, asks, waits)

    def _record(self, student: Student, ended: Iterable[Ended]) -> None:
        """What the student has had."""
        for one in ended:
            if one.outcome not in ("passed", "failed"):
                continue
            if one.outcome == "failed" or one.request.stage == "first":
                self.next.had.append(self._had(student, one))
            self.next.counts["failed"] += one.outcome == "failed"

    def _had(self, student: Student, ended: Ended) -> Row:
        offer = None if ended.match is None else self.facts.dataset.offer_by_id.get(ended.match.offer)
        values: dict[str, Any] = {
            "student": student.student, "stage": ended.request.stage, "outcome": ended.outcome,
            "start": ended.request.earliest_start if ended.match is None else ended.match.start,
        }  # fmt: skip
        if ended.match is None:
            values["agency"] = next(iter(ended.request.locked_agencies), student.employer_agency)
        if offer is not None:
            pe = ended.match.pe if ended.match is not None else None
            values |= {
                "agency": offer.agency, "team": offer.team, "areas": offer.areas or None, "setting": offer.setting,
                "pe": pe if pe in self.facts.dataset.educator_by_id else None,
            }  # fmt: skip
            for column in ("statutory_regulator", "statutory_dfe"):
                flag = getattr(offer, column)
                values[column] = None if flag == "not_known" else flag
        return row_of(values)

    def _again(self, student: Student, ended: Ended) -> tuple[Row, Round] | None:
        """The request that follows one that was not passed; None after the last attempt."""
        request = ended.request
        attempt = request.attempt + (ended.outcome == "failed")
        if attempt > MOST_ATTEMPTS and ended.outcome == "failed":
            self.next.counts["gave_up"] += 1
            return None
        end = ended.match.end if ended.match is not None and ended.outcome == "failed" else None
        round_ = self.pattern.next_round(student, request.stage, self.year + 1, end or date.min)
        row = self.pattern.in_round(self._row(request), round_)
        repeat = {"repeat": "yes"} if ended.outcome == "failed" else {}
        self.next.counts["waiting"] += ended.outcome == "not placed"
        return with_values(row, {"attempt": attempt, **repeat}), round_

    def _final_of(self, student: Student, first: Ended) -> list[Row]:
        """The final of a student of whom only the first was asked for."""
        chance = drawing(self.seed, self.year, FINALS).chance
        like = self.pattern.final_like(student, first.request.found_by, chance)
        if like is None:
            self.next.counts["no_final"] += 1
            return []
        end = first.match.end if first.match is not None else first.request.latest_end
        round_ = self.pattern.next_of({like.round.line}, self.year + 1, end or date.min)
        values: dict[str, Any] = {"student": student.student, "attempt": None}
        if like.row.get("locked_agencies") and student.employer_agency:
            values["locked_agencies"] = (student.employer_agency,)
        return [self.pattern.in_round(with_values(like.row, values), round_)]

    def _row(self, request: Request) -> Row:
        """The row of a request; one that Students makes has a row of its own from now on."""
        found = self.rows.get(request_key(request.request))
        values: dict[str, Any] = {"student": request.student, "stage": request.stage, "tranche": request.tranche}
        values |= {"attempt": request.attempt}
        return row_of(values) if found is None else with_values(found, values)

    def _go_on(self, student: Student, asks: Sequence[Row], waits: bool) -> None:
        row = self.students[fold(student.student)]
        since = row.get("waiting_since") or self.today if waits else None
        self.next.students[student.student] = with_values(row, {**SETTLED, "waiting_since": since})
        self.next.requests += asks
        self.next.asks.add(student.student)
        self.next.history += self.histories[fold(student.student)]

    # ------------------------------------------------------------------------------------------------ what still runs
    def _keep_published(self) -> None:
        """Placements that still run, or count in the academic year that is being decided, and agreed ones of later."""
        kept: dict[str, Row] = {}
        called = {request_key(r.request): r.request for r in self.facts.dataset.requests}
        for row in self.names.rows("Published"):
            name = called.get(request_key(str(row.get("request") or "")), str(row.get("request") or ""))
            start, end = row.get("start"), row.get("end")
            if row.get("status") in FREED or name in self.results:
                continue
            if is_ahead(self.facts, self.lines, self.year, name):
                published = self.facts.dataset.published_by_request.get(name)
                agreed = published is not None and published.standing == "kept"
                if agreed and self.facts.dataset.request_by_id[name].student in self.next.asks:
                    kept[name] = row
            elif start is not None and end is not None and self._counts(start, end):
                over = "ended" if end < self.then and row.get("status") not in OVER else row.get("status")
                kept[name] = with_values(row, {"status": over})
        for name, ended in self.results.items():
            match = ended.match
            begun = ended.outcome in ("passed", "failed") and match is not None
            if begun and match is not None and match.start and match.end and self._counts(match.start, match.end):
                kept[name] = self._published(name, match)
        self.next.published = [kept[name] for name in sorted(kept, key=natural_key)]
        asked = {request_key(request_of(row)) for row in self.next.requests}
        for name in kept:
            request = self.facts.dataset.request_by_id.get(name)
            if request is not None and request_key(name) not in asked:
                self.next.requests.append(self._row(request))
                row = with_values(self.students[fold(request.student)], SETTLED)
                self.next.students.setdefault(request.student, row)

    def _counts(self, start: date, end: date) -> bool:
        return end >= self.then or self.facts.policy.academic_year(start) == self.academic

    def _published(self, name: str, match: Match) -> Row:
        assert match.start is not None
        assert match.end is not None
        status = "ended" if match.end < self.then else "started" if match.start <= self.then else "confirmed"
        return row_of(
            {
                "request": name, "offer": match.offer, "pe": match.pe, "status": status, "start": match.start,
                "end": match.end, "student_told_on": self.today,
            }
        )  # fmt: skip

    def _pages(self, educators: Educators) -> Mapping[str, Sequence[Row]]:
        """Every sheet that changes from year to year."""
        new = self.next
        sheets = Sheets(self.pattern, self.register, self.names, self.facts, self.year)
        offers = sheets.offers(educators, new.published)
        tranches = {str(r.values["tranche"]) for r in (*new.requests, *offers)}
        rounds = {self.lines.of(name) for name in tranches} | set(self.lines.of_year(self.year + 1))
        asked = {request_key(request_of(r)) for r in new.requests if str(r.values["student"]) in new.asks}
        return {
            "Tranches": sheets.tranches(rounds),
            "Students": [new.students[name] for name in sorted(new.students, key=natural_key)],
            "Requests": sorted(new.requests, key=lambda row: natural_key(request_of(row))),
            "History": [*new.history, *(row for row in new.had if str(row.values["student"]) in new.students)],
            "Offers": offers,
            "Educators": educators.rows,
            "Commitments": sheets.commitments(educators.there),
            "Calendar": sheets.calendar(rounds),
            "Decisions": sheets.decisions(asked, offers, educators.there),
            "Published": new.published,
            "Policy": sheets.policy(self.then),
        }


def _with_page(register: Register, sheet: str, rows: Sequence[Row]) -> Register:
    """The register with other rows on a sheet."""
    emptied = with_rows(register, sheet, lambda _: None)
    return with_more(emptied, sheet, rows)
