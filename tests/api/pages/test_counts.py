"""A number that is a link leads to exactly so many rows, whatever tranches, holds and filters there are."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import NamedTuple

import pytest

from api.store.opening import Store, open_store
from models.dataset import Dataset
from models.decisions import Decision
from models.run import Outcome
from tests import builders as b
from tests.api.pages.browsing import Visitor, text_of
from tests.api.pages.planned import a_planned_round
from tests.report.looking import match, outcome

LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
STEPS = re.compile(r'<nav class="steps".*?</nav>', re.DOTALL)
"""They are numbered, and count nothing."""
ROWS = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)


class Counted(NamedTuple):
    """A link that says a number."""

    words: str
    number: int
    path: str


def busy() -> Dataset:
    """Two tranches that are being decided and a later one; holds, a withdrawn place, a student whom an employer placed.

    Of T1 S1 is placed, S2 not, S3 found a place by an employer, the row of S4 is set aside; of T2 S5 is placed, S6 not;
    of T3, which comes later, S7 and S8 wait, and S9 has a place.
    """
    of = {"T1": ("S1", "S2", "S3", "S4"), "T2": ("S5", "S6"), "T3": ("S7", "S8", "S9")}
    changes = {"S3": {"found_by": "employer"}, "S4": {"set_aside": "V101"}}
    return b.dataset(
        tranches=(
            b.tranche("T1"), b.tranche("T2", first_day=date(2026, 2, 2)),
            b.tranche("T3", first_day=date(2026, 9, 7), status="later"),
        ),
        students=tuple(b.student(s) for names in of.values() for s in names),
        requests=tuple(
            b.request(f"{s}/first", tranche=t, **changes.get(s, {})) for t, names in of.items() for s in names
        ),
        agencies=(b.agency("A"), b.agency("B")),
        offers=(
            b.offer("O1", agency="A", tranche="T1", capacity=3), b.offer("O2", agency="B", tranche="T1", capacity=2),
            b.offer("O3", agency="B", tranche="T2", capacity=4), b.offer("O4", agency="A", tranche="T3", capacity=2),
            b.offer("O5", agency="A", tranche="T1", capacity=5, withdrawn=True),
        ),
        educators=(b.educator("E1", employed_by="A", load=9),),
        decisions=(Decision(decision="hold", id="D1", offer="O2", places=1),),
    )  # fmt: skip


def its_plan(dataset: Dataset) -> Outcome:
    placed = {"S1": "O1", "S5": "O3", "S9": "O4"}
    return outcome(dataset, *(match(f"{s}/first", o, None if s == "S5" else "E1") for s, o in placed.items()))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('counts')}/placements.db")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def round(store: Store) -> str:
    dataset = busy()
    return a_planned_round(store, dataset, its_plan(dataset))


@pytest.fixture(scope="module", params=[False, True], ids=["team", "wall"])
def visitor(store: Store, round: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with Visitor(store, rounds=(round,), meeting=request.param) as somebody:
        yield somebody


def numbers_of(html: str) -> list[Counted]:
    """Links whose words begin with a number or end with one in brackets; ids such as S1 do not."""
    found = []
    for path, inner in LINK.findall(STEPS.sub("", html)):
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", inner)).split())
        number = re.match(r"(\d+)\b(?! of)", words) or re.search(r"\((\d+)\)$", words)
        if number:
            found.append(Counted(words, int(number[1]), unescape(path)))
    return found


def rows_of(html: str) -> int:
    """Rows, cards or cases of the page: whatever it lists."""
    main = html.partition("<main")[2]
    for kind in ('<li class="card is-', '<li class="case">', "<ol>"):
        if kind in main:
            return main.count("<li>") if kind == "<ol>" else main.count(kind)
    return sum(body.count("<tr") - body.count('class="group-row"') for body in ROWS.findall(main))


def test_every_number_that_is_a_link_leads_to_so_many_rows(visitor: Visitor, round: str) -> None:
    base = f"/rounds/{round}"
    boards = ("", "?tranche=all", "?agency=B", "?state=unused", "?agency=A&tranche=T2&state=firm", "?tranche=T3")
    said: dict[str, Counted] = {}
    for path in (base, *(f"{base}/board{query}" for query in boards), f"{base}/open"):
        for one in numbers_of(visitor.get(path).text):
            answer = visitor.get(one.path)
            assert answer.status_code == 200, (path, one)
            assert rows_of(answer.text) == one.number, (path, one)
            said[one.words] = one
    # of T1 and T2: S1, S2, S4, S5 and S6; 3 + 2 + 4 places, S1 and S5 have one each; a place of O2 is held
    for words in (
        "5 requests to place", "1 firm", "1 provisional", "3 not placed", "9 places offered", "7 places unused",
        "6 unused", "1 held",
    ):  # fmt: skip
        assert words in said, (words, sorted(said))


def test_who_is_not_placed_is_counted_alike_everywhere(visitor: Visitor, round: str) -> None:
    # S2, S4 and S6; S7 and S8 are of a later tranche, and are there when somebody asks for all
    base = f"/rounds/{round}"
    assert "Not placed: 3" in visitor.page(base)
    page = visitor.get(f"{base}/not-placed")
    assert rows_of(page.text) == 3
    assert "3 of 5 requests." in text_of(page)
    everything = re.search(r'href="([^"]*)">Show all', page.text)
    assert everything is not None
    assert rows_of(visitor.get(everything[1]).text) == 5
    files = re.search(r'href="([^"]*\.csv[^"]*)"', page.text)
    assert files is not None
    assert len(visitor.get(unescape(files[1])).text.strip().splitlines()) == 1 + 3  # what is taken away is what is seen


def test_pages_say_of_which_tranches_their_numbers_are(visitor: Visitor, round: str) -> None:
    # of T1 and T2 five ask, one is placed firmly and one provisionally; of T3 three ask and one is placed
    overview = visitor.page(f"/rounds/{round}")
    assert "These are of T1 and T2, being decided now. Later tranches (T3): 1 of 3 requests have a place" in overview
    found = re.findall(
        r"(T1 and T2, being decided|T3, later|all tranches) (\d+) (\d+) (\d+) (\d+)",
        visitor.page(f"/rounds/{round}/publish"),
    )
    assert found == [
        ("T1 and T2, being decided", "5", "1", "1", "3"), ("T3, later", "3", "1", "0", "2"),
        ("all tranches", "8", "2", "1", "5"),
    ]  # fmt: skip


def test_letters_say_of_which_tranches_they_are(store: Store, round: str) -> None:
    with Visitor(store, rounds=(round,)) as team:
        page = team.page(f"/rounds/{round}/letters")
    assert "of placements in T1 and T2, being decided now; of later tranches only those that are published." in page
