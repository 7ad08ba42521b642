"""What is wrong with the contents of a scenario file, in words that a person understands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from allocator.reading.spelling import did_you_mean
from scenarios import model
from scenarios.model import Scenario

EDITS: dict[str, type[BaseModel]] = {
    get_args(kind.model_fields["edit"].annotation)[0]: kind for kind in get_args(get_args(model.Edit)[0])
}
"""Every kind of edit by its name."""
_TABLES: Mapping[str, type[BaseModel]] = {
    "answer": model.AnswerSpec, "measures": model.Measure, "draws": model.Draws, "variants": model.Variant,
    "grid": model.FromRows,
}  # fmt: skip
"""The tables of a scenario by the name under which they stand."""
_EXPECTED: Mapping[str, str] = {
    "string": "a text in quotation marks", "int": "a whole number", "float": "a number", "bool": "true or false",
    "tuple": "a list in square brackets", "list": "a list in square brackets",
    "dict": "a table, such as { a = 1 }", "finite": "a finite number",
    "model": "a table, such as { a = 1 }",
}  # fmt: skip
"""The beginning of the name of an error about a type, and what is expected."""
_BOUNDS: Mapping[str, str] = {
    "greater_than_equal": "at least {ge:g}", "less_than_equal": "at most {le:g}", "greater_than": "more than {gt:g}",
    "less_than": "less than {lt:g}",
}  # fmt: skip
Place = tuple[str | int, ...]
"""Where something stands in a file: names of tables and keys, numbers of entries from 0."""


def path_in(content: Any, loc: Place) -> Place:
    """The part of an error's place that stands in the file; the last part may be what is missing there."""
    path: list[str | int] = []
    here = content
    for number, part in enumerate(loc):
        inside = isinstance(here, dict) and part in here
        listed = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if inside or listed:
            path.append(part)
            here = here[part]
        elif number == len(loc) - 1 and isinstance(here, dict) and isinstance(part, str) and _is_field(part):
            path.append(part)
    return tuple(path)


def _is_field(name: str) -> bool:
    kinds: tuple[type[BaseModel], ...] = (Scenario, *_TABLES.values(), *EDITS.values())
    return any(name in kind.model_fields for kind in kinds)


def shown(path: Place) -> str:
    """A place in a file as people count: ``edits[2].where``."""
    said = ""
    for part in path:
        said += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if said else part
    return said


Error = Mapping[str, Any]
"""As pydantic tells one."""


def problems_in(content: Mapping[str, Any], errors: Sequence[Error]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the content of a file, each thing once, with its place.

    Parameters
    ----------
    content
        As it was read.
    errors
        Where something may be of several types there is one for each of them.
    """
    places = [path_in(content, tuple(error["loc"])) for error in errors]
    grouped: dict[Place, list[Error]] = {}
    for place, error in zip(places, errors, strict=True):
        deeper = any(len(other) > len(place) and other[: len(place)] == place for other in places)
        if not (deeper and _is_about_type(error)):
            grouped.setdefault(place, []).append(error)
    for place, found in grouped.items():
        of_type = [error for error in found if _is_about_type(error)]
        for error in found:
            if error not in of_type:
                yield place, _said(error, place)
        bounds = [error for error in of_type if error["type"] in _BOUNDS]
        if of_type and len(of_type) == len(found):
            expected = dict.fromkeys(text for error in bounds or of_type for text in _expected(error))
            yield place, f"'{shown(place)}' is {_typed(of_type[0]['input'])}, and must be {' or '.join(expected)}."


def _is_about_type(error: Error) -> bool:
    return error["type"] not in _NAMED


_NAMED = frozenset(("extra_forbidden", "missing", "union_tag_invalid", "union_tag_not_found", "value_error"))


def _said(found: Error, at: Place) -> str:
    name, kind, loc = shown(at), str(found["type"]), tuple(found["loc"])
    if kind == "extra_forbidden":
        allowed = _fields(at, loc)
        return f"unknown '{name}'.{did_you_mean(str(at[-1]), allowed)} Allowed: {', '.join(allowed)}."
    if kind == "missing":
        return f"'{name}' is missing."
    if kind == "union_tag_invalid":
        tag, allowed = str(found["ctx"]["tag"]), sorted(EDITS)
        return f"'{name}': there is no edit '{tag}'.{did_you_mean(tag, allowed)} Allowed: {', '.join(allowed)}."
    if kind == "union_tag_not_found":
        return f"'{name}' does not say which edit it is. Write edit = \"remove\", for example."
    return f"'{name}': " * bool(name) + f"{found['msg'].removeprefix('Value error, ')}."


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)


def _expected(found: Error) -> list[str]:
    kind, context = str(found["type"]), found.get("ctx", {})
    if kind == "literal_error":
        allowed = [word.strip().strip("'") for word in re.split(r",| or ", str(context["expected"]))]
        near = did_you_mean(str(found["input"]), allowed).strip()
        return [f"{', '.join(word or 'blank' for word in allowed)}" + (f" ({near})" if near else "")]
    if kind in _BOUNDS:
        return [_BOUNDS[kind].format(**context)]
    if kind == "string_pattern_mismatch":
        return ["of small letters, digits, - and _ alone, and begin with a letter or digit"]
    expected = _EXPECTED.get(kind.split("_", maxsplit=1)[0])
    return [] if kind == "none_required" else [expected or "something else"]


def _fields(at: Place, loc: Place) -> list[str]:
    """The names that are allowed where an unknown one was found."""
    tag = next((str(part) for part in reversed(loc) if part in EDITS), None)
    if tag is not None:
        return list(EDITS[tag].model_fields)
    for part in reversed(at[:-1]):
        if part in _TABLES:
            return list(_TABLES[str(part)].model_fields)
    return list(Scenario.model_fields)
