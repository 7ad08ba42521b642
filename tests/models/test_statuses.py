"""The ladder of a match: every status has its place, and every way through it ends."""

from typing import get_args

from allocator.reading.sheets_record import PUBLISHED
from models.entities import Published
from models.plan import Match
from models.statuses import FACTS, FREED, KEPT, LADDER, PROMISES, PROPOSALS, STATUSES, Status, steps


def test_every_status_is_a_fact_a_promise_a_proposal_or_nothing_any_more() -> None:
    kinds = [*FACTS, *PROMISES, *PROPOSALS, *FREED]
    assert sorted(kinds) == sorted(STATUSES)
    assert set(KEPT) == {*PROMISES, "confirmed", "started"}


def test_the_steps_are_those_of_the_ladder_and_the_ways_off_it() -> None:
    assert steps("proposed") == ("sent_to_agency", "meeting_failed", "declined", "withdrawn")
    assert steps("confirmed") == ("started", "meeting_failed", "declined", "withdrawn")
    assert steps("started") == ("ended", "ended_early")
    assert all(steps(status) == () for status in ("ended", "ended_early", *FREED))
    assert [steps(status)[0] for status in LADDER[:-1]] == list(LADDER[1:])


def test_every_status_can_be_reached_and_none_comes_back() -> None:
    def after(status: Status, path: tuple[Status, ...]) -> set[Status]:
        assert status not in path
        return {status}.union(*(after(following, (*path, status)) for following in steps(status)))

    assert after("proposed", ()) == set(STATUSES)


def test_sheet_plan_and_published_match_have_the_same_statuses() -> None:
    assert PUBLISHED.by_name["status"].allowed == STATUSES
    for record in (Published, Match):
        assert get_args(record.model_fields["status"].annotation) == STATUSES
