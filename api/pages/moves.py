"""After publication: what 0, 1, 2 ... moves of promises buy. The default is 0, and nothing is unlocked by looking."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Response

from allocator.lifecycle.answers import MoveAnswer, MovesAnswer
from allocator.lifecycle.moves import MOST
from allocator.views.effect_words import effect_words
from allocator.views.in_meeting import Words
from api.jobs.looking import MovesAsked
from api.pages.board import words_of
from api.pages.looked import looked, stop_looking
from api.pages.place import RunId
from api.pages.quick import decide_path
from api.pages.rendering import page, to
from api.pages.visiting import TheRoundVisit
from api.routes.looking import look_for_moves
from api.wire.looking import MovesWanted

router = APIRouter(include_in_schema=False)


class Line(NamedTuple):
    """So many moves: how many are placed, what they buy, and whom to unlock, each with the address that does."""

    moves: int
    placed: int | None
    buys: tuple[str, ...]
    decides: str
    proved: bool
    unlock: tuple[tuple[str, str], ...]


@router.get("/rounds/{round}/moves")
def moves(visit: TheRoundVisit) -> Response:
    """What moves buy, if somebody asked."""
    found = looked(visit, "moves", lambda asked: not MovesAsked.model_validate(asked).settings)
    answer = found.answer if found and isinstance(found.answer, MovesAnswer) else None
    words = words_of(visit, visit.plan) if visit.plan else None
    lines = tuple(_line(move, words) for move in answer.moves) if answer and words else ()
    promises = sum(row.promise for row in visit.plan.facts.dataset.published) if visit.plan else 0
    return page(
        visit, "moves.html", looked=found, answer=answer, lines=lines, most=MOST, promises=promises,
        sentences=answer.sentences if answer and found and found.over and words and not words.shared else (),
        highest=max((line.placed or 0 for line in lines), default=0),
    )  # fmt: skip


@router.post("/rounds/{round}/moves")
async def ask_for_moves(visit: TheRoundVisit, most: Annotated[int, Form(ge=0, le=20)] = MOST) -> Response:
    """Ask what moves buy; back to the page, which shows it as it comes."""
    wanted = MovesWanted(most=most)
    await look_for_moves(visit.round.id, visit.visit.person, visit.visit.service, wanted, None)
    return to(f"/rounds/{visit.round.id}/moves")


@router.post("/rounds/{round}/moves/stop")
def stop_moves(visit: TheRoundVisit, run: RunId) -> Response:
    """Stop with what is proved; back to the page, which shows it."""
    stop_looking(visit, run)
    return to(f"/rounds/{visit.round.id}/moves")


def _line(move: MoveAnswer, words: Words) -> Line:
    buys = effect_words(words.comparison(move.with_none)) if move.with_none else ()
    unlock = tuple((words.request(r), decide_path("unlock", request=r)) for r in move.unlock)
    return Line(move.moves, move.placed, buys, "" if words.shared else move.gained, move.proved, unlock)
