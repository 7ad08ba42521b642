"""A student: what was asked for, what they have, why not elsewhere, where they would fit best, what was decided."""

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Response

from allocator.views.decided import decided_words
from allocator.views.facts import Facts
from allocator.views.in_meeting import Words
from allocator.views.record import decision_use
from allocator.views.table import CellValue
from allocator.views.words import STATUTORY, is_to_be_named
from api.jobs.looking import FitsAsked
from api.pages.board import words_of
from api.pages.looked import Looked, looked
from api.pages.place import Fit, fits_of, plan_of, row_of, shared_rows
from api.pages.quick import Quick, decide_path, of_match, of_unplaced
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from models.entities import History, Request
from models.plan import Match
from models.reasons import Near
from models.statuses import LADDER

router = APIRouter(include_in_schema=False)
Name = Annotated[str, Query(max_length=200)]
_SAID = ("Request", "Result", "Provisional because, or why not placed", "Next action", "Owner", "Due", "Status")
"""Cells of the table of students that the page says in sentences of its own."""


class NearPlace(NamedTuple):
    """One of the nearest places in lines, and the address of a fix there."""

    offer: str
    lines: tuple[str, ...]
    fix: str


class Shown(NamedTuple):
    """A request of the student with everything about it."""

    request: Request
    name: str
    match: Match | None
    result: str
    status: str
    groups: dict[str, list[tuple[str, CellValue]]]
    waits: tuple[str, ...]
    why: str
    near: tuple[NearPlace, ...]
    changes: tuple[str, ...]
    next_step: str
    quick: tuple[Quick, ...]
    looked: Looked | None
    fits: tuple[Fit, ...]


@router.get("/rounds/{round}/student")
def student(visit: TheRoundVisit, id: Name, at: Annotated[str, Query(max_length=300)] = "") -> Response:
    """Everything about a student; ``at``: the request that is talked about."""
    plan = plan_of(visit)
    facts, words = plan.facts, words_of(visit, plan)
    found = facts.dataset.student_by_id.get(id)
    if found is None:
        raise NotFoundError(f"The plan knows no student {id}.")
    requests = [r for r in (*facts.shown, *facts.withdrawn) if r.student == id]
    mine = {r.request for r in facts.dataset.requests if r.student == id}
    decisions = [d for d in facts.dataset.decisions if id in (d.student, d.other) or d.request in mine]
    history = [h for h in facts.dataset.history if h.student == id]
    return page(
        visit, "student.html", student=found, requests=tuple(_shown(visit, r, words) for r in requests), words=words,
        decisions=tuple((d.id, decided_words(d.model_dump(), shared=words.shared), d.by or "", "" if words.shared else
                         d.why or "", decision_use(facts, d)) for d in decisions),
        history=tuple(_history(facts, h, words) for h in history if not words.shared or h.outcome == "passed"),
        ladder=LADDER, group=facts.group(requests[0]) if requests else found.programme,
        about=at or next((r.request for r in requests if r.request not in facts.match_of), id),
    )  # fmt: skip


@router.get("/rounds/{round}/request")
def request(visit: TheRoundVisit, id: Name) -> Response:
    """To the student whose request it is."""
    found = plan_of(visit).facts.dataset.request_by_id.get(id)
    if found is None:
        raise NotFoundError(f"The plan knows no request {id}.")
    return to(f"/rounds/{visit.round.id}/student", id=found.student)


def _shown(visit: RoundVisit, request: Request, words: Words) -> Shown:
    plan = plan_of(visit)
    facts, id = plan.facts, request.request
    match, unplaced = facts.match_of.get(id), facts.unplaced_of.get(id)
    groups: dict[str, list[tuple[str, CellValue]]] = {}
    for title, group, value in row_of(shared_rows(visit, plan.students, id), id):
        if title not in _SAID:
            groups.setdefault(group, []).append((title, value))
    published = facts.dataset.published_by_request.get(id)
    at = looked(visit, "fits", lambda asked: FitsAsked.model_validate(asked).request == id)
    offer = facts.offers.get(match.offer) if match else None
    return Shown(
        request, words.request(id), match, facts.result(request),
        published.status if published and match and published.offer == match.offer else match.status if match else "",
        groups, words.waits(match) if match else (), "" if match else words.why(request),
        tuple(_near(near, request, words) for near in (unplaced.nearest if unplaced else ())),
        words.changes(unplaced) if unplaced else (), words.next_step(request),
        of_match(match, offer.agency, is_to_be_named(match)) if match and offer else of_unplaced(id),
        at, fits_of(at, plan, words),
    )  # fmt: skip


def _near(near: Near, request: Request, words: Words) -> NearPlace:
    return NearPlace(near.offer, words.near(near), decide_path("fix", request=request.request, offer=near.offer))


def _history(facts: Facts, row: History, words: Words) -> tuple[tuple[str, CellValue], ...]:
    cells: Iterable[tuple[str, CellValue]] = (
        ("Stage", row.stage), ("Agency", facts.agency_name(row.agency)), ("Team", row.team),
        ("Areas", "; ".join(row.areas)), ("Setting", row.setting),
        ("Statutory: regulator / DfE", f"{STATUTORY[row.statutory_regulator]} / {STATUTORY[row.statutory_dfe]}"),
        ("Start", row.start), *(() if words.shared else (("Outcome", row.outcome.replace("_", " ")),)),
    )  # fmt: skip
    return tuple(cells)
