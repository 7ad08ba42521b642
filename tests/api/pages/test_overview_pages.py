"""The overview, the figures and the return of a round that has a plan, for the team and on a projector."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from allocator.views.blocks import Banner, Block, Grid, Heading, Text, Title
from allocator.views.table import CellValue
from api.pages.meeting_blocks import in_meeting
from api.pages.overview import parts_of
from api.store.opening import Store, open_store
from tests.api.pages.browsing import SHEETS, Visitor, a_round_with, planned, text_of
from tests.api.sharing.partnership import its_plan, two_agencies

STRIP = "Meeting view: districts, minutes, preferences and notes are left out."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('overview')}/placements.db")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def round(store: Store) -> str:
    made = a_round_with(store, SHEETS)
    dataset = two_agencies()
    planned(store, made, dataset, its_plan(dataset))
    return made


@pytest.fixture(scope="module")
def team(store: Store, round: str) -> Iterator[Visitor]:
    with Visitor(store, rounds=(round,)) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def projector(store: Store, round: str) -> Iterator[Visitor]:
    with Visitor(store, rounds=(round,), meeting=True) as visitor:
        yield visitor


def test_the_overview_counts_and_leads_on(team: Visitor, round: str) -> None:
    answer = team.get(f"/rounds/{round}")
    page = text_of(answer)
    # four ask, three are placed: at 3 + 2 places, of which two are left
    for words in ("4 requests to place", "1 not placed", "5 places offered", "2 places unused", "Not placed: 1"):
        assert words in page, words
    assert f'href="/rounds/{round}/student?id=S-NOWHERE"' in answer.text
    tiles = re.findall(r'<li class="tile [^"]*"><a href="([^"]*)"><b>(\d+)</b> ([^<]*)', answer.text)
    for path, number, words in tiles:  # as many rows as the tile counts, where a page has a row for each of them
        if words in ("requests to place", "firm", "provisional", "not placed"):
            assert re.search(rf"\b{number} of \d+ (rows|requests)", team.page(unescape(path))), words
    assert "MSW first 4" in page
    assert "Next: Take the meeting's decisions" in page  # uploaded, nothing to mend, planned


def test_a_projector_shows_the_overview_without_what_agencies_may_not_see(projector: Visitor, round: str) -> None:
    page = projector.page(f"/rounds/{round}")
    assert "1 not placed" in page
    assert "S-NOWHERE/first" in page
    for part in ("figures", "figures?part=partners", "return"):
        page += projector.page(f"/rounds/{round}/{part}")
    for mark in ("HOME", "7357", "Wishland", "NOTE", "ramp-secret", "LOSTOUT", "minutes", "prefer"):
        assert mark not in page.replace(STRIP, ""), mark


def test_figures_have_charts_and_tables(team: Visitor, round: str) -> None:
    answer = team.get(f"/rounds/{round}/figures")
    assert "Statutory placements provided by partners (M01)" in text_of(answer)
    assert f'src="/rounds/{round}/charts/figures.svg"' in answer.text
    chart = team.get(f"/rounds/{round}/charts/programmes.svg")
    assert chart.headers["content-type"].startswith("image/svg+xml")
    assert "MSW first" in chart.text
    assert "There are: programmes, figures, agencies" in text_of(team.get(f"/rounds/{round}/charts/other.svg"), 404)
    assert "There are: figures" in text_of(team.get(f"/rounds/{round}/figures?part=other"), 404)
    assert "Measure" in team.page(f"/rounds/{round}/figures?part=progress")


def test_the_return_withholds_nothing_from_the_team(team: Visitor, projector: Visitor, round: str) -> None:
    assert "average caseload" in team.page(f"/rounds/{round}/return")
    assert "average caseload" not in projector.page(f"/rounds/{round}/return")


def test_pages_of_a_round_without_a_plan_lead_to_one(team: Visitor, store: Store) -> None:
    empty = a_round_with(store, SHEETS, "Empty")
    with Visitor(store, rounds=(empty,)) as somebody:
        for part in ("figures", "return"):
            assert "This round has no plan yet" in somebody.page(f"/rounds/{empty}/{part}")
        assert "Work out the plan" in somebody.page(f"/rounds/{empty}")


def test_a_page_of_blocks_is_taken_apart_at_its_headings() -> None:
    grid = Grid((("Request", 3),), [["S1/first"]])
    blocks: list[Block] = [Title("t", "b"), Heading("One"), grid, Banner("best", "good"), Text("More: see the sheet Students."), Heading("Two")]  # fmt: skip
    assert parts_of(blocks) == [("One", (grid,))]  # nothing before, no banner, no other place, nothing empty


def test_a_projector_leaves_out_what_says_nothing_else() -> None:
    headings = (("Because", 4), ("Requests", 4), ("Minutes, middle", 2))
    rows: list[list[CellValue]] = [
        ["travel to be measured", "S1/first", 1],
        ["PE to be named", "S2/final/2", 2],
        [None, 3, 4],
    ]
    grid = Grid(headings, rows)
    shown = in_meeting(
        [
            grid,
            Text("60 minutes of travel."),
            Heading("Preferences met"),
            grid,
            Heading("Owed: for the team"),
            grid,
            Heading("Later tranches"),
        ]
    )
    assert shown == [
        Grid([("Because", 4), ("Requests", 4)], [["PE to be named", "S2/final"], [None, 3]]), Heading("Later tranches"),
    ]  # fmt: skip
