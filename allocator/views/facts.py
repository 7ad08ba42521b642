"""What a reader wants to know of a match beyond the plan: first placement, statutory, contrast, travel, preference.

Only for showing. The terms (live, first of a final, minutes, bands) are those of ``allocator.terms``.
"""

from datetime import date
from functools import cached_property
from typing import Literal

from allocator.eligibility.eligibility import Eligibility
from allocator.terms.candidates import TRAINEES, known_qualification_on
from allocator.terms.placement import is_statutory, sides_of
from allocator.terms.travel import Minutes
from allocator.views.words import CALENDAR_STEP, STAGES, is_to_be_named, rule_words, waiting_words
from models.base import natural_key
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Agency, CalendarEntry, Educator, History, Offer, Qualification, Request, Student, Tranche
from models.errors import Issue
from models.plan import Match, Plan, ProvisionalCode, Waiting
from models.policy import Policy
from models.reasons import Unplaced

Result = Literal["firm", "provisional", "not placed", "set aside", "found by employer", "ended", "later", "withdrawn"]
TO_PLACE: tuple[Result, ...] = ("firm", "provisional", "not placed", "set aside")
"""Of requests of the tranches being decided: those that are to be placed; the others need no place of this plan."""
PARTNERS = ("primary", "secondary")
APART = ("Step Up", "Apprentices")
"""Groups of students that every figure shows apart from BA and MSW."""


class Facts:
    """Dataset, policy and plan, with the lookups that every sheet needs.

    Parameters
    ----------
    dataset, policy, plan
        What was read, decided and planned.
    issues
        The problems of the input with their row numbers, as ``Reading`` holds them; default those of the dataset,
        which have none, so that the order of rows does not touch the plan.
    """

    def __init__(self, dataset: Dataset, policy: Policy, plan: Plan, issues: tuple[Issue, ...] = ()) -> None:
        if policy.as_of is None:
            policy = policy.model_copy(update={"as_of": plan.policy.as_of})
        self.dataset, self.policy, self.plan = dataset, policy, plan
        self.issues = issues or dataset.issues
        self.eligibility = Eligibility(dataset, policy)
        self.terms = self.eligibility.terms
        self.horizon = self.terms.horizon
        self.match_of: dict[str, Match] = {m.request: m for m in plan.matches}
        self.unplaced_of: dict[str, Unplaced] = {u.request: u for u in plan.unplaced}
        self.decision_by_id: dict[str, Decision] = {d.id: d for d in dataset.decisions}

    @property
    def as_of(self) -> date | None:
        """Today, for every figure of the report."""
        return self.policy.as_of

    @cached_property
    def shown(self) -> tuple[Request, ...]:
        """Requests of the horizon that the report lists: live, found by employers, and ended ones; by student."""
        return self._of_horizon(withdrawn=False)

    @cached_property
    def withdrawn(self) -> tuple[Request, ...]:
        """Requests of the horizon of students who have withdrawn: they are counted nowhere, and stay listed."""
        return self._of_horizon(withdrawn=True)

    def _of_horizon(self, *, withdrawn: bool) -> tuple[Request, ...]:
        tranches, students = self.dataset.tranche_by_id, self.dataset.student_by_id
        rows = [
            r
            for r in self.dataset.requests
            if tranches[r.tranche].status != "past" and students[r.student].withdrawn == withdrawn
        ]
        return tuple(sorted(rows, key=lambda r: (natural_key(r.student), r.stage == "final", r.attempt)))

    @cached_property
    def live_ids(self) -> frozenset[str]:
        """Ids of the live requests."""
        return frozenset(self.horizon.live_by_id)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The plan's matches of known requests and offers, sorted by request id."""
        known = [m for m in self.plan.matches if m.request in self.dataset.request_by_id and m.offer in self.offers]
        return tuple(sorted(known, key=lambda m: natural_key(m.request)))

    @cached_property
    def matches_of_offer(self) -> dict[str, list[Match]]:
        """Matches by offer, sorted by request id."""
        result: dict[str, list[Match]] = {}
        for match in self.matches:
            result.setdefault(match.offer, []).append(match)
        return result

    @cached_property
    def matches_of_pe(self) -> dict[str, list[Match]]:
        """Matches by PE, sorted by request id."""
        result: dict[str, list[Match]] = {}
        for match in self.matches:
            if match.pe is not None:
                result.setdefault(match.pe, []).append(match)
        return result

    @cached_property
    def unplaced(self) -> tuple[Request, ...]:
        """Live requests without a match: tranches being decided first, then by id."""
        rows = [r for r in self.shown if r.request in self.live_ids and r.request not in self.match_of]
        return tuple(sorted(rows, key=self.is_later))

    @cached_property
    def offers(self) -> dict[str, Offer]:
        """Offers by id."""
        return self.dataset.offer_by_id

    @cached_property
    def horizon_offers(self) -> tuple[Offer, ...]:
        """Offers of the horizon, sorted by agency, team and id."""
        tranches = self.dataset.tranche_by_id
        rows = [o for o in self.dataset.offers if tranches[o.tranche].status != "past"]
        return tuple(sorted(rows, key=lambda o: (o.agency.casefold(), o.team.casefold(), natural_key(o.offer))))

    @cached_property
    def horizon_tranches(self) -> tuple[Tranche, ...]:
        """Tranches that are not past, by first day."""
        return tuple(sorted((t for t in self.dataset.tranches if t.status != "past"), key=lambda t: t.first_day))

    @cached_property
    def deciding(self) -> tuple[Tranche, ...]:
        """Tranches being decided now, by first day."""
        return tuple(t for t in self.horizon_tranches if t.status == "deciding")

    def is_later(self, request: Request) -> bool:
        """Whether a request belongs to a tranche that is not being decided now."""
        return self.tranche(request).status != "deciding"

    def request(self, match: Match) -> Request:
        """The request of a match."""
        return self.dataset.request_by_id[match.request]

    def offer(self, match: Match) -> Offer:
        """The offer of a match."""
        return self.offers[match.offer]

    def student(self, request: Request) -> Student:
        """The student of a request."""
        return self.dataset.student_by_id[request.student]

    def tranche(self, request: Request) -> Tranche:
        """The tranche of a request."""
        return self.dataset.tranche_by_id[request.tranche]

    def educator(self, match: Match) -> Educator | None:
        """The listed PE of a match, if it has one."""
        return self.dataset.educator_by_id.get(match.pe or "")

    def agency_name(self, agency: str | None) -> str:
        """An agency as the meeting calls it."""
        known = self.dataset.agency_by_id.get(agency or "")
        return (known.name if known and known.name else agency) or ""

    def is_partner(self, agency: str) -> bool:
        """Whether an agency is a primary or secondary partner."""
        known: Agency | None = self.dataset.agency_by_id.get(agency)
        return known is not None and known.membership in PARTNERS

    def group(self, request: Request) -> str:
        """The programme in figures: apprentices and Step Up stand apart from BA and MSW."""
        student = self.student(request)
        if student.scheme == "apprentice":
            return "Apprentices"
        return "Step Up" if student.scheme == "step_up" else student.programme

    def is_provisional(self, match: Match) -> bool:
        """Whether a match waits for something."""
        return bool(match.waiting) or is_to_be_named(match)

    def result(self, request: Request) -> Result:
        """What became of a request, in one word."""
        match = self.match_of.get(request.request)
        if match is not None:
            return "provisional" if self.is_provisional(match) else "firm"
        if self.student(request).withdrawn:
            return "withdrawn"
        if request.found_by == "employer":
            return "found by employer"
        if request.request not in self.live_ids:
            return "ended"
        if request.set_aside:
            return "set aside"
        return "later" if self.is_later(request) else "not placed"

    def is_late(self, match: Match) -> bool:
        """Whether a placement starts after the first working day of its tranche."""
        first_day = self.terms.calendar.on_or_after(self.tranche(self.request(match)).first_day)
        return match.start is not None and match.start > first_day

    def is_statutory(self, row: Offer | History) -> bool:
        """Whether a placement is statutory by the test that counts."""
        return is_statutory(row, self.policy)

    def first_of(self, request: Request) -> Offer | History | None:
        """The first of a final: this plan's, else the latest that passed or still runs; None: none yet."""
        first = self.eligibility.first_of_final(request.request) if request.stage == "final" else None
        if not isinstance(first, Request):
            return first
        match = self.match_of.get(first.request)
        return self.offers.get(match.offer) if match else None

    def days_a_week(self, request: Request, offer: Offer) -> int | float:
        """How many days a week a match runs: the offer's, else the most that the request takes (SEMANTICS S2.2)."""
        pace = offer.days_a_week if offer.days_a_week is not None else request.days_a_week_most
        return int(pace) if pace == int(pace) else float(pace)

    def contrast(self, request: Request, offer: Offer) -> str:
        """How a final differs from the first: new area, other setting, another team (locked students), or not."""
        first = self.first_of(request)
        if request.stage != "final":
            return ""
        if first is None:
            return "not judged"
        words = []
        if first.areas and set(offer.areas) - set(first.areas):
            words.append("new area")
        if first.setting and offer.setting and first.setting != offer.setting:
            words.append("other setting")
        if self.policy.contrast == "directorate":
            before, here = sides_of(self.terms, first.areas), sides_of(self.terms, offer.areas)
            other = len(before) == 1 and "" not in before and bool(here - before - {""})
            alike = before == here and before in ({"adults"}, {"children"})
            words.insert(0, "other directorate" if other else "same directorate" if alike else "directorate not known")
        other_team = first.team is not None and (offer.agency, offer.team) != (first.agency, first.team)
        if not words and self.horizon.is_locked(request) and self.policy.locked_contrast_by_team and other_team:
            words.append("another team (locked)")
        return ", ".join(words) or ("same area and setting" if first.areas else "not recorded")

    def minutes(self, request: Request, offer: Offer) -> Minutes:
        """Minutes one way from home to the place, and how they are known."""
        return self.terms.minutes(request, offer)

    def preference(self, request: Request, offer: Offer) -> str:
        """The preference band of a match, with the choice that it meets."""
        student = self.student(request)
        band = self.eligibility.band(request.request, offer.offer)
        if self.terms.as_ranking(request).ranked_offers:
            ranked = any(offer.offer in tied for tied in student.ranked_offers)
            return f"choice {band} of {len(student.ranked_offers)}" if ranked else "not ranked"
        rank = next((n for n, area in enumerate(student.preferred_areas, 1) if area in offer.areas), None)
        area = "no area stated" if not student.preferred_areas else f"area choice {rank}" if rank else "no chosen area"
        return f"band {band}: {area}"

    def priority(self, request: Request) -> tuple[int, str]:
        """Weight of a request and why: the greatest reason counts, all are shown."""
        student = self.student(request)
        waiting, graduation, needs, repeat = self.policy.priority_weights
        reasons = [
            (waiting, "displaced", request.displaced),
            (waiting, "waiting", student.waiting_since is not None),
            (graduation, "graduation due", request.graduation_due),
            (
                needs,
                "needs or caring",
                bool(student.adjustments or student.limit_minutes is not None or student.caring),
            ),
            (repeat, "repeat", request.repeat),
        ]
        applying = [(weight, word) for weight, word, applies in reasons if applies]
        return max((w for w, _ in applying), default=0), ", ".join(word for _, word in applying)

    def step_date(self, request: Request, step: str) -> date | None:
        """Date of a Calendar step for the request's tranche."""
        found = self.step(request.tranche, step)
        return found.date if found else None

    def step(self, tranche: str, step: str) -> CalendarEntry | None:
        """A step of the Calendar for a tranche; None where it has no date."""
        return self._steps.get((tranche, step.casefold()))

    @cached_property
    def _steps(self) -> dict[tuple[str, str], CalendarEntry]:
        return {(c.tranche, c.step.casefold()): c for c in self.dataset.calendar}

    def waiting(self, match: Match) -> str:
        """What a match waits for, who has it and by when, a line each."""
        lines = [self._waiting_line(match, w) for w in match.waiting]
        if not lines and is_to_be_named(match):
            lines = [self._waiting_line(match, Waiting(code=ProvisionalCode.EDUCATOR))]
        return "\n".join(lines)

    def _waiting_line(self, match: Match, waiting: Waiting) -> str:
        step = CALENDAR_STEP.get(waiting.code)
        by = self.step_date(self.request(match), step) if step else None
        who = self.agency_name(waiting.who) or None
        return waiting_words(waiting.model_copy(update={"who": who})) + (f", by {day(by)}" if by else "")

    def stage(self, educator: Educator, day: date | None = None) -> Qualification:
        """What a listed PE is on a day, else on the day of the plan."""
        day = day or self.as_of
        return educator.qualification if day is None else known_qualification_on(educator, day)

    def assessor(self, match: Match) -> str:
        """Practice assessor of who is a trainee when the match starts; blank for others."""
        educator = self.educator(match)
        if educator is None or self.stage(educator, match.start) not in TRAINEES:
            return ""
        return educator.practice_assessor or "to be named"

    def exceptions(self, match: Match) -> str:
        """Exceptions that a match uses, and who made each; rules that it breaks and is kept despite."""
        lines = [self._exception(text) for text in match.exceptions]
        return "\n".join(lines + [f"kept despite {rule_words(rule)}" for rule in match.kept_despite])

    def _exception(self, text: str) -> str:
        decision = self.decision_by_id.get(text)
        if decision is None:
            return text
        value = f" {STAGES.get(decision.value, decision.value)}" if decision.value else ""
        return f"{decision.rule or decision.decision}{value} by {decision.by or 'not stated'} ({decision.id})"


def day(value: date | None) -> str:
    """A date as text: ``5 Jan 2026``."""
    return f"{value.day} {value:%b %Y}" if value else ""


def day_of_plan(facts: Facts) -> str:
    """The day that a plan holds dates against, as a sentence has it; somebody may read it on another."""
    return f"{day(facts.as_of)}, the day of the plan" if facts.as_of else "a day that is not stated"


def percent(part: int, whole: int) -> float | None:
    """Percentage, None of nothing."""
    return 100 * part / whole if whole else None
