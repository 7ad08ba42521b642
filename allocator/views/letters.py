"""Letters: tables for mail merge, a row for each letter, of students, agencies, placements at agencies, and PEs.

Headings are always the same, filled or not, so that a letter that was written once goes on working. Dates are words,
since mail merge shows the dates of a workbook with the month first. What an agency or a PE reads is what the agency's
reply form may hold (:mod:`allocator.views.agency_forms`), and nothing else: not what a match waits for either, since
that may be a student's result.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from allocator.views.agency_forms import (
    dates_of,
    educator_asked,
    educator_of_lead,
    shared_needs,
    supervisor_asked,
)
from allocator.views.compared import KINDS
from allocator.views.facts import Facts, day
from allocator.views.spokes import spoke_words, visits
from allocator.views.table import CellValue, Column, Table
from allocator.views.unused import Unused
from allocator.views.version import version
from allocator.views.words import ANSWERS_BY, BASES, MEETINGS_BY, NAMED_BY, educator_name, is_to_be_named, listed
from models.base import natural_key
from models.comparison import RequestChange
from models.entities import Offer, Published, Request
from models.plan import Match
from models.statuses import FREED

STUDENTS = (
    "Student", "Name", "Programme", "Stage", "Tranche", "Place", "Agency", "Team", "Base", "Other sites", "PE",
    "PE's name", "On-site supervisor", "Start", "End", "Days", "Days a week", "Status", "Firm or provisional",
    "Student told on", "Changed since published", "Version",
)  # fmt: skip
AGENCIES = (
    "Agency", "Agency's name", "Students placed", "Students for some days", "Placements", "PEs to name",
    "On-site supervisors to name", "Reply by", "PEs named by", "Pre-placement meetings by", "Places not used",
    "Which places", "Changed since published", "Version",
)  # fmt: skip
PLACEMENTS = (
    "Agency", "Agency's name", "Tranche", "Place", "Team", "Base", "Other sites", "Led by", "Student", "Student's name",
    "Programme", "Stage", "Days", "Days a week", "Start", "End", "Needs agreed for sharing", "PE", "PE's name",
    "On-site supervisor", "Reply by", "Pre-placement meeting by", "Status", "Student told on",
    "Changed since published", "Version",
)  # fmt: skip
EDUCATORS = (
    "PE", "PE's name", "Basis", "Practice assessor", "Student", "Student's name", "Programme", "Stage", "Tranche",
    "Agency", "Team", "Base", "Other sites", "On-site supervisor", "Days", "Days a week", "Start", "End",
    "Needs agreed for sharing", "Pre-placement meeting by", "Status", "Student told on", "Changed since published",
    "Version",
)  # fmt: skip
CHANGED = "Changed since published"
UNCHANGED, NEW, NOT_PUBLISHED = "no", "new", "nothing is published"
NO_LONGER_PLACED, NO_LONGER_WITH_YOU = KINDS["newly_unplaced"], "no longer with you"
TO_BE_NAMED = "to be named"
_SUPERVISORS = {"yes": "known", "to_be_named": TO_BE_NAMED, "no": "none"}
_WIDTHS = {"Placements": 60, "Which places": 40, "Other sites": 30, "Needs agreed for sharing": 24}
_Cells = Mapping[str, CellValue]


class Letters:
    """The letters of a plan.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    names
        Names by id of student or PE, for these letters alone; empty for none.
    changed
        What is different from what is published, by request; None where nothing is published.
    """

    def __init__(
        self, facts: Facts, names: Mapping[str, str], changed: Mapping[str, RequestChange] | None
    ) -> None:  # fmt: skip
        self._facts, self._names, self._changed = facts, names, changed
        self._version = version(facts.plan)

    def tables(self) -> dict[str, Table]:
        """Students, agencies, placements and PEs, by the name of their files."""
        return {
            "students": self._table("Students", STUDENTS, self._students()),
            "agencies": self._table("Agencies", AGENCIES, self._agencies()),
            "placements": self._table("Placements", PLACEMENTS, self._placements()),
            "educators": self._table("Educators", EDUCATORS, self._educators()),
        }

    def _table(self, title: str, headings: Sequence[str], rows: Iterator[_Cells]) -> Table:
        stamp: dict[str, CellValue] = {"Version": self._version}
        cells = [row | stamp for row in map(dict, rows)]
        assert all(row.keys() <= set(headings) for row in cells)
        return Table(
            title=title,
            note="",
            columns=[Column(heading, _WIDTHS.get(heading, 16)) for heading in headings],
            rows=[[row.get(heading, "") for heading in headings] for row in cells],
        )

    # ---- what the rows share -----------------------------------------------------------------------------------
    @cached_property
    def _matches(self) -> list[Match]:
        """Matches of which people are written to: of a later tranche, which nobody decides now, the published ones."""
        facts, published = self._facts, self._facts.dataset.published_by_request
        found = [
            m
            for m in facts.matches
            if not facts.is_later(facts.request(m))
            or (m.request in published and published[m.request].standing in ("kept", "in_force"))
        ]
        return sorted(found, key=lambda m: (m.start or date.max, facts.offer(m).team.casefold()))

    @cached_property
    def _lost(self) -> list[Published]:
        """Published matches that somebody outside knows of, and that this plan has not."""
        facts = self._facts
        rows = []
        for p in facts.dataset.published:
            known = p.standing != "over" and p.status not in FREED and p.offer in facts.offers
            if known and (p.status != "proposed" or p.student_told_on is not None):
                match = facts.match_of.get(p.request)
                if match is None or match.offer != p.offer or match.pe != p.pe:
                    rows.append(p)
        return sorted(rows, key=lambda p: natural_key(p.request))

    def _name(self, person: str | None) -> str:
        return self._names.get(person or "", "")

    def _told(self, request: str) -> str:
        """When a student was told, of this place or of another."""
        published = self._facts.dataset.published_by_request.get(request)
        return day(published.student_told_on) if published else ""

    def _about_student(self, request: Request, offer: str) -> dict[str, CellValue]:
        """Of a student what host and PE of an offer may know."""
        published = self._facts.dataset.published_by_request.get(request.request)
        told_of_it = published is not None and published.offer == offer
        student = self._facts.student(request)
        return {
            "Student": student.student,
            "Student's name": self._name(student.student),
            "Programme": student.programme,
            "Stage": request.stage,
            "Tranche": request.tranche,
            "Student told on": self._told(request.request) if told_of_it else "",
        }

    def _of_match(self, match: Match) -> dict[str, CellValue]:
        """Of a match what student, host and PE may know."""
        request, offer = self._facts.request(match), self._facts.offer(match)
        return {
            "Team": offer.team,
            "Base": offer.place,
            "Other sites": _one_line(spoke_words(self._facts, offer)),
            "Days": request.days,
            "Days a week": self._facts.days_a_week(request, offer),
            "Start": day(match.start),
            "End": day(match.end),
            "PE's name": self._name(match.pe),
            "Status": match.status.replace("_", " "),
        }

    def _since(self, request: str, said: Callable[[RequestChange], str]) -> str:
        """What is different from what is published, as whoever gets the letter has to read it."""
        if self._changed is None:
            return NOT_PUBLISHED
        change = self._changed.get(request)
        return said(change) if change else UNCHANGED

    # ---- students ----------------------------------------------------------------------------------------------
    def _students(self) -> Iterator[_Cells]:
        """A row for each placement, and one for who was told of a place and has none any more."""
        facts = self._facts
        told = {p.request for p in self._lost if p.student_told_on is not None}
        matches = {m.request: m for m in self._matches}
        for request in facts.shown:
            match = matches.get(request.request)
            student = facts.student(request)
            cells: dict[str, CellValue] = {
                "Student": student.student, "Name": self._name(student.student), "Programme": student.programme,
                "Stage": request.stage, "Tranche": request.tranche,
            }  # fmt: skip
            if match is not None:
                yield cells | self._placed(match)
            elif request.request in told and request.request not in facts.match_of:
                yield cells | {
                    "Firm or provisional": "not placed", "Student told on": self._told(request.request),
                    CHANGED: NO_LONGER_PLACED,
                }  # fmt: skip

    def _placed(self, match: Match) -> dict[str, CellValue]:
        facts, offer = self._facts, self._facts.offer(match)
        return self._of_match(match) | {
            "Place": offer.offer,
            "Agency": facts.agency_name(offer.agency),
            "PE": TO_BE_NAMED if is_to_be_named(match) else educator_name(match.pe),
            "On-site supervisor": _supervisor(match, offer),
            "Firm or provisional": facts.result(facts.request(match)),
            "Student told on": self._told(match.request),
            CHANGED: self._since(match.request, lambda change: KINDS[change.kind]),
        }

    # ---- agencies ----------------------------------------------------------------------------------------------
    def _hosts(self) -> list[str]:
        """Agencies that get a letter, by name: who offered places now, has somebody, or loses somebody it knows of."""
        offers = {o.offer for o in self._facts.horizon_offers if self._is_decided(o)}
        offers |= {m.offer for m in self._matches} | {p.offer for p in self._lost}
        found = {agency for offer in offers for agency in self._sites(offer)}
        return sorted(found, key=lambda a: (self._facts.agency_name(a).casefold(), natural_key(a)))

    def _sites(self, offer: str | None) -> set[str]:
        """The agencies of an offer: the lead's, and those of its spokes."""
        known = self._facts.offers.get(offer or "")
        return {agency for agency, _ in known.sites} if known else set()

    def _is_decided(self, offer: Offer) -> bool:
        return self._facts.dataset.tranche_by_id[offer.tranche].status == "deciding"

    def _led(self, agency: str) -> list[Match]:
        return [m for m in self._matches if self._facts.offer(m).agency == agency]

    def _agencies(self) -> Iterator[_Cells]:
        facts, unused = self._facts, Unused(self._facts)
        for agency in self._hosts():
            led, visiting = self._led(agency), visits(facts, self._matches, agency)
            offers = [o for o in facts.horizon_offers if o.agency == agency and self._is_decided(o)]
            free = [o for o in offers if unused.free(o)]
            every = [*led, *(match for match, _ in visiting)]
            rows = [*self._at(agency)]
            yield {
                "Agency": agency,
                "Agency's name": facts.agency_name(agency),
                "Students placed": len(led),
                "Students for some days": len(visiting),
                "Placements": listed(map(_in_words, rows)),
                "PEs to name": sum(map(is_to_be_named, led)),
                "On-site supervisors to name": sum(
                    _supervisor(m, facts.offer(m)) in (TO_BE_NAMED, _SUPERVISORS["no"]) for m in led
                ),
                "Reply by": dates_of(facts, every, ANSWERS_BY),
                "PEs named by": dates_of(facts, led, NAMED_BY),
                "Pre-placement meetings by": dates_of(facts, every, MEETINGS_BY),
                "Places not used": sum(map(unused.free, free)),
                "Which places": listed(_free_words(unused, o) for o in free),
                CHANGED: self._any_changed(rows),
            }

    def _any_changed(self, rows: Sequence[_Cells]) -> str:
        if self._changed is None:
            return NOT_PUBLISHED
        return "yes" if any(row[CHANGED] != UNCHANGED for row in rows) else UNCHANGED

    def _placements(self) -> Iterator[_Cells]:
        for agency in self._hosts():
            yield from self._at(agency)

    def _at(self, agency: str) -> Iterator[dict[str, CellValue]]:
        """The placements at an agency: those that it leads, those with days in its teams, those that it has lost."""
        facts = self._facts
        own: dict[str, CellValue] = {"Agency": agency, "Agency's name": facts.agency_name(agency)}
        for match in self._led(agency):
            yield (
                own
                | self._hosted(match, agency)
                | {
                    "PE": educator_asked(facts, match),
                    "On-site supervisor": supervisor_asked(facts, match),
                }
            )
        for match, spoke in visits(facts, self._matches, agency):
            offer = facts.offer(match)
            yield own | self._hosted(match, agency) | {
                "Team": spoke.team, "Base": spoke.place, "Other sites": "", "Days": spoke.days, "Days a week": "",
                "Led by": f"{facts.agency_name(offer.agency)}, {offer.team}", "PE": educator_of_lead(match),
                "Pre-placement meeting by": "",
            }  # fmt: skip
        for lost in self._lost:
            now = facts.match_of.get(lost.request)
            if agency in self._sites(lost.offer) - self._sites(now.offer if now else None):
                offer = facts.offers[lost.offer]
                team = next(team for at, team in offer.sites if at == agency)
                student = self._about_student(facts.dataset.request_by_id[lost.request], lost.offer)
                yield own | student | {"Place": lost.offer, "Team": team, CHANGED: NO_LONGER_WITH_YOU}

    def _hosted(self, match: Match, agency: str) -> dict[str, CellValue]:
        facts, request = self._facts, self._facts.request(match)

        def said(change: RequestChange) -> str:
            return NEW if agency not in self._sites(change.offer_before) else KINDS[change.kind]

        return (
            self._about_student(request, match.offer)
            | self._of_match(match)
            | {
                "Place": match.offer,
                "Needs agreed for sharing": shared_needs(facts.student(request)),
                "Reply by": day(facts.step_date(request, ANSWERS_BY)),
                "Pre-placement meeting by": day(facts.step_date(request, MEETINGS_BY)),
                CHANGED: self._since(match.request, said),
            }
        )

    # ---- practice educators ------------------------------------------------------------------------------------
    def _educators(self) -> Iterator[_Cells]:
        """A row for each student of a listed PE, and one for each whom the PE knows of and has not any more."""
        facts, listed_ones = self._facts, self._facts.dataset.educator_by_id
        rows = [(m.pe or "", self._supervised(m)) for m in self._matches if m.pe in listed_ones]
        for lost in self._lost:
            now = facts.match_of.get(lost.request)
            if lost.pe in listed_ones and (now is None or now.pe != lost.pe):
                offer = facts.offers[lost.offer]
                student = self._about_student(facts.dataset.request_by_id[lost.request], lost.offer)
                where: dict[str, CellValue] = {"Agency": facts.agency_name(offer.agency), "Team": offer.team}
                rows.append((lost.pe or "", student | where | {CHANGED: NO_LONGER_WITH_YOU}))
        for pe, cells in sorted(rows, key=lambda row: natural_key(row[0])):
            yield cells | {"PE": pe, "PE's name": self._name(pe)}

    def _supervised(self, match: Match) -> dict[str, CellValue]:
        facts, request, offer = self._facts, self._facts.request(match), self._facts.offer(match)

        def said(change: RequestChange) -> str:
            return KINDS[change.kind] if change.pe_before == match.pe else NEW

        return (
            self._about_student(request, match.offer)
            | self._of_match(match)
            | {
                "Basis": BASES[match.basis] if match.basis else "",
                "Practice assessor": facts.assessor(match),
                "Agency": facts.agency_name(offer.agency),
                "On-site supervisor": _supervisor(match, offer),
                "Needs agreed for sharing": shared_needs(facts.student(request)),
                "Pre-placement meeting by": day(facts.step_date(request, MEETINGS_BY)),
                CHANGED: self._since(match.request, said),
            }
        )


def _supervisor(match: Match, offer: Offer) -> str:
    """The on-site supervisor as student and PE read it; asked for only where the PE is not in the team."""
    return "not needed" if match.basis in (None, "in_team") else _SUPERVISORS[offer.on_site_supervisor]


def _one_line(text: str) -> str:
    return text.replace("\n", "; ")


def _free_words(unused: Unused, offer: Offer) -> str:
    """Places of an offer that are not used, and how many the team holds of them; not for whom."""
    held = unused.free(offer) - unused.unheld(offer)
    kept = f" ({held} held by the team)" if held else ""
    return f"{offer.offer}, {offer.team}: {unused.free(offer)} of {offer.capacity}{kept}"


def _in_words(row: _Cells) -> str:
    """A placement at an agency for one cell of its letter: ``S001 (MSW first): O1, X, 4 Jan 2027 to 7 May 2027``."""
    who = " ".join(str(row[heading]) for heading in ("Student", "Student's name") if row[heading])
    who += f" ({row['Programme']} {row['Stage']})"
    dates = f"{row['Start']} to {row['End']}" if row.get("Start") else row[CHANGED]
    return f"{who}: {row['Place']}, {row['Team']}, {dates}"
