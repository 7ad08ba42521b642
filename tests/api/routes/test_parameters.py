"""Parameters of an address: what would not be read as it was meant is refused."""

import pytest

from api.store.opening import Store
from tests.api.conftest import ClientAs
from tests.api.people import a_round
from tests.api.routes.helping import refused
from tests.api.store.making import kept_run


@pytest.mark.parametrize("number", ["1_0", "+5", " 5", "5 ", "05", "5.0", "0x5", "", "five"])
def test_a_number_is_written_with_digits_alone(client_as: ClientAs, number: str) -> None:
    # Python takes 1_0 for 10, and ' 5' and 5.0 for 5: whoever wrote that meant something else.
    answer = client_as("admin").get("/v1/accounts", params={"limit": number})
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert (issue["subject"], "digits alone" in issue["message"]) == ("query.limit", True)


def test_a_number_out_of_its_range(client_as: ClientAs) -> None:
    for number in ("-1", "0", "201"):
        assert client_as("admin").get("/v1/accounts", params={"limit": number}).status_code == 422
    assert client_as("admin").get("/v1/accounts", params={"limit": "200"}).status_code == 200


def test_a_parameter_stands_once(client_as: ClientAs) -> None:
    said = refused(client_as("admin").get("/v1/accounts?limit=100&limit=6&other=1&other=2"))
    assert said == (
        "There is no parameter 'other' here. Allowed: cursor, limit. 'limit' stands there twice: send it once."
    )


def test_numbers_in_paths_and_headers(client_as: ClientAs, store: Store) -> None:
    round = a_round(store)
    with store.transaction() as session:
        run = kept_run(session, round=round, source=b"waits").id
    team = client_as("team", rounds=(round,))
    assert team.get(f"/v1/rounds/{round}/datasets/1_0").status_code == 422
    assert team.get(f"/v1/rounds/{round}/datasets/10").status_code == 404
    assert team.get(f"/v1/runs/{run}/events", headers={"Last-Event-ID": "1_0"}).status_code == 422
