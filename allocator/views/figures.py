"""The monitored figures of the academic year that are shares: M01 to M04, M06, M08 to M10.

Each is counted twice: over firm placements only, and with provisional ones. Apprentices and Step Up stand apart. M02 is
a share of the students who are **due** a final, placed or not: of those placed alone it rises when fewer are placed.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from allocator.terms.been import placements_before
from allocator.terms.candidates import TRAINEES, is_trainee_on
from allocator.views.educator_status import stage_today
from allocator.views.facts import APART, PARTNERS, Facts
from allocator.views.independents import is_independent, people_independent
from allocator.views.past import HEADLINES, PastYears
from allocator.views.share import Share
from allocator.views.year import MAIN, Due, Year, main_group
from allocator.views.yearly import Yearly, silent_partner_count
from models.base import natural_key
from models.entities import Past, Request
from models.plan import Match

Judge = Callable[[Match], bool]
CEILINGS = ("M03", "M06")
"""Figures that have a most."""


class Figure(NamedTuple):
    """One monitored figure of the academic year, for one group of programmes; ``past`` has a value a past year.

    ``measure``: the words under which the sheet Past has its earlier years. ``ceiling``: the target is a most. Such a
    figure is measured against all placements of the year: a share of the few that are firm already (7 of 42) says
    nothing of the year (7 of 123), so the firm ones are only counted. ``placed``: firm and with provisional, of those
    placed alone, where the figure is of students due.
    """

    rule: str
    measure: str
    title: str
    group: str
    firm: Share
    all: Share
    target: str
    past: tuple[Past | None, ...] = ()
    ceiling: bool = False
    placed: tuple[Share, Share] | None = None

    @property
    def firm_words(self) -> str:
        """The firm placements: their share; of a figure with a ceiling how many there are."""
        return f"{self.firm.part} so far" if self.ceiling else self.firm.words

    @property
    def all_words(self) -> str:
        """With provisional placements; of students due also the share of those placed."""
        beside = f"; of those placed {self.placed[1].words}" if self.placed and self.placed[1].whole else ""
        return self.all.words + beside


def figures(year: Year) -> list[Figure]:
    """The shares of the academic year.

    Parameters
    ----------
    year
        The academic year of a plan.

    Returns
    -------
    list of Figure
        BA and MSW (with other programmes) first, M02 of each that has students due; then Step Up and apprentices
        where they have placements or are due.
    """
    due = sorted({d.group for d in year.finals_due if main_group(d.group) == MAIN}, key=natural_key)
    found = list(_Group(year, MAIN).figures(tuple(due)))
    for name in APART:
        if year.placements_of(name) or any(d.group == name for d in year.finals_due):
            found.extend(_Group(year, name).figures((name,)))
    past = PastYears(year.facts)
    headlines = {rule: next((f.measure for f in found if f.rule == rule), "") for rule in HEADLINES}
    return [
        f._replace(past=past.of(f.measure, f.title, *([f.rule] if headlines.get(f.rule) == f.measure else [])))
        for f in found
    ]


class _Group:
    """The placements of one group of programmes, and the students due a final in it."""

    def __init__(self, year: Year, name: str) -> None:
        self.year, self.facts, self.name = year, year.facts, name
        self.matches = year.placements_of(name)
        self.apart = f"{name} " if name in APART else ""

    def figures(self, programmes: tuple[str, ...]) -> Iterator[Figure]:
        """The group's figures; ``programmes``: those for which M02 is shown."""
        policy = self.facts.policy
        share, cap = f"{policy.partner_share_percent}%", f"at most {policy.independent_cap_percent}%"
        finals = [m for m in self.matches if self.facts.request(m).stage == "final"]
        partners = any(a.membership in PARTNERS for a in self.facts.dataset.agencies)
        statutory = self._says_statutory()
        # A share of what nobody knows would be a figure of nothing.
        yield self._figure(
            "M01", "statutory by partners", "Statutory placements provided by partners", self.matches,
            lambda m: self._by_partner(m) and self._statutory(m), share, partners and statutory,
        )  # fmt: skip
        yield self._figure(
            "M01", "by partners", "All placements provided by partners", self.matches, self._by_partner, share, partners
        )
        yield self._figure(
            "M01", "of the statutory by partners", "Partners' part of the statutory placements",
            [m for m in self.matches if self._statutory(m)], self._by_partner, share, partners and statutory,
        )  # fmt: skip
        for programme in programmes:
            due = [d for d in self.year.finals_due if d.group == programme]
            # Of programmes, several of which stand in one group, each names itself.
            words = "Students" if self.apart else f"{programme} students"
            two, last = f"{programme} two statutory", f"{programme} statutory final"
            yield self._of_due(two, f"{words} with two statutory placements", due, self._two, "all", statutory)
            yield self._of_due(last, f"{words} with a statutory final", due, self._last, "", statutory)
        yield self._figure(
            "M03", "independent placements", "Placements with independent PEs", self.matches,
            lambda m: is_independent(self.facts, m), cap,
        )  # fmt: skip
        yield self._people(cap)
        yield self._notice()
        limit = f"at most {policy.trainee_finals_percent}%"
        yield self._figure(
            "M06", "finals on trainees", "Finals that rest on trainees", finals,
            lambda m: rests_on_trainee(self.facts, m), limit,
        )  # fmt: skip
        yield from self._of_practice()
        if not self.apart:
            yield from self._of_partners()

    def _figure(
        self, rule: str, measure: str, title: str, of: list[Match], counts: Judge, target: str, known: bool = True
    ) -> Figure:
        of = of if known else []
        firm = [m for m in of if not self.facts.is_provisional(m)]
        return Figure(
            rule, f"{rule} {self.apart}{measure}", title, self.name, _share(firm, counts), _share(of, counts), target,
            ceiling=rule in CEILINGS,
        )  # fmt: skip

    def _of_due(
        self, measure: str, title: str, due: list[Due], counts: Callable[[Due], bool], target: str, known: bool
    ) -> Figure:
        """A share of the students due, and of those placed beside it."""
        due = due if known else []
        placed = [d for d in due if d.match is not None]
        firm = [d for d in placed if d.match is not None and not self.facts.is_provisional(d.match)]
        firmly = sum(counts(d) and not (counts == self._two and self.year.first_waits(d.request)) for d in firm)
        every = sum(map(counts, placed))
        return Figure(
            "M02", f"M02 {measure}", title, self.name, Share(firmly, len(due)), Share(every, len(due)),
            target and f"preferably {target}", placed=(Share(firmly, len(firm)), Share(every, len(placed))),
        )  # fmt: skip

    def _people(self, cap: str) -> Figure:
        """Independents among the listed PEs used: some documents count people instead of placements."""
        firm = [m for m in self.matches if not self.facts.is_provisional(m)]
        return Figure(
            "M03", f"M03 {self.apart}independent PEs", "Independent PEs, of the PEs used", self.name,
            people_independent(self.facts, firm), people_independent(self.facts, self.matches), cap, ceiling=True,
        )  # fmt: skip

    def _notice(self) -> Figure:
        weeks = self.facts.policy.notice_weeks
        yearly = Yearly(self.year)
        firm = [m for m in self.matches if not self.facts.is_provisional(m)]
        return Figure(
            "M04", f"M04 {self.apart}notice", f"Placements with at least {weeks} weeks of notice", self.name,
            yearly.notice(firm).enough, yearly.notice(self.matches).enough, "all",
        )  # fmt: skip

    def _of_practice(self) -> Iterator[Figure]:
        """M08: of the placements that are in adults' or in children's services, those in adults'."""
        yearly = Yearly(self.year)
        both: list[Share] = []
        for matches in ([m for m in self.matches if not self.facts.is_provisional(m)], self.matches):
            kinds = {k.kind: k.placements for k in yearly.directorates(matches)}
            adults = kinds.get("adults", 0)
            both.append(Share(adults, adults + kinds.get("children", 0)))
        title = "Placements in adults' services, of those in adults' or in children's"
        yield Figure("M08", f"M08 {self.apart}adults", title, self.name, both[0], both[1], "")

    def _of_partners(self) -> Iterator[Figure]:
        """M09, and M10, which has no provisional part."""
        yearly = Yearly(self.year)
        (firm, every), (front, _) = (yearly.wishes(firm=True), yearly.wishes()), yearly.front_line
        heard = silent_partner_count(self.facts)
        rows = (
            ("M09", "preferred both", "Students due a final, both placements statutory and in a preferred area",
             Share(firm.both, firm.students), Share(every.both, every.students)),
            ("M09", "preferred one", "Students due a final, one placement statutory and in a preferred area",
             Share(firm.one, firm.students), Share(every.one, every.students)),
            ("M10", "front-line teams", "Front-line teams of partners that offered in the year", front, front),
            ("M10", "partners heard from", "Partners that have answered or offered", heard, heard),
        )  # fmt: skip
        for rule, measure, title, firmly, share in rows:
            yield Figure(rule, f"{rule} {measure}", title, self.name, firmly, share, "")

    def _says_statutory(self) -> bool:
        """Whether any offer says whether it is statutory, by the test that counts."""
        said = f"statutory_{self.facts.policy.statutory_test}"
        return any(getattr(o, said) != "not_known" for o in self.facts.dataset.offers)

    def _by_partner(self, match: Match) -> bool:
        return self.facts.is_partner(self.facts.offer(match).agency)

    def _statutory(self, match: Match) -> bool:
        return self.facts.is_statutory(self.facts.offer(match))

    def _last(self, due: Due) -> bool:
        return due.match is not None and self._statutory(due.match)

    def _two(self, due: Due) -> bool:
        first = self.year.first_of(due.request)
        return first is not None and self.facts.is_statutory(first) and self._last(due)


def _share(matches: list[Match], counts: Judge) -> Share:
    return Share(sum(map(counts, matches)), len(matches))


def independents_of_year(year: Year) -> Share:
    """Rule L07: placements of the academic year with independent PEs, as the rule counts them (SEMANTICS S5.7).

    All programmes; those outside the plan too, whether their students are listed or not. Placements with an exception
    to L07 are left out of the part, not of the whole. What is not in Published is of the year of today.
    """
    facts, policy = year.facts, year.facts.policy
    outside = [
        Match(request=b.row.request, offer=b.row.offer, pe=b.row.pe, start=b.start)
        for b in placements_before(facts.terms)
        if b.start is not None
    ]
    placements = [
        m for m in (*facts.matches, *outside) if m.start is None or policy.academic_year(m.start) == year.year
    ]
    part = sum(is_independent(facts, m) and not _excepted(facts, m) for m in placements)
    so_far = policy.academic_year(facts.terms.as_of) == year.year
    earlier = (policy.independents_so_far, policy.placements_so_far) if so_far else (0, 0)
    return Share(part + earlier[0], len(placements) + earlier[1])


def _excepted(facts: Facts, match: Match) -> bool:
    found = facts.terms.decisions.exceptions("L07", match.request, match.offer, match.pe)
    return bool(found)


def rests_on_trainee(facts: Facts, match: Match) -> bool:
    """Whether a match's PE is a trainee, listed or to be named."""
    educator = facts.educator(match)
    if educator is not None:
        # Who qualifies before the start is no trainee any more.
        day = match.start or facts.as_of
        return educator.qualification in TRAINEES if day is None else is_trainee_on(educator, day)
    return match.pe is not None and "@" in match.pe and "trainee" in match.pe.split("@")[0]


def trainee_finals(facts: Facts) -> list[tuple[Match, str]]:
    """M06: finals that rest on trainees, each with its fall-back PEPS2 or "no fall-back"."""
    rows = []
    for match in facts.matches:
        if facts.request(match).stage == "final" and rests_on_trainee(facts, match):
            educator = facts.educator(match)
            rows.append((match, (educator.fall_back if educator else None) or "no fall-back"))
    return rows


def waiting_requests(facts: Facts) -> list[tuple[Request, date | None, str]]:
    """M11: requests carried over or displaced, since when, and what became of them; longest waiting first."""
    rows = [
        (r, facts.student(r).waiting_since, str(facts.result(r)))
        for r in facts.shown
        if r.request in facts.live_ids and (facts.student(r).waiting_since is not None or r.displaced)
    ]
    return sorted(rows, key=lambda row: row[1] or date.max)


def stage_two(facts: Facts) -> Share:
    """M05: PEs qualified at stage 2 (PEPS2), of all PEs that are listed and have not withdrawn."""
    people = [e for e in facts.dataset.educators if e.withdrawn_from is None]
    return Share(sum(stage_today(facts, e) == "PEPS2" for e in people), len(people))
