"""Which published matches stay where they are until somebody unlocks them."""

from models.register import Row
from models.statuses import KEPT


def stays(row: Row) -> bool:
    """Whether a published match stays where it is until it is unlocked; so does one of which that cannot be read.

    Parameters
    ----------
    row
        Of the Published sheet; its match has not ended or failed.

    Returns
    -------
    bool
        True from meeting_booked on, or once the student was told.
    """
    told = row.get("student_told_on") is not None
    unclear = {*row.unreadable, *row.not_known}
    return told or row.get("status") in KEPT or not {"status", "student_told_on"}.isdisjoint(unclear)
