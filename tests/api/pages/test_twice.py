"""A decision that is sent twice is taken once: by two identical forms, from an old page, by two people."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.store.opening import Store
from api.store.rounds import log_of
from tests.api.pages.browsing import SHEETS, Visitor, a_round_with, led_to, text_of

HOLD = {"decision": "hold", "offer": "O1", "places": "1", "seen": "1", "decided": "0", "by": "LM", "why": "late visit"}
"""What may be decided twice: two holds of a place each are not one."""


@pytest.fixture
def round(store: Store) -> str:
    offer = {**SHEETS["Offers"][0], "capacity": 3}
    return a_round_with(store, {**SHEETS, "Offers": [offer]})


def decided(store: Store, round: str) -> list[str]:
    with store.reading() as session:
        return [str((entry.row or {})["id"]) for entry in log_of(session, round)]


def test_two_identical_forms_at_once_are_one_decision(team: Visitor, store: Store, round: str) -> None:
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: team.post(f"/rounds/{round}/decide", data=HOLD), range(2)))
    assert decided(store, round) == ["D1"]
    ends = sorted(led_to(answer).partition("?")[2] for answer in answers)
    assert ends == ["done=decided", "done=decided-once"]
    assert "It is taken once: nothing more was changed." in team.page(f"/rounds/{round}/board?done=decided-once")


def test_a_form_of_before_ones_own_decision_is_shown_anew(team: Visitor, store: Store, round: str) -> None:
    led_to(team.post(f"/rounds/{round}/decide", data=HOLD))
    page = text_of(team.post(f"/rounds/{round}/decide", data=HOLD | {"places": "2"}), 412)
    assert "You decided something since this page was shown." in page
    assert "LM decided: places held: O1" in page
    assert decided(store, round) == ["D1"]
    # from the page that is shown then, it is another decision, and taken
    led_to(team.post(f"/rounds/{round}/decide", data=HOLD | {"places": "2", "seen": "2", "decided": "1"}))
    assert decided(store, round) == ["D1", "D2"]


def test_the_same_decision_of_somebody_else_is_not_taken_for_ones_own(team: Visitor, store: Store, round: str) -> None:
    with Visitor(store, rounds=(round,)) as other:
        led_to(other.post(f"/rounds/{round}/decide", data=HOLD))
    page = text_of(team.post(f"/rounds/{round}/decide", data=HOLD), 412)
    assert "Somebody else was first." in page
    assert "LM decided: places held: O1" in page
    assert decided(store, round) == ["D1"]


def test_a_page_of_a_round_is_never_kept_by_a_browser(team: Visitor, round: str) -> None:
    for path in ("board", "decide?decision=hold&offer=O1", "decisions"):
        assert team.get(f"/rounds/{round}/{path}").headers["cache-control"] == "no-store", path
