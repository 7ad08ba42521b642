from threading import Thread

import pytest
from sqlalchemy import func, select, text

from api.store import audit
from api.store.opening import Store
from api.store.tables import AuditEntry
from models.errors import UsageError
from tests.api.store.making import NOON, kept_round, without_guards


def told(store: Store, *actions: str) -> None:
    for action in actions:
        with store.transaction() as session:
            audit.record(session, "team1", action, "r1", {"why": f"because of {action}"}, NOON)


def actions(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_an_empty_audit_holds(store: Store) -> None:
    with store.reading() as session:
        assert audit.verify(session) is None
        assert audit.head(session) == (0, audit.BEGINNING)


def test_entries_in_order_each_sealed_with_the_one_before(store: Store) -> None:
    told(store, "a", "b", "c")
    with store.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert [(e.number, e.who, e.action, e.subject, e.at) for e in entries] == [
            (n, "team1", action, "r1", NOON) for n, action in enumerate("abc", start=1)
        ]
        assert [e.previous for e in entries] == [audit.BEGINNING, entries[0].digest, entries[1].digest]
        assert audit.head(session) == (3, entries[2].digest)
        assert audit.verify(session) is None


def test_several_entries_of_one_transaction(store: Store) -> None:
    with store.transaction() as session:
        for action in "abc":
            audit.record(session, "team1", action, "r1", {}, NOON)
    assert actions(store) == ["a", "b", "c"]
    with store.reading() as session:
        assert audit.verify(session) is None


def test_an_entry_of_what_was_taken_back_is_taken_back(store: Store) -> None:
    told(store, "a")

    def fail() -> None:
        with store.transaction() as session:
            audit.record(session, "team1", "b", "r1", {}, NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.transaction() as session:
        audit.record(session, "team1", "c", "r1", {}, NOON)
        with session.begin_nested() as inner:
            audit.record(session, "team1", "d", "r1", {}, NOON)
            inner.rollback()
        with session.begin_nested():
            audit.record(session, "team1", "e", "r1", {}, NOON)
    assert actions(store) == ["a", "c", "e"]
    with store.reading() as session:
        assert audit.verify(session) is None


def test_what_json_cannot_say_is_refused_at_once(store: Store) -> None:
    with store.transaction() as session:
        for odd in ({"at": NOON}, {"gap": float("nan")}):
            with pytest.raises((TypeError, ValueError)):
                audit.record(session, "team1", "a", "r1", odd, NOON)
    assert actions(store) == []


def test_many_at_once_stand_in_one_chain(store: Store) -> None:
    def work(who: str) -> None:
        for n in range(10):
            with store.transaction() as session:
                audit.record(session, who, "a", f"r{n}", {"n": n}, NOON)

    threads = [Thread(target=work, args=(f"team{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 40
        assert audit.verify(session) is None


TAMPERING = {
    "who": ("update audit_entry set who = 'other' where number = 2", 2),
    "when": ("update audit_entry set at = '2026-01-05 13:00:00' where number = 3", 3),
    "details": ("""update audit_entry set details = '{"why": "because of x"}' where number = 2""", 2),
    "salt": ("update audit_entry set salt = 'other' where number = 4", 4),
    "blotted": ("update audit_entry set details = null, salt = null where number = 3", 3),
    "taken out of the middle": ("delete from audit_entry where number = 3", 3),
    "taken out and closed up": (
        "delete from audit_entry where number = 3; update audit_entry set number = number - 1 where number > 3", 3,
    ),
    "moved": (
        "update audit_entry set number = 9 where number = 2; update audit_entry set number = 2 where number = 3; "
        "update audit_entry set number = 3 where number = 9", 2,
    ),
    "the first taken out": ("delete from audit_entry where number = 1", 1),
    "the end cut off": ("delete from audit_entry where number > 3", 4),
    "all taken out": ("delete from audit_entry", 1),
    "the head changed": ("update audit_head set number = 3", 6),
    "one added": (
        "insert into audit_entry select 6, at, who, action, subject, details, salt, details_digest, digest, digest "
        "from audit_entry where number = 5", 6,
    ),
}  # fmt: skip


def test_tampering_is_seen(store: Store) -> None:
    told(store, *"abcde")
    found = {}
    for how, (statements, _) in TAMPERING.items():
        with store.transaction() as session:
            without_guards(session)
            for statement in statements.split("; "):
                session.execute(text(statement))
            found[how] = audit.verify(session)
            session.rollback()
    assert found == {how: number for how, (_, number) in TAMPERING.items()}


def test_who_seals_all_anew_is_seen_by_what_was_noted_elsewhere(store: Store) -> None:
    told(store, *"abc")
    with store.reading() as session:
        number, seal = audit.head(session)
    with store.transaction() as session:
        without_guards(session)
        session.execute(text("delete from audit_entry"))
        session.execute(text("delete from audit_head"))
    told(store, *"abd")
    with store.reading() as session:
        assert audit.verify(session) is None
        assert audit.verify(session, audit.anchor_of(f"{number}:{seal}")) == 3
    told(store, "e")
    with store.reading() as session:
        assert audit.verify(session, (9, seal)) == 5


@pytest.mark.parametrize("words", ["", "3", "3:", "x:" + "0" * 64, "3:" + "g" * 64])
def test_what_was_noted_is_a_number_and_a_seal(words: str) -> None:
    with pytest.raises(UsageError, match="NUMBER:SEAL"):
        audit.anchor_of(words)


def test_readers_write_nothing(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"), store.reading() as session:
        kept_round(session)
    with store.transaction() as session:
        kept_round(session)
