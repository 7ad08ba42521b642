"""The pages of scenarios: what is asked, what was answered, stopped, shared; each by the routes of the API."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from api.jobs.asked import library
from api.serving.app import create_app
from api.settings import Settings
from api.store import runs
from api.store.opening import Store, open_store
from api.store.rounds import add_dataset
from api.store.tables import Round, Run
from tests.api.people import a_round, a_token, an_account
from tests.api.sharing.partnership import an_answered_run

SHEETS = b"""{"Tranches": [{"tranche": "T1", "first_day": "2026-01-05"}],
"Students": [{"student": "S1", "programme": "MSW", "home": "CR0", "stage": "first"}],
"Offers": [{"offer": "O1", "agency": "Alder Trust", "team": "T", "place": "CR0", "areas": "children"}],
"Educators": [{"pe": "PE1", "employed_by": "Alder Trust", "qualification": "PEPS2"}]}"""
OWN = 'name = "mine"\nquestion = "Fewer places?"\n[[variants]]\nname = "half"\nedits = [{ edit = "scale", sheet = "Offers", percent = 50 }]\n'  # fmt: skip


class Asked(NamedTuple):
    """A service with a round that has data and an answered run, and its team."""

    client: TestClient
    store: Store
    round: str
    run: str

    @property
    def address(self) -> str:
        return f"/rounds/{self.round}/scenarios"

    def page(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(self.address + path)
        assert answer.status_code == status, answer.text
        return answer.text

    def key(self) -> str:
        found = re.search(r'name="key" value="(\w{32})"', self.page())
        assert found
        return found[1]

    def newest(self) -> Run:
        with self.store.reading() as session:
            found = runs.to_do(session)
            return found[-1]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('whatif')}/placements.db")
    round = a_round(store)
    team = an_account(store, "team", rounds=(round,))
    now = datetime.now(UTC) - timedelta(hours=1)
    with store.transaction() as session:
        add_dataset(
            session, round, data=SHEETS, filename="sheets.json", dataset_digest="d", counts={}, issues=(), by=team,
            now=now,
        )  # fmt: skip
    run = an_answered_run(store, round)
    headers = {"Authorization": f"Bearer {a_token(store, team)}"}
    app = create_app(Settings(requests_a_minute=100_000), store)
    with TestClient(app, follow_redirects=False, headers=headers) as client:
        yield Asked(client, store, round, run)
    store.close()


def test_the_library_lists_every_question_with_its_plans(asked: Asked) -> None:
    text = asked.page()
    questions = library("questions")
    assert len(questions) == 16
    for one in questions:
        assert f'value="{one.name}"' in text
    # All, half, none, and all qualified: four cases, each a plan.
    [trainees] = re.findall(r"question\?name=trainees.*?</li>", text, re.DOTALL)
    assert "4 plans" in trainees
    assert "not asked yet" in trainees
    # A case for each agency that offers, so how many depends on the data.
    [partner] = re.findall(r"question\?name=a-partner-leaves.*?</li>", text, re.DOTALL)
    assert "a plan for each agency of the sheet Offers" in partner


def test_an_answer_stands_with_its_table_and_says_of_which_data(asked: Asked) -> None:
    text = asked.page("/question?name=cut")
    assert "PE-ALDER has 3 fewer." in text
    assert "298 of 354 (84%)" in text
    assert "of the data in force" in text
    assert f'src="{asked.address}/chart?name=cut&amp;run={asked.run}"' not in text  # a chart of no series is none
    with asked.store.transaction() as session:
        session.get_one(Run, asked.run).created -= timedelta(hours=2)  # the workbook came after it
    assert "of before the last change" in asked.page("/question?name=cut")
    with asked.store.transaction() as session:
        session.get_one(Run, asked.run).created += timedelta(hours=2)


def test_a_question_that_nobody_asked_says_why_it_would_be(asked: Asked) -> None:
    text = asked.page("/question?name=trainees")
    assert "Annual progress report 2021-22" in text
    assert "Not asked yet of this round." in text
    assert "no such question" in asked.page("/question?name=nothing", 404)
    assert "no such chart" in asked.page(f"/chart?name=nothing&run={asked.run}", 404)


def test_asking_makes_a_run_once(asked: Asked) -> None:
    form = {"what": "chosen", "only": ["trainees", "posts"], "key": asked.key()}
    before = len(_to_do(asked))
    for _ in range(2):  # the button pressed twice
        answer = asked.client.post(asked.address, data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{asked.address}?done=asked")
    assert len(_to_do(asked)) == before + 1
    run = asked.newest()
    assert (run.kind, run.settings["only"], run.round) == ("scenarios", ["trainees", "posts"], asked.round)
    text = asked.page()
    assert "2 questions are being answered" in text
    assert text.count('<span class="tag">being answered</span>') == 2
    stopped = asked.client.post(f"{asked.address}/stop", data={"run": run.id})
    assert stopped.headers["location"] == f"{asked.address}?done=stop-asked"
    assert "stopped before its end" in asked.page()


def test_a_file_of_ones_own_is_asked_or_refused_with_its_line(asked: Asked) -> None:
    def send(name: str, content: bytes) -> tuple[int, str]:
        files = {"files": (name, content, "application/toml")}
        answer = asked.client.post(asked.address, data={"what": "own", "key": asked.key()}, files=files)
        return answer.status_code, answer.text

    before = len(_to_do(asked))
    status, text = send("mine.toml", OWN.replace("scale", "scael").encode())
    assert status == 422
    assert "Nothing was asked" in text
    assert "mine.toml, line 5" in text
    assert send("mine.toml", b"name = \xff")[0] == 422
    assert send("mine.txt", OWN.encode())[0] == 422
    assert len(_to_do(asked)) == before
    assert send("mine.toml", OWN.encode())[0] == 303
    assert asked.newest().settings["files"] == {"mine.toml": OWN}
    asked.client.post(f"{asked.address}/stop", data={"run": asked.newest().id})


@pytest.mark.parametrize("form", [{"what": "chosen"}, {"what": "own"}])
def test_asking_nothing_is_refused_beside_the_form(asked: Asked, form: dict[str, str]) -> None:
    answer = asked.client.post(asked.address, data=form | {"key": asked.key()})
    assert answer.status_code == 422
    assert "Nothing was asked" in answer.text


def test_an_answer_is_shared_and_taken_back(asked: Asked) -> None:
    for view, done, words in (
        ("on", "answers-shared", "Take it back"), ("off", "answers-not-shared", "Share with the Alliance"),
    ):  # fmt: skip
        answer = asked.client.post(f"{asked.address}/share", data={"run": asked.run, "back": "cut", "view": view})
        assert answer.headers["location"] == f"{asked.address}/question?name=cut&run={asked.run}&done={done}"
        assert words in asked.page(f"/question?name=cut&run={asked.run}")
        with asked.store.reading() as session:
            assert (session.get_one(Run, asked.run).shared is not None) is (view == "on")


def test_a_run_of_another_round_is_not_found(asked: Asked) -> None:
    with asked.store.transaction() as session:
        other = Round(id="f" * 32, name="Other", tranches=["T1"], version=1, created=datetime.now(UTC), touched=datetime.now(UTC))  # fmt: skip
        session.add(other)
    elsewhere = an_answered_run(asked.store, "f" * 32)
    for path in ("stop", "share"):
        assert asked.client.post(f"{asked.address}/{path}", data={"run": elsewhere}).status_code == 404
    assert asked.client.get(f"{asked.address}/question?name=cut&run={elsewhere}").status_code == 404


def _to_do(asked: Asked) -> tuple[Run, ...]:
    with asked.store.reading() as session:
        return runs.to_do(session)
