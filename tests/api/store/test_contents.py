import pytest
from sqlalchemy import func, select, text

from api.store.contents import StoreDamagedError, content, digest_of, drop_unheld, keep
from api.store.opening import Store
from api.store.tables import Content
from tests.api.store.making import kept_run, without_guards


def test_bytes_come_back_by_their_digest(store: Store) -> None:
    data = b"plan " * 1000
    with store.transaction() as session:
        digest = keep(session, data, "file")
    assert digest == digest_of(data)
    with store.reading() as session:
        assert content(session, digest) == data
        kept = session.get_one(Content, digest)
        assert (kept.kind, kept.size) == ("file", 5000)
        assert len(kept.packed) < 100


def test_the_same_bytes_are_kept_once(store: Store) -> None:
    for kind in ("file", "source"):
        with store.transaction() as session:
            keep(session, b"same", kind)
            keep(session, b"same", kind)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Content)) == 1


def test_a_transaction_that_fails_keeps_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction() as session:
            keep(session, b"never", "file")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.reading() as session, pytest.raises(KeyError):
        content(session, digest_of(b"never"))


@pytest.mark.parametrize("packed", ["x'00'", "(select packed from content where digest != :digest)"])
def test_bytes_that_are_not_those_that_were_kept_are_never_given(store: Store, packed: str) -> None:
    with store.transaction() as session:
        digest = keep(session, b"plan", "file")
        other = keep(session, b"another", "file")
        without_guards(session)
        if store.engine.dialect.name == "postgresql":
            packed = packed.replace("x'00'", "'\\x00'::bytea")
        session.execute(text(f"update content set packed = {packed} where digest = :digest"), {"digest": digest})
    with store.reading() as session:
        with pytest.raises(StoreDamagedError, match="Restore a back-up"):
            content(session, digest)
        assert content(session, other) == b"another"


def test_what_a_row_refers_to_is_not_dropped(store: Store) -> None:
    with store.transaction() as session:
        run = kept_run(session, source=b"workbook")
        loose = keep(session, b"loose", "file")
        drop_unheld(session, [run.source, loose])
    with store.reading() as session:
        assert content(session, run.source) == b"workbook"
        with pytest.raises(KeyError):
            content(session, loose)
