"""``ETag``, ``If-Match`` and ``If-None-Match``: which state somebody saw, and whether it is still the one in force."""

from typing import Annotated

from fastapi import Header

from api.problems import ChangedMeanwhileError, ConditionNeededError

IfMatch = Annotated[
    str | None,
    Header(max_length=300, description="The ETag of the state that was seen; `*` for whatever it is now."),
]
IfNoneMatch = Annotated[
    str | None, Header(max_length=4000, description="ETags that the client has: 304 without a body if one is in force.")
]


def etag(state: str | int) -> str:
    """The ETag of a state.

    Parameters
    ----------
    state
        Its version, or a digest of it.

    Returns
    -------
    str
        In quotes, as the header has it.
    """
    return f'"{state}"'


def has(header: str | None, state: str | int) -> bool:
    """Whether a list of ETags (``If-Match``, ``If-None-Match``) names a state, weakly or not, or is ``*``."""
    named = [part.strip().removeprefix("W/") for part in (header or "").split(",")]
    return etag(state) in named or named == ["*"]


def must_match(header: str | None, state: str | int, changed: str = "") -> None:
    """Let a change go on only where whoever asks for it saw the state that is in force.

    Parameters
    ----------
    header
        ``If-Match``.
    state
        Version or digest of what is in force.
    changed
        What is different from what they saw, where that can be told.

    Raises
    ------
    ConditionNeededError
        No state is named.
    ChangedMeanwhileError
        Another state is named; the answer has the ETag of the one in force.
    """
    if header is None:
        raise ConditionNeededError(
            "More than one person may change this: send If-Match with the ETag of what you saw (GET gives it)."
        )
    if not has(header, state):
        told = f" {changed}" if changed else ""
        raise ChangedMeanwhileError(
            f"You saw {header}, in force is {etag(state)}.{told} Nothing was changed: look anew and send it again.",
            headers={"ETag": etag(state)},
        )
