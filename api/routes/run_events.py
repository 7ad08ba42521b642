"""``/v1/runs/{run}/events``: what a run tells while it works, as server-sent events."""

import time
from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

from anyio import to_thread
from fastapi import APIRouter, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.access.people import Person, Team, is_another
from api.problems import NotFoundError
from api.routes.parameters import InDigits
from api.routes.runs import VisibleRun
from api.routes.service import Service, TheService
from api.store.runs import events_after, run_of
from api.store.tables import RunEvent
from api.wire import OVER
from api.wire.runs import RunEnd, RunTold

router = APIRouter(tags=["runs"])
STREAM_SECONDS = 900.0
"""How long a stream lasts; a client resumes then, and is asked anew who it is."""
AT_A_TIME = 500
LastEventId = Annotated[
    int,
    Header(
        alias="Last-Event-ID", ge=0, le=2**31 - 1,
        description="The id of the last event that was seen: those after it are sent. Browsers send it by themselves.",
    ),
    InDigits,
]  # fmt: skip


class _Told(NamedTuple):
    events: tuple[RunEvent, ...]
    end: RunEnd | None


@router.get("/runs/{run}/events", response_class=EventSourceResponse)
async def events(
    person: Team, found: VisibleRun, service: TheService, last_event_id: LastEventId = 0
) -> AsyncIterator[ServerSentEvent]:
    """What a run tells, from its beginning or after `Last-Event-ID`, until it is over.

    Events have a number as `id`, and a kind as `event`: `state`, `progress` (tier, placed, bound), and others. The
    last is `end`, which has no number: close the stream then. A stream that ends without it is resumed.
    """
    number, until = last_event_id, time.monotonic() + STREAM_SECONDS
    while True:
        try:
            told = await to_thread.run_sync(_told, service, person, found.id, number)
        except NotFoundError:  # deleted meanwhile, or not to be seen any more
            return
        for event in told.events:
            number = event.number
            data = RunTold(at=event.at, kind=event.kind, content=event.content)
            yield ServerSentEvent(data=data, event=event.kind, id=str(number))
        if told.end is not None:
            yield ServerSentEvent(data=told.end, event="end")
            return
        left = until - time.monotonic()
        if left <= 0 or service.readers.closing:
            return
        if len(told.events) < AT_A_TIME:
            await service.readers.more(found.id, number, left)


def _told(service: Service, person: Person, id: str, number: int) -> _Told:
    """Events after a number, and the end where there is nothing after them; of one moment."""
    with service.store.reading() as session:
        if is_another(session, person):
            raise NotFoundError("There is no such run, or it is none of yours.")
        run = run_of(session, id)
        events = events_after(session, id, number, AT_A_TIME)
    over = run.state in OVER and len(events) < AT_A_TIME
    return _Told(events, RunEnd.model_validate({"state": run.state, "answer": run.answer}) if over else None)
