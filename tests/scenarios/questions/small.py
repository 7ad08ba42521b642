"""The library of questions on a small partnership, each case solved once; numbers counted again from plans."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from allocator.reading.reader import register_of
from benchmarks.demonstration import generate
from models.base import Date
from models.dataset import Dataset
from models.plan import Plan
from scenarios.answers import Answer, answered
from scenarios.commands.choosing import library
from scenarios.expanding import cases_of
from scenarios.model import Measure, Scenario
from scenarios.running import Base, Bench, Solution

AGENCIES = frozenset(
    (
        "Achieving for Children", "Croydon Adults", "Croydon Children", "Merton Children", "Sutton Adults",
        "Wandsworth Children", "Schools Trust", "Older People's Charity", "Hospital Trust",
    )
)  # fmt: skip
"""Those whose offers are left, so that places are short."""
QUESTIONS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in library("questions")}


class Answered(NamedTuple):
    """A question with its answer and all that it came from, in the order of the cases."""

    answer: Answer
    solutions: tuple[Solution, ...]

    def of(self, case: str) -> Solution:
        """The solution of a case by name."""
        return next(s for s in self.solutions if s.result.case == case)


@cache
def bench() -> Bench:
    """A partnership of 44 students, 65 requests and 55 offers."""
    sheets = generate(scale=0.15, name="january-2022")
    runs = {row["offer"] for row in sheets["Published"]}
    sheets["Offers"] = [row for row in sheets["Offers"] if row["agency"] in AGENCIES or row["offer"] in runs]
    # One PE in four trains for stage 2, so that the question about trainees has some.
    for number, row in enumerate(r for r in sheets["Educators"] if r["qualification"] == "PEPS1"):
        row["qualification"] = "trainee_2" if number % 4 == 0 else "PEPS1"
    return Bench(Base("small", register_of(sheets), {}, Date(2021, 11, 15)))


@cache
def asked(name: str) -> Answered:
    """The answer to a question of the library."""
    scenario = QUESTIONS[name]
    solutions = tuple(bench().run(case) for case in cases_of(scenario, bench().base.register))
    return Answered(answered(scenario, "small", [s.result for s in solutions]), solutions)


class Recount:
    """Numbers counted from a plan and its dataset alone."""

    def __init__(self, plan: Plan, dataset: Dataset) -> None:
        self.plan, self.dataset = plan, dataset
        self.offer_of = {match.request: match.offer for match in plan.matches}
        self.pe_of = {match.request: match.pe for match in plan.matches}
        self.offers = {offer.offer: offer for offer in dataset.offers}
        self.students = {student.student: student for student in dataset.students}
        self.members = {a.agency for a in dataset.agencies if a.membership in ("primary", "secondary")}
        self.later = {t.tranche for t in dataset.tranches if t.status == "later"}
        self.days = {t.tranche: t.first_day for t in dataset.tranches}
        over = {p.request for p in dataset.published if p.standing == "over"}
        past = {t.tranche for t in dataset.tranches if t.status == "past"}
        self.live = [
            r for r in dataset.requests
            if r.found_by == "partnership" and r.request not in over and not self.students[r.student].withdrawn
            and r.tranche not in past
        ]  # fmt: skip

    def year_of(self, tranche: str) -> int:
        """Years begin in September."""
        day = self.days[tranche]
        return day.year if day.month >= 9 else day.year - 1

    def due(self, measure: Measure) -> list[str]:
        """The requests that a measure is about."""
        return [r.request for r in self.live if self._is_about(measure, r.request)]

    def _is_about(self, measure: Measure, name: str) -> bool:
        request = next(r for r in self.live if r.request == name)
        student = self.students[request.student]
        called = {"apprentice": "Apprentices", "step_up": "Step Up"}.get(student.scheme or "", student.programme)
        year = min(self.year_of(t.tranche) for t in self.dataset.tranches if t.status == "deciding")
        return not (
            (measure.stage and request.stage != measure.stage)
            or (measure.programmes and called not in measure.programmes)
            or (measure.scheme and student.scheme != measure.scheme)
            or (measure.due == "now" and request.tranche in self.later)
            or (measure.due == "year" and self.year_of(request.tranche) != year)
        )

    def number(self, measure: Measure) -> tuple[int, int]:
        """Part and whole of a measure that is of all."""
        due = self.due(measure)
        placed = [name for name in due if name in self.offer_of]
        finals = [name for name in due if "/final" in name]
        if measure.name == "placed":
            return len(placed), len(due)
        if measure.name == "students":
            who = {name.split("/")[0] for name in due}
            return len(who - {name.split("/")[0] for name in due if name not in self.offer_of}), len(who)
        if measure.name == "statutory_final":
            return sum(self._statutory(name) for name in finals), len(finals)
        if measure.name == "two_statutory":
            return sum(self._statutory(name) and self._first_is_statutory(name) for name in finals), len(finals)
        if measure.name == "first_band":
            # Requests that are not in their best band are counted by the tiers of the other bands.
            others = sum(t.value for t in self.plan.tiers if t.tier.startswith("preferences.band"))
            return len(placed) - others, len(due)
        return sum(self._judged(measure.name, name) for name in placed), len(placed)

    def _judged(self, measure: str, name: str) -> bool:
        pe = next((e for e in self.dataset.educators if e.pe == self.pe_of[name]), None)
        agency = self.offers[self.offer_of[name]].agency
        if measure == "partners":
            return agency in self.members
        if measure == "trainees":
            if pe is None:
                return "trainee" in str(self.pe_of[name]).split("@")[0]
            return pe.qualification in ("trainee_1", "trainee_2") and pe.qualifies_on is None
        employer = None if pe is None else pe.employed_by
        alone, consultant = employer == "independent", employer == "partnership"
        pool = pe is None and "@" in str(self.pe_of[name])
        outside = (pool and agency not in self.members) or (
            pe is not None and not alone and not consultant and employer not in self.members
        )
        return {
            "independents_alone": alone, "independents_and_consultants": alone or consultant,
            "independents_and_outside": alone or consultant or outside,
        }[measure]  # fmt: skip

    def _statutory(self, name: str) -> bool:
        return name in self.offer_of and self.offers[self.offer_of[name]].statutory_regulator in (
            "yes",
            "by_equivalence",
        )

    def _first_is_statutory(self, final: str) -> bool:
        student = final.split("/", maxsplit=1)[0]
        asked = [r.request for r in self.live if r.student == student and r.stage == "first"]
        if asked:
            return self._statutory(asked[-1])
        past = [
            h for h in self.dataset.history if h.student == student and h.stage == "first" and h.outcome == "passed"
        ]
        return bool(past) and past[-1].statutory_regulator in ("yes", "by_equivalence")

    def at_agencies(self, measure: Measure) -> dict[str, int]:
        """Placements by agency."""
        found: dict[str, int] = {}
        for name in self.due(measure):
            if name in self.offer_of:
                agency = self.offers[self.offer_of[name]].agency
                found[agency] = found.get(agency, 0) + 1
        return found
