"""Writing into a store that may be busy, or away for a while."""

import time
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError

PATIENCE = 300.0
"""Seconds for which a run that is done waits for a database that cannot be reached, before its work is given up."""
PAUSE = 0.5
"""Seconds between two tries."""


def lasting(write: Callable[[], None], patience: float = PATIENCE) -> None:
    """Write into the store, trying again while the database is busy or cannot be reached.

    Parameters
    ----------
    write
        One transaction.
    patience
        Seconds after which it is given up.

    Raises
    ------
    DBAPIError
        It was given up.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE)
