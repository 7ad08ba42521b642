"""What a decision does to the plan, in the words of a meeting: who moves, who gains a place, who loses one."""

from collections.abc import Sequence

from allocator.views.words import counted, shortened
from models.comparison import Comparison, RequestChange, RequestKind

NAMED = 6
"""Requests that a sentence names before it counts the others."""
NOTHING = "Nothing in the plan changes."
_NUMBERS = ("nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SAID: tuple[tuple[RequestKind, str, str], ...] = (
    ("newly_placed", "is placed", "are placed"),
    ("newly_unplaced", "loses the place", "lose their places"),
    ("moved", "moves to another place", "move to other places"),
    ("other_pe", "gets another PE", "get other PEs"),
    ("pe_named", "has a PE named", "have a PE named"),
    ("other_dates", "has other dates", "have other dates"),
    ("now_firm", "becomes firm", "become firm"),
    ("now_provisional", "becomes provisional", "become provisional"),
    ("no_longer_asked", "is no longer asked for", "are no longer asked for"),
    ("new_not_placed", "is new and has no place", "are new and have no place"),
)
STATUTORY = "statutory_final"


def effect_words(comparison: Comparison) -> tuple[str, ...]:
    """A comparison as a meeting says it, the weightiest first.

    Parameters
    ----------
    comparison
        Of the plan as it is with the plan after.

    Returns
    -------
    tuple of str
        ``One is placed (S012/final)``, ``One more statutory final``, ``Nobody loses a place``; where a rule clash
        leaves one of the two without a plan, nothing.
    """
    if {"clash_before", "clash_after"} & set(comparison.gaps):
        return ()
    changes = comparison.requests or ()
    lines = [_said(of, one, many) for kind, one, many in _SAID if (of := [c for c in changes if c.kind == kind])]
    lines += _statutory(comparison)
    if not lines:
        return (NOTHING,)
    if not any(change.kind == "newly_unplaced" for change in changes):
        lines.append("Nobody loses a place")
    return tuple(lines)


def effect_besides(comparison: Comparison) -> tuple[str, ...]:
    """What of a comparison is no move: who is placed, moves or loses a place is said by whoever names a choice."""
    if {"clash_before", "clash_after"} & set(comparison.gaps):
        return ()
    changes, moves = comparison.requests or (), ("newly_placed", "newly_unplaced", "moved")
    rest = [row for row in _SAID if row[0] not in moves]
    lines = [_said(of, one, many) for kind, one, many in rest if (of := [c for c in changes if c.kind == kind])]
    lines += _statutory(comparison)
    if not any(change.kind == "newly_unplaced" for change in changes):
        lines.append("Nobody loses a place")
    return tuple(lines)


def effect_sentence(comparison: Comparison) -> str:
    """The same in one sentence."""
    first, *others = effect_words(comparison) or ("",)
    return "; ".join([first, *(f"{line[:1].lower()}{line[1:]}" for line in others)])


def _said(changes: Sequence[RequestChange], one: str, many: str) -> str:
    number, names = len(changes), [change.request for change in changes]
    words = number_words(number)
    return f"{words[:1].upper()}{words[1:]} {one if number == 1 else many} ({shortened(names, NAMED)})"


def _statutory(comparison: Comparison) -> list[str]:
    change = next((tier for tier in comparison.tiers if tier.tier == STATUTORY), None)
    if change is None or not change.difference:
        return []
    number, word = abs(change.difference), "more" if change.difference > 0 else "fewer"
    words = number_words(number)
    statutory = counted(number, "statutory final").partition(" ")[2]
    return [f"{words[:1].upper()}{words[1:]} {word} {statutory}"]


def number_words(number: int) -> str:
    """A small number as a word."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
