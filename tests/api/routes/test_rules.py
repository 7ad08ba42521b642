from models.catalogue import RULES
from tests.api.conftest import ClientAs


def test_every_rule_of_the_catalogue(client_as: ClientAs) -> None:
    answer = client_as("alliance").get("/v1/rules")
    assert answer.status_code == 200
    assert [rule["id"] for rule in answer.json()] == [rule.id for rule in RULES]


def test_nobody_is_asked_to_sign_in(client_as: ClientAs) -> None:
    answer = client_as(None).get("/v1/rules")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "sign_in_needed"
