"""Accepting a run: its input is read first, and a key that comes twice gets the answer that it got."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import Header
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.access.people import Person
from api.inputs.sending import Sent, settings_text
from api.inputs.tasks import facts
from api.jobs.ahead import BASE
from api.jobs.asked import ScenariosAsked, judge_scenarios
from api.jobs.looking import WITH_BASE, Asked
from api.problems import ConflictError, UnusableError
from api.routes.service import Service
from api.store import audit
from api.store.listing import best_plan_of
from api.store.moments import utc_now
from api.store.runs import accept, begin_with
from api.store.tables import Repeated
from api.wire.inputs import Facts
from api.wire.runs import Accepted, RunLimits
from models.run import Limits

KEY_LASTS = timedelta(hours=24)
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1, max_length=200, pattern=r"^[!-~]+$",
        description="Any text of your own, such as a UUID: sent again with the same request within a day, it gets the "
        "same answer, and nothing is run twice.",
    ),
]  # fmt: skip


class OtherRequestError(ConflictError):
    """A key came again with another request."""

    code, title = "idempotency_key_used", "The Idempotency-Key was used for another request"


class Wanted(NamedTuple):
    """A run that is asked for: its input, and what is over it. ``round``: whose data in force the input is.

    ``kind``: of the run; ``asked``: what one that is no allocation asks, which stands in the place of its settings;
    ``facts``: what its input holds, where that is known already.
    """

    sent: Sent
    settings: Mapping[str, Any]
    limits: RunLimits
    round: str | None = None
    decisions: int = 0
    kind: str = "allocate"
    asked: ScenariosAsked | Asked | None = None
    facts: Facts | None = None


async def accepted(service: Service, person: Person, wanted: Wanted, key: str | None) -> JSONResponse:
    """Read the input of a run and accept it.

    Parameters
    ----------
    service
        The running one.
    person
        Who asks.
    wanted
        What for.
    key
        ``Idempotency-Key``.

    Returns
    -------
    JSONResponse
        202 with ``Location``; of a key that came before, what it got.

    Raises
    ------
    AllocationError
        The input cannot be used (all that is wrong), or the key was used for another request.
    """
    digest = _digest(wanted)
    if key is not None and (before := await run_in_threadpool(_before, service, person, key, digest)):
        return before
    limits = library_limits(wanted.limits, service.settings.run_seconds)
    settings = settings_text(wanted.settings)
    found = wanted.facts
    if found is None:
        found = await service.apart.run(facts, wanted.sent, settings, service.settings.rows)
    if isinstance(wanted.asked, ScenariosAsked):
        await service.apart.run(judge_scenarios, wanted.asked)
    try:
        answer = await run_in_threadpool(_keep, service, person, wanted, settings, limits, found, key, digest)
        service.bell.ring()
        return answer
    except IntegrityError:
        if key is not None and (before := await run_in_threadpool(_before, service, person, key, digest)):
            return before  # the same request, sent twice at once
        raise


def library_limits(limits: RunLimits, most_seconds: float) -> Limits:
    """The limits of a run as the library has them.

    Raises
    ------
    UnusableError
        More time is asked for than a run may take.
    """
    seconds = None if limits.time is None else limits.time.total_seconds()
    if seconds is not None and seconds > most_seconds:
        raise UnusableError(
            f"limits.time is {seconds:g} s, more than the {most_seconds:g} s that this service takes (run_seconds)."
        )
    return Limits(seconds=seconds, work=limits.work, gap_percent=limits.gap_percent)


def _digest(wanted: Wanted) -> str:
    """Of what was asked for; a round by its id, since its data move on."""
    source = wanted.round or hashlib.sha256(wanted.sent.data).hexdigest()
    content = [source, wanted.sent.filename, dict(wanted.settings), wanted.limits.model_dump(mode="json")]
    content += [wanted.kind, wanted.asked.model_dump(mode="json")] if wanted.asked else []
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _before(service: Service, person: Person, key: str, digest: str) -> JSONResponse | None:
    """The answer that a key got."""
    with service.store.reading() as session:
        found = session.get(Repeated, (person.account, key))
    if found is None or found.created + KEY_LASTS < utc_now():
        return None
    if found.request_digest != digest:
        raise OtherRequestError(
            f"The Idempotency-Key was used for another request at {found.created:%Y-%m-%d %H:%M} UTC. Send a new key "
            "with a new request; with the same key send the same request."
        )
    return JSONResponse(found.body, found.status, found.headers)


def _keep(
    service: Service, person: Person, wanted: Wanted, settings: dict[str, str], limits: Limits, found: Facts,
    key: str | None, digest: str,
) -> JSONResponse:  # fmt: skip
    now, asked = utc_now(), wanted.asked
    with service.store.transaction() as session:
        run = accept(
            session, kind=wanted.kind, source=wanted.sent.data,
            filename=wanted.sent.filename, settings=asked.model_dump(mode="json") if asked else settings,
            limits=limits.model_dump(mode="json"), round=wanted.round, decisions=wanted.decisions, by=person.account,
            now=now, issues=[issue.model_dump(mode="json", exclude_none=True) for issue in found.issues],
        )  # fmt: skip
        run.dataset_digest, run.policy_digest = found.dataset_digest, found.policy_digest
        if isinstance(wanted.asked, WITH_BASE) and wanted.round is not None:
            best = best_plan_of(session, wanted.round, found.dataset_digest, found.policy_digest)
            begin_with(session, run.id, {} if best is None else {BASE: best})
        body = Accepted(
            id=run.id, state="queued", dataset_digest=found.dataset_digest, policy_digest=found.policy_digest,
            counts=found.counts, warnings=len(found.issues),
        ).model_dump(mode="json")  # fmt: skip
        headers = {"Location": f"/v1/runs/{run.id}"}
        if key is not None:
            _note(session, person, key, digest, headers, body)
        audit.record(session, person.account, "run_accepted", run.id, {"round": wanted.round}, now)
    return JSONResponse(body, HTTPStatus.ACCEPTED, headers)


def _note(
    session: Session, person: Person, key: str, digest: str, headers: dict[str, str], body: dict[str, Any]
) -> None:
    """Keep an answer for when its key comes again; those of keys that are over go."""
    now = utc_now()
    session.execute(delete(Repeated).where(Repeated.created < now - KEY_LASTS))
    kept = Repeated(account=person.account, key=key, request_digest=digest, status=HTTPStatus.ACCEPTED, created=now)
    kept.headers, kept.body = headers, body
    session.add(kept)
