"""The front page: what the meeting reads first."""

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.page import GRID, Page
from allocator.views.counts import ProgrammeRow, educator_places, offer_count, programme_rows, silent_partners, waits_of
from allocator.views.facts import APART, Facts, day
from allocator.views.figures import (
    Figure,
    figures,
    independents_of_year,
    stage_two,
    trainee_finals,
    waiting_requests,
    year_shown,
    year_words,
)
from allocator.views.forced import forced_words
from allocator.views.published import PublishedYear
from allocator.views.table import CellValue, Tone
from allocator.views.version import version
from allocator.views.words import (
    INDEPENDENT_MEANS,
    clash_words,
    counted,
    educator_name,
    listed,
    place_words,
    rule_words,
    tier_words,
)
from models.plan import CheckReport

YEARS = 4
"""Past years that fit beside the figures; the latest ones."""
LISTED = 15
"""Rows that a list on the front page shows before it refers to its sheet."""


def write_front(sheet: Worksheet, facts: Facts, check: CheckReport, published: Sequence[PublishedYear]) -> None:
    """Fill the front page.

    Parameters
    ----------
    sheet
        An empty sheet.
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.
    published
        Past years to show beside the figures; empty shows none.
    """
    page = Page(sheet)
    page.title(title(facts), subtitle(facts))
    page.blank_fields(("Prepared by (initials)", "Decided by (initials)", "Decided on"))
    for text, tone in banners(facts, check):
        page.banner(text, tone)
    if facts.plan.clash is not None:
        _clash(page, facts)
    _programmes(page, facts)
    _supply(page, facts)
    _exceptions(page, facts)
    _input(page, facts)
    if facts.plan.clash is None:
        _figures(page, facts, published)
    _open_points(page, facts, check)


def title(facts: Facts) -> str:
    """Which tranche the plan decides."""
    names = listed(t.tranche for t in facts.deciding) or listed(t.tranche for t in facts.horizon_tranches)
    return f"Placement plan: {names}" if names else "Placement plan"


def subtitle(facts: Facts) -> str:
    """First day, day of the plan, version."""
    starts = listed(f"{t.tranche} starts {day(t.first_day)}" for t in facts.horizon_tranches)
    as_of = f"as of {day(facts.as_of)}" if facts.as_of else ""
    return " · ".join(part for part in (starts, as_of, f"version {version(facts.plan)}") if part)


def banners(facts: Facts, check: CheckReport) -> list[tuple[str, Tone]]:
    """What the plan is worth, in sentences: clash, stopped, proved, checked."""
    plan = facts.plan
    if plan.clash is not None:
        sure = "This was confirmed: leaving any one out removes this clash." if plan.clash.confirmed else (
            "The set may be larger than needed: it was not confirmed."
        )  # fmt: skip
        return [(f"No plan: rules clash. The rules and rows below cannot hold together. {sure}", "bad")]
    result: list[tuple[str, Tone]] = []
    unproved = [t for t in plan.tiers if not t.proved]
    if plan.stopped is not None:
        result.append((f"Stopped early ({plan.stopped}): the best plan found so far. {_unproved(facts)}", "warn"))
    elif unproved:
        result.append((_unproved(facts), "warn"))
    elif plan.tiers:
        tiers = f"each of the {len(plan.tiers)} tiers" if len(plan.tiers) > 1 else "the one tier"
        order = ", in their order" if len(plan.tiers) > 1 else ""
        result.append((f"Proved: {tiers} is the best possible{order}.", "good"))
    if words := forced_words(plan):
        moves = plan.forced_changes is not None and bool(plan.forced_changes.moved)
        result.append((words, "warn" if moves else "good"))
    if check.violations:
        result.append(
            (f"The independent check found {counted(len(check.violations), 'violation')}: see the sheet Check.", "bad")
        )
    elif check.kept_despite:
        kept = counted(len(check.kept_despite), "rule is", "rules are")
        result.append((f"The independent check passed; {kept} broken by kept matches (sheet Check).", "warn"))
    else:
        result.append(("The independent check passed: no rule is broken.", "good"))
    return result


def _unproved(facts: Facts) -> str:
    unproved = [t for t in facts.plan.tiers if not t.proved]
    if not unproved:
        return "Every tier that was reached is proved."
    first = tier_words(unproved[0].tier, facts.policy.preference_order)
    return f"Not proved: {counted(len(unproved), 'tier')} of {len(facts.plan.tiers)}, from “{first}” on."


def _clash(page: Page, facts: Facts) -> None:
    assert facts.plan.clash is not None
    page.heading("Rules and rows that clash")
    page.text("Change or take back one of these rows, or switch one rule off for this run, and allocate again.")
    rows = [[rule_words(m.rule), m.subject, clash_words(m)] for m in facts.plan.clash.members]
    page.table((("Rule", 6), ("Row", 6), ("What it asks for", 12)), rows)


def _programmes(page: Page, facts: Facts) -> None:
    rows = programme_rows(facts)
    tranches = list(dict.fromkeys(r.tranche for r in rows))
    page.heading("Requests by programme")
    body: list[list[CellValue]] = []
    tones: list[Tone] = []
    for name in tranches:
        part = [r for r in rows if r.tranche == name]
        if len(tranches) > 1:
            body.append([tranche_words(facts, name), *_totals(part), ""])
            tones.append("quiet")
        body += [[f"{r.group} {r.stage}", *(getattr(r, n) for n in _COUNTS), r.waits] for r in part]
        tones += ["plain"] * len(part)
    body.append(["All", *_totals(rows), waits_of(facts, facts.matches)])
    headings = (
        ("Programme, stage", 5), ("To place", 2), ("Firm", 2), ("Provis.", 2), ("Not placed", 2), ("Starts late", 2),
        ("Outside", 2), ("Provisional because", GRID - 17),
    )  # fmt: skip
    page.table(headings, body, total=True, tones=tones)
    found = sum(r.found_by == "employer" for r in facts.shown)
    employers = f" {counted(found, 'more placement is', 'more placements are')} found by employers." if found else ""
    page.text(
        "To place = firm + provisional + not placed. Of those placed: late = starts after the tranche's first "
        f"working day; outside = at an agency that is no partner.{employers}"
    )


_COUNTS = ("to_place", "firm", "provisional", "none", "late", "outside")


def _totals(rows: Sequence[ProgrammeRow]) -> list[int]:
    return [sum(getattr(r, name) for r in rows) for name in _COUNTS]


def tranche_words(facts: Facts, tranche: str) -> str:
    """A tranche, and whether it is decided now."""
    deciding = facts.dataset.tranche_by_id[tranche].status == "deciding"
    return f"{tranche}: {'being decided' if deciding else 'later'}"


def _figures(page: Page, facts: Facts, published: Sequence[PublishedYear]) -> None:
    rows = figures(facts, published)
    page.heading(f"Monitored figures, academic year {year_words(year_shown(facts))}: BA, MSW and others")
    years = [(p.year, 2) for p in published][-YEARS:]
    firm, target = (3, 3) if years else (5, 4)
    headings = [("Figure", GRID - 2 * firm - target - 2 * len(years)), ("Firm", firm), ("With provisional", firm)]
    headings += [("Target", target), *years]
    body: list[list[CellValue]] = []
    for row in rows:
        if row.group not in APART:
            past = [f"{v}%" if v is not None else "–" for v in row.published[-YEARS:]]
            body.append([f"{row.title} ({row.rule})", row.firm.words, row.all.words, row.target, *past])
    page.table(headings, body)
    year = independents_of_year(facts)
    remarks = [f"{p.year}: {p.remark}." for p in published if p.remark]
    page.text(
        f"Percent, with numbers. {INDEPENDENT_MEANS.capitalize()}. Cap of the year over all programmes (L07): "
        f"{year.words}, at most {facts.policy.independent_cap_percent}%. "
        f"PEs at stage 2 (M05): {stage_two(facts).words}. " + " ".join(remarks)
    )
    _apart(page, [row for row in rows if row.group in APART])


def _apart(page: Page, rows: Sequence[Figure]) -> None:
    """The groups that stand apart: a row for each figure, two columns for each group."""
    groups = list(dict.fromkeys(row.group for row in rows))
    if not groups:
        return
    page.heading(f"The same for {' and '.join(groups)}, apart")
    width = (GRID - 8) // (2 * len(groups))
    headings = [("Figure", GRID - 2 * width * len(groups))]
    headings += [(f"{group}: {word}", width) for group in groups for word in ("firm", "with provisional")]
    titles = dict.fromkeys(f"{row.title} ({row.rule})" for row in rows)
    found = {(f"{row.title} ({row.rule})", row.group): row for row in rows}
    body = [[title, *(words for group in groups for words in _pair(found.get((title, group))))] for title in titles]
    page.table(headings, body)


def _pair(row: Figure | None) -> tuple[str, str]:
    return (row.firm.words, row.all.words) if row else ("–", "–")


def _supply(page: Page, facts: Facts) -> None:
    page.heading("Places offered")
    rows: list[list[CellValue]] = [
        [
            tranche_words(facts, t.tranche),
            *offer_count(facts, [o for o in facts.horizon_offers if o.tranche == t.tranche]),
        ]
        for t in facts.horizon_tranches
    ]
    if len(rows) > 1:
        rows.append(["All", *offer_count(facts, facts.horizon_offers)])
    page.table(
        (
            ("Tranche", 6), ("Places", 2), ("Firm", 2), ("Forecast (provisional)", 4), ("Held (reserved still)", 4),
            ("Used", 2), ("Unused", 2), ("Withdrawn", 2),
        ),
        rows,
        total=len(rows) > 1,
    )  # fmt: skip
    page.heading("PEs by stage")
    places = educator_places(facts)
    if places:
        totals = [sum(p.people for p in places), sum(p.used for p in places), sum(p.spare for p in places)]
        page.table(
            (("Stage", 5), ("Works", 7), ("PEs", 4), ("With a student", 4), ("Spare, students", 4)),
            [*places, ("All", "", *totals)],
            total=True,
        )
    else:
        page.text("No PE is listed: each place's PE is to be named.")
    page.heading("Agencies not heard from")
    silent = silent_partners(facts)
    page.text(f"{silent[:1].upper()}{silent[1:]}.")


def _open_points(page: Page, facts: Facts, check: CheckReport) -> None:
    waiting = waiting_requests(facts)
    if waiting:
        page.heading("Carried over and displaced (M11)")
        body: list[list[CellValue]] = [[r.request, since or "displaced", result] for r, since, result in waiting]
        _limited(page, (("Request", 8), ("Waiting since", 8), ("In this plan", 8)), _dated(body), "Students")
    trainees = trainee_finals(facts)
    if trainees:
        page.heading("Finals that rest on trainees (M06)")
        _limited(
            page,
            (("Request", 8), ("PE", 8), ("Fall-back", 8)),
            [[m.request, educator_name(m.pe), fall_back] for m, fall_back in trainees],
            "Educators",
        )
    if check.not_judged:
        page.heading("Not judged by the check")
        page.text(listed(check.not_judged))


def _exceptions(page: Page, facts: Facts) -> None:
    used = [m for m in facts.matches if m.exceptions]
    page.heading("Exceptions used")
    if used:
        _limited(
            page,
            (("Request", 8), ("Exception, by whom", 16)),
            [[m.request, facts.exceptions(m)] for m in used],
            "Decisions",
        )
    else:
        page.text("None.")


def _input(page: Page, facts: Facts) -> None:
    aside = [i for i in facts.issues if i.level == "set_aside"]
    warnings = sum(i.level == "warning" for i in facts.issues)
    page.heading("Rows set aside: not used in this plan")
    rows: list[list[CellValue]] = [[place_words(i), i.message, i.remedy or ""] for i in aside]
    rows += [
        ["Fix", f"{fix}: it breaks a rule by itself", "Change the fix, or make an exception"]
        for fix in facts.plan.fixes_set_aside
    ]
    if rows:
        _limited(page, (("Where", 5), ("What", 11), ("Remedy", 8)), rows, "Input")
    else:
        page.text("None.")
    page.text(f"{counted(warnings, 'warning')} on the sheet Input." if warnings else "No warnings.")


def _limited(page: Page, headings: Sequence[tuple[str, int]], rows: Sequence[Sequence[CellValue]], sheet: str) -> None:
    page.table(headings, rows[:LISTED])
    if len(rows) > LISTED:
        page.text(f"And {len(rows) - LISTED} more: sheet {sheet}.")


def _dated(rows: list[list[CellValue]]) -> list[list[CellValue]]:
    """Dates as text: a front-page table mixes them with words."""
    return [[v if isinstance(v, str | int | float) or v is None else day(v) for v in row] for row in rows]
