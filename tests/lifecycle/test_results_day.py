"""Results day: a list of any form typed into Students, the plan repaired, and who is kept although failed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from allocator.lifecycle.effect import base_of, effect_after
from allocator.lifecycle.next_file import next_name, write_step
from allocator.lifecycle.results_day import (
    NewResult,
    NotReady,
    ResultsEntered,
    enter_results,
    kept_though_failed,
    own_headings,
)
from allocator.reading.editing import CellTyped
from allocator.reading.reader import read_register, register_of
from allocator.reading.results_list import read_results_list
from allocator.settling.settling import settle
from models.errors import InputUnusableError, UsageError
from tests.cli.inputs import Sheets, json_file
from tests.lifecycle.returned import partnership
from tests.lifecycle.steps import facts
from tests.reading.test_write_back import as_folder, as_workbook

PENDING = {"readiness": "pending", "clearance": "pending"}


def waiting(**changed: Any) -> Sheets:
    """Nobody has results yet."""
    content = partnership(**changed)
    for student in content["Students"]:
        student.update(PENDING)
    return content


def listed(folder: Path, text: str) -> Path:
    path = folder / "results.csv"
    path.write_text(text, encoding="utf-8")
    return path


def entered(content: Sheets, path: Path) -> ResultsEntered:
    register = register_of(content)
    return enter_results(register, read_results_list(path, own_headings(register)).rows)


@pytest.mark.parametrize(
    "heading",
    ["student,readiness,clearance", "K No.,RFDP,DBS", "Student reference;Readiness for direct practice;DBS check"],
)
def test_results_are_typed_into_students(tmp_path: Path, heading: str) -> None:
    separator = ";" if ";" in heading else ","
    rows = ["S1,passed,passed", "s2,Failed,", "S3,,cleared"]
    found = entered(waiting(), listed(tmp_path, "\n".join([heading, *(r.replace(",", separator) for r in rows)])))
    assert found.edits == (
        CellTyped("Students", 2, "readiness", "passed"), CellTyped("Students", 2, "clearance", "passed"),
        CellTyped("Students", 3, "readiness", "failed"), CellTyped("Students", 4, "clearance", "passed"),
    )  # fmt: skip
    assert found.news == (
        NewResult("S1", "readiness", "pending", "passed"), NewResult("S1", "clearance", "pending", "passed"),
        NewResult("S2", "readiness", "pending", "failed"), NewResult("S3", "clearance", "pending", "passed"),
    )  # fmt: skip
    assert (found.said, found.as_before) == ((), 0)


def test_a_workbook_may_have_a_sheet_for_each_programme(tmp_path: Path) -> None:
    book = Workbook()
    for name, student in (("BA", "S1"), ("MSW", "S2")):
        page = book.create_sheet(name)
        page.append([f"Results of {name}"])
        page.append(["Student", "Readiness", "Marks"])
        page.append([student, "passed", 64])
    book["Sheet"]["A1"] = "Read me"
    book.save(tmp_path / "results.xlsx")
    found = read_results_list(tmp_path / "results.xlsx")
    assert [(row.sheet, row.number, row.student, row.cells) for row in found.rows] == [
        ("BA", 3, "S1", {"readiness": "passed"}), ("MSW", 3, "S2", {"readiness": "passed"}),
    ]  # fmt: skip
    assert (found.issues, found.left_out) == ((), ("Sheet",))


def test_own_headings_of_lists_are_taken(tmp_path: Path) -> None:
    content = waiting(Lists=[{"list": "headings", "word": "Panel outcome", "meaning": "readiness"}])
    found = entered(content, listed(tmp_path, "student,Panel outcome\nS1,passed\n"))
    assert [new.column for new in found.news] == ["readiness"]


def test_what_cannot_be_used_is_set_aside_and_the_rest_is_used(tmp_path: Path) -> None:
    text = "student,readiness,clearance\nS9,passed,\nS1,passed,passed\nS1,failed,passed\nS2,perhaps,passed\n,passed,\nS3,pending,\n"
    path = listed(tmp_path, text)
    found = entered(waiting(), path)
    # Of S1 the readiness contradicts itself and the clearance does not; of S2 the readiness cannot be read.
    assert [(n.student, n.column) for n in found.news] == [("S1", "clearance"), ("S2", "clearance")]
    assert found.as_before == 1  # S3 waits still
    assert found.said[0].startswith("results, row 2: there is no student 'S9'.")
    assert found.said[1] == (
        "S1: readiness is passed in results, row 3 and failed in results, row 4. Neither was used: ask which holds."
    )
    issues = read_results_list(path).issues
    assert {(i.code, i.sheet, i.row) for i in issues} == {("V202", "results", 5), ("V216", "results", 6)}


def test_a_list_with_contact_details_is_refused_with_the_row_of_the_list(tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError) as caught:
        read_results_list(listed(tmp_path, "student,readiness\nS1,passed\njane.smith@x.org,passed\n"))
    assert [(i.code, i.sheet, i.row) for i in caught.value.issues] == [("V140", "results", 3)]


def test_a_first_row_that_is_no_heading_is_shown_in_short(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_results_list(listed(tmp_path, "x" * 10_000))
    assert str(caught.value).endswith("its first row has " + "x" * 117 + "...")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("student,outcome\nS1,passed\n", UsageError, "needs the columns student, and readiness or clearance.*outcome"),
        ("readiness,clearance\npassed,passed\n", UsageError, "needs the columns"),
        ("student,surname,readiness\nS1,Smith,passed\n", InputUnusableError, "looks like names"),
        ("student,readiness\nJane Smith,passed\n", InputUnusableError, "looks like the name of a person"),
    ],
)
def test_a_list_that_is_none_or_names_persons_is_refused(
    tmp_path: Path, text: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        read_results_list(listed(tmp_path, text))
    assert "Smith" not in str(caught.value)


@pytest.mark.parametrize(("status", "stays"), [("proposed", False), ("meeting_booked", True), ("confirmed", True)])
def test_facts_and_promises_stay_and_are_named(tmp_path: Path, status: str, stays: bool) -> None:
    found = entered(waiting(status=status), listed(tmp_path, "student,readiness\nS1,failed\nS2,passed\nS3,passed\n"))
    effect = effect_after(base_of(found.before), found.reading, "with the results")
    after = {m.request: m.offer for m in effect.after.plan.matches}
    assert after == ({"S1/first": "O1"} if stays else {}) | {"S2/first": "O2", "S3/first": "O3"}
    expected = (NotReady("S1/first", "O1", status, ("readiness",)),) if stays else ()
    assert kept_though_failed(effect) == expected


WORDS = st.sampled_from(("passed", "failed", "pending", "not known", ""))


@pytest.mark.parametrize("form", [as_workbook, as_folder, json_file])
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.tuples(WORDS, WORDS), min_size=3, max_size=3))
def test_results_that_are_written_and_read_again_are_the_same_dataset(
    form: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("results")
    source = form(folder, waiting())
    text = "student,readiness,clearance\n" + "".join(f"S{n},{r},{c}\n" for n, (r, c) in enumerate(words, 1))
    register = read_register(source)
    rows = read_results_list(listed(folder, text)).rows
    found = enter_results(register, rows)
    target = next_name(source)
    assert write_step(source, target, register, found.edits) == ()
    again = settle(read_register(target), each=True).dataset
    assert facts(again).digest == facts(found.reading.dataset).digest
    said = {(s.student, c): getattr(s, c) for s in again.students for c in PENDING}
    typed = {(f"S{n}", c): w or "pending" for n, row in enumerate(words, 1) for c, w in zip(PENDING, row, strict=True)}
    assert said == {key: word.replace(" ", "_") for key, word in typed.items()}
    # A second time it is no news.
    assert enter_results(read_register(target), rows).edits == ()
