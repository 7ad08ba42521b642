"""The one folded form in which names are compared, and when two names that differ in it are alike all the same."""

import functools
import re
import unicodedata

from rapidfuzz.distance import OSA

SHORTEST = 6
"""Letters of a name from which on one slip of the keyboard still shows which name was meant."""
_DASHES = "-_\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "'\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u0060\u00b4\uff07"
_TABLE = str.maketrans(
    dict[str, str]() | dict.fromkeys(_DASHES, " ") | dict.fromkeys(_APOSTROPHES, "") | dict.fromkeys("&\uff06", " and ")
)
_DIGITS = str.maketrans("oil", "011")
_FULL_STOP = re.compile(r"(?<!\d)\.|\.(?!\d)")
_SLASH = re.compile(r"\s*/\s*")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_NUMBERS = re.compile(r"\d+")
_MARKS = frozenset(("Mn", "Me", "Cf"))


@functools.lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """A text without what people type one way or another and mean the same by.

    Case, accents, the kind of dash (or underscore) and of apostrophe, ``&`` for ``and``, full stops (but not those
    within a number), and spaces (around ``/`` too) make no difference.

    Parameters
    ----------
    text
        An id or a name.

    Returns
    -------
    str
        Equal for spellings that a person would call the same.
    """
    text = text.translate(_TABLE)
    if not text.isascii():
        marked = unicodedata.normalize("NFKD", text)
        text = "".join([c for c in marked if unicodedata.category(c) not in _MARKS]).translate(_TABLE)
    if "." in text:
        text = _FULL_STOP.sub("", text)
    if "/" in text:
        text = _SLASH.sub("/", text)
    return " ".join(text.casefold().split())


def skeleton(text: str) -> str:
    """A folded text without spaces, punctuation and leading zeros: equal for names that are alike at a glance.

    Parameters
    ----------
    text
        An id or a name.

    Returns
    -------
    str
        ``pe7`` for "PE 007" and "pe-7".
    """
    return "".join([c for c in _ZEROS.sub("", fold(text)) if c.isalnum()])


def seen(text: str) -> str:
    """A folded text as the eye sees it: letters that stand for digits are the digits, zeros that lead stay.

    Parameters
    ----------
    text
        An id or a name.

    Returns
    -------
    str
        Equal for "PE01", "PEO1" and "PE0l".
    """
    return "".join([c for c in fold(text).translate(_DIGITS) if c.isalnum()])


def one_slip(one: str, other: str) -> bool:
    """Whether two folded names differ by one slip of the keyboard, or in the order of their words.

    Parameters
    ----------
    one, other
        As :func:`fold` gives them.

    Returns
    -------
    bool
        False where numbers or letters that stand alone differ: "Team 1" and "Team 2", "Ward A" and "Ward B".
    """
    if _told_apart(one) != _told_apart(other):
        return False
    if sorted(one.split()) == sorted(other.split()):
        return True
    return min(len(one), len(other)) >= SHORTEST and OSA.distance(one, other, score_cutoff=1) <= 1


def _told_apart(folded: str) -> tuple[list[str], list[str]]:
    """What tells things apart that are named after one another: numbers, and letters that stand alone."""
    letters = sorted(word for word in folded.replace("/", " ").split() if len(word) == 1)
    return _NUMBERS.findall(_ZEROS.sub("", folded)), letters
