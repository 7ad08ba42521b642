"""An agency's own file, a reply form: its own places and students, and those who come for some days. Nothing else.

Never: district, minutes, preferences, repeat status (so no request id: its attempt would tell), readiness, clearance,
reasons, other students, other agencies' figures, notes. Needs only where the student agreed to share them.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from allocator.views.facts import Facts, day
from allocator.views.spokes import have_spokes, spoke_words, visits
from allocator.views.table import CellValue, Column, Table
from allocator.views.unused import Unused
from allocator.views.version import version
from allocator.views.words import (
    ANSWERS_BY,
    MEETINGS_BY,
    NAMED_BY,
    educator_name,
    educator_stage,
    is_to_be_named,
    listed,
)
from models.dataset import Dataset
from models.entities import INDEPENDENT, PARTNERSHIP, Offer, Spoke, Student
from models.plan import Match

REPLY_SHEET, UNUSED_SHEET, VISITS_SHEET = "Reply form", "Unused places", "Days in your teams"
PLACE, STUDENT, STAGE, YOUR_TEAM = "Place", "Student reference", "Stage", "Your team"
"""Headings by which a row that comes back is recognised."""
OUTCOME, REASON, MEETING_ON = "Outcome: yes or no", "If no: reason code", "Pre-placement meeting on"
PE_NAMED, SUPERVISOR_NAMED = "PE you name (their reference)", "Supervisor you name (initials or role)"
WITHDRAWN, STAYS_OPEN = "Place withdrawn: yes", "Stays open: yes or no"
"""Headings of what an agency fills in."""
TITLES = {
    REPLY_SHEET: "placements planned", VISITS_SHEET: "students who come for some days", UNUSED_SHEET: "places not used",
}  # fmt: skip
"""What stands on each sheet behind the agency's name."""
NOBODY_PLANNED, ALL_USED = "No student is planned for you in this version.", "Every place that you offered is used."
"""What stands in place of the first row of a sheet without rows."""
REASON_CODES = ("no place after all", "no PE", "dates do not suit", "conflict of interest", "other: please call")
"""Reason codes where the data lists none."""
_PLACE, _STUDENT, _NAMES, _REPLY = "Your place", "Student", "PE and supervisor", "Your reply"
_NEEDS = Column("Needs agreed for sharing", 15, group=_STUDENT)


def hosts(facts: Facts) -> set[str]:
    """Agencies that get a form: those with an offer in the horizon, and those of its spokes."""
    return {agency for offer in facts.horizon_offers for agency, _ in offer.sites}


def form_tables(facts: Facts, agency: str, unused: Unused) -> dict[str, Table]:
    """The sheets of an agency's file: its students, who comes for some days, its places that are not used.

    Who comes for some days is there only where a student does.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    agency
        Whose file it is.
    unused
        Free places, worked out once for all agencies.
    """
    matches = [m for m in facts.matches if facts.offer(m).agency == agency]
    matches.sort(key=lambda m: (m.start or date.max, facts.offer(m).team.casefold()))
    tables = {REPLY_SHEET: _form_table(facts, agency, matches)}
    if visiting := visits(facts, facts.matches, agency):
        tables[VISITS_SHEET] = _visits_table(facts, agency, visiting)
    return tables | {UNUSED_SHEET: _unused_table(facts, agency, unused)}


def _columns(facts: Facts, needs: bool, with_spokes: bool) -> Sequence[Column]:
    """As narrow as can be read on A4; needs only where a student shares some, spokes only where there are some."""
    codes = reason_codes(facts.dataset)
    return (
        Column(PLACE, 7, "centred", _PLACE),
        Column("Team", 11 if with_spokes else 14, group=_PLACE),
        Column("Base", 7, "centred", _PLACE),
        *((Column("Spokes", 14, group=_PLACE),) if with_spokes else ()),
        Column(STUDENT, 9.5, "centred", _STUDENT),
        Column("Programme", 10, group=_STUDENT),
        Column(STAGE, 6.5, "centred", _STUDENT),
        Column("Days", 5, "whole", _STUDENT),
        Column("Days a week", 5, "whole", _STUDENT),
        Column("Start", 11.5, "date", _STUDENT),
        Column("End", 11.5, "date", _STUDENT),
        *((_NEEDS._replace(width=13),) if needs else ()),
        Column("PE", 12 if with_spokes else 15, group=_NAMES),
        Column("On-site supervisor", 11, group=_NAMES),
        Column("Pre-placement meeting by", 11.5, "date", "To do"),
        Column(OUTCOME, 8.5, "centred", _REPLY, reply=True, choices=("yes", "no")),
        Column(REASON, 11, group=_REPLY, reply=True, choices=codes),
        Column(MEETING_ON, 11.5, "date", _REPLY, reply=True),
        Column(PE_NAMED, 11, group=_REPLY, reply=True),
        Column(SUPERVISOR_NAMED, 11, group=_REPLY, reply=True),
        Column(WITHDRAWN, 9, "centred", _REPLY, reply=True, choices=("yes",)),
    )


def reason_codes(dataset: Dataset) -> tuple[str, ...]:
    """The reason codes that a form offers: those that the data list, or the usual ones.

    Parameters
    ----------
    dataset
        What was read.
    """
    return tuple(w.word for w in dataset.words if w.list == "reason codes") or REASON_CODES


def dates_of(facts: Facts, matches: Iterable[Match], step: str) -> str:
    """The dates of a step of the Calendar for some matches, each with its tranche; blank where it has none."""
    dates = {facts.request(m).tranche: facts.step_date(facts.request(m), step) for m in matches}
    return listed(f"{day(by)} ({tranche})" for tranche, by in dates.items() if by)


def _reply_by(facts: Facts, matches: Iterable[Match]) -> str:
    until = dates_of(facts, matches, ANSWERS_BY)
    return f" Please reply by {until}." if until else ""


def _needs(facts: Facts, matches: Iterable[Match]) -> bool:
    return any(shared_needs(facts.student(facts.request(m))) for m in matches)


def _title(facts: Facts, agency: str, sheet: str) -> str:
    return f"{facts.agency_name(agency)}: {TITLES[sheet]}"


def _form_table(facts: Facts, agency: str, matches: list[Match]) -> Table:
    needs, with_spokes = _needs(facts, matches), have_spokes(facts, matches)
    return Table(
        title=_title(facts, agency, REPLY_SHEET),
        note=(
            "A proposal until it is confirmed. Fill in the yellow columns and send the file back."
            f"{_reply_by(facts, matches)} Version {version(facts.plan)}, {day(facts.as_of)}."
        ),
        columns=_columns(facts, needs, with_spokes),
        rows=[_form_row(facts, m, needs, with_spokes) for m in matches],
        keys=4,
        paper="A4",
        empty=NOBODY_PLANNED,
    )


def _form_row(facts: Facts, match: Match, needs: bool, with_spokes: bool) -> list[CellValue]:
    request, offer = facts.request(match), facts.offer(match)
    student = facts.student(request)
    return [
        offer.offer,
        offer.team,
        offer.place,
        *((spoke_words(facts, offer),) if with_spokes else ()),
        student.student,
        student.programme,
        request.stage,
        request.days,
        facts.days_a_week(request, offer),
        match.start,
        match.end,
        *((shared_needs(student),) if needs else ()),
        educator_asked(facts, match),
        supervisor_asked(facts, match),
        facts.step_date(request, MEETINGS_BY),
        *("", "", None, "", "", ""),
    ]


def _visits_table(facts: Facts, agency: str, visiting: list[tuple[Match, Spoke]]) -> Table:
    """Students of a place that another agency leads, of which this one has so many days."""
    visiting = sorted(visiting, key=lambda v: (v[0].start or date.max, v[1].team.casefold(), v[0].request))
    matches = [match for match, _ in visiting]
    needs = _needs(facts, matches)
    return Table(
        title=_title(facts, agency, VISITS_SHEET),
        note=(
            "Their place is led by another agency, whose PE supervises them; you have the days that are shown. When, "
            "you agree with the lead, within the dates. Fill in the two yellow columns and send the file back."
            f"{_reply_by(facts, matches)} Version {version(facts.plan)}, {day(facts.as_of)}."
        ),
        columns=(
            Column(PLACE, 7, "centred", _PLACE),
            Column(YOUR_TEAM, 20, group=_PLACE),
            Column("Base", 7, "centred", _PLACE),
            Column("Days with you", 7, "whole", _PLACE),
            Column(STUDENT, 9.5, "centred", _STUDENT),
            Column("Programme", 13, group=_STUDENT),
            Column(STAGE, 6.5, "centred", _STUDENT),
            Column("Start", 11.5, "date", _STUDENT),
            Column("End", 11.5, "date", _STUDENT),
            *((_NEEDS,) if needs else ()),
            Column("Led by: agency, team", 28, group="Lead"),
            Column("PE", 18, group="Lead"),
            Column(OUTCOME, 8.5, "centred", _REPLY, reply=True, choices=("yes", "no")),
            Column(REASON, 13, group=_REPLY, reply=True, choices=reason_codes(facts.dataset)),
        ),
        rows=[_visit_row(facts, match, spoke, needs) for match, spoke in visiting],
        keys=5,
        paper="A4",
    )


def _visit_row(facts: Facts, match: Match, spoke: Spoke, needs: bool) -> list[CellValue]:
    request, offer = facts.request(match), facts.offer(match)
    student = facts.student(request)
    return [
        offer.offer,
        spoke.team,
        spoke.place,
        spoke.days,
        student.student,
        student.programme,
        request.stage,
        match.start,
        match.end,
        *((shared_needs(student),) if needs else ()),
        f"{facts.agency_name(offer.agency)}, {offer.team}",
        educator_of_lead(match),
        "",
        "",
    ]


def educator_of_lead(match: Match) -> str:
    """The PE of a match as the agency of a spoke reads it: naming one is no concern of its own."""
    return "to be named by the lead" if is_to_be_named(match) else educator_name(match.pe)


def shared_needs(student: Student) -> str:
    """Functional needs, only where the student agreed to share them; else blank, as for a student without any."""
    return listed(student.adjustments) if student.share_needs else ""


def educator_asked(facts: Facts, match: Match) -> str:
    """The PE of a match as its agency reads it: who it is, or that one is to be named, and by when."""
    if is_to_be_named(match):
        by = facts.step_date(facts.request(match), NAMED_BY)
        stage = educator_stage(match.pe, None)
        wanted = f" ({stage})" if stage.startswith("PEPS") else ""
        return f"please name a PE{wanted}" + (f" by {day(by)}" if by else "")
    educator = facts.educator(match)
    whose = {PARTNERSHIP: ", practice consultant", INDEPENDENT: ", independent"}.get(
        educator.employed_by if educator else "", ""
    )
    return educator_name(match.pe) + whose


def supervisor_asked(facts: Facts, match: Match) -> str:
    """The on-site supervisor of a match as its agency reads it: not needed, named, or to be named, and by when."""
    if match.basis in (None, "in_team"):
        return "not needed"
    if facts.offer(match).on_site_supervisor == "yes":
        return "yours, as named"
    by = facts.step_date(facts.request(match), NAMED_BY)
    return "please name one" + (f" by {day(by)}" if by else "")


def _unused_table(facts: Facts, agency: str, unused: Unused) -> Table:
    offers = [o for o in facts.horizon_offers if o.agency == agency and unused.free(o)]
    with_holds = any(unused.held(o) for o in offers)
    return Table(
        title=_title(facts, agency, UNUSED_SHEET),
        note=(
            "Places that you offered and that this version does not use. Please say whether they stay open. "
            f"Version {version(facts.plan)}, {day(facts.as_of)}."
        ),
        columns=(
            Column(PLACE, 9, "centred"),
            Column("Team", 26),
            Column("Base", 10, "centred"),
            Column("Tranche", 12, "centred"),
            Column(STAGE, 9, "centred"),
            Column("Offered", 9, "whole"),
            Column("Not used", 9, "whole"),
            Column("State", 11, "centred"),
            *((Column("Of these held by the team", 20),) if with_holds else ()),
            Column(STAYS_OPEN, 12, "centred", reply=True, choices=("yes", "no")),
        ),
        rows=[_unused_row(unused, o, with_holds) for o in offers],
        empty=ALL_USED,
    )


def _unused_row(unused: Unused, offer: Offer, with_holds: bool) -> list[CellValue]:
    held = [f"{h.places} {h.words(day, whom=False)}".rstrip() for h in unused.held(offer)]  # not for whom
    return [
        offer.offer,
        offer.team,
        offer.place,
        offer.tranche,
        offer.stage,
        offer.capacity,
        unused.free(offer),
        offer.state,
        *(("\n".join(held),) if with_holds else ()),
        "",
    ]
