"""The sheet Numbers: requests by programme, places, PEs, figures of the year, open points."""

from collections.abc import Iterator, Sequence
from datetime import date

from allocator.views.assessing import over
from allocator.views.blocks import GRID, Block, Grid, Heading, Text, Title
from allocator.views.counts import (
    ProgrammeRow,
    educator_places,
    offer_count,
    programme_rows,
    silent_partners,
)
from allocator.views.facts import Facts, day
from allocator.views.figures import (
    stage_two,
    trainee_finals,
    waiting_requests,
)
from allocator.views.headlines import headline_figures
from allocator.views.independents import independent_means
from allocator.views.past import PastYears, past_words
from allocator.views.table import CellValue, Tone
from allocator.views.verdict import subtitle
from allocator.views.words import counted, educator_name, listed
from allocator.views.year import MAIN, Year
from models.plan import CheckReport

YEARS = 4
"""Past years that fit beside the figures; the latest ones."""
LISTED = 40
"""Rows that a list shows before it refers to its sheet."""
_COUNTS = ("to_place", "firm", "provisional", "none", "late", "outside")


def number_blocks(facts: Facts, check: CheckReport) -> Iterator[Block]:
    """What a meeting looks up rather than reads.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.
    """
    yield Title("Numbers", subtitle(facts))
    yield from _programmes(facts)
    yield from _supply(facts)
    yield from _exceptions(facts)
    yield from _figures(facts)
    yield from _open_points(facts, check)


def tranche_words(facts: Facts, tranche: str) -> str:
    """A tranche, and whether it is decided now."""
    deciding = facts.dataset.tranche_by_id[tranche].status == "deciding"
    return f"{tranche}: {'being decided' if deciding else 'later'}"


def _programmes(facts: Facts) -> Iterator[Block]:
    rows = programme_rows(facts)
    tranches = list(dict.fromkeys(r.tranche for r in rows))
    body: list[list[CellValue]] = []
    tones: list[Tone] = []
    for name in tranches:
        part = [r for r in rows if r.tranche == name]
        if len(tranches) > 1:
            body.append([tranche_words(facts, name), *_totals(part), ""])
            tones.append("quiet")
        body += [[f"{r.group} {r.stage}", *(getattr(r, n) for n in _COUNTS), r.waits] for r in part]
        tones += ["plain"] * len(part)
    body.append(["All", *_totals(rows), ""])
    headings = (
        ("Programme, stage", 4), ("To place", 2), ("Firm", 1), ("Provisional", 2), ("Not placed", 2), ("Late", 1),
        ("Outside", 2), ("Provisional because (the three most frequent)", GRID - 14),
    )  # fmt: skip
    yield Heading("Requests by programme")
    yield Grid(headings, body, total=True, tones=tones)
    found = sum(r.found_by == "employer" for r in facts.shown)
    employers = f" {counted(found, 'more placement is', 'more placements are')} found by employers." if found else ""
    yield Text(
        "To place = firm + provisional + not placed. Of those placed: late = starts after the tranche's first "
        f"working day; outside = at an agency that is no partner.{employers}"
    )


def _totals(rows: Sequence[ProgrammeRow]) -> list[int]:
    return [sum(getattr(r, name) for r in rows) for name in _COUNTS]


def _supply(facts: Facts) -> Iterator[Block]:
    rows: list[list[CellValue]] = [
        [
            tranche_words(facts, t.tranche),
            *offer_count(facts, [o for o in facts.horizon_offers if o.tranche == t.tranche]),
        ]
        for t in facts.horizon_tranches
    ]
    if len(rows) > 1:
        rows.append(["All", *offer_count(facts, facts.horizon_offers)])
    headings = (
        ("Tranche", 6), ("Places", 2), ("Firm", 2), ("Forecast (provisional)", 4), ("Held or reserved still", 4),
        ("Used", 2), ("Unused", 2), ("Withdrawn", 2),
    )  # fmt: skip
    yield Heading("Places offered")
    yield Grid(headings, rows, total=len(rows) > 1)
    yield Heading("PEs by stage")
    places = educator_places(facts)
    if places:
        totals = [sum(p.people for p in places), sum(p.used for p in places), sum(p.spare for p in places)]
        yield Grid(
            (("Stage", 5), ("Works", 7), ("PEs", 4), ("With a student", 4), ("Spare, students", 4)),
            [*places, ("All", "", *totals)],
            total=True,
        )
    else:
        yield Text("No PE is listed: each place's PE is to be named.")
    yield Heading("Agencies not heard from")
    silent = silent_partners(facts)
    yield Text(f"{silent[:1].upper()}{silent[1:]}.")


def _exceptions(facts: Facts) -> Iterator[Block]:
    used = [m for m in facts.matches if m.exceptions]
    yield Heading("Exceptions used")
    if used:
        rows = [[m.request, facts.exceptions(m)] for m in used]
        yield from _limited((("Request", 8), ("Exception, by whom", 16)), rows, "Decisions")
    else:
        yield Text("None.")


def _figures(facts: Facts) -> Iterator[Block]:
    """The headline of each share; the sheet Figures has all, for every group, beside past years."""
    year = Year(facts)
    yield Heading(f"Monitored figures, academic year {year.words}: {MAIN}")
    past = PastYears(facts).years[-YEARS:]
    headings = [("Figure", 15 - 2 * len(past)), ("Firm", 3), ("With provisional", 4), ("Target", 2)]
    headings += [(name, 2) for name in past]
    body: list[list[CellValue]] = [
        [
            f"{r.title} ({r.rule})",
            r.firm_words,
            r.all_words,
            r.target,
            *(past_words(p, share=True) for p in r.past[-len(past) :] if past),
        ]
        for r in headline_figures(year)
    ]
    yield Grid(headings, body)
    yield Text(
        f"Percent, with numbers; of a figure that has a ceiling the firm ones are only counted: they are measured "
        f"against all placements of the year, which are not all firm yet. M02 is a share of the students who are due "
        f"a final, placed or not. {independent_means(facts)}. "
        f"PEs at stage 2 (M05): {stage_two(facts).words}. More: sheet Figures."
    )


def _open_points(facts: Facts, check: CheckReport) -> Iterator[Block]:
    waiting = waiting_requests(facts)
    if waiting:
        body = [[r.request, since or "displaced", result] for r, since, result in waiting]
        yield Heading("Carried over and displaced (M11)")
        yield from _limited((("Request", 4), ("Waiting since", 4), ("In this plan", 4)), body, "Students")
    trainees = trainee_finals(facts)
    if trainees:
        rows = [[m.request, educator_name(m.pe), fall_back] for m, fall_back in trainees]
        yield Heading("Finals that rest on trainees (M06)")
        yield from _limited((("Request", 4), ("PE", 4), ("Fall-back", 4)), rows, "Educators")
    if assessors := over(facts):
        found = [[a.assessor, a.at_once, a.at_most, listed(a.assessed)] for a in assessors]
        yield Heading("Practice assessors with more at once than they assess at most")
        yield from _limited((("Assessor", 3), ("At once", 2), ("At most", 2), ("Assesses", 5)), found, "Educators")
    if check.not_judged:
        yield Heading("Not judged by the check")
        yield Text(listed(check.not_judged))


def _limited(headings: Sequence[tuple[str, int]], rows: Sequence[Sequence[CellValue]], sheet: str) -> Iterator[Block]:
    """The first rows of a list that a sheet has in full, side by side where the page has room for it.

    Dates as text, since a column mixes them with words.
    """
    shown = [[day(v) if isinstance(v, date) else v for v in row] for row in rows[:LISTED]]
    beside = GRID // sum(width for _, width in headings)
    lines = -(-len(shown) // beside)
    columns = [shown[lines * n : lines * (n + 1)] for n in range(beside)]
    blank: list[CellValue] = [""] * len(headings)
    yield Grid(
        [*headings] * beside,
        [[v for part in columns for v in (part[n] if n < len(part) else blank)] for n in range(lines)],
    )
    if len(rows) > LISTED:
        yield Text(f"And {len(rows) - LISTED} more: sheet {sheet}.")
