import pytest
from sqlalchemy import func, select

from api.problems import NotFoundError
from api.store import runs
from api.store.opening import Store
from api.store.runs import OldAttemptError
from api.store.tables import Content, Round
from tests.api.store.making import NOON, after, kept_round, kept_run


def begun(store: Store) -> str:
    """A run at its first attempt."""
    with store.transaction() as session:
        run = kept_run(session)
        assert runs.begin_attempt(session, run.id, after(seconds=1)) == 1
        return run.id


def test_an_accepted_run_is_queued_with_its_source(store: Store) -> None:
    with store.transaction() as session:
        kept_round(session)
        made = kept_run(session, round="r1", decisions=3, priority=5, settings={"max_pe_load": 2}, now=after(days=1))
    with store.reading() as session:
        run = runs.run_of(session, made.id)
        assert (run.state, run.round, run.decisions, run.priority, run.attempt) == ("queued", "r1", 3, 5, 0)
        assert (run.settings, run.created, run.stop_asked) == ({"max_pe_load": 2}, after(days=1), False)
        assert session.get_one(Round, "r1").touched == after(days=1)
        assert [(e.number, e.kind, e.content["state"]) for e in runs.events_after(session, made.id, 0)] == [
            (1, "state", "queued")
        ]


def test_a_run_from_its_beginning_to_its_end(store: Store) -> None:
    id = begun(store)
    with store.transaction() as session:
        assert runs.tell(session, id, 1, "progress", {"placed": 3, "gap": 0.5}, after(seconds=2)) == 3
        runs.keep_files(session, id, 1, {"plan.json": b"{}", "agencies/A.xlsx": b"form"})
    with store.transaction() as session:
        runs.finish(session, id, 1, "complete", "proved", now=after(seconds=9))
    with store.reading() as session:
        run = runs.run_of(session, id)
        assert (run.state, run.answer, run.progress) == ("complete", "proved", {"placed": 3, "gap": 0.5})
        assert (run.started, run.ended) == (after(seconds=1), after(seconds=9))
        assert [(f.path, f.size) for f in runs.files_of(session, id)] == [("agencies/A.xlsx", 4), ("plan.json", 2)]
        assert runs.file_of(session, id, "plan.json") == b"{}"
        with pytest.raises(NotFoundError):
            runs.file_of(session, id, "../plan.json")
        told = runs.events_after(session, id, 2)
        assert [(e.number, e.kind) for e in told] == [(3, "progress"), (4, "state")]
        assert told[1].content == {"state": "complete", "answer": "proved", "attempt": 1}
        assert [e.number for e in runs.events_after(session, id, 1, limit=2)] == [2, 3]


def test_an_attempt_that_another_one_followed_is_refused(store: Store) -> None:
    id = begun(store)
    with store.transaction() as session:
        assert runs.begin_attempt(session, id, after(seconds=5)) == 2
    for late in (
        lambda s: runs.tell(s, id, 1, "progress", {}),
        lambda s: runs.keep_files(s, id, 1, {"plan.json": b"late"}),
        lambda s: runs.finish(s, id, 1, "complete", "proved"),
    ):
        with pytest.raises(OldAttemptError), store.transaction() as session:
            late(session)
    with store.transaction() as session:
        runs.finish(session, id, 2, "complete", "proved")
        assert runs.run_of(session, id).started == after(seconds=1)
        assert runs.files_of(session, id) == ()


def test_a_run_that_is_over_is_begun_by_nobody(store: Store) -> None:
    id = begun(store)
    with store.transaction() as session:
        runs.finish(session, id, 1, "failed", problem={"code": "fault"})
        assert runs.begin_attempt(session, id) is None
        assert runs.begin_attempt(session, "none") is None
        with pytest.raises(OldAttemptError):
            runs.tell(session, id, 1, "progress", {})


def test_a_better_plan_takes_the_place_of_the_one_before(store: Store) -> None:
    id = begun(store)
    for plan in (b"first", b"second", b"second"):
        with store.transaction() as session:
            runs.keep_files(session, id, 1, {"plan.json": plan})
    with store.reading() as session:
        assert runs.file_of(session, id, "plan.json") == b"second"
        # the source and the second plan: the first is held by nobody
        assert session.scalar(select(func.count()).select_from(Content)) == 2


def test_a_plan_that_two_runs_have_stays_with_the_other(store: Store) -> None:
    one, two = begun(store), begun(store)
    with store.transaction() as session:
        for id in (one, two):
            runs.keep_files(session, id, 1, {"plan.json": b"same"})
        runs.keep_files(session, one, 1, {"plan.json": b"better"})
    with store.reading() as session:
        assert runs.file_of(session, two, "plan.json") == b"same"


def test_asked_to_stop(store: Store) -> None:
    with store.transaction() as session:
        waits, works = kept_run(session), kept_run(session)
        runs.begin_attempt(session, works.id)
        assert runs.ask_to_stop(session, waits.id).state == "stopped"
        asked = runs.ask_to_stop(session, works.id)
        assert (asked.state, asked.stop_asked) == ("running", True)
        runs.finish(session, works.id, 1, "stopped", "within_gap")
        assert runs.ask_to_stop(session, works.id).answer == "within_gap"
        assert runs.begin_attempt(session, waits.id) is None
        with pytest.raises(NotFoundError):
            runs.ask_to_stop(session, "none")


def test_what_is_to_do_comes_with_the_most_urgent_first(store: Store) -> None:
    with store.transaction() as session:
        late = kept_run(session, priority=1, now=NOON)
        second, first = kept_run(session, now=after(seconds=2)), kept_run(session, now=after(seconds=1))
        over = kept_run(session)
        runs.ask_to_stop(session, over.id)
        runs.begin_attempt(session, first.id)
    with store.reading() as session:
        assert [run.id for run in runs.to_do(session)] == [first.id, second.id, late.id]


def test_a_run_that_there_is_none_of(store: Store) -> None:
    with store.reading() as session, pytest.raises(NotFoundError):
        runs.run_of(session, "none")
