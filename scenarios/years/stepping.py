"""From one year to the next, as rows: this year's register with its plan gives next year's register."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from scenarios.edits.changing import row_of, share_of, with_more, with_rows, with_values
from scenarios.edits.facts import Held, request_key, request_of, student_of
from scenarios.selecting import Names
from scenarios.years.educators import Educators, copied_from, new_id, next_educators
from scenarios.years.lines import YEAR, Round
from scenarios.years.pattern import Entrant, Pattern
from scenarios.years.rates import Rates
from scenarios.years.results import ADMIT, FINALS, LIKE, READY, Ended, drawing, results_of

MOST_ATTEMPTS = 2
OF_A_YEAR = frozenset(map(fold, ("as_of", "placements_so_far", "independents_so_far")))
"""Settings that hold for one year alone, folded."""
_TOGETHER = (
    ("home", "drives", "mode"), ("preferred_areas", "preferred_agencies"),
    ("limit_minutes", "adjustments", "share_needs", "caring"),
)  # fmt: skip
"""Columns of Students that a new student has from one of this year's, each group from another."""
_GONE_BY = frozenset(("withdraw", "name_pe", "unlock", "fix"))
"""Decisions that are over with their year."""


class Flow(NamedTuple):
    """Students from one year to the next. ``unready``: of those admitted, whose first waits for readiness."""

    admitted: int
    unready: int
    failed: int
    waiting: int
    finished: int
    gave_up: int


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
        self._admit()
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
                asks.append(self._moved(self._row(last), self._final_after(student, round_)))
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
        row = self._moved(self._row(request), round_)
        repeat = {"repeat": "yes"} if ended.outcome == "failed" else {}
        self.next.counts["waiting"] += ended.outcome == "not placed"
        return with_values(row, {"attempt": attempt, **repeat}), round_

    def _final_after(self, student: Student, first: Round) -> Round:
        """The round of the final of who has the first in a round."""
        known = self.pattern.final_after(student, first)
        if known is not None:
            return known
        tranche = self.lines.row(first)
        return self.pattern.next_round(student, "final", first.offset, tranche.last_end or tranche.first_day)

    def _final_of(self, student: Student, first: Ended) -> list[Row]:
        """The final of a student of whom only the first was asked for."""
        chance = drawing(self.seed, self.year, FINALS).chance
        like = self.pattern.final_like(student, first.request.found_by, chance)
        if like is None:
            return []
        end = first.match.end if first.match is not None else first.request.latest_end
        round_ = self.pattern.next_of({like.round.line}, self.year + 1, end or date.min)
        values: dict[str, Any] = {"student": student.student, "attempt": None}
        if like.row.get("locked_agencies") and student.employer_agency:
            values["locked_agencies"] = (student.employer_agency,)
        return [self._moved(with_values(like.row, values), round_)]

    def _row(self, request: Request) -> Row:
        """The row of a request; one that Students makes has a row of its own from now on."""
        found = self.rows.get(request_key(request.request))
        values: dict[str, Any] = {"student": request.student, "stage": request.stage, "tranche": request.tranche}
        values |= {"attempt": request.attempt}
        return row_of(values) if found is None else with_values(found, values)

    def _moved(self, row: Row, round_: Round) -> Row:
        """A request in another round; what an employer found takes the whole of it, others have no own days."""
        to = self.lines.row(round_)
        own = row.get("found_by") == "employer"
        return with_values(
            row,
            {
                "tranche": to.tranche,
                "earliest_start": to.first_day if own else None,
                "latest_end": to.last_end if own else None,
            },
        )

    def _go_on(self, student: Student, asks: Sequence[Row], waits: bool) -> None:
        row = self.students[fold(student.student)]
        since = row.get("waiting_since") or self.today if waits else None
        self.next.students[student.student] = with_values(row, {**_SETTLED, "waiting_since": since})
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
            if self._is_ahead(name):
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
                row = with_values(self.students[fold(request.student)], _SETTLED)
                self.next.students.setdefault(request.student, row)

    def _is_ahead(self, name: str) -> bool:
        request = self.facts.dataset.request_by_id.get(name)
        return request is not None and self.lines.of(request.tranche).offset > self.year

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

    # ---------------------------------------------------------------------------------------------------------- cohort
    def _admit(self) -> None:
        """A cohort like the base's, less those of it who are listed already."""
        entrants = list(self.pattern.entrants)
        ahead = self.pattern.listed_ahead if self.year == 0 else 0
        number = max(0, share_of(len(entrants), self.rates.intake) - ahead)
        chance = drawing(self.seed, self.year, ADMIT).chance
        order = sorted(entrants, key=lambda e: (chance(e.student.student), e.student.student))
        every, rest = divmod(number, len(order)) if order else (0, 0)
        taken = {fold(str(r.values["student"])) for r in self.names.rows("Students") if r.get("student")}
        taken |= {fold(name) for name in self.pattern.dataset.student_by_id}
        admitted = [(e, new_id(e.student.student, self.year + 1, taken)) for e in [*order * every, *order[:rest]]]
        chance = drawing(self.seed, self.year, READY).chance
        own = sorted(
            (name for entrant, name in admitted if entrant.first.request.found_by != "employer"),
            key=lambda name: (chance(name), name),
        )
        late = set(own[: share_of(len(own), 100 - self.rates.ready)])
        self.next.counts |= {"admitted": len(admitted), "unready": len(late)}
        for entrant, name in admitted:
            self._enter(entrant, name, late=name in late)

    def _enter(self, entrant: Entrant, name: str, *, late: bool) -> None:
        chance = drawing(self.seed, self.year, LIKE).chance
        like = [
            e.row for e in self.pattern.entrants
            if (e.student.programme, e.student.scheme) == (entrant.student.programme, entrant.student.scheme)
        ]  # fmt: skip
        values: dict[str, Any] = {"student": name, "waiting_since": None, **_SETTLED}
        for number, columns in enumerate(_TOGETHER):
            source = like[int(chance(f"{name}/{number}") * len(like))]
            values |= {c: source.values.get(c) for c in columns}
        self.next.students[name] = with_values(entrant.row, values)
        ahead = self.year + 1
        first = Round(entrant.first.round.line, entrant.first.round.offset + ahead)
        if late:
            day = self.lines.row(first).first_day
            first = self.pattern.next_round(entrant.student, "first", ahead, day)
        for asked in entrant.asked:
            row = with_values(asked.row, {"student": name})
            if late:
                is_first = asked.request.stage == "first"
                row = self._moved(row, first if is_first else self._final_after(entrant.student, first))
            else:
                tranche = self.lines.name(Round(asked.round.line, asked.round.offset + ahead))
                row = with_values(self.pattern.moved(row, ahead), {"tranche": tranche})
            self.next.requests.append(row)

    # ---------------------------------------------------------------------------------------------------------- sheets
    def _pages(self, educators: Educators) -> Mapping[str, Sequence[Row]]:
        new, ahead = self.next, self.year + 1
        there = educators.there
        offers = self._offers(educators)
        tranches = {str(r.values["tranche"]) for r in (*new.requests, *offers)}
        rounds = {self.lines.of(name) for name in tranches} | set(self.lines.of_year(ahead))
        listed = {fold(str(row.values["offer"])) for row in offers}
        commitments = [
            self.pattern.moved(row, ahead) for row in self.pattern.names.rows("Commitments")
            if row.get("pe") is None or self.pattern.names.key("Commitments", "pe", row.values["pe"]) in there
        ]  # fmt: skip
        return {
            "Tranches": [self._tranche(r) for r in sorted(rounds, key=lambda r: (self.lines.row(r).first_day, r))],
            "Students": [new.students[name] for name in sorted(new.students, key=natural_key)],
            "Requests": sorted(new.requests, key=lambda row: natural_key(request_of(row))),
            "History": [*new.history, *(row for row in new.had if str(row.values["student"]) in new.students)],
            "Offers": offers,
            "Educators": educators.rows,
            "Commitments": commitments,
            "Calendar": self._calendar(rounds),
            "Decisions": [row for row in self.names.rows("Decisions") if self._still_holds(row, listed, there)],
            "Published": new.published,
            "Policy": self._policy(),
        }

    def _policy(self) -> list[Row]:
        """The settings as they are, with the day of next year, and nothing that was counted of this academic year."""
        rows = [row for row in self.names.rows("Policy") if fold(str(row.get("setting"))) not in OF_A_YEAR]
        return [*rows, row_of({"setting": "as_of", "value": self.then})]

    def _tranche(self, round_: Round) -> Row:
        tranche = self.lines.row(round_)
        return row_of(
            {
                "tranche": tranche.tranche, "first_day": tranche.first_day, "last_start": tranche.last_start,
                "last_end": tranche.last_end, "status": self.lines.status(round_, self.year + 1),
                "stages": tranche.stages or None, "programmes": tranche.programmes or None,
            }
        )  # fmt: skip

    def _offers(self, educators: Educators) -> list[Row]:
        """The base's offers in the rounds of next year, and those at which somebody is."""
        pattern, ahead = self.pattern, self.year + 1
        held = {fold(str(row.values["offer"])) for row in self.next.published}
        later = {
            fold(str(row.values["offer"])) for row in self.next.published if self._is_ahead(str(row.values["request"]))
        }
        closed = Held(self.register, self.names)
        rows = []
        for row in self.names.rows("Offers"):
            key = fold(str(row.get("offer")))
            if key in held:
                tranche = self.facts.dataset.offer_by_id[str(row.values["offer"])].tranche
                rows.append(with_values(row, {"tranche": tranche} | (closed.closed(row) if key in later else {})))
        there = educators.there
        copies: dict[str, list[str]] = {}
        for pe in sorted((str(row.values["pe"]) for row in educators.rows), key=natural_key):
            if pe not in pattern.dataset.educator_by_id and fold(pe) in there:
                copies.setdefault(copied_from(pe), []).append(pe)
        taken = {fold(str(row.values["offer"])) for row in rows} | {fold(o) for o in pattern.dataset.offer_by_id}
        for row in pattern.names.rows("Offers"):
            offer = pattern.dataset.offer_by_id.get(str(row.get("offer")))
            if offer is None or offer.withdrawn or self.lines.of(offer.tranche) not in self.lines.horizon:
                continue
            round_ = self.lines.of(offer.tranche)
            values: dict[str, Any] = {
                "offer": new_id(offer.offer, ahead, taken),
                "tranche": self.lines.name(Round(round_.line, round_.offset + ahead)),
                "educators": self._named(row.get("educators") or (), there, copies) or None,
            }  # fmt: skip
            if fold(str(row.get("reserved_for") or "")) in pattern.students:
                values["reserved_for"] = None
            rows.append(with_values(pattern.moved(row, ahead), values))
        return rows

    def _named(
        self, entries: Iterable[str], there: Collection[str], copies: Mapping[str, Sequence[str]]
    ) -> tuple[str, ...]:
        """Who supervises next year: those of the entries who are there, and the trainees who are like them."""
        listed = {fold(name) for name in self.pattern.dataset.educator_by_id}
        named: list[str] = []
        for entry in entries:
            key = self.pattern.names.key("Offers", "educators", entry)
            if key not in listed or key in there:
                named.append(entry)
            named += copies.get(key, ())
        return tuple(named)

    def _calendar(self, rounds: set[Round]) -> list[Row]:
        found = []
        for row in self.pattern.names.rows("Calendar"):
            moved, name = self.pattern.moved(row, self.year + 1), row.get("tranche")
            if name is not None:
                listed = self.pattern.names.find("tranche", name)
                try:
                    round_ = self.lines.of(listed)
                except KeyError:
                    continue
                ahead = Round(round_.line, round_.offset + self.year + 1)
                if ahead not in rounds:
                    continue
                moved = with_values(moved, {"tranche": self.lines.name(ahead)})
            found.append(moved)
        return found

    def _still_holds(self, row: Row, offers: set[str], educators: Collection[str]) -> bool:
        """Whether a decision is about requests that are still asked, and about nothing that is gone."""
        request = str(row.get("request") or "")
        asked = {request_key(request_of(r)) for r in self.next.requests}
        students = {fold(name) for name in self.next.asks}
        if not request or row.get("decision") in _GONE_BY or row.unreadable:
            return False
        if row.get("decision") in ("together", "apart"):
            return False
        if request_key(request) not in asked or student_of(request) not in students:
            return False
        offer, pe = row.get("offer"), row.get("pe")
        return (offer is None or fold(str(offer)) in offers) and (pe is None or fold(str(pe)) in educators)


_SETTLED: Mapping[str, Any] = {"readiness": "passed", "clearance": "passed", "ranked_offers": None, "stage": None}
"""What is known of every student a year later: readiness and clearance; ranks were of the offers that are over."""


def _with_page(register: Register, sheet: str, rows: Sequence[Row]) -> Register:
    """The register with other rows on a sheet."""
    emptied = with_rows(register, sheet, lambda _: None)
    return with_more(emptied, sheet, rows)
