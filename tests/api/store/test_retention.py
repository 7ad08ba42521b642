import pytest
from sqlalchemy import func, select

from api.settings import Settings
from api.store import audit, runs
from api.store.contents import keep
from api.store.opening import Store
from api.store.retention import Coming, carry_out, coming, is_due
from api.store.tables import Account, AuditEntry, Content, Repeated, Round, Run, SignedIn
from tests.api.store.making import NOON, after, kept_round, kept_run

SETTINGS = Settings(retention_days=30, announce_days=7)


@pytest.fixture
def loose(store: Store) -> str:
    """A round and a run of no round, both of the same day."""
    with store.transaction() as session:
        kept_round(session, "r1")
        kept_run(session, source=b"of the round", round="r1")
        return kept_run(session, source=b"of none").id


def test_announced_a_week_before_and_deleted_on_the_day(store: Store, loose: str) -> None:
    # untouched since day 0: announced from day 23 on, deleted from day 30 on
    assert carry_out(store, SETTINGS, after(days=22, hours=23)).announced == ()
    on = after(days=30)
    done = carry_out(store, SETTINGS, after(days=23))
    assert done.announced == (Coming("round", "r1", on), Coming("run", loose, on))
    assert (done.deleted, done.scrubbed) == ((), None)
    with store.reading() as session:
        assert coming(session, SETTINGS) == tuple(sorted(done.announced, key=lambda one: one.id))
        assert session.get_one(Round, "r1").announced == after(days=23)
    assert carry_out(store, SETTINGS, after(days=29, hours=23)) == ((), (), None)
    done = carry_out(store, SETTINGS, after(days=30))
    assert [one.id for one in done.deleted] == ["r1", loose]
    assert done.scrubbed
    with store.reading() as session:
        for table in (Round, Run, Content):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        said = session.execute(select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.number)).all()
        assert [tuple(row) for row in said if row[1] in {"r1", loose}] == [
            ("deletion_announced", "r1"), ("deletion_announced", loose), ("round_deleted", "r1"), ("run_deleted", loose),
        ]  # fmt: skip
        assert audit.verify(session) is None


def test_what_was_announced_late_waits_its_week(store: Store, loose: str) -> None:
    done = carry_out(store, SETTINGS, after(days=300))
    assert {one.on for one in done.announced} == {after(days=307)}  # not day 30, which is long over
    with store.reading() as session:
        assert {one.on for one in coming(session, SETTINGS)} == {after(days=307)}
    assert carry_out(store, SETTINGS, after(days=306)).deleted == ()
    assert len(carry_out(store, SETTINGS, after(days=307)).deleted) == 2


def test_what_is_touched_is_kept(store: Store, loose: str) -> None:
    carry_out(store, SETTINGS, after(days=25))
    with store.transaction() as session:
        kept_run(session, round="r1", now=after(days=28))
    assert [one.id for one in carry_out(store, SETTINGS, after(days=40)).deleted] == [loose]
    with store.reading() as session:
        assert session.get_one(Round, "r1").announced is None
    assert [one.id for one in carry_out(store, SETTINGS, after(days=51)).announced] == ["r1"]


def test_what_has_run_out_is_tidied_away(store: Store) -> None:
    with store.transaction() as session:
        keep(session, b"loose", "file")
        session.add(Account(id="a1", login="a", role="team", created=NOON))
        session.flush()
        session.add(SignedIn(digest="1" * 64, account="a1", form_token="", created=NOON, seen=NOON, expires=NOON))
        kept = {"status": 202, "headers": {}, "body": {}, "created": NOON}
        session.add(Repeated(account="a1", key="k", request_digest="0" * 64, **kept))
    later = after(days=10_000)
    done = carry_out(store, SETTINGS, later)
    assert done == ((), (), True)
    with store.reading() as session:
        for table in (Content, SignedIn, Repeated):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_once_a_day(store: Store) -> None:
    def due(**passed: float) -> bool:
        with store.reading() as session:
            return is_due(session, after(**passed))

    assert due()
    carry_out(store, SETTINGS, NOON)
    assert not due(hours=23)
    assert due(hours=24)


def test_a_run_that_was_deleted_alone_is_scrubbed_with_the_next_day(store: Store, loose: str) -> None:
    from api.store.deleting import delete_run

    delete_run(store, loose, "team1", NOON)
    assert carry_out(store, SETTINGS, after(hours=1)).scrubbed
    assert carry_out(store, SETTINGS, after(hours=2)).scrubbed is None
    with store.reading() as session:
        assert runs.to_do(session)[0].round == "r1"
