"""Cases of a scenario: variants, grids, draws; what a grid reads from the base."""

from typing import Any

import pytest

from scenarios.checking import is_random, remarks_of
from scenarios.errors import EditError
from scenarios.expanding import cases_of, number_of_cases
from scenarios.model import Case, Scenario
from tests.scenarios.partnership import more, register, row


def cases(base: dict[str, Any] | None = None, **parts: Any) -> tuple[Case, ...]:
    scenario = Scenario.model_validate({"name": "s", "question": "?"} | parts)
    return cases_of(scenario, register(**(base or {})))


def refused(**parts: Any) -> str:
    with pytest.raises(EditError) as error:
        cases(**parts)
    return str(error.value)


def grid_of(column: str, base: dict[str, Any] | None = None, **rows: Any) -> list[Any]:
    made = cases(base, grid={"x": {"sheet": "Offers", "column": column} | rows}, with_base=False)
    return [case.parameters["x"] for case in made]


def test_variants_times_grid_times_draws() -> None:
    made = cases(
        variants=[{"name": "v"}, {"name": "w", "policy": {"travel_limit": "{limit}"}}],
        grid={"limit": [45, 60], "policy.contrast": ["area"]},
        draws={"number": 2, "seed": 7},
    )
    assert [case.key for case in made] == [
        "s/as it is",
        "s/v, limit=45, contrast=area#1", "s/v, limit=45, contrast=area#2",
        "s/v, limit=60, contrast=area#1", "s/v, limit=60, contrast=area#2",
        "s/w, limit=45, contrast=area#1", "s/w, limit=45, contrast=area#2",
        "s/w, limit=60, contrast=area#1", "s/w, limit=60, contrast=area#2",
    ]  # fmt: skip
    assert (made[-1].policy, made[-1].seed) == ({"travel_limit": "60", "contrast": "area"}, 7)


def test_a_parameter_is_put_in_as_what_it_is_and_within_words() -> None:
    edit = {"edit": "set", "sheet": "Offers", "where": {"capacity": ">= {n}"}, "values": {"capacity": "{n}"}}
    (case,) = cases(edits=[edit], grid={"n": [3]}, with_base=False)
    assert case.edits[0].model_dump(include={"where", "values"}) == {
        "where": {"capacity": ">= 3"},
        "values": {"capacity": 3},
    }


def test_a_scenario_without_anything_is_the_base() -> None:
    assert [case.name for case in cases()] == ["as it is"]
    assert [case.name for case in cases(with_base=False)] == ["s"]


# ---- values from rows ----------------------------------------------------------------------------------------------
def test_values_of_rows_are_each_once_in_one_spelling() -> None:
    offers = {"Offers": row("Offers", "O2", agency="Alpha Children's", capacity=2)}
    assert grid_of("agency", offers) == ["A", "B"]
    assert grid_of("capacity", offers) == [2]
    assert grid_of("agency", offers, where={"agency.membership": "outside"}) == ["B"]


def test_values_of_lists_are_their_entries_and_days_are_text() -> None:
    offers = {
        "Offers": [
            *more("Offers")[:2],
            {"offer": "N", "agency": "A", "team": "X", "educators": "P2; P3", "latest_end": "2027-05-28"},
        ]
    }
    assert grid_of("educators", offers) == ["P1", "P2", "P3"]
    assert grid_of("latest_end", offers) == ["2027-05-28"]


def test_rows_without_values() -> None:
    of_rows = {"sheet": "Offers", "column": "minimum"}
    assert refused(grid={"x": of_rows}) == "s: grid: Offers.minimum gives no values: they are all blank."
    assert refused(grid={"x": of_rows | {"where": {"agency": "Z"}}}) == (
        "s: grid: Offers.minimum gives no values: no row of Offers has agency 'Z'. 'Z' is not on Agencies."
    )


# ---- what is refused -----------------------------------------------------------------------------------------------
def test_a_value_that_an_edit_cannot_have() -> None:
    edit = {"edit": "scale", "sheet": "Offers", "percent": "{p}"}
    assert refused(edits=[edit], grid={"p": [-5]}) == (
        "s: with p=-5: 'edits[1].percent' is -5, and must be at least 0."
    )


def test_braces_that_name_nothing() -> None:
    assert refused(policy={"travel_limit": "{x}"}, grid={"y": [1]}).startswith("s: '{x}' names the parameter 'x'.")


def test_cases_that_have_one_name() -> None:
    assert refused(variants=[{"name": "v"}, {"name": "v"}]) == "s: two cases are named 'v'. Name variants otherwise."
    assert "two cases are named 'as it is'" in refused(variants=[{"name": "as it is"}])


def test_a_grid_of_rows_with_too_many_cases() -> None:
    # 4 offers times 2,501 values are 10,004.
    grid = {"x": {"sheet": "Offers", "column": "offer"}, "y": list(range(2501))}
    assert "the grid makes 10,004 cases. At most 10,000 are run" in refused(grid=grid)


# ---- draws ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("edit", "random"),
    [
        ({"edit": "withdraw", "sheet": "Offers", "probability": 1}, True),
        ({"edit": "scale", "sheet": "Offers", "percent": 50}, True),
        ({"edit": "scale", "sheet": "Offers", "percent": "{p}"}, True),
        ({"edit": "scale", "sheet": "Offers", "percent": 200}, False),
        ({"edit": "set", "sheet": "Offers", "values": {}, "part": 30}, True),
        ({"edit": "set", "sheet": "Offers", "values": {}}, False),
        ({"edit": "qualify", "stage": "PEPS1", "part": 10}, True),
        ({"edit": "remove", "sheet": "Offers"}, False),
    ],
)
def test_draws_of_what_is_not_drawn_are_remarked(edit: dict[str, Any], random: bool) -> None:
    scenario = Scenario.model_validate({"name": "s", "question": "?", "edits": [edit], "draws": {"number": 5}})
    assert is_random(scenario.edits[0]) == random
    said = "nothing in it is drawn, so its 5 draws are all the same. Chance is in withdraw, in scale, and in part."
    assert list(remarks_of(scenario)) == ([] if random else [said])


@pytest.mark.parametrize(("probability", "told"), [(0.5, True), ("1 - probability", True), (1, False)])
def test_who_withdraws_in_one_draw_alone_is_remarked(probability: float | str, told: bool) -> None:
    edit = {"edit": "withdraw", "sheet": "Offers", "probability": probability}
    scenario = Scenario.model_validate({"name": "s", "question": "?", "edits": [edit]})
    assert any("drawn once alone" in remark for remark in remarks_of(scenario)) == told


def test_true_and_false_are_called_as_the_file_has_them() -> None:
    assert [case.name for case in cases(grid={"policy.placed_total": [True]}, with_base=False)] == ["placed_total=true"]


def test_how_many_plans_is_known_where_no_rows_are_read() -> None:
    variants = [{"name": "v"}, {"name": "w"}]
    known: dict[str, Any] = {"variants": variants, "grid": {"limit": [45, 60, 90]}, "draws": {"number": 2}}
    # The base as it is, and two variants with three values, each drawn twice.
    assert number_of_cases(Scenario.model_validate({"name": "s", "question": "?"} | known)) == 13 == len(cases(**known))
    read = {"grid": {"x": {"sheet": "Offers", "column": "agency"}}}
    assert number_of_cases(Scenario.model_validate({"name": "s", "question": "?"} | read)) is None
