"""The sheet Partners: a page for each partner, to be handed out.

Its own numbers alone. A partner that offers nothing gets no reply form, but has its page.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from allocator.terms.candidates import TRAINEES
from allocator.views.account import Account, accounts
from allocator.views.blocks import Block, Grid, Heading, NewPage, Text, Title
from allocator.views.counts import spare
from allocator.views.educator_status import may_supervise, stage_today
from allocator.views.facts import Facts, day
from allocator.views.figures import rests_on_trainee
from allocator.views.outcomes import Outcomes
from allocator.views.past import number
from allocator.views.share import Share
from allocator.views.spokes import visits
from allocator.views.table import CellValue
from allocator.views.words import MEETING, counted, listed
from allocator.views.year import Year
from models.base import natural_key
from models.entities import Agency, Educator, Spoke
from models.plan import Match


class Partner(NamedTuple):
    """What a partner gives and gets in the year.

    ``lent``: placements at other agencies with its PEs; ``borrowed``: placements in its teams with others' PEs, pools
    not counted. ``visits``: spokes in its teams of placements that another agency leads. ``trainees``: its trainees
    with a student, of all its trainees. ``meetings``: attended, of those held.
    """

    agency: Agency
    account: Account
    placements: tuple[Match, ...]
    statutory: int
    lent: tuple[Match, ...]
    borrowed: tuple[Match, ...]
    visits: tuple[tuple[Match, Spoke], ...]
    on_trainees: int
    trainees: Share
    idle: tuple[str, ...]
    interns: tuple[str, ...]
    meetings: Share


def partners(facts: Facts) -> list[Partner]:
    """What each partner gives and gets, by name.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    year = Year(facts)
    of = accounts(facts)
    return [_partner(year, agency, of[agency.agency]) for agency in Outcomes(year).partners]


def _partner(year: Year, agency: Agency, account: Account) -> Partner:
    facts, name = year.facts, agency.agency
    here = [m for m in year.placements if facts.offer(m).agency == name]
    employers = [(m, e.employed_by) for m in year.placements if (e := facts.educator(m)) is not None]
    own = [e for e in facts.dataset.educators if e.employed_by == name and e.withdrawn_from is None]
    trainees = [e for e in own if stage_today(facts, e) in TRAINEES]
    with_student = {m.pe for m in year.placements}
    held = [c.date for c in facts.dataset.calendar if c.step == MEETING and c.date <= (facts.as_of or date.max)]
    interns = {facts.request(m).student for m in here if facts.student(facts.request(m)).scheme == "intern"}
    return Partner(
        agency,
        account,
        tuple(here),
        sum(facts.is_statutory(facts.offer(m)) for m in here),
        tuple(m for m, employer in employers if employer == name and facts.offer(m).agency != name),
        tuple(m for m, employer in employers if employer != name and facts.offer(m).agency == name),
        tuple(visits(facts, year.placements, name)),
        sum(rests_on_trainee(facts, m) for m in here),
        Share(sum(e.pe in with_student for e in trainees), len(trainees)),
        tuple(
            e.pe for e in _natural(own) if e.pe not in with_student and may_supervise(facts, e) and spare(facts, e) > 0
        ),
        tuple(sorted(interns, key=natural_key)),
        Share(sum(d in agency.attended for d in held), len(held)),
    )


def _meetings(partner: Partner) -> str:
    """Meetings attended; a blank says that nobody noted them, not that nobody came."""
    if partner.agency.attended or not partner.meetings.whole:
        return partner.meetings.words
    return f"not recorded; {partner.meetings.whole} held"


def _natural(people: list[Educator]) -> list[Educator]:
    return sorted(people, key=lambda e: natural_key(e.pe))


def partner_blocks(facts: Facts) -> Iterator[Block]:
    """The sheet Partners: a page each.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    year = Year(facts).words
    for position, partner in enumerate(partners(facts)):
        if position:
            yield NewPage()
        yield from _page(facts, partner, year)


def _page(facts: Facts, partner: Partner, year: str) -> Iterator[Block]:
    account = partner.account
    yield Title(
        facts.agency_name(partner.agency.agency), f"{partner.agency.membership} partner; {year}, {day(facts.as_of)}"
    )
    yield Heading("Placements against the fair share (L08)")
    span = "no range" if account.floor is None else f"{account.floor} to {account.ceiling}"
    yield _lines(
        ("Asked for", "none: no weight is known" if account.asked is None else account.asked),
        ("Range, with allowance for other programmes", span),
        ("Offered, places", account.offered),
        ("Used; firm of them", f"{account.used}; {account.firm}"),
        ("Not used", account.unused),
        ("Taken by other programmes", number(account.other_programmes)),
        ("Against its range", account.standing),
    )
    yield Text("A fair share is what is asked for; it is never a reason to refuse a student.")
    yield Heading(f"Placements that begin in {year}, rounds before this one counted")
    finals = sum(facts.request(m).stage == "final" for m in partner.placements)
    yield _lines(
        ("Placements", len(partner.placements)),
        ("Firsts; finals", f"{len(partner.placements) - finals}; {finals}"),
        ("Statutory, by the test that counts", partner.statutory),
        ("Students whose PE is a trainee", partner.on_trainees),
        *_spokes(facts, partner),
        ("Interns", f"{len(partner.interns)} {f'({listed(partner.interns)})' if partner.interns else ''}".strip()),
    )
    yield Heading("Practice educators")
    yield _lines(
        ("Placements elsewhere with your PEs: lent", _with(partner.lent)),
        ("Placements in your teams with others' PEs: borrowed", _with(partner.borrowed)),
        ("Your trainees with a student, of all your trainees", partner.trainees.words),
        ("Your PEs without a student who could take one", _names(partner.idle)),
    )
    yield Heading("Posts and meetings")
    agency = partner.agency
    yield _lines(
        ("Newly qualified posts a year", "not stated" if agency.nqsw_posts is None else agency.nqsw_posts),
        ("Internships", "not stated" if agency.internships is None else agency.internships),
        ("Allocation meetings attended, of those held", _meetings(partner)),
        ("Asked on; last heard from", f"{day(agency.asked_on) or 'not recorded'}; {day(agency.heard_from) or 'never'}"),
    )


def _spokes(facts: Facts, partner: Partner) -> list[tuple[str, CellValue]]:
    """Placements in several teams, where the partner has any part in one."""
    led = [m for m in partner.placements if facts.offer(m).spokes]
    lines: list[tuple[str, CellValue]] = []
    if led:
        lines.append(("With days in other teams (spokes)", len(led)))
    if partner.visits:
        days = sum(spoke.days for _, spoke in partner.visits)
        students = len({match.request for match, _ in partner.visits})
        words = f"{counted(students, 'student')}, {counted(days, 'day')}"
        lines.append(("Led elsewhere, with days in your teams (spokes)", words))
    return lines


def _lines(*rows: tuple[str, CellValue]) -> Grid:
    return Grid((("What", 12), ("How many", 12)), [[words, str(value)] for words, value in rows])


def _with(matches: tuple[Match, ...]) -> str:
    names = sorted({m.pe or "" for m in matches}, key=natural_key)
    return f"{len(matches)} ({counted(len(names), 'PE')}: {listed(names)})" if matches else "0"


def _names(names: tuple[str, ...]) -> str:
    return f"{len(names)} ({listed(names)})" if names else "0"
