"""The value of a plan on every tier of the lexicographic order (SEMANTICS S6)."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from models.entities import Educator, History, Offer
from models.policy import Policy, Tier, group_of, tier_order
from tests.brute_force import shares
from tests.brute_force.candidates import Candidate, bands, eligible, obeys
from tests.brute_force.case import Case
from tests.brute_force.educators import qualification_on
from tests.brute_force.guarantees import flag, least_of, statutory
from tests.brute_force.limits import Plan, has_published, moved_requests

Measure = Callable[[Plan], int]


def measures(case: Case) -> list[tuple[Tier, Measure]]:
    """Every tier that the policy asks for, with its measure of a plan (already without the programmes left out)."""
    order = tier_order(case.policy, bands(case), has_published(case))
    return [(tier, _measure(case, tier.name)) for tier in order]


def _measure(case: Case, name: str) -> Measure:
    if name.startswith("two_statutory."):
        return _two_statutory(case, name.removeprefix("two_statutory."))
    if name.startswith("preferences.band"):
        number = int(name.removeprefix("preferences.band"))
        return lambda plan: sum(m.band == number for m in plan)
    return {
        "placed.finals": lambda plan: sum(m.deciding and m.request.stage == "final" for m in plan),
        "placed.firsts": lambda plan: sum(m.deciding and m.request.stage == "first" for m in plan),
        "placed.later": lambda plan: sum(not m.deciding for m in plan),
        "placed.total": len,
        "complete": _complete(case),
        "priority": lambda plan: sum(m.priority for m in plan),
        "changes.offers": _changed_offers(case),
        "changes.educators": _changed_educators(case),
        "statutory_final": lambda plan: sum(
            m.request.stage == "final" and statutory(m, case.policy) for m in plan
        ),
        "two_statutory": _two_statutory(case),
        "firm": lambda plan: sum(m.waits for m in plan)
        + len({m.request.student for m in plan if _guarantee_open(case, plan, m)}),
        "partner_share": _partner_share(case),
        "own_educators": lambda plan: sum(outside(case.policy, m.who.basis) for m in plan),
        "trainee_finals": _trainee_finals(case),
        "trainees": _trainees(case),
        "fair_share": _outside_range(case, below=True),
        "overload": _outside_range(case, below=False),
        "preferences.sum": lambda plan: sum(m.band for m in plan),
        "travel": lambda plan: sum(m.minutes for m in plan),
        "left_out": lambda plan: sum(not m.counted for m in plan),
        "lottery": lambda plan: sum(m.lottery for m in plan),
    }[name]  # fmt: skip


def counted(plan: Plan) -> list[Candidate]:
    """S6.0: the matches that tiers count, but for ``left_out``."""
    return [m for m in plan if m.counted]


def _left_out(case: Case, student: str) -> bool:
    return case.dataset.student_by_id[student].programme in case.policy.programmes_left_out


def outside(policy: Policy, basis: str) -> int:
    """S6.5: what it counts that a PE is not of the team."""
    needed, independent, consultant, elsewhere = policy.own_educator_weights
    return {
        "PE needed": needed, "independent": independent, "practice_consultant": consultant, "elsewhere": elsewhere,
    }.get(basis, 0)  # fmt: skip


def _complete(case: Case) -> Measure:
    needed: dict[str, set[str]] = {}
    for request in case.live.values():
        if not _left_out(case, request.student):
            needed.setdefault(request.student, set()).add(request.request)
    interns = {s.student for s in case.dataset.students if s.scheme == "intern"}
    worth = {s: case.policy.intern_counts if s in interns else 1 for s in needed}

    def measure(plan: Plan) -> int:
        met = {m.request.request for m in plan}
        return sum(worth[s] for s, names in needed.items() if names <= met)

    return measure


def _changed_offers(case: Case) -> Measure:
    there = {r: o for r, o in moved_requests(case).items() if not _left_out(case, case.live[r].student)}

    def measure(plan: Plan) -> int:
        placed = {m.request.request: m.offer.offer for m in plan}
        return sum(placed.get(name) != offer for name, offer in there.items())

    return measure


def _changed_educators(case: Case) -> Measure:
    before: dict[tuple[str, str], str] = {}
    for request in case.live.values():
        row = case.published(request, "in_force")
        if row is None or row.pe is None or case.listed(row.pe) is None:
            continue
        here, fix = case.dataset.offer_by_id[row.offer], case.fix(request)
        if row.pe in [who.pe for who in eligible(case, request, here) if obeys(fix, here.offer, who.pe)]:
            before[row.request, row.offer] = row.pe

    def measure(plan: Plan) -> int:
        return sum(before.get((m.request.request, m.offer.offer), m.pe) != m.pe for m in plan)

    return measure


def _two_statutory(case: Case, group: str = "") -> Measure:
    policy = case.policy
    students = {r.student for r in case.live.values()}
    if group:  # S6.2: who is in this group and in none before it; in the last, who is in none
        left, named = set(students), dict[str, set[str]]()
        for name in policy.two_statutory_for:
            programme, stage = group_of(name)
            those = {r.student for r in case.live.values() if stage in (None, r.stage)}
            named[name] = {s for s in left & those if case.dataset.student_by_id[s].programme == programme}
            left -= named[name]
        students = named.get(group, left)
    finals = {r.student: r for r in case.live.values() if r.stage == "final"}

    def counts(student: str, matches: list[Candidate]) -> bool:
        first = next((m for m in matches if m.request.stage == "first"), None)
        final = next((m for m in matches if m.request.stage == "final"), None)
        if student not in finals:
            return first is not None and statutory(first, policy)
        if final is None or not statutory(final, policy):
            return False
        if case.sibling(finals[student]) is not None:
            return first is not None and statutory(first, policy)
        past = case.first_before(student)
        return past is not None and statutory(past, policy)

    def measure(plan: Plan) -> int:
        return sum(counts(s, [m for m in plan if m.request.student == s]) for s in students)

    return measure


def _guarantee_open(case: Case, plan: Plan, final: Candidate) -> bool:
    """S5.5, S6.4: whether the guarantee of a match's student needs an answer that nobody has."""
    least = least_of(case, final.request)
    if not case.policy.on("L04") or least == 0:
        return False
    if least == 2 and flag(final, case.policy) == "not_known":
        return True
    if final.request.stage != "final":
        return False
    live_first = case.sibling(final.request)
    first: History | Offer | Candidate | None = case.first_before(final.request.student)
    if live_first is not None:
        first = next((m for m in plan if m.request is live_first), None)
        if first is None:
            return False
    flags = {flag(row, case.policy) for row in (first, final) if row is not None}
    if least == 2:
        return first is None or flag(first, case.policy) == "not_known"
    return "not_known" in flags and not flags & {"yes", "by_equivalence"}


def _partner_share(case: Case) -> Measure:
    partners = {a.agency for a in case.dataset.agencies if a.membership in ("primary", "secondary")}

    def measure(plan: Plan) -> int:
        wanted = -(-case.policy.partner_share_percent * len(plan) // 100)
        return max(0, wanted - sum(m.offer.agency in partners for m in plan))

    return measure


def _trainee_finals(case: Case) -> Measure:
    def measure(plan: Plan) -> int:
        finals = [m for m in plan if m.request.stage == "final"]
        trainees = sum(m.who.is_on(m.start) in ("trainee_1", "trainee_2") for m in finals)
        return max(0, trainees - case.policy.trainee_finals_percent * len(finals) // 100)

    return measure


def _qualified_by(educator: Educator, day: date) -> bool:
    """S6.6: a trainee who is one no more on that day."""
    return educator.qualification.startswith("trainee") and qualification_on(educator, day).startswith("PEPS")


def _trainees(case: Case) -> Measure:
    waiting = [
        (e.pe, e.needs_student_by)
        for e in case.dataset.educators
        if e.needs_student_by is not None and e.withdrawn_from is None and not _qualified_by(e, e.needs_student_by)
    ]

    def measure(plan: Plan) -> int:
        return sum(not any(m.pe == pe and m.start <= by for m in plan) for pe, by in waiting)

    return measure


def _outside_range(case: Case, *, below: bool) -> Measure:
    ranges, left_out = shares.ranges(case), case.policy.programmes_left_out
    fixed: Counter[tuple[str | None, int]] = Counter()
    for request_id, (year, host) in shares.besides(case).items():
        request = case.dataset.request_by_id.get(request_id)
        fixed[host, year] += request is None or case.student(request).programme not in left_out

    def measure(plan: Plan) -> int:
        total = 0
        for (name, year), (floor, ceiling) in ranges.items():
            here = [m.request for m in plan if m.offer.agency == name]
            number = fixed[name, year]
            number += sum(shares.counts(case, r) and shares.year_of(case, r.tranche) == year for r in here)
            total += max(0, floor - number if below else number - ceiling)
        return total

    return measure
