"""The pages of the Alliance: sixteen questions, aggregates; and in none of them whom it must not see."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from api.jobs.asked import library
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from tests.api.people import a_round, a_token, an_account
from tests.api.sharing.partnership import HIDDEN, a_run, an_answered_run
from tests.api.sharing.test_responses import PEOPLE


class Seen(NamedTuple):
    """A service with two rounds of the Alliance and one that is none of its; what is shared, by name."""

    client: TestClient
    store: Store
    rounds: dict[str, str]
    runs: dict[str, str]
    team: dict[str, str]

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def share(self, *names: str) -> None:
        """Let these runs be shared, in this order, and no others."""
        for run in self.runs.values():
            assert self.client.delete(f"/v1/runs/{run}/shared", headers=self.team).is_success
        for name in names:
            assert self.client.put(f"/v1/runs/{self.runs[name]}/shared", headers=self.team).is_success


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('alliance')}/placements.db")
    rounds = {name: a_round(store, name) for name in ("May", "January & June", "OTHERROUND")}
    team = an_account(store, "team", rounds=tuple(rounds.values()))
    alliance = an_account(store, "alliance", login="watcher", rounds=(rounds["May"], rounds["January & June"]))
    runs = {
        "plan": a_run(store, rounds["May"]), "later": a_run(store, rounds["May"]),
        "cut": an_answered_run(store, rounds["May"]),
        "trainees": an_answered_run(store, rounds["January & June"], scenario="trainees"),
        "kept": an_answered_run(store, rounds["May"], scenario="posts"),
        "elsewhere": an_answered_run(store, rounds["OTHERROUND"], scenario="causes"),
    }  # fmt: skip
    headers = {name: {"Authorization": f"Bearer {a_token(store, who)}"} for name, who in (("t", team), ("a", alliance))}
    app = create_app(Settings(requests_a_minute=100_000), store)
    with TestClient(app, follow_redirects=False, headers=headers["a"]) as client:
        yield Seen(client, store, rounds, runs, headers["t"])
    store.close()


def crawled(seen: Seen) -> dict[str, str]:
    """Every page that links lead the Alliance to, and all that they load, by address."""
    found: dict[str, str] = {}
    left = ["/", "/alliance"]
    while left:
        path = left.pop()
        if path in found:
            continue
        answer = seen.client.get(path)
        found[path] = f"{answer.headers}\n{answer.text}"
        assert answer.status_code in (200, 303), (path, answer.text)
        links = [*re.findall(r'(?:href|src)="([^"#]+)', answer.text), answer.headers.get("location", "")]
        left += [link for link in map(unescape, links) if link.startswith("/")]
    return found


def test_before_anything_is_shared_sixteen_questions_say_why_they_are_asked(seen: Seen) -> None:
    seen.share()
    text = seen.page("/alliance")
    assert text.count("not answered yet</span>") == len(library("questions")) == 16
    assert "No team has shared an answer with you yet" in text
    assert "Annual progress report 2021-22" in unescape(text)
    assert "No team has shared a plan with you" in seen.page("/alliance/numbers")


def test_an_answer_that_is_shared_stands_in_its_place(seen: Seen) -> None:
    seen.share("trainees")
    text = seen.page("/alliance")
    assert text.count("not answered yet</span>") == 15
    assert "<strong>January &amp; June</strong>" in text
    table = re.sub(r"<[^>]+>|\s+", " ", text[text.index("<tbody>") : text.index("</tbody>")])
    # 300 of 354 is 300 of 350 when rounded, which is 86%; 7 moved are withheld.
    assert re.sub(r" +", " ", table).strip() == "as it is 300 of 350 (86%) 0 withheld 300 of 350 (86%) withheld"
    assert text.count("number is from 1 to 9") == 1
    # Percents are bars of their own: 86 of 100 long. Of 0 and "withheld" there is nothing to draw.
    assert re.findall(r'class="part" width="([\d.]+)"', text) == ["85.7", "85.7"]
    seen.share()
    assert seen.page("/alliance").count("not answered yet</span>") == 16


def test_rounds_are_chosen(seen: Seen) -> None:
    seen.share("trainees", "cut")  # the last of them is what is shown first
    assert "<strong>May</strong>" in seen.page("/alliance")
    assert 'href="/alliance?round=January%20%26%20June"' in seen.page("/alliance")
    assert "<strong>January &amp; June</strong>" in seen.page("/alliance?round=January%20%26%20June")
    assert "<strong>May</strong>" in seen.page("/alliance?round=OTHERROUND")  # as if there were none


def test_no_page_tells_of_anybody(seen: Seen) -> None:
    seen.share("plan", "cut", "trainees", "elsewhere")
    pages = crawled(seen)
    assert {"/alliance", "/alliance/numbers?round=May", "/account"} <= pages.keys()
    assert "Students due a final" in pages["/alliance/numbers?round=May"]
    hidden = [word for kind, words in HIDDEN.items() if kind != "other agency" for word in words]
    others = ("OTHERROUND", *(seen.runs[name] for name in ("kept", "elsewhere")), *seen.rounds.values())
    for path, text in pages.items():
        for word in (*hidden, *PEOPLE, *others):
            assert word not in text, f"{path}: {word}"


def test_no_page_has_a_number_under_ten(seen: Seen) -> None:
    """Of a partnership of four students nothing is left but nobody; of an answer nothing from 1 to 9."""
    seen.share("plan", "cut", "trainees")
    cells = 0
    for path in crawled(seen):
        for cell in re.findall(r'<td class="number">(.*?)</td>', seen.client.get(path).text, re.DOTALL):
            cells += 1
            words = re.sub(r"<[^>]+>", " ", cell)
            assert not [n for n in re.findall(r"(?<![\d.])\d+(?![\d.%])", words) if 0 < int(n) < 10], f"{path}: {words}"
            assert ("withheld" in words) <= ("<svg" not in cell)  # no bar says what its words do not
    assert cells > 20


def test_beside_an_earlier_plan_the_numbers_are_said_to_be_rounded(seen: Seen) -> None:
    seen.share("plan")
    assert "The other numbers are exact." in seen.page("/alliance/numbers?round=May")
    seen.share()
    assert "No team has shared a plan" in seen.page("/alliance/numbers?round=May")
    seen.share("later")
    assert "rounded to 10s" in seen.page("/alliance/numbers?round=May")
