"""Decisions of a round: what was decided today to read out at the end, and all of them in order, each to be undone."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select

from allocator.lifecycle.answers import StepEffect
from allocator.lifecycle.log import STATES
from allocator.views.decided import PRIVATE, decided_words, decision_name
from allocator.views.effect_words import effect_sentence
from api.inputs.recent import Recent
from api.jobs.looking import FILES
from api.pages.board import words_of
from api.pages.deciding import looked_row, typed
from api.pages.looked import MOST
from api.pages.quick import decide_path
from api.pages.rendering import page
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from api.routes.decisions import decisions
from api.store.runs import file_of
from api.store.tables import Run
from api.wire.rounds import DecisionLog, LogEntry
from models.decisions import UNDO

router = APIRouter(include_in_schema=False)
_LOGS: Recent[DecisionLog] = Recent(32)
"""Logs as they were read: a log is the same until its round changes, or the day."""


class Line(NamedTuple):
    """A row of the log as the page shows it; ``undo``: the address that undoes it, None where it does not count."""

    name: str
    words: str
    by: str
    on: date | None
    why: str
    state: str
    in_force: bool
    undo: str | None
    undo_words: str
    today: bool
    effect: str


@router.get("/rounds/{round}/decisions")
async def list_of_decisions(
    visit: TheRoundVisit, show: Annotated[str, Query(pattern="^(all|today)$")] = "all"
) -> Response:
    """What was decided, in order; today's decisions to read out."""
    log = await log_of(visit)
    lines = await run_in_threadpool(_lines, visit, log)
    today = tuple(line for line in lines if line.today)
    return page(
        visit, "decisions.html", lines=lines if show == "all" else today, read_out=today, show=show,
        day_of=date.today(), as_of=visit.plan.facts.policy.as_of if visit.plan else None,
    )  # fmt: skip


async def log_of(visit: RoundVisit) -> DecisionLog:
    """The log of a round, read once for each of its versions."""
    key = (visit.round.id, visit.round.version, date.today())
    if (kept := _LOGS.get(key)) is not None:
        return kept
    try:
        found = await decisions(visit.round.id, visit.visit.service, Response())
    except NotFoundError:
        found = DecisionLog(entries=(), rows=())
    _LOGS.put(key, found)
    return found


def _lines(visit: RoundVisit, log: DecisionLog) -> tuple[Line, ...]:
    entries = {entry.id: entry for entry in log.entries}
    today = date.today()
    effects = _effects(visit, [e for e in log.entries if e.made.astimezone().date() == today])
    shared, texts = visit.visit.meeting, words_of(visit, visit.plan) if visit.plan else None
    lines = []
    for row in log.rows:
        entry = entries.get(row.id or "")
        words = decided_words(dict(entry.row), shared=shared) if entry else f"{decision_name(row.kind)}: {row.about}"
        if shared and not entry and row.kind in PRIVATE:
            words = decision_name(row.kind)
        in_force = row.state in ("in_force", "to_come")
        state = STATES[row.state] if shared and row.state != "undone" else row.stated
        lines.append(
            Line(
                row.name, texts.text(words) if texts else words, row.by or "", row.on, "" if shared else row.why or "",
                state, in_force, decide_path(UNDO, value=row.name) if in_force else None,
                f"Undo {row.name}" if row.kind != UNDO else f"Undo {row.name}: what it undid holds again",
                entry is not None and entry.made.astimezone().date() == today,
                effects.get(entry.number, "") if entry else "",
            )
        )  # fmt: skip
    return tuple(lines)


def _effects(visit: RoundVisit, entries: list[LogEntry]) -> Mapping[int, str]:
    """What was seen of decisions before they were taken, by their numbers; nothing of those taken without looking."""
    if not entries or visit.plan is None:
        return {}
    words = words_of(visit, visit.plan)
    found: dict[int, str] = {}
    with visit.visit.service.store.reading() as session:
        wanted = select(Run).where(Run.round == visit.round.id, Run.kind == "effect", Run.state == "complete")
        runs = list(session.scalars(wanted.order_by(Run.created.desc()).limit(MOST)))
        for entry in entries:
            row = looked_row(typed(str(entry.row.get("decision")), _texts(entry.row)))
            run = next((r for r in runs if r.decisions == entry.number - 1 and r.settings.get("row") == row), None)
            if run is not None:
                answer = StepEffect.model_validate_json(file_of(session, run.id, FILES["effect"]))
                found[entry.number] = effect_sentence(words.comparison(answer.effect.comparison))
    return found


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {column: str(value) for column, value in row.items() if value is not None}
