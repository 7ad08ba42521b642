"""An administrator's pages: people, audit, retention; and everybody's own account."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from api.access import accounts
from api.store.moments import utc_now
from api.store.opening import Store
from api.store.tables import Round
from tests.api.pages.browsing import Visitor, led_to, text_of
from tests.api.people import a_round, a_token


@pytest.fixture
def admin(store: Store) -> Iterator[Visitor]:
    with Visitor(store, "admin") as visitor:
        yield visitor


def made(admin: Visitor, **fields: str) -> tuple[str, str]:
    """The link of an account that was made, and the address of its page."""
    answer = admin.post("/people", data={"login": "ann", "role": "team"} | fields)
    assert answer.status_code == 201, answer.text
    link = re.search(r'id="link"[^>]* value="([^"]*)"', answer.text)
    page = re.search(r'href="(/people/[0-9a-f]{32})">ann<', answer.text)
    assert link
    assert page
    return link[1], page[1]


def test_an_account_is_made_with_a_link_that_is_shown_once(admin: Visitor, store: Store) -> None:
    round = a_round(store)
    link, page = made(admin, rounds=round)
    assert link.startswith("http://testserver/invitation/")
    assert link not in admin.get("/people").text
    assert admin.get(link.removeprefix("http://testserver")).status_code == 200
    assert "no password set yet" in admin.page(page)
    with store.reading() as session:
        account = accounts.by_login(session, "ann")
        assert account is not None
        assert accounts.rounds_of(session, account) == (round,)


def test_an_admin_alone_is_told_to_make_an_account_of_a_team(admin: Visitor) -> None:
    assert "Nobody works on rounds yet" in admin.page("/people")
    made(admin)
    assert "Nobody works on rounds yet" not in admin.page("/people")


def test_what_is_refused_stays_typed(admin: Visitor) -> None:
    answer = admin.post("/people", data={"login": "bob", "role": "agency", "agency": ""})
    assert "Somebody of an agency speaks for one" in text_of(answer, 422)
    assert 'value="bob"' in answer.text
    assert '<option value="agency" selected>' in answer.text
    made(admin)
    assert "There is an account of this login" in text_of(admin.post("/people", data={"login": "ann"}), 409)


def test_role_and_rounds_are_changed(admin: Visitor, store: Store) -> None:
    round, (_, page) = a_round(store), made(admin)
    led_to(admin.post(page, data={"role": "agency", "agency": "A1", "rounds": round}))
    assert re.search(r'name="rounds" value="\w+" checked', admin.get(page).text)
    assert 'value="A1"' in admin.get(page).text
    led_to(admin.post(page, data={"role": "alliance", "agency": ""}))
    assert " checked" not in admin.get(page).text
    assert "Only the role agency" in text_of(admin.post(page, data={"role": "team", "agency": "A1"}), 422)


def test_an_account_is_disabled_and_its_links_end(admin: Visitor) -> None:
    link, page = made(admin)
    led_to(admin.post(f"{page}/disabled", data={"disabled": "true"}))
    assert "Nobody can sign in to it" in admin.page(page)
    assert admin.get(link.removeprefix("http://testserver")).status_code == 404
    assert "Enable it first" in text_of(admin.post(f"{page}/invitation"), 409)
    led_to(admin.post(f"{page}/disabled", data={"disabled": "false"}))
    assert "Earlier links have ended" in text_of(admin.post(f"{page}/invitation"))


def test_nobody_disables_the_last_admin(admin: Visitor) -> None:
    answer = admin.post(f"/people/{admin.account}/disabled", data={"disabled": "true"})
    assert "Make another admin first" in text_of(answer, 409)


def test_a_token_of_an_account_is_revoked(admin: Visitor, store: Store) -> None:
    _, page = made(admin)
    a_token(store, page.rpartition("/")[2])
    token = re.search(r'name="token" value="(\w+)"', admin.get(page).text)
    assert token
    led_to(admin.post(f"{page}/tokens/revoke", data={"token": token[1]}))
    assert "Tokens of its programs None." in admin.page(page)


def test_the_audit_is_sought_by_who_and_what(admin: Visitor) -> None:
    _, page = made(admin)
    led_to(admin.post(page, data={"role": "alliance"}))
    whole = admin.page("/audit")
    for words in ("account created", "account invited", "account changed"):
        assert words in whole
    invited = admin.get("/audit?action=account_invited")
    assert "account invited</td><td>ann<" in invited.text
    assert "account changed</td>" not in invited.text
    assert "No entry of this kind" in admin.page("/audit?who=nobody")
    assert "account changed" in admin.page(f"/audit?about={page.rpartition('/')[2]}")


def test_what_will_be_deleted_is_announced(admin: Visitor, store: Store) -> None:
    assert "Nothing is announced" in admin.page("/retention")
    round = a_round(store, "Old round")
    with store.transaction() as session:
        session.get_one(Round, round).announced = utc_now() - timedelta(days=1)
    assert "Round Old round" in admin.page("/retention")
    with Visitor(store, rounds=(round,)) as team, Visitor(store) as other:
        assert "Old round" in team.page("/retention")
        assert "Old round" not in other.page("/retention")


def test_a_token_of_ones_own_is_shown_once_and_revoked(store: Store) -> None:
    with Visitor(store, "alliance") as somebody:
        assert "days" in text_of(somebody.post("/account/tokens", data={"name": "mine", "days": "many"}), 422)
        answer = somebody.post("/account/tokens", data={"name": "mine", "days": "30"})
        words = re.search(r'id="words"[^>]* value="([^"]*)"', answer.text)
        assert words
        key = {"Authorization": f"Bearer {words[1]}"}
        page = somebody.get("/account", headers=key)
        assert page.status_code == 200
        assert words[1] not in page.text
        tokens = re.findall(r'name="token" value="(\w+)"', page.text)
        assert len(tokens) == 2  # that by which the page was asked for first, and this one
        led_to(somebody.post("/account/tokens/revoke", data={"token": tokens[1]}))
        assert somebody.get("/v1/me", headers=key).status_code == 401
        assert "no such token" in text_of(somebody.post("/account/tokens/revoke", data={"token": "0" * 32}), 404)
