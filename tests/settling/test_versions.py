"""The sheet Versions: what it says is read, and what is wrong with it is named and stops nothing."""

from datetime import date

from models.versions import Version
from tests.reading.sheets import issues, of_code, reading, sheets


def test_versions_come_in_their_order_whatever_that_of_the_rows() -> None:
    rows = [{"version": 10}, {"version": 2, "published_on": "2026-11-16", "by": "LM", "placed": 3, "of": 4}]
    found = reading(Versions=rows).dataset.versions
    assert found == (Version(version=2, published_on=date(2026, 11, 16), by="LM", placed=3, of=4), Version(version=10))


def test_a_bad_cell_counts_as_blank_and_a_row_without_a_number_is_set_aside() -> None:
    rows = [{"version": 1, "published_on": "soon", "placed": "many"}, {"version": "two", "by": "LM"}]
    found = reading(Versions=rows)
    assert found.dataset.versions == (Version(version=1),)
    said = {(i.row, i.column, i.level) for i in found.issues if i.sheet == "Versions"}
    assert said == {(2, "published_on", "warning"), (2, "placed", "warning"), (3, "version", "set_aside")}


def test_one_version_on_two_rows_that_differ_is_none() -> None:
    rows = [{"version": 1, "by": "LM"}, {"version": 1, "by": "AB"}, {"version": 2}]
    assert [v.version for v in reading(Versions=rows).dataset.versions] == [2]
    assert {i.code for i in issues(sheets(Versions=rows)) if i.sheet == "Versions"} == {"V301"}


def test_who_published_is_read_as_initials() -> None:
    found = reading(Versions=[{"version": 1, "by": "Laura Miller"}])
    assert found.dataset.versions[0].by == "LM"
    assert of_code(found.issues, "V142").sheet == "Versions"
