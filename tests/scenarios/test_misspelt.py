"""Names that a base has not, where an answer goes on without them: each is said, with what may be meant."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.reading.reader import register_of
from models.register import Register
from scenarios.expanding import cases_of
from scenarios.misspelt import misspelt
from scenarios.model import Scenario
from scenarios.running import Base, Bench
from tests.cli.inputs import workbook
from tests.scenarios.partnership import TODAY, more, register, rows


def said(given: Register | None = None, **parts: Any) -> tuple[str, ...]:
    scenario = Scenario.model_validate({"name": "s", "question": "?"} | parts)
    return misspelt(scenario, given or register())


def removing(sheet: str = "Offers", **rest: Any) -> tuple[str, ...]:
    return said(edits=[{"edit": "remove", "sheet": sheet, **rest}])


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({"agency": ["A", "Betta"]}, "'Betta' is not on Agencies."),
        ({"agency": "!= Gamma"}, "'Gamma' is not on Agencies."),
        ({"tranche": ["January", "Janury"]}, "'Janury' is not on Tranches. Did you mean 'January'?"),
        ({"educators": ["P1", "P11"]}, "'P11' is not on Educators. Did you mean 'P1'?"),
        ({"team.place": ["CR0", "SMI"]}, "'SMI' is no place on Teams. Did you mean 'SM1'?"),
    ],
)
def test_a_name_beside_others_or_to_be_left_out(where: dict[str, Any], told: str) -> None:
    assert removing(where=where) == (told,)


def test_a_programme_in_a_selection() -> None:
    (told,) = removing("Students", where={"programme": ["BA", "MWS"]})
    assert told.startswith("'MWS' is no programme on Students. There are: ")
    assert "MSW" in told
    assert not removing("Requests", where={"student.programme": ["ba", "Msw"]})


def test_a_selection_that_may_be_empty_says_only_what_is_near() -> None:
    assert not removing(where={"agency": "Elsewhere"}, may_be_empty=True)
    assert removing(where={"tranche": "Janury"}, may_be_empty=True) == (
        "'Janury' is not on Tranches. Did you mean 'January'?",
    )


def test_what_is_refused_anyway_and_what_edits_bring_is_not_said() -> None:
    assert not removing(where={"agency": "Betta"})
    bring = {"edit": "add", "sheet": "Agencies", "values": {"agency": "D"}}
    assert not said(edits=[bring, {"edit": "remove", "sheet": "Offers", "where": {"agency": ["A", "D"]}}])
    braces = {"edit": "remove", "sheet": "Offers", "where": {"agency": ["A", "{x}"]}}
    assert not said(edits=[braces], grid={"x": ["B"]})
    rows_of = {"sheet": "Offers", "column": "agency", "where": {"agency": ["A", "Betta"]}}
    assert said(grid={"x": rows_of}) == ("'Betta' is not on Agencies.",)


def test_a_word_that_a_cell_is_to_hold() -> None:
    def setting(sheet: str, **values: Any) -> tuple[str, ...]:
        return said(edits=[{"edit": "set", "sheet": sheet, "values": values}])

    (told,) = setting("Students", programme="MWS")
    assert told.startswith("'MWS' is no programme on Students. There are: ")
    assert setting("Students", home="CRO") == ("'CRO' is no home on Students. Did you mean 'CR0'?",)
    assert not setting("Students", home="BN1", programme="msw")
    assert not setting("Teams", areas=["children", "adults"])


@pytest.mark.parametrize(
    ("programme", "near"),
    [("MWS", " There are: Apprentices, ASYE, BA"), ("Apprenticeship", " Did you mean 'Apprentices'?")],
)
def test_a_programme_of_a_measure(programme: str, near: str) -> None:
    (told,) = said(answer={"measures": [{"name": "placed", "programmes": ["BA", programme]}]})
    assert told.startswith(f"a measure is of the programme '{programme}', which nobody is of.{near}")


def test_a_programme_of_a_measure_in_any_capitals() -> None:
    answer = {"measures": [{"name": "placed", "programmes": ["msw"]}]}
    assert not said(answer=answer)
    scenario = Scenario.model_validate({"name": "s", "question": "?", "answer": answer})
    base = Base("small", register(), {}, TODAY)
    (result,) = (Bench(base).run(case).result for case in cases_of(scenario, base.register))
    # S1 and S2 are of MSW, and placed
    assert [(m.part, m.whole) for m in result.measured] == [(2, 2)]


def test_programmes_that_are_listed_or_stand_apart_are_known() -> None:
    content = rows(Students=more("Students", {"student": "S4", "programme": "Step Up", "home": "CR0"}))
    assert not removing("Students", where={"programme": ["Step Up", "MSW"]})
    assert not said(register_of(content), answer={"measures": [{"name": "placed", "programmes": ["Step Up"]}]})


def test_the_command_says_it_and_so_does_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = workbook(tmp_path)
    measure = 'answer.measures = [{ name = "placed" }, { name = "placed", programmes = ["MWS"] }]'
    (tmp_path / "q.toml").write_text(f'question = "As it is?"\n{measure}\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["scenarios", "run", "q.toml", str(book), "--workers", "1"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "q: a measure is of the programme 'MWS', which nobody is of." in done.output
    page = (tmp_path / "answers" / "answers.html").read_text(encoding="utf-8")
    assert "A measure is of the programme" in page
