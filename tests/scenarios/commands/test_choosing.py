"""Which scenario is answered on which input."""

from pathlib import Path

import pytest

from models.errors import UsageError
from scenarios.commands.choosing import asked_on, library
from scenarios.model import Scenario


def _scenario(name: str, base: str = "") -> Scenario:
    return Scenario(name=name, question="?", base=base)


def test_a_scenario_with_a_base_of_its_own_is_answered_there_and_others_on_all_that_are_named() -> None:
    plain, own, other = _scenario("plain"), _scenario("own", "kent.xlsx"), _scenario("other", "north.xlsx")
    a, kent, north = Path("a.xlsx"), Path("kent.xlsx"), Path("north.xlsx")
    known = [plain, own, other]
    assert asked_on(known, [a, north], "x") == {a: [plain], north: [plain, other], kent: [own]}
    assert asked_on([own, other], None, "x") == {kent: [own], north: [other]}
    assert asked_on([own], [a], "x") == {kent: [own]}
    with pytest.raises(UsageError, match="name the workbook that is changed"):
        asked_on(known, None, "x")


def test_one_workbook_in_two_spellings_is_one_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's own ``base`` is a whole path, that of the command line mostly is not: both may name one workbook."""
    monkeypatch.chdir(tmp_path)
    plain, own = _scenario("plain"), _scenario("own", str(tmp_path / "a.xlsx"))
    assert asked_on([plain, own], [Path("a.xlsx")], "x") == {Path("a.xlsx"): [plain, own]}


def test_the_library_is_answered_on_two_demonstrations_and_need_on_the_third() -> None:
    asked = asked_on(library("questions"), None, "questions")
    on = {path.stem: [scenario.name for scenario in scenarios] for path, scenarios in asked.items()}
    assert on["two-universities"] == ["posts"]
    assert on["developing-together"] == on["january-2022"]
    assert len(on["january-2022"]) == 15
    mine = Path("mine.xlsx")
    assert len(asked_on(library("questions"), [mine], "questions")[mine]) == 16


def test_a_demonstration_is_known_by_its_name() -> None:
    (path,) = asked_on([_scenario("own", "january-2022")], None, "x")
    assert path.name == "january-2022.xlsx"
    assert path.exists()
