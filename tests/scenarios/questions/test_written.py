"""What is written of answers: page, workbook and JSON hold all of them."""

import json
from html import unescape
from pathlib import Path

from openpyxl import load_workbook

from scenarios.answers import Chart, Series
from scenarios.report.charts import chart_svg
from scenarios.report.writing import write_answers
from tests.scenarios.questions.small import asked

NAMES = ("front-line", "posts", "consultants")


def test_page_workbook_and_data_have_every_answer(tmp_path: Path) -> None:
    answers = [asked(name).answer for name in NAMES]
    page, book, data = (tmp_path / name for name in ("answers.html", "answers.xlsx", "answers.json"))
    assert set(write_answers(tmp_path, "What if", answers)) == {page, book, data}
    told = json.loads(data.read_text(encoding="utf-8"))["answers"]
    assert told == [answer.model_dump(mode="json") for answer in answers]
    text = unescape(page.read_text(encoding="utf-8"))
    sheets = load_workbook(book)
    assert sheets.sheetnames == ["Answers", *NAMES]
    for answer in answers:
        assert all(part in text for part in (answer.question, answer.sentence, answer.proof, *answer.assumes))
        cells = [cell.value for row in sheets[answer.scenario].iter_rows() for cell in row]
        assert all(value in cells for row in answer.table.rows for value in row if value is not None)


def test_the_answer_over_a_table_is_in_lines_and_no_wider_than_a_page(tmp_path: Path) -> None:
    answer = asked("front-line").answer
    write_answers(tmp_path, "What if", [answer])
    sheet = load_workbook(tmp_path / "answers.xlsx")["front-line"]
    cell = next(c for row in sheet.iter_rows() for c in row if answer.sentence in str(c.value))
    assert cell.alignment.wrap_text
    assert any(cell.coordinate in merged for merged in sheet.merged_cells.ranges)


def test_long_names_of_cases_do_not_run_over_each_other_in_a_chart() -> None:
    """A row is two lines high: a name of 280 letters would be eight lines."""
    names = ("as it is", "a name that goes on and on, " * 10)
    series = (Series(name="placed", values=(1.0, 2.0)),)
    for kind in ("bars", "waterfall", "tornado"):
        drawn = chart_svg(Chart(kind=kind, labels=names, series=series), "c")
        assert drawn.count("goes on") <= 2
        assert "..." in drawn
