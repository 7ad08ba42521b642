"""A second net below what is listed as open: words of students' own matters never stand on a projector."""

import re

_ATTEMPT = re.compile(r"(/(?:first|final))/\d+\b")
_TIME = re.compile(r",? ?\(?\b\d+ minutes?(?: one way| by car)?\b\)?")
_PRIVATE = re.compile(
    r"\b(?:minutes?|districts?|prefer\w*|preference\w*|needs|adjustments?|repeats?|priority|caring|travel|too far|"
    r"readiness|clearance|driving|driver|displaced)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.;]) ")


def without_attempt(request: str) -> str:
    """A request by its student and stage: its attempt would tell who repeats a placement."""
    return _ATTEMPT.sub(r"\1", request)


def shared_text(text: str) -> str:
    """Text without what an agency may not see: no minutes, and no sentence about travel, needs or preferences.

    Parameters
    ----------
    text
        A cell, or a paragraph.

    Returns
    -------
    str
        Blank where nothing is left.
    """
    if not text:
        return text
    lines = (_SENTENCE.split(_TIME.sub("", line)) for line in without_attempt(text).split("\n"))
    left = (" ".join(part for part in parts if not _PRIVATE.search(part)) for parts in lines)
    return "\n".join(line for line in left if line)
