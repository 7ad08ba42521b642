"""The board: a column for each agency, a card for each place, and who has none on the left."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Response

from allocator.views.board import STATES, Board, Card, Lane, filtered
from allocator.views.facts import day
from allocator.views.in_meeting import Words
from api.pages.plans import Shown
from api.pages.quick import Quick, of_match, of_offer, of_unplaced
from api.pages.rendering import page
from api.pages.visiting import RoundVisit, TheRoundVisit

router = APIRouter(include_in_schema=False)
Asked = Annotated[str, Query(max_length=200)]
DECIDING, ALL = "", "all"
"""Which tranches are shown where none is named: those that are being decided."""
TITLES: Mapping[str, str] = STATES | {
    "offered": "every place that is offered", "free": "free: unused or held",
    "changed": "changed since the published version",
}  # fmt: skip


class Count(NamedTuple):
    """What stands on top of a column: places used of those offered, and the range that is asked for."""

    used: int
    places: int
    against: str
    below: int
    floor: int | None
    ceiling: int | None
    counted: int
    most: int


@router.get("/rounds/{round}/board")
def the_board(visit: TheRoundVisit, agency: Asked = "", tranche: Asked = DECIDING, state: Asked = "") -> Response:
    """The board of the plan, or a part of it."""
    if visit.plan is None:
        return page(visit, "board.html", board=None)
    plan, facts = visit.plan, visit.plan.facts
    deciding = [t.tranche for t in facts.deciding]
    tranches = deciding if tranche == DECIDING else [] if tranche == ALL else [tranche]
    found = filtered(plan.board, tranches=tranches, agency=agency, state=state if state in TITLES else "")
    words = words_of(visit, plan)
    return page(
        visit, "board.html", board=found, words=words, shows=_Shows(plan, words), states=TITLES,
        agencies=[(lane.agency, lane.name) for lane in plan.board.lanes], tranches=facts.horizon_tranches,
        chosen={"agency": agency, "tranche": tranche, "state": state}, deciding=deciding,
        totals=_totals(filtered(plan.board, tranches=tranches, agency=agency)), open=len(plan.questions),
    )  # fmt: skip


class _Shows:
    """What a card and a column need beside their own facts."""

    def __init__(self, plan: Shown, words: Words) -> None:
        self._plan, self._words = plan, words

    def waits(self, card: Card) -> tuple[str, ...]:
        """What a card's match waits for."""
        return self._words.waits_in_short(card.match) if card.match else ()

    def dates(self, card: Card) -> str:
        """From when to when: ``5 Jan – 27 May 2027``."""
        if card.match is None or card.match.start is None or card.match.end is None:
            return ""
        start, end = card.match.start, card.match.end
        return f"{day(start).removesuffix(f' {end.year}')} – {day(end)}"

    def quick(self, card: Card) -> tuple[Quick, ...]:
        """What is decided of a card with one key."""
        if card.match is not None:
            return of_match(card.match, card.agency, card.to_be_named)
        return of_offer(card.offer)

    def quick_of_request(self, request: str) -> tuple[Quick, ...]:
        """What is decided of a request that has no place."""
        return of_unplaced(request)

    def count(self, lane: Lane) -> Count | None:
        """An agency's account against its range."""
        account = lane.account
        if account is None:
            return None
        most = max(account.counted, account.ceiling or 0, account.floor or 0, 1)
        return Count(
            account.used, account.offered, account.standing, account.gap or 0, account.floor, account.ceiling,
            account.counted, most,
        )  # fmt: skip


def words_of(visit: RoundVisit, plan: Shown) -> Words:
    """Whose words a page speaks: the team's, or those that may stand on a wall."""
    return plan.shared_words if visit.visit.meeting else plan.words


def _totals(found: Board) -> dict[str, int]:
    cards = [card for lane in found.lanes for card in lane.cards]
    counts = {name: sum(card.state == name for card in cards) for name in STATES}
    return counts | {"not placed": len(found.waiting)}
