from threading import Barrier, Thread

import pytest

from api.problems import ChangedMeanwhileError, NotFoundError
from api.store import rounds
from api.store.contents import content
from api.store.opening import Store
from api.store.tables import Round
from tests.api.store.making import NOON, after, kept_round


def seen(version: int, state: int) -> None:
    if version != state:
        raise ChangedMeanwhileError(f"at version {state}")


@pytest.fixture
def id(store: Store) -> str:
    with store.transaction() as session:
        return kept_round(session).id


def test_a_round_is_changed_by_whoever_saw_its_state(store: Store, id: str) -> None:
    with store.transaction() as session:
        session.get_one(Round, id).announced = NOON
    with store.transaction() as session:
        rounds.changing(session, id, lambda state: seen(1, state), after(days=1)).name = "Summer"
    with store.reading() as session:
        found = rounds.round_of(session, id)
        assert (found.name, found.version, found.touched, found.announced) == ("Summer", 2, after(days=1), None)
        assert rounds.rounds_of(session, [id, "none"]) == (found,)
    with pytest.raises(ChangedMeanwhileError, match="at version 2"), store.transaction() as session:
        rounds.changing(session, id, lambda state: seen(1, state), NOON)
    with pytest.raises(NotFoundError), store.transaction() as session:
        rounds.changing(session, "none", lambda state: seen(1, state), NOON)
    with pytest.raises(NotFoundError), store.reading() as session:
        rounds.round_of(session, "none")


def test_of_two_who_saw_the_same_state_one_is_told(store: Store, id: str) -> None:
    told: list[str] = []
    together = Barrier(2)

    def work(student: str) -> None:
        together.wait()
        try:
            with store.transaction() as session:
                rounds.changing(session, id, lambda state: seen(1, state), NOON)
                rounds.add_entry(
                    session, id, row={"student": student}, undoes=None, cells=(), workbook=1, by=student, now=NOON
                )
        except ChangedMeanwhileError:
            told.append(student)

    threads = [Thread(target=work, args=(student,)) for student in ("S1", "S2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    with store.reading() as session:
        [entry] = rounds.log_of(session, id)
        assert sorted([*told, entry.made_by]) == ["S1", "S2"]
        assert entry.number == 1


def test_datasets_in_order_the_last_in_force(store: Store, id: str) -> None:
    for number, name in enumerate(("a.xlsx", "b.xlsx"), start=1):
        with store.transaction() as session:
            made = rounds.add_dataset(
                session, id, data=name.encode(), filename=name, dataset_digest="0" * 64,
                counts={"students": number}, issues=[], by="team1", now=NOON,
            )  # fmt: skip
            assert made.number == number
    with store.reading() as session:
        assert [d.filename for d in rounds.datasets_of(session, id)] == ["a.xlsx", "b.xlsx"]
        last = rounds.dataset_of(session, id)
        assert (last.number, last.counts) == (2, {"students": 2})
        assert content(session, rounds.dataset_of(session, id, 1).source) == b"a.xlsx"
        with pytest.raises(NotFoundError):
            rounds.dataset_of(session, id, 3)
        with pytest.raises(NotFoundError):
            rounds.dataset_of(session, "none")
