"""Where a meeting is among its open questions: kept by its browser, to know what follows one that was settled."""

from collections.abc import Iterable
from urllib.parse import quote, unquote

from fastapi import Request, Response

from allocator.views.open_questions import Question, from_here
from api.pages.visiting import RoundVisit

AT = "placements-question"
"""Cookie of a browser for a round: the question that was talked about last, then those that came after it."""
FOLLOWING = 10
"""So many of those after it are kept: some are settled together, all of them hardly ever."""
_BETWEEN = "|"


def last_talked_about(request: Request) -> tuple[str, ...]:
    """Keys of the question that was talked about last, and of those after it; none where there was none.

    Parameters
    ----------
    request
        Of a browser.
    """
    kept = request.cookies.get(AT, "")
    return tuple(unquote(key) for key in kept.split(_BETWEEN)) if kept else ()


def keep_place(answer: Response, visit: RoundVisit, question: Question) -> None:
    """Let the browser keep which question is talked about.

    Parameters
    ----------
    answer
        To the browser.
    visit
        Of a round that has a plan.
    question
        One of its open questions.
    """
    assert visit.plan is not None
    kept = [quote(key, safe="") for key in from_here(visit.plan.questions, question)[: FOLLOWING + 1]]
    secure = visit.visit.request.url.scheme == "https"
    path = f"/rounds/{visit.round.id}"
    answer.set_cookie(AT, _BETWEEN.join(kept), path=path, httponly=True, samesite="lax", secure=secure)


def question_about(visit: RoundVisit, about: Iterable[str]) -> Question | None:
    """The open question that a decision is about: the one that was talked about last where it may be that.

    Parameters
    ----------
    visit
        Of a page of a round.
    about
        Ids of what is decided about, the first first.
    """
    questions = visit.plan.questions if visit.plan else ()
    named = [name for name in about if name]
    last = last_talked_about(visit.visit.request)[:1]
    of_these = [question for name in named for question in questions if question.which == name]
    return next((q for q in of_these if q.key in last), of_these[0] if of_these else None)
