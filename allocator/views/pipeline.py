"""The sheet PEPS pipeline: who qualifies when, who needs a student by when, who assesses whom, what is gained."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from allocator.terms.candidates import TRAINEES, is_current, known_qualification_on
from allocator.views.assessing import assessing
from allocator.views.blocks import Block, Grid, Heading, Text, Title
from allocator.views.educator_status import UNIVERSITY, is_away, stage_today, why_cannot_assess
from allocator.views.facts import Facts, day
from allocator.views.table import CellValue, Tone
from allocator.views.verdict import subtitle
from allocator.views.words import STAGES, counted, listed
from models.base import natural_key
from models.entities import Educator, Qualification, Tranche


class Trainee(NamedTuple):
    """A trainee: with which students in this plan, the first start, and whether that is in time (None: no need)."""

    educator: Educator
    students: tuple[str, ...]
    starts: date | None
    in_time: bool | None


class Qualifying(NamedTuple):
    """Somebody who is to qualify: what the PE is, becomes and when, and the students who begin before that day."""

    educator: Educator
    stage: Qualification
    becomes: Qualification
    on: date
    students: tuple[str, ...]


class Assessor(NamedTuple):
    """A practice assessor, the trainees who name it, those with a student in this plan, and what stands in the way."""

    assessor: str
    trainees: tuple[str, ...]
    with_student: tuple[str, ...]
    why_not: str


class Supply(NamedTuple):
    """PEs of one stage who can take a student on a tranche's first day, and who is why not.

    ``places``: students at once, loads together. ``qualified``: since today, or since the tranche before; ``gone``:
    left, withdrawn or away by then; ``lapsed``: not current by then, unless they have a student or a refresher before.
    """

    tranche: Tranche
    stage: str
    people: int
    places: int
    qualified: tuple[str, ...]
    gone: tuple[str, ...]
    lapsed: tuple[str, ...]


class Pipeline:
    """Trainees, assessors and supply to come.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.people = sorted(
            (e for e in facts.dataset.educators if e.withdrawn_from is None),
            key=lambda e: (natural_key(facts.agency_name(e.employed_by).casefold()), natural_key(e.pe)),
        )

    def qualifying(self) -> list[Qualifying]:
        """Who is to become something on a day that is stated, soonest first."""
        today = self.facts.as_of
        rows = []
        for educator in self.people:
            becomes, on = educator.becomes, educator.qualifies_on
            if becomes is not None and on is not None and (today is None or on > today):
                before = [m for m in self.facts.matches_of_pe.get(educator.pe, []) if m.start and m.start < on]
                stage = stage_today(self.facts, educator)
                rows.append(Qualifying(educator, stage, becomes, on, tuple(m.request for m in before)))
        return sorted(rows, key=lambda q: q.on)

    def trainees(self) -> list[Trainee]:
        """Every trainee; those who need a student soonest first."""
        rows = [self._trainee(e) for e in self.people if stage_today(self.facts, e) in TRAINEES]
        return sorted(rows, key=lambda t: (t.in_time is not False, t.educator.needs_student_by or date.max))

    def _trainee(self, educator: Educator) -> Trainee:
        matches = self.facts.matches_of_pe.get(educator.pe, [])
        starts = min((m.start for m in matches if m.start is not None), default=None)
        by = educator.needs_student_by
        in_time = None if by is None else starts is not None and starts <= by
        return Trainee(educator, tuple(m.request for m in matches), starts, in_time)

    def assessors(self) -> list[Assessor]:
        """Practice assessors by id, the university last, then trainees who name nobody."""
        named: dict[str | None, list[Trainee]] = {}
        for trainee in self.trainees():
            named.setdefault(trainee.educator.practice_assessor, []).append(trainee)
        order = sorted(named, key=lambda name: (name is None, name == UNIVERSITY, natural_key(name or "")))
        return [
            Assessor(
                name or "to be named",
                tuple(sorted((t.educator.pe for t in named[name]), key=natural_key)),
                tuple(sorted((t.educator.pe for t in named[name] if t.students), key=natural_key)),
                why_cannot_assess(self.facts, name),
            )
            for name in order
        ]

    def supply(self) -> list[Supply]:
        """PEPS2, then PEPS1, on the first day of each tranche of the horizon."""
        tranches = self.facts.horizon_tranches
        since = (self.facts.as_of, *(t.first_day for t in tranches))
        return [
            self._supply(tranche, stage, day)
            for tranche, day in zip(tranches, since, strict=False)
            for stage in ("PEPS2", "PEPS1")
        ]

    def _supply(self, tranche: Tranche, stage: str, since: date | None) -> Supply:
        first_day, months = tranche.first_day, self.facts.policy.currency_months
        of = [e for e in self.people if known_qualification_on(e, first_day) == stage and e.registered != "no"]
        gone = [e for e in of if (e.leaves_on is not None and e.leaves_on < first_day) or is_away(e, first_day)]
        lapsed = [e for e in of if e not in gone and not is_current(e, first_day, months)]
        there = [e for e in of if e not in gone and e not in lapsed]
        new = [e for e in there if since is not None and known_qualification_on(e, since) != stage]
        names = (tuple(e.pe for e in rows) for rows in (new, gone, lapsed))
        return Supply(tranche, stage, len(there), sum(int(e.load) for e in there), *names)


def pipeline_blocks(facts: Facts) -> Iterator[Block]:
    """The sheet PEPS pipeline.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    pipeline = Pipeline(facts)
    if not pipeline.people:
        return
    yield Title("PEPS pipeline", subtitle(facts))
    yield from _qualifying(facts, pipeline)
    yield from _trainees(facts, pipeline)
    yield from _assessors(pipeline)
    yield from _supply(facts, pipeline)


def _qualifying(facts: Facts, pipeline: Pipeline) -> Iterator[Block]:
    rows = pipeline.qualifying()
    dated = {q.educator.pe for q in rows}
    unsaid = sum(t.educator.pe not in dated for t in pipeline.trainees())
    yield Heading("Who qualifies when")
    body: list[list[CellValue]] = [
        [
            q.educator.pe,
            facts.agency_name(q.educator.employed_by),
            STAGES[q.stage],
            STAGES[q.becomes],
            day(q.on),
            listed(q.students, "none"),
        ]
        for q in rows
    ]
    if rows:
        headings = (("PE", 3), ("Agency", 6), ("Is", 3), ("Becomes", 3), ("On", 4), ("Students before that day", 5))
        yield Grid(headings, body, tones=["plain" if q.students else "warn" for q in rows])
    of_whom = f"Of {counted(unsaid, 'trainee')} nobody said when (Educators.qualifies_on)." if unsaid else ""
    yield Text(of_whom or ("Of every trainee the day is stated." if rows else "Nobody is to qualify."))


def _trainees(facts: Facts, pipeline: Pipeline) -> Iterator[Block]:
    rows = pipeline.trainees()
    yield Heading("Who needs a student by when")
    if not rows:
        yield Text("No trainee is listed.")
        return
    body: list[list[CellValue]] = []
    tones: list[Tone] = []
    for t in rows:
        late = "no student in time" if t.in_time is False else "in time" if t.in_time else "no day stated"
        body.append(
            [
                t.educator.pe,
                facts.agency_name(t.educator.employed_by),
                STAGES[t.educator.qualification],
                day(t.educator.needs_student_by),
                listed(t.students),
                day(t.starts),
                late,
            ]
        )
        tones.append("warn" if t.in_time is False else "plain")
    headings = (
        ("PE", 2), ("Agency", 5), ("Stage", 3), ("Needs a student by", 3), ("Students in this plan", 4), ("Starts", 3),
        ("", 4),
    )  # fmt: skip
    yield Grid(headings, body, tones=tones)
    late_ones = sum(t.in_time is False for t in rows)
    yield Text(
        f"{counted(late_ones, 'trainee gets', 'trainees get')} no student in time: without one nobody qualifies. "
        "A student in time is an aim of the plan (tier trainees)."
    )


def _assessors(pipeline: Pipeline) -> Iterator[Block]:
    rows = pipeline.assessors()
    if not rows:
        return
    yield Heading("Who assesses whom")
    load = assessing(pipeline.facts)
    over = {a.assessor for a in load.values() if a.is_over}
    body: list[list[CellValue]] = [
        [
            a.assessor,
            listed(a.trainees),
            listed(a.with_student, "none"),
            load[a.assessor].words if a.assessor in load else "",
            a.why_not,
        ]
        for a in rows
    ]
    headings = (
        ("Practice assessor", 4), ("Trainees", 7), ("With a student in this plan", 5), ("At once", 3),
        ("Cannot, since", 5),
    )  # fmt: skip
    yield Grid(headings, body, tones=["warn" if a.why_not or a.assessor in over else "plain" for a in rows])


def _supply(facts: Facts, pipeline: Pipeline) -> Iterator[Block]:
    rows = pipeline.supply()
    yield Heading("What each tranche has, and what the next one gains and loses")
    before: dict[str, Supply] = {}
    body: list[list[CellValue]] = []
    for s in rows:
        was = before.get(s.stage)
        gained = "" if was is None else f"{s.people - was.people:+d} PEs, {s.places - was.places:+d} students"
        body.append(
            [
                s.tranche.tranche,
                STAGES[s.stage],
                s.people,
                s.places,
                gained,
                listed(s.qualified),
                listed(s.gone),
                listed(s.lapsed),
            ]
        )
        before[s.stage] = s
    headings = (
        ("Tranche", 4), ("Stage", 2), ("PEs", 2), ("Students at once", 2), ("Against the tranche before", 4),
        ("Newly qualified", 4), ("Away or gone by then", 3), ("Lapsed by then", 3),
    )  # fmt: skip
    yield Grid(headings, body)
    yield Text(
        "On the first day of the tranche, registered PEs who are there and current; who has a student or a refresher "
        "before then does not lapse. Finals need a PEPS2, or a trainee with an assessor."
    )
