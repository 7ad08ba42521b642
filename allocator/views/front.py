"""The front page: first the names that the meeting came for, then what the plan is worth."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from allocator.reading.codes import shown_with_plan
from allocator.views.actions import next_action, waits
from allocator.views.blocks import Banner, Block, Fields, Grid, Heading, Text, Title
from allocator.views.counts import offer_count, programme_rows
from allocator.views.facts import Facts, day
from allocator.views.missing import missing
from allocator.views.table import CellValue
from allocator.views.verdict import banners, subtitle, title
from allocator.views.words import WAITING, counted, place_words, shortened
from models.entities import Request
from models.plan import CheckReport, ProvisionalCode
from models.versions import Version

LISTED = 15
"""Rows set aside that the front page shows before it refers to the sheet."""
WAITING_SHOWN = 150
"""Requests that one row names: more would not go into the highest cell that a spreadsheet has."""
ONE_EACH = "A next action is for one request alone: where several wait for the same place, each needs one of its own."
OWNERS_SHOWN = 3


class NotPlaced(NamedTuple):
    """Requests that are not placed: of what programmes, why, what is to be done next, and by whom."""

    request: str
    programme: str
    reason: str
    action: str
    owner: str


def front_blocks(facts: Facts, check: CheckReport, names: Mapping[str, str]) -> Iterator[Block]:
    """The blocks of the front page.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.
    names
        Names by id, for the team's own workbook alone; empty for none.
    """
    yield Title(title(facts), subtitle(facts))
    if facts.dataset.versions:
        yield Text(in_force(facts.dataset.versions[-1]))
    yield Fields(("Prepared by (initials)", "Decided by (initials)", "Decided on"))
    yield from _totals(facts)
    yield from _not_placed(facts, names)
    yield from _provisional(facts)
    yield from _later(facts)
    yield from (Banner(text, tone) for text, tone in banners(facts, check))
    yield from _missing(facts)
    yield from _set_aside(facts)


def in_force(version: Version) -> str:
    """Which version is in force, since when and by whom: what the changes of this plan are against."""
    on = f", published on {day(version.published_on)}" if version.published_on else ", published"
    by = f" by {version.by}" if version.by else ""
    placed = f"; it places {version.placed} of {version.of} in all tranches" if version.placed is not None else ""
    return f"In force: version {version.version}{on}{by}{placed}. This plan is a proposal for the next version."


def _totals(facts: Facts) -> Iterator[Block]:
    rows = [r for r in programme_rows(facts) if facts.dataset.tranche_by_id[r.tranche].status == "deciding"]
    deciding = {t.tranche for t in facts.deciding}
    places = offer_count(facts, [o for o in facts.horizon_offers if o.tranche in deciding])
    counts = (
        ("Requests to place", sum(r.to_place for r in rows)), ("Not placed", sum(r.none for r in rows)),
        ("Provisional", sum(r.provisional for r in rows)), ("Firm", sum(r.firm for r in rows)),
        ("Places offered", places.places), ("Places unused", places.unused),
    )  # fmt: skip
    yield Grid([(words, 4) for words, _ in counts], [[number for _, number in counts]])


def _not_placed(facts: Facts, names: Mapping[str, str]) -> Iterator[Block]:
    now = [r for r in facts.unplaced if not facts.is_later(r)]
    yield Heading(f"Not placed: {len(now)}")
    if not now:
        yield Text("Everybody who is to be placed now has a place.")
        return
    headings = (("Request", 3), ("Programme, stage", 3), ("Why", 8), ("Next action", 6), ("Owner", 4))
    yield Grid(headings, not_placed_rows(facts, names))
    yield Text(ONE_EACH)


def not_placed_rows(facts: Facts, names: Mapping[str, str]) -> list[NotPlaced]:
    """Everybody of the tranche being decided who is not placed; who is in the same position stands in one row."""
    return [row for _, row in not_placed_together(facts, names)]


def not_placed_together(facts: Facts, names: Mapping[str, str]) -> list[tuple[tuple[Request, ...], NotPlaced]]:
    """The same with the requests that each row is of.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    names
        Names by id, for the team's own workbook alone; empty for none.
    """
    together: dict[tuple[str, str, str], list[Request]] = {}
    for request in (r for r in facts.unplaced if not facts.is_later(r)):
        action = next_action(facts, request)
        what = action.what + (f", by {day(action.due)}" if action.due else "")
        together.setdefault((why_not(facts, request), what, action.owner), []).append(request)
    return [(tuple(of), NotPlaced(*_whose(facts, of, names), *position)) for position, of in together.items()]


def _whose(facts: Facts, requests: Sequence[Request], names: Mapping[str, str]) -> tuple[str, str]:
    """Requests with names, and their programmes and stages."""
    who = [" ".join(part for part in (r.request, names.get(r.student)) if part) for r in requests]
    return "; ".join(who), "; ".join(dict.fromkeys(f"{facts.group(r)} {r.stage}" for r in requests))


def why_not(facts: Facts, request: Request) -> str:
    """Why a request is not placed, in a sentence."""
    unplaced = facts.unplaced_of.get(request.request)
    return request.set_aside or (unplaced.reason if unplaced else "No reason was recorded.")


def _provisional(facts: Facts) -> Iterator[Block]:
    """What the matches of the tranche being decided wait for: a row for each cause, the most frequent first."""
    matches = [m for m in facts.matches if not facts.is_later(facts.request(m)) and facts.is_provisional(m)]
    yield Heading(f"Provisional: {len(matches)}")
    if not matches:
        yield Text("No match waits for anything.")
        return
    found: dict[ProvisionalCode, list[tuple[str, str, date | None]]] = {}
    for match in matches:
        for waiting, action in waits(facts, match):
            found.setdefault(waiting.code, []).append((match.request, action.owner, action.due))
    rows = [_provisional_row(code, of) for code, of in found.items()]
    rows.sort(key=lambda row: (-int(str(row[1])), str(row[0])))
    yield Grid((("Because", 4), ("Matches", 2), ("Owner", 4), ("By", 3), ("Requests", 11)), rows)
    yield Text("A match that waits for two things stands in two rows. The sheet Students says all that each waits for.")


def _provisional_row(code: ProvisionalCode, of: Sequence[tuple[str, str, date | None]]) -> list[CellValue]:
    requests = list(dict.fromkeys(request for request, _, _ in of))
    owners = list(dict.fromkeys(owner for _, owner, _ in of))
    due = sorted({by for _, _, by in of if by is not None})
    shown = counted(len(owners), "agency", "agencies") if len(owners) > OWNERS_SHOWN else "; ".join(owners)
    by = "; ".join(day(d) for d in due)
    return [WAITING[code], len(requests), shown, by, shortened(requests, WAITING_SHOWN)]


def _later(facts: Facts) -> Iterator[Block]:
    rows = [r for r in programme_rows(facts) if facts.dataset.tranche_by_id[r.tranche].status != "deciding"]
    if not rows:
        return
    yield Heading("Later tranches")
    total, none = sum(r.to_place for r in rows), [r.request for r in facts.unplaced if facts.is_later(r)]
    without = f" Not placed yet: {'; '.join(none)}." if none else ""
    yield Text(f"{total - len(none)} of {counted(total, 'request')} have a place in this plan.{without}")


def _missing(facts: Facts) -> Iterator[Block]:
    rows = missing(facts)
    if rows:
        yield Heading("What the data do not say, and what that costs")
        yield Grid((("Missing", 12), ("Cost", 12)), [[row.what, row.cost] for row in rows])


def _set_aside(facts: Facts) -> Iterator[Block]:
    warnings = [i for i in facts.issues if i.level == "warning"]
    shown, _ = shown_with_plan(facts.issues)
    rows: list[list[CellValue]] = [[place_words(i), i.message, i.remedy or ""] for i in shown]
    rows += [
        ["Fix", f"{fix}: it cannot be, so nobody is placed by it", "Change the fix, or what stands against it"]
        for fix in facts.plan.fixes_set_aside
    ]
    yield Heading("Rows set aside, what else is not used in this plan, and what may be one thing")
    if rows:
        yield Grid((("Where", 5), ("What", 11), ("Remedy", 8)), rows[:LISTED])
    more = f"And {len(rows) - LISTED} more: sheet Input. " if len(rows) > LISTED else "" if rows else "None. "
    yield Text(more + (f"{counted(len(warnings), 'warning')} on the sheet Input." if warnings else "No warnings."))
