"""Scenario files: what is read, and every problem at once with file, line, and what is allowed."""

import re
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import UsageError
from scenarios.answers import answering
from scenarios.errors import ScenarioError
from scenarios.expanding import cases_of
from scenarios.files import read_library
from scenarios.kinds import NEEDS
from scenarios.model import Remove, Scenario
from scenarios.running import Base, Bench
from scenarios.wording import EDITS
from tests.scenarios.partnership import TODAY, register

KINDS = ("differences", "costs")


def library(folder: Path, **texts: str) -> tuple[Scenario, ...]:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return read_library(folder, KINDS)


def problems(folder: Path, **texts: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        library(folder, **texts)
    return [str(problem) for problem in error.value.problems]


def only(folder: Path, text: str) -> str:
    found = problems(folder, a=text)
    assert len(found) == 1, found
    return found[0]


# ---- what is read --------------------------------------------------------------------------------------------------
def test_a_folder_is_a_library_in_the_order_of_its_files(tmp_path: Path) -> None:
    found = library(tmp_path, b='question = "B?"', a='name = "z"\nquestion = "A?"')
    assert [(s.name, s.question) for s in found] == [("z", "A?"), ("b", "B?")]


def test_what_a_scenario_extends_comes_before_its_own(tmp_path: Path) -> None:
    under = """
        question = "Under?"
        assumes = ["one"]
        policy = { travel_limit = 60, contrast = "area" }
        edits = [{ edit = "remove", sheet = "Offers", where = { stage = "final" } }]
        grid = { percent = [10, 20] }
        with_base = false
        [[variants]]
        name = "v"
        edits = [{ edit = "scale", sheet = "Students", percent = "{percent}" }]
    """
    own = """
        question = "Own?"
        extends = "under"
        assumes = ["two"]
        policy.travel_limit = 45
        edits = [{ edit = "remove", sheet = "Teams" }]
        grid.percent = [30]
    """
    found = library(tmp_path, own=own, under=under)[0]
    assert (found.question, found.assumes, found.with_base) == ("Own?", ("one", "two"), False)
    assert found.policy == {"travel_limit": 45, "contrast": "area"}
    assert [edit.sheet for edit in found.edits if isinstance(edit, Remove)] == ["Offers", "Teams"]
    assert (found.grid, [v.name for v in found.variants]) == ({"percent": (30,)}, ["v"])


def test_one_file_is_read_with_what_it_extends_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('question = "A?"\nextends = "b"')
    (tmp_path / "b.toml").write_text('question = "B?"\npolicy.travel_limit = 50')
    (tmp_path / "broken.toml").write_text("question = ")
    assert [(s.name, s.policy) for s in read_library(tmp_path / "a.toml")] == [("a", {"travel_limit": 50})]


def test_settings_may_stand_in_tables_and_in_any_capitals(tmp_path: Path) -> None:
    text = """
        question = "?"
        [policy]
        Travel_Limit = 60
        rule.E04 = "off"
        [policy.days_a_week]
        BA = 3
        [grid]
        policy.contrast = ["area", "both"]
        "policy.max_changes" = [0, 1]
    """
    found = library(tmp_path, a=text)[0]
    assert found.policy == {"travel_limit": 60, "rule.E04": "off", "days_a_week.BA": 3}
    assert found.grid == {"policy.contrast": ("area", "both"), "policy.max_changes": (0, 1)}


def test_what_is_drawn_is_answered_as_draws_unless_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('question = "?"\ndraws = { number = 2 }\n')
    (tmp_path / "b.toml").write_text('question = "?"\nextends = "a"\nanswer.measures = [{ name = "firm" }]\n')
    assert [s.answer.kind for s in read_library(tmp_path, answering.KINDS)] == ["draws", "draws"]


def test_a_blank_question(tmp_path: Path) -> None:
    assert "a.toml, line 1: 'question' is blank: it heads the answer." in only(tmp_path, 'question = " "\n')


def test_days_of_toml_are_days(tmp_path: Path) -> None:
    text = 'question = "?"\nedits = [{ edit = "qualify", stage = "PEPS1", on = 2027-01-04, where = { qualifies_on = 2027-01-01 } }]'
    edit = library(tmp_path, a=text)[0].edits[0]
    assert edit.model_dump(include={"on", "where"}) == {"on": "2027-01-04", "where": {"qualifies_on": "2027-01-01"}}


def test_a_plan_and_a_base_stand_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    text = 'question = "?"\nbase = "plan.json"\nedits = [{ edit = "freeze", plan = "plan.json" }, { edit = "freeze" }]'
    found = library(tmp_path, a=text)[0]
    assert found.base == str(tmp_path / "plan.json")
    assert [edit.model_dump()["plan"] for edit in found.edits] == [str(tmp_path / "plan.json"), "base"]


def test_marks_and_line_ends_of_other_systems(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('\ufeffquestion = "?"\r\n# remark\r\n[answer]\r\nkynd = "costs"\r\n'.encode())
    with pytest.raises(ScenarioError, match=r"a.toml, line 4: unknown 'answer.kynd'. Did you mean 'kind'\?"):
        read_library(tmp_path)


# ---- what is not there ---------------------------------------------------------------------------------------------
def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no '.*nowhere'"):
        read_library(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="holds no scenario"):
        read_library(tmp_path)


# ---- problems ------------------------------------------------------------------------------------------------------
def test_every_problem_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    first = """question = "?"
whith_base = false
[[edits]]
edit = "remov"
[[edits]]
edit = "set"
sheet = "Ofers"
values = { capacity = 1 }
[answer]
measures = [
  { name = "placed" },
  { name = "place", due = "later" },
]
"""
    second = 'quetsion = "?"\n\n[policy]\ntravel_limt = 60'
    assert problems(tmp_path, a=first, b=second, c="x = ") == [
        "a.toml, line 2: unknown 'whith_base'. Did you mean 'with_base'? Allowed: name, question, reason, base, extends, "
        "policy, edits, variants, grid, draws, with_base, answer, assumes.",
        "a.toml, line 3: 'edits[1]': there is no edit 'remov'. Did you mean 'remove'? Allowed: absent, add, freeze, leave, "
        "move_tranche, qualify, remove, scale, set, withdraw.",
        "a.toml, line 7: 'edits[2].sheet' is 'Ofers', and must be Offers, Teams, Agencies, Educators, Students, Requests, "
        "Commitments (Did you mean 'Offers'?).",
        "a.toml, line 12: 'answer.measures[2].due' is 'later', and must be now, year, all.",
        "b.toml, line 1: 'question' is missing.",
        "b.toml, line 1: unknown 'quetsion'. Did you mean 'question'? Allowed: name, question, reason, base, extends, "
        "policy, edits, variants, grid, draws, with_base, answer, assumes.",
        "c.toml, line 1: is not TOML: Invalid value.",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('policy.travel_limt = 60', "there is no setting 'travel_limt'. Did you mean 'travel_limit'?"),
        ('policy.rule.E04 = "offf"', "a.toml, line 3: 'policy.rule.E04' is 'offf'; allowed: on, off."),
        ('policy.travel_limit = 99999', "'policy.travel_limit' is '99999'; allowed: a whole number from 1 to 600."),
        ('variants = [{ name = "v", policy = { preference_order = "nice" } }]', "is 'nice'; allowed: generous, greedy, sum."),
        ('grid."policy.travel_limit" = [60, "soon"]', "'grid.policy.travel_limit' is 'soon'; allowed: a whole number from 1 to 600."),
        ('edits = [{ edit = "add", sheet = "Students", like = {}, values = { student = "jo@example.org" } }]', "'edits[1].values.student': Students.student holds an e-mail address. Take it out, and use a reference, such as S001."),
        ('edits = [{ edit = "set", sheet = "Offers", values = { note = "Call 020 7946 0958" } }]', "Offers.note holds a telephone number."),
        ('edits = [{ edit = "add", sheet = "Educators", values = { pe = "Maria Jones" } }]', "Educators.pe holds a person's name."),
        ('policy.rule.E99 = "off"', "there is no setting 'rule.E99'."),
        ('grid."policy.travl_target" = [1]', "there is no setting 'travl_target'. Did you mean 'travel_target'?"),
        ('answer.kind = "cost"', "there is no answer 'cost'. Did you mean 'costs'? Allowed: differences, costs."),
        ('answer.measures = [{ name = "plased" }]', "there is no measure 'plased'. Did you mean 'placed'?"),
        ('answer.measures = [{ name = "placed", scheme = "step up" }]', "there is no scheme 'step up'. Did you mean 'step_up'? Allowed: intern, step_up, apprentice, sponsored."),
        ('answer.measures = [{ name = "placed" }, { name = "used" }]', "the measure 'used' is of an agency each: write by = \"agency\"."),
        ('answer.measures = [{ name = "placed" }, { name = "posts", by = "agency", stage = "final" }]', "the measure 'posts' is of all that an agency has in the year, and has no stage."),
        ('edits = [{ edit = "remove", sheet = "Offers", where = { agncy = "A" } }]', "'edits[1].where.agncy': Offers has no column 'agncy'. Did you mean 'agency'?"),
        ('edits = [{ edit = "remove", sheet = "Offers", where = { stage = ["first", "finall"] } }]', "Offers.stage cannot be 'finall'. Did you mean 'final'?"),
        ('edits = [{ edit = "remove", sheet = "Offers", where = { stage = "> 2" } }]', "'edits[1].where.stage': Offers.stage: '> 2' compares with what has no order."),
        ('edits = [{ edit = "remove", sheet = "Offers", where = { agency = "< B" } }]', "compares with what has no order"),
        ('edits = [{ edit = "remove", sheet = "Requests", where = { "student.programm" = "BA" } }]', "Students has no column 'programm'. Did you mean 'programme'?"),
        ('edits = [{ edit = "remove", sheet = "Requests", where = { "studnt.programme" = "BA" } }]', "Requests has no column 'studnt.programme'. Did you mean 'student'?"),
        ('edits = [{ edit = "set", sheet = "Offers", values = { capacity = "many" } }]', "'edits[1].values.capacity': Offers.capacity cannot be 'many'."),
        ('edits = [{ edit = "add", sheet = "Offers", values = { capacity = "* 2" } }]', "'edits[1].values.capacity': a new row holds nothing to multiply."),
        ('edits = [{ edit = "add", sheet = "Offers", each_team = {}, number = 3 }]', "'edits[1].number': each_team adds one offer for each team. Leave number out."),
        ('edits = [{ edit = "set", sheet = "Offers", values = {} }]', "'edits[1].values' is empty, so nothing would be set."),
        ('edits = [{ edit = "set", sheet = "Offers", values = { risk = "{p}" } }]\ngrid.p = [1]', "Offers has no column 'risk'."),
        ('edits = [{ edit = "qualify", stage = "PEPS1", on = "soon" }]', "'edits[1].on': 'soon' is no day."),
        ('edits = [{ edit = "scale", sheet = "Offers", percent = "half" }]', "'edits[1].percent': 'half' is no percentage from 0 to 1000."),
        ('edits = [{ edit = "scale", sheet = "Offers", percent = -5 }]', "'edits[1].percent' is -5, and must be at least 0."),
        ('edits = [{ edit = "scale", sheet = "Offers", percent = [5] }]', "'edits[1].percent' is a list, and must be a number or a text in quotation marks."),
        ('edits = [{ edit = "scale", sheet = "Offers" }]', "'edits[1].percent' is missing."),
        ('edits = [{ sheet = "Offers" }]', "'edits[1]' does not say which edit it is. Write edit = \"remove\", for example."),
        ('edits = [{ edit = "absent", sheet = "Offers", where = {} }]', "unknown 'edits[1].sheet'. Allowed: may_be_empty, edit, where, until."),
        ('edits = { edit = "remove" }', "'edits' is a table, and must be a list in square brackets."),
        ('edits = [{ edit = "remove", sheet = "Offers", may_be_empty = "perhaps" }]', "'edits[1].may_be_empty' is 'perhaps', and must be true or false."),
        ('edits = [{ edit = "freeze", plan = "plan.jsn" }]', "there is no plan 'plan.jsn' beside the file. Name a plan.json, or 'base'."),
        ('answer = { kind = "costs", measures = [] }', "the answer 'costs' needs measures: a first one with no by."),
        ('answer = { kind = "differences", measures = [{ name = "placed", by = "agency" }] }', "the answer 'differences' needs measures: a first one with no by."),
        ('answer.words = { togethr = "all" }', "the answer 'differences' has no word 'togethr'. It has none."),
        ('answer.kind = "costs"\ndraws = { number = 2 }', "the answer 'costs' has no room for draws. Write kind = \"draws\", or leave draws out."),
        ('draws = { number = 0 }', "'draws.number' is 0, and must be at least 1."),
        ('draws = { number = "ten" }', "'draws.number' is 'ten', and must be a whole number."),
        ('draws = { number = 2, sead = 1 }', "unknown 'draws.sead'. Did you mean 'seed'? Allowed: number, seed."),
        ('name = "My own"', "'name' is 'My own', and must be of small letters, digits, - and _ alone, and begin with a letter or digit."),
        ('reason = 5', "'reason' is 5, and must be a text in quotation marks."),
        ('variants = [{ name = "v" }, { name = "v" }]', "two variants are named 'v'."),
        ('variants = [{ name = "as it is" }]', "'as it is' is the case that changes nothing: name the variant otherwise."),
        ('variants = [{ name = " " }]', "'variants[1].name' is blank: a case needs a name."),
        ('extends = "b"', "there is no scenario 'b' in its folder."),
        ('extends = "a"', "it extends itself: a -> a."),
        ('grid.intake = [1, 2]', "nothing uses the parameter 'intake'. Write {intake} in an edit or a setting."),
        ('policy.travel_limit = "{limit}"', "'{limit}' names no parameter of the grid. Parameters: none."),
        ('policy.travel_limit = "{limt}"\ngrid.limit = [1]\nassumes = ["{x}"]\npolicy.travel_target = "{limit}"', "'{limt}' names no parameter of the grid. Did you mean 'limit'? Parameters: limit."),
        ('grid.x-y = [1]', "'x-y' cannot be put in braces."),
        ('grid."policy.travel_limit" = []', "'grid.policy.travel_limit' has no values, so there would be no case."),
        ('grid."policy.travel_limit" = [60, 45, 60]', "'grid.policy.travel_limit' has 60 twice."),
        ('grid."policy.travel_limit" = [60, 45, 60.0]', "'grid.policy.travel_limit' has 60 and 60.0, which are one value. Leave one out."),
        ('grid.a = { sheet = "Offers", column = "agncy" }\nedits = [{ edit = "absent", where = { agency = "{a}" } }]', "'grid.a.column': Offers has no column 'agncy'. Did you mean 'agency'?"),
        ('grid.a = { sheet = "Offers" }\nedits = [{ edit = "absent", where = { agency = "{a}" } }]', "'grid.a.column' is missing."),
    ],
)  # fmt: skip
def test_a_problem_in_words(tmp_path: Path, line: str, said: str) -> None:
    text = only(tmp_path, f'question = "?"\n# a remark with x = 1\n{line}\n')
    assert said in text
    assert text.startswith("a.toml, line 3: ")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('kind = "frontier"', "'frontier' needs measures: a first one with no by and a second one with no by."),
        ('kind = "held_up"', "'held_up' needs measures: a first one with no by and a second one with by = \"agency\"."),
        ('kind = "curves"', "line 2: the answer 'curves' needs a grid of 2 parameters or more."),
        (
            'kind = "worth", words = { togethr = "all" }',
            "no word 'togethr'. Did you mean 'together'? Allowed: together.",
        ),
        (
            'kind = "need", words = { recruited_percent = "most" }',
            "is 'most', and must be a whole number from 1 to 100.",
        ),
    ],
)
def test_what_a_kind_of_answer_needs_is_said_before_anything_is_solved(tmp_path: Path, answer: str, said: str) -> None:
    (tmp_path / "a.toml").write_text(f'question = "?"\nanswer = {{ {answer} }}\n')
    with pytest.raises(ScenarioError) as error:
        read_library(tmp_path, answering.KINDS)
    assert said in str(error.value)


def test_every_kind_says_what_it_needs_and_can_answer_then() -> None:
    assert set(NEEDS) == set(answering.KINDS)
    bench = Bench(Base("b", register(), {}, TODAY))
    for kind, needs in NEEDS.items():
        scenario = Scenario.model_validate({
            "name": "q", "question": "?", "grid": {"policy.travel_limit": (60, 75), "policy.travel_target": (30,)},
            "answer": {"kind": kind, "measures": [{"name": "placed", "by": by} for by in needs.measures]},
        })  # fmt: skip
        for shape in (scenario, scenario.model_copy(update={"with_base": False})):
            cases = cases_of(shape, bench.base.register)
            assert answering.answered(shape, "b", [bench.run(case).result for case in cases]).sentence


def test_a_grid_of_more_than_ten_thousand_cases(tmp_path: Path) -> None:
    # 101 times 100 is 10,100, for each of two variants 20,200.
    text = f"""
        question = "?"
        variants = [{{ name = "v" }}, {{ name = "w" }}]
        [grid]
        "policy.travel_limit" = {list(range(1, 102))}
        "policy.travel_target" = {list(range(1, 101))}
    """
    assert only(tmp_path, text).endswith(
        "line 4: the grid makes 20,200 cases. At most 10,000 are run: give fewer values."
    )


def test_names_are_given_once(tmp_path: Path) -> None:
    assert problems(tmp_path, a='question = "?"', b='question = "?"\nname = "a"') == [
        "b.toml, line 2: the name 'a' is that of a.toml, too. Names are given once."
    ]


def test_a_file_whose_name_cannot_be_a_name(tmp_path: Path) -> None:
    (tmp_path / "My question.toml").write_text('question = "?"')
    with pytest.raises(ScenarioError) as error:
        read_library(tmp_path)
    assert str(error.value) == (
        "My question.toml, line 1: 'name' is 'My question', and must be of small letters, digits, - and _ alone, and begin "
        'with a letter or digit. It is the file\'s: give another by name = "...".'
    )


def test_circles_are_named_once_in_each_file(tmp_path: Path) -> None:
    texts = {"a": "b", "b": "c", "c": "a"}
    found = problems(tmp_path, **{name: f'question = "?"\nextends = "{other}"' for name, other in texts.items()})
    assert found == [
        "a.toml, line 2: it extends itself: b -> c -> a -> b.", "b.toml, line 2: it extends itself: c -> a -> b -> c.",
        "c.toml, line 2: it extends itself: a -> b -> c -> a.",
    ]  # fmt: skip
    (tmp_path / "d.toml").write_text('question = "?"\nextends = "a"')
    with pytest.raises(ScenarioError, match=r"^c\.toml, line 2: it extends itself: a -> b -> c -> a\.$"):
        read_library(tmp_path / "d.toml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'question = "\xff"')
    with pytest.raises(ScenarioError, match=r"a\.toml: cannot be read: save it as text in UTF-8"):
        read_library(tmp_path)


def test_a_heading_of_the_teams_own_is_left_to_the_base(tmp_path: Path) -> None:
    text = 'question = "?"\nedits = [{ edit = "remove", sheet = "Students", where = { "Risk of leaving" = "high" } }]'
    assert len(library(tmp_path, a=text)) == 1


def test_the_example_names_every_edit_and_all_of_its_lines_may_be_written(tmp_path: Path) -> None:
    text = (files("scenarios") / "commands" / "example.toml").read_text(encoding="utf-8")
    lines = dict(re.findall(r'^#   edit = "(\w+)" +(.*?)(?:  +\(.*)?$', text, re.MULTILINE)) | {"scale": ""}
    assert sorted(lines) == sorted(EDITS)
    for edit, said in lines.items():
        parts = (
            re.sub(r" or .Agencies.", "", said).replace("sheet,", 'sheet = "Offers",').replace("where,", "where = {},")
        )
        parts = re.sub(r"where$", "where = {}", parts)
        if edit != "scale":
            library(tmp_path, a=f'question = "?"\nedits = [{{ edit = "{edit}", {parts} }}]')


QUESTIONS = sorted((files("scenarios") / "questions").iterdir(), key=lambda file: file.name)
ODD = (
    '""', '"x"', "-1", "0", "1e9", "true", "[]", "[1, [2]]", "{}", '{ sheet = "Offers" }', "2027-01-01", '"{x}"', '">= 2"',
    "[[1]]", '[{ edit = "set" }]', '["a", "a"]', "nan", "07:30:00",
)  # fmt: skip
JARGON = re.compile(r"Input should|validation|pydantic|dict|tuple|NoneType|\bstr\b|\bint\b|something else|constrained")


@settings(max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(QUESTIONS), st.randoms(use_true_random=False))
def test_whatever_is_typed_is_read_or_said_in_words(
    tmp_path_factory: pytest.TempPathFactory, file: Path, luck: Random
) -> None:
    text = file.read_text(encoding="utf-8")
    for _ in range(luck.randint(1, 3)):
        keys = list(re.finditer(r"(\w+) = ", text))
        values = list(re.finditer(r'(?<== )("[^"]*"|[\w.]+|\[[^\[\]{}]*\])', text))
        one = luck.choice(values if luck.random() < 0.7 else keys)
        odd = (
            luck.choice(ODD)
            if one in values
            else luck.choice(("edit", "whre", "sheet", "x", '"a.b"', "policy")) + " = "
        )
        text = text[: one.start()] + odd + text[one.end() :]
    folder = tmp_path_factory.mktemp("odd")
    (folder / "a.toml").write_text(text, encoding="utf-8")
    try:
        read_library(folder, KINDS)
    except ScenarioError as error:
        found = error.problems
    else:
        return
    assert all(problem.line and not JARGON.search(problem.message) for problem in found), (text, found)
