"""Families of partnerships that are hard in one way each: deterministic generators with seed and number of students."""

from collections.abc import Callable, Mapping

from allocator.intake import Reading, read_sheets
from benchmarks.families.educators import cap, tight_educators, trainees
from benchmarks.families.equal import all_equal, all_equal_two
from benchmarks.families.frame import Sheets
from benchmarks.families.offers import single_offers
from benchmarks.families.requests import contrast_both, pairs, two_requests
from benchmarks.families.rural import rural
from benchmarks.families.windows import windows, windows_commitments
from models.errors import UsageError

__all__ = ["FAMILIES", "Sheets", "family_of", "generate", "reading"]

FAMILIES: Mapping[str, Callable[[int, int], Sheets]] = {
    family.__name__: family
    for family in (
        windows, windows_commitments, tight_educators, two_requests, single_offers, pairs, trainees, contrast_both, cap,
        all_equal, all_equal_two, rural,
    )
}  # fmt: skip
"""By name: students and seed to sheets. The first line of each says what it is, the rest what makes it hard."""
FEWEST = 10


def generate(family: str, students: int, seed: int = 1) -> Sheets:
    """Draw a partnership of a family.

    Parameters
    ----------
    family
        One of :data:`FAMILIES`.
    students
        How many, at least 10.
    seed
        The same seed gives the same rows.

    Returns
    -------
    dict
        By sheet: its rows, each a mapping of column to value.

    Raises
    ------
    UsageError
        There is no such family, or there are too few students.
    """
    if family not in FAMILIES:
        raise UsageError(f"no family {family}; allowed: {', '.join(FAMILIES)}")
    if students < FEWEST:
        raise UsageError(f"{students} students are too few for {family}: at least {FEWEST}")
    return FAMILIES[family](students, seed)


def reading(family: str, students: int, seed: int = 1) -> Reading:
    """The same, read: dataset, policy and what the reader says of it.

    Parameters
    ----------
    family, students, seed
        As for :func:`generate`.

    Returns
    -------
    Reading
        As :func:`allocator.intake.read_sheets` gives it.
    """
    return read_sheets(generate(family, students, seed))


def family_of(size: str) -> tuple[str, int] | None:
    """Family and students of a benchmarks' size such as ``windows-200``; None where it names no family."""
    family, _, students = size.rpartition("-")
    return (family, int(students)) if family in FAMILIES and students.isdecimal() else None
