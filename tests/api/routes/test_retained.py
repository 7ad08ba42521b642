"""``/v1/retention``: what will be deleted, for the team and for an administrator."""

import pytest

from api.client import Placements
from api.settings import Settings
from api.store.opening import Store
from api.store.retention import carry_out
from tests.api.conftest import ClientAs
from tests.api.store.making import after, kept_round, kept_run

DAYS = {"retention_days": 30, "announce_days": 7}


@pytest.fixture
def runs(store: Store) -> dict[str, str]:
    """Two rounds, and a run of no round by each of two people; announced, but for a round that was changed since."""
    with store.transaction() as session:
        kept_round(session, "1" * 32, name="Spring")
        kept_round(session, "2" * 32, name="Autumn")
        kept_round(session, "3" * 32, name="Kept")
        made = {by: kept_run(session, by=by).id for by in ("team1", "other")}
    carry_out(store, Settings(**DAYS), after(days=23))
    with store.transaction() as session:
        kept_run(session, round="3" * 32, now=after(days=24))
    return made


def test_a_team_sees_its_own(client_as: ClientAs, runs: dict[str, str]) -> None:
    said = client_as("team", rounds=("1" * 32, "3" * 32), **DAYS).get("/v1/retention").json()
    on, announced = after(days=30).isoformat(), after(days=23).isoformat()
    day = {"announced": announced.replace("+00:00", "Z"), "on": on.replace("+00:00", "Z")}
    coming = [
        {"kind": "round", "id": "1" * 32, "name": "Spring"} | day,
        {"kind": "run", "id": runs["team1"], "name": "w.xlsx"} | day,
    ]
    assert said == DAYS | {"coming": sorted(coming, key=lambda one: one["id"])}


def test_an_administrator_sees_everybodys_without_names_of_files(client_as: ClientAs, runs: dict[str, str]) -> None:
    said = client_as("admin", **DAYS).get("/v1/retention").json()["coming"]
    assert {one["id"]: one["name"] for one in said} == {
        "1" * 32: "Spring", "2" * 32: "Autumn", runs["team1"]: None, runs["other"]: None,
    }  # fmt: skip


def test_the_client_shows_it(client_as: ClientAs, runs: dict[str, str]) -> None:
    client = client_as("admin", **DAYS)
    with Placements("http://testserver", "t", client._transport) as service:
        assert len(service.retention().coming) == 4
