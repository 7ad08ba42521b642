"""The break test: a published plan, events drawn many times, repairs with few moves; what breaks, what would help."""

from scenarios.breaking.breaking import Breaking, breaks
from scenarios.breaking.events import Rates

__all__ = ["Breaking", "Rates", "breaks"]
