"""Publishing on a page: what it would do before it is done; versions, compared and taken away; steps of matches."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import open_store
from tests.api.people import bearer
from tests.api.routes.test_versions import Team

TOLD = {"requests": ["S1/first"], "step": "told", "on": "2026-01-02"}


class Pages(Team):
    """The pages of the round."""

    @property
    def base(self) -> str:
        return self.path.removeprefix("/v1")

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == status, answer.text
        return answer.text

    def sent(self, path: str, status: int, **fields: object) -> str:
        """What is said to a form; where it led to, if it was taken."""
        answer = self.client.post(self.base + path, data=fields, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return answer.headers.get("location", answer.text)

    def field(self, page: str, name: str) -> str:
        found = re.search(f'name="{name}" value="([^"]*)"', page)
        assert found is not None
        return found[1]

    def put_in_force(self) -> str:
        """Publish as somebody does who reads what it would do first."""
        page = self.page("/publish?by=LM")
        fields = {name: self.field(page, name) for name in ("run", "seen", "by")}
        return self.sent("/publish", 303, **fields)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder: Path = tmp_path_factory.mktemp("publishing")
    store = open_store(f"sqlite:///{folder}/placements.db")
    with TestClient(create_app(Settings(requests_a_minute=100_000), store), headers=bearer(store, "team")) as client:
        made = Pages(client, store, folder)
        made.allocated("first")
        yield made
    store.close()


@pytest.fixture(scope="module")
def published(pages: Pages) -> Pages:
    """Version 1 is in force, of two students who are placed."""
    assert pages.put_in_force() == f"{pages.base}/versions/1?done=published"
    return pages


def test_before_a_plan_the_pages_say_what_to_do(pages: Pages) -> None:
    other = pages.client.post("/v1/rounds", json={"name": "June"}).json()["id"]
    assert "no plan yet" in pages.client.get(f"/rounds/{other}/publish").text
    assert "No plan of this round is published" in pages.client.get(f"/rounds/{other}/versions").text
    assert "There is no plan yet" in pages.client.get(f"/rounds/{other}/compare").text


def test_what_publishing_does_is_seen_before_it_is_done(pages: Pages) -> None:
    assert "Who publishes: initials or a role" in pages.page("/publish")
    assert 'value="LM@example.org"' in pages.page("/publish?by=LM@example.org", 422)  # what was typed is kept
    page = pages.page("/publish?by=LM")
    assert "<strong>Version 1</strong>: 2 of 2 placed" in page
    assert "New: 2 newly placed." in page
    assert pages.client.get(f"{pages.path}/versions").json()["versions"] == []  # looking keeps nothing
    assert "You saw" in pages.sent("/publish", 412, run=pages.field(page, "run"), seen="1", by="LM")


def test_a_version_stays_as_it_was_published(published: Pages) -> None:
    assert "Version 1</a>, in force" in published.page("/versions")
    one = published.page("/versions/1?sort=-Request")
    assert re.findall(r"request\?id=(S\d)", one) == ["S2", "S1"]
    assert "It is the first version: 2 newly placed." in one
    content = published.client.get(f"{published.base}/versions/1/tables/students.csv").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(content))] == ["Request", "S1/first", "S2/first"]
    assert "no published version 9" in published.page("/versions/9", 404)
    assert "There is no such file" in published.page("/versions/1/tables/places.csv", 404)


def test_a_plan_that_was_just_published_is_no_old_plan(published: Pages) -> None:
    for path in ("", "/letters", "/publish", "/board"):
        assert "version 1 is this plan, and is in force" in published.page(path)
        assert "of before the last change" not in published.page(path)
    assert "It is version 1, in force: they can go out." in published.page("/letters")
    assert "there is nothing to publish" in published.page("/publish")
    assert "Published: version 1" in published.client.get("/rounds").text


def test_steps_are_taken_for_all_that_are_chosen_or_for_none_and_a_later_version_clears_them(published: Pages) -> None:
    seen = published.field(published.page("/mark"), "seen")
    assert "Choose at least one match" in published.sent("/mark", 422, seen=seen, step="told")
    assert "is no day" in published.sent("/mark", 422, **TOLD | {"on": "soon"}, seen=seen)
    refused = published.sent("/mark", 422, requests=["S1/first", "S2/first"], step="started", seen=seen)
    assert "Legal from there: sent_to_agency" in refused
    assert refused.count(" checked>") == 2  # what was chosen stays chosen
    assert "You saw" in published.sent("/mark", 412, **TOLD, seen="1")
    both = {"requests": ["S1/first", "S2/first"], "step": "sent_to_agency", "seen": seen}
    assert published.sent("/mark", 303, **both) == f"{published.base}/mark?done=marked"
    assert "version 1 is this plan" not in published.page("/board")  # the data changed: a next plan can be worked out
    assert "of before the last change" in published.page("/board")
    found = published.page("/publish")
    assert "In force now is version 1" in found  # though nothing was when the plan that is shown was made
    assert "Nothing is published yet" not in found
    assert "What is different from version 1" in found
    alone = published.page("/mark?request=S1/first")
    assert "sent to agency</strong> status" in alone
    # The ladder: from sent_to_agency the meeting is booked, or the match comes to nothing; told and meeting are days.
    assert re.findall(r'<option value="(\w+)"', alone) == [
        "told", "meeting", "meeting_booked", "meeting_failed", "declined", "withdrawn",
    ]  # fmt: skip
    assert "no published match" in published.page("/mark?request=S9/first", 404)

    # S1 may not have its place, and no change is allowed beside it: one student fewer is placed.
    plan = published.client.get(f"{published.path}/versions/1").json()["plan"]
    offer = next(m["offer"] for m in plan["matches"] if m["request"] == "S1/first")
    row = {"decision": "do_not_match", "request": "S1/first", "offer": offer, "reason_code": "interest", "by": "LM"}
    version = published.client.get(published.path).json()["version"]
    assert published.post("decisions", version, row=row).status_code == 201
    assert "so it cannot be published" in published.page("/publish")
    assert "made from other data or settings" in published.page("/publish?by=LM", 422)
    published.allocated("second")
    for path in ("/letters", "/board", "/students"):  # a newer plan than what is in force, and every page says so
        assert "Version 1 is in force. The plan shown here was worked out since" in published.page(path)
    assert "It is not version 1, which is in force:" in published.page("/letters")
    assert "The plan is worked out: the pages are of it now." in published.page("/board?done=planned-anew")
    compared = published.page("/compare")
    assert compared.count('<option value="version:1" selected>') == 1
    assert "Requests: 1 no longer placed." in compared
    assert "Placed: 2 before, 1 after." in compared
    assert "The first tier that differs: Firsts placed" in compared
    assert "no plan or version &#39;version:x&#39;" in published.page("/compare?before=version:x", 404)
    page = published.page("/publish?by=LM")
    assert "status: sent_to_agency" in page
    assert "<strong>Version 2</strong>: 1 of 2 placed" in page
    assert published.put_in_force() == f"{published.base}/versions/2?done=published"
    second = published.page("/versions/2")
    assert "Requests: 1 no longer placed." in second
    assert "before=version%3A1&amp;after=version%3A2" in second

    # What is in force is what was published last, also where the plan that is shown was made beside version 1.
    seen = published.field(published.page("/mark"), "seen")
    published.sent("/mark", 303, requests=["S2/first"], step="meeting_booked", seen=seen)
    found = published.page("/publish")
    assert "In force now is version 2, which was published since this plan was made." in found
    assert "What is different from version 2" in found
