"""Accounts over the API: an admin makes, changes, invites and disables; everybody has tokens of their own."""

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store
from api.store.tables import AuditEntry
from tests.api.people import a_round, a_token, an_account, bearer

NOBODY = "0" * 32


@pytest.fixture
def client(store: Store) -> TestClient:
    return TestClient(create_app(Settings(), store))


@pytest.fixture
def admin(store: Store) -> dict[str, str]:
    return bearer(store, "admin")


def test_make_change_invite(client: TestClient, admin: dict[str, str], store: Store) -> None:
    round = a_round(store)
    answer = client.post("/v1/accounts", json={"login": "Jo@Example.org", "role": "agency", "agency": "A1", "rounds": [round]}, headers=admin)  # fmt: skip
    assert answer.status_code == 201
    made = answer.json()
    assert (made["login"], made["agency"], made["rounds"], made["has_password"]) == ("jo@example.org", "A1", [round], False)  # fmt: skip
    where = f"/v1/accounts/{made['id']}"
    assert client.get(where, headers=admin).json() == made
    link = client.post(f"{where}/invitation", headers=admin).json()["link"]
    assert link.startswith("http://testserver/invitation/placements_")
    changed = client.patch(where, json={"role": "team"}, headers=admin).json()
    assert (changed["role"], changed["agency"], changed["rounds"]) == ("team", None, [round])
    assert client.patch(where, json={"disabled": True, "rounds": []}, headers=admin).json()["rounds"] == []
    assert client.post(f"{where}/invitation", headers=admin).status_code == 409


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"login": "a b", "role": "team"}, 422),
        ({"login": " ", "role": "team"}, 422),
        ({"login": "x\u0000", "role": "team"}, 422),
        ({"login": "x", "role": "king"}, 422),
        ({"login": "x", "role": "agency"}, 422),
        ({"login": "x", "role": "team", "agency": "A1"}, 422),
        ({"login": "x", "role": "team", "rounds": [NOBODY]}, 422),
        ({"login": "x", "role": "team", "rounds": ["'; drop"]}, 422),
        ({"login": "x", "role": "team", "password": "y"}, 422),
        ({"login": "TAKEN", "role": "team"}, 409),
    ],
)
def test_what_cannot_be_made(client: TestClient, admin: dict[str, str], store: Store, wanted: dict[str, object], status: int) -> None:  # fmt: skip
    an_account(store, "team", login="taken")
    assert client.post("/v1/accounts", json=wanted, headers=admin).status_code == status


def test_the_last_admin_stays(client: TestClient, store: Store) -> None:
    account = an_account(store, "admin")
    headers = {"Authorization": f"Bearer {a_token(store, account)}"}
    for change in ({"disabled": True}, {"role": "team"}):
        answer = client.patch(f"/v1/accounts/{account}", json=change, headers=headers)
        assert answer.status_code == 409
        assert "Make another admin first" in answer.json()["detail"]
    an_account(store, "admin")
    assert client.patch(f"/v1/accounts/{account}", json={"role": "team"}, headers=headers).status_code == 200
    assert client.get("/v1/accounts", headers=headers).status_code == 403


def test_accounts_in_pages(client: TestClient, admin: dict[str, str], store: Store) -> None:
    for n in range(3):
        an_account(store, "team", login=f"z{n}")
    first = client.get("/v1/accounts?limit=2", headers=admin).json()
    rest = client.get("/v1/accounts", params={"limit": 2, "cursor": first["next"]}, headers=admin).json()
    logins = [a["login"] for a in (*first["items"], *rest["items"])]
    assert logins[1:] == ["z0", "z1", "z2"]
    assert rest["next"] is None


def test_tokens_of_ones_own(client: TestClient, store: Store) -> None:
    mine, other = bearer(store, "team"), bearer(store, "team")
    made = client.post("/v1/tokens", json={"name": "nightly", "days": 1}, headers=mine).json()
    fresh = {"Authorization": f"Bearer {made['words']}"}
    assert client.get("/v1/me", headers=fresh).json()["account"] == client.get("/v1/me", headers=mine).json()["account"]
    where = f"/v1/tokens/{made['token']['id']}"
    assert client.delete(where, headers=other).status_code == 404
    assert [t["name"] for t in client.get("/v1/tokens", headers=mine).json()] == ["tests", "nightly"]
    assert client.delete(where, headers=mine).status_code == 204
    assert client.delete(where, headers=mine).status_code == 404
    assert client.get("/v1/me", headers=fresh).status_code == 401


def test_an_admin_revokes_one_token_of_somebody(client: TestClient, admin: dict[str, str], store: Store) -> None:
    account, other = an_account(store, "team"), an_account(store, "team")
    kept, stolen = ({"Authorization": f"Bearer {a_token(store, account)}"} for _ in range(2))
    first, second = client.get(f"/v1/accounts/{account}/tokens", headers=admin).json()
    assert set(first) == {"id", "name", "created", "expires", "used"}  # never its words
    assert client.delete(f"/v1/accounts/{other}/tokens/{second['id']}", headers=admin).status_code == 404
    assert client.delete(f"/v1/accounts/{account}/tokens/{second['id']}", headers=admin).status_code == 204
    assert client.delete(f"/v1/accounts/{account}/tokens/{second['id']}", headers=admin).status_code == 404
    assert client.get("/v1/me", headers=stolen).status_code == 401
    assert client.get("/v1/me", headers=kept).status_code == 200
    assert [token["id"] for token in client.get(f"/v1/accounts/{account}/tokens", headers=admin).json()] == [
        first["id"]
    ]
    with store.reading() as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
    assert entry is not None
    assert (entry.action, entry.subject, entry.details) == ("token_revoked", account, {"token": second["id"]})


def test_an_admin_revokes_no_link_as_a_token(client: TestClient, admin: dict[str, str], store: Store) -> None:
    account = an_account(store, "team")
    path = client.post(f"/v1/accounts/{account}/invitation", headers=admin).json()["link"].removeprefix("http://testserver")  # fmt: skip
    assert client.get(f"/v1/accounts/{account}/tokens", headers=admin).json() == []
    link = path.removeprefix("/invitation/placements_").partition("_")[0]
    assert client.delete(f"/v1/accounts/{account}/tokens/{link}", headers=admin).status_code == 404


def test_an_account_has_not_too_many_tokens(client: TestClient, store: Store) -> None:
    account = an_account(store, "team")
    words = [a_token(store, account) for _ in range(50)]
    headers = {"Authorization": f"Bearer {words[0]}"}
    assert client.post("/v1/tokens", json={"name": "one more"}, headers=headers).status_code == 409


def test_the_audit_is_read_newest_first_without_details(client: TestClient, admin: dict[str, str], store: Store) -> None:  # fmt: skip
    account = an_account(store, "agency", agency="Secret agency")
    page = client.get("/v1/audit?limit=1", headers=admin).json()
    assert [(e["action"], e["subject"]) for e in page["items"]] == [("account_created", account)]
    assert "details" not in page["items"][0]
    before = client.get("/v1/audit", params={"before": page["next"]}, headers=admin).json()
    with store.reading() as session:
        assert len(before["items"]) == session.query(AuditEntry).count() - 1
    assert before["next"] is None


def test_an_admin_sees_who_is_a_member_and_nothing_of_the_round(client: TestClient, admin: dict[str, str], store: Store) -> None:  # fmt: skip
    first, empty = a_round(store, "May"), a_round(store, "June")
    one, two = sorted(an_account(store, "team", rounds=(first,)) for _ in range(2))
    found = {row["name"]: (row["round"], row["members"]) for row in client.get("/v1/members", headers=admin).json()}
    assert found == {"May": (first, [one, two]), "June": (empty, [])}
    assert client.get(f"/v1/rounds/{first}", headers=admin).status_code == 403


def test_nothing_but_a_truth_value_disables(client: TestClient, admin: dict[str, str], store: Store) -> None:
    # 0, "no" and "off" are no JSON for false: what somebody meant by them is not guessed.
    where = f"/v1/accounts/{an_account(store, 'team')}"
    for value in (0, 1, "no", "off", "true"):
        assert client.patch(where, json={"disabled": value}, headers=admin).status_code == 422, value
    for days in ("90", 90.5, True, None):
        assert client.post("/v1/tokens", json={"name": "a", "days": days}, headers=admin).status_code == 422, days
    # JSON has one kind of number: 90.0 is 90.
    assert client.post("/v1/tokens", json={"name": "a", "days": 90.0}, headers=admin).status_code == 201
