"""Drawing with little variance: exact shares in random order, so that seeds differ in detail and not in mixture."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

Row = dict[str, object]
Item = TypeVar("Item")


def source(seed: int, section: str, data: str) -> random.Random:
    """A stream of its own for every section of a data set: a change in one leaves the others as they are."""
    return random.Random(f"{data}/{seed}/{section}")


def scaled(number: int, scale: float) -> int:
    """A number of rows at a scale, at least 1 where it is not 0 at scale 1."""
    return max(1, round(number * scale)) if number else 0


def divided(shares: Mapping[Item, int], number: int) -> dict[Item, int]:
    """A number in proportion to ``shares``: largest remainder, earlier item first."""
    total = sum(shares.values())
    exact = {item: Fraction(number * share, total) for item, share in shares.items()}
    counts = {item: int(quota) for item, quota in exact.items()}
    by_remainder = sorted(exact, key=lambda item: counts[item] - exact[item])
    for item in by_remainder[: number - sum(counts.values())]:
        counts[item] += 1
    return counts


def spread(shares: Mapping[Item, int], number: int, draw: random.Random) -> list[Item]:
    """``number`` items in proportion to ``shares`` (largest remainder, earlier item first), in random order."""
    counts = divided(shares, number)
    items = [item for item, count in counts.items() for _ in range(count)]
    draw.shuffle(items)
    return items


def day_between(first: date, last: date, draw: random.Random) -> date:
    """A date in a range, both ends included."""
    return first + timedelta(days=draw.randrange((last - first).days + 1))


def listed(items: tuple[str, ...] | list[str]) -> str | None:
    """A list as a cell; None where it is empty."""
    return "; ".join(items) or None


def yes(answer: bool) -> str | None:
    """``yes``, or a blank that means no."""
    return "yes" if answer else None
