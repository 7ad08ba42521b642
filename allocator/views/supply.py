"""The sheets about supply: offers, agencies, educators."""

from collections import Counter
from collections.abc import Mapping

from allocator.terms.candidates import TRAINEES
from allocator.views.account import Account, accounts, years_of_accounts
from allocator.views.assessing import Assessing, assessing
from allocator.views.counts import location, most_at_once, spare
from allocator.views.educator_status import may_supervise
from allocator.views.facts import Facts, day
from allocator.views.spokes import spoke_words
from allocator.views.table import CellValue, Column, Table, as_number
from allocator.views.unused import Unused
from allocator.views.words import (
    STAGES,
    STATUTORY,
    SUPERVISORS,
    WAITING,
    counted,
    educator_name,
    entry_words,
    listed,
)
from allocator.views.year import year_words
from models.base import natural_key
from models.entities import EVIDENCE, Educator, Offer
from models.plan import Match, ProvisionalCode

TO_SETTLE = (ProvisionalCode.TO_ASK, ProvisionalCode.EDUCATOR, ProvisionalCode.SUPERVISOR, ProvisionalCode.FORECAST)
"""What an agency is asked to settle at the meeting."""
CONTACTS = 5
"""Columns at the end of the Agencies sheet that are about the agency, not about a year."""


def offers_table(facts: Facts, names: Mapping[str, str]) -> Table:
    """The Offers sheet: every offer of the horizon, who has it, and if a place is unused, why."""
    unused = Unused(facts)
    with_evidence = any(_evidence(offer) for offer in facts.horizon_offers)
    with_spokes = any(offer.spokes for offer in facts.horizon_offers)
    held = {o.offer: _held(facts, o) for o in facts.horizon_offers}
    with_holds = any(held.values())
    columns = (
        Column("Offer", 9, "centred"),
        Column("Agency", 22),
        Column("Team", 20),
        Column("Use", 13, "centred"),
        Column("Base", 8, "centred"),
        *((Column("Spokes", 28),) if with_spokes else ()),
        Column("Tranche", 12.5, "centred"),
        Column("Stage", 8, "centred"),
        Column("Places", 7, "whole"),
        Column("Received on", 12, "date"),
        Column("State", 10, "centred"),
        Column("Areas", 17),
        Column("Statutory: regulator / DfE", 13, "centred"),
        *((Column("Evidence for the DfE's test", 24),) if with_evidence else ()),
        Column("Reserved for", 13),
        Column("Reserved until", 14, "date"),
        *((Column("Held", 24),) if with_holds else ()),
        Column("PEs named or to be named", 20),
        Column("On-site supervisor", 11, "centred"),
        Column("Who has it, with PE", 32),
        Column("If unused, why", 36),
        Column("Who could take it", 32),
    )
    return Table(
        title="Offers",
        note="By agency and team. Who could take a free place: by the rules that look at one request alone.",
        columns=columns,
        rows=[
            _offer_row(facts, unused, o, names, with_evidence, with_spokes, held[o.offer] if with_holds else None)
            for o in facts.horizon_offers
        ],
        keys=3,
        tone_column="Use",
        tones=(("unused", "warn"), ("partly used", "warn"), ("withdrawn", "quiet")),
        paper="A3",
        empty="No offer.",
    )


def _evidence(offer: Offer) -> str:
    """What bears out the DfE's test, or does not: ``section 17 or 47: yes``, a line each."""
    said = ((name, getattr(offer, name)) for name in EVIDENCE)
    return "\n".join(f"{name.replace('_', ' ')}: {answer}" for name, answer in said if answer)


def _held(facts: Facts, offer: Offer) -> str:
    """What decisions hold of an offer, taken up or not, a line each."""
    return "\n".join(f"{h.places} {h.words(day)}" for h in facts.terms.holds.at(offer.offer))


def _offer_row(
    facts: Facts,
    unused: Unused,
    offer: Offer,
    names: Mapping[str, str],
    with_evidence: bool,
    with_spokes: bool,
    held: str | None,
) -> list[CellValue]:
    matches = facts.matches_of_offer.get(offer.offer, [])
    return [
        offer.offer,
        facts.agency_name(offer.agency),
        offer.team,
        use_words(unused, offer, len(matches)),
        offer.place,
        *((spoke_words(facts, offer),) if with_spokes else ()),
        offer.tranche,
        offer.stage,
        offer.capacity,
        offer.received_on,
        offer.state,
        listed(offer.areas),
        f"{STATUTORY[offer.statutory_regulator]} / {STATUTORY[offer.statutory_dfe]}",
        *((_evidence(offer),) if with_evidence else ()),
        offer.reserved_for,
        offer.reserved_until,
        *(() if held is None else (held,)),
        entry_words(offer),
        SUPERVISORS[offer.on_site_supervisor],
        "\n".join(_who(m, names) for m in matches),
        unused.why(offer),
        unused.who(offer),
    ]


def _who(match: Match, names: Mapping[str, str]) -> str:
    name = names.get(match.pe or "")
    return f"{match.request}: {educator_name(match.pe)}" + (f", {name}" if name else "")


def use_words(unused: Unused, offer: Offer, used: int) -> str:
    """Whether an offer is used, in a word."""
    if offer.withdrawn:
        return "withdrawn"
    if not unused.free(offer):
        return "used"
    return "partly used" if used else "unused"


def agencies_table(facts: Facts) -> Table:
    """The Agencies sheet: each agency's account and what it has to settle."""
    columns = (
        Column("Agency", 26),
        Column("Membership", 11, "centred"),
        Column("Academic year", 9, "centred"),
        Column("Asked", 7, "whole", "Fair share"),
        Column("Range", 9, "centred", "Fair share"),
        Column("Allowance", 10, "whole", "Fair share"),
        Column("Against its range", 13, "centred", "Fair share"),
        Column("Gap: asked, not offered", 10, "whole", "Fair share"),
        Column("Offered", 8, "whole", "Places"),
        Column("Firm", 7, "whole", "Places"),
        Column("Used", 7, "whole", "Places"),
        Column("Of these outside the plan", 9, "whole", "Places"),
        Column("Unused", 8, "whole", "Places"),
        Column("Unused, why", 34, group="Places"),
        Column("Other programmes", 11, "whole", "Places"),
        Column("Statutory finals", 9, "whole", "Places"),
        Column("PEPS2 idle", 22, group="PEs"),
        Column("Trainees who need a student", 22, group="PEs"),
        Column("Asked on", 12, "date", "Contact"),
        Column("Last heard from", 12, "date", "Contact"),
        Column("To settle", 36, group="Contact"),
    )
    return Table(
        title="Agencies",
        note=(
            "By academic year, its past tranches included. Used counts firm and provisional, and placements outside "
            "the plan: over, or found by employers. Range and allowance: fair share (L08), what is asked for, never a "
            "reason to refuse a student; gap: asked, less offered. A later year is shown and is no aim yet."
        ),
        columns=columns,
        rows=_agency_rows(facts),
        paper="A3",
        tone_column="To settle",
        tones=(("Not heard from", "warn"),),
        empty="No agency.",
    )


def _agency_rows(facts: Facts) -> list[list[CellValue]]:
    """A row for every agency and year, an agency's years one below the other; its contacts stand in the first."""
    unused = Unused(facts)
    by_year = [accounts(facts, year) for year in years_of_accounts(facts)]
    rows: list[list[CellValue]] = []
    for agency in by_year[0]:
        for number, account in enumerate(found[agency] for found in by_year):
            row = _agency_row(facts, unused, account)
            rows.append(row if not number else [*row[:-CONTACTS], *[None] * CONTACTS])
    return rows


def _why_unused(facts: Facts, unused: Unused, account: Account) -> str:
    """Why places of the year are free, each reason with their number; the sheet Offers says it of each."""
    here = [o for o in facts.horizon_offers if o.agency == account.agency and _year(facts, o) == account.year]
    reasons: Counter[str] = Counter()
    for offer in here:
        if free := unused.free(offer):
            if left := unused.unheld(offer):
                reasons[unused.in_short(offer)] += left
            reasons["held by a decision"] += free - left
    if (over := account.unused - reasons.total()) > 0:
        reasons["in a tranche that is past"] += over
    return "\n".join(f"{number}: {why}" for why, number in (+reasons).most_common())


def _year(facts: Facts, offer: Offer) -> int:
    return facts.policy.academic_year(facts.dataset.tranche_by_id[offer.tranche].first_day)


def _agency_row(facts: Facts, unused: Unused, account: Account) -> list[CellValue]:
    agency = facts.dataset.agency_by_id.get(account.agency)
    matches = [
        m for m in facts.matches
        if facts.offer(m).agency == account.agency and _year(facts, facts.offer(m)) == account.year
    ]  # fmt: skip
    statutory = sum(facts.request(m).stage == "final" and facts.is_statutory(facts.offer(m)) for m in matches)
    return [
        facts.agency_name(account.agency),
        agency.membership if agency else "not listed",
        year_words(account.year),
        account.asked,
        f"{account.floor} to {account.ceiling}" if account.floor is not None else "none",
        account.allowance,
        account.standing,
        account.gap,
        account.offered,
        account.firm,
        account.used,
        account.before,
        account.unused,
        _why_unused(facts, unused, account),
        as_number(account.other_programmes),
        statutory,
        listed(e.pe for e in _own(facts, account.agency) if facts.stage(e) == "PEPS2" and _idle(facts, e)),
        listed(_trainees_in_need(facts, account.agency)),
        agency.asked_on if agency else None,
        agency.heard_from if agency else None,
        to_settle(facts, account),
    ]


def _own(facts: Facts, agency: str) -> list[Educator]:
    people = [e for e in facts.dataset.educators if e.employed_by == agency and e.withdrawn_from is None]
    return sorted(people, key=lambda e: natural_key(e.pe))


def _idle(facts: Facts, educator: Educator) -> bool:
    return educator.pe not in facts.matches_of_pe and may_supervise(facts, educator) and spare(facts, educator) > 0


def _trainees_in_need(facts: Facts, agency: str) -> list[str]:
    rows = []
    for e in _own(facts, agency):
        starts = [m.start for m in facts.matches_of_pe.get(e.pe, ()) if m.start]
        if e.needs_student_by is not None and not any(start <= e.needs_student_by for start in starts):
            rows.append(f"{e.pe} by {day(e.needs_student_by)}")
    return rows


def to_settle(facts: Facts, account: Account) -> str:
    """What an agency is asked to settle: an answer, offers, PEs and supervisors to name."""
    agency = facts.dataset.agency_by_id.get(account.agency)
    lines = []
    if agency is not None and agency.membership != "outside" and agency.heard_from is None and not account.offered:
        lines.append("Not heard from")
    counts: Counter[ProvisionalCode] = Counter()
    for match in facts.matches:
        lead = facts.offer(match).agency
        # A spoke's agency answers for itself; what else is open lies with the lead.
        asked = {w.who or lead for w in match.waiting if w.code == ProvisionalCode.TO_ASK}
        codes = {w.code for w in match.waiting if lead == account.agency} & set(TO_SETTLE) - {ProvisionalCode.TO_ASK}
        counts.update(codes | ({ProvisionalCode.TO_ASK} if account.agency in asked else set()))
    lines += [f"{WAITING[code]}: {counted(counts[code], 'match', 'matches')}" for code in TO_SETTLE if counts[code]]
    if account.gap:
        lines.append(f"offers: {counted(account.gap, 'place')} short of what was asked")
    return "\n".join(lines)


def educators_table(facts: Facts, names: Mapping[str, str]) -> Table:
    """The Educators sheet: each PE's stage, currency, load, commitments, students and spare."""
    tranches = facts.horizon_tranches
    columns = (
        Column("PE", 10, "centred"),
        *((Column("Name", 18),) if names else ()),
        Column("Agency", 22),
        Column("Team", 20),
        Column("Stage", 12, "centred"),
        Column("Becomes", 14, "centred"),
        Column("Works", 16),
        Column("Registered", 11, "centred"),
        Column("Current until", 12, "date"),
        Column("Last student", 12, "date"),
        Column("Limit, students at once", 10, "whole"),
        Column("Commitments at once", 12, "whole"),
        *(Column(f"Students {t.tranche}", 11, "whole") for t in tranches),
        Column("Spare", 7, "whole"),
        Column("Students", 26),
        Column("Assesses at once", 12, "centred"),
        Column("Practice assessor", 11, "centred"),
        Column("Trainee's fall-back", 12, "centred"),
        Column("Needs a student by", 12, "date"),
        Column("Notes of the data", 24),
    )
    people = sorted(
        facts.dataset.educators, key=lambda e: (facts.agency_name(e.employed_by).casefold(), natural_key(e.pe))
    )
    assessed = assessing(facts)
    return Table(
        title="Educators",
        note="Listed PEs. Those to be named, or a team's own that is not listed, stand on the sheet Offers.",
        columns=columns,
        rows=[_educator_row(facts, e, names, assessed) for e in people],
        keys=2 if names else 1,
        paper="A3",
        empty="No PE is listed: each place's PE is to be named.",
    )


def _becomes(facts: Facts, educator: Educator) -> str:
    """What a PE is to become, and when; blank where nothing is to come."""
    if educator.becomes is None or educator.qualifies_on is None or facts.stage(educator) == educator.becomes:
        return ""
    return f"{STAGES[educator.becomes]} on {day(educator.qualifies_on)}"


def _educator_row(
    facts: Facts, educator: Educator, names: Mapping[str, str], assessed: Mapping[str, Assessing]
) -> list[CellValue]:
    matches = facts.matches_of_pe.get(educator.pe, [])
    by_tranche = Counter(facts.request(m).tranche for m in matches)
    is_trainee, assesses = facts.stage(educator) in TRAINEES, assessed.get(educator.pe)
    return [
        educator.pe,
        *((names.get(educator.pe, ""),) if names else ()),
        facts.agency_name(educator.employed_by),
        educator.team or "",
        STAGES[facts.stage(educator)],
        _becomes(facts, educator),
        location(educator),
        educator.registered.replace("_", " "),
        educator.current_until or ("" if is_trainee else "not known" if educator.last_student is None else ""),
        educator.last_student,
        as_number(educator.load),
        as_number(most_at_once(facts, educator)[1]),
        *(by_tranche[t.tranche] for t in facts.horizon_tranches),
        "withdrawn" if educator.withdrawn_from else spare(facts, educator),
        listed(m.request for m in matches),
        assesses.words + (": too many" if assesses.is_over else "") if assesses else "",
        (educator.practice_assessor or "to be named") if is_trainee else "",
        (educator.fall_back or "no fall-back") if is_trainee else "",
        educator.needs_student_by,
        educator.note,
    ]
