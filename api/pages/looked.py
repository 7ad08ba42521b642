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
        runs = _newest(session, visit.round.id, kind, asks)
        if not runs:
            return None
        found = runs[0]
        # who asks for the rest goes on seeing what was judged before, until more is
        shown = runs if kind == "fits" and found.state not in OVER else runs[:1]
        answer = max((_answer(session, run, kind) for run in shown), key=_judged)
    return Looked(found.id, found.state, _words(found), answer, found.stop_asked)


def _newest(session: Session, round: str, kind: Kind, asks: Callable[[Mapping[str, Any]], bool]) -> list[Run]:
    """The newest run that looks at the data in force and the one before it, as far as there are any."""
    decisions = session.scalar(select(func.count()).where(Decision.round == round))
    wanted = select(Run).where(Run.round == round, Run.kind == kind, Run.decisions == decisions, Run.state != "failed")
    rows = session.scalars(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(MOST))
    found = [run for run in rows if asks(run.settings)][:2]
    return [run for run in found if is_current(session, run)]


def _answer(session: Session, run: Run, kind: Kind) -> StepEffect | MovesAnswer | FitsAnswer | None:
    """What a run has found, or has found so far."""
    if all(file.path != FILES[kind] for file in files_of(session, run.id)):
        return None
    return ANSWERS[kind].model_validate_json(file_of(session, run.id, FILES[kind]))


def _judged(answer: StepEffect | MovesAnswer | FitsAnswer | None) -> int:
    return answer.looked_at if isinstance(answer, FitsAnswer) else -1


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
        return f"being worked out: {told['done']} of {told['of']}"
    return "being worked out" if run.state == "running" else "being worked out: it waits for its turn"
