"""What somebody may have meant: the allowed word that looks most like the one that was typed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from models.base import natural_key

CUTOFF = 0.7
"""Least likeness of a suggestion: twice the letters in common blocks, by the letters of both words."""
MEANT = 0.8
"""Least likeness at which a heading or a sheet's name is read as ours, and asked about."""
MOST_COMPARED = 10_000_000
"""Pairs of a missing name and a listed one that are compared for suggestions; a second's work."""
LEAST_LETTERS = 4
"""A word of fewer letters is one slip from too many others to be read as one of them."""
FIRST_JUDGED = 100
"""Words that are judged before all the others that may be near enough are listed."""
_ROUNDING = 1e-9
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


class Vocabulary:
    """Allowed words, prepared for many look-ups."""

    def __init__(self, allowed: Iterable[str]) -> None:
        # Of words that differ in case alone the first in natural order counts.
        self._by_fold: dict[str, str] = {}
        for word in allowed:
            other = self._by_fold.setdefault(word.casefold(), word)
            if other != word:
                self._by_fold[word.casefold()] = min(other, word, key=natural_key)
        self._folds = list(self._by_fold)
        self._without_zeros: dict[str, str] = {}
        for key, word in sorted(self._by_fold.items()):
            self._without_zeros.setdefault(_LEADING_ZEROS.sub("", key), word)

    def closest(self, found: str) -> str | None:
        """The allowed word that looks most like what was found; of several, the last by their letters.

        Parameters
        ----------
        found
            As typed.

        Returns
        -------
        str or None
            None where nothing is near.
        """
        # Common blocks are a common subsequence, so no likeness exceeds this fast one, which leaves few words to judge.
        text = found.casefold()
        matcher = SequenceMatcher(b=text)
        best: tuple[float, str] = (0.0, "")
        for word, bound in self._by_bound(text):
            if bound < best[0] - _ROUNDING:
                break
            matcher.set_seq1(word)
            likeness = matcher.ratio()
            if likeness >= CUTOFF:
                best = max(best, (likeness, word))
        return self._by_fold[best[1]] if best[0] else None

    def _by_bound(self, text: str) -> Iterator[tuple[str, float]]:
        """Words that may be near enough, with the most that their likeness can be; the greatest first."""
        for most in (FIRST_JUDGED, None):
            found = process.extract(
                text, self._folds, scorer=Indel.normalized_similarity, score_cutoff=CUTOFF - _ROUNDING, limit=most
            )
            yield from ((word, bound) for word, bound, _ in found)
            if len(found) != most:
                return

    def suggestion(self, found: str) -> str:
        """A sentence that suggests the closest word, or nothing.

        Parameters
        ----------
        found
            As typed.

        Returns
        -------
        str
            `` Did you mean 'x'?`` with a leading space, or an empty text.
        """
        same = self._without_zeros.get(_LEADING_ZEROS.sub("", found.casefold()))
        if same is not None:
            lost = "" if same.casefold() == found.casefold() else " Leading zeros may have been lost."
            return f" Did you mean '{same}'?{lost}"
        near = self.closest(found)
        return f" Did you mean '{near}'?" if near else ""

    def suggestions(self, names: Iterable[str]) -> dict[str, str]:
        """The sentences for names that are missing.

        Of more names than can be compared (500 with 20,000 listed ones) the first in natural order show what is wrong,
        whatever the order of rows.

        Parameters
        ----------
        names
            As typed, all that are missing.

        Returns
        -------
        dict
            Name to sentence; names without a suggestion are left out.
        """
        first = nsmallest(MOST_COMPARED // max(1, len(self._folds)), set(names), key=natural_key)
        return {name: text for name in first if (text := self.suggestion(name))}


@dataclass(frozen=True, slots=True)
class Nearest:
    """A suggestion that is looked up when every name that is missing is known."""

    vocabulary: Vocabulary
    found: str


@lru_cache(maxsize=256)
def _vocabulary(words: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(words)


def closest(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that looks most like what was found.

    Parameters
    ----------
    found
        As typed.
    allowed
        The words that would do.

    Returns
    -------
    str or None
        None where nothing is near.
    """
    return _vocabulary(tuple(allowed)).closest(found)


def did_you_mean(found: str, allowed: Iterable[str]) -> str:
    """A sentence that suggests the closest word, or nothing.

    Parameters
    ----------
    found
        As typed.
    allowed
        The words that would do.

    Returns
    -------
    str
        `` Did you mean 'x'?`` with a leading space, or an empty text.
    """
    return _vocabulary(tuple(allowed)).suggestion(found)


def meant(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that was meant, as far as the letters say: reading it so passes no rule over.

    Parameters
    ----------
    found
        As typed.
    allowed
        The words that would do, those that somebody typed among them.

    Returns
    -------
    str or None
        None where the closest is not near enough.
    """
    near = closest(found, allowed)
    # The same order as in a look-up, since the likeness of two words depends on it.
    alike = near is not None and SequenceMatcher(a=near.casefold(), b=found.casefold()).ratio() >= MEANT
    return near if alike else None


def slipped(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word from which one slip of the keyboard led: a letter too many, too few or another, or two swapped.

    Parameters
    ----------
    found
        As typed, in the spelling of the allowed words.
    allowed
        The words that would do.

    Returns
    -------
    str or None
        None where it is no single word, where it begins with another letter, as a beginning turns a meaning round, and
        where something else than a letter is typed: ``first2`` and ``final?`` say more than the word.
    """
    near = [w for w in allowed if len(w) >= LEAST_LETTERS and w[0] == found[:1] and OSA.distance(w, found) == 1]
    return near[0] if len(near) == 1 and found.isalpha() else None
