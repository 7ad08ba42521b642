"""The summary: one HTML page that opens offline and prints on A4. Ids only; no notes, no reasons of decisions."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from allocator.report.charts import AgencyBar, Bar, Dots, agencies_chart, figures_chart, programme_chart
from allocator.report.front import banners, subtitle, title
from allocator.views.account import accounts
from allocator.views.counts import ProgrammeRow, offer_count, programme_rows, silent_partners, waits_of
from allocator.views.facts import APART, Facts
from allocator.views.figures import Figure, figures, year_shown, year_words
from allocator.views.published import PublishedYear
from allocator.views.words import (
    INDEPENDENT_MEANS,
    UNPLACED,
    clash_words,
    counted,
    listed,
    place_words,
    rule_words,
    shortened,
)
from models.plan import CheckReport

SHOWN_ASIDE = 6
"""Rows set aside whose place the page says; the workbook has them all."""
SHOWN_UNPLACED = 14
"""Requests without a placement that the page lists; the workbook has them all."""
_TEMPLATES = Environment(
    loader=PackageLoader("allocator.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip


class Tile(NamedTuple):
    """A number on top of the page."""

    number: int
    words: str


def summary_page(facts: Facts, check: CheckReport, published: Sequence[PublishedYear]) -> str:
    """Render the summary page.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.
    published
        Past years to show beside the figures.

    Returns
    -------
    str
        A whole HTML document.
    """
    clash = facts.plan.clash
    unplaced = [
        (
            r.request,
            f"{facts.group(r)} {r.stage}",
            r.set_aside or (facts.unplaced_of[r.request].reason if r.request in facts.unplaced_of else ""),
        )
        for r in facts.unplaced
        if not facts.is_later(r)
    ]
    return _TEMPLATES.get_template("summary.html").render(
        title=title(facts),
        subtitle=subtitle(facts),
        banners=banners(facts, check),
        clash=[(rule_words(m.rule), m.subject, clash_words(m)) for m in clash.members] if clash else [],
        tiles=_tiles(facts),
        charts=_charts(facts, published) if clash is None else {},
        year=year_words(year_shown(facts)),
        past=[p.year for p in published],
        apart=_apart(figures(facts, published)) if clash is None else "",
        unplaced=unplaced[:SHOWN_UNPLACED] if clash is None else [],
        more=max(0, len(unplaced) - SHOWN_UNPLACED) if clash is None else 0,
        main_reasons=_main_reasons(facts),
        waits=waits_of(facts, [m for m in facts.matches if not facts.is_later(facts.request(m))]).split("; "),
        later=_later(facts),
        silent=silent_partners(facts),
        aside=_aside(facts),
        independent=INDEPENDENT_MEANS,
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
    """A bar for each partner, one for all agencies outside the partnership."""
    rows = [a for a in accounts(facts).values() if a.offered or a.used or a.asked]
    bars = [
        AgencyBar(_cut(facts.agency_name(a.agency)), a.offered, a.used, a.floor, a.ceiling)
        for a in rows
        if facts.is_partner(a.agency)
    ]
    outside = [a for a in rows if not facts.is_partner(a.agency)]
    if outside:
        label = counted(len(outside), "agency outside", "agencies outside")
        bars.append(AgencyBar(label, sum(a.offered for a in outside), sum(a.used for a in outside), None, None))
    return bars


def _charts(facts: Facts, published: Sequence[PublishedYear]) -> dict[str, str]:
    bars, agencies = _bars(facts), _agency_bars(facts)
    share = facts.policy.partner_share_percent
    targets = {"M01": share, "M03": facts.policy.independent_cap_percent, "M06": facts.policy.trainee_finals_percent}
    dots = [
        Dots(
            _short(f),
            tuple(float(v) for v in f.published if v is not None),
            f.firm.percent,
            f.all.percent,
            targets.get(f.rule),
        )
        for f in figures(facts, published)
        if f.group not in APART and f.all.percent is not None
    ]
    return {
        "programmes": programme_chart(bars) if bars else "",
        "figures": figures_chart(dots) if dots else "",
        "agencies": agencies_chart(agencies) if agencies else "",
    }


def _short(figure: Figure) -> str:
    """A figure's title for an axis."""
    return {
        "Students with two statutory placements": "two statutory",
        "Students with a statutory final": "statutory final",
        "Statutory placements provided by partners": "statutory, by partners",
        "All placements provided by partners": "all, by partners",
        "Placements with independent PEs": "independent PEs, of placements",
        "Independent PEs, of the PEs used": "independent PEs, of PEs",
        "Finals that rest on trainees": "finals on trainees",
    }.get(
        figure.title,
        figure.title.replace("students with a ", "").replace("students with ", "").replace(" placements", ""),
    )


def _cut(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _apart(rows: Sequence[Figure]) -> str:
    """The first figures of the groups that stand apart, in a sentence each."""
    sentences = []
    for group in dict.fromkeys(f.group for f in rows if f.group in APART):
        parts = [f"{_short(f).lower()} {f.all.words}" for f in rows if f.group == group and f.rule in ("M01", "M02")]
        sentences.append(f"{group}: {', '.join(parts)}.")
    return " ".join(sentences)


def _main_reasons(facts: Facts) -> list[str]:
    now = [
        facts.unplaced_of[r.request] for r in facts.unplaced if r.request in facts.unplaced_of and not facts.is_later(r)
    ]
    counts = Counter(UNPLACED.get(u.code) or rule_words(u.code) for u in now)
    return [f"{word} {n}" for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _aside(facts: Facts) -> str:
    """How much of the input is not used and where that stands; problems of one row are one row."""
    aside = [i for i in facts.issues if i.level == "set_aside"]
    rows = list(dict.fromkeys(place_words(i.model_copy(update={"column": None})) for i in aside if i.row))
    number = len(rows) + sum(i.row is None for i in aside)
    where = f" ({shortened(rows, SHOWN_ASIDE)})" if rows else ""
    warnings = sum(i.level == "warning" for i in facts.issues)
    return f"{counted(number, 'row')} set aside{where}, {counted(warnings, 'warning')}"
