import pytest

from api.problems import UnusableError
from api.store.listing import listed
from api.store.opening import Store
from tests.api.store.making import after, kept_round, kept_run


def test_listed_newest_first_page_by_page(store: Store) -> None:
    with store.transaction() as session:
        kept_round(session)
        kept_round(session, "r2")
        of_the_round = [kept_run(session, round="r1", by="x", now=after(seconds=n // 2)).id for n in range(5)]
        own = kept_run(session, now=after(hours=1)).id
        kept_run(session, round="r2", by="y")
    with store.reading() as session:
        seen, cursor = [], None
        while True:
            page = listed(session, rounds=["r1"], by="team1", after=cursor, limit=2)
            seen += [run.id for run in page.runs]
            cursor = page.after
            if cursor is None:
                break
        assert seen[0] == own
        assert sorted(seen[1:]) == sorted(of_the_round)
        assert len(seen) == 6
        assert listed(session, rounds=["r1"], state="failed").runs == ()
        assert listed(session).runs == ()


def test_a_cursor_that_no_listing_gave(store: Store) -> None:
    for cursor in ("", "x", "MjAyNg==", "ü", "MjAyNi0wMS0wNVQxMjowMDowMCB4"):
        with store.reading() as session, pytest.raises(UnusableError, match="Begin again without one"):
            listed(session, by="team1", after=cursor)
