"""The rates at which years go on: what is published is the default, and each says where it comes from."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, ValidationError

from allocator.reading.spelling import did_you_mean
from models.base import Record
from scenarios.errors import EditError

Share = Annotated[float, Field(ge=0, le=100)]


class Rates(Record):
    """Percentages a year. ``on_to_peps2``: None is the share that are in training for PEPS2 today."""

    intake: Annotated[float, Field(ge=0, le=300)] = 100.0
    ready: Share = 85.5
    passed: Share = 96.5
    children_leave: Share = 22.05
    adults_leave: Share = 11.7
    on_to_peps2: Share | None = None
    new_trainees: Annotated[float, Field(ge=0, le=300)] = 100.0

    @property
    def others_leave(self) -> float:
        """Of agencies that are neither children's nor adults': between both."""
        return (self.children_leave + self.adults_leave) / 2


WORDS = {
    "intake": "students admitted, % of those admitted this year",
    "ready": "students ready for practice at the first attempt, % (published: 71 to 100; the middle)",
    "passed": "placements that are passed, % (published: 93 to 100; the middle)",
    "children_leave": "children's services' PEs who leave in a year, % (published: 22.05)",
    "adults_leave": "adults' services' PEs who leave in a year, % (published: 11.7)",
    "on_to_peps2": "PEPS1 who begin to train for PEPS2 in a year, % (default: as many as are training today)",
    "new_trainees": "PEs who begin to train in a year, % of those training for PEPS1 today",
}
"""By name: what each is."""


def rates_of(given: Iterable[str]) -> Rates:
    """Rates as they are typed: ``passed=98``.

    Raises
    ------
    EditError
        There is no such rate, or it is no percentage.
    """
    values: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if name not in WORDS or not equals:
            allowed = "; ".join(f"{n} ({words})" for n, words in WORDS.items())
            raise EditError(f"'{text}' is no rate.{did_you_mean(name, WORDS)} Write NAME=PERCENT. Allowed: {allowed}.")
        values[name] = value
    try:
        return Rates.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise EditError(f"{name}={values[name]}: {first['msg'].lower()}. It is {WORDS[name]}.") from None
