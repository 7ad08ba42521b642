"""Solving, and answering what would be if some rows or numbers were others."""

from allocator.solving.question import Question
from allocator.solving.solver import Answer, Solved, Solver

__all__ = ["Answer", "Question", "Solved", "Solver"]
