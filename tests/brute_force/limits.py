"""What may not hold together (SEMANTICS S5): each limit is one small judgement of a whole plan.

``limits(case)`` writes down a limit for every row that can bind, so that vacuous ones cost nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial

from models.decisions import Decision
from models.entities import Commitment, Offer, Request
from tests.brute_force import company, shares
from tests.brute_force.candidates import Candidate, eligible, obeys
from tests.brute_force.case import Case
from tests.brute_force.days import covers
from tests.brute_force.guarantees import (
    contrasts,
    flag,
    guaranteed,
    least_of,
    may_host_interns,
    with_one_authority,
)

Plan = Sequence[Candidate]
Days = tuple[date, date]


@dataclass(frozen=True)
class Limit:
    """A limit: the rule it belongs to, and whether a plan's matches hold it."""

    rule: str
    holds: Callable[[Plan], bool]


def limits(case: Case) -> list[Limit]:
    """All limits of a case but max_changes, those of rules that are switched off left out."""
    every = [
        *_capacities(case), *_maxima(case), *_loads(case), *_pairs(case), *_alone(case), *_independents(case),
        *_fair_shares(case), *_minima(case), *_parts_of_agencies(case),
        *_companies(case),
    ]  # fmt: skip
    return [limit for limit in every if case.policy.on(limit.rule)]


def _at_most(new: int, kept: int, limit: Decimal | int) -> bool:
    """S5.1: kept matches come first and are never the violation; a half is no whole match."""
    return new <= max(0, limit - kept)


def _count_holds(matches: list[Candidate], limit: int, there: int = 0) -> bool:
    kept = sum(m.kept for m in matches)
    return _at_most(len(matches) - kept, kept + there, limit)


def _each_day_holds(
    matches: list[tuple[Candidate, bool]],
    limit: Decimal | int,
    taken: Sequence[Commitment],
    running: Sequence[Days] = (),
    shut: frozenset[date] = frozenset(),
) -> bool:
    """A daily limit; each match comes with whether it counts as kept, and what still runs counts so.

    On days on which the agency whose limit it is is shut nothing is judged.
    """
    if not taken and not running and len(matches) <= limit:
        return True
    new: Counter[date] = Counter()
    kept: Counter[date] = Counter()
    for match, is_kept in matches:
        (kept if is_kept else new).update(day for day in match.days if day not in shut)
    for first, last in running:
        kept.update(day for day in new if first <= day <= last)
    return all(
        _at_most(number, kept[day], max(Decimal(0), limit - sum(c.number for c in taken if covers(c, day))))
        for day, number in new.items()
    )


def _capacities(case: Case) -> Iterable[Limit]:
    for offer in case.dataset.offers:
        held = [d for d in case.decisions("hold") if d.offer == offer.offer]

        def holds(
            plan: Plan, name: str = offer.offer, capacity: int = offer.capacity, held: list[Decision] = held
        ) -> bool:
            there = [m for m in plan if m.offer.offer == name]
            named = {d.request for d in held if d.request}
            # S9.14: what is held for nobody is gone for everybody, all that is held for who has nothing of it
            for_all = capacity - sum(d.places or 0 for d in held if not d.request)
            for_others = capacity - sum(d.places or 0 for d in held)
            strangers = [m for m in there if m.request.request not in named]
            return _count_holds(there, for_all) and _count_holds(strangers, for_others)

        yield Limit("L02", holds)


def _running_at(case: Case, agency: str, team: str | None = None) -> list[Days]:
    """S1.8: what still runs at an agency, or in a team of it."""
    hosts = ((case.dataset.offer_by_id.get(row.offer), first, last) for row, first, last in case.running)
    return [(f, u) for o, f, u in hosts if o is not None and o.agency == agency and team in (None, o.team)]


def _maxima(case: Case) -> Iterable[Limit]:
    commitments = [c for c in case.dataset.commitments if c.agency is not None]
    for agency in case.dataset.agencies:
        if agency.maximum_at_once is not None:
            taken = [c for c in commitments if c.agency == agency.agency]

            def agency_holds(
                plan: Plan,
                name: str = agency.agency,
                most: int = agency.maximum_at_once,
                taken: list[Commitment] = taken,
            ) -> bool:
                here = [(m, m.kept) for m in plan if m.offer.agency == name]
                return _each_day_holds(here, most, taken, _running_at(case, name), case.shut(name))

            yield Limit("L02", agency_holds)
    for team in case.dataset.teams:
        if team.maximum_at_once is not None:
            taken = [c for c in commitments if (c.agency, c.team) == (team.agency, team.team)]

            def team_holds(
                plan: Plan,
                key: tuple[str, str] = (team.agency, team.team),
                most: int = team.maximum_at_once,
                taken: list[Commitment] = taken,
            ) -> bool:
                here = [(m, m.kept) for m in plan if (m.offer.agency, m.offer.team) == key]
                return _each_day_holds(here, most, taken, _running_at(case, *key), case.shut(key[0]))

            yield Limit("L02", team_holds)


def _loads(case: Case) -> Iterable[Limit]:
    for educator in case.dataset.educators:
        taken = [c for c in case.dataset.commitments if c.pe == educator.pe]

        def holds(
            plan: Plan, name: str = educator.pe, load: Decimal = educator.load, taken: list[Commitment] = taken
        ) -> bool:
            running = [(first, last) for row, first, last in case.running if row.pe == name]
            return _each_day_holds([(m, m.kept and not m.new_pe) for m in plan if m.pe == name], load, taken, running)

        yield Limit("L03", holds)

    def pools_hold(plan: Plan) -> bool:
        pools = {m.pe: m.who.places for m in plan if m.educator is None and m.who.places}
        for name, places in pools.items():
            running = [(first, last) for row, first, last in case.running if row.pe == name]
            here = [(m, m.kept and not m.new_pe) for m in plan if m.pe == name]
            if not _each_day_holds(here, places, (), running):
                return False
        return True

    yield Limit("L03", pools_hold)


def _alone(case: Case) -> Iterable[Limit]:
    """S5.5, S5.9: what binds a match whatever the student's other one."""
    for request in case.live.values():
        if least_of(case, request) == 2:

            def statutory_holds(plan: Plan, request: Request = request) -> bool:
                new = [m for m in plan if m.request is request and not m.kept]
                return all(flag(m, case.policy) != "no" for m in new)

            yield Limit("L04", statutory_holds)
        if case.student(request).scheme == "intern":

            def holds(plan: Plan, request: Request = request) -> bool:
                new = [m for m in plan if m.request is request and not m.kept]
                return all(may_host_interns(case, m.offer.agency) for m in new)

            yield Limit("L09", holds)


def _pairs(case: Case) -> Iterable[Limit]:
    """S5.4: the rules of one student's two placements."""
    for request in case.live.values():
        if request.stage == "final":
            for rule in ("E10", "L04", "L05", "L06", "L09"):

                def holds(plan: Plan, rule: str = rule, request: Request = request) -> bool:
                    return _pair_holds(case, plan, request, rule)

                yield Limit(rule, holds)


def _running_firsts(case: Case, final: Request) -> list[date]:
    """S5.4: the last days of the student's firsts of rounds before that still run."""
    rows = ((case.dataset.request_by_id.get(row.request), last) for row, _, last in case.running)
    return [last for r, last in rows if r is not None and (r.student, r.stage) == (final.student, "first")]


def _pair_holds(case: Case, plan: Plan, request: Request, rule: str) -> bool:
    policy, least = case.policy, least_of(case, request)
    final = next((m for m in plan if m.request is request), None)
    if final is None:
        return True
    if rule == "L06" and not final.kept and any(final.start <= last for last in _running_firsts(case, request)):
        return False
    live_first = case.sibling(request)
    if live_first is None:
        past = case.first_before(request.student)
        if final.kept:
            return True
        if past is None:
            return rule != "L04" or guaranteed([final], policy, least)
        if rule == "L04":
            return guaranteed([past, final], policy, least)
        if rule == "L05":
            return contrasts(case, past, final)
        return rule != "L09" or case.student(request).scheme != "intern" or with_one_authority(case, past, final)
    first = next((m for m in plan if m.request is live_first), None)
    if first is None:
        return rule != "L06" or final.kept
    if first.kept and final.kept:
        return True
    return {
        "E10": all(site not in final.offer.sites for site in first.offer.sites),
        "L04": guaranteed([first, final], policy, least),
        "L05": contrasts(case, first, final),
        "L06": final.start > first.end,
        "L09": case.student(request).scheme != "intern" or with_one_authority(case, first, final),
    }[rule]


def _counts_independent(case: Case, request: str, offer: str, pe: str | None) -> bool:
    educator, hosts = case.listed(pe), {o.offer: o for o in case.dataset.offers}
    members = {a.agency for a in case.dataset.agencies if a.membership in ("primary", "secondary")}
    is_pool = educator is None and pe is not None and "@" in pe and pe.split("@", 1)[1] == offer
    means: set[str] = set()
    if educator is not None and educator.employed_by in ("independent", "partnership"):
        means = {educator.employed_by, "off_site"} if offer in hosts else {educator.employed_by}
    elif educator is not None:
        means = set() if educator.employed_by in members else {"outside"}
        if offer in hosts and (hosts[offer].agency, hosts[offer].team) != (educator.employed_by, educator.team):
            means.add("off_site")
    elif is_pool and offer in hosts and hosts[offer].agency not in members:
        means = {"outside"}
    if not means & set(case.policy.independent_counts):
        return False
    return not case.exceptions("L07", request, offer, pe)


def _independents(case: Case) -> Iterable[Limit]:
    """S5.7: at most a percentage of each academic year's placements."""
    policy = case.policy
    fixed: Counter[int] = Counter()
    fixed_independent: Counter[int] = Counter()
    fixed[policy.academic_year(case.today)] += policy.placements_so_far
    fixed_independent[policy.academic_year(case.today)] += policy.independents_so_far
    for row, start in case.past:
        if start is not None:
            year = policy.academic_year(start)
            fixed[year] += 1
            fixed_independent[year] += _counts_independent(case, row.request, row.offer, row.pe)

    independent = cache(partial(_counts_independent, case))

    def holds(plan: Plan) -> bool:
        total, kept = fixed.copy(), fixed.copy()
        kept_independent, new_independent = fixed_independent.copy(), Counter[int]()
        for m in plan:
            year = policy.academic_year(m.start)
            stays = m.kept and not m.new_pe
            total[year] += 1
            kept[year] += stays
            if independent(m.request.request, m.offer.offer, m.pe):
                (kept_independent if stays else new_independent)[year] += 1
        cap = policy.independent_cap_percent
        return all(
            new_independent[year] == 0
            if 100 * kept_independent[year] > cap * kept[year]
            else 100 * (kept_independent[year] + new_independent[year]) <= cap * total[year]
            for year in total
        )

    yield Limit("L07", holds)


def _fair_shares(case: Case) -> Iterable[Limit]:
    if case.policy.fair_share_hard:
        besides = list(shares.besides(case).values())
        for (name, year), (floor, ceiling) in shares.ranges(case).items():

            def holds(
                plan: Plan,
                name: str = name,
                year: int = year,
                floor: int = floor,
                ceiling: int = ceiling,
                there: int = besides.count((year, name)),
            ) -> bool:
                here = [
                    m
                    for m in plan
                    if m.offer.agency == name
                    and shares.counts(case, m.request)
                    and shares.year_of(case, m.request.tranche) == year
                ]
                return len(here) + there >= floor and _count_holds(here, ceiling, there)

            yield Limit("L08", holds)


def _minima(case: Case) -> Iterable[Limit]:
    """S5.10."""
    for offer in case.dataset.offers:
        past = case.dataset.tranche_by_id[offer.tranche].status == "past"  # S8.9
        if offer.minimum is not None and not offer.withdrawn and not past:

            def offer_holds(
                plan: Plan,
                name: str = offer.offer,
                least: int = offer.minimum,
                always: bool = offer.minimum_kind == "always",
            ) -> bool:
                here = [m.kept for m in plan if m.offer.offer == name]
                return len(here) >= least or (all(here) and (any(here) or not always))

            yield Limit("L10", offer_holds)
    year_of = case.policy.academic_year
    asked = {year_of(t.first_day) for t in case.dataset.tranches if t.status == "deciding"}
    hosts = {o.offer: o.agency for o in case.dataset.offers}
    been = Counter((hosts.get(row.offer), year_of(start)) for row, start in case.past if start is not None)
    for agency in case.dataset.agencies:

        def agency_holds(
            plan: Plan,
            name: str = agency.agency,
            least: int | None = agency.minimum_in_year,
            most: int | None = agency.maximum_in_year,
        ) -> bool:
            here = [m for m in plan if m.offer.agency == name]
            for year in asked | {year_of(m.start) for m in here}:
                of_year, there = [m for m in here if year_of(m.start) == year], been[name, year]
                if year in asked and len(of_year) + there < (least or 0):
                    return False
                if most is not None and not _count_holds(of_year, most, there):
                    return False
            return True

        if agency.minimum_in_year is not None or agency.maximum_in_year is not None:
            yield Limit("L10", agency_holds)


def _parts_of_agencies(case: Case) -> Iterable[Limit]:
    """S5.12: of the places that an agency has in an academic year, a name's students have at most its part."""

    def year(offer: Offer) -> int | None:
        first_day = case.dataset.tranche_by_id[offer.tranche].first_day
        return case.policy.academic_year(first_day) if case.in_horizon(offer.tranche) else None

    for name, percent in case.policy.agency_part_percent.items():

        def holds(plan: Plan, name: str = name, percent: int = percent) -> bool:
            own = [m for m in plan if name in (case.student(m.request).university, case.student(m.request).programme)]
            for there in {(m.offer.agency, year(m.offer)) for m in own}:
                places = [o.capacity for o in case.dataset.offers if (o.agency, year(o)) == there and not o.withdrawn]
                most = next(n for n in range(sum(places) + 1) if 100 * n >= percent * sum(places))
                if there[1] is not None and not _count_holds(
                    [m for m in own if (m.offer.agency, year(m.offer)) == there], most
                ):
                    return False
            return True

        yield Limit("L11", holds)


def _companies(case: Case) -> Iterable[Limit]:
    """S5.13."""
    for decision in company.decided(case):

        def holds(plan: Plan, decision: Decision = decision) -> bool:
            return company.goes_well(case, decision, plan)

        yield Limit("L12", holds)


def moved_requests(case: Case) -> dict[str, str]:
    """S6.3: request -> published offer, for the rows in force that count as a change when they are not matched there.

    Freed by data or a decision: the pair is no longer eligible, the request is set aside, or a fix says otherwise.
    """
    found = {}
    for name, request in case.live.items():
        row, fix = case.published(request, "in_force"), case.fix(request)
        if row is None or request.set_aside is not None:
            continue
        offer = case.dataset.offer_by_id[row.offer]
        possible = [who for who in eligible(case, request, offer) if obeys(fix, offer.offer, who.pe)]
        if possible:
            found[name] = row.offer
    return found


def has_published(case: Case) -> bool:
    """S5.11: whether a published row is kept or in force."""
    return any(row.standing in ("kept", "in_force") for row in case.dataset.published)


def changes_are_limited(case: Case) -> bool:
    """S5.11: whether there is a published plan and a limit on its changes."""
    return case.policy.max_changes is not None and case.policy.on("max_changes") and has_published(case)


def count_moved(case: Case) -> Callable[[Plan], int]:
    """S6.3: how many published requests a plan moves, those of programmes left out included."""
    there = moved_requests(case)

    def count(plan: Plan) -> int:
        placed = {m.request.request: m.offer.offer for m in plan}
        return sum(placed.get(name) != offer for name, offer in there.items())

    return count
