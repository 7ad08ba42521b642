"""Pages that are not for a projector: in the meeting view they say why, and nothing else."""

from http import HTTPStatus

from fastapi import Response

from api.pages.rendering import page
from api.pages.visiting import RoundVisit


def withheld(visit: RoundVisit, title: str, why: str) -> Response | None:
    """What is shown of a page in the meeting view; None where the view is off.

    Parameters
    ----------
    visit
        Of the page.
    title
        Of the page.
    why
        What agencies would see on it, in a sentence.
    """
    if not visit.visit.meeting:
        return None
    return page(visit, "withheld.html", HTTPStatus.FORBIDDEN, title=title, why=why)
