"""The textbook model for other solvers: the reference's columns, rows and tiers, as they stand, as arrays."""

from benchmarks.textbook.program import Program, read_program, write_program
from benchmarks.textbook.translate import translate

__all__ = ["Program", "read_program", "translate", "write_program"]
