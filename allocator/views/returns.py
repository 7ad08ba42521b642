"""The yearly return: students by level, and practice educators; each row names its source and its gaps."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from allocator.terms.candidates import basis_of
from allocator.terms.independence import by_employer
from allocator.views.counts import location
from allocator.views.educator_status import STATUSES, listed_educators, stage_today, status_of
from allocator.views.facts import Facts
from allocator.views.levels import NO_LEVEL, RETURN_GROUPS, Levels
from allocator.views.share import Share
from allocator.views.table import CellValue, Column, Table
from allocator.views.withheld import WITHHELD
from allocator.views.words import STAGES, counted, listed
from allocator.views.year import Due, Year
from allocator.views.yearly import directorate_of, of_areas
from models.base import natural_key
from models.entities import INDEPENDENT, PARTNERSHIP, Educator
from models.plan import Match
from models.policy import Independent

_Row = TypeVar("_Row")
Value = int | float | Share | None
"""A number, an average, a share, or None where the row has none for the group."""
ALL = "All"
STUDENTS, PLACEMENTS, EDUCATORS = "Students due a final", "Placements of the year", "Practice educators"
NO_MEMBERS: tuple[Independent, ...] = ("independent", "outside")
"""Whom the return counts as independent: PEs whom no member employs; consultants are the partnership's."""
PRIVATE = ("voluntary", "private")
PRACTICE = ("adults'", "children's", "private and voluntary", "other")
"""The kinds of practice: a voluntary or private setting first, then by directorate."""


class ReturnRow(NamedTuple):
    """One row of the return. ``values``: by group of :data:`~allocator.views.levels.RETURN_GROUPS`, and all.

    ``table``: rows of one table count each person once. ``persons``: whom a value that is no share is about.
    ``gaps_outside``: what the gaps say where they leave the team.
    """

    part: str
    row: str
    values: Mapping[str, Value]
    source: str
    gaps: str = ""
    gaps_outside: str = ""
    table: str = ""
    persons: Mapping[str, Share] = MappingProxyType({})


class _Gap(NamedTuple):
    """A gap of so many of a whole: in words for the team, and of what it is where the number is withheld."""

    number: int
    whole: int
    words: str
    of: str


def return_rows(facts: Facts) -> list[ReturnRow]:
    """The yearly return.

    Parameters
    ----------
    facts
        Dataset, policy and plan.

    Returns
    -------
    list of ReturnRow
        Students and placements by level, those who stand apart in columns of their own; then PEs.
    """
    year = Year(facts)
    students = _Students(year)
    return [*students.due(), *students.placements(), *_educators(year)]


class _Students:
    """Rows about students and placements."""

    def __init__(self, year: Year) -> None:
        self.year, self.facts = year, year.facts
        self.levels = Levels(year.facts)
        unknown = self.levels.not_stated()
        self.no_level = f"level not stated of {listed(unknown)} (Lists, programmes)" if unknown else ""

    def due(self) -> Iterator[ReturnRow]:
        """Students due a final, by how many of their two placements are statutory."""
        groups: dict[str, list[Due]] = {}
        for due in self.year.finals_due:
            groups.setdefault(self.levels.group(due.request), []).append(due)
        counts = {name: Counter(map(self._statutory_placements, rows)) for name, rows in _with_all(groups).items()}
        unplaced = sum(d.match is None for d in self.year.finals_due)
        no_first = sum(self.year.first_of(d.request) is None for d in self.year.finals_due)
        gaps = _gaps(
            self.no_level,
            _Gap(
                unplaced,
                len(self.year.finals_due),
                f"{counted(unplaced, 'student has', 'students have')} no final yet",
                "students without a final yet",
            ),
            _Gap(
                no_first,
                len(self.year.finals_due),
                f"first placement not recorded: {no_first}",
                "first placement not recorded",
            ),
            self._not_known(),
            smallest=self.facts.policy.smallest_group,
        )
        source = "Requests, Students, History, Offers (statutory), plan"
        for number, words in ((2, "with two statutory placements"), (1, "with one"), (0, "with none so far")):
            values: dict[str, Value] = {
                name: Share(counts[name][number], sum(counts[name].values())) for name in counts
            }
            yield ReturnRow(STUDENTS, words, values, source, *gaps, table="statutory placements")

    def _statutory_placements(self, due: Due) -> int:
        first = self.year.first_of(due.request)
        final = self.facts.offers[due.match.offer] if due.match else None
        return sum(row is not None and self.facts.is_statutory(row) for row in (first, final))

    def _not_known(self) -> _Gap:
        said = f"statutory_{self.facts.policy.statutory_test}"
        number = sum(getattr(self.facts.offer(m), said) == "not_known" for m in self.year.placements)
        words = f"statutory not known: {counted(number, 'placement')}"
        return _Gap(number, len(self.year.placements), words, "placements of which statutory is not known")

    def placements(self) -> Iterator[ReturnRow]:
        """Placements of the year: days in statutory ones, by kind of practice, passed."""
        groups: dict[str, list[Match]] = {}
        for match in self.year.placements:
            groups.setdefault(self.levels.group(self.facts.request(match)), []).append(match)
        groups, smallest = _with_all(groups), self.facts.policy.smallest_group
        yield ReturnRow(
            PLACEMENTS, "days of statutory placements", {n: self._statutory_days(ms) for n, ms in groups.items()},
            "Requests (days), Offers (statutory), plan",
            *_gaps(self.no_level, "days as planned, not as attended", self._not_known(), smallest=smallest),
            table="days",
            persons={
                n: Share(sum(self.facts.is_statutory(self.facts.offer(m)) for m in ms), len(ms))
                for n, ms in groups.items()
            },
        )  # fmt: skip
        of_area = of_areas(self.facts)
        for practice in PRACTICE:
            values = {
                name: Share(sum(self._practice(m, of_area) == practice for m in matches), len(matches))
                for name, matches in groups.items()
            }
            other = "another setting, both directorates, or not stated" if practice == "other" else ""
            yield ReturnRow(
                PLACEMENTS, practice, values, "Offers (setting, areas), Agencies (directorate), Lists (areas)",
                *_gaps(self.no_level, other, smallest=smallest), table="practice",
            )  # fmt: skip
        yield self._pass_rate()

    def _statutory_days(self, matches: Iterable[Match]) -> int:
        return sum(self.facts.request(m).days for m in matches if self.facts.is_statutory(self.facts.offer(m)))

    def _practice(self, match: Match, of_area: Mapping[str, str]) -> str:
        offer = self.facts.offer(match)
        if offer.setting in PRIVATE:
            return "private and voluntary"
        found = f"{directorate_of(self.facts, offer, of_area)}'"
        return {"adults'": "adults'", "children'": "children's"}.get(found, "other")

    def _pass_rate(self) -> ReturnRow:
        """Placements with a result on History that began in the year; a placement without one is a gap."""
        facts = self.facts
        groups: dict[str, list[bool]] = {}
        group_of = {r.student: self.levels.group(r) for r in facts.dataset.requests}
        results: set[tuple[str, str]] = set()
        for row in facts.dataset.history:
            if row.start is not None and facts.policy.academic_year(row.start) == self.year.year:
                passed = row.outcome == "passed"
                groups.setdefault(group_of.get(row.student, NO_LEVEL), []).append(passed)
                results.add((row.student, row.stage))
        requests = (facts.request(m) for m in self.year.placements)
        without = sum((r.student, r.stage) not in results for r in requests)
        values: dict[str, Value] = {name: Share(sum(rows), len(rows)) for name, rows in _with_all(groups).items()}
        words = f"no result yet: {counted(without, 'placement')}"
        gaps = _gaps(
            self.no_level, _Gap(without, len(self.year.placements), words, "placements without a result yet"),
            smallest=facts.policy.smallest_group,
        )  # fmt: skip
        return ReturnRow(
            PLACEMENTS, "passed, of those with a result", values, "History (start, outcome)", *gaps, table="passed"
        )


def _educators(year: Year) -> Iterator[ReturnRow]:
    facts = year.facts
    people = listed_educators(facts)
    if not people:
        yield ReturnRow(EDUCATORS, "listed", {ALL: 0}, "Educators", "no PE is listed")
        return
    gaps = "pools and PEs to be named are not counted"
    every = {ALL: Share(len(people), len(people))}
    yield ReturnRow(EDUCATORS, "listed", {ALL: len(people)}, "Educators", gaps, gaps, "listed", every)
    agencies = facts.dataset.agency_by_id

    def directorate(educator: Educator) -> str:
        agency = agencies.get(educator.employed_by)
        return agency.directorate if agency else "no agency's"

    def provider(educator: Educator) -> str:
        own = {PARTNERSHIP: "the partnership (consultants)", INDEPENDENT: "independent"}
        return own.get(educator.employed_by) or facts.agency_name(educator.employed_by)

    by: tuple[tuple[str, Callable[[Educator], str], str, tuple[str, ...]], ...] = (
        (
            "stage",
            lambda e: STAGES[stage_today(facts, e)],
            "Educators (qualification, becomes)",
            tuple(STAGES.values()),
        ),
        ("status", lambda e: status_of(facts, e), "Educators (current_until, last_student, absences)", STATUSES),
        ("location", location, "Educators (employed_by, team, long_arm)", ()),
        ("directorate", directorate, "Educators (employed_by), Agencies (directorate)", ()),
        ("provider", provider, "Educators (employed_by)", ()),
    )
    for kind, name_of, source, order in by:
        counts = Counter(map(name_of, people))
        names = [*(n for n in order if n in counts), *sorted(counts.keys() - set(order), key=natural_key)]
        for name in names:
            yield ReturnRow(EDUCATORS, f"{kind}: {name}", {ALL: Share(counts[name], len(people))}, source, table=kind)
    second = sum(stage_today(facts, e) == "PEPS2" for e in people)
    yield ReturnRow(
        EDUCATORS, "at stage 2", {ALL: Share(second, len(people))}, "Educators (qualification, becomes)",
        table="at stage 2",
    )  # fmt: skip
    outside = sum(not by_employer(facts.dataset, e.employed_by).isdisjoint(NO_MEMBERS) for e in people)
    yield ReturnRow(
        EDUCATORS, "independent: not employed by a member", {ALL: Share(outside, len(people))},
        "Educators (employed_by), Agencies (membership)", table="independent",
    )  # fmt: skip
    yield from _caseloads(year)


def _caseloads(year: Year) -> Iterator[ReturnRow]:
    """Students of the year to a listed PE who has any."""
    facts = year.facts
    used = [(e, facts.offer(m)) for m in year.placements if (e := facts.educator(m)) is not None]
    unnamed = len(year.placements) - len(used)
    words = f"{counted(unnamed, 'placement has', 'placements have')} no listed PE"
    gap = _Gap(unnamed, len(year.placements), words, "placements without a listed PE")
    gaps = _gaps(gap, smallest=facts.policy.smallest_group)
    parts = (
        ("average caseload", used),
        ("average caseload, in the team", [(e, o) for e, o in used if basis_of(e, o) == "in_team"]),
        ("average caseload, off-site", [(e, o) for e, o in used if basis_of(e, o) != "in_team"]),
    )
    for words, rows in parts:
        people = len({e.pe for e, _ in rows})
        value = round(len(rows) / people, 2) if people else None
        yield ReturnRow(
            EDUCATORS, words, {ALL: value}, "plan, Published, Educators", *gaps, table=words,
            persons={ALL: Share(people, people)},
        )  # fmt: skip


def _with_all(groups: Mapping[str, list[_Row]]) -> dict[str, list[_Row]]:
    return {**groups, ALL: [row for rows in groups.values() for row in rows]}


def _gaps(*parts: str | _Gap, smallest: int) -> tuple[str, str]:
    """The gaps in the words of the team's own sheet, and as they leave it: numbers of few withheld."""
    own, outside = list[str](), list[str]()
    for part in parts:
        if isinstance(part, str):
            own.append(part)
            outside.append(part)
        elif part.number:
            few = any(0 < number < smallest for number in (part.number, part.whole - part.number))
            own.append(part.words)
            outside.append(f"{part.of}: {WITHHELD}" if few else part.words)
    return "; ".join(filter(None, own)), "; ".join(filter(None, outside))


def return_table(facts: Facts, rows: Sequence[ReturnRow]) -> Table:
    """The sheet Return, for the team: nothing withheld."""
    year = Year(facts)
    groups = [*(g for g in RETURN_GROUPS if any(g in r.values for r in rows)), ALL]
    columns = [Column("Part", 16), Column("Row", 30)]
    for group in groups:
        columns += [Column("Number", 8, "centred", group), Column("Of", 7, "whole", group)]
        columns.append(Column("Percent", 8, "centred", group))
    columns += [Column("Source", 30), Column("Gaps", 34)]
    return Table(
        title="Return",
        note=f"The yearly return, academic year {year.words}. For the team: return.json withholds groups of persons "
        f"under {facts.policy.smallest_group}.",
        columns=columns,
        rows=[
            [r.part, r.row, *(cell for g in groups for cell in _cells(r.values.get(g))), r.source, r.gaps] for r in rows
        ],
        keys=2,
        paper="A3",
        empty="Nothing to return.",
    )


def _cells(value: Value) -> list[CellValue]:
    if isinstance(value, Share):
        return [value.part, value.whole, None if value.percent is None else round(value.percent, 1)]
    return [value, None, None]
