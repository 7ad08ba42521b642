"""JSON as text: how deep it is, what no two programs agree on, and keys that stand twice."""

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from api.problems import UnusableError

_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""Texts, one that has no end among them, so that it is looked through once."""
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NO_NUMBER = re.compile(rb"NaN|Infinity")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parsed(body: bytes | str, what: str) -> Any:
    """The content of JSON; none that holds a key twice, since what stands twice would be lost without a word.

    Parameters
    ----------
    body
        The JSON.
    what
        What it is, for the message.

    Returns
    -------
    Any
        Its content.

    Raises
    ------
    UnusableError
        It is no JSON, or one of its objects holds a key twice.
    """
    try:
        return json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"{what} cannot be read as JSON: {error}.") from error


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"'{key}' stands twice in one object, keep one of them")
        found[key] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number, send null where there is none")


def judge_json(body: bytes, depth: int) -> None:
    """Refuse JSON that is too deep, or that holds what programs do not agree on.

    Parameters
    ----------
    body
        What was sent.
    depth
        Lists and objects inside each other, at most.

    Raises
    ------
    UnusableError
        Too deep, NaN or Infinity, half a character (a lone surrogate), a NUL character, or bytes that are no UTF-8.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnusableError(f"The JSON is not in UTF-8: byte {error.start + 1} is none of it.") from error
    bare = _TEXTS.sub(b"", body)
    if _deepest(bare.translate(None, _NO_BRACKETS)) > depth:
        raise UnusableError(
            f"Lists and objects lie more than {depth} deep in the JSON, deeper than this service reads (body_depth)."
        )
    if found := _NO_NUMBER.search(bare):
        raise UnusableError(f"{found[0].decode()} is no number in JSON: send null where there is none.")
    if _NUL.search(body):
        raise UnusableError("A text of the JSON holds a NUL character (\\u0000): leave it out.")
    if _SURROGATE.search(body):
        _judge_characters(body)


def _deepest(brackets: bytes) -> int:
    depth = deepest = 0
    for byte in brackets:
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _judge_characters(body: bytes) -> None:
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return  # no JSON: whoever reads it says so
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnusableError("A text of the JSON holds half a character (a lone surrogate): send it whole.") from error
