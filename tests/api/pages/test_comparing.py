"""A comparison on a projector."""

from allocator.views.table import Column, Table
from api.pages.comparing import parts_of

TABLE = Table(
    "Changes", "", [Column("What"), Column("About")],
    [("Tier", "Firsts placed"), ("Tier", "Minutes of travel, all matches"), ("Figure", "Preference met")],
)  # fmt: skip


def test_a_projector_leaves_out_tiers_and_figures_of_travel_and_preferences() -> None:
    # Of three rows two tell of minutes or preferences; the part that has no other row goes with its heading or is empty.
    for meeting, numbers in ((False, [2, 1]), (True, [1])):
        parts = parts_of(TABLE, meeting=meeting, base="")
        assert [len(part.view.numbers) for part in parts] == numbers
