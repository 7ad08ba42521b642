"""A scenario to its cases: variants, every combination of its grid, every draw."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from pydantic import TypeAdapter, ValidationError

from allocator.reading.sheets_record import SHEETS
from allocator.settling.policy_keys import as_text
from models.register import Register
from scenarios.errors import EditError
from scenarios.model import AS_IT_IS, Case, Edit, FromRows, Scenario, Value, Variant
from scenarios.selecting import column_of, selected

_POLICY = "policy."
_BRACES = re.compile(r"\{(\w+)\}")
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
    return tuple(made)


def _combinations(grid: Mapping[str, tuple[Value, ...] | FromRows], register: Register) -> Iterator[dict[str, Value]]:
    lists = [_values(values, register) for values in grid.values()]
    for combination in product(*lists):
        yield dict(zip(grid, combination, strict=True))


def _values(values: tuple[Value, ...] | FromRows, register: Register) -> tuple[Value, ...]:
    if not isinstance(values, FromRows):
        return values
    rows = selected(register, values.sheet, values.where)
    found = dict.fromkeys(row.get(column_of(SHEETS[values.sheet], values.column).name) for row in rows)
    found.pop(None, None)
    if not found:
        raise EditError(f"grid: no row of {values.sheet} has {values.column} and {values.where or 'anything'}.")
    return tuple(v if isinstance(v, (str, int, float, bool)) else str(v) for v in found)


def _name(variant: str, parameters: Mapping[str, Value]) -> str:
    said = ", ".join(f"{name.removeprefix(_POLICY)}={value}" for name, value in parameters.items())
    return ", ".join(filter(None, (variant, said)))


def _settings(policy: Mapping[str, Any], parameters: Mapping[str, Value]) -> dict[str, str]:
    given = {k.removeprefix(_POLICY): v for k, v in parameters.items() if k.startswith(_POLICY)}
    filled = {k: _put(v, parameters) for k, v in policy.items()}
    return {
        k: v if isinstance(v, str) else as_text(tuple(v) if isinstance(v, list) else v)
        for k, v in (filled | given).items()
    }


def _filled(edits: tuple[Edit, ...], parameters: Mapping[str, Value]) -> tuple[Edit, ...]:
    """The edits with every ``{parameter}`` replaced by its value."""
    if not parameters:
        return edits
    raw = [_put(edit.model_dump(), parameters) for edit in edits]
    try:
        return _EDITS.validate_python(raw)
    except ValidationError as error:
        raise EditError("; ".join(e["msg"] for e in error.errors())) from error


def _put(value: Any, parameters: Mapping[str, Value]) -> Any:
    if isinstance(value, str):
        whole = _BRACES.fullmatch(value)
        if whole and whole[1] in parameters:
            return parameters[whole[1]]

        def put(match: re.Match[str]) -> str:
            if match[1] not in parameters:
                raise EditError(
                    f"'{value}' names the parameter '{match[1]}'. Parameters: {', '.join(parameters) or 'none'}."
                )
            return str(parameters[match[1]])

        return _BRACES.sub(put, value)
    if isinstance(value, dict):
        return {k: _put(v, parameters) for k, v in value.items()}
    return tuple(_put(v, parameters) for v in value) if isinstance(value, (list, tuple)) else value
