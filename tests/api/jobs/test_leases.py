import os
from datetime import UTC, datetime

from api.jobs import leases
from api.store.opening import Store
from api.store.tables import Worker

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def entered(store: Store, name: str, **values: object) -> None:
    with store.transaction() as session:
        facts = {"machine": "elsewhere", "process": "1 1", "processes": 1, "beats": 0, "started": NOW, "seen": NOW}
        session.add(Worker(id=name, **facts | values))


def gone(store: Store, watch: leases.Watch) -> list[str]:
    with store.reading() as session:
        return watch.gone(session)


def test_whose_count_stands_still_is_gone(store: Store) -> None:
    clock = Clock()
    watch = leases.Watch(10, clock)
    entered(store, "still")
    entered(store, "beating")
    assert gone(store, watch) == []
    clock.now = 9
    with store.transaction() as session:
        assert leases.beat(session, "beating")
    assert gone(store, watch) == []
    clock.now = 10.0  # since the first look at 0
    assert gone(store, watch) == ["still"]
    clock.now = 19  # 10 s after the look at 9, which saw the beat
    assert sorted(gone(store, watch)) == ["beating", "still"]


def test_a_process_of_this_machine_that_has_ended_is_gone_at_once(store: Store) -> None:
    here, this = leases.machine(), leases.process_of(os.getpid())
    entered(store, "this", machine=here, process=this)
    entered(store, "before it", machine=here, process=f"{os.getpid()} 1")  # its number, but started at another time
    entered(store, "elsewhere", process=this)
    assert gone(store, leases.Watch(10, Clock())) == (["before it"] if here else [])


def test_a_worker_that_was_taken_to_be_gone_is_told(store: Store) -> None:
    entered(store, "suspended")
    with store.transaction() as session:
        leases.remove(session, "suspended")
        assert not leases.beat(session, "suspended")
