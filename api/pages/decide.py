"""A decision: its form, what it does to the data at once, what it does to the plan as soon as that is worked out."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError

from allocator.lifecycle.answers import PlanEffect, StepEffect
from allocator.views.compared import changes_table
from allocator.views.decided import USES, decided_words, decision_name, is_whole
from allocator.views.effect_words import effect_words
from allocator.views.in_meeting import Words
from allocator.views.table import Table
from api.access.origins import SAFE
from api.inputs.recent import Recent
from api.jobs.looking import EffectAsked
from api.pages.asking import ask_for_plan
from api.pages.board import words_of
from api.pages.deciding import COLUMNS, fields_of, kinds, looked_row, typed
from api.pages.going_on import keep_place, question_about
from api.pages.looked import Looked, looked
from api.pages.news import entry_words
from api.pages.quick import decide_path
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import ChangedMeanwhileError, UnusableError, validation_issues
from api.routes.conditions import etag
from api.routes.decisions import decide, effect
from api.store.rounds import log_of as entries_of
from api.store.tables import Decision
from api.wire.looking import DecisionToLookAt
from api.wire.rounds import DecisionMade, NewDecision
from models.comparison import Comparison
from models.errors import AllocationError, RefusedError

router = APIRouter(include_in_schema=False)
_FIRST = "Somebody else was first. Below is what your decision does now; nothing of it is taken yet."
_SELF = "You decided something since this page was shown. Below is what this decision does now; it is not taken yet."
_MADE: Recent[DecisionMade] = Recent(64)
"""What decisions do to the data of a state of a round: they are looked at again while their effect is worked out."""
BY = "placements-by"
"""Cookie of a browser: the initials that were typed last."""
_ONLY_FIGURES = {"requests": None, "tiers": (), "students": None, "agencies": None, "educators": None, "inputs": None}
LASTS = 180 * 24 * 3600
FROM_HERE = ("same-origin", "same-site", "none")
"""Where a visit comes from that may ask for a run: our own pages, or an address that somebody typed."""


class Said(NamedTuple):
    """Why a decision is not taken, in lines; ids of the log to undo first; ``anew``: somebody else was first."""

    lines: tuple[str, ...]
    undo_first: tuple[str, ...] = ()
    anew: bool = False


class Seen(NamedTuple):
    """What is seen of a decision before it is taken: what it does to the data, and the run that finds the rest."""

    made: DecisionMade | None
    said: Said | None
    looked: Looked | None


@router.get("/rounds/{round}/decide")
async def begin(
    visit: TheRoundVisit, request: Request, decision: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """A decision as far as it is filled in, with its effect; nothing is taken by looking."""
    kind = decision if decision in USES else "fix"
    row = typed(kind, request.query_params)
    may_ask = request.headers.get("sec-fetch-site", "none") in FROM_HERE and request.method in SAFE
    seen = await _seen(visit, row, ask=may_ask)
    by = request.query_params.get("by") or request.cookies.get(BY, "")
    return _page(visit, row, by, request.query_params.get("why", ""), seen)


@router.post("/rounds/{round}/decide")
async def take(
    visit: TheRoundVisit, request: Request, seen: Annotated[str, Form(max_length=20)] = "",
    decided: Annotated[int, Form(ge=0, le=10**9)] = 0, by: Annotated[str, Form(max_length=100)] = "",
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:  # fmt: skip
    """Take a decision, if nothing was changed since it was looked at; else it is shown anew, and asked again."""
    form = await request.form()
    sent = {name: value for name in COLUMNS if isinstance(value := form.get(name), str)}
    row = typed(sent.get("decision", ""), sent)
    whole = row | {name: text for name, text in (("by", by.strip()), ("why", why.strip())) if text}
    version = etag(seen) if seen else None
    try:
        wanted = NewDecision.model_validate({"row": whole})
        await decide(visit.round.id, visit.visit.person, visit.visit.service, wanted, Response(), version)
    except ChangedMeanwhileError as error:
        later = _decided_since(visit, decided)
        if any(_is_the_same(entry, whole, visit) for entry in later):
            return to(f"/rounds/{visit.round.id}/board", done="decided-once")
        anew = await _seen(visit, row, ask=True)
        own = bool(later) and all(entry.made_by == visit.visit.person.account for entry in later)
        said = (entry_words(entry, shared=visit.visit.meeting) for entry in later)
        first = Said((_SELF if own else _FIRST, *said), anew=True)
        if anew.said is not None:
            first = Said((*first.lines, *anew.said.lines), anew.said.undo_first, anew=True)
        return _page(visit, row, by, why, anew._replace(said=first), error.status)
    except (AllocationError, ValidationError) as error:
        refused = _said(error)
        shown = await _seen(visit, row, ask=False)
        return _page(visit, row, by, why, shown._replace(said=refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        await ask_for_plan(visit)
        done = "decided"
    except AllocationError:
        done = "decided-no-plan"
    answer = to(f"/rounds/{visit.round.id}/board", done=done)
    secure = visit.visit.request.url.scheme == "https"
    about = question_about(visit, [row.get(name, "") for name in ("request", "offer", "agency")])
    if about is not None:
        keep_place(answer, visit, about)
    answer.set_cookie(BY, by.strip(), max_age=LASTS, path="/rounds", httponly=True, samesite="lax", secure=secure)
    return answer


async def _seen(visit: RoundVisit, row: Mapping[str, str], *, ask: bool) -> Seen:
    """What a decision does to the data of the round, and how far its effect on the plan is; asked for where wanted."""
    if not is_whole(row):
        return Seen(None, None, None)
    looks = looked_row(row)
    found = looked(visit, "effect", lambda asked: _same(asked, looks))
    wanted = ask and found is None
    person, service = visit.visit.person, visit.visit.service
    key = (visit.round.id, visit.round.version, date.today(), tuple(sorted(looks.items())))
    made = None if wanted else _MADE.get(key)
    if made is None:
        try:
            look = DecisionToLookAt.model_validate({"row": looks, "plan": wanted})
            made = await effect(visit.round.id, person, service, look, Response())
        except (AllocationError, ValidationError) as error:
            return Seen(None, _said(error), None)
        _MADE.put(key, made)
    if wanted and made.run is not None:
        found = looked(visit, "effect", lambda asked: _same(asked, looks))
    return Seen(made, None, found)


def _same(asked: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return EffectAsked.model_validate(asked).row == row


def _said(error: AllocationError | ValidationError) -> Said:
    if isinstance(error, ValidationError):
        issues = validation_issues(error.errors())
        return Said(tuple(issue.message for issue in issues))
    undo_first = error.undo_first if isinstance(error, RefusedError) else ()
    return Said(tuple(str(error).split("\n")), tuple(undo_first))


def _decided_since(visit: RoundVisit, number: int) -> list[Decision]:
    """What was decided after the state that somebody saw."""
    with visit.visit.service.store.reading() as session:
        return [entry for entry in entries_of(session, visit.round.id) if entry.number > number]


def _is_the_same(entry: Decision, row: Mapping[str, str], visit: RoundVisit) -> bool:
    """Whether a decision that was sent is one that the same person took from the same page: it was sent twice."""
    kept = {name: str(value) for name, value in (entry.row or {}).items() if name in COLUMNS and value is not None}
    return entry.made_by == visit.visit.person.account and kept == dict(row)


def _page(
    visit: RoundVisit, row: Mapping[str, str], by: str, why: str, seen: Seen, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    kind, plan = row["decision"], visit.plan
    if kind not in USES:
        raise UnusableError(f"There is no decision '{kind}'. There are: {', '.join(USES)}.")
    facts = plan.facts if plan else None
    words = words_of(visit, plan) if plan else None
    shared = visit.visit.meeting
    answer = seen.looked.answer if seen.looked and isinstance(seen.looked.answer, StepEffect) else None
    data = words.inputs(seen.made.changes) if words and seen.made else ()
    return page(
        visit, "decide.html", status, kind=kind, name=decision_name(kind), kinds=kinds(), does=USES[kind].does,
        fields=fields_of(kind, row, facts, shared=shared), row=row, by=by, why=why, seen=seen, words=words,
        said_words=decided_words(row, shared=shared), data=data, whole=is_whole(row),
        remarks=() if shared or not seen.made else tuple(issue.message for issue in seen.made.remarks),
        said=_shown(seen.said, shared), round=visit.round,
        again=f"/rounds/{visit.round.id}{decide_path(**row)}",
        effect=_effect(answer.effect, visit, words) if answer and words else None,
        prices=tuple(_effect(price, visit, words) for price in answer.prices) if answer and words else (),
        ways_out=answer.ways_out if answer else None,
    )  # fmt: skip


def _shown(said: Said | None, shared: bool) -> Said | None:
    """A refusal; on a wall without the lines that name an exception."""
    if said is None or not shared:
        return said
    return said._replace(lines=tuple(line for line in said.lines if "exception" not in line.casefold()))


def _effect(found: PlanEffect, visit: RoundVisit, words: Words) -> dict[str, Any]:
    """An effect in words, then as a table."""
    plan = visit.plan
    assert plan is not None
    shown = words.comparison(found.comparison)
    clash = found.clash

    def table(part: Comparison) -> Table:
        return changes_table(part, plan.facts.policy, plan.facts, plan.facts)

    members = [] if clash is None else [words.text(m.rule if words.shared else m.sentence) for m in clash.members]
    return {
        "of": words.text(found.of), "lines": effect_words(shown), "proved": found.proved, "clash": members,
        "is_clash": clash is not None, "set_aside": tuple(map(words.request, found.fixes_set_aside)),
        "table": table(shown.model_copy(update={"figures": None, "inputs": None}))._replace(title="What is different"),
        "figures": table(shown.model_copy(update=_ONLY_FIGURES))._replace(title="Figures", note=""),
    }  # fmt: skip
