"""Numbers that leave the team rounded to tens, so that two of them tell nobody by their difference.

A number that is rounded is up to five more or fewer than it was, the difference of two up to nine: a few persons who
are in one and not in the other never follow, however many tables, cases or plans somebody puts beside each other. A
number is always rounded in the same way, so looking twice tells nothing more.
"""

import math

SMALLEST = 10
"""Persons of the smallest group that leaves the team, and what numbers are rounded to."""
Number = int | float


def is_few(number: Number) -> bool:
    """Whether a number, of whatever sign, may count few people; nobody is not few."""
    return 0 < abs(number) < SMALLEST


def rounded(number: Number, unit: int = SMALLEST) -> int:
    """To the nearest multiple of the unit, half away from nobody."""
    return int(math.copysign((abs(number) + unit / 2) // unit * unit, number))


def unit_of(total: Number, persons: Number) -> int:
    """What the sum of something over persons, such as their days, is rounded to: the next power of ten above the ten
    persons' share.
    """
    share = abs(total) / persons if persons else 1.0
    return int(10 ** max(1, math.ceil(math.log10(max(1.0, SMALLEST * share)))))


def percent(part: Number, whole: Number) -> float | None:
    """The percent of numbers that are rounded; that of the exact ones would say them."""
    return round(100 * part / whole, 1) if whole else None
