"""Questions about generated partnerships, of every kind, drawn with a fixed seed."""

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.engine.engine import Choice
from allocator.solving import Question
from models.dataset import Dataset
from models.plan import Match
from models.policy import Policy
from tests.strategies import generate, larger

NUMBERS = ("independent_cap_percent", "partner_share_percent", "trainee_finals_percent", "travel_limit")


def cases(tiny: int, greater: int) -> Iterator[tuple[Dataset, Policy]]:
    """Generated partnerships in which every programme counts, so that of plans that differ one is better."""
    for data, settings in [*map(generate, range(1, tiny + 1)), *map(larger, range(1, greater + 1))]:
        yield data, settings.model_copy(update={"programmes_left_out": ()})


def questions(data: Dataset, settings: Policy, base: Sequence[Match | Choice], seed: int) -> Iterator[Question]:
    """One of every kind, and two at once."""
    luck = np.random.default_rng(seed)

    def some(items: tuple[str, ...]) -> str:
        return items[int(luck.integers(len(items)))]

    requests, offers = tuple(r.request for r in data.requests), tuple(o.offer for o in data.offers)
    if not requests or not offers:
        return
    educators = tuple(e.pe for e in data.educators) or (None,)
    match = base[int(luck.integers(len(base)))] if base else None
    fixed = Question(fixed=((some(requests), some(offers), None),))
    places = Question(places=((some(offers), int(luck.integers(1, 3))),))
    name = some(NUMBERS)
    number = Question(settings=((name, max(settings.travel_target, int(luck.integers(0, 101)))),))
    yield fixed
    yield Question(fixed=((some(requests), some(offers), educators[int(luck.integers(len(educators)))]),))
    yield Question(forbidden=((some(requests), None),))
    yield places
    yield Question(places=((some(offers), -1),))
    yield number
    yield fixed._replace(places=places.places)
    if match is not None:
        yield Question(forbidden=((match.request, match.offer),))
        yield Question(fixed=((match.request, match.offer, match.pe),))
        yield number._replace(forbidden=((match.request, match.offer),), places=places.places)
    if data.decisions:
        yield Question(without=(data.decisions[int(luck.integers(len(data.decisions)))].id,))
