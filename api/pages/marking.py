"""Steps of published matches: told, the meeting, agreed, and so on; of one match, or of several at once."""

from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from allocator.lifecycle.ladder import MEETING, TOLD
from api.inputs.publishing import OnTheLadder, ladder
from api.inputs.recent import Recent
from api.pages.meeting_view import without_attempt
from api.pages.refusals import Refusal, refusal
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from api.routes.conditions import etag
from api.routes.deciding import InForce, in_force_of
from api.routes.versions import take_steps
from api.wire.versions import StepToTake
from models.base import natural_key
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form()]
MOST = 16
"""Rounds whose published matches are kept at a time, as they stand in one of their states."""
WORDS = {TOLD: "the student was told (on the day below)", MEETING: "pre-placement meeting (on the day below)"}
_KEPT: Recent[tuple[OnTheLadder, ...]] = Recent(MOST)


class Line(NamedTuple):
    """A published match on the page: where it is, and what is known of it; ``shown`` is the request in words."""

    request: str
    shown: str
    offer: str
    where: str
    one: OnTheLadder


class Typed(NamedTuple):
    """What somebody typed into the form."""

    requests: tuple[str, ...] = ()
    step: str = ""
    on: str = ""


async def _state(visit: RoundVisit) -> tuple[int, tuple[OnTheLadder, ...]]:
    """The version of the round, and its published matches with the steps that may follow; read once for a state."""
    service = visit.visit.service

    def in_force() -> InForce:
        with service.store.reading() as session:
            return in_force_of(session, visit.round.id)

    state = await run_in_threadpool(in_force)
    key = (visit.round.id, state.version, date.today())
    if (found := _KEPT.get(key)) is not None:
        return state.version, found
    found = await service.apart.run(ladder, state.sent, state.entries, service.settings.rows, date.today())
    _KEPT.put(key, found)
    return state.version, found


def _lines(visit: RoundVisit, matches: tuple[OnTheLadder, ...]) -> list[Line]:
    facts = visit.plan.facts if visit.plan else None
    result = []
    for one in sorted(matches, key=lambda m: natural_key(m.match.request)):
        offer = facts.offers.get(one.match.offer) if facts else None
        where = f"{facts.agency_name(offer.agency)}, {offer.team}" if facts and offer else ""
        request = one.match.request
        shown = without_attempt(request) if visit.visit.meeting else request
        result.append(Line(request, shown, one.match.offer, where, one))
    return result


def _words(step: str) -> str:
    """A step as the form names it."""
    return WORDS.get(step, step.replace("_", " "))


async def _page(visit: RoundVisit, request: str, typed: Typed, refused: Refusal | None = None) -> Response:
    version, matches = await _state(visit)
    lines = _lines(visit, matches)
    params = visit.visit.request.query_params
    status, text = params.get("status", ""), params.get("text", "").casefold().strip()
    statuses = sorted({line.one.match.status for line in lines})
    if request:
        lines = [line for line in lines if line.request == request]
        if not lines:
            raise NotFoundError(f"'{request}' has no published match, so no step can be taken of it.")
    else:
        lines = [line for line in lines if line.one.steps and status in ("", line.one.match.status)]
        lines = [line for line in lines if text in f"{line.request} {line.where} {line.offer}".casefold()]
    steps = list(dict.fromkeys(step for line in lines for step in line.one.steps))
    values: dict[str, Any] = {
        "request": request, "lines": lines, "steps": [(step, _words(step)) for step in steps], "typed": typed,
        "seen": version, "statuses": [(s, s.replace("_", " ")) for s in statuses], "chosen": status, "text": text,
        "published": bool(matches), "refused": refused,
    }  # fmt: skip
    return page(visit, "mark.html", refused.status, **values) if refused else page(visit, "mark.html", **values)


@router.get("/rounds/{round}/mark")
async def mark(visit: TheRoundVisit, request: str = "") -> Response:
    """The published matches and the steps that may follow; with a request, those of its match alone."""
    return await _page(visit, request, Typed())


@router.post("/rounds/{round}/mark")
async def take_a_step(
    visit: TheRoundVisit, of: Field = "", requests: Annotated[list[str] | None, Form()] = None, step: Field = "",
    on: Field = "", seen: Field = "",
) -> Response:  # fmt: skip
    """Take a step for all matches that are named, or for none."""
    who, typed = visit.visit, Typed(tuple(requests or ()), step, on)
    if not typed.requests or not step:
        missing = Refusal(("Choose at least one match, and a step: nothing was changed.",))
        return await _page(visit, of, typed, missing)
    try:
        wanted = StepToTake(step=step, on=date.fromisoformat(on) if on else None)
        await take_steps(who.service, who.person, visit.round.id, typed.requests, wanted, etag(seen))
    except ValueError as error:
        words = refusal(error) if isinstance(error, ValidationError) else Refusal((f"'{on}' is no day: 2027-01-31.",))
        return await _page(visit, of, typed, words)
    except AllocationError as error:
        return await _page(visit, of, typed, refusal(error))
    return to(f"/rounds/{visit.round.id}/mark", done="marked", **({"request": of} if of else {}))
