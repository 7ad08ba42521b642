"""The front page of a round: what a meeting asks first, in the words of the report, with the way to each answer."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from allocator.views.blocks import Banner, Block, Heading, Text
from allocator.views.counts import names_of
from allocator.views.facts import TO_PLACE, Facts
from allocator.views.front import NotPlaced, in_force
from allocator.views.in_meeting import Words
from allocator.views.shared_tables import owner_on_wall
from allocator.views.verdict import stamp, starts
from api.pages.meeting_blocks import in_meeting
from api.pages.meeting_view import shared_text, without_attempt
from api.pages.plans import Shown
from api.pages.rendering import page
from api.pages.steps import steps_of
from api.pages.visiting import RoundVisit, TheRoundVisit
from models.entities import Request

router = APIRouter(include_in_schema=False)
WHERE: Mapping[str, tuple[str, tuple[tuple[str, str], ...], str]] = {
    "requests to place": ("/students", tuple(("Result", result) for result in TO_PLACE), ""),
    "firm": ("/students", (("Result", "firm"),), "good"),
    "provisional": ("/students", (("Result", "provisional"),), "warn"),
    "not placed": ("/not-placed", (), "bad"),
    "places offered": ("/board", (("state", "offered"),), ""),
    "places unused": ("/board", (("state", "free"),), ""),
}  # fmt: skip
"""By the words of a tile of the summary: the page that shows a row for each that it counts, by which filters, and its
tone. Tables are narrowed to the tranches that are being decided; the board shows those alone."""
NOT_HERE = "Not said in meeting view"
ELSEWHERE = ("Not placed",)
"""Beginnings of headings of parts that this page shows with links of its own."""


class Who(NamedTuple):
    """A request in a table: its student to be linked, and how it is shown."""

    student: str
    shown: str


class NotPlacedShown(NamedTuple):
    """Requests in the same position: who, of what programmes, why, what is to be done next, by whom."""

    who: tuple[Who, ...]
    programme: str
    reason: str
    action: str
    owner: str


class Part(NamedTuple):
    """A part of the front page below its heading."""

    heading: str
    blocks: tuple[Block, ...]


@router.get("/rounds/{round}")
def overview(visit: TheRoundVisit) -> Response:
    """Numbers by programme, what is firm and what not, who is not placed, what is proved."""
    with visit.visit.service.store.reading() as session:
        steps = steps_of(session, visit.round.id)
    return page(visit, "overview.html", steps=steps, **_of_plan(visit))


def _of_plan(visit: RoundVisit) -> dict[str, Any]:
    plan = visit.plan
    if plan is None:
        return {"rows": (), "parts": (), "in_force": "", "waits": (), "main_reasons": ()}
    versions, meeting = plan.facts.dataset.versions, visit.visit.meeting
    front = in_meeting(plan.front) if meeting else plan.front
    return {
        "starts": starts(plan.facts),
        "deciding": names_of(plan.facts.deciding),
        "stamp": stamp(plan.facts),
        "where": _where(plan.facts),
        "rows": not_placed(plan, meeting=meeting),
        "parts": [part for part in parts_of(front) if _is_shown(part)],
        "in_force": in_force(versions[-1]) if versions else "",
        "waits": _said(plan.summary.waits, meeting),
        "main_reasons": _said(plan.summary.main_reasons, meeting),
    }


def _where(facts: Facts) -> dict[str, tuple[str, str]]:
    """By the words of a tile: the page that shows what it counts, and its tone."""
    only = [("Tranche", t.tranche) for t in facts.deciding]
    return {
        words: (f"{path}?{urlencode([*narrowed, *(only if path != '/board' else ())])}", tone)
        for words, (path, narrowed, tone) in WHERE.items()
    }


def _said(words: Iterable[str], meeting: bool) -> list[str]:
    return [said for word in words if (said := shared_text(word) if meeting else word)]


def _is_shown(part: Part) -> bool:
    return not part.heading.startswith(ELSEWHERE)


def _is_of_workbook(block: Block) -> bool:
    """Whether a paragraph refers to sheets of the meeting workbook, which a page has not: it links instead."""
    return isinstance(block, Text) and " sheet " in block.text


def parts_of(blocks: Iterable[Block]) -> list[Part]:
    """A page of blocks by its headings, without what stands before the first, and without banners.

    Parameters
    ----------
    blocks
        From the top.
    """
    parts: list[Part] = []
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(Part(block.text, ()))
        elif parts and not isinstance(block, Banner) and not _is_of_workbook(block):
            parts[-1] = Part(parts[-1].heading, (*parts[-1].blocks, block))
    return [part for part in parts if part.blocks]


def not_placed(plan: Shown, *, meeting: bool) -> list[NotPlacedShown]:
    """Who of the tranche being decided is not placed, with the way to each student.

    Parameters
    ----------
    plan
        The newest one.
    meeting
        On a projector: nothing is told of anybody's home, needs or earlier placements.
    """
    words = plan.shared_words if meeting else plan.words
    return [_shown(plan.facts, requests, row, words) for requests, row in plan.together]


def _shown(facts: Facts, requests: tuple[Request, ...], row: NotPlaced, words: Words) -> NotPlacedShown:
    who = tuple(Who(r.student, without_attempt(r.request) if words.shared else r.request) for r in requests)
    reason = " ".join(dict.fromkeys(words.why_in_short(request) for request in requests))
    if not words.shared:
        return NotPlacedShown(who, row.programme, reason, row.action, row.owner)
    return NotPlacedShown(who, row.programme, shared_text(reason) or NOT_HERE, "", owner_on_wall(facts, requests[0]))
