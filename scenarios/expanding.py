"""A scenario to its cases: variants, every combination of its grid, every draw."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from pydantic import TypeAdapter, ValidationError

from allocator.reading.sheets_record import SHEETS
from models.register import Register
from scenarios.checking import BRACES, MOST_CASES, POLICY, setting_text
from scenarios.edits import with_implied
from scenarios.errors import EditError
from scenarios.model import AS_IT_IS, Case, Edit, FromRows, Scenario, Value, Variant
from scenarios.results import value_text
from scenarios.selecting import Names, column_of, nothing_found, selected
from scenarios.wording import problems_in

_EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])


def cases_of(scenario: Scenario, register: Register) -> tuple[Case, ...]:
    """Everything that a scenario asks to be solved on a base.

    Parameters
    ----------
    scenario
        With what it extends already in it.
    register
        The base, from which a grid may read its values.

    Returns
    -------
    tuple of Case
        The base as it is first, where it is asked for; then variants, each with every combination of the grid.

    Raises
    ------
    EditError
        A grid reads values that are not there, or braces name no parameter.
    """
    try:
        return _cases(scenario, register)
    except EditError as error:
        raise EditError(f"{scenario.name}: {error}") from None


def number_of_cases(scenario: Scenario) -> int | None:
    """How many plans a scenario takes on any base; None where that depends on its rows.

    Parameters
    ----------
    scenario
        With what it extends already in it.
    """
    if any(isinstance(values, FromRows) for values in scenario.grid.values()):
        return None
    return len(_cases(scenario, Register({})))


def _cases(scenario: Scenario, register: Register) -> tuple[Case, ...]:
    drawn = range(1, scenario.draws.number + 1) if scenario.draws else range(1)
    seed = scenario.draws.seed if scenario.draws else 1
    made = []
    if scenario.with_base:
        made.append(Case(scenario=scenario.name, name=AS_IT_IS, measures=scenario.answer.measures))
    plain = Variant(name="")
    for variant in scenario.variants or (plain,):
        for parameters in _combinations(scenario.grid, register):
            name = _name(variant.name, parameters)
            if not name and scenario.with_base and not scenario.edits and not scenario.policy and not scenario.draws:
                continue
            edits = _filled((*scenario.edits, *variant.edits), parameters)
            policy = _settings(dict(scenario.policy) | variant.policy, parameters)
            made += [
                Case(
                    scenario=scenario.name, name=name or scenario.name, parameters=parameters, draw=draw, seed=seed,
                    edits=edits, policy=policy, measures=scenario.answer.measures,
                )
                for draw in drawn
            ]  # fmt: skip
    twice = [key for key, times in Counter(case.key for case in made).items() if times > 1]
    if twice:
        raise EditError(f"two cases are named '{twice[0].partition('/')[2]}'. Name variants otherwise.")
    return tuple(made)


def _combinations(grid: Mapping[str, tuple[Value, ...] | FromRows], register: Register) -> Iterator[dict[str, Value]]:
    lists = [_values(values, register) for values in grid.values()]
    number = prod(map(len, lists))
    if number > MOST_CASES:
        raise EditError(f"the grid makes {number:,} cases. At most {MOST_CASES:,} are run: select fewer rows.")
    for combination in product(*lists):
        yield dict(zip(grid, combination, strict=True))


def _values(values: tuple[Value, ...] | FromRows, register: Register) -> tuple[Value, ...]:
    """The values of a parameter; those of rows each once, in one spelling, of lists every entry."""
    if not isinstance(values, FromRows):
        return values
    register = with_implied(register, (values.sheet,))
    names, column = Names(register), column_of(SHEETS[values.sheet], values.column).name
    rows = selected(register, values.sheet, values.where, names)
    cells = [one for row in rows for one in _each(row.get(column)) if one is not None]
    listed = [names.find(column, one) if isinstance(one, str) else one for one in cells]
    found: dict[Any, Any] = {}
    for one in listed:
        found.setdefault(names.key(values.sheet, column, one), one)
    if not found:
        why = "they are all blank." if rows else nothing_found(names, values.sheet, values.where)
        raise EditError(f"grid: {values.sheet}.{values.column} gives no values: {why}")
    return tuple(v if isinstance(v, (str, int, float, bool)) else _plain(v) for v in found.values())


def _each(cell: Any) -> tuple[Any, ...]:
    return cell if isinstance(cell, tuple) else (cell,)


def _plain(value: Any) -> Value:
    """A number or a day as results hold it."""
    return (
        float(value)
        if isinstance(value, Decimal) and value != int(value)
        else (int(value) if isinstance(value, Decimal) else str(value))
    )


def _name(variant: str, parameters: Mapping[str, Value]) -> str:
    said = ", ".join(f"{name.removeprefix(POLICY)}={value_text(value)}" for name, value in parameters.items())
    return ", ".join(filter(None, (variant, said)))


def _settings(policy: Mapping[str, Any], parameters: Mapping[str, Value]) -> dict[str, str]:
    given = {k.removeprefix(POLICY): v for k, v in parameters.items() if k.startswith(POLICY)}
    filled = {k: _put(v, parameters) for k, v in policy.items()}
    return {k: setting_text(v) for k, v in (filled | given).items()}


def _filled(edits: tuple[Edit, ...], parameters: Mapping[str, Value]) -> tuple[Edit, ...]:
    """The edits with every ``{parameter}`` replaced by its value."""
    if not parameters:
        return edits
    raw = [_put(edit.model_dump(), parameters) for edit in edits]
    try:
        return _EDITS.validate_python(raw)
    except ValidationError as error:
        errors = [{**one, "loc": ("edits", *one["loc"])} for one in error.errors()]
        said = (text for _, text in problems_in({"edits": raw}, errors))
        raise EditError(f"with {_name('', parameters)}: {' '.join(said)}") from error


def _put(value: Any, parameters: Mapping[str, Value]) -> Any:
    if isinstance(value, str):
        whole = BRACES.fullmatch(value)
        if whole and whole[1] in parameters:
            return parameters[whole[1]]

        def put(match: re.Match[str]) -> str:
            if match[1] not in parameters:
                raise EditError(
                    f"'{value}' names the parameter '{match[1]}'. Parameters: {', '.join(parameters) or 'none'}."
                )
            return str(parameters[match[1]])

        return BRACES.sub(put, value)
    if isinstance(value, dict):
        return {k: _put(v, parameters) for k, v in value.items()}
    return tuple(_put(v, parameters) for v in value) if isinstance(value, (list, tuple)) else value
