"""Which rows an edit is about, and what their cells mean: by the sheets' own columns, in whatever spelling."""

from scenarios.selecting.columns import column_of, meant_by_a_blank, value_of
from scenarios.selecting.conditions import check_condition, selected
from scenarios.selecting.naming import Names
from scenarios.selecting.unknown import nothing_found, unknown_in

__all__ = [
    "Names",
    "check_condition",
    "column_of",
    "meant_by_a_blank",
    "nothing_found",
    "selected",
    "unknown_in",
    "value_of",
]
