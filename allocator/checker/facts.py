"""Dataset and policy as the checker looks things up: indexed once, nothing judged but who is live or kept (S1)."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeVar

from allocator.checker.held import Held, held_places
from allocator.checker.working_days import Window, WorkingDays
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Agency, Commitment, Educator, History, Offer, Published, Request, Statutory, Student
from models.plan import ForcedChanges
from models.policy import Policy
from models.statuses import OVER, UNDER_WAY

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
DECISION_FIELDS = ("request", "student", "offer", "pe", "agency", "team")


class Running(NamedTuple):
    """A placement that is no match of the plan any more, and still takes room."""

    row: Published
    request: Request | None
    offer: Offer | None
    window: Window


class Before(NamedTuple):
    """A placement outside the plan that counts in its academic year; ``start`` is None where nobody can say it."""

    row: Published
    request: Request | None
    offer: Offer | None
    start: date | None


class Facts:
    """What the rules read.

    ``today`` is the policy's ``as_of``; None where nobody said (reservations then hold). ``forced`` is what the plan
    says of the changes that events force: nobody but a solver can prove it.
    """

    def __init__(
        self, dataset: Dataset, policy: Policy, today: date | None, forced: ForcedChanges | None = None
    ) -> None:
        self.dataset = dataset
        self.policy = policy
        self.today = today
        self.forced = forced
        self._windows: dict[tuple[str, str], Window] = {}
        self._days_of: dict[str, WorkingDays] = {}
        self._reaching: dict[str, tuple[Educator, ...]] = {}
        self.estimates: dict[tuple[str, str, str], int | None] = {}
        """Minutes that were estimated, by start, goal and mode; None: they cannot be."""

    @cached_property
    def days(self) -> WorkingDays:
        """Working days, numbered from before everything that the dataset dates."""
        dated = [o.earliest_start for o in self.dataset.offers]
        dated += [p.start for p in self.dataset.published if p.start]
        shut = {c.date for c in self.dataset.closed_days if c.agency is None}
        return WorkingDays(shut.union(self.dataset.bank_holidays), min(dated, default=date(2000, 1, 3)))

    def days_of(self, agency: str) -> WorkingDays:
        """Working days of an agency, which may be closed on days of its own (S2.1)."""
        if agency not in self._days_of:
            shut = {c.date for c in self.dataset.closed_days if c.agency == agency}
            self._days_of[agency] = self.days.without(shut) if shut else self.days
        return self._days_of[agency]

    @cached_property
    def held(self) -> dict[str, Held]:
        """Places that are held, by offer."""
        return held_places(self.dataset.decisions)

    # ------------------------------------------------------------------------------------------------ requests (S1)
    @cached_property
    def horizon(self) -> frozenset[str]:
        """Tranches that are not past (S1.1)."""
        return frozenset(t.tranche for t in self.dataset.tranches if t.status != "past")

    @cached_property
    def live(self) -> dict[str, Request]:
        """Live requests by id (S1.1)."""
        return {r.request: r for r in self.dataset.requests if self._is_live(r)}

    def _is_live(self, request: Request) -> bool:
        row = self.dataset.published_by_request.get(request.request)
        student = self.dataset.student_by_id.get(request.student)
        return (
            request.tranche in self.horizon
            and student is not None
            and not student.withdrawn
            and request.found_by == "partnership"
            and (row is None or row.standing != "over")
        )

    @cached_property
    def live_by_student(self) -> dict[str, dict[str, Request]]:
        """Live requests by student and stage (S1.3: one of each)."""
        found: defaultdict[str, dict[str, Request]] = defaultdict(dict)
        for request in self.live.values():
            found[request.student][request.stage] = request
        return dict(found)

    @cached_property
    def kept(self) -> dict[str, Published]:
        """Published rows of kept matches (S1.4, S1.5), by request: live, not set aside, at a listed offer."""
        return {
            p.request: p
            for p in self.dataset.published
            if p.standing == "kept" and p.offer in self.dataset.offer_by_id and p.request in self.live
        }

    @cached_property
    def running(self) -> tuple[Running, ...]:
        """Placements of rounds before that still run (S1.8); those without a known beginning and end take no room."""
        found: list[Running] = []
        for row in self.dataset.published:
            request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
            left = request is not None and self.student(request).withdrawn
            if row.standing != "over" or row.status not in UNDER_WAY or left:
                continue
            start, end = row.start, row.end
            if request is not None and offer is not None:
                start, end = self.published_window(request, offer, row)
            if start is not None and end is not None:
                found.append(Running(row, request, offer, Window(start, end)))
        return tuple(found)

    @cached_property
    def before(self) -> tuple[Before, ...]:
        """Placements that ended, or are agreed and not the plan's to decide (S1.10)."""
        found: list[Before] = []
        for row in self.dataset.published:
            stands = row.standing == "over" if row.status in OVER else row.standing != "freed"
            if row.request in self.live or row.status not in (*OVER, *UNDER_WAY) or not stands:
                continue
            request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
            start = row.start
            if start is None and request is not None and offer is not None:
                start = self.window(request, offer).start
            found.append(Before(row, request, offer, start))
        return tuple(found)

    @cached_property
    def has_published(self) -> bool:
        """Whether a published row is kept or in force (S5.11)."""
        return any(p.standing in ("kept", "in_force") for p in self.dataset.published)

    def student(self, request: Request) -> Student:
        """The student of a request."""
        return self.dataset.student_by_id[request.student]

    def history(self, student: str) -> tuple[History, ...]:
        """A student's History rows."""
        return self.dataset.history_by_student.get(student, ())

    @cached_property
    def running_by_student(self) -> dict[str, list[tuple[Request, Running]]]:
        """What runs, of students whose request is listed."""
        return _grouped((r.request.student, (r.request, r)) for r in self.running if r.request is not None)

    @cached_property
    def running_by_agency(self) -> dict[str, list[Running]]:
        """What runs by agency, where the offer is listed."""
        return _grouped((r.offer.agency, r) for r in self.running if r.offer is not None)

    @cached_property
    def running_by_team(self) -> dict[tuple[str, str], list[Running]]:
        """What runs by agency and team, where the offer is listed."""
        return _grouped(((r.offer.agency, r.offer.team), r) for r in self.running if r.offer is not None)

    @cached_property
    def running_by_educator(self) -> dict[str, list[Running]]:
        """What runs by PE or pool, where one is published."""
        return _grouped((r.row.pe, r) for r in self.running if r.row.pe is not None)

    def first_before(self, student: str) -> History | Offer | None:
        """The latest first that passed or still runs (S1.7): a blank start is earliest, of equal ones the last.

        Where History has a row of stage first in the team of one that runs, that row speaks for it.
        """
        latest: History | Offer | None = None
        best = date.min
        teams = set()
        for row in self.history(student):
            if row.stage == "first":
                teams.add((row.agency, row.team))
                if row.outcome == "passed" and (row.start or date.min) >= best:
                    latest, best = row, row.start or date.min
        for request, running in self.running_by_student.get(student, ()):
            offer, start = running.offer, running.window.start
            is_first = request.stage == "first" and offer is not None and (offer.agency, offer.team) not in teams
            if is_first and start >= best:
                latest, best = offer, start
        return latest

    def ranked(self, request: Request) -> tuple[tuple[str, ...], ...]:
        """The student's ranked offers; none where the student ranks nothing that the request could have (S3.12)."""
        groups = self.student(request).ranked_offers
        for offer in (self.dataset.offer_by_id.get(name) for tied in groups for name in tied):
            if offer is not None and offer.stage in ("either", request.stage) and offer.tranche == request.tranche:
                return groups
        return ()

    @staticmethod
    def locked(request: Request) -> bool:
        """Whether the request has a lock of either kind."""
        return bool(request.locked_agencies or request.locked_authorities)

    def is_partner(self, agency: str) -> bool:
        """Whether an agency is a primary or secondary member."""
        entity: Agency | None = self.dataset.agency_by_id.get(agency)
        return entity is not None and entity.membership in ("primary", "secondary")

    def statutory_wanted(self, student: Student) -> int:
        """How many of a student's two placements have to be statutory (S5.5)."""
        return self.policy.statutory_least.get(student.programme, 1)

    @cached_property
    def directorates(self) -> dict[str, str | None]:
        """The meaning of every area on Lists."""
        return {w.word: w.meaning for w in self.dataset.words if w.list == "areas"}

    def is_statutory(self, placement: Offer | History) -> bool:
        """Statutory by the test that the policy names (S5.5)."""
        flag: Statutory = (
            placement.statutory_regulator if self.policy.statutory_test == "regulator" else placement.statutory_dfe
        )
        return flag in ("yes", "by_equivalence")

    def may_be_statutory(self, placement: Offer | History) -> bool:
        """Whether the flag that the policy names is not known, so that somebody is to be asked (S5.5)."""
        regulator = self.policy.statutory_test == "regulator"
        return (placement.statutory_regulator if regulator else placement.statutory_dfe) == "not_known"

    # ------------------------------------------------------------------------------------------------- windows (S2)
    def window(self, request: Request, offer: Offer) -> Window:
        """Window of request and offer alone (S2.2)."""
        key = (request.request, offer.offer)
        if key not in self._windows:
            earliest = offer.earliest_start
            if request.earliest_start is not None and request.earliest_start > earliest:
                earliest = request.earliest_start
            start = self.days_of(offer.agency).first_on_or_after(earliest)
            missing, end = 0, self._end(start, request, offer, 0)
            # An exception lets days be missing, and no more of them than the latest end asks for.
            while missing < self._may_be_short(request, offer) and self._is_late(end, request, offer):
                missing += 1
                end = self._end(start, request, offer, missing)
            self._windows[key] = Window(start, end)
        return self._windows[key]

    def _end(self, start: date, request: Request, offer: Offer, missing: int) -> date:
        """The n-th working day, n = ceil(5 d / days a week), exactly; a placement takes at least one day."""
        pace = Fraction(request.days_a_week_most if offer.days_a_week is None else offer.days_a_week)
        return self.days_of(offer.agency).counted_from(start, max(1, math.ceil(5 * (request.days - missing) / pace)))

    def _may_be_short(self, request: Request, offer: Offer) -> int:
        found = self.exceptions("E01", request.request, offer.offer, None)
        return max((int(x.value or 0) for x in found), default=0)

    @staticmethod
    def _is_late(end: date, request: Request, offer: Offer) -> bool:
        return any(latest is not None and end > latest for latest in (offer.latest_end, request.latest_end))

    def published_window(self, request: Request, offer: Offer, row: Published) -> Window:
        """Window of a kept match: the published dates, each blank one computed (S1.5)."""
        computed = self.window(request, offer)
        return Window(row.start or computed.start, row.end or computed.end)

    # --------------------------------------------------------------------------------------------------- decisions
    @cached_property
    def _exceptions(self) -> dict[tuple[str, str], list[Decision]]:
        found = (d for d in self.dataset.decisions if d.decision == "exception")
        return _grouped(((d.rule, d.request), d) for d in found if d.rule and d.request)

    def exceptions(self, rule: str, request: str, offer: str, pe: str | None) -> list[Decision]:
        """Exceptions that apply (S3.0). ``pe`` None: whatever the PE (E01, E04, and pairs judged without a PE)."""
        return [
            x
            for x in self._exceptions.get((rule, request), ())
            if x.offer in (None, offer) and (pe is None or x.pe in (None, pe))
        ]

    @cached_property
    def agency_answers(self) -> dict[tuple[str, str], str]:
        """What agencies decided, by request and agency (S3.6)."""
        return {
            (d.request, d.agency): d.value
            for d in self.dataset.decisions
            if d.decision == "agency_decision" and d.request and d.agency and d.value
        }

    @cached_property
    def _declined(self) -> dict[str, list[Decision]]:
        found: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in self.dataset.decisions:
            if decision.decision == "declined":
                request = self.dataset.request_by_id.get(decision.request or "")
                student = decision.student or (request.student if request else None)
                if student is not None:
                    found[student].append(decision)
        return dict(found)

    def declined(self, student: str) -> list[Decision]:
        """Decisions ``declined`` about a student (S3.11)."""
        return self._declined.get(student, [])

    @cached_property
    def _forbidden(self) -> dict[tuple[str, str], list[Decision]]:
        """``do_not_match`` by its first filled field, so that a pair looks at few of them."""
        found: defaultdict[tuple[str, str], list[Decision]] = defaultdict(list)
        for decision in self.dataset.decisions:
            if decision.decision == "do_not_match":
                field = next((f for f in DECISION_FIELDS if getattr(decision, f) is not None), "")
                found[field, getattr(decision, field) if field else ""].append(decision)
        return dict(found)

    def forbidden(self, request: Request, offer: Offer, pe: str | None) -> Iterator[Decision]:
        """Decisions ``do_not_match`` whose filled fields all match (S3.11); those that name a PE only with ``pe``."""
        told: set[str] = set()
        for agency, team in offer.sites:
            ids = {
                "request": request.request, "student": request.student, "offer": offer.offer, "pe": pe,
                "agency": agency, "team": team, "": "",
            }  # fmt: skip
            for field, value in ids.items():
                for decision in self._forbidden.get((field, value), ()) if value is not None else ():
                    matches = all(getattr(decision, f) in (None, ids[f]) for f in DECISION_FIELDS)
                    if matches and decision.id not in told:
                        told.add(decision.id)
                        yield decision

    # ------------------------------------------------------------------------------------------------ travel, reach
    @cached_property
    def travel(self) -> dict[tuple[str, str, str], int]:
        """Measured minutes by origin, destination and mode."""
        return {(t.origin, t.destination, t.mode): t.minutes for t in self.dataset.travel}

    @cached_property
    def _by_employer(self) -> dict[str, list[Educator]]:
        return _grouped((e.employed_by, e) for e in self.dataset.educators)

    @cached_property
    def _by_served(self) -> dict[str, list[Educator]]:
        return _grouped((served, e) for e in self.dataset.educators for served in e.serves)

    def near(self, offer: Offer) -> tuple[Educator, ...]:
        """Listed educators who might reach an offer: employed by its agency, or serving its agency or place."""
        if offer.offer not in self._reaching:
            near = {e.pe: e for e in self._by_employer.get(offer.agency, ())}
            for served in (offer.agency, offer.place):
                near.update({e.pe: e for e in self._by_served.get(served or "", ())})
            self._reaching[offer.offer] = tuple(near.values())
        return self._reaching[offer.offer]

    def lists_educators(self, agency: str) -> bool:
        """Whether Educators has somebody of an agency, there or gone, or in a row that could not be used (S4.1)."""
        listed = self.dataset.agency_by_id.get(agency)
        return agency in self._by_employer or (listed is not None and listed.educators_set_aside)

    @cached_property
    def pool_ids(self) -> frozenset[str]:
        """Ids of all pools that any offer might have (S4.1, S4.2)."""
        listed = {e.pool_id(o.offer) for o in self.dataset.offers for e in o.educators if e.kind != "named"}
        return frozenset(listed | {f"TBC@{o.offer}" for o in self.dataset.offers})

    # ------------------------------------------------------------------------------------------------- commitments
    @cached_property
    def agency_commitments(self) -> dict[str, list[Commitment]]:
        """Commitments by agency, its teams' included (S5.2)."""
        return _grouped((c.agency, c) for c in self.dataset.commitments if c.pe is None and c.agency is not None)

    @cached_property
    def team_commitments(self) -> dict[tuple[str, str], list[Commitment]]:
        """Commitments by agency and team."""
        taken = (c for c in self.dataset.commitments if c.pe is None)
        return _grouped(((c.agency, c.team), c) for c in taken if c.agency is not None and c.team is not None)

    @cached_property
    def educator_commitments(self) -> dict[str, list[Commitment]]:
        """Commitments by PE."""
        return _grouped((c.pe, c) for c in self.dataset.commitments if c.pe is not None)


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Values by key, in their order."""
    found: defaultdict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
