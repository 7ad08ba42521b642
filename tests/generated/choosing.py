"""Where random choices come from: a seed, or hypothesis (whose choices shrink)."""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Whole = Callable[[int, int], int]
"""Draws a whole number, both ends included."""


class Size(NamedTuple):
    """How many requests, offers and educators there may be, and with what probability (percent) each theme is on.

    One of each list is picked; the first is the dullest.
    """

    requests: tuple[int, ...]
    offers: tuple[int, ...]
    educators: tuple[int, ...]
    themes: tuple[int, ...]
    decisions: int
    """Times as many decisions of each kind as a tiny partnership may have."""


TINY = Size((2, 3, 4, 3, 1, 4, 4), (2, 3, 4, 3, 1, 4), (2, 3, 1, 4, 2, 3, 4, 0), themes=(17, 12, 30), decisions=1)
"""So few that every plan can be written down."""
LARGER = Size((9, 12, 15), (5, 7, 8), (6, 9, 11, 4), themes=(11, 8, 16), decisions=4)
"""Several requests at one offer and for one educator, and pools of more than one."""


class Choice:
    """Draws from a source of whole numbers in a closed range; least numbers are the dull choices.

    With a seed, every name that :meth:`of` is given has a stream of random numbers of its own, so that a fact that is
    added to one row or theme leaves all others as they were.
    """

    def __init__(self, stream: Callable[[str], Whole], name: str = "") -> None:
        self._stream = stream
        self._name = name
        self._parts: dict[str, Choice] = {}

    @cached_property
    def _whole(self) -> Whole:
        """Its own stream, where anything is drawn of it: most choices only name others."""
        return self._stream(self._name)

    @classmethod
    def by_seed(cls, seed: int) -> "Choice":
        """Choices of a seeded generator."""
        return cls(lambda name: random.Random(f"{seed}{name}").randint)

    @classmethod
    def by_hypothesis(cls, draw: Callable[[st.SearchStrategy[int]], int]) -> "Choice":
        """Choices that hypothesis makes and shrinks towards dull ones."""
        return cls(lambda _: lambda least, most: draw(st.integers(least, most)))

    def of(self, name: str) -> "Choice":
        """The choices about one thing (a row, a theme); asked again, they go on where they were."""
        if name not in self._parts:
            self._parts[name] = Choice(self._stream, f"{self._name}/{name}")
        return self._parts[name]

    def number(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._whole(least, most) if most > least else least

    def flag(self, percent: int) -> bool:
        """True with this probability; the dull answer is no."""
        return self.number(0, 99) >= 100 - percent

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; the first is the dullest."""
        return options[self.number(0, len(options) - 1)]

    def maybe(self, percent: int, make: Callable[[], T]) -> T | None:
        """Something with this probability, else None."""
        return make() if self.flag(percent) else None

    def some(self, options: Sequence[T], percent: int) -> tuple[T, ...]:
        """Each option with this probability, in the order given."""
        return tuple(o for o in options if self.flag(percent))

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """The options in an order that is dull when the least numbers are drawn."""
        left, found = list(options), []
        while left:
            found.append(left.pop(self.number(0, len(left) - 1)))
        return found

    def day(self, first: date, least: int, most: int) -> date:
        """A day so many days after another."""
        return first + timedelta(days=self.number(least, most))


RARE = (
    "agency decisions", "apart", "checks", "directorates", "equal offers", "fair share", "hold", "independents", "interns",
    "parts of agencies", "placements before", "schemes", "statutory groups", "statutory numbers", "still running", "supervisors",
    "together",
)  # fmt: skip
"""Themes whose rules seldom matter: they are on twice as often."""


class Themes:
    """What a partnership is about: each theme is on with its own probability, so that few rules meet at a time.

    A theme that is off contributes only dull facts. That keeps most datasets placeable while every rule has datasets
    in which it matters.
    """

    def __init__(self, choice: Choice, percent: int, on: dict[str, bool] | None = None) -> None:
        self._choice = choice
        self._percent = percent
        self._on = {} if on is None else on
        self._switches = choice.of("themes")

    def of(self, name: str) -> "Themes":
        """The same themes, with choices about one thing (a row)."""
        within = Themes(self._choice.of(name), self._percent, self._on)
        within._switches = self._switches
        return within

    def draw(self, theme: str) -> Choice:
        """The choices about what a theme is about."""
        return self._choice.of(theme)

    def __call__(self, theme: str, within: int = 100) -> bool:
        """Whether the theme is on and, within it, a fact of this probability (percent) holds."""
        if theme not in self._on:
            self._on[theme] = self._switches.of(theme).flag(self._percent * (2 if theme in RARE else 1))
        return self._on[theme] and (within >= 100 or self._choice.of(f"{theme}: whether").flag(within))
