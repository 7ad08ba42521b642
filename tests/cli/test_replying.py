"""``placements replies | results-day``: what came back is shown, and what is accepted makes one next version."""

import json
from pathlib import Path

import pytest

from allocator.intake import read
from allocator.views.agency_forms import MEETING_ON, OUTCOME, STAYS_OPEN
from tests.cli import inputs
from tests.cli.inputs import placements
from tests.lifecycle.returned import DAY, Cells, Round, partnership
from tests.reading.test_write_back import bytes_of


def plain(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.fixture
def came(tmp_path: Path) -> tuple[Path, list[Path]]:
    """A workbook with a published plan, and two forms: S1 is declined, S2 has a day, of O3 the other place is gone."""
    made = Round(tmp_path, partnership())
    cells_a: Cells = {("O1", OUTCOME): "no", ("O2", OUTCOME): "yes", ("O2", MEETING_ON): DAY}
    return inputs.workbook(tmp_path, partnership()), [
        made.filled("A", cells_a), made.filled("B", {("O3", STAYS_OPEN): "no", ("O3", OUTCOME): "maybe"}),
    ]  # fmt: skip


def test_replies_are_shown_and_nothing_is_written(came: tuple[Path, list[Path]], tmp_path: Path) -> None:
    source, forms = came
    before = bytes_of(source)
    code, shown, errors = placements("replies", source, *forms, "--by", "LM")
    words = plain(shown)
    assert (code, errors) == (0, "")
    assert "A.xlsx (A): 2 of 2 rows filled in." in words
    assert "'maybe' is not a word for" in words
    assert "3 proposed: 3 harm nobody, 0 cannot be taken." in words
    assert "Of which version forms are is not judged" in words
    assert words.endswith("Nothing was written.")
    assert (bytes_of(source), (tmp_path / "partnership-2.xlsx").exists()) == (before, False)


def test_accepted_replies_make_one_next_version(came: tuple[Path, list[Path]], tmp_path: Path) -> None:
    source, forms = came
    code, shown, _ = placements("replies", source, *forms, "--by", "LM", "--accept", "2,1,2")
    assert code == 0
    assert "Accepted: 1, 2." in shown
    assert f"Wrote {tmp_path / 'partnership-2.xlsx'}." in shown
    after = read(tmp_path / "partnership-2.xlsx").dataset
    assert [(d.decision, d.student, d.by, d.why) for d in after.decisions] == [
        ("declined", "S1", "LM", "reply form of A, Reply form, row 5")
    ]
    booked = after.published_by_request["S2/first"]
    assert (booked.status, booked.meeting_on) == ("meeting_booked", DAY)
    code, _, errors = placements("replies", source, *forms, "--by", "LM", "--accept", "1")
    assert (code, "somebody has taken a step" in plain(errors)) == (2, True)


def test_all_harmless_leaves_out_what_harms_with_the_others(came: tuple[Path, list[Path]], tmp_path: Path) -> None:
    source, forms = came
    code, shown, _ = placements("replies", source, *forms, "--by", "LM", "--accept", "all-harmless", "--json")
    found = json.loads(shown)
    # The free place of O3 is S1's new one, so it cannot go as well.
    assert (code, found["accepted"], list(found["left_out"])) == (0, [1, 2], ["3"])
    assert found["effect"]["comparison"]["placed_after"] == 3
    assert found["file"] == str(tmp_path / "partnership-2.xlsx")
    assert [p["harmless"] for p in found["proposals"]] == [True, True, True]
    assert read(Path(found["file"])).dataset.offer_by_id["O3"].capacity == 2


def test_a_reply_that_was_taken_is_refused_when_it_comes_again(came: tuple[Path, list[Path]], tmp_path: Path) -> None:
    source, forms = came
    placements("replies", source, forms[1], "--by", "LM", "--accept", "1")
    again = tmp_path / "partnership-2.xlsx"
    code, shown, _ = placements("replies", again, forms[1], "--by", "LM", "--accept", "all-harmless")
    assert (code, "Nothing is proposed." in shown, "Nothing was accepted." in shown) == (0, True, True)
    assert not (tmp_path / "partnership-3.xlsx").exists()


@pytest.mark.parametrize(
    ("accept", "words"), [("4", "name all-harmless, or numbers from 1 to 3, such as 1,3"), ("all", "all-harmless")]
)
def test_what_can_be_accepted_is_said(came: tuple[Path, list[Path]], accept: str, words: str) -> None:
    source, forms = came
    code, _, errors = placements("replies", source, *forms, "--by", "LM", "--accept", accept)
    assert (code, words in plain(errors)) == (2, True)


def test_forms_of_the_published_plan_are_of_its_version(tmp_path: Path) -> None:
    source, out = inputs.workbook(tmp_path, partnership(Published=[])), tmp_path / "out"
    assert placements("allocate", source, "--out", out)[0] == 0
    assert placements("publish", out, source, "--by", "LM")[0] == 0
    form = out / "agencies" / "A.xlsx"
    for words in (("replies", tmp_path / "partnership-2.xlsx"), ("replies", source, "--results", out)):
        code, shown, _ = placements(*words, form, "--by", "LM")
        assert (code, "version" in shown, "It was not filled in." in shown) == (0, False, True)


def test_results_day_repairs_the_plan_and_says_who_is_kept(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, partnership("confirmed"))
    results = tmp_path / "results.csv"
    results.write_text("K No.,readiness\nS1,failed\nS2,passed\nS9,passed\n", encoding="utf-8")
    code, shown, _ = placements("results-day", source, results, "--ask")
    words = plain(shown)
    assert (code, words.endswith("Nothing was written.")) == (0, True)
    assert "S1: readiness passed -> failed 1 result is new, 1 says what is there already." in words
    assert "there is no student 'S9'" in words
    assert "Placed: 3 before, 3 after." in words
    assert "S1/first has O1 (confirmed) and is kept, although readiness is failed: a person decides" in words
    code, shown, _ = placements("results-day", source, results, "--json")
    found = json.loads(shown)
    assert (code, found["kept_though_failed"][0]["request"]) == (0, "S1/first")
    assert read(Path(found["file"])).dataset.student_by_id["S1"].readiness == "failed"
    # What is there already is no step.
    code, shown, _ = placements("results-day", found["file"], results)
    assert (code, shown.endswith("Nothing was written.\n")) == (0, True)


def test_who_fails_and_was_not_told_makes_room(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, partnership())
    results = tmp_path / "results.csv"
    results.write_text("student,clearance\nS1,failed\n", encoding="utf-8")
    code, shown, _ = placements("results-day", source, results)
    words = plain(shown)
    assert (code, "Placed: 3 before, 2 after." in words) == (0, True)
    assert f"What moves of promises would buy: placements moves {tmp_path / 'partnership-2.xlsx'}" in words
