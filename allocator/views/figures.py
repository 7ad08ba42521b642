"""The monitored figures M01, M02, M03, M05, M06 and M11 of the academic year.

Each is counted twice: over firm placements only, and with provisional ones. Apprentices and Step Up stand apart.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from allocator.views.facts import APART, PARTNERS, Facts
from allocator.views.independents import is_independent, people_independent
from allocator.views.published import PublishedYear
from allocator.views.share import Share
from models.entities import Request
from models.plan import Match
from models.statuses import FACTS

Judge = Callable[[Match], bool]
CEILINGS = ("M03", "M06")
"""Figures that have a most."""


class Figure(NamedTuple):
    """One monitored figure of the academic year, for one group of programmes; ``published`` has a value a past year.

    ``ceiling``: the target is a most. Such a figure is measured against all placements of the year: a share of the few
    that are firm already (7 of 42) says nothing of the year (7 of 123), so the firm ones are only counted.
    """

    rule: str
    title: str
    group: str
    firm: Share
    all: Share
    target: str
    published: tuple[int | None, ...]
    ceiling: bool = False

    @property
    def firm_words(self) -> str:
        """The firm placements: their share; of a figure with a ceiling how many there are."""
        return f"{self.firm.part} so far" if self.ceiling else self.firm.words


def year_shown(facts: Facts) -> int | None:
    """The academic year that the figures are about: that of the first tranche being decided."""
    tranches = facts.deciding or facts.horizon_tranches
    return facts.policy.academic_year(tranches[0].first_day) if tranches else None


def year_words(year: int | None) -> str:
    """``2025-26``."""
    return "" if year is None else f"{year}-{(year + 1) % 100:02d}"


def placements_of_year(facts: Facts) -> list[Match]:
    """The plan's matches that start in the academic year shown, and published ones of that year that are over."""
    year = year_shown(facts)
    over = [
        Match(request=p.request, offer=p.offer, pe=p.pe, start=p.start, end=p.end, kept=True)
        for p in facts.dataset.published
        if p.standing == "over"
        and p.status in FACTS
        and p.request in facts.dataset.request_by_id
        and p.request not in facts.match_of
        and p.offer in facts.offers
        and p.start is not None
    ]
    rows = [*facts.matches, *over]
    return [m for m in rows if m.start is None or facts.policy.academic_year(m.start) == year]


def figures(facts: Facts, published: Sequence[PublishedYear] = ()) -> list[Figure]:
    """M01, M02, M03, M05 and M06 of the academic year.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    published
        Past years to show beside BA and MSW.

    Returns
    -------
    list of Figure
        BA and MSW (with other programmes) first, then Step Up and apprentices where they have placements.
    """
    placements = placements_of_year(facts)
    main = [m for m in placements if facts.group(facts.request(m)) not in APART]
    result = list(_Group(facts, "BA, MSW and others", main, published).figures(("BA", "MSW")))
    for name in APART:
        matches = [m for m in placements if facts.group(facts.request(m)) == name]
        if matches:
            result.extend(_Group(facts, name, matches, ()).figures((name,), len(published)))
    return result


class _Group:
    """The placements of one group of programmes."""

    def __init__(self, facts: Facts, name: str, matches: list[Match], published: Sequence[PublishedYear]) -> None:
        self.facts, self.name, self.matches, self.published = facts, name, matches, published

    def figures(self, programmes: Sequence[str], years: int = 0) -> Iterator[Figure]:
        """The group's figures; ``programmes``: those for which M02 is shown; ``years``: blank past years."""
        policy = self.facts.policy
        blank: tuple[int | None, ...] = (None,) * (years or len(self.published))
        share, cap = f"{policy.partner_share_percent}%", f"at most {policy.independent_cap_percent}%"
        finals = [m for m in self.matches if self.facts.request(m).stage == "final"]
        partners = any(a.membership in PARTNERS for a in self.facts.dataset.agencies)
        said = f"statutory_{policy.statutory_test}"
        statutory = any(getattr(self.facts.offer(m), said) != "not_known" for m in self.matches)

        def figure(
            rule: str,
            title: str,
            of: list[Match],
            counts: Judge,
            target: str,
            past: tuple[int | None, ...] = blank,
            known: bool = True,
        ) -> Figure:
            of = of if known else []  # a share of what nobody knows would be a figure of nothing
            firm = [m for m in of if not self.facts.is_provisional(m)]
            return Figure(
                rule, title, self.name, _share(firm, counts), _share(of, counts), target, past, rule in CEILINGS
            )

        yield figure(
            "M01",
            "Statutory placements provided by partners",
            self.matches,
            lambda m: self._by_partner(m) and self._statutory(m),
            share,
            tuple(p.statutory_by_partners for p in self.published) or blank,
            partners and statutory,
        )
        yield figure(
            "M01", "All placements provided by partners", self.matches, self._by_partner, share, known=partners
        )
        for programme in programmes:
            of = [m for m in finals if self.facts.group(self.facts.request(m)) == programme]
            two, last = self._past(programme)
            title = "Students with" if programme in APART else f"{programme} students with"
            yield figure(
                "M02", f"{title} two statutory placements", of, self._two_statutory, "preferably all", two or blank,
                statutory,
            )  # fmt: skip
            yield figure("M02", f"{title} a statutory final", of, self._statutory, "", last or blank, statutory)
        yield figure(
            "M03",
            "Placements with independent PEs",
            self.matches,
            lambda m: is_independent(self.facts, m),
            cap,
            tuple(p.independents for p in self.published) or blank,
        )
        firm = [m for m in self.matches if not self.facts.is_provisional(m)]
        yield Figure(
            "M03",
            "Independent PEs, of the PEs used",
            self.name,
            people_independent(self.facts, firm),
            people_independent(self.facts, self.matches),
            cap,
            blank,
            ceiling=True,
        )
        limit = f"at most {policy.trainee_finals_percent}%"
        yield figure("M06", "Finals that rest on trainees", finals, lambda m: rests_on_trainee(self.facts, m), limit)

    def _past(self, programme: str) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """Past years of M02: with two statutory placements, with a statutory final."""
        if programme == "BA":
            return (
                tuple(p.ba_two_statutory for p in self.published),
                tuple(p.ba_statutory_final for p in self.published),
            )
        return tuple(p.msw_two_statutory for p in self.published), tuple(p.msw_statutory_final for p in self.published)

    def _by_partner(self, match: Match) -> bool:
        return self.facts.is_partner(self.facts.offer(match).agency)

    def _statutory(self, match: Match) -> bool:
        return self.facts.is_statutory(self.facts.offer(match))

    def _two_statutory(self, match: Match) -> bool:
        first = self.facts.first_of(self.facts.request(match))
        return first is not None and self.facts.is_statutory(first) and self._statutory(match)


def _share(matches: list[Match], counts: Judge) -> Share:
    return Share(sum(map(counts, matches)), len(matches))


def independents_of_year(facts: Facts) -> Share:
    """Rule L07: placements of the academic year with independent PEs, all programmes, earlier ones included.

    Placements with an exception to L07 are left out of the part, not of the whole.
    """
    policy = facts.policy
    placements = placements_of_year(facts)
    part = sum(is_independent(facts, m) and not _excepted(facts, m) for m in placements)
    return Share(part + policy.independents_so_far, len(placements) + policy.placements_so_far)


def _excepted(facts: Facts, match: Match) -> bool:
    found = facts.terms.decisions.exceptions("L07", match.request, match.offer, match.pe)
    return bool(found)


def rests_on_trainee(facts: Facts, match: Match) -> bool:
    """Whether a match's PE is a trainee, listed or to be named."""
    educator = facts.educator(match)
    if educator is not None:
        return educator.qualification in ("trainee_1", "trainee_2")
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
    return Share(sum(e.qualification == "PEPS2" for e in people), len(people))
