"""Makes a failing dataset small: rows go, fields become dull, the policy becomes the default, while it still fails."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from models.base import Record
from models.dataset import Dataset
from models.policy import Policy
from tests.generated.consistency import problems

Case = tuple[Dataset, Policy]
COLLECTIONS = tuple(name for name in Dataset.model_fields if name not in ("issues", "words", "calendar"))


def shrink(case: Case, fails: Callable[[Dataset, Policy], bool], tries: int) -> Case:
    """A smaller case that still fails.

    Parameters
    ----------
    case
        One that fails.
    fails
        Whether a case shows the same fault; called at most ``tries`` times.
    tries
        Most cases that are tried.

    Returns
    -------
    tuple of Dataset and Policy
        No single simpler step of it fails, unless the tries ran out.
    """
    left = tries
    smaller = True
    while smaller and left > 0:
        smaller = False
        for step in _steps(case):
            attempt = step(case)
            if attempt is None or left <= 0:
                continue
            left -= 1
            if fails(*attempt):
                case, smaller = attempt, True
    return case


Step = Callable[[Case], Case | None]


def _steps(case: Case) -> Iterator[Step]:
    """Ways to make a case simpler: without a row (last rows first), without a setting, with a dull field.

    A step says None where it no longer applies, because an earlier one was taken.
    """
    dataset, policy = case
    for name in COLLECTIONS:
        for i in reversed(range(len(getattr(dataset, name)))):
            yield partial(_without_row, name=name, position=i)
    for field in _filled(policy):
        if field != "as_of":
            yield partial(_with_default, field=field)
    for name in COLLECTIONS:
        for i, row in enumerate(getattr(dataset, name)):
            if isinstance(row, Record):
                for field in _filled(row):
                    yield partial(_with_dull_field, name=name, position=i, field=field)


def _without_row(case: Case, name: str, position: int) -> Case | None:
    rows = getattr(case[0], name)
    return _changed(case, name, (*rows[:position], *rows[position + 1 :])) if position < len(rows) else None


def _with_default(case: Case, field: str) -> Case | None:
    default = Policy.model_fields[field].get_default()
    return case[0], Policy.model_construct(**{**dict(case[1]), field: default})


def _with_dull_field(case: Case, name: str, position: int, field: str) -> Case | None:
    rows = getattr(case[0], name)
    if position >= len(rows) or field not in _filled(rows[position]):
        return None
    dull = rows[position].model_copy(update={field: type(rows[position]).model_fields[field].get_default()})
    return _changed(case, name, (*rows[:position], dull, *rows[position + 1 :]))


def _changed(case: Case, name: str, rows: tuple[Any, ...]) -> Case | None:
    changed = Dataset(**{c: getattr(case[0], c) for c in COLLECTIONS} | {name: rows})
    return None if problems(changed) else (changed, case[1])


def _filled(record: Record) -> list[str]:
    """Fields with a default that hold something else."""
    return [
        name
        for name, info in type(record).model_fields.items()
        if not info.is_required() and getattr(record, name) != info.get_default()
    ]


def describe(dataset: Dataset, policy: Policy) -> str:
    """The facts that differ from the defaults, one record a line."""
    lines = [_line(policy)]
    for name in COLLECTIONS:
        rows = getattr(dataset, name)
        lines += [f"{name}:"] * bool(rows)
        lines += [f"  {_line(row) if isinstance(row, Record) else row}" for row in rows]
    return "\n".join(lines)


def _line(record: Record) -> str:
    required = [name for name, info in type(record).model_fields.items() if info.is_required()]
    told = [*required, *_filled(record)]
    facts = (f"{name}={_short(getattr(record, name))}" for name in told)
    return f"{type(record).__name__}({', '.join(facts)})"


def _short(value: Any) -> str:
    if isinstance(value, Record):
        return _line(value)
    if isinstance(value, tuple):
        return f"({', '.join(_short(v) for v in value)}{',' * (len(value) == 1)})"
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)
