"""Why things are as they are in a plan, by the checker's word: why a request was not placed, what would place it."""

from allocator.reasons.unplaced import Reasons

__all__ = ["Reasons"]
