"""The tiers of the lexicographic order as integer expressions over the columns (design 4.1, SEMANTICS S6).

A kept match whose PE stays is a constant; every other match is a column, or a sum of counts to pools where the PE
matters. Shortfalls are extra integer columns with a row each.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Container, Iterator
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from allocator.eligibility import AsPublished, Eligibility
from allocator.formulation.matches import Formulation, Use
from allocator.formulation.pathways import Paths
from allocator.formulation.program import Indexes, Linear
from allocator.limits.l08_fair_share import ceiling_of, columns_of_shares, floor_of
from allocator.limits.max_changes import moved
from allocator.terms.bands import Placements, bands_of
from allocator.terms.candidates import TRAINEES, is_trainee_on
from allocator.terms.fair_share import FairShare, Share
from allocator.terms.horizon import StudentRequests, group_of_two
from allocator.terms.placement import Guarantee, guarantee_of, is_statutory, rests_on_an_answer
from models.entities import Offer, Request, Student
from models.plan import Basis
from models.policy import Policy, Tier, tier_order

Weights = NDArray[np.int64]

LOTTERY_RANGE = 1000
GUARANTEES: tuple[Guarantee, ...] = get_args(Guarantee)
NOTHING = Linear.of()


class TierExpressions:
    """Builds each tier's expression; those that need extra columns and rows add them to the model."""

    def __init__(self, model: Formulation, paths: Paths) -> None:
        self.model = model
        self.paths = paths
        self.policy = model.policy
        self.eligibility = model.eligibility
        self._kept = [k for k in model.kept if model.eligibility.horizon.counted(k.request)]
        self._staying = [(k, k.stays) for k in self._kept if k.stays is not None]
        # kept matches whose PE is chosen anew are x columns too; as placements they are constants
        self._new: Indexes = np.flatnonzero(~model.x.kept & model.x.counted).astype(np.int32)
        self._request = model.x.request[self._new]
        self._offer = model.x.offer[self._new]

    def build(self, names: Container[str] | None = None) -> tuple[tuple[Tier, Linear], ...]:
        """Every tier that the policy asks for, in order; those with some ``names``, where there are any."""
        wanted = tier_order(self.policy, self.eligibility.bands, self.eligibility.horizon.has_published)
        return tuple((tier, self._expression(tier.name)) for tier in wanted if names is None or tier.name in names)

    def _expression(self, name: str) -> Linear:
        policy_name, _, part = name.partition(".")
        builder: Callable[..., Linear] = getattr(self, f"_{policy_name}")
        return builder(part) if part else builder()

    # ---- counting ----------------------------------------------------------------------------------------------
    def _sum(self, weights: Weights, of_kept: Callable[[AsPublished], int]) -> Linear:
        """Weight of every placement: one per new column, and those of kept matches as a constant."""
        used = np.flatnonzero(weights)
        return Linear.sum_of(self._new[used], weights[used].astype(float), sum(of_kept(k) for k in self._kept))

    def _by_request(self, weight: Callable[[Request], int]) -> Linear:
        weights = np.array([weight(r) for r in self.model.requests], dtype=np.int64)
        return self._sum(weights[self._request], lambda k: weight(k.request))

    def _by_offer(self, weight: Callable[[Offer], int]) -> Linear:
        weights = np.array([weight(o) for o in self.model.dataset.offers], dtype=np.int64)
        return self._sum(weights[self._offer], lambda k: weight(k.offer))

    @cached_property
    def _uses(self) -> tuple[Use, ...]:
        return tuple(u for u in self.model.uses if u.group.counted)

    # ---- placed, complete, priority ----------------------------------------------------------------------------
    def _placed(self, part: str) -> Linear:
        tranches = self.model.dataset.tranche_by_id

        def belongs(request: Request) -> int:
            deciding = tranches[request.tranche].status == "deciding"
            return {
                "total": True,
                "finals": deciding and request.stage == "final",
                "firsts": deciding and request.stage == "first",
                "later": not deciding,
            }[part]

        return self._by_request(belongs)

    def _students(self) -> Iterator[StudentRequests]:
        for s in self.eligibility.horizon.by_student.values():
            if s.student.programme not in self.policy.programmes_left_out:
                yield s

    def _met(self, request: Request) -> Linear:
        if request.request in self.eligibility.horizon.kept:
            return Linear.of(constant=1)
        return Linear.sum_of(self.model.columns_of.get(request.request, ()))

    def _complete(self) -> Linear:
        return Linear.total(self._both_met(s).times(self._worth(s.student)) for s in self._students())

    def _worth(self, student: Student) -> int:
        return self.policy.intern_counts if student.scheme == "intern" else 1

    def _both_met(self, s: StudentRequests) -> Linear:
        if s.student.student in self.paths.by_student:
            return Linear.sum_of(self.paths.by_student[s.student.student].columns)
        parts = [self._met(r) for r in (s.first, s.final) if r is not None]
        if all(p.constant for p in parts):
            return Linear.of(constant=1)
        open_parts = [p for p in parts if not p.constant]
        return open_parts[0] if len(open_parts) == 1 else NOTHING

    def _priority(self) -> Linear:
        return self._by_request(self._weight)

    def _weight(self, request: Request) -> int:
        student = self.model.terms.student(request)
        waiting, graduation, needs, repeat = self.policy.priority_weights
        applying = (
            waiting * (request.displaced or student.waiting_since is not None),
            graduation * request.graduation_due,
            needs * bool(student.adjustments or student.limit_minutes is not None or student.caring),
            repeat * request.repeat,
        )
        return max(applying)

    # ---- published ---------------------------------------------------------------------------------------------
    def _changes(self, part: str) -> Linear:
        horizon = self.eligibility.horizon
        if part == "offers":
            return moved(self.model, [r for r in horizon.in_force if horizon.counted(horizon.live_by_id[r])])
        found: list[Use] = []
        for use in self._uses:
            before = use.group.stays_with
            may_stay = before is not None and any(c.pe == before for c in use.group.slot.educators)
            if may_stay and use.candidate.pe != before:
                found.append(use)
        return Use.total(found)

    # ---- statutory ---------------------------------------------------------------------------------------------
    @cached_property
    def _statutory_offers(self) -> NDArray[np.bool_]:
        return np.array([is_statutory(o, self.policy) for o in self.model.dataset.offers], dtype=np.bool_)

    def _statutory_final(self) -> Linear:
        final = np.array([r.stage == "final" for r in self.model.requests], dtype=np.bool_)
        weights = (final[self._request] & self._statutory_offers[self._offer]).astype(np.int64)
        return self._sum(weights, lambda k: k.request.stage == "final" and is_statutory(k.offer, self.policy))

    def _two_statutory(self, group: str = "") -> Linear:
        return Linear.total(self._two_of(s) for s in self._students() if group in ("", group_of_two(s, self.policy)))

    def _two_of(self, s: StudentRequests) -> Linear:
        if s.final is None:
            return self._statutory_met(s.first)
        paths = self.paths.by_student.get(s.student.student)
        if paths is not None:
            return Linear.sum_of(paths.columns[paths.statutory])
        final = self._statutory_met(s.final)
        if s.first is None:
            row = self.eligibility.terms.recorded_first(s.student.student)
            return final if row is not None and is_statutory(row, self.policy) else NOTHING
        first = self._statutory_met(s.first)
        if final.constant:
            return first
        return final if first.constant else NOTHING

    def _statutory_met(self, request: Request | None) -> Linear:
        if request is None:
            return NOTHING
        kept = self.eligibility.horizon.kept.get(request.request)
        if kept is not None:
            return Linear.of(constant=is_statutory(self.model.dataset.offer_by_id[kept.offer], self.policy))
        columns = self.model.columns_of.get(request.request, np.zeros(0, dtype=np.int64))
        return Linear.sum_of(columns[self._statutory_offers[self.model.x.offer[columns]]])

    # ---- educators ---------------------------------------------------------------------------------------------
    def _firm(self) -> Linear:
        constant = sum(
            k.offer.state == "forecast" or pe.to_be_named or self._needs_supervisor(k.offer, pe.basis)
            for k, pe in self._staying
        )
        found: list[Use] = []
        for use in self._uses:
            basis = use.candidate.basis
            supervisor = basis != "PE needed" and self._needs_supervisor(use.group.slot.offer, basis)
            if use.group.waits or use.candidate.to_be_named or supervisor:
                found.append(use)
        resting = map(self._resting, self._students()) if self.policy.on("L04") else ()
        return Linear.total([Use.total(found), *resting]).plus(constant)

    def _resting(self, s: StudentRequests) -> Linear:
        """1 where the guarantee of a student with a final rests on an answer that is not known (S5.5, S6.4)."""
        paths = self.paths.by_student.get(s.student.student)
        least = self.policy.least_statutory(s.student.programme)
        if paths is not None:
            return Linear.sum_of(paths.rests)
        if least == 2:
            return self._one_of_two_asked(s)
        if s.final is None or least == 0:
            return NOTHING
        kept = self.eligibility.horizon.kept
        if s.first is None:
            row = self.eligibility.terms.recorded_first(s.student.student)
            beside = None if row is None else guarantee_of(row, self.policy)
            return self._met_where(s.final, lambda final: rests_on_an_answer(beside, final, least))
        if s.first.request in kept:
            first = self._guarantees[self.model.offer_index[kept[s.first.request].offer]]
            return self._met_where(s.final, lambda final: rests_on_an_answer(first, final, least))
        final = self._guarantees[self.model.offer_index[kept[s.final.request].offer]]
        return self._met_where(s.first, lambda first: rests_on_an_answer(first, final, least))

    def _one_of_two_asked(self, s: StudentRequests) -> Linear:
        """1 where both have to be statutory and one that is placed or recorded is not known to be; one is open here."""
        if s.first is None and s.final is not None:
            row = self.eligibility.terms.recorded_first(s.student.student)
            if row is None or guarantee_of(row, self.policy) == "not_known":
                return self._met(s.final)
        parts = [self._met_where(r, lambda g: g == "not_known") for r in (s.first, s.final) if r is not None]
        return Linear.of(constant=1) if any(p.constant for p in parts) else Linear.total(parts)

    def _met_where(self, request: Request, holds: Callable[[Guarantee], bool]) -> Linear:
        """1 where a request is placed and what its offer is worth to the guarantee is so."""
        kept = self.eligibility.horizon.kept.get(request.request)
        if kept is not None:
            return Linear.of(constant=holds(self._guarantees[self.model.offer_index[kept.offer]]))
        columns = self.model.columns_of.get(request.request, np.zeros(0, dtype=np.int64))
        worth = self._worth_of_offers[self.model.x.offer[columns]]
        return Linear.sum_of(columns[np.array([holds(g) for g in GUARANTEES])[worth]])

    @cached_property
    def _guarantees(self) -> tuple[Guarantee, ...]:
        """What every offer is worth to the statutory guarantee."""
        return tuple(guarantee_of(o, self.policy) for o in self.model.dataset.offers)

    @cached_property
    def _worth_of_offers(self) -> NDArray[np.int64]:
        """The same by number in :data:`GUARANTEES`."""
        return np.array([GUARANTEES.index(g) for g in self._guarantees], dtype=np.int64)

    def _needs_supervisor(self, offer: Offer, basis: str) -> bool:
        return self.policy.on("E14") and basis != "in_team" and offer.on_site_supervisor == "to_be_named"

    def _own_educators(self) -> Linear:
        cost_of = own_educator_costs(self.policy)
        constant = sum(cost_of[pe.basis] for _, pe in self._staying)
        by_cost = defaultdict[int, list[Use]](list)
        for use in self._uses:
            by_cost[cost_of[use.candidate.basis]].append(use)
        return Linear.total(Use.total(uses, cost) for cost, uses in by_cost.items() if cost).plus(constant)

    def _trainee_finals(self) -> Linear:
        percent = self.policy.trainee_finals_percent
        finals = self._by_request(lambda request: request.stage == "final")
        kept = sum(k.request.stage == "final" and pe.is_trainee for k, pe in self._staying)
        trainees = [u for u in self._uses if u.group.slot.stage == "final" and u.candidate.is_trainee]
        if not trainees and not kept:
            return NOTHING
        # T - s <= floor(percent F / 100), and T - s is whole
        needed = Linear.total([Use.total(trainees, 100), finals.times(-percent)]).plus(100 * kept)
        return self._shortfall("finals", needed, 100)

    def _trainees(self) -> Linear:
        constant, found = 0, list[Linear]()
        uses: defaultdict[str, list[Use]] = defaultdict(list)
        for use in self._uses:
            uses[use.candidate.pe].append(use)
        for educator in self.model.dataset.educators:
            due = educator.needs_student_by
            if due is None or educator.withdrawn_from is not None:
                continue
            if educator.qualification in TRAINEES and not is_trainee_on(educator, due):
                continue
            if any(pe.pe == educator.pe and k.window[0] <= due for k, pe in self._staying):
                continue
            in_time = [u for u in uses[educator.pe] if u.group.window[0] <= due]
            if not in_time:
                constant += 1
                continue
            found.append(self._shortfall(f"trainee {educator.pe}", Use.total(in_time, -1).plus(1), 1))
        return Linear.total(found).plus(constant)

    # ---- shares ------------------------------------------------------------------------------------------------
    def _partner_share(self) -> Linear:
        agencies = self.model.dataset.agency_by_id
        percent = self.policy.partner_share_percent

        def part(offer: Offer) -> int:
            agency = agencies.get(offer.agency)
            partner = agency is not None and agency.membership != "outside"
            return percent - 100 * partner

        # s >= percent M / 100 - matches of partners, s whole: s is the rounded-up shortfall
        return self._shortfall("partner share", self._by_offer(part), 100)

    def _shortfall(self, subject: str, needed: Linear, unit: int) -> Linear:
        missing = self.model.program.add_shortfall(needed, unit, rule="shortfall", subject=subject)
        return Linear.sum_of([missing])

    @cached_property
    def _fair(self) -> FairShare:
        return FairShare(self.model.terms)

    @cached_property
    def _columns_of_shares(self) -> dict[Share, Indexes]:
        return columns_of_shares(self.model, self._fair)

    def _counted_of(self, share: Share) -> Linear:
        """Counted placements of an agency's year, those that are no matches of the plan included."""
        columns = self._columns_of_shares[share]
        kept = sum(k.offer.agency == share.agency and self._fair.year_of(k.request) == share.year for k in self._kept)
        before = sum(map(self._counts_before, share.before))
        return Linear.sum_of(columns[self.model.x.counted[columns]]).plus(kept + before)

    def _counts_before(self, name: str) -> bool:
        request = self.model.dataset.request_by_id.get(name)
        return request is None or self.eligibility.horizon.counted(request)

    def _fair_share(self) -> Linear:
        return Linear.total(
            self._shortfall(floor_of(s), self._counted_of(s).times(-1).plus(s.floor), 1)
            for s in self._fair.shares
            if s.floor
        )

    def _overload(self) -> Linear:
        return Linear.total(
            self._shortfall(ceiling_of(s), self._counted_of(s).plus(-s.ceiling), 1) for s in self._fair.shares
        )

    def _left_out(self) -> Linear:
        """Requests of programmes that no other tier counts."""
        new = np.flatnonzero(~self.model.x.kept & ~self.model.x.counted).astype(np.int32)
        return Linear.sum_of(new).plus(len(self.model.kept) - len(self._kept))

    # ---- preferences, travel, draw -----------------------------------------------------------------------------
    @cached_property
    def _bands(self) -> Weights:
        """Preference band of every new counted column."""
        students = [self.model.terms.as_ranking(r) for r in self.model.requests]
        pairs = Placements(
            students, self.model.dataset.offers, self._request, self._offer, self.model.x.minutes[self._new]
        )
        return bands_of(pairs, self.policy, self.eligibility.bands)

    def _preferences(self, part: str) -> Linear:
        band = self.eligibility.band
        if part == "sum":
            return self._sum(self._bands, lambda k: band(k.request.request, k.offer.offer))
        wanted = int(part.removeprefix("band"))
        return self._sum(
            (self._bands == wanted).astype(np.int64), lambda k: band(k.request.request, k.offer.offer) == wanted
        )

    def _travel(self) -> Linear:
        limit = self.policy.travel_limit
        minutes = self.model.x.minutes[self._new]

        def of_kept(k: AsPublished) -> int:
            found = self.model.terms.minutes(k.request, k.offer).minutes
            return limit if found is None else found

        return self._sum(np.where(minutes < 0, limit, minutes).astype(np.int64), of_kept)

    def _lottery(self) -> Linear:
        """The draw of single offers; that of equal ones is on columns of their own (``single_offers``)."""
        model, eligibility, offers = self.model, self.eligibility, self.model.dataset.offers
        single = np.array([o not in model.equal.members for o in range(len(offers))], dtype=np.bool_)[self._offer]
        weights = np.zeros(len(self._offer), dtype=np.int64)
        pairs = zip(self._request[single].tolist(), self._offer[single].tolist(), strict=True)
        weights[single] = [drawn(eligibility, model.requests[r], offers[o]) for r, o in pairs]
        return self._sum(weights, lambda k: drawn(eligibility, k.request, k.offer))


def own_educator_costs(policy: Policy) -> dict[Basis, int]:
    """What it counts that a PE is not of the team, by basis (S6.5)."""
    needed, independent, consultant, elsewhere = policy.own_educator_weights
    return {
        "in_team": 0, "elsewhere": elsewhere, "practice_consultant": consultant, "independent": independent,
        "PE needed": needed,
    }  # fmt: skip


def drawn(eligibility: Eligibility, request: Request, offer: Offer) -> int:
    """The number of a request and an offer in the draw: by ids and seed, and more for who lost out before (S6.11)."""
    policy = eligibility.policy
    text = f"{policy.seed}|{request.tranche}|{request.request}|{offer.offer}"
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") % LOTTERY_RANGE
    if policy.draw_lost_out and eligibility.terms.student(request).lost_out_before:
        number += policy.draw_lost_out * (eligibility.bands + 1 - eligibility.band(request.request, offer.offer))
    return number
