"""What a run tells while it works, read as a stream that goes on where it broke off."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import httpx2

from api.client.errors import UnreachableError
from api.client.sending import FIRST_WAIT, Speaker, good
from api.wire.runs import RunEnd, RunTold

QUIET = 5.0
"""Seconds without a word after which the stream is opened anew, so that whoever reads can do something else."""
PATIENCE = 60.0
"""Seconds for which a service may be away, to be started anew, before it counts as gone."""


class Line(NamedTuple):
    """An event of a stream."""

    kind: str
    id: str
    data: str


def events(speaker: Speaker, run: str) -> Iterator[RunTold | RunEnd | None]:
    """What a run tells, from its beginning until it is over.

    Parameters
    ----------
    speaker
        To the service.
    run
        Id.

    Yields
    ------
    RunTold | RunEnd | None
        Events in order, each once, and ``RunEnd`` last; None where nothing happened for a while.

    Raises
    ------
    AllocationError
        The service refuses, or is away for longer than a restart takes.
    """
    last, since = "0", time.monotonic()
    while True:
        try:
            for line in _stream(speaker, f"/v1/runs/{run}/events", last):
                since = time.monotonic()
                if line.kind == "end":
                    yield RunEnd.model_validate_json(line.data)
                    return
                last = line.id or last
                yield RunTold.model_validate_json(line.data)
        except httpx2.ReadTimeout:
            since = time.monotonic()
        except httpx2.TransportError as error:
            if time.monotonic() - since > PATIENCE:
                raise UnreachableError(
                    f"the service at {speaker.server} does not answer any more; the run goes on there when it does: "
                    f"placements remote show {run}"
                ) from error
            time.sleep(FIRST_WAIT)
        yield None


def _stream(speaker: Speaker, path: str, last: str) -> Iterator[Line]:
    """The lines of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    timeout = httpx2.Timeout(10.0, read=QUIET)
    headers = {"Last-Event-ID": last, "Accept": "text/event-stream"}
    with speaker.http.stream("GET", path, headers=headers, timeout=timeout) as answer:
        if answer.status_code >= 400:
            answer.read()
            good(answer)
        kind, number = "", ""
        data: list[str] = []
        for text in answer.iter_lines():
            name, _, value = text.partition(":")
            value = value.removeprefix(" ")
            if not text:
                if data:
                    yield Line(kind, number, "\n".join(data))
                kind, data = "", []
            elif name == "event":
                kind = value
            elif name == "id":
                number = value
            elif name == "data":
                data.append(value)
