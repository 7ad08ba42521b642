"""The settings as people see them: every key with default, unit, range and meaning, read from the policy's fields."""

import functools
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from models.base import Record
from models.catalogue import ALWAYS_ON, OFF_BY_DEFAULT, RULE_BY_ID, RULE_IDS
from models.policy import Policy

BY_NAME = ("agency_part_percent", "days_a_week", "statutory_least")
"""Settings of one value for each programme (or university): also typed one by one, as ``days_a_week.BA``."""
_NOT_KEYS = frozenset(("rules_off", "rules_on"))
_FORMS = frozenset(("date", "list", "MM-DD", "name", "number", "word", "yes/no"))
"""Units of the policy that only repeat what kind of value it is; the range says that."""


class PolicyKey(Record):
    """A setting as people see it: key, default, unit, what it may be, the rule that owns it, what it means.

    ``unit`` and ``rule`` are ``-`` where there is none.
    """

    key: str
    default: str
    unit: str
    range: str
    rule: str
    meaning: str


@functools.cache
def policy_keys() -> tuple[PolicyKey, ...]:
    """Every setting, in the policy's order, then a switch for every rule that can be switched.

    Returns
    -------
    tuple of PolicyKey
        For ``placements policy`` and for the messages about settings.
    """
    keys = [_key_of(name) for name in Policy.model_fields if name not in _NOT_KEYS]
    for rule in RULE_IDS:
        if rule not in ALWAYS_ON:
            keys.append(
                PolicyKey(
                    key=f"rule.{rule}",
                    default="off" if rule in OFF_BY_DEFAULT else "on",
                    unit="-",
                    rule=rule,
                    range="on, off",
                    meaning=RULE_BY_ID[rule].title,
                )
            )
    return tuple(keys)


def as_text(value: Any) -> str:
    """A setting's value as it is typed on the Policy sheet.

    Parameters
    ----------
    value
        A value of a policy field.

    Returns
    -------
    str
        ``none`` for no value, ``yes`` or ``no``, lists separated by ``;``.
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{k}={v}" for k, v in value.items()) or "none"
    if isinstance(value, tuple):
        return "; ".join(str(v) for v in value) or "none"
    return str(value)


def _key_of(name: str) -> PolicyKey:
    info = Policy.model_fields[name]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit = str(extra.get("unit", "-"))
    return PolicyKey(
        key=name,
        default="the day of the run" if name == "as_of" else as_text(info.default),
        unit="-" if unit in _FORMS else unit,
        range=_allowed(name),
        rule=str(extra.get("rule", "-")),
        meaning=info.description or "",
    )


def key_named(text: str) -> str | None:
    """A key as the policy spells it.

    Parameters
    ----------
    text
        As typed, whatever its capitals.

    Returns
    -------
    str or None
        None where there is no such key.
    """
    name = text.strip()
    setting, of = of_one_name(name)
    if setting is not None:
        return f"{setting}.{of}"
    return next((k.key for k in policy_keys() if k.key.casefold() == name.casefold()), None)


def of_one_name(key: str) -> tuple[str | None, str]:
    """The setting and the name in a key such as ``days_a_week.BA``.

    Parameters
    ----------
    key
        As typed, whatever its capitals.

    Returns
    -------
    tuple
        The setting, None where the key is no such one; and what stands behind the point.
    """
    before, _, name = key.partition(".")
    return next((s for s in BY_NAME if name and s == before.casefold()), None), name


def options(annotation: Any) -> tuple[str, ...]:
    """The words that a setting may be.

    Parameters
    ----------
    annotation
        Of the policy's field.

    Returns
    -------
    tuple of str
        None where it is not one of some words, or a list of them.
    """
    if get_origin(annotation) is Literal:
        return tuple(str(v) for v in get_args(annotation))
    return next((found for part in get_args(annotation) if (found := options(part))), ())


def _allowed(name: str) -> str:
    info = Policy.model_fields[name]
    words = options(info.annotation)
    if words:
        return ("a list of " if get_origin(info.annotation) is tuple else "") + ", ".join(words)
    if info.annotation is bool:
        return "yes, no"
    if name == "as_of":
        return "a date"
    if name == "year_starts":
        return "MM-DD, such as 09-01"
    if name == "days_a_week":
        return "a list such as BA=3; MSW=2.5"
    if name == "agency_part_percent":
        return "a list such as Northfield=50; BA=60"
    if name == "statutory_least":
        return "a list such as MSW=2; BA=1, each 0, 1 or 2"
    if name == "band_points":
        return "four whole numbers, greatest first"
    if name in ("priority_weights", "own_educator_weights"):
        return "four whole numbers"
    if get_origin(info.annotation) is tuple:
        return "a list of whole numbers" if int in get_args(info.annotation) else "a list of words"
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    if low is not None:
        number = f"a whole number from {low} to {high}" if high is not None else f"a whole number, {low} or more"
        return number + (", or none" if info.default is not None and type(None) in get_args(info.annotation) else "")
    return "a whole number" if info.annotation is int else "text"
