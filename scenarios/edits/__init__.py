"""Edits: what a scenario does to the rows of its base. Each gives a new register and a sentence."""

from scenarios.edits.apply import Frozen, edited

__all__ = ["Frozen", "edited"]
