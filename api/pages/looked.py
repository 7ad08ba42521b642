"""Runs that look ahead, found again: an answer that somebody waited for is shown to everybody until the data change."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.lifecycle.answers import FitsAnswer, MovesAnswer, StepEffect
from api.access.seeing import seen_run
from api.jobs.looking import FILES, Kind
from api.pages.visiting import RoundVisit
from api.problems import NotFoundError
from api.routes.runs import stop
from api.store.listing import is_current
from api.store.runs import file_of, files_of
from api.store.tables import Decision, Run
from api.wire import OVER

MOST = 200
"""Runs of a kind that are looked through."""
ANSWERS: Mapping[Kind, type[StepEffect | MovesAnswer | FitsAnswer]] = {
    "effect": StepEffect, "moves": MovesAnswer, "fits": FitsAnswer,
}  # fmt: skip


class Looked(NamedTuple):
    """A run that looks ahead at the data in force: how far it is, and its answer, or what is known of it so far."""

    run: str
    state: str
    words: str
    answer: StepEffect | MovesAnswer | FitsAnswer | None
    stops: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self.state in OVER


def looked(visit: RoundVisit, kind: Kind, asks: Callable[[Mapping[str, Any]], bool]) -> Looked | None:
    """The newest run of a kind that looks at the data in force of a round; None where nobody asked.

    Parameters
    ----------
    visit
        Of a page of the round.
    kind
        ``effect``, ``moves`` or ``fits``.
    asks
        Given the settings of a run: whether it asks what is wanted.
    """
    with visit.visit.service.store.reading() as session:
        found = _newest(session, visit.round.id, kind, asks)
        if found is None:
            return None
        has = any(file.path == FILES[kind] for file in files_of(session, found.id))
        data = file_of(session, found.id, FILES[kind]) if has else None
    answer = None if data is None else ANSWERS[kind].model_validate_json(data)
    return Looked(found.id, found.state, _words(found), answer, found.stop_asked)


def _newest(session: Session, round: str, kind: Kind, asks: Callable[[Mapping[str, Any]], bool]) -> Run | None:
    decisions = session.scalar(select(func.count()).where(Decision.round == round))
    wanted = select(Run).where(Run.round == round, Run.kind == kind, Run.decisions == decisions, Run.state != "failed")
    rows = session.scalars(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(MOST))
    found = next((run for run in rows if asks(run.settings)), None)
    return found if found is not None and is_current(session, found) else None


def stop_looking(visit: RoundVisit, run: str) -> None:
    """Stop a run of a round that looks ahead, with what it has.

    Parameters
    ----------
    visit
        Of a page of the round.
    run
        Id.

    Raises
    ------
    NotFoundError
        The round has no such run.
    """
    with visit.visit.service.store.transaction() as session:
        found = seen_run(session, visit.visit.person, run)
        if found.round != visit.round.id or found.kind not in ANSWERS:
            raise NotFoundError("The round has no such run.")
        stop(visit.visit.person, found, session)


def _words(run: Run) -> str:
    """How far a run is."""
    if run.state in OVER:
        return {"complete": "worked out", "stopped": "stopped before its end"}.get(
            run.state, "it could not be found out"
        )
    told = run.progress or {}
    if run.stop_asked:
        return "being stopped with what there is"
    if told.get("of"):
        return f"being worked out: {told.get('done') or told.get('number') or 0} of {told['of']}"
    return "being worked out" if run.state == "running" else "being worked out: it waits for its turn"
