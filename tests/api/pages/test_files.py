"""Styles and scripts: kept by browsers as long as they are the same, and never a day longer."""

import re

from tests.api.pages.browsing import Visitor

ADDRESS = re.compile(r'(?:href|src)="(/assets/[^"]+)"')


def test_a_page_names_files_that_never_change(team: Visitor, round: str) -> None:
    found = ADDRESS.findall(team.get(f"/rounds/{round}/decide?decision=fix").text)
    assert {address.partition("?")[0].removeprefix("/assets/") for address in found} >= {
        "icon.svg", "style.css", "page.js", "meeting.css", "meeting.js",
    }  # fmt: skip
    for address in found:
        answer = team.get(address)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["etag"].strip('"') == address.partition("?v=")[2]


def test_without_its_version_or_with_another_it_is_asked_for_again(team: Visitor) -> None:
    for address in ("/assets/style.css", "/assets/style.css?v=of-yesterday"):
        answer = team.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, no-cache")
        again = team.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_there_is_not(team: Visitor) -> None:
    answer = team.get("/assets/nothing.css?v=1")
    assert answer.status_code == 404
    assert "style.css" in answer.text
