"""Where former students work (sheet Outcomes): by where they were placed, and who has stayed; posts and internships."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import NamedTuple

from allocator.views.blocks import GRID, Block, Grid, Heading, Text, Title
from allocator.views.facts import PARTNERS, Facts, day
from allocator.views.share import Share
from allocator.views.table import CellValue
from allocator.views.verdict import subtitle
from allocator.views.withheld import TOTAL, WITHHELD, Key, with_totals, withheld
from allocator.views.words import counted, listed
from allocator.views.year import Year
from models.base import natural_key
from models.entities import Agency, Employment
from models.plan import Match

OUTSIDE, NOT_RECORDED = "no partner", "not recorded"


class Former(NamedTuple):
    """A former student: where the final was, the first job, and the one of today (None: nobody noted one)."""

    student: str
    placed: str
    first: Employment
    today: Employment | None


class Internships(NamedTuple):
    """An agency's places for interns, who has one, and who wants one. Students choose: no plan gives them away."""

    agency: str
    places: int | None
    interns: int
    first_choices: int
    choices: int


class Owed(NamedTuple):
    """Interns of an agency: their finals are there. ``owed``: an interview, since no job is noted yet."""

    agency: str
    interns: tuple[str, ...]
    employed_there: int
    owed: tuple[tuple[str, date | None], ...]


class Posts(NamedTuple):
    """An agency's newly qualified posts a year beside its finals of the year and its teams' vacancies."""

    agency: str
    posts: int | None
    finals: int
    vacancies: int | None


class Outcomes:
    """Former students, interns and posts.

    Parameters
    ----------
    year
        The academic year of a plan.
    """

    def __init__(self, year: Year) -> None:
        self.year, self.facts = year, year.facts

    @cached_property
    def former(self) -> list[Former]:
        """Every former student of the sheet Outcomes, by id."""
        jobs: dict[str, list[Employment]] = {}
        for job in self.facts.dataset.outcomes:
            jobs.setdefault(job.student, []).append(job)
        return [self._former(student, rows) for student, rows in jobs.items()]

    def _former(self, student: str, jobs: list[Employment]) -> Former:
        today = self.facts.as_of or date.max
        now = [j for j in jobs if (j.first_day or today) <= today and (j.last_day is None or j.last_day >= today)]
        return Former(student, self.placed_at(student), jobs[0], now[-1] if now else None)

    def placed_at(self, student: str) -> str:
        """The agency of a student's final: the plan's or a published one, else the latest that passed."""
        match = self._finals.get(student)
        if match is not None:
            return match
        rows = [
            h
            for h in self.facts.dataset.history_by_student.get(student, ())
            if h.stage == "final" and h.outcome == "passed" and h.agency is not None
        ]
        latest = max(rows, key=lambda h: h.start or date.min, default=None)
        return latest.agency if latest is not None and latest.agency else NOT_RECORDED

    @cached_property
    def _finals(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for request in sorted(self.facts.dataset.requests, key=lambda r: r.attempt):
            match = self.year.match(request) if request.stage == "final" else None
            if match is not None:
                found[request.student] = self.facts.offers[match.offer].agency
        return found

    def employed(self) -> dict[Key, int]:
        """Former students by agency of the final and first employer; employers that are no partner are one."""
        return Counter((self._name(f.placed), self._employer(f.first)) for f in self.former)

    def retained(self) -> dict[Key, int]:
        """Of :meth:`employed`, those who are with the same employer today."""
        return Counter(
            (self._name(f.placed), self._employer(f.first))
            for f in self.former
            if f.today is not None and f.today.employer == f.first.employer
        )

    def _name(self, agency: str) -> str:
        if agency == NOT_RECORDED:
            return NOT_RECORDED
        return self.facts.agency_name(agency) if self.facts.is_partner(agency) else OUTSIDE

    def _employer(self, job: Employment) -> str:
        return self.facts.agency_name(job.employer) if self.facts.is_partner(job.employer) else OUTSIDE

    def recruited(self) -> Share:
        """Former students whose first employer is a partner."""
        return Share(sum(self.facts.is_partner(f.first.employer) for f in self.former), len(self.former))

    def stayed(self) -> Share:
        """Former students whom a partner employed first, and who are there today."""
        of = [f for f in self.former if self.facts.is_partner(f.first.employer)]
        return Share(sum(f.today is not None and f.today.employer == f.first.employer for f in of), len(of))

    def where_placed(self) -> Share:
        """Former students whose first employer is the agency of their final."""
        of = [f for f in self.former if f.placed != NOT_RECORDED]
        return Share(sum(f.first.employer == f.placed for f in of), len(of))

    @cached_property
    def partners(self) -> list[Agency]:
        """Partners by name."""
        found = [a for a in self.facts.dataset.agencies if a.membership in PARTNERS]
        return sorted(found, key=lambda a: natural_key(self.facts.agency_name(a.agency).casefold()))

    def owed(self) -> list[Owed]:
        """Interviews owed to interns, by the agency of their finals; agencies without interns are left out."""
        jobs = {f.student: f for f in self.former}
        interns: dict[str, list[str]] = {}
        for student in self.facts.dataset.students:
            agency = self.placed_at(student.student)
            if student.scheme == "intern" and not student.withdrawn and agency != NOT_RECORDED:
                interns.setdefault(agency, []).append(student.student)
        found = []
        for agency in sorted(interns, key=natural_key):
            waiting = tuple((s, self._end_of_final(s)) for s in interns[agency] if s not in jobs)
            there = sum(s in jobs and jobs[s].first.employer == agency for s in interns[agency])
            found.append(Owed(agency, tuple(interns[agency]), there, waiting))
        return found

    def _end_of_final(self, student: str) -> date | None:
        ends = [
            m.end
            for r in self.facts.dataset.requests
            if r.student == student and r.stage == "final" and (m := self.year.match(r)) is not None
        ]
        return ends[-1] if ends else None

    def internships(self) -> list[Internships]:
        """Places for interns beside who chooses them, of every agency that has either."""
        students = [s for s in self.facts.dataset.students if not s.withdrawn]
        choosing = [s.intern_choices for s in students if s.intern_choices]
        holding = Counter(
            self.facts.offers[m.offer].agency
            for m in self._one_a_student()
            if self.facts.student(self.facts.request(m)).scheme == "intern"
        )
        found = []
        for agency in sorted(self.facts.dataset.agencies, key=lambda a: natural_key(a.agency)):
            name = agency.agency
            first = sum(choice[0] == name for choice in choosing)
            every = sum(name in choice for choice in choosing)
            if agency.internships is not None or every or holding[name]:
                found.append(Internships(name, agency.internships, holding[name], first, every))
        return found

    def _one_a_student(self) -> list[Match]:
        """The year's placements, the latest of each student."""
        latest: dict[str, Match] = {}
        for match in sorted(self.year.placements, key=lambda m: m.start or date.min):
            latest[self.facts.request(match).student] = match
        return list(latest.values())

    def posts(self) -> list[Posts]:
        """Partners' newly qualified posts beside the year's finals there."""
        finals = Counter(
            self.facts.offer(m).agency for m in self.year.placements if self.facts.request(m).stage == "final"
        )
        found = []
        for agency in self.partners:
            said = [t.vacancies for t in self.facts.dataset.teams if t.agency == agency.agency]
            known = [v for v in said if v is not None]
            found.append(Posts(agency.agency, agency.nqsw_posts, finals[agency.agency], sum(known) if known else None))
        return found


def outcome_blocks(facts: Facts) -> Iterator[Block]:
    """The sheet Outcomes.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    outcomes = Outcomes(Year(facts))
    if not (outcomes.former or outcomes.internships() or outcomes.owed() or any(map(_says_posts, outcomes.posts()))):
        return
    yield Title("Outcomes", subtitle(facts))
    yield from _matrix(facts, outcomes)
    yield from _posts(facts, outcomes)
    yield from _interns(facts, outcomes)


def _matrix(facts: Facts, outcomes: Outcomes) -> Iterator[Block]:
    smallest = facts.policy.smallest_group
    yield Heading("Where former students work, by where their final was")
    if not outcomes.former:
        yield Text("Nobody is on the sheet Outcomes (student, employer, from, until).")
        return
    counts = outcomes.employed()
    table, stayed = with_totals(counts), with_totals(outcomes.retained())
    hidden = withheld(counts, smallest)
    rows = [*_ordered({row for row, _ in counts}), TOTAL]
    columns = [*_ordered({column for _, column in counts}), TOTAL]
    body = [[row, *(_cell((row, column), table, stayed, hidden) for column in columns)] for row in rows]
    for start in range(0, len(columns), COLUMNS):
        part = columns[start : start + COLUMNS]
        width = (GRID - 6) // len(part)
        headings = [("Final placed at", GRID - width * len(part)), *((name, width) for name in part)]
        yield Grid(headings, [[row[0], *row[1 + start : 1 + start + COLUMNS]] for row in body], total=True)
    yield Text(
        f"First employer, with how many are there still. Groups under {smallest} are withheld, and as many others as "
        "it takes that none of them follows from a total; nobody is shown as 0. Employers and agencies that are no "
        "partner are one."
    )
    shares = (
        ("First employed by a partner", outcomes.recruited()),
        ("First employed where the final was", outcomes.where_placed()),
        ("Of those whom a partner employed first, there still", outcomes.stayed()),
    )
    yield Grid(
        (("Of all", 14), ("Share", 10)),
        [[words, WITHHELD if 0 < s.whole < smallest else s.words] for words, s in shares],
    )


COLUMNS = 6
"""Employers beside each other; more go below."""


def _ordered(names: set[str]) -> list[str]:
    return sorted(names, key=lambda n: (n in (OUTSIDE, NOT_RECORDED), natural_key(n.casefold())))


def _cell(key: Key, table: dict[Key, int], stayed: dict[Key, int], hidden: frozenset[Key]) -> str:
    if key in hidden:
        return WITHHELD
    number = table.get(key, 0)
    return f"{number}, {stayed.get(key, 0)} still" if number else "0"


def _posts(facts: Facts, outcomes: Outcomes) -> Iterator[Block]:
    rows = outcomes.posts()
    yield Heading(f"Newly qualified posts beside finals, {outcomes.year.words}")
    if not any(map(_says_posts, rows)):
        yield Text("No partner states its newly qualified posts (Agencies.nqsw_posts) or vacancies (Teams.vacancies).")
        return
    body: list[list[CellValue]] = [
        [facts.agency_name(p.agency), _stated(p.posts), p.finals, _stated(p.vacancies)] for p in rows
    ]
    posts, vacancies = (
        sum(v or 0 for v in column) for column in ([p.posts for p in rows], [p.vacancies for p in rows])
    )
    body.append(["All partners", posts, sum(p.finals for p in rows), vacancies])
    headings = (("Partner", 9), ("Newly qualified posts a year", 5), ("Finals of the year there", 5), ("Vacancies", 5))
    yield Grid(headings, body, total=True)
    due = len(outcomes.year.finals_due)
    silent = sum(p.posts is None for p in rows)
    unstated = f"; {counted(silent, 'partner states', 'partners state')} none" if silent else ""
    yield Text(
        f"{counted(due, 'student is', 'students are')} due a final in the year, of all programmes, for "
        f"{counted(posts, 'post')}{unstated}."
    )


def _says_posts(row: Posts) -> bool:
    return row.posts is not None or row.vacancies is not None


def _stated(value: int | None) -> CellValue:
    return "not stated" if value is None else value


def _interns(facts: Facts, outcomes: Outcomes) -> Iterator[Block]:
    yield Heading("Internships: places, and who chooses them")
    rows: list[list[CellValue]] = [
        [facts.agency_name(i.agency), _stated(i.places), i.interns, _left(i), i.first_choices, i.choices]
        for i in outcomes.internships()
    ]
    headings = (("Agency", 8), ("Places", 3), ("Interns now", 3), ("Left", 2), ("First choice of", 4), ("Choice of", 4))
    if rows:
        yield Grid(headings, rows)
        yield Text("Students choose (Students.intern_choices) and agencies interview: no plan gives these places away.")
    else:
        yield Text("No agency states internships (Agencies.internships), and no student chooses one.")
    yield Heading("Interviews owed to interns, by agency: for the team")
    owed = outcomes.owed()
    if not owed:
        yield Text("No intern has a final at an agency.")
        return
    body: list[list[CellValue]] = [
        [
            facts.agency_name(o.agency),
            len(o.interns),
            o.employed_there,
            len(o.owed),
            listed(f"{student}" + (f" (final ends {day(end)})" if end else "") for student, end in o.owed),
        ]
        for o in owed
    ]
    yield Grid((("Agency", 6), ("Interns", 2), ("Employed there", 3), ("Owed", 2), ("To whom", 11)), body)


def _left(row: Internships) -> CellValue:
    return "" if row.places is None else row.places - row.interns
