"""Rules, settings and demonstrations: what the library says, to whom it may be said."""

import pytest

from allocator.demonstrations import demonstrations
from allocator.settling import policy_keys
from models.catalogue import RULES
from models.policy import Policy
from tests.api.conftest import ClientAs
from tests.api.routes.helping import refused


def test_every_rule_of_the_catalogue(client_as: ClientAs) -> None:
    answer = client_as("alliance").get("/v1/rules")
    assert [rule["id"] for rule in answer.json()] == [rule.id for rule in RULES]
    assert answer.json()[0]["statement"] == Policy().stated(RULES[0])


def test_one_rule(client_as: ClientAs) -> None:
    assert client_as("agency").get("/v1/rules/e04").json()["id"] == "E04"
    assert "E01, E02" in refused(client_as("agency").get("/v1/rules/E99"), 404)


def test_every_setting(client_as: ClientAs) -> None:
    found = client_as("agency").get("/v1/policy").json()
    assert [key["key"] for key in found] == [key.key for key in policy_keys()]
    assert set(found[0]) == {"key", "default", "unit", "range", "rule", "meaning"}


@pytest.mark.parametrize("path", ["/v1/rules", "/v1/policy", "/v1/demonstrations", "/v1/runs"])
def test_nobody_is_asked_to_sign_in(client_as: ClientAs, path: str) -> None:
    answer = client_as(None).get(path)
    refused(answer, 401)
    assert answer.json()["code"] == "sign_in_needed"


def test_demonstrations_are_listed_and_run(client_as: ClientAs) -> None:
    team = client_as("team")
    assert [one["name"] for one in team.get("/v1/demonstrations").json()] == list(demonstrations())
    answer = team.post("/v1/demonstrations/developing-together/runs", json={"limits": {"work": 1}})
    assert answer.status_code == 202, answer.text
    seen = team.get(answer.headers["location"]).json()
    assert (seen["filename"], seen["limits"]["work"]) == ("developing-together.xlsx", 1)
    assert team.post("/v1/demonstrations/developing-together/runs").status_code == 202
    assert "developing-together" in refused(team.post("/v1/demonstrations/x/runs"), 404)
