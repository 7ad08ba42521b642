"""The summary page: whole, offline, without anything that may not leave the team."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from allocator.report.writing import write_report
from models.decisions import Decision
from models.reasons import Unplaced
from tests import builders as b
from tests.report.looking import POLICY, match, outcome
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated


def page(tmp_path: Path, dataset: Any, *matches: Any, **changes: Any) -> str:
    write_report(tmp_path, dataset, POLICY, outcome(dataset, *matches, **changes))
    return (tmp_path / "summary.html").read_text()


def test_the_page_opens_offline(tmp_path: Path) -> None:
    dataset, result = generated(60)
    write_report(tmp_path, dataset, GENERATED_POLICY, result)
    text = (tmp_path / "summary.html").read_text()
    assert text.count("<svg") == 3
    without_names_of_vocabularies = re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
    assert "http" not in without_names_of_vocabularies
    assert "<script" not in text
    assert not re.search(r"@import|url\((?!#)|src=", text)
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', text)) <= set(ids)


def test_the_numbers_on_top(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2"), b.student("S3")),
        requests=(b.request(), b.request("S2/first"), b.request("S3/first")),
        offers=(b.offer(capacity=4),),
    )
    text = page(tmp_path, dataset, match(), match("S2/first", pe="TBC@O1"))
    # 3 to place: 1 firm, 1 provisional (PE to be named), 1 not; 4 places, 2 unused.
    assert re.findall(r"<li><b>(\d+)</b>([^<]*)</li>", text) == [
        ("3", "requests to place"), ("1", "firm"), ("1", "provisional"), ("1", "not placed"), ("4", "places offered"),
        ("2", "places unused"),
    ]  # fmt: skip


def test_every_request_that_is_not_placed_is_listed_with_its_reason(tmp_path: Path) -> None:
    ids = [f"S{n}" for n in range(1, 18)]
    dataset = b.dataset(students=tuple(b.student(s) for s in ids), requests=tuple(b.request(f"{s}/first") for s in ids))
    reasons = tuple(Unplaced(request=f"{s}/first", code="L02", reason="<b>taken</b>") for s in ids)
    text = page(tmp_path, dataset, unplaced=reasons)
    # 17 requests, all are listed: whoever is cut is whom the meeting is about. Text of the data never becomes markup.
    assert "; ".join(f"{s}/first" for s in ids) in text
    assert text.count("&lt;b&gt;taken&lt;/b&gt;") == 1
    assert "<b>taken</b>" not in text
    # The names stand before what the plan is worth.
    assert text.index("Not placed: 17") < text.index("The independent check passed")
    assert "Capacity (L02) 17" in text


def test_reasons_and_notes_stay_out(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student(note="SECRET"),),
        decisions=(Decision(decision="do_not_match", id="D1", student="S1", agency="Z", why="SECRET"),),
    )
    assert "SECRET" not in page(tmp_path, dataset, match())


def test_an_empty_partnership_still_gives_a_page(tmp_path: Path) -> None:
    text = page(tmp_path, b.dataset(students=(), requests=(), offers=(), educators=(), agencies=()))
    assert "<b>0</b>requests to place" in text


def test_later_tranches_stand_apart_from_what_is_decided_now(tmp_path: Path) -> None:
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
        students=tuple(b.student(f"S{n}") for n in (1, 2, 3)),
        requests=(b.request(), b.request("S2/first", tranche="T2"), b.request("S3/first", tranche="T2")),
        offers=(b.offer(), b.offer("O2", tranche="T2", capacity=9)),
        agencies=(b.agency(), b.agency("B", membership="outside")),
    )
    later = Unplaced(request="S3/first", code="later", reason="It belongs to a later tranche.")
    text = page(tmp_path, dataset, match(), match("S2/first", "O2"), unplaced=(later,))
    # Now: 1 request, 1 place. Later: S2 of S2 and S3 has a place.
    assert re.findall(r"<b>(\d+)</b>", text)[:6] == ["1", "1", "0", "0", "1", "0"]
    assert "Later tranches (T2): 1 of 2 requests have a place in this plan." in text
    assert "S3/first" not in text


def test_agencies_stand_by_name_where_no_partner_is_known(tmp_path: Path) -> None:
    outside = b.dataset(agencies=(b.agency(membership="outside"), b.agency("B", membership="outside")))
    assert "agency outside" not in page(tmp_path, outside, match())
    assert "1 agency outside" in page(
        tmp_path,
        b.dataset(
            agencies=(b.agency(), b.agency("B", membership="outside")), offers=(b.offer(), b.offer("O2", agency="B"))
        ),
        match(),
    )
