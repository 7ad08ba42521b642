"""Why a request was not placed: the rules that removed offers, what is left and who holds it, the three nearest."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Codes, Eligibility, Pair
from allocator.terms.candidates import Candidate, Slot
from allocator.terms.view import Mask, PairView
from models.base import natural_key
from models.catalogue import RULE_BY_ID
from models.entities import Commitment, Offer, Request
from models.plan import Match
from models.reasons import Blocked, Near, Unplaced

NEAREST = 3
BLOCK = 128
"""Requests whose rules are asked together."""
STRUCTURAL = "E01"
"""Offers of another stage or tranche are never "near"."""


class _Blocker(NamedTuple):
    rule: str
    detail: str


class Explainer:
    """Explains the unplaced requests of one plan."""

    def __init__(self, eligibility: Eligibility, matches: tuple[Match, ...]) -> None:
        self._eligibility = eligibility
        self._dataset = eligibility.dataset
        self._match_by_request = {m.request: m for m in matches}
        self._at_offer: dict[str, list[Match]] = {}
        self._with_pe: dict[str, list[Match]] = {}
        self._at_agency = Counter(self._dataset.offer_by_id[m.offer].agency for m in matches)
        for m in matches:
            self._at_offer.setdefault(m.offer, []).append(m)
            self._with_pe.setdefault(m.pe or "", []).append(m)
        self._commitments: dict[str | None, list[Commitment]] = {}
        for c in self._dataset.commitments:
            self._commitments.setdefault(c.pe, []).append(c)
        offers = self._dataset.offers
        order = sorted(range(len(offers)), key=lambda i: natural_key(offers[i].offer))
        self._rank = np.argsort(np.array(order, dtype=np.int64))
        self._cap: dict[int, bool] = {}

    def unplaced(self) -> tuple[Unplaced, ...]:
        """Every live request without a match, in order."""
        left = [r for r in self._eligibility.horizon.live if r.request not in self._match_by_request]
        blocks = (left[first : first + BLOCK] for first in range(0, len(left), BLOCK))
        return tuple(found for block in blocks for found in self._explained(block))

    def _explained(self, block: list[Request]) -> Iterator[Unplaced]:
        view = PairView(self._eligibility.terms, block)
        masks = dict(self._eligibility.masks(view))
        for row, request in enumerate(block):
            yield self._explain(request, _Excluded({rule: m[row] for rule, m in masks.items()}), view, row)

    def _explain(self, request: Request, excluded: "_Excluded", view: PairView, row: int) -> Unplaced:
        offers = self._dataset.offers
        by_educator = {i: self._educator_blockers(request, offers[i]) for i in excluded.nowhere(len(offers))}
        first_rules = excluded.first_rules()
        first_rules.update(found[0].rule for found in by_educator.values() if found)
        removed = tuple(
            Blocked(rule=rule, offers=n) for rule, n in sorted(first_rules.items(), key=lambda x: (-x[1], x[0])) if n
        )
        pairs = self._eligibility.pairs.get(request.request, ())
        holders = sorted({m.request for p in pairs for m in self._at_offer.get(p.offer.offer, ())}, key=natural_key)
        code, reason = self._main_reason(request, pairs, removed, holders)
        minutes = view.minutes.minutes[row]
        return Unplaced(
            request=request.request, code=code, reason=reason, removed=removed, eligible_offers=len(pairs),
            holders=tuple(holders), nearest=tuple(self._nearest(request, excluded, by_educator, minutes)),
        )  # fmt: skip

    # ---- what blocks each offer --------------------------------------------------------------------------------
    def _blockers_at(self, request: Request, offer: Offer) -> list[_Blocker]:
        """Rules that block one offer for the request alone, in the order in which they are applied."""
        view = PairView(self._eligibility.terms, [request], [offer])
        found = [_blocker(rule) for rule, mask in self._eligibility.masks(view) if mask[0, 0]]
        return found or self._educator_blockers(request, offer)

    def _educator_blockers(self, request: Request, offer: Offer) -> list[_Blocker]:
        """The PE rules of the candidate who comes nearest; none if somebody may take the pair."""
        rules = self._eligibility.educator_rules
        slot = Slot(offer, request.stage, *self._eligibility.window(request, offer))
        candidates = rules.candidates(offer)
        if not candidates:
            return [_Blocker("E15", RULE_BY_ID["E15"].blocks)]
        nearest = min((rules.broken_rules(request, slot, c) for c in candidates), key=lambda b: (len(b), b))
        return [_Blocker(rule, RULE_BY_ID[rule].blocks) for rule in nearest]

    def _plan_blockers(self, request: Request, pair: Pair) -> list[_Blocker]:
        """What stands in the way of an eligible pair, given the rest of the plan; what nobody can free comes first."""
        offer, on = pair.offer, self._eligibility.policy.on
        found = [_Blocker(rule, RULE_BY_ID[rule].blocks) for rule in self._other_placement(request, pair)]
        here = self._at_offer.get(offer.offer, [])
        if on("L02") and len(here) >= offer.capacity:
            held = ", ".join(m.request for m in here)
            found.append(_Blocker("L02", f"its place is held by {held}" if held else "it has no place"))
        elif on("L03") and all(self._is_busy(c, pair) for c in pair.educators):
            holders = {m.request for c in pair.educators for m in self._overlapping(c.pe, pair)}
            held = ", ".join(sorted(holders, key=natural_key))
            found.append(_Blocker("L03", f"its PE is taken by {held}" if held else RULE_BY_ID["L03"].blocks))
        agency = self._dataset.agency_by_id.get(offer.agency)
        most = None if agency is None else agency.maximum_in_year
        if on("L10") and most is not None and self._at_agency[offer.agency] >= most:
            found.append(_Blocker("L10", f"{offer.agency} takes at most {most} in the year"))
        if on("L07") and self._only_independents(pair) and self._cap_reached(pair):
            found.append(_Blocker("L07", RULE_BY_ID["L07"].blocks))
        return found

    def _only_independents(self, pair: Pair) -> bool:
        counting = self._eligibility.policy.independent_counts
        free = [c for c in pair.educators if not self._is_busy(c, pair)]
        return bool(free) and all(c.educator is not None and c.educator.employed_by in counting for c in free)

    def _cap_reached(self, pair: Pair) -> bool:
        """Whether one more placement with an independent PE in the pair's academic year would exceed the cap."""
        year = self._academic_year(pair.window[0])
        if year not in self._cap:
            self._cap[year] = self._cap_reached_in(year)
        return self._cap[year]

    def _cap_reached_in(self, year: int) -> bool:
        policy, terms = self._eligibility.policy, self._eligibility.terms
        this_year = self._academic_year(terms.as_of) == year
        placements = policy.placements_so_far if this_year else 0
        independents = policy.independents_so_far if this_year else 0
        for match in self._match_by_request.values():
            if match.start is not None and self._academic_year(match.start) == year:
                educator = self._dataset.educator_by_id.get(match.pe or "")
                placements += 1
                independents += educator is not None and educator.employed_by in policy.independent_counts
        return 100 * (independents + 1) > policy.independent_cap_percent * (placements + 1)

    def _academic_year(self, day: date) -> int:
        return day.year if day.strftime("%m-%d") >= self._eligibility.policy.year_starts else day.year - 1

    def _is_busy(self, candidate: Candidate, pair: Pair) -> bool:
        """Whether matches and commitments in the window together leave the PE no load."""
        start, end = pair.window
        taken = sum(
            c.number
            for c in self._commitments.get(candidate.pe, ())
            if (c.first_day or start) <= end and (c.last_day or end) >= start
        )
        return len(self._overlapping(candidate.pe, pair)) + taken >= candidate.people

    def _overlapping(self, pe: str, pair: Pair) -> list[Match]:
        start, end = pair.window
        return [m for m in self._with_pe.get(pe, ()) if m.start and m.end and m.start <= end and start <= m.end]

    def _other_placement(self, request: Request, pair: Pair) -> tuple[str, ...]:
        """Two-placement rules that the pair would break with the student's other placement."""
        eligibility = self._eligibility
        student = eligibility.horizon.by_student[request.student]
        here = eligibility.placement(request, pair.offer, pair.window)
        if request.stage == "final" and student.first is None:
            return eligibility.broken_with_history(request, here)
        other = student.first if request.stage == "final" else student.final
        match = self._match_by_request.get(other.request) if other else None
        if other is None or match is None or match.start is None or match.end is None:
            return ("L06",) if request.stage == "final" and eligibility.policy.on("L06") else ()
        there = eligibility.placement(other, self._dataset.offer_by_id[match.offer], (match.start, match.end))
        first, final = (there, here) if request.stage == "final" else (here, there)
        return eligibility.broken_together(request.student, first, final)

    # ---- words -------------------------------------------------------------------------------------------------
    def _main_reason(
        self, request: Request, pairs: tuple[Pair, ...], removed: tuple[Blocked, ...], holders: list[str]
    ) -> tuple[str, str]:
        if self._dataset.tranche_by_id[request.tranche].status == "later":
            _, reason = self._reason(request, pairs, removed, holders)
            return "later", f"It belongs to a later tranche. For now: {reason[0].lower()}{reason[1:]}"
        return self._reason(request, pairs, removed, holders)

    def _reason(
        self, request: Request, pairs: tuple[Pair, ...], removed: tuple[Blocked, ...], holders: list[str]
    ) -> tuple[str, str]:
        if request.set_aside is not None:
            return "set aside", f"Its row was set aside: {request.set_aside}"
        if request.request in self._eligibility.fixes_set_aside:
            return "fix", self._fix_reason(request)
        if any(b.rule == "E02" for b in removed):
            return "E02", f"No offer can be used: {RULE_BY_ID['E02'].blocks} (E02)."
        other = self._eligibility.horizon.by_student[request.student].first
        waits_for_first = request.stage == "final" and other is not None and other.request not in self._match_by_request
        if waits_for_first and other is not None and self._eligibility.policy.on("L06"):
            return (
                "L06",
                f"Its first placement ({other.request}) is not placed, and a final goes only with its first (L06).",
            )
        if not pairs:
            return "none eligible", self._none_eligible(removed)
        return self._eligible_reason(request, pairs, holders)

    def _none_eligible(self, removed: tuple[Blocked, ...]) -> str:
        """Offers of another stage, tranche or length say little: the sentence is about the others."""
        others = [b for b in removed if b.rule != STRUCTURAL]
        if not others:
            return "No offer takes this stage in this tranche and holds its days (E01)."
        why = "; ".join(f"{b.offers} because {RULE_BY_ID[b.rule].blocks} ({b.rule})" for b in others[:4])
        number = sum(b.offers for b in others)
        which = "The one offer" if number == 1 else f"None of the {number} offers"
        cannot = "cannot" if number == 1 else "can"
        return f"{which} of this stage, tranche and length {cannot} be used: {why}."

    def _fix_reason(self, request: Request) -> str:
        book = self._eligibility.terms.decisions
        fix = book.fixes[request.request]
        if request.request in book.contradicting:
            return f"Two decisions fix it differently (one is {fix.id}): withdraw one of them."
        if fix.offer is None or fix.offer not in self._dataset.offer_by_id:
            return f"It is fixed to {fix.offer}, which is not listed."
        rules = [b.rule for b in self._blockers_at(request, self._dataset.offer_by_id[fix.offer])]
        if not rules and fix.pe:
            offer = self._dataset.offer_by_id[fix.offer or ""]
            slot = Slot(offer, request.stage, *self._eligibility.window(request, offer))
            candidates = {c.pe: c for c in self._eligibility.educator_rules.candidates(offer)}
            candidate = candidates.get(fix.pe)
            rules = (
                list(self._eligibility.educator_rules.broken_rules(request, slot, candidate))
                if candidate
                else ["E19" if offer.educators else "E15"]
            )
        words = "; ".join(f"{RULE_BY_ID[r].blocks} ({r})" for r in rules)
        pair = f"{fix.offer} with {fix.pe}" if fix.pe else f"{fix.offer}"
        return f"It is fixed to {pair}, which cannot be: {words or 'not listed'}."

    def _eligible_reason(self, request: Request, pairs: tuple[Pair, ...], holders: list[str]) -> tuple[str, str]:
        """Each offer that fits the request alone is counted by the first thing that stands in its way."""
        per_pair = [self._plan_blockers(request, p) for p in pairs]
        counts = Counter(b[0].rule if b else "" for b in per_pair)
        ordered = sorted(counts.items(), key=lambda x: (-x[1], x[0]))
        code = ordered[0][0] or "limits"
        if len(ordered) == 1:
            number = "1 offer fits" if len(pairs) == 1 else f"{len(pairs)} offers fit"
            return code, f"{number} this request alone, but {self._what(request, code, holders)}."
        reasons = [f"at {n} {self._what(request, rule, holders)}" for rule, n in ordered]
        return code, f"{len(pairs)} offers fit this request alone, but {'; '.join(reasons)}."

    def _what(self, request: Request, rule: str, holders: list[str]) -> str:
        if rule == "L04" and self._eligibility.first_of_final(request.request) is None:
            return "its first placement is not recorded, so the final has to be statutory (L04)"
        if rule in ("", "limits"):
            return "a limit of the whole plan or an aim that comes first leaves none"
        if rule in ("L02", "L03") and holders:
            shown = ", ".join(holders[:4]) + (" and others" if len(holders) > 4 else "")
            return f"{RULE_BY_ID[rule].blocks} by {shown} ({rule})"
        return f"{RULE_BY_ID[rule].blocks} ({rule})"

    # ---- the nearest -------------------------------------------------------------------------------------------
    def _nearest(
        self, request: Request, excluded: "_Excluded", by_educator: dict[int, list[_Blocker]], minutes: Codes
    ) -> list[Near]:
        """The offers with the fewest rules in the way, the nearest first among equals."""
        offers, pairs = (
            self._dataset.offers,
            {p.offer.offer: p for p in self._eligibility.pairs.get(request.request, ())},
        )
        far = np.where(minutes < 0, 10**6, minutes)
        rows: list[tuple[tuple[int, int, int], int, list[_Blocker]]] = []
        for index, own in by_educator.items():
            pair = pairs.get(offers[index].offer)
            found = own or (self._plan_blockers(request, pair) if pair else [])
            rows.append(((len(found), int(far[index]), int(self._rank[index])), index, found))
        number = excluded.number(len(offers))
        blocked = np.flatnonzero(number)
        for index in blocked[np.lexsort((self._rank[blocked], far[blocked], number[blocked]))].tolist():
            if len(rows) >= NEAREST + len(by_educator):
                break
            if self._concerns(request, offers[index]):
                key = int(number[index]), int(far[index]), int(self._rank[index])
                rows.append((key, index, [_blocker(rule) for rule in excluded.rules_at(index)]))
        near = sorted((row for row in rows if self._concerns(request, offers[row[1]])), key=lambda row: row[0])
        return [
            self._near(offers[index], found, None if minutes[index] < 0 else int(minutes[index]))
            for _, index, found in near[:NEAREST]
        ]

    @staticmethod
    def _concerns(request: Request, offer: Offer) -> bool:
        """Whether the offer is of the request's tranche and stage at all."""
        return not offer.withdrawn and offer.tranche == request.tranche and offer.stage in ("either", request.stage)

    @staticmethod
    def _near(offer: Offer, found: list[_Blocker], minutes: int | None) -> Near:
        what = "; ".join(b.detail for b in found) or "an aim or limit of the whole plan comes first"
        who = "; ".join(dict.fromkeys(RULE_BY_ID[b.rule].unblocked_by for b in found)) or "the meeting"
        place = f"{offer.offer} ({offer.agency}, {offer.team})"
        rules = tuple(b.rule for b in found)
        return Near(offer=offer.offer, rules=rules, minutes=minutes, sentence=f"{place}: {what}.", who=who)


class _Excluded:
    """Which offers each rule about request and offer excludes for one request, rules in the order of applying."""

    def __init__(self, masks: dict[str, Mask]) -> None:
        self._masks = masks

    def number(self, offers: int) -> Codes:
        """How many rules exclude each offer."""
        found = np.zeros(offers, dtype=np.int32)
        for mask in self._masks.values():
            found += mask
        return found

    def nowhere(self, offers: int) -> list[int]:
        """Offers that no rule excludes."""
        return np.flatnonzero(self.number(offers) == 0).tolist()

    def first_rules(self) -> Counter[str]:
        """How many offers each rule is the first to exclude."""
        found, seen = Counter[str](), None
        for rule, mask in self._masks.items():
            new = mask if seen is None else mask & ~seen
            found[rule] += int(new.sum())
            seen = mask if seen is None else seen | mask
        return found

    def rules_at(self, offer: int) -> list[str]:
        """Rules that exclude one offer."""
        return [rule for rule, mask in self._masks.items() if mask[offer]]


def _blocker(rule: str) -> _Blocker:
    return _Blocker(rule, RULE_BY_ID[rule].blocks)
