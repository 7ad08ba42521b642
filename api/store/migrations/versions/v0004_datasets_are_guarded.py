"""Datasets are guarded: the triggers are put up after every migration, so this one has none of its own to do."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go one up."""
