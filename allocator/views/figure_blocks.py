"""The sheet Figures: every monitored figure of the academic year, beside the partnership's own past years."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from allocator.views.blocks import GRID, Block, Grid, Heading, Text, Title
from allocator.views.facts import APART, Facts
from allocator.views.figures import Figure, figures, independents_of_year, stage_two
from allocator.views.independents import by_definition
from allocator.views.past import PastYears, number, past_target, past_words, why_beside_none
from allocator.views.table import CellValue
from allocator.views.verdict import subtitle
from allocator.views.words import counted, shortened
from allocator.views.year import MAIN, Year
from allocator.views.yearly import Kind, Yearly

YEARS = 4
"""Past years that fit beside the figures; the latest ones. The sheet Progress has all."""
TEAMS = 30
"""Front-line teams that are named before "and n more"."""


def figure_blocks(facts: Facts) -> Iterator[Block]:
    """Every monitored figure, for the team.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    year = Year(facts)
    yield Title(f"Figures of the academic year {year.words}", subtitle(facts))
    yield from _shares(year)
    yield from _own_measures(year)
    yield from _independents(year)
    yield from _notice(year)
    yield from _kinds(year)
    yield from _preferences(year)
    yield from _front_line(year)


def _shares(year: Year) -> Iterator[Block]:
    rows = figures(year)
    past = PastYears(year.facts).years[-YEARS:]
    headings = [("Figure", GRID - 9 - 2 * len(past)), ("Firm", 3), ("With provisional", 4), ("Target", 2)]
    headings += [(name, 2) for name in past]
    for groups, words in (((MAIN,), MAIN), *(((name,), f"{name}, apart") for name in APART)):
        body = [_share_row(f, past) for f in rows if f.group in groups]
        if body:
            yield Heading(words)
            yield Grid(headings, body)
    cap = independents_of_year(year)
    yield Text(
        "Percent, with numbers. M02 and M09 are shares of the students who are due a final in the year, placed or "
        "not; of those placed alone a share rises when fewer are placed. Of a figure that has a ceiling the firm ones "
        "are only counted. Past years: sheet Past, each with its own target. Cap of the year over all programmes "
        f"(L07): {cap.words}, at most {year.facts.policy.independent_cap_percent}%. "
        f"PEs at stage 2 (M05): {stage_two(year.facts).words}."
    )


def _share_row(figure: Figure, past: Sequence[str]) -> list[CellValue]:
    target = figure.target or past_target(figure.past, share=True)
    known = figure.past[-len(past) :] if past else ()
    beside = [
        past_words(p, share=True) + (f"\ntarget {number(p.target)}%" if p and p.target is not None else "")
        for p in known
    ]
    return [f"{figure.title} ({figure.rule})", figure.firm_words, figure.all_words, target, *beside]


def _own_measures(year: Year) -> Iterator[Block]:
    """What the sheet Past tells beyond the figures of this report."""
    years = PastYears(year.facts)
    own = years.others(past for figure in figures(year) for past in figure.past)
    if not own:
        return
    shown = years.years[-YEARS:]
    width = GRID - 3 * len(shown) - 5
    yield Heading("Measures of the partnership's own (sheet Past)")
    body: list[list[CellValue]] = []
    for measure in own:
        rows = years.of(measure)
        why = why_beside_none(measure)
        about = f"{why} (sheet Progress)" if why else past_target(rows, share=False)
        body.append([measure, about, *(past_words(p, share=False) for p in rows[-len(shown) :])])
    yield Grid([("Measure", width), ("Target", 5), *((name, 3) for name in shown)], body)


def _independents(year: Year) -> Iterator[Block]:
    """M03 by every definition, all programmes together as L07 counts them; which of them the cap binds."""
    cap, counted_by_cap = year.facts.policy.independent_cap_percent, independents_of_year(year)
    yield Heading(f"Independent PEs by definition, academic year {year.words}: all programmes")
    yield Grid(
        (("Counted as independent", 12), ("Of placements", 4), ("Of the PEs used", 4), ("Cap (L07)", GRID - 20)),
        [
            [row.words, row.placements.words, row.people.words, f"binds: at most {cap}%" if row.binds else "none"]
            for row in by_definition(year.facts, year.placements)
        ],
    )
    yield Text(
        f"The cap counts {counted_by_cap.words} placements, with those of the year that are not in Published, without "
        "those that have an exception. PEs: those listed whom the plan or a placement of the year uses."
    )


def _notice(year: Year) -> Iterator[Block]:
    notice = Yearly(year).notice(year.placements)
    weeks = year.facts.policy.notice_weeks
    yield Heading("Notice (M04)")
    if notice.least is None or notice.middle is None:
        yield Text("No placement of the year says when its student is told.")
        return
    yield Text(
        f"At least {weeks} weeks: {notice.enough.words} of all programmes; least {number(notice.least)} weeks, half of "
        f"them have {number(notice.middle)} or more. {counted(notice.planned, 'student is', 'students are')} still to "
        "be told, counted from the release of the tranche (Calendar), or from today where it has no such date. "
        f"Not known when told: {notice.not_known}."
    )


def _kinds(year: Year) -> Iterator[Block]:
    yearly = Yearly(year)
    placements = year.placements
    pairs = list(zip_longest(yearly.directorates(placements), yearly.settings(placements)))
    yield Heading("Placements of the year, all programmes, by directorate (M08) and by setting")
    headings = [(words, width) for kind in ("Directorate", "Setting") for words, width in _kind_columns(kind)]
    yield Grid(headings, [[*_kind_row(one), *_kind_row(other)] for one, other in pairs])


def _kind_columns(kind: str) -> tuple[tuple[str, int], ...]:
    return (kind, 4), ("Placements", 3), ("Statutory", 3), ("By partners", 2)


def _kind_row(kind: Kind | None) -> list[CellValue]:
    return [kind.kind, kind.placements, kind.statutory, kind.partners] if kind else ["", "", "", ""]


def _preferences(year: Year) -> Iterator[Block]:
    rows = Yearly(year).preferences()
    bands = max((len(p.bands) for p in rows), default=0)
    shown = min(bands, 5)
    yield Heading("Preferences and travel by programme and university (M07), of the requests of the year")
    headings = [("Programme", 4), ("University", 4), ("Due", 2), ("Placed", 2), ("First choice", 4)]
    headings += [(f"{'Best band' if shown else ''}s 1 to {shown}", 4), ("Minutes, middle", 2), ("Over amber", 2)]
    body: list[list[CellValue]] = [
        [
            p.group,
            p.university,
            p.due,
            p.placed,
            p.first_choice.words,
            ", ".join(str(n) for n in (*p.bands[: shown - 1], sum(p.bands[shown - 1 :]))) if shown else "",
            "–" if p.minutes is None else number(p.minutes),
            p.over_amber,
        ]
        for p in rows
    ]
    yield Grid(headings, body)
    unknown = sum(p.minutes_not_known for p in rows)
    yield Text(
        "First choice: of the requests whose student states a choice, placed or not. The last of the bands holds all "
        f"worse ones. Minutes one way; amber is above {year.facts.policy.travel_amber}. Not known: {unknown}. This "
        f"sheet is the team's own: outside it, groups under {year.facts.policy.smallest_group} are withheld."
    )


def _front_line(year: Year) -> Iterator[Block]:
    share, silent = Yearly(year).front_line
    facts = year.facts
    yield Heading("Front-line teams that have offered in the year (M10)")
    if not share.whole:
        yield Text("No team of a partner is marked as a front-line team (Teams.front_line).")
        return
    names = [f"{facts.agency_name(t.agency)}, {t.team}" for t in silent]
    yield Text(f"{share.words}. Not: {shortened(names, TEAMS) or 'none'}.")
