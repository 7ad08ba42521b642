"""What a meeting decides most, filled in: one key, one click. Nothing is taken by it; the effect is shown first."""

from typing import NamedTuple
from urllib.parse import urlencode

from models.plan import Match


class Quick(NamedTuple):
    """A link to the page that decides, below the round's address; ``key`` opens it from a card in focus."""

    key: str
    title: str
    path: str


def decide_path(decision: str, **row: str | None) -> str:
    """The address of a decision that is begun, below the round's.

    Parameters
    ----------
    decision
        Its word.
    row
        Columns of the sheet Decisions.
    """
    return "/decide?" + urlencode({"decision": decision} | {name: value for name, value in row.items() if value})


def of_match(match: Match, agency: str, to_be_named: bool) -> tuple[Quick, ...]:
    """Of a place that somebody has."""
    declined = decide_path(
        "declined", request=match.request, offer=match.offer, agency=agency, party="agency", reason_code="not suitable"
    )
    named = (Quick("p", "PE named", decide_path("name_pe", request=match.request, offer=match.offer)),)
    return (
        Quick("f", "Meeting failed", declined),
        *of_request(match.request),
        *(named if to_be_named else ()),
        Quick("x", "Fix it here", decide_path("fix", request=match.request, offer=match.offer)),
        Quick("o", "Place withdrawn", decide_path("withdraw", about="offer", offer=match.offer)),
    )


def of_request(request: str) -> tuple[Quick, ...]:
    """Of a request, whether it has a place or not."""
    return (Quick("w", "Student withdrawn", decide_path("withdraw", about="student", request=request)),)


def of_unplaced(request: str) -> tuple[Quick, ...]:
    """Of a request that has no place."""
    return (
        Quick("x", "Fix it somewhere", decide_path("fix", request=request)),
        *of_request(request),
        Quick("t", "Defer", decide_path("defer", request=request)),
        Quick("l", "Late offer", "/workbooks"),
    )


def of_offer(offer: str) -> tuple[Quick, ...]:
    """Of a place that nobody has."""
    return (
        Quick("o", "Place withdrawn", decide_path("withdraw", about="offer", offer=offer)),
        Quick("h", "Hold it", decide_path("hold", offer=offer)),
        Quick("l", "Late offer", "/workbooks"),
    )
