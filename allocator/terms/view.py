"""A block of requests against all offers, so that rules can be written as plain predicates and run vectorised.

A rule says which facts of request and offer it looks at; each distinct combination of facts is judged once and the
answer is spread over the block. Rules that concern few offers of one student mark those directly.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.terms.calendar import Window, WorkingCalendar
from allocator.terms.company import Company
from allocator.terms.decisions import DecisionBook
from allocator.terms.holds import Holds
from allocator.terms.horizon import Horizon
from allocator.terms.running import Running, recorded_first, running
from allocator.terms.travel import Minutes, Origin, Travel, of_all_sites
from models.base import Date
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import History, Offer, Request, Student, TeamKey
from models.policy import Policy

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)
Mask = NDArray[np.bool_]
"""Shape (requests of the block, offers); True where a rule excludes the pair."""


class Terms:
    """What every rule may look up: dataset, policy, calendar, travel, decisions, horizon."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        self.policy = policy
        self.calendar = WorkingCalendar(dataset.bank_holidays, dataset.closed_days)
        self.travel = Travel(dataset, policy)
        self.decisions = DecisionBook(dataset)
        self.holds = Holds(dataset)
        self.horizon = Horizon(dataset, policy)
        self.company = Company(dataset, self.travel)
        self.as_of: Date = policy.as_of or Date.today()

    @cached_property
    def directorate_of(self) -> dict[str, str]:
        """The directorate of every area whose meaning on Lists is one: ``adults`` or ``children``."""
        areas = (w for w in self.dataset.words if w.list == "areas")
        return {w.word: w.meaning for w in areas if w.meaning in ("adults", "children")}

    def student(self, request: Request) -> Student:
        """The student of a request."""
        return self.dataset.student_by_id[request.student]

    def as_ranking(self, request: Request) -> Student:
        """The student of a request; without the ranked offers where none of them could be the request's (S3.12)."""
        student, offers = self.student(request), self.dataset.offer_by_id
        ranked = (offers[o] for tied in student.ranked_offers for o in tied if o in offers)
        if any(o.tranche == request.tranche and o.stage in ("either", request.stage) for o in ranked):
            return student
        return student.model_copy(update={"ranked_offers": ()}) if student.ranked_offers else student

    def window(self, request: Request, offer: Offer) -> Window:
        """Window of a pair, exceptions to E01 included."""
        return self.calendar.window(request, offer, self.decisions.days_short(request, offer))

    @cached_property
    def running(self) -> tuple[Running, ...]:
        """Placements of rounds before that are still running (S1.8)."""
        return running(self.dataset, self.window)

    @cached_property
    def running_of(self) -> dict[str, tuple[Running, ...]]:
        """The same by student, where the student is known."""
        found: dict[str, tuple[Running, ...]] = {}
        for r in self.running:
            if r.student is not None:
                found[r.student] = (*found.get(r.student, ()), r)
        return found

    def recorded_first(self, student: str) -> History | Offer | None:
        """The first of a student without a live one (S1.7): of History, or where it still runs; None: not recorded."""
        return recorded_first(self.dataset.history_by_student.get(student, ()), self.running_of.get(student, ()))

    def journeys(self, request: Request, offer: Offer) -> tuple[Minutes, ...]:
        """Minutes of a pair to each site of the offer, the lead first."""
        student = self.student(request)
        return tuple(self.travel.minutes(student.home, student.mode, place) for place in _places(offer))

    def minutes(self, request: Request, offer: Offer) -> Minutes:
        """Minutes of a pair: the greatest over lead and spokes."""
        return of_all_sites(self.journeys(request, offer))

    def travel_limit(self, request: Request, offer: Offer | None = None) -> int | None:
        """The limit of E04 for a pair, in minutes; None is no limit (S3.4). Without an offer: before exceptions."""
        own = self.student(request).limit_minutes
        limits = [] if own is None else [own]
        if not self.horizon.is_locked(request):
            limits.append(self.policy.travel_limit)
        if not limits:
            return None
        if offer is None:
            return min(limits)
        raised = [int(d.value or 0) for d in self.decisions.exceptions("E04", request.request, offer.offer)]
        return max([min(limits), *raised])

    def to_be_measured(self, request: Request, offer: Offer) -> bool:
        """Whether an estimate lies beyond the limit, or nothing is known, so that somebody has to measure (S3.4)."""
        if not self.policy.on("E04"):
            return False
        limit = self.travel_limit(request, offer)
        return any(
            j.minutes is None or (limit is not None and j.kind == "estimated" and j.minutes > limit)
            for j in self.journeys(request, offer)
        )

    def agency_answer(self, request: Request, agency: str) -> str:
        """An agency's answer about this student: a decision, else what the agency asks for (S3.6)."""
        answer = self.decisions.answers.get((request.request, agency))
        if answer is not None:
            return answer
        listed = self.dataset.agency_by_id.get(agency)
        return "to_ask" if listed is not None and listed.asks_decision else "not_needed"

    def agencies_to_ask(self, request: Request, offer: Offer) -> tuple[str, ...]:
        """Agencies of the offer's sites whose answer is still wanted."""
        agencies = dict.fromkeys(agency for agency, _ in offer.sites)
        return tuple(a for a in agencies if self.agency_answer(request, a) == "to_ask")

    def broken_rows(self, request: Request) -> list[History]:
        """History rows of this stage that failed or ended early ("those rows", S3.13)."""
        rows = self.dataset.history_by_student.get(request.student, ())
        return [h for h in rows if h.stage == request.stage and h.outcome in ("failed", "ended_early")]

    def is_repeat(self, request: Request) -> bool:
        """Whether E18 judges this request as a repeat (S3.13)."""
        return request.repeat or bool(self.broken_rows(request))

    def declined_by(self, request: Request) -> list[Decision]:
        """Decisions ``declined`` about this request's student (S3.11)."""
        requests = self.dataset.request_by_id
        return [
            d
            for d in self.decisions.declined
            if (d.student or (requests[d.request].student if d.request in requests else None)) == request.student
        ]


class Journeys(NamedTuple):
    """Minutes of pairs over all sites of the offer (shape: requests x offers).

    ``minutes`` is the greatest, -1 where one is unknown; ``measured`` and ``estimated`` the greatest of those, -1
    where there is none.
    """

    minutes: NDArray[np.int32]
    measured: NDArray[np.int32]
    estimated: NDArray[np.int32]


class PairView:
    """A block of requests against offers (all of the dataset, unless some are given)."""

    def __init__(self, terms: Terms, requests: Sequence[Request], offers: Sequence[Offer] | None = None) -> None:
        self.terms = terms
        self.requests = requests
        self.offers = terms.dataset.offers if offers is None else offers
        self.shape = len(self.requests), len(self.offers)

    @cached_property
    def at_team(self) -> dict[TeamKey, list[int]]:
        """Indexes of the offers of each team."""
        return _indexes((o.agency, o.team) for o in self.offers)

    @cached_property
    def at_site(self) -> dict[TeamKey, list[int]]:
        """Indexes of the offers with a site, the lead or a spoke, in each team."""
        return _indexes_of_all(set(o.sites) for o in self.offers)

    @cached_property
    def at_site_agency(self) -> dict[str, list[int]]:
        """Indexes of the offers with a site at each agency."""
        return _indexes_of_all({agency for agency, _ in o.sites} for o in self.offers)

    @cached_property
    def at_agency(self) -> dict[str, list[int]]:
        """Indexes of the offers of each agency."""
        return _indexes(o.agency for o in self.offers)

    @cached_property
    def minutes(self) -> Journeys:
        """Minutes of every pair to all sites."""
        origins, examples = _codes(self.requests, lambda r: _origin(self.terms.student(r)))
        sites, offers = _codes(self.offers, _places)
        places = list(dict.fromkeys(place for o in offers for place in _places(o)))
        table = self.terms.travel.table([_origin(self.terms.student(r)) for r in examples], places)
        column = {place: n for n, place in enumerate(places)}
        measured = np.where(table.measured, table.minutes, -1)
        estimated = np.where(table.measured, -1, table.minutes)
        lead = np.array([column[o.place] for o in offers], dtype=np.intp)
        found = Journeys(table.minutes[:, lead], measured[:, lead], estimated[:, lead])
        for n, offer in enumerate(offers):
            if offer.spokes:
                columns = [column[place] for place in _places(offer)]
                found.measured[:, n] = measured[:, columns].max(axis=1)
                found.estimated[:, n] = estimated[:, columns].max(axis=1)
                all_known = table.minutes[:, columns].min(axis=1) >= 0
                found.minutes[:, n] = np.where(all_known, table.minutes[:, columns].max(axis=1), -1)
        return Journeys(*(part[origins][:, sites] for part in found))

    def beyond_limit(self, minutes: NDArray[np.int32], percent: int = 100) -> Mask:
        """Pairs of which these minutes are more than so many percent of their limit (E04)."""
        terms = self.terms
        limits = [terms.travel_limit(r) for r in self.requests]
        column = np.array([np.inf if limit is None else limit for limit in limits], dtype=float).reshape(-1, 1)
        beyond: Mask = minutes > column * percent / 100
        for row, request in enumerate(self.requests):
            if limits[row] is not None and request.request in self._with_own_limits:
                raised = np.array([terms.travel_limit(request, offer) for offer in self.offers], dtype=float)
                beyond[row] = minutes[row] > raised * percent / 100
        return beyond

    @cached_property
    def _with_own_limits(self) -> set[str]:
        return self.terms.decisions.requests_with_exception("E04")

    @property
    def to_be_measured(self) -> Mask:
        """Pairs with a site whose estimate lies beyond the limit, or of which nothing is known (S3.4)."""
        wanted: Mask = (self.minutes.minutes < 0) | self.beyond_limit(self.minutes.estimated)
        return wanted

    def nothing(self) -> Mask:
        """A mask that excludes nothing."""
        return np.zeros(self.shape, dtype=np.bool_)

    def table(
        self,
        request_facts: Callable[[Request], Hashable],
        offer_facts: Callable[[Offer], Hashable],
        excludes: Callable[[Request, Offer], bool],
    ) -> Mask:
        """Judge each distinct combination of facts once.

        Parameters
        ----------
        request_facts, offer_facts
            The facts that ``excludes`` looks at; pairs that agree on both get the same answer.
        excludes
            True where the rule excludes the pair.

        Returns
        -------
        Mask
            Shape (requests, offers).
        """
        request_codes, request_examples = _codes(self.requests, request_facts)
        offer_codes, offer_examples = _codes(self.offers, offer_facts)
        judged = np.array([[excludes(r, o) for o in offer_examples] for r in request_examples], dtype=np.bool_)
        judged = judged.reshape(len(request_examples), len(offer_examples))
        answer: Mask = judged[request_codes][:, offer_codes]
        return answer

    def marked(self, excluded: Callable[[Request], Iterable[int]]) -> Mask:
        """Exclude the offers (by index) that ``excluded`` names for each request."""
        mask = self.nothing()
        for row, request in enumerate(self.requests):
            for column in excluded(request):
                mask[row, column] = True
        return mask


def _codes(rows: Sequence[Row], facts: Callable[[Row], Hashable]) -> tuple[NDArray[np.intp], list[Row]]:
    known: dict[Hashable, int] = {}
    examples: list[Row] = []
    codes = np.empty(len(rows), dtype=np.intp)
    for index, row in enumerate(rows):
        key = facts(row)
        code = known.get(key)
        if code is None:
            code = known[key] = len(examples)
            examples.append(row)
        codes[index] = code
    return codes, examples


def _indexes(keys: Iterable[Key]) -> dict[Key, list[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        found[key].append(index)
    return found


def _indexes_of_all(keys: Iterable[set[Key]]) -> dict[Key, list[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for index, several in enumerate(keys):
        for key in several:
            found[key].append(index)
    return found


def _places(offer: Offer) -> tuple[str | None, ...]:
    """Places of the lead and the spokes."""
    return offer.place, *(spoke.place for spoke in offer.spokes)


def _origin(student: Student) -> Origin:
    return student.home, student.mode
