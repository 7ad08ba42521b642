"""What each kind of answer needs of a scenario, so that it is said before anything is solved. Data only."""

from collections.abc import Mapping
from typing import NamedTuple


class Needs(NamedTuple):
    """What a kind of answer needs.

    ``measures``: for each of the first ones, whether it is of an agency each (``by = "agency"``) or of all; ``grid``:
    parameters that there must be at least; ``words``: those that it reads (None: any, as they name its lines).
    """

    measures: tuple[str, ...] = ("",)
    grid: int = 0
    words: tuple[str, ...] | None = ()


DRAWS = "draws"
"""The kind that is meant where there are draws, and none is named."""
_AGENCY = "agency"
NEEDS: Mapping[str, Needs] = {
    "differences": Needs(),
    "table": Needs(),
    "worth": Needs(words=("together",)),
    "costs": Needs(),
    "levels": Needs(words=("line", "along", "unit", "at")),
    "frontier": Needs(("", "")),
    "by_agency": Needs(("", _AGENCY)),
    "dumbbell": Needs(("", _AGENCY)),
    "takes_over": Needs(("", _AGENCY)),
    DRAWS: Needs(),
    "need": Needs((), words=("recruited_percent",)),
    "capacity": Needs(words=("along", "sign")),
    "curves": Needs(grid=2, words=None),
    "held_up": Needs(("", _AGENCY)),
}
"""By the name that ``answer.kind`` gives."""
