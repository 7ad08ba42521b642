"""The open questions of a meeting in their order, and the next one, which is one key away."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from allocator.views.facts import day_of_plan
from allocator.views.in_meeting import Words
from allocator.views.open_questions import KINDS, Question, next_of, question_words
from api.pages.board import words_of
from api.pages.going_on import keep_place, last_talked_about
from api.pages.place import plan_of
from api.pages.plans import Shown
from api.pages.rendering import page, to
from api.pages.visiting import TheRoundVisit

router = APIRouter(include_in_schema=False)
Key = Annotated[str, Query(max_length=300)]
PATHS = {"request": "/request", "offer": "/place", "agency": "/agency"}
"""Where a question is talked about, below the round's address."""


@router.get("/rounds/{round}/open")
def questions(visit: TheRoundVisit) -> Response:
    """What the meeting has still to talk about."""
    if visit.plan is None:
        return page(visit, "questions.html", groups=None)
    plan, words = visit.plan, words_of(visit, visit.plan)
    groups = {
        title: [
            (_name(q, plan, words), PATHS[q.about], q.which,
             question_words(plan.facts, plan.unused, words, q))
            for q in plan.questions
            if q.kind == kind
        ]
        for kind, title in KINDS.items()
    }  # fmt: skip
    return page(visit, "questions.html", groups={title: rows for title, rows in groups.items() if rows},
                day_of=day_of_plan(plan.facts))  # fmt: skip


@router.get("/rounds/{round}/open/next")
def next_question(visit: TheRoundVisit, request: Request, after: Key = "") -> Response:
    """To the next open question: after the one that is talked about or was settled just now, or the first."""
    base = f"/rounds/{visit.round.id}"
    found = next_of(plan_of(visit).questions, after, last_talked_about(request))
    if found is None:
        return to(f"{base}/board", done="no-question")
    if found.about == "request":
        student = plan_of(visit).facts.dataset.request_by_id[found.which].student
        answer = to(f"{base}/student", id=student, at=found.which)
    else:
        answer = to(f"{base}{PATHS[found.about]}", id=found.which)
    keep_place(answer, visit, found)
    return answer


def _name(question: Question, plan: Shown, words: Words) -> str:
    if question.about == "agency":
        return plan.facts.agency_name(question.which)
    return words.request(question.which)
