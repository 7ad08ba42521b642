"""Every tier of the lexicographic order, recomputed exactly from dataset, policy and plan (SEMANTICS S6)."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cached_property

from allocator.checker.changes import moved_requests, other_educators
from allocator.checker.educator_rules import standing
from allocator.checker.facts import Facts
from allocator.checker.fair_share import Range, counts_in, ranges
from allocator.checker.placements import Placement, fixes
from allocator.checker.student_rules import first_of_final, waits_for_an_answer
from allocator.checker.travel import band, journey, number_of_bands
from allocator.checker.waiting import waits_for
from models.entities import Request, Student
from models.plan import Basis, TierResult
from models.policy import OTHERS, Policy, group_of, tier_order

FROM_OUTSIDE: tuple[Basis, ...] = ("PE needed", "independent", "practice_consultant", "elsewhere")
"""Where a PE of another team comes from, in the order of the policy's weights."""
LOTTERY_TICKETS = 1000


def priority_weight(policy: Policy, student: Student, request: Request) -> int:
    """The greatest weight that applies to a request (S6.9); 0 where none does."""
    found = [0]
    if request.displaced or student.waiting_since is not None:
        found.append(policy.priority_weights[0])
    if request.graduation_due:
        found.append(policy.priority_weights[1])
    if student.adjustments or student.limit_minutes is not None or student.caring:
        found.append(policy.priority_weights[2])
    if request.repeat:
        found.append(policy.priority_weights[3])
    return max(found)


def lottery_ticket(seed: int, tranche: str, request: str, offer: str) -> int:
    """Tie-break draw of a pair, 0 .. 999: it depends on ids and seed, never on names or the order of rows."""
    digest = hashlib.blake2b(f"{seed}|{tranche}|{request}|{offer}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % LOTTERY_TICKETS


class TierValues:
    """Values of the tiers for the placements that a plan states; programmes left out count nowhere (S6.0)."""

    def __init__(self, facts: Facts, placements: list[Placement]) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.every = {p.request.request: p for p in placements}
        left_out = set(self.policy.programmes_left_out)
        self.others = sum(p.student.programme in left_out for p in placements)
        self.matches = [p for p in placements if p.student.programme not in left_out]
        self.students = {
            name: requests
            for name, requests in facts.live_by_student.items()
            if facts.dataset.student_by_id[name].programme not in left_out
        }
        self.bands = number_of_bands(facts)

    # ----------------------------------------------------------------------------------------------- counting (S6.1)
    def placed(self, part: str) -> int:
        """Matches: finals and firsts of the tranches being decided, those of later ones, or all."""
        status = {t.tranche: t.status for t in self.facts.dataset.tranches}
        parts = Counter(
            "later" if status[p.request.tranche] == "later" else f"{p.request.stage}s" for p in self.matches
        )
        return parts.total() if part == "total" else parts[part]

    def complete(self) -> int:
        """Students with a live request, all of them met; interns count as the policy says."""
        return sum(
            self.policy.intern_counts if self.facts.dataset.student_by_id[name].scheme == "intern" else 1
            for name, requests in self.students.items()
            if all(r.request in self.every for r in requests.values())
        )

    def priority(self) -> int:
        """Greatest weights of placed requests."""
        return sum(priority_weight(self.policy, p.student, p.request) for p in self.matches)

    # ------------------------------------------------------------------------------------------------ changes (S6.3)
    def _counted(self, requests: tuple[str, ...]) -> int:
        return sum(self.facts.live[r].student in self.students for r in requests)

    def changes_offers(self) -> int:
        """Published requests now unplaced or elsewhere."""
        return self._counted(moved_requests(self.facts, self.every, fixes(self.facts)))

    def changes_educators(self) -> int:
        """Published requests at their offer with another PE."""
        return self._counted(other_educators(self.facts, self.every, fixes(self.facts)))

    # ---------------------------------------------------------------------------------------------- statutory (S6.2)
    def statutory_final(self) -> int:
        """Finals in statutory offers."""
        return sum(p.request.stage == "final" and self.facts.is_statutory(p.offer) for p in self.matches)

    def _in_group(self, name: str, group: str | None) -> bool:
        """Whether a student is in a group and in none that the policy names before it; None: everybody."""
        programme, stages = self.facts.dataset.student_by_id[name].programme, self.students[name]
        for earlier in self.policy.two_statutory_for:
            wanted, stage = group_of(earlier)
            if wanted == programme and (stage is None or stage in stages):
                return group in (None, earlier)
        return group in (None, OTHERS)

    def two_statutory(self, group: str | None = None) -> int:
        """Students with two statutory placements; of those without a live final, a statutory first."""
        total = 0
        for name, requests in self.students.items():
            if not self._in_group(name, group):
                continue
            first = first_of_final(self.facts, name, self.every)
            place = first.offer if isinstance(first, Placement) else first
            statutory_first = place is not None and self.facts.is_statutory(place)
            if "final" in requests:
                final = self.every.get(requests["final"].request)
                total += statutory_first and final is not None and self.facts.is_statutory(final.offer)
            else:
                total += statutory_first and isinstance(first, Placement)
        return total

    # ------------------------------------------------------------------------------- waiting, partners, PEs (S6.4-6)
    def firm(self) -> int:
        """Matches that wait for something of S6.4, and students whose guarantee waits for an answer."""
        resting = waits_for_an_answer(self.facts, list(self.every.values()))
        waiting = sum(bool(waits_for(self.facts, p)) for p in self.matches)
        return waiting + len({p.student.student for p in self.matches if p.request.request in resting})

    def partner_share(self) -> int:
        """Matches that primary and secondary agencies fall short of their part of all, rounded up."""
        wanted = -(-self.policy.partner_share_percent * len(self.matches) // 100)
        return max(0, wanted - sum(self.facts.is_partner(p.offer.agency) for p in self.matches))

    def own_educators(self) -> int:
        """Cost of PEs from outside the team; a blank PE costs nothing."""
        bases = Counter(p.basis for p in self.matches)
        weights = zip(FROM_OUTSIDE, self.policy.own_educator_weights, strict=True)
        return sum(weight * bases[basis] for basis, weight in weights)

    def trainee_finals(self) -> int:
        """Finals with a trainee PE above the part that the policy allows."""
        finals = [p for p in self.matches if p.request.stage == "final"]
        trainees = sum(p.pe is not None and p.pe.qualification in ("trainee_1", "trainee_2") for p in finals)
        return max(0, trainees - self.policy.trainee_finals_percent * len(finals) // 100)

    def trainees(self) -> int:
        """PEs who need a student by a date, not having qualified by then, and have no match that starts by then."""
        starts: defaultdict[str | None, list[Placement]] = defaultdict(list)
        for p in self.matches:
            starts[p.match.pe].append(p)
        return sum(
            e.withdrawn_from is None
            and e.needs_student_by is not None
            and not (e.qualification.startswith("trainee") and standing(e, e.needs_student_by).startswith("PEPS"))
            and not any(p.window.start <= e.needs_student_by for p in starts[e.pe])
            for e in self.facts.dataset.educators
        )

    # --------------------------------------------------------------------------------------------- fair share (S5.8)
    @cached_property
    def _with_range(self) -> list[tuple[int, Range]]:
        """Placements of every agency's year that has a range, programmes left out not counted, and that range."""
        left_out, students = self.policy.programmes_left_out, self.facts.dataset.student_by_id
        found = []
        for account, range_ in ranges(self.facts).items():
            there = [p for p in self.matches if p.offer.agency == account.agency]
            number = sum(counts_in(self.facts, p.request, account.year) for p in there)
            requests = [r for _, r in range_.outside]
            number += sum(r is None or students[r.student].programme not in left_out for r in requests)
            found.append((number, range_))
        return found

    def fair_share(self) -> int:
        """Placements missing below the floors."""
        return sum(max(0, r.floor - number) for number, r in self._with_range)

    def overload(self) -> int:
        """Placements above the ceilings."""
        return sum(max(0, number - r.ceiling) for number, r in self._with_range)

    # --------------------------------------------------------------------------- preferences, travel, lottery (S6.7-8)
    @cached_property
    def _in_band(self) -> Counter[int]:
        return Counter(band(self.facts, p.request, p.offer, self.bands) for p in self.matches)

    def preferences(self, part: str) -> int:
        """Matches in a band, or the total of the bands."""
        if part == "sum":
            return sum(number * count for number, count in self._in_band.items())
        return self._in_band[int(part.removeprefix("band"))]

    def travel(self) -> int:
        """Total minutes one way; where they are not known, the policy's limit."""
        minutes = (journey(self.facts, p.student, p.offer).minutes for p in self.matches)
        return sum(self.policy.travel_limit if m is None else m for m in minutes)

    def lottery(self) -> int:
        """Total of the tickets; who lost out before has more for every band that is better than the worst (S6.11)."""
        total = 0
        for p in self.matches:
            total += lottery_ticket(self.policy.seed, p.request.tranche, p.request.request, p.offer.offer)
            if p.student.lost_out_before:
                better = self.bands - band(self.facts, p.request, p.offer, self.bands)
                total += self.policy.draw_lost_out * (better + 1)
        return total


WHOLE: dict[str, Callable[[TierValues], int]] = {
    "complete": TierValues.complete,
    "priority": TierValues.priority,
    "changes.offers": TierValues.changes_offers,
    "changes.educators": TierValues.changes_educators,
    "statutory_final": TierValues.statutory_final,
    "two_statutory": TierValues.two_statutory,
    "firm": TierValues.firm,
    "partner_share": TierValues.partner_share,
    "own_educators": TierValues.own_educators,
    "trainee_finals": TierValues.trainee_finals,
    "trainees": TierValues.trainees,
    "fair_share": TierValues.fair_share,
    "overload": TierValues.overload,
    "travel": TierValues.travel,
    "left_out": lambda values: values.others,
    "lottery": TierValues.lottery,
}
"""Tiers that are one number."""
PARTED: dict[str, Callable[[TierValues, str], int]] = {
    "placed": TierValues.placed,
    "preferences": TierValues.preferences,
    "two_statutory": TierValues.two_statutory,
}
"""Tiers with parts."""


def recompute(facts: Facts, placements: list[Placement]) -> tuple[TierResult, ...]:
    """Value of every tier that the policy asks for, in its order.

    Parameters
    ----------
    facts
        Dataset and policy.
    placements
        What the plan places.

    Returns
    -------
    tuple of TierResult
        Name, sense and value; nothing is said about bounds.
    """
    values = TierValues(facts, placements)
    found: list[TierResult] = []
    for tier in tier_order(facts.policy, values.bands, facts.has_published):
        policy_name, _, part = tier.name.partition(".")
        value = WHOLE[tier.name](values) if tier.name in WHOLE else PARTED[policy_name](values, part)
        found.append(TierResult(tier=tier.name, sense=tier.sense, value=value))
    return tuple(found)
