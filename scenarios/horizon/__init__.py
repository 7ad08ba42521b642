"""All rounds planned together beside one round after the other, and what forecast offers are worth."""

from scenarios.horizon.answers import horizon
from scenarios.horizon.rounds import OneByOne, one_by_one, rounds_of

__all__ = ["OneByOne", "horizon", "one_by_one", "rounds_of"]
