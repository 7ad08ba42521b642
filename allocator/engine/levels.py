"""The levels of the lexicographic order as integer expressions over the columns (design 4.1, SEMANTICS S6).

A kept match whose PE stays is a constant; every other match is a column, or a sum of counts to pools where the PE
matters. Shortfalls are extra integer columns with a row each.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from allocator.engine.formulation import Formulation, Use
from allocator.engine.program import Linear, Term
from allocator.rules.l08_fair_share import shares
from allocator.rules.max_changes import moved
from allocator.terms.horizon import StudentRequests
from allocator.terms.placement import is_statutory
from models.entities import Offer, Request
from models.plan import Basis
from models.policy import Level, levels

OWN_EDUCATOR_COST: dict[Basis, int] = {
    "in_team": 0, "elsewhere": 1, "practice_consultant": 2, "independent": 3, "PE needed": 4,
}  # fmt: skip
LOTTERY_RANGE = 1000


class Placed(NamedTuple):
    """A match that may or must be: the request, the offer and the terms that count it (none: a constant 1)."""

    request: Request
    offer: Offer
    terms: tuple[Term, ...]


class LevelExpressions:
    """Builds each level's expression; those that need extra columns and rows add them to the model."""

    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.policy = model.policy
        self.eligibility = model.eligibility
        self._kept = [k for k in model.kept if model.eligibility.horizon.counted(k.request)]
        self._with_their_pe = [k for k in self._kept if k.educator is not None]
        self._new = [c for c in model.new_columns() if c.counted]

    def build(self) -> tuple[tuple[Level, Linear], ...]:
        """Every level that the policy asks for, in order."""
        wanted = levels(self.policy, self.eligibility.bands, self.eligibility.horizon.has_published)
        return tuple((level, self._expression(level.name)) for level in wanted)

    def _expression(self, name: str) -> Linear:
        tier, _, part = name.partition(".")
        builder: Callable[..., Linear] = getattr(self, f"_{tier}")
        return builder(part) if part else builder()

    # ---- counting ----------------------------------------------------------------------------------------------
    def _placements(self) -> Iterator[Placed]:
        for k in self._kept:
            yield Placed(k.request, k.offer, ())
        for c in self._new:
            yield Placed(c.request, c.offer, ((c.column, 1),))

    def _sum(self, weight: Callable[[Request, Offer], int]) -> Linear:
        constant, terms = 0, list[Term]()
        for placed in self._placements():
            coefficient = weight(placed.request, placed.offer)
            if coefficient and placed.terms:
                terms.append((placed.terms[0][0], coefficient))
            elif coefficient:
                constant += coefficient
        return Linear(constant, tuple(terms))

    def _uses(self) -> Iterator[Use]:
        return (u for u in self.model.uses if u.sample.counted)

    # ---- placed, complete, priority ----------------------------------------------------------------------------
    def _placed(self, part: str) -> Linear:
        tranches = self.model.dataset.tranche_by_id

        def belongs(request: Request, _: Offer) -> int:
            deciding = tranches[request.tranche].status == "deciding"
            return {
                "total": True,
                "finals": deciding and request.stage == "final",
                "firsts": deciding and request.stage == "first",
                "later": not deciding,
            }[part]

        return self._sum(belongs)

    def _students(self) -> Iterator[StudentRequests]:
        for s in self.eligibility.horizon.by_student.values():
            if s.student.programme not in self.policy.programmes_left_out:
                yield s

    def _met(self, request: Request) -> Linear:
        if request.request in self.eligibility.horizon.kept:
            return Linear(1, ())
        return Linear(0, tuple((c.column, 1) for c in self.model.columns.get(request.request, ())))

    def _complete(self) -> Linear:
        constant, terms = 0, list[Term]()
        for s in self._students():
            weight = 2 if s.student.scheme == "intern" else 1
            met = self._both_met(s)
            constant += weight * met.constant
            terms += [(c, weight * k) for c, k in met.terms]
        return Linear(constant, tuple(terms))

    def _both_met(self, s: StudentRequests) -> Linear:
        if s.student.student in self.model.paths:
            return Linear(0, tuple((path, 1) for path, _ in self.model.paths[s.student.student]))
        parts = [self._met(r) for r in (s.first, s.final) if r is not None]
        if all(p.constant for p in parts):
            return Linear(1, ())
        open_parts = [p for p in parts if not p.constant]
        return open_parts[0] if len(open_parts) == 1 else Linear(0, ())

    def _priority(self) -> Linear:
        return self._sum(lambda request, _: self._weight(request))

    def _weight(self, request: Request) -> int:
        student = self.model.terms.student(request)
        if request.displaced or student.waiting_since is not None:
            return 5
        if request.graduation_due:
            return 4
        if student.adjustments or student.limit_minutes is not None or student.caring:
            return 2
        return 1 if request.repeat else 0

    # ---- published ---------------------------------------------------------------------------------------------
    def _changes(self, part: str) -> Linear:
        horizon = self.eligibility.horizon
        if part == "offers":
            return moved(self.model, [r for r in horizon.in_force if horizon.counted(horizon.live_by_id[r])])
        terms: list[Term] = []
        for use in self._uses():
            before = use.sample.published_pe
            listed = before in self.model.dataset.educator_by_id
            if listed and use.candidate.pe != before and self._may_stay(use, before):
                terms += use.terms()
        return Linear(0, tuple(terms))

    def _may_stay(self, use: Use, pe: str | None) -> bool:
        return any(u.candidate.pe == pe for u in self.model.uses if u.group is use.group)

    # ---- statutory ---------------------------------------------------------------------------------------------
    def _statutory_final(self) -> Linear:
        return self._sum(lambda request, offer: request.stage == "final" and is_statutory(offer, self.policy))

    def _two_statutory(self) -> Linear:
        constant, terms = 0, list[Term]()
        for s in self._students():
            part = self._two_of(s)
            constant += part.constant
            terms += part.terms
        return Linear(constant, tuple(terms))

    def _two_of(self, s: StudentRequests) -> Linear:
        if s.final is None:
            return self._statutory_met(s.first)
        if s.student.student in self.model.paths:
            return Linear(0, tuple((path, 1) for path, both in self.model.paths[s.student.student] if both))
        final = self._statutory_met(s.final)
        if s.first is None:
            row = self.eligibility.horizon.recorded_first(s.student.student)
            return final if row is not None and is_statutory(row, self.policy) else Linear(0, ())
        first = self._statutory_met(s.first)
        if final.constant:
            return first
        return final if first.constant else Linear(0, ())

    def _statutory_met(self, request: Request | None) -> Linear:
        if request is None:
            return Linear(0, ())
        kept = self.eligibility.horizon.kept.get(request.request)
        if kept is not None:
            return Linear(int(is_statutory(self.model.dataset.offer_by_id[kept.offer], self.policy)), ())
        columns = self.model.columns.get(request.request, ())
        return Linear(0, tuple((c.column, 1) for c in columns if is_statutory(c.offer, self.policy)))

    # ---- educators ---------------------------------------------------------------------------------------------
    def _firm(self) -> Linear:
        constant = sum(
            k.offer.state == "forecast" or self._needs_supervisor(k.offer, k.basis) for k in self._with_their_pe
        )
        terms: list[Term] = []
        for use in self._uses():
            basis = use.candidate.basis
            supervisor = basis != "PE needed" and self._needs_supervisor(use.group.offer, basis)
            if use.sample.waits or use.candidate.to_be_named or supervisor:
                terms += use.terms()
        return Linear(constant, tuple(terms))

    def _needs_supervisor(self, offer: Offer, basis: str) -> bool:
        return self.policy.on("E14") and basis != "in_team" and offer.on_site_supervisor == "to_be_named"

    def _own_educators(self) -> Linear:
        constant = sum(OWN_EDUCATOR_COST[k.candidate.basis] for k in self._with_their_pe)
        terms = [
            t
            for u in self._uses()
            if OWN_EDUCATOR_COST[u.candidate.basis]
            for t in u.terms(OWN_EDUCATOR_COST[u.candidate.basis])
        ]
        return Linear(constant, tuple(terms))

    def _trainee_finals(self) -> Linear:
        percent = self.policy.trainee_finals_percent
        finals = self._sum(lambda request, _: request.stage == "final")
        kept = sum(k.request.stage == "final" and k.candidate.is_trainee for k in self._with_their_pe)
        trainees = [t for u in self._uses() if u.group.stage == "final" and u.candidate.is_trainee for t in u.terms()]
        if not trainees and not kept:
            return Linear(0, ())
        # T - s <= floor(percent F / 100), and T - s is whole
        needed = Linear(
            100 * kept - percent * finals.constant,
            tuple([(c, 100 * k) for c, k in trainees] + [(c, -percent * k) for c, k in finals.terms]),
        )
        return self._shortfall("finals", needed, 100)

    def _trainees(self) -> Linear:
        constant, terms = 0, list[Term]()
        for educator in self.model.dataset.educators:
            due = educator.needs_student_by
            if due is None or educator.withdrawn_from is not None:
                continue
            if any(
                k.educator is not None and k.educator.pe == educator.pe and k.window[0] <= due
                for k in self._with_their_pe
            ):
                continue
            in_time = [
                t for u in self._uses() if u.candidate.pe == educator.pe and u.group.window[0] <= due for t in u.terms()
            ]
            if not in_time:
                constant += 1
                continue
            terms += self._shortfall(educator.pe, Linear(1, tuple((c, -k) for c, k in in_time)), 1).terms
        return Linear(constant, tuple(terms))

    # ---- shares ------------------------------------------------------------------------------------------------
    def _partner_share(self) -> Linear:
        agencies = self.model.dataset.agency_by_id
        percent = self.policy.partner_share_percent

        def part(_: Request, offer: Offer) -> int:
            agency = agencies.get(offer.agency)
            partner = agency is not None and agency.membership != "outside"
            return percent - 100 * partner

        # s >= percent M / 100 - matches of partners, s whole: s is the rounded-up shortfall
        needed = self._sum(part)
        return self._shortfall("partner share", needed, 100)

    def _shortfall(self, subject: str, needed: Linear, unit: int) -> Linear:
        missing = self.model.program.add_shortfall(needed, unit, rule="shortfall", subject=subject)
        return Linear(0, ((missing, 1),))

    def _at_agency(self, agency: str, sign: int) -> Linear:
        return self._sum(lambda _, offer: sign * (offer.agency == agency))

    def _fair_share(self) -> Linear:
        parts = (
            self._shortfall(f"floor of {s.agency}", _plus(self._at_agency(s.agency, -1), s.floor), 1)
            for s in shares(self.model.dataset, self.policy)
            if s.floor
        )
        return _total(parts)

    def _overload(self) -> Linear:
        parts = (
            self._shortfall(f"ceiling of {s.agency}", _plus(self._at_agency(s.agency, 1), -s.ceiling), 1)
            for s in shares(self.model.dataset, self.policy)
        )
        return _total(parts)

    # ---- preferences, travel, draw -----------------------------------------------------------------------------
    def _preferences(self, part: str) -> Linear:
        band = self.eligibility.band
        if part == "sum":
            return self._sum(lambda request, offer: band(request.request, offer.offer))
        wanted = int(part.removeprefix("band"))
        return self._sum(lambda request, offer: band(request.request, offer.offer) == wanted)

    def _travel(self) -> Linear:
        def minutes(request: Request, offer: Offer) -> int:
            found = self.model.terms.minutes(request, offer).minutes
            return self.policy.travel_limit if found is None else found

        return self._sum(minutes)

    def _lottery(self) -> Linear:
        def drawn(request: Request, offer: Offer) -> int:
            text = f"{self.policy.seed}|{request.request}|{offer.offer}"
            return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") % LOTTERY_RANGE

        return self._sum(drawn)


def _plus(expression: Linear, constant: int) -> Linear:
    return Linear(expression.constant + constant, expression.terms)


def _total(parts: Iterable[Linear]) -> Linear:
    found = list(parts)
    return Linear(sum(p.constant for p in found), tuple(t for p in found for t in p.terms))
