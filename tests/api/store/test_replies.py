"""Replies of a round are numbered, told apart by their names, and of those of an agency's page the last counts."""

from typing import Any

from sqlalchemy.orm import Session

from api.store.opening import Store
from api.store.replies import (
    add_answer,
    add_reply,
    answers_to,
    draft_of,
    drop_draft,
    keep_draft,
    replies_of,
    standing,
)
from api.store.tables import Reply
from tests.api.store.making import NOON, after, kept_round, kept_run


def reply(session: Session, name: str, agency: str | None = "A", run: str | None = None, **values: Any) -> Reply:
    facts: dict[str, Any] = {"form": {}, "by": "team1", "now": NOON}
    return add_reply(session, "r1", name=name, agency=agency, run=run, **facts | values)


def test_names_and_numbers(store: Store) -> None:
    with store.transaction() as session:
        made = kept_round(session)
        names = [reply(session, name, now=after(days=1)).name for name in ("A.xlsx", "A.xlsx", "B", "A.xlsx", "B", "A (2).xlsx")]  # fmt: skip
        assert names == ["A.xlsx", "A (2).xlsx", "B", "A (3).xlsx", "B (2)", "A (2) (2).xlsx"]
        assert [one.number for one in replies_of(session, "r1")] == [1, 2, 3, 4, 5, 6]
        assert made.touched == after(days=1)  # so that retention counts from it
        assert replies_of(session, "r1", "C") == ()


def test_which_count(store: Store) -> None:
    with store.transaction() as session:
        kept_round(session)
        # Of A a page, a file and a page again; of B a page and a file, which the team sets aside.
        page, file, last, other, aside = (
            reply(session, f"{n}", agency, run)
            for n, (agency, run) in enumerate((("A", "x"), ("A", None), ("A", "y"), ("B", "x"), ("B", None)))
        )
        said: dict[str, Any] = {"reason": "sent by mistake", "by": "team1", "now": NOON}
        add_answer(session, aside, place="", says="", accepted=False, **said)
        add_answer(session, other, place="row 5", says="no", accepted=True, **said)
        counts = standing(replies_of(session, "r1"), answers_to(session, "r1"))
        assert counts == (file, last, other)
        assert page not in counts
        assert [(a.number, a.reply) for a in answers_to(session, "r1")] == [(1, aside.number), (2, other.number)]


def test_a_draft_is_one_of_an_agency_and_goes_with_its_run(store: Store) -> None:
    with store.transaction() as session:
        kept_round(session)
        run = kept_run(session, round="r1")
        keep_draft(session, run.id, "A", [{"row": 1}], "a1", NOON)
        keep_draft(session, run.id, "A", [{"row": 2}], "a2", NOON)
        keep_draft(session, run.id, "B", [{"row": 3}], "b1", NOON)
        mine = draft_of(session, run.id, "A")
        assert mine is not None
        assert (mine.answers, mine.saved_by) == ([{"row": 2}], "a2")
        drop_draft(session, run.id, "B")
        assert draft_of(session, run.id, "B") is None
        session.delete(run)
        session.flush()
        session.expire_all()
        assert draft_of(session, run.id, "A") is None
