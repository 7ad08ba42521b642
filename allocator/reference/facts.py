"""What the dataset says before any rule is judged: who is live, kept, fixed, first, and when a match would run.

Everything here is a definition of SEMANTICS S1, S2 or S3.0, in the reference's own words.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import ceil

from allocator.reference.dates import Window, WorkingDays
from models.base import Stage, natural_key
from models.dataset import Dataset
from models.decisions import Decision, DecisionKind
from models.entities import History, Offer, Published, Request, Statutory, Student
from models.policy import Policy
from models.statuses import OVER, UNDER_WAY

WHATEVER_THE_EDUCATOR = ("E01", "E04")
"""Rules whose exceptions hold for a pair even where they name a PE (S3.4)."""


class Facts:
    """A dataset under a policy, with the definitions that the rules are written in.

    Parameters
    ----------
    dataset
        Everything read.
    policy
        The settings; a blank ``as_of`` means the day of the run.
    """

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        self.policy = policy
        self.today = policy.as_of or date.today()
        closed_to_all = [c.date for c in dataset.closed_days if c.agency is None]
        self.working_days = WorkingDays([*dataset.bank_holidays, *closed_to_all])
        self._at_agency: dict[str, WorkingDays] = {}
        self._windows: dict[tuple[str, str], Window] = {}

    def working_days_at(self, agency: str) -> WorkingDays:
        """The working days of an agency: those of all, less the days on which it is closed (S2.1)."""
        if agency not in self._at_agency:
            closed = [c.date for c in self.dataset.closed_days if c.agency in (None, agency)]
            self._at_agency[agency] = WorkingDays([*self.dataset.bank_holidays, *closed])
        return self._at_agency[agency]

    @cached_property
    def horizon(self) -> frozenset[str]:
        """Tranches that are not past (S1.1)."""
        return frozenset(t.tranche for t in self.dataset.tranches if t.status != "past")

    @cached_property
    def live(self) -> tuple[Request, ...]:
        """Requests that are matched and counted, in natural order of id (S1.1)."""
        return tuple(sorted(filter(self._is_live, self.dataset.requests), key=lambda r: natural_key(r.request)))

    def _is_live(self, request: Request) -> bool:
        published = self.dataset.published_by_request.get(request.request)
        return (
            request.tranche in self.horizon
            and not self.student(request).withdrawn
            and request.found_by == "partnership"
            and (published is None or published.standing != "over")
        )

    @cached_property
    def live_ids(self) -> frozenset[str]:
        """Ids of the live requests."""
        return frozenset(r.request for r in self.live)

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """All offers, in natural order of id."""
        return tuple(sorted(self.dataset.offers, key=lambda o: natural_key(o.offer)))

    @cached_property
    def kept(self) -> dict[str, Published]:
        """Kept rows by live request (S1.4, S1.5), set aside or not (S8.4)."""
        return {
            r.request: row
            for r in self.live
            if (row := self.dataset.published_by_request.get(r.request)) is not None
            and row.standing == "kept"
            and row.offer in self.dataset.offer_by_id
        }

    @cached_property
    def fixes(self) -> dict[str, tuple[Decision, ...]]:
        """Decisions ``fix`` by live request that is not kept (S1.6); none where E16 is switched off."""
        found: dict[str, tuple[Decision, ...]] = {}
        if self.policy.on("E16"):
            for decision in self.decisions("fix"):
                if decision.request in self.live_ids and decision.request not in self.kept:
                    found[decision.request] = (*found.get(decision.request, ()), decision)
        return found

    @cached_property
    def _decisions(self) -> dict[str, tuple[Decision, ...]]:
        found: dict[str, tuple[Decision, ...]] = {}
        for d in self.dataset.decisions:
            found[d.decision] = (*found.get(d.decision, ()), d)
        return found

    def decisions(self, kind: DecisionKind) -> tuple[Decision, ...]:
        """All decisions of a kind, in the dataset's order."""
        return self._decisions.get(kind, ())

    @cached_property
    def measured(self) -> dict[tuple[str, str, str], int]:
        """Measured minutes by origin, destination and mode; of equal rows the first."""
        found: dict[tuple[str, str, str], int] = {}
        for row in self.dataset.travel:
            found.setdefault((row.origin, row.destination, row.mode), row.minutes)
        return found

    @cached_property
    def _exceptions(self) -> dict[tuple[str | None, str | None], tuple[Decision, ...]]:
        found: dict[tuple[str | None, str | None], tuple[Decision, ...]] = {}
        for d in self.decisions("exception"):
            found[d.rule, d.request] = (*found.get((d.rule, d.request), ()), d)
        return found

    def exceptions(self, rule: str, request: Request, offer: Offer, pe: str | None = None) -> tuple[Decision, ...]:
        """Exceptions that apply (S3.0): same rule and request; offer and PE blank or equal.

        For E01 and E04 an exception holds whatever the PE (S3.4).
        """
        return tuple(
            d
            for d in self._exceptions.get((rule, request.request), ())
            if d.offer in (None, offer.offer) and (rule in WHATEVER_THE_EDUCATOR or d.pe in (None, pe))
        )

    def student(self, request: Request) -> Student:
        """The student of a request."""
        return self.dataset.student_by_id[request.student]

    def ranking(self, request: Request) -> tuple[tuple[str, ...], ...]:
        """The ranked offers that bind a request: the student's, if one of them is of its stage and tranche (S3.12)."""
        ranked = self.student(request).ranked_offers
        names = {name for tie in ranked for name in tie}
        fitting = (o for o in self.dataset.offers if o.offer in names and o.tranche == request.tranche)
        return ranked if any(o.stage in ("either", request.stage) for o in fitting) else ()

    def histories(self, student: str) -> tuple[History, ...]:
        """History rows of a student, in the dataset's order."""
        return self.dataset.history_by_student.get(student, ())

    @cached_property
    def live_by_student(self) -> dict[str, dict[str, Request]]:
        """The live first and final of every student who has one (S1.3: at most one each)."""
        found: dict[str, dict[str, Request]] = {}
        for request in self.live:
            found.setdefault(request.student, {}).setdefault(request.stage, request)
        return found

    def recorded_first(self, student: str) -> History | Offer | None:
        """The first of a final unless one is live (S1.7): of those that passed and those that still run the latest.

        A running one whose team is that of some History row of a first is that row, and no second placement. Sorting
        is stable, so that of equal starts the last stays last: History in order, then what runs.
        """
        in_history = [h for h in self.histories(student) if h.stage == "first"]
        rows: list[tuple[date, History | Offer]] = []
        rows += [(h.start or date.min, h) for h in in_history if h.outcome == "passed"]
        for stage, offer, window in self._hosts_running.get(student, ()):
            if stage == "first" and all((h.agency, h.team) != (offer.agency, offer.team) for h in in_history):
                rows.append((window.start, offer))
        return sorted(rows, key=lambda row: row[0])[-1][1] if rows else None

    def teams_running(self, student: str) -> set[tuple[str, str]]:
        """Teams in which a placement of the student still runs, of whatever stage."""
        return {site for _, offer, _ in self._hosts_running.get(student, ()) for site in offer.sites}

    @cached_property
    def _hosts_running(self) -> dict[str, list[tuple[Stage, Offer, Window]]]:
        found: dict[str, list[tuple[Stage, Offer, Window]]] = {}
        for row, window in self.running:
            request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
            if request is not None and offer is not None:
                found.setdefault(request.student, []).append((request.stage, offer, window))
        return found

    def repeated(self, request: Request) -> tuple[History, ...]:
        """History rows that make a request a repeat: failed or ended early, same student and stage (S3.13)."""
        return tuple(
            h
            for h in self.histories(request.student)
            if h.stage == request.stage and h.outcome in ("failed", "ended_early")
        )

    def window(self, request: Request, offer: Offer) -> Window:
        """When a new match would run (S2.2).

        With d days at w days a week (the offer's, else the most that the request takes), the end is the
        ceil(5 d / w)-th working day from the start. Under an exception d is the greatest number that ends in time,
        from the days that it leaves up to all; where none does, the days that it leaves.
        """
        key = (request.request, offer.offer)
        if key not in self._windows:
            short = max((int(d.value or 0) for d in self.exceptions("E01", request, offer)), default=0)
            earliest = offer.earliest_start
            if request.earliest_start is not None:
                earliest = max(earliest, request.earliest_start)
            working_days = self.working_days_at(offer.agency)
            start = working_days.first_from(earliest)
            pace = Fraction(offer.days_a_week or request.days_a_week_most)
            lengths = range(max(request.days - short, 1), request.days + 1)
            ends = [working_days.nth(start, ceil(Fraction(5 * days) / pace)) for days in lengths]
            latest = min(offer.latest_end or date.max, request.latest_end or date.max)
            self._windows[key] = Window(start, max([ends[0], *(end for end in ends if end <= latest)]))
        return self._windows[key]

    def kept_window(self, request: Request, offer: Offer) -> Window:
        """When a kept match runs: its published dates, the computed ones where blank (S1.5)."""
        row = self.kept[request.request]
        computed = self.window(request, offer)
        return Window(row.start or computed.start, row.end or computed.end)

    @cached_property
    def running(self) -> tuple[tuple[Published, Window], ...]:
        """Placements of past tranches that go on (S1.8): published rows with the days that they take.

        Over for the plan, confirmed or started, by a student who has not withdrawn; a blank date is computed where
        request and offer are listed, and a row without both dates takes no room.
        """
        found: list[tuple[Published, Window]] = []
        for row in self.dataset.published:
            if row.standing == "over" and row.status in UNDER_WAY:
                request = self.dataset.request_by_id.get(row.request)
                offer = self.dataset.offer_by_id.get(row.offer)
                start, end = row.start, row.end
                if request is not None and self.student(request).withdrawn:
                    continue
                if request is not None and offer is not None:
                    computed = self.window(request, offer)
                    start, end = start or computed.start, end or computed.end
                if start is not None and end is not None:
                    found.append((row, Window(start, end)))
        return tuple(found)

    @cached_property
    def earlier(self) -> tuple[tuple[Published, date | None], ...]:
        """Placements that no plan decides and their academic year counts (S1.10), each with its first day, if known.

        Ended ones, and confirmed or started ones of requests that are not live.
        """
        found: list[tuple[Published, date | None]] = []
        for row in self.dataset.published:
            stands = row.status in UNDER_WAY and row.standing != "freed"
            if row.request not in self.live_ids and (stands or (row.status in OVER and row.standing == "over")):
                request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
                computed = self.window(request, offer).start if request is not None and offer is not None else None
                found.append((row, row.start or computed))
        return tuple(found)

    def running_at(self, agency: str, team: str | None = None) -> list[Window]:
        """Days that running placements take at an agency, or in one of its teams."""
        hosts = ((self.dataset.offer_by_id.get(row.offer), window) for row, window in self.running)
        return [w for o, w in hosts if o is not None and o.agency == agency and team in (None, o.team)]

    def is_statutory(self, place: Offer | History) -> bool:
        """Whether a placement is statutory by the flag that the policy names (S5.5)."""
        return self._flag(place) in ("yes", "by_equivalence")

    def is_not_statutory(self, place: Offer | History) -> bool:
        """Whether somebody said that a placement is not statutory by that flag; not known is not said (S5.5)."""
        return self._flag(place) == "no"

    def is_open(self, place: Offer | History) -> bool:
        """Whether nobody has said if a placement is statutory by that flag."""
        return not self.is_statutory(place) and not self.is_not_statutory(place)

    def _flag(self, place: Offer | History) -> Statutory:
        return place.statutory_regulator if self.policy.statutory_test == "regulator" else place.statutory_dfe

    def statutory_least(self, request: Request) -> int:
        """How many of the two placements of a request's student have to be statutory: 1 where the policy is silent."""
        return self.policy.statutory_least.get(self.student(request).programme, 1)

    def may_be_other_directorate(self, first: Offer | History, final: Offer) -> bool:
        """Whether a final may be in the other directorate (S5.6): not where every area of both is of the same one."""
        said = {w.word: w.meaning for w in self.dataset.words if w.list == "areas"}
        if not first.areas or not final.areas:
            return True
        return not any(
            all(said.get(area) == side for area in (*first.areas, *final.areas)) for side in ("adults", "children")
        )

    def counts(self, request: Request) -> bool:
        """Whether the tiers count a request: programmes left out are left out of all of them (S6.0)."""
        return self.student(request).programme not in self.policy.programmes_left_out

    @cached_property
    def counted(self) -> tuple[Request, ...]:
        """Live requests that the tiers count."""
        return tuple(r for r in self.live if self.counts(r))

    def is_partner(self, agency: str | None) -> bool:
        """Whether an agency is a primary or secondary member."""
        listed = self.dataset.agency_by_id.get(agency or "")
        return listed is not None and listed.membership in ("primary", "secondary")

    def is_no_partner_authority(self, agency: str | None) -> bool:
        """Whether an agency is said to be no member, or of another kind than authority (S5.9)."""
        listed = self.dataset.agency_by_id.get(agency or "")
        if listed is None:
            return False
        outside = "membership" not in listed.not_known and not self.is_partner(agency)
        return outside or listed.kind not in (None, "authority")

    @cached_property
    def has_published(self) -> bool:
        """Whether a published row is kept or in force (S5.11)."""
        return any(row.standing in ("kept", "in_force") for row in self.dataset.published)


def is_locked(request: Request) -> bool:
    """Whether a request has a lock (E08)."""
    return bool(request.locked_agencies or request.locked_authorities)


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two lists share a word."""
    return not frozenset(one).isdisjoint(other)
