"""What the service does once a day by itself: retention, wherever the last day's was carried out."""

import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from api.serving.logs import log
from api.settings import Settings
from api.store import retention
from api.store.moments import utc_now
from api.store.opening import Store

LOOK = 600.0
"""Seconds between two looks whether a day has gone by; the store knows, so a restart puts nothing off."""


class Daily:
    """Carries out retention beside the server, from entering to leaving.

    Parameters
    ----------
    store
        Open.
    settings
        How long things are kept.
    now
        The time.
    """

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self._store, self._settings, self._now = store, settings, now
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="daily", daemon=True)

    def __enter__(self) -> "Daily":
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more; what is under way is brought to its end."""
        self._ending.set()
        self._thread.join()

    def _keep(self) -> None:
        while True:
            try:
                self.look()
            except SQLAlchemyError as error:  # busy, or not to be reached: the next look is soon enough
                log.warning("retention put off", error=type(error).__name__)
            if self._ending.wait(LOOK):
                return

    def look(self) -> None:
        """Carry it out if a day has gone by."""
        now = self._now()
        with self._store.reading() as session:
            if not retention.is_due(session, now):
                return
        done = retention.carry_out(self._store, self._settings, now)
        log.info(
            "retention carried out", announced=len(done.announced), deleted=len(done.deleted), scrubbed=done.scrubbed
        )
