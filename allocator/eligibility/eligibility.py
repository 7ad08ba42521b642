"""Which request, offer and PE may be combined, and why others may not. Solver-free; pairs are vectorised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from types import ModuleType

import numpy as np

from allocator.eligibility.educators import EducatorEligibility
from allocator.eligibility.neighbours import are_alike, requests_spoken_of
from allocator.eligibility.pair_rules import PairEligibility
from allocator.eligibility.pairs import Pair, PairsByRequest, PairTable
from allocator.eligibility.published import AsPublished, Promised, as_published, keeping
from allocator.eligibility.tabulation import pair_table
from allocator.rules import l04_statutory_guarantee
from allocator.rules.order import SOME_STUDENTS, TWO_PLACEMENT_RULES
from allocator.terms.bands import Placements, bands_of, number_of_bands
from allocator.terms.calendar import Window
from allocator.terms.candidates import Slot
from allocator.terms.placement import Placement, of_offer, of_recorded
from allocator.terms.travel import Minutes
from allocator.terms.view import Mask, PairView, Terms
from models.dataset import Dataset
from models.entities import History, Offer, Request, Student
from models.policy import Policy


class Eligibility:
    """Eligibility of a dataset under a policy.

    Parameters
    ----------
    dataset, policy
        What was read, and the switches and numbers in force.
    promised
        Published matches in force that may stay exactly as they are, whatever the rules say now.
    """

    def __init__(self, dataset: Dataset, policy: Policy, promised: Promised | None = None) -> None:
        self.dataset = dataset
        self.policy = policy
        self.promised = promised
        self.terms = Terms(dataset, policy)
        self.horizon = self.terms.horizon
        self.pair_rules = PairEligibility(self.terms)
        self.educator_rules = EducatorEligibility(self.terms)
        self._two_rules = tuple(r for r in TWO_PLACEMENT_RULES if policy.on(r.RULE))
        self._rules_of: dict[str, tuple[ModuleType, ...]] = {}
        self.beside: frozenset[str] | None = None

    def near(self, dataset: Dataset, policy: Policy) -> "Eligibility":
        """Of another dataset under a policy; requests of which no decision differs are not judged again.

        ``beside`` of what is returned are those that are judged anew; None: all of them are.
        """
        other = Eligibility(dataset, policy)
        alike = self.promised is None and policy == self.policy and are_alike(self.dataset, dataset)
        # without E16 an offer that is withdrawn may be taken still, as another offer than it was
        if alike and (policy.on("E16") or self.dataset.offers == dataset.offers):
            other.beside = requests_spoken_of(self.dataset, dataset)
        if other.beside is not None:
            spoken_of = [r for r in other._open if r.request in other.beside]
            judged = pair_table(other.pair_rules, other.educator_rules, spoken_of)
            gone = np.array([offer.withdrawn for offer in dataset.offers], dtype=np.bool_)
            left = self.table.only(~gone[self.table.offer]) if policy.on("E16") and dataset.offers else self.table
            other.__dict__["table"] = left.judged_anew(judged, other.beside).of_requests(other._open)
        return other

    def anew(self) -> "Eligibility":
        """The same with everybody judged anew, whatever was known: pairs are numbered as for any who ask."""
        return self if self.beside is None else Eligibility(self.dataset, self.policy)

    # ---- request and offer -------------------------------------------------------------------------------------
    def masks(self, view: PairView) -> Iterator[tuple[str, Mask]]:
        """Rule by rule, which pairs of a view it excludes (shape: requests x offers of the view)."""
        return self.pair_rules.masks(view)

    def excluding_masks(self, requests: Sequence[Request]) -> Iterator[tuple[str, Mask]]:
        """Rule by rule, which offers of the dataset it excludes for these requests (shape: requests x offers)."""
        return self.masks(PairView(self.terms, requests))

    def open_pairs(self, requests: Sequence[Request]) -> Mask:
        """Pairs that no rule about request and offer excludes (shape: requests x offers)."""
        found = np.zeros((len(requests), len(self.dataset.offers)), dtype=np.bool_)
        for rows, near, _, fits in self.pair_rules.open_blocks(requests):
            found[np.ix_(rows, near)] = fits
        return found

    @cached_property
    def table(self) -> PairTable:
        """Eligible pairs of every live request that is not kept or set aside, with at least one PE each."""
        return pair_table(self.pair_rules, self.educator_rules, self._open, self.as_promised)

    @cached_property
    def _open(self) -> list[Request]:
        return [r for r in self.horizon.live if r.request not in self.horizon.kept and r.set_aside is None]

    @cached_property
    def kept(self) -> tuple[AsPublished, ...]:
        """Kept matches, in order of request."""
        return as_published(self.pair_rules, self.educator_rules, self.horizon.kept)

    def at_most(self, most: int) -> "Eligibility":
        """The same where so many promises may change; what was judged is not judged again."""
        assert self.promised is not None
        _ = self.table, self.as_promised
        other = copy(self)
        other.promised = self.promised._replace(most=most)
        return other

    def with_kept(self, requests: Iterable[str]) -> "Eligibility":
        """The same where promises that stand are kept, and nobody else is promised anything."""
        return Eligibility(keeping(self.dataset, requests), self.policy)

    @cached_property
    def as_promised(self) -> Mapping[str, AsPublished]:
        """Promises that may change their offer, by request, as they are published."""
        wanted = self.promised.requests if self.promised else frozenset()
        rows = {r: p for r, p in self.horizon.in_force.items() if r in wanted}
        return {p.request.request: p for p in as_published(self.pair_rules, self.educator_rules, rows)}

    @cached_property
    def pairs(self) -> Mapping[str, tuple[Pair, ...]]:
        """The same by id of request; a request without any has an empty tuple."""
        return PairsByRequest(self.table)

    @cached_property
    def fixed(self) -> frozenset[str]:
        """Requests that a fix binds."""
        if not self.policy.on("E16"):
            return frozenset()
        return frozenset(r for r in self.terms.decisions.fixes if self.pairs.get(r))

    @cached_property
    def fixes_set_aside(self) -> tuple[str, ...]:
        """Live requests whose fix is not eligible on its own: they stay unplaced."""
        if not self.policy.on("E16"):
            return ()
        return tuple(r for r in self.pairs if r in self.terms.decisions.fixes and not self.pairs[r])

    def published_pair(self, request: Request, offer_id: str) -> Pair | None:
        """The pair (request, offer) if it is eligible now under the E rules, fixes left out; else None."""
        offer = self.dataset.offer_by_id.get(offer_id)
        if offer is None:
            return None
        view = PairView(self.terms, [request], [offer])
        if any(mask[0, 0] for _, mask in self.masks(view)):
            return None
        window = self.window(request, offer)
        allowed = self.educator_rules.allowed(request, Slot(offer, request.stage, *window))
        return Pair(request, offer, window, allowed) if allowed else None

    def window(self, request: Request, offer: Offer) -> Window:
        """First and last working day of a match."""
        return self.pair_rules.window(request, offer)

    # ---- by id, for reports, baselines and explanations --------------------------------------------------------
    def offers(self, request_id: str) -> tuple[str, ...]:
        """Offers that a request may have, with at least one PE."""
        return tuple(p.offer.offer for p in self.pairs.get(request_id, ()))

    def educators(self, request_id: str, offer_id: str) -> tuple[str, ...]:
        """PEs and pools who may take a pair; empty when the pair is not eligible."""
        return tuple(c.pe for p in self.pairs.get(request_id, ()) if p.offer.offer == offer_id for c in p.educators)

    def minutes(self, request_id: str, offer_id: str) -> Minutes:
        """Minutes one way of a pair and how they are known."""
        return self.terms.minutes(self.dataset.request_by_id[request_id], self.dataset.offer_by_id[offer_id])

    @cached_property
    def bands(self) -> int:
        """Number of preference bands in the dataset."""
        return number_of_bands([self.terms.as_ranking(r) for r in self.horizon.live])

    def band(self, request_id: str, offer_id: str) -> int:
        """Preference band of a pair, 1 the best."""
        request, offer = self.dataset.request_by_id[request_id], self.dataset.offer_by_id[offer_id]
        minutes = self.terms.minutes(request, offer).minutes
        alone = np.zeros(1, dtype=np.int32)
        pair = Placements(
            [self.terms.as_ranking(request)], [offer], alone, alone, alone + (-1 if minutes is None else minutes)
        )
        return int(bands_of(pair, self.policy, self.bands)[0])

    def first_of_final(self, request_id: str) -> Request | History | Offer | None:
        """The first that a final goes with: a live request, a History row, where one still runs, or None."""
        student = self.dataset.request_by_id[request_id].student
        live = self.horizon.by_student[student].first if student in self.horizon.by_student else None
        return live or self.terms.recorded_first(student)

    # ---- the two placements of a student -----------------------------------------------------------------------
    def placement(self, request: Request, offer: Offer, window: Window) -> Placement:
        """The placement that a match would be."""
        return of_offer(self.terms, offer, *window, locked=self.horizon.is_locked(request))

    def broken_together(self, student_id: str, first: Placement, final: Placement) -> tuple[str, ...]:
        """Rules that a first and a final of one student break together."""
        rules = self.two_placement_rules(self.dataset.student_by_id[student_id])
        return tuple(rule.RULE for rule in rules if rule.pair_breaks(self.terms, first, final))

    def two_placement_rules(self, student: Student) -> tuple[ModuleType, ...]:
        """The rules about first and final that are on and apply to a student (L04: by programme; L09: interns)."""
        found = self._rules_of.get(student.student)
        if found is None:
            found = tuple(r for r in self._two_rules if r not in SOME_STUDENTS or r.applies(self.terms, student))
            self._rules_of[student.student] = found
        return found

    def alone_rules(self, student: Student) -> tuple[ModuleType, ...]:
        """The rules about first and final that are on and that each of a student's placements has to hold alone."""
        return tuple(r for r in SOME_STUDENTS if self.policy.on(r.RULE) and r.applies_alone(self.terms, student))

    def broken_alone(self, student: Student, placement: Placement) -> tuple[str, ...]:
        """Rules that a placement breaks whatever the student's other one."""
        return tuple(r.RULE for r in self.alone_rules(student) if r.alone_breaks(self.terms, placement))

    def broken_with_history(self, request: Request, final: Placement) -> tuple[str, ...]:
        """Rules that a final breaks with a first placement that is history or not recorded."""
        row = self.terms.recorded_first(request.student)
        if row is not None:
            return self.broken_together(request.student, of_recorded(self.terms, row), final)
        asked = l04_statutory_guarantee in self.two_placement_rules(self.terms.student(request))
        return ("L04",) if asked and l04_statutory_guarantee.alone_breaks(self.terms, final) else ()
