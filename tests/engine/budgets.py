"""Budgets of tests that look at what is found, not at how long it takes."""

from allocator.engine.budget import Budget
from models.run import Limits


def free() -> Budget:
    """No limits, and nobody who stops it."""
    return Budget(Limits(), None)
