"""A file of results: a line that a kill cut off is no result, and the next one begins on its own."""

from pathlib import Path

from scenarios.batch.lines import add_line, make_whole, read_lines


def test_a_line_that_was_cut_off_is_left_out_and_cut_away(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "results.jsonl"
    assert read_lines(file) == []
    make_whole(file)
    add_line(file, {"n": 1})
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"n": 2, "placed')  # killed while writing
    assert read_lines(file) == [{"n": 1}]
    make_whole(file)
    add_line(file, {"n": 3})
    assert read_lines(file) == [{"n": 1}, {"n": 3}]
