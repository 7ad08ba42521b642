"""The pages of a planned round: tables, an agency, a PE, the map, letters; and what a projector shows of them."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook
from sqlalchemy import select

from api.pages.visiting import MEETING
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from api.store.tables import AuditEntry
from tests.api.people import a_round, bearer
from tests.api.sharing.partnership import HIDDEN, MINE, OTHER, a_run

TABLES = ("students", "not-placed", "places", "agencies", "educators", "chase", "calendar")
PRIVATE = [
    word
    for kind in ("district", "minutes", "preferences", "waiting", "notes", "needs not shared", "who lost out")
    for word in HIDDEN[kind]
]
"""What nobody but the team may see of a student."""


class Team:
    """A member of the team, and a round with the plan of two agencies: three students are placed, S-NOWHERE is not."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store = client, store
        round = a_round(store)
        self.run = a_run(store, round)
        client.headers.update(bearer(store, "team", rounds=(round,)))
        self.path = f"/rounds/{round}"

    def get(self, path: str, *, meeting: bool = False, status: int = 200) -> str:
        return self.answer(path, meeting=meeting, status=status).text

    def answer(self, path: str, *, meeting: bool = False, status: int = 200) -> Response:
        cookie = {"Cookie": f"{MEETING}=on"} if meeting else {}
        answer = self.client.get(self.path + path, headers=cookie)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('papers')}/placements.db")
    with TestClient(create_app(Settings(requests_a_minute=100_000), store)) as client:
        yield Team(client, store)
    store.close()


def rows_of(page: str) -> list[str]:
    """The first cell of every row of a table, as text."""
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>', page)]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_a_page_and_two_files(team: Team, name: str) -> None:
    page = team.get(f"/{name}")
    assert f'href="{team.path}/tables/{name}.csv' in page or name == "calendar"  # the data have no calendar
    lines = list(csv.reader(io.StringIO(team.answer(f"/tables/{name}.csv").content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(team.answer(f"/tables/{name}.xlsx").content)).active
    assert sheet is not None
    if name not in ("calendar", "not-placed"):
        assert rows_of(page) == [line[0] for line in lines[1:]]
    assert lines[0][0] in [cell.value for cell in sheet[4]]  # headings stand below title, note and groups


def test_what_is_shown_is_what_is_taken_away(team: Team) -> None:
    asked = "?Agency=Alder+Trust&sort=Request&show=Team"
    assert rows_of(team.get(f"/students{asked}")) == ["S-ALDER2/first", "S-ALDER/first"]
    content = team.answer(f"/tables/students.csv{asked}").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content))) == [
        ["Request", "Result", "Team"], ["S-ALDER2/first", "firm", "AlderTeam"], ["S-ALDER/first", "firm", "AlderTeam"],
    ]  # fmt: skip
    page = team.get("/students?sort=Request")
    assert page.count('aria-sort="ascending"') == 1
    assert "There is no such file" in team.get("/tables/secrets.csv", status=404)


def test_who_is_not_placed_stands_on_a_card_with_the_reason(team: Team) -> None:
    page = team.get("/not-placed")
    assert f'<a href="{team.path}/request?id=S-NOWHERE%2Ffirst">S-NOWHERE/first</a>' in page
    assert page.count('class="case"') == 1
    assert "No request is like that" in team.get("/not-placed?text=nobody")


def test_an_agency_has_all_that_is_about_it_and_nothing_of_another(team: Team) -> None:
    page = team.get(f"/agency?id={MINE}")
    assert {"O-ALDER", "S-ALDER/first", "S-ALDER2/first", "PE-ALDER"} <= set(rows_of(page))
    assert not {"O-BIRCH", "S-BIRCH/first", "PE-BIRCH"} & set(rows_of(page))
    assert "2</strong> of 3 places used" in page
    assert f'href="/v1/runs/{team.run}/files/agencies/Alder%20Trust.xlsx"' in page
    assert team.client.get(f"/v1/runs/{team.run}/files/agencies/Alder%20Trust.xlsx").status_code == 200
    assert f"{team.path}/decide?decision=agency_decision&amp;agency=Alder%20Trust" in page
    assert "no agency that is called &#39;Elm&#39;" in team.get("/agency?id=Elm", status=404)


def test_a_pe_has_all_that_is_about_them(team: Team) -> None:
    page = team.get("/educator?id=PE-ALDER")
    assert {"S-ALDER/first", "S-ALDER2/first"} <= set(rows_of(page))
    assert page.count('<rect class="firm"') == 2  # two students, no commitment of their own
    assert "no PE &#39;E9&#39;" in team.get("/educator?id=E9", status=404)


def test_the_map_says_what_it_cannot_draw(team: Team) -> None:
    page = team.get("/map")
    assert "no coordinates" in page
    assert '<svg class="picture"' not in page
    # HOME1 is that of both of Alder's students.
    assert '<tr><th scope="row">HOME1</th><td class="number">2</td><td class="number">0</td></tr>' in page
    assert "HOME2" not in team.get(f"/map?agency={MINE}")


def test_letters_are_of_one_agency_or_student_or_of_all(team: Team) -> None:
    page = team.get("/letters")
    assert {"S-ALDER", "S-ALDER2", "S-BIRCH", MINE, OTHER} <= set(rows_of(page))
    one = team.get(f"/letters/agency?id={MINE}")
    assert one.count('class="letter"') == 1
    assert "We plan 2 students with you" in one
    assert "large print" in one
    for kind in ("district", "minutes", "preferences", "notes", "needs not shared", "other agency", "other students"):
        assert not [word for word in HIDDEN[kind] if word in one], kind
    assert team.get("/letters/agency").count('class="letter"') == 2
    assert team.get("/letters/student").count('class="letter"') == 3
    assert "AlderTeam" in team.get("/letters/student?id=S-ALDER")
    assert "gets no letter" in team.get("/letters/student?id=S-NOWHERE", status=404)
    content = team.answer("/letters/students.csv").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(content))] == ["Student", "S-ALDER", "S-ALDER2", "S-BIRCH"]
    assert load_workbook(io.BytesIO(team.answer("/letters/agencies.xlsx").content)).sheetnames == ["Agencies"]
    assert "There is no such file" in team.get("/letters/secrets.csv", status=404)


def test_downloads_are_in_the_audit(team: Team) -> None:
    team.answer("/tables/places.csv")
    with team.store.reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == "file_downloaded")).all()
        assert any("places.csv" in str(entry.details) for entry in found)


@pytest.mark.parametrize(
    "path", [*(f"/{name}" for name in TABLES), f"/agency?id={MINE}", "/educator?id=PE-ALDER", "/publish"]
)
def test_a_projector_shows_nothing_private(team: Team, path: str) -> None:
    page = team.get(path, meeting=True)
    assert not [word for word in PRIVATE if word in page]


@pytest.mark.parametrize("name", TABLES)
def test_what_is_taken_away_in_a_meeting_is_not_private_either(team: Team, name: str) -> None:
    content = team.answer(f"/tables/{name}.csv", meeting=True).content.decode("utf-8-sig")
    assert not [word for word in PRIVATE if word in content]


@pytest.mark.parametrize("path", ["/map", "/letters", "/letters/agency", "/letters/student", "/letters/students.csv"])
def test_pages_of_the_team_alone_are_refused_on_a_projector(team: Team, path: str) -> None:
    page = team.get(path, meeting=True, status=403)
    assert "not shown in the meeting view" in page
    assert not [word for word in PRIVATE if word in page]
