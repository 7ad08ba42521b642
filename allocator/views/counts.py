"""Counts of the front page: requests by programme, offers, PEs by stage, agencies not heard from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from math import floor
from typing import NamedTuple

from allocator.views.facts import APART, Facts
from allocator.views.words import STAGES, WAITING, listed
from models.entities import INDEPENDENT, PARTNERSHIP, Agency, Educator, Offer, Request, Tranche
from models.plan import Match, ProvisionalCode

REASONS = 3
"""Reasons that a row names, the most frequent ones: all stand on the front page."""


class ProgrammeRow(NamedTuple):
    """Requests of one programme and stage: firm + provisional + none; late and outside are of those placed."""

    tranche: str
    group: str
    stage: str
    to_place: int
    firm: int
    provisional: int
    none: int
    late: int
    outside: int
    waits: str


class OfferCount(NamedTuple):
    """Places of some offers: used and unused make up those not withdrawn; held ones are reserved, or by a decision."""

    places: int
    firm: int
    forecast: int
    held: int
    used: int
    unused: int
    withdrawn: int


def programme_rows(facts: Facts) -> list[ProgrammeRow]:
    """Requests by tranche, programme and stage; apprentices and Step Up last."""
    keys: dict[tuple[str, str, str], list[Request]] = {}
    for r in facts.shown:
        if r.request in facts.live_ids:
            keys.setdefault((r.tranche, facts.group(r), r.stage), []).append(r)
    order = {t.tranche: n for n, t in enumerate(facts.horizon_tranches)}
    ordered = sorted(keys, key=lambda k: (order[k[0]], k[1] in APART, k[1], k[2] == "final"))
    return [_programme_row(facts, key, keys[key]) for key in ordered]


def _programme_row(facts: Facts, key: tuple[str, str, str], requests: list[Request]) -> ProgrammeRow:
    matches = [facts.match_of[r.request] for r in requests if r.request in facts.match_of]
    provisional = [m for m in matches if facts.is_provisional(m)]
    return ProgrammeRow(
        tranche=key[0],
        group=key[1],
        stage=key[2],
        to_place=len(requests),
        firm=len(matches) - len(provisional),
        provisional=len(provisional),
        none=len(requests) - len(matches),
        late=sum(facts.is_late(m) for m in matches),
        outside=sum(not facts.is_partner(facts.offer(m).agency) for m in matches if m.offer in facts.offers),
        waits=waits_of(facts, provisional, REASONS),
    )


class TranchesRow(NamedTuple):
    """Requests of some tranches together: those being decided, later ones, or all."""

    tranches: str
    to_place: int
    firm: int
    provisional: int
    none: int


def tranches_rows(facts: Facts) -> list[TranchesRow]:
    """Requests of the tranches being decided, of later ones if there are any, and of all then."""
    rows, now = programme_rows(facts), {t.tranche for t in facts.deciding}
    later = [t.tranche for t in facts.horizon_tranches if t.tranche not in now]
    found = [_together(f"{names_of(facts.deciding)}, being decided", [r for r in rows if r.tranche in now])]
    if later:
        found.append(_together(f"{'; '.join(later)}, later", [r for r in rows if r.tranche not in now]))
        found.append(_together("all tranches", rows))
    return found


def names_of(tranches: Iterable[Tranche]) -> str:
    """Tranches by their names, as a sentence has them: ``JAN27 and MAY27``."""
    return " and ".join(t.tranche for t in tranches) or "no tranche"


def _together(tranches: str, rows: Sequence[ProgrammeRow]) -> TranchesRow:
    return TranchesRow(
        tranches, sum(r.to_place for r in rows), sum(r.firm for r in rows), sum(r.provisional for r in rows),
        sum(r.none for r in rows),
    )  # fmt: skip


def waits_of(facts: Facts, matches: Iterable[Match], most: int | None = None) -> str:
    """What provisional matches wait for, with counts, most frequent first; ``most`` of them, all if None."""
    counts: Counter[str] = Counter()
    for match in matches:
        if facts.is_provisional(match):
            counts.update(WAITING[code] for code in {w.code for w in match.waiting} or {ProvisionalCode.EDUCATOR})
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{word} {n}" for word, n in ordered[:most])


class EducatorPlaces(NamedTuple):
    """PEs of one stage and place of work: people, those with a student, students that they could still take."""

    stage: str
    where: str
    people: int
    used: int
    spare: int


def educator_places(facts: Facts) -> list[EducatorPlaces]:
    """M05: PEs by stage and place of work, highest stage first; withdrawn ones are left out."""
    cells: dict[tuple[str, str], list[Educator]] = {}
    for e in facts.dataset.educators:
        if e.withdrawn_from is None:
            cells.setdefault((facts.stage(e), location(e)), []).append(e)
    order = ["PEPS2", "trainee_2", "PEPS1", "trainee_1"]
    return [
        EducatorPlaces(
            STAGES[stage],
            where,
            len(people),
            sum(e.pe in facts.matches_of_pe for e in people),
            sum(spare(facts, e) for e in people),
        )
        for (stage, where), people in sorted(cells.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    ]


def location(educator: Educator) -> str:
    """Where a PE works, for the yearly return."""
    if educator.employed_by == PARTNERSHIP:
        return "practice consultant"
    if educator.employed_by == INDEPENDENT:
        return "independent"
    return "in a team" if educator.team and not educator.long_arm else "agency, off-site (long-arm)"


def most_at_once(facts: Facts, educator: Educator) -> tuple[int, Decimal]:
    """Most students of the plan at once, and most commitments at once, over the days on which something starts."""
    windows = [(m.start, m.end) for m in facts.matches_of_pe.get(educator.pe, ())]
    taken = [c for c in facts.dataset.commitments if c.pe == educator.pe]
    days = {start for start, _ in windows if start} | {t.first_day for t in facts.horizon_tranches}
    students = max((sum((s or d) <= d <= (e or d) for s, e in windows) for d in days), default=0)
    committed = max(
        (
            sum((c.number for c in taken if (c.first_day or d) <= d <= (c.last_day or d)), Decimal(0))
            for d in days | {c.first_day for c in taken if c.first_day}
        ),
        default=Decimal(0),
    )
    return students, committed


def spare(facts: Facts, educator: Educator) -> int:
    """Students that a PE could still take at once."""
    students, committed = most_at_once(facts, educator)
    return max(0, floor(educator.load - committed) - students)


def has_room(facts: Facts, educator: Educator, window: tuple[date, date]) -> bool:
    """Whether a PE could take one student more, by the plan and the commitments, on every day of a window."""
    first, last = window
    windows = [(m.start, m.end) for m in facts.matches_of_pe.get(educator.pe, ())]
    taken = [c for c in facts.dataset.commitments if c.pe == educator.pe]
    begins = [*(s for s, _ in windows), *(c.first_day for c in taken)]
    for d in {first, *(s for s in begins if s is not None and first < s <= last)}:  # loads rise on these days alone
        students = sum((s or d) <= d <= (e or d) for s, e in windows)
        committed = sum((c.number for c in taken if (c.first_day or d) <= d <= (c.last_day or d)), Decimal(0))
        if floor(max(Decimal(0), educator.load - committed)) <= students:
            return False
    return True


def offer_count(facts: Facts, offers: Sequence[Offer]) -> OfferCount:
    """Places of some offers: firm, forecast, held for somebody, used, unused, withdrawn."""
    standing = [o for o in offers if not o.withdrawn]
    used = {o.offer: len(facts.matches_of_offer.get(o.offer, ())) for o in standing}
    as_of = facts.as_of
    reserved = {
        o.offer
        for o in standing
        if o.reserved_for and (o.reserved_until is None or as_of is None or as_of <= o.reserved_until)
    }
    held = (
        o.capacity if o.offer in reserved else sum(h.places for h in facts.terms.holds.at(o.offer)) for o in standing
    )
    return OfferCount(
        places=sum(o.capacity for o in standing),
        firm=sum(o.capacity for o in standing if o.state == "firm"),
        forecast=sum(o.capacity for o in standing if o.state == "forecast"),
        held=sum(held),
        used=sum(used.values()),
        unused=sum(max(0, o.capacity - used[o.offer]) for o in standing),
        withdrawn=sum(o.capacity for o in offers if o.withdrawn),
    )


def silent(facts: Facts) -> list[Agency]:
    """Partner agencies that have not answered: no ``heard_from`` and no offer in the horizon."""
    offering = {o.agency for o in facts.horizon_offers}
    rows = [
        a
        for a in facts.dataset.agencies
        if a.membership != "outside" and a.heard_from is None and a.agency not in offering
    ]
    return sorted(rows, key=lambda a: facts.agency_name(a.agency))


def not_heard_from(facts: Facts) -> list[str]:
    """Names of partner agencies that have not answered."""
    return [facts.agency_name(a.agency) for a in silent(facts)]


def silent_partners(facts: Facts) -> str:
    """Who has not been heard from; where nobody is, whether that is since no partner is listed."""
    if all(a.membership == "outside" for a in facts.dataset.agencies):
        return "no agency is marked as a partner (Agencies.membership), so who has not answered is not known"
    return listed(not_heard_from(facts), "nobody: every partner has answered or offered")
