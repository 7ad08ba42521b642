"""What ``placements scenarios show`` says of edits, and that it fits on a terminal."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from scenarios.commands import group
from scenarios.commands.looking import edit_words
from scenarios.model import Edit

_EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            {"edit": "remove", "sheet": "Students", "where": {"programme": ["A", "B"]}, "may_be_empty": True},
            "remove Students where programme is A or B (if any)",
        ),
        (
            {"edit": "set", "sheet": "Offers", "where": {"capacity": ">= 3", "team": ""}, "values": {"educators": ""}},
            "set Offers where capacity >= 3 and team is blank: educators = blank",
        ),
        ({"edit": "qualify", "stage": "PEPS1", "part": 15.6, "opens": True}, "qualify, stage PEPS1, part 15.6, opens yes"),
        ({"edit": "absent", "where": {"agency": "{agency}"}}, "absent where agency is {agency}"),
        (
            {"edit": "add", "sheet": "Offers", "each_team": {"front_line": "yes"}, "values": {"capacity": 1}},
            "add Offers: capacity = 1, each team front_line is yes",
        ),
    ],
)  # fmt: skip
def test_an_edit_in_words(edit: Mapping[str, Any], words: str) -> None:
    assert edit_words(_EDIT.validate_python(edit)) == words


@pytest.mark.parametrize("name", ["causes", "independents", "workforce", "a-partner-leaves"])
def test_a_question_is_shown_without_brackets_of_programs_and_fits(name: str) -> None:
    said = CliRunner().invoke(group, ["scenarios", "show", "questions", name], env={"COLUMNS": "80"})
    assert said.exit_code == 0
    assert "{'" not in said.output
    assert "('" not in said.output
