"""Edits: what a scenario does to the rows of its base. Each gives a new register and a sentence."""

from scenarios.edits.apply import edited, selections_of
from scenarios.edits.changing import Frozen, with_ids
from scenarios.edits.implied import with_implied

__all__ = ["Frozen", "edited", "selections_of", "with_ids", "with_implied"]
