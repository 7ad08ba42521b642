"""The limits on numbers: L01, fixes, L02, L03, L07, L08, L10 and max_changes, each a function that adds its rows.

"At most" binds new matches only: new <= max(0, limit - kept), so that kept matches alone never make a plan
impossible (SEMANTICS S5.1).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pulp

from allocator.reference.columns import Column, fits
from allocator.reference.dates import Window, WorkingDays
from allocator.reference.fair_share import ranges, shared_in
from allocator.reference.model import Model
from models.entities import INDEPENDENT, PARTNERSHIP, Commitment, Published
from models.policy import Tier

FEWEST = Tier(name="forced_changes", sense="min")
"""Solved before all tiers where changes are limited: how many published matches move whatever the plan (S5.11)."""


def l01_one_match(model: Model) -> None:
    """For every request: sum x <= 1; for a kept one: sum x = 1."""
    for request in model.facts.live:
        placed = model.placed(request.request)
        kept = request.request in model.facts.kept
        model.require("L01", request.request, placed == 1 if kept else placed <= 1)


def e16_fixes(model: Model) -> None:
    """For every fix that is not set aside: the sum of x over what it asks for = 1 (S1.6)."""
    for request, fix in model.fixed.items():
        model.require("E16", f"fix_{request}", model.total(c for c in model.by_request[request] if fits(fix, c)) == 1)


def l02_capacity(model: Model) -> None:
    """Offer: new <= max(0, capacity - kept). Team and agency, every working day: the same with the maximum less others.

    The others are commitments on that day; an agency's include its teams' (S5.2). Places that are held for no request
    are no capacity; those that are held for requests are none for all other requests (S9.14).
    """
    data = model.facts.dataset
    for offer in model.facts.offers:
        here = model.by_offer[offer.offer]
        holds = [d for d in model.facts.decisions("hold") if d.offer == offer.offer]
        for_nobody = sum(d.places or 0 for d in holds if d.request is None)
        _at_most(model, "L02", f"offer_{offer.offer}", here, offer.capacity - for_nobody)
        owners = {d.request for d in holds if d.request is not None}
        if owners:
            others = [c for c in here if c.request.request not in owners]
            held = sum(d.places or 0 for d in holds)
            _at_most(model, "L02", f"offer_{offer.offer}_held", others, offer.capacity - held)
    for team in data.teams:
        key = (team.agency, team.team)
        if team.maximum_at_once is not None:
            here = [c for c in model.columns if (c.offer.agency, c.offer.team) == key]
            taken = [c for c in data.commitments if (c.agency, c.team) == key]
            use = _Use.of(here, model.facts.running_at(*key))
            days = model.facts.working_days_at(team.agency)
            _at_once(model, "L02", f"team_{team.agency}_{team.team}", use, team.maximum_at_once, taken, days)
    for agency in data.agencies:
        if agency.maximum_at_once is not None:
            here = [c for c in model.columns if c.offer.agency == agency.agency]
            taken = [c for c in data.commitments if c.agency == agency.agency]
            use = _Use.of(here, model.facts.running_at(agency.agency))
            days = model.facts.working_days_at(agency.agency)
            _at_once(model, "L02", f"agency_{agency.agency}", use, agency.maximum_at_once, taken, days)


def l03_load(model: Model) -> None:
    """Listed PE, every working day: new <= max(0, load - commitments - kept). Pool: matches at once <= its people.

    A kept match whose PE is chosen anew is new here (S5.1).
    """
    by_pe: dict[str, list[Column]] = {}
    for column in model.columns:
        if column.candidate is not None:
            by_pe.setdefault(column.pe, []).append(column)
    for pe, here in by_pe.items():
        listed = model.facts.dataset.educator_by_id.get(pe)
        places = max(c.candidate.places for c in here if c.candidate is not None)
        most = listed.load if listed is not None else places
        running = [window for row, window in model.facts.running if row.pe == pe]
        use = _Use([c for c in here if not c.educator_kept], [*(c.window for c in here if c.educator_kept), *running])
        taken = [c for c in model.facts.dataset.commitments if c.pe == pe]
        _at_once(model, "L03", pe, use, most, taken, model.facts.working_days)


def l07_independents(model: Model) -> None:
    """For every academic year: 100 I <= cap P; no new I where the settled parts alone have 100 I > cap P (S5.7).

    I: matches with an independent PE and no exception; P: all matches; both with what was published and is over, and
    with what the policy says happened so far. Settled: kept with a kept PE, published and over, so far.
    """
    policy = model.facts.policy
    so_far = policy.academic_year(model.facts.today)
    over = [
        (policy.academic_year(start), _is_independent(model, row.pe, row.request, row.offer))
        for row, start in model.facts.earlier
        if start is not None
    ]
    years = {so_far, *(_year(model, c) for c in model.columns), *(year for year, _ in over)}
    for year in sorted(years):
        here = [c for c in model.columns if _year(model, c) == year]
        independent = [c for c in here if _is_independent(model, c.pe, c.request.request, c.offer.offer)]
        i_fixed = sum(counts for y, counts in over if y == year) + (policy.independents_so_far if year == so_far else 0)
        p_fixed = sum(1 for y, _ in over if y == year) + (policy.placements_so_far if year == so_far else 0)
        cap = policy.independent_cap_percent
        i_settled = i_fixed + sum(1 for c in independent if c.educator_kept)
        p_settled = p_fixed + sum(1 for c in here if c.educator_kept)
        if 100 * i_settled > cap * p_settled:
            model.require("L07", f"{year}_no_new", model.total(c for c in independent if not c.educator_kept) <= 0)
        elif independent:
            difference = model.weighted([*((c, 100) for c in independent), *((c, -cap) for c in here)])
            model.require("L07", f"{year}", difference <= cap * p_fixed - 100 * i_fixed)


def l08_fair_share(model: Model) -> None:
    """By switch, for every agency with a range: n >= floor; new <= max(0, ceiling - kept) (S5.8)."""
    if not model.facts.policy.fair_share_hard:
        return
    for (agency, year), asked in ranges(model.facts).items():
        here = [c for c in model.columns if c.offer.agency == agency and shared_in(model.facts, c.request) == year]
        others = len(asked.others)
        model.require("L08", f"floor_{agency}_{year}", model.total(here) >= asked.floor - others)
        _at_most(model, "L08", f"ceiling_{agency}_{year}", here, asked.ceiling, others)


def l10_minimum_and_maximum(model: Model) -> None:
    """Offer: n >= minimum (always), or n = 0 or n >= minimum (if opened). Agency, by year of start, with placements
    that no plan decides: n >= minimum, where a tranche being decided starts in the year; new <= maximum - kept.

    If opened, with a binary "open": minimum * open <= n <= capacity or all requests * open (S5.10). Beside kept
    matches, whatever the kind: (minimum - kept) * open <= new <= all requests * open.
    """
    for offer in model.facts.offers:
        if offer.minimum is None or offer.withdrawn or offer.tranche not in model.facts.horizon:
            continue
        kept = len(_requests([c for c in model.by_offer[offer.offer] if c.kept]))
        new = [c for c in model.by_offer[offer.offer] if not c.kept]
        if offer.minimum_kind == "always" and not kept:
            model.require("L10", f"always_{offer.offer}", model.total(new) >= offer.minimum)
        elif kept < offer.minimum:
            opened, here = model.integer(f"open_{offer.offer}", 1), model.total(new)
            model.require("L10", f"least_if_opened_{offer.offer}", here - (offer.minimum - kept) * opened >= 0)
            model.require("L10", f"none_unless_opened_{offer.offer}", here - len(_requests(new)) * opened <= 0)
    policy, data = model.facts.policy, model.facts.dataset
    first_years = {policy.academic_year(t.first_day) for t in data.tranches if t.status == "deciding"}
    for agency in data.agencies:
        columns = [c for c in model.columns if c.offer.agency == agency.agency]
        theirs = {o.offer for o in data.offers if o.agency == agency.agency}
        starts = [start for row, start in model.facts.earlier if row.offer in theirs]
        earlier = Counter(policy.academic_year(start) for start in starts if start is not None)
        for year in sorted({*first_years, *(_year(model, c) for c in columns)}):
            in_year, name = [c for c in columns if _year(model, c) == year], f"{agency.agency}_{year}"
            if agency.minimum_in_year is not None and year in first_years:
                needed = agency.minimum_in_year - earlier[year]
                model.require("L10", f"minimum_{name}", model.total(in_year) >= needed)
            if agency.maximum_in_year is not None:
                _at_most(model, "L10", f"maximum_{name}", in_year, agency.maximum_in_year, earlier[year])


def l11_part_of_agency(model: Model) -> None:
    """Agency, academic year of the offers' tranches, university or programme with a part: new <= limit - kept.

    The limit is part x places / 100, rounded up; places are those of offers in the horizon, withdrawn ones left out
    (S5.12).
    """
    facts = model.facts
    year_of = {
        t.tranche: facts.policy.academic_year(t.first_day)
        for t in facts.dataset.tranches if t.tranche in facts.horizon
    }  # fmt: skip
    offers = [o for o in facts.offers if o.tranche in year_of]
    for agency, year in sorted({(o.agency, year_of[o.tranche]) for o in offers}):
        here = {o.offer: o for o in offers if (o.agency, year_of[o.tranche]) == (agency, year)}
        places = sum(o.capacity for o in here.values() if not o.withdrawn)
        columns = [c for c in model.columns if c.offer.offer in here]
        for name, part in facts.policy.agency_part_percent.items():
            own = [c for c in columns if _has_name(model, c, name)]
            _at_most(model, "L11", f"{name}_{agency}_{year}", own, (part * places + 99) // 100)


def _has_name(model: Model, column: Column, name: str) -> bool:
    """Whether a column is of a student of a university or programme."""
    student = model.facts.student(column.request)
    return name in (student.programme, student.university)


def changes_are_limited(model: Model) -> bool:
    """Whether there is a published plan and a limit on its changes (S5.11); blank: no limit."""
    policy = model.facts.policy
    return policy.max_changes is not None and policy.on("max_changes") and model.facts.has_published


def moved(model: Model) -> pulp.LpAffineExpression:
    """Published requests in force that are unplaced or at another offer: rows - those that stay (S6.3)."""
    rows = still_possible(model)
    stay = model.total(c for row in rows for c in model.by_request[row.request] if c.offer.offer == row.offer)
    left: pulp.LpAffineExpression = len(rows) - stay
    return left


def max_changes(model: Model, fewest: int) -> None:
    """Moved requests <= the fewest under all other rows + max_changes (S5.11)."""
    if changes_are_limited(model):
        model.require("max_changes", "all", moved(model) <= fewest + (model.facts.policy.max_changes or 0))


def still_possible(model: Model) -> list[Published]:
    """Published rows in force whose request is live and whose pair is still eligible with some PE (S6.3).

    A request that a fix sends to another offer was freed by a decision (S8.1).
    """
    return [
        row
        for row in model.facts.dataset.published
        if row.standing == "in_force"
        and any(c.offer.offer == row.offer for c in model.by_request[row.request])
        and not (row.request in model.fixed and model.fixed[row.request].offer != row.offer)
    ]


class _Use:
    """Who takes room on a day: new columns, and the windows of matches that are there anyway."""

    def __init__(self, new: list[Column], kept: list[Window]) -> None:
        self.new = new
        self.kept = kept

    @classmethod
    def of(cls, columns: list[Column], running: list[Window]) -> "_Use":
        """Where a kept match counts as kept whatever its PE: one window for each kept request; and what still runs."""
        kept = {c.request.request: c.window for c in columns if c.kept}
        return cls([c for c in columns if not c.kept], [*kept.values(), *running])


def _at_once(
    model: Model,
    rule: str,
    subject: str,
    use: _Use,
    most: Decimal | int,
    taken: Sequence[Commitment],
    working_days: WorkingDays,
) -> None:
    """On every one of some working days: new <= max(0, max(0, most - commitments, its whole part) - kept).

    Days with the same new columns make one row, that of the least room.
    """
    days = sorted({day for window in {c.window for c in use.new} for day in working_days.between(window)})
    tightest: dict[tuple[Column, ...], tuple[int, date]] = {}
    for day in days:
        others = sum(c.number for c in taken if (c.first_day or date.min) <= day <= (c.last_day or date.max))
        room = max(0, max(0, int(most - others)) - sum(1 for window in use.kept if _is_on(window, day)))
        present = tuple(c for c in use.new if _is_on(c.window, day))
        if present not in tightest or room < tightest[present][0]:
            tightest[present] = (room, day)
    for present, (room, day) in tightest.items():
        if len(_requests(present)) > room:
            model.require(rule, f"{subject}_{day.isoformat()}", model.total(present) <= room)


def _at_most(model: Model, rule: str, subject: str, columns: Sequence[Column], most: int, others: int = 0) -> None:
    """New <= max(0, most - kept - others); left out where there are not so many requests."""
    kept, new = [c for c in columns if c.kept], [c for c in columns if not c.kept]
    room = max(0, most - others - len(_requests(kept)))
    if len(_requests(new)) > room:
        model.require(rule, subject, model.total(new) <= room)


def _is_on(window: Window, day: date) -> bool:
    return window.start <= day <= window.end


def _requests(columns: Sequence[Column]) -> frozenset[str]:
    return frozenset(c.request.request for c in columns)


def _year(model: Model, column: Column) -> int:
    return model.facts.policy.academic_year(column.window.start)


def _is_independent(model: Model, pe: str | None, request: str, offer: str) -> bool:
    """Whether a match counts in I: its PE is one of those that the policy lists, and no exception (S5.7)."""
    data, counting = model.facts.dataset, model.facts.policy.independent_counts
    listed, place = data.educator_by_id.get(pe or ""), data.offer_by_id.get(offer)
    if listed is not None:
        employer: str | None = listed.employed_by
    else:  # the people of a pool work for the agency of its offer
        employer = place.agency if place is not None and (pe or "").endswith("@" + offer) else None
    off_site = listed is not None and place is not None and (employer, listed.team) != (place.agency, place.team)
    kind = employer if employer in (None, INDEPENDENT, PARTNERSHIP) else _member(model, employer)
    if kind not in counting and not (off_site and "off_site" in counting):
        return False
    return not any(
        (d.rule, d.request) == ("L07", request) and d.offer in (None, offer) and d.pe in (None, pe)
        for d in model.facts.decisions("exception")
    )


def _member(model: Model, agency: str | None) -> str:
    return "member" if model.facts.is_partner(agency) else "outside"
