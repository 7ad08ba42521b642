"""What the summary page shows: numbers, bars and dots, and lists. Ids only; no notes, no reasons of decisions."""

from collections import Counter
from collections.abc import Sequence
from textwrap import fill
from typing import NamedTuple

from allocator.views.account import accounts
from allocator.views.aside import lost_words
from allocator.views.counts import ProgrammeRow, offer_count, programme_rows, silent_partners, waits_of
from allocator.views.facts import APART, Facts
from allocator.views.figures import Figure, figures
from allocator.views.front import ONE_EACH, NotPlaced, not_placed_rows
from allocator.views.headlines import aims_of
from allocator.views.independents import independent_means
from allocator.views.missing import Missing, missing
from allocator.views.past import PastYears
from allocator.views.table import Tone
from allocator.views.verdict import banners, subtitle, title
from allocator.views.words import (
    UNPLACED,
    counted,
    listed,
    place_words,
    rows_aside,
    rule_words,
    shortened,
)
from allocator.views.year import Year
from models.plan import CheckReport
from models.reasons import Unplaced

LABEL = 26
"""Characters that a line beside a bar has room for."""
SHOWN_ASIDE = 6
"""Sheets whose rows set aside the page says; the workbook has them all."""


AXES = ("M01", "M02", "M03", "M06")
"""Figures that have an axis on the page."""


class Tile(NamedTuple):
    """A number on top of the page."""

    number: int
    words: str


class Bar(NamedTuple):
    """Requests of one programme and stage."""

    label: str
    firm: int
    provisional: int
    none: int


class Dots(NamedTuple):
    """A figure in percent: past years, this plan firm and with provisional, and the target (None: not shown)."""

    label: str
    past: tuple[float, ...]
    firm: float | None
    all: float | None
    target: float | None


class AgencyBar(NamedTuple):
    """An agency's places: offered and used, within the range asked for (None: no range)."""

    label: str
    offered: int
    used: int
    floor: int | None
    ceiling: int | None


class Summary(NamedTuple):
    """Everything on the page."""

    title: str
    subtitle: str
    banners: list[tuple[str, Tone]]
    tiles: list[Tile]
    bars: list[Bar]
    dots: list[Dots]
    agencies: list[AgencyBar]
    year: str
    past: list[str]
    apart: str
    not_placed: int
    unplaced: list[NotPlaced]
    main_reasons: list[str]
    waits: list[str]
    one_each: str
    later: str
    silent: str
    missing: list[Missing]
    aside: str
    independent: str


def summary(facts: Facts, check: CheckReport) -> Summary:
    """Everything that the summary page shows.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.
    """
    year = Year(facts)
    rows = figures(year)
    waiting = waits_of(facts, [m for m in facts.matches if not facts.is_later(facts.request(m))])
    return Summary(
        title=title(facts),
        subtitle=subtitle(facts),
        banners=banners(facts, check),
        tiles=_tiles(facts),
        bars=_bars(facts),
        dots=_dots(facts, rows),
        agencies=_agency_bars(facts),
        year=year.words,
        past=list(PastYears(facts).years),
        apart=_apart(rows),
        not_placed=sum(not facts.is_later(r) for r in facts.unplaced),
        unplaced=not_placed_rows(facts, {}),
        one_each=ONE_EACH,
        main_reasons=_main_reasons(facts),
        waits=waiting.split("; ") if waiting else [],
        later=_later(facts),
        silent=silent_partners(facts),
        missing=missing(facts),
        aside=_aside(facts),
        independent=independent_means(facts),
    )


def _tiles(facts: Facts) -> list[Tile]:
    deciding = {t.tranche for t in facts.deciding}
    rows = [r for r in programme_rows(facts) if r.tranche in deciding]
    offers = offer_count(facts, [o for o in facts.horizon_offers if o.tranche in deciding])
    return [
        Tile(sum(r.to_place for r in rows), "requests to place"),
        Tile(sum(r.firm for r in rows), "firm"),
        Tile(sum(r.provisional for r in rows), "provisional"),
        Tile(sum(r.none for r in rows), "not placed"),
        Tile(offers.places, "places offered"),
        Tile(offers.unused, "places unused"),
    ]


def _later(facts: Facts) -> str:
    """A sentence about the tranches that are not being decided now; blank when there is none."""
    rows = [r for r in programme_rows(facts) if facts.dataset.tranche_by_id[r.tranche].status != "deciding"]
    if not rows:
        return ""
    total, none = sum(r.to_place for r in rows), sum(r.none for r in rows)
    names = listed(dict.fromkeys(r.tranche for r in rows))
    return f"Later tranches ({names}): {total - none} of {counted(total, 'request')} have a place in this plan."


def _bars(facts: Facts) -> list[Bar]:
    """A bar for each programme and stage being decided, one for each later tranche."""
    bars, later = [], dict[str, list[ProgrammeRow]]()
    for r in programme_rows(facts):
        if facts.dataset.tranche_by_id[r.tranche].status == "deciding":
            bars.append(Bar(f"{r.group} {r.stage}", r.firm, r.provisional, r.none))
        else:
            later.setdefault(r.tranche, []).append(r)
    for tranche, rows in later.items():
        counts = (sum(r.firm for r in rows), sum(r.provisional for r in rows), sum(r.none for r in rows))
        bars.append(Bar(f"later: {tranche}", *counts))
    return bars


def _agency_bars(facts: Facts) -> list[AgencyBar]:
    """A bar for each partner, one for all agencies outside; where no partner is known, one for each agency."""
    rows = [a for a in accounts(facts).values() if a.offered or a.used or a.asked]
    apart = any(facts.is_partner(a.agency) for a in rows)
    bars = [
        AgencyBar(fill(facts.agency_name(a.agency), LABEL), a.offered, a.used, a.floor, a.ceiling)
        for a in rows
        if facts.is_partner(a.agency) or not apart
    ]
    outside = [a for a in rows if not facts.is_partner(a.agency)] if apart else []
    if outside:
        label = counted(len(outside), "agency outside", "agencies outside")
        bars.append(AgencyBar(label, sum(a.offered for a in outside), sum(a.used for a in outside), None, None))
    return bars


def _dots(facts: Facts, rows: Sequence[Figure]) -> list[Dots]:
    """The figures that have a percentage; of those with a ceiling the firm ones have none."""
    targets = aims_of(facts.policy)
    return [
        Dots(
            _short(f),
            tuple(float(p.value) for p in f.past if p is not None),
            None if f.ceiling else f.firm.percent,
            f.all.percent,
            targets.get(f.rule),
        )
        for f in rows
        if f.group not in APART and f.rule in AXES and f.all.percent is not None
    ]


def _short(figure: Figure) -> str:
    """A figure's title for an axis."""
    return {
        "Students with two statutory placements": "two statutory",
        "Students with a statutory final": "statutory final",
        "Statutory placements provided by partners": "statutory, by partners",
        "All placements provided by partners": "all, by partners",
        "Partners' part of the statutory placements": "partners' part of statutory",
        "Placements with independent PEs": "independent PEs, of placements",
        "Independent PEs, of the PEs used": "independent PEs, of PEs",
        "Finals that rest on trainees": "finals on trainees",
    }.get(
        figure.title,
        figure.title.replace("students with a ", "").replace("students with ", "").replace(" placements", ""),
    )


def _apart(rows: Sequence[Figure]) -> str:
    """The first figures of the groups that stand apart, in a sentence each."""
    sentences = []
    for group in dict.fromkeys(f.group for f in rows if f.group in APART):
        shown = [f for f in rows if f.group == group and f.rule in ("M01", "M02") and f.all.percent is not None]
        if shown:
            sentences.append(f"{group}: {', '.join(f'{_short(f).lower()} {f.all.words}' for f in shown)}.")
    return " ".join(sentences)


def _main_reasons(facts: Facts) -> list[str]:
    now = [
        facts.unplaced_of[r.request] for r in facts.unplaced if r.request in facts.unplaced_of and not facts.is_later(r)
    ]
    counts = Counter(map(main_reason, now))
    return [f"{word} {n}" for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def main_reason(unplaced: Unplaced) -> str:
    """Why a request is not placed, in a few words that name nobody else and nothing of the student's home."""
    return UNPLACED.get(unplaced.code) or rule_words(unplaced.code)


def _aside(facts: Facts) -> str:
    """How much of the input is not used, where that stands and what it costs; problems of one row are one row."""
    sheets, number = rows_aside(facts.issues)
    where = f" ({shortened([place_words(i) for i in sheets], SHOWN_ASIDE)})" if sheets else ""
    warnings = sum(i.level == "warning" for i in facts.issues)
    found = f"{counted(number, 'row')} set aside{where}, {counted(warnings, 'warning')}"
    return ". ".join((found, *(lost.rstrip(".") for lost in lost_words(facts.issues))))
