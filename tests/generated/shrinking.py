"""Makes a failing dataset small: rows go, fields become dull, the policy becomes the default, while it still fails."""

from collections.abc import Callable, Iterator
from typing import Any

from models.base import Record
from models.dataset import Dataset
from models.policy import Policy
from tests.generated.consistency import problems

Case = tuple[Dataset, Policy]
COLLECTIONS = tuple(name for name in Dataset.model_fields if name not in ("issues", "words", "calendar"))


def shrink(case: Case, fails: Callable[[Dataset, Policy], bool], tries: int = 2_000) -> Case:
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
    smaller = True
    while smaller:
        smaller = False
        for attempt in _simpler(*case):
            tries -= 1
            if tries < 0:
                return case
            if fails(*attempt):
                case, smaller = attempt, True
                break
    return case


def _simpler(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for name in COLLECTIONS:
        rows = getattr(dataset, name)
        for i in range(len(rows)):
            yield from _if_consistent(dataset, policy, name, (*rows[:i], *rows[i + 1 :]))
    for field in _filled(policy):
        if field != "as_of":
            yield dataset, Policy.model_construct(**{**dict(policy), field: Policy.model_fields[field].default})
    for name in COLLECTIONS:
        rows = getattr(dataset, name)
        for i, row in enumerate(rows):
            if isinstance(row, Record):
                for field in _filled(row):
                    dull = row.model_copy(update={field: type(row).model_fields[field].get_default()})
                    yield from _if_consistent(dataset, policy, name, (*rows[:i], dull, *rows[i + 1 :]))


def _if_consistent(dataset: Dataset, policy: Policy, name: str, rows: tuple[Any, ...]) -> Iterator[Case]:
    changed = Dataset(**{c: getattr(dataset, c) for c in COLLECTIONS} | {name: rows})
    if not problems(changed):
        yield changed, policy


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
