from sqlalchemy import func, select

from api.serving.daily import Daily
from api.settings import Settings
from api.store.opening import Store
from api.store.retention import CARRIED_OUT
from api.store.tables import AuditEntry, Round
from tests.api.store.making import after, kept_round

SETTINGS = Settings(retention_days=30, announce_days=7)


def times(store: Store) -> int:
    with store.reading() as session:
        wanted = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == CARRIED_OUT)
        return session.scalars(wanted).one()


def test_carried_out_once_a_day_whatever_is_started_anew(store: Store) -> None:
    with store.transaction() as session:
        kept_round(session)
    # announced on day 23, not again an hour later, deleted on day 30
    for passed, expected in ((23 * 24, 1), (23 * 24 + 1, 1), (30 * 24, 2)):
        Daily(store, SETTINGS, lambda hours=passed: after(hours=hours)).look()  # type: ignore[misc]
        assert times(store) == expected
    with store.reading() as session:
        assert session.scalars(select(func.count()).select_from(Round)).one() == 0


def test_it_begins_with_the_server_and_ends_with_it(store: Store) -> None:
    with Daily(store, SETTINGS):
        pass
    assert times(store) == 1


def test_a_database_that_is_gone_ends_nothing(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("drop table signed_in")
    with Daily(store, SETTINGS):
        pass
    assert times(store) == 0
