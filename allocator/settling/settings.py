"""The policy from its sheet, from TOML and from ``--set``."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from allocator.reading.collecting import Collector
from allocator.reading.dates import read_date
from allocator.reading.folding import fold
from allocator.reading.spelling import closest, did_you_mean
from allocator.reading.tables import Table
from allocator.settling.directories import Directory
from allocator.settling.draft import one_spelling
from allocator.settling.policy_keys import BY_NAME, as_text, key_named, of_one_name, options, policy_keys
from allocator.settling.repeats import repeated
from models.catalogue import ALWAYS_ON, OFF_BY_DEFAULT
from models.errors import PolicyError, UsageError
from models.policy import Policy, group_of
from models.register import Row

_ON, _OFF = {"on", "yes", "true", "1"}, {"off", "no", "false", "0"}
_DAYS = re.compile(r"\d(\.\d+)?")
_WHOLE = re.compile(r"[0-9]{1,3}")


def _parse(name: str, raw: Any) -> Any:
    """A typed value of a setting; raises ValueError where the text cannot be one."""
    annotation = Policy.model_fields[name].annotation
    if name == "as_of":
        return read_date(raw, False)[0] or _refuse()
    if isinstance(raw, datetime | date):
        # A workbook turns 09-01 into a date of this year; which of the two is the month is then lost.
        _refuse()
    text = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw).strip()
    if isinstance(raw, float) and raw.is_integer():
        text = str(int(raw))
    if annotation is bool:
        return True if text.casefold() in _ON else False if text.casefold() in _OFF else _refuse()
    parts = [p.strip() for p in text.replace(",", ";").split(";") if p.strip()]
    if text.casefold() in {"none", "no limit"} and name not in {"university", "tiers"}:
        return {} if name in BY_NAME else () if get_origin(annotation) is tuple else None
    if name in BY_NAME:
        pairs = [p.partition("=") for p in parts]
        names = {fold(k) for k, _, _ in pairs}
        if len(names) < len(pairs) or "" in names:
            _refuse()
        return {k.strip(): _NUMBERS[name](v) for k, _, v in pairs}
    if get_origin(annotation) is tuple:
        if int in get_args(annotation):
            numbers = tuple(int(p) for p in parts)
            falling = name != "band_points" or list(numbers) == sorted(numbers, reverse=True)
            return numbers if falling and min(numbers, default=0) >= 0 else _refuse()
        if name == "tiers" and not parts:
            _refuse()  # without a tier every plan is as good as none
        return tuple(p.casefold() if options(annotation) else p for p in parts)
    if name == "year_starts":
        date.fromisoformat(f"2001-{text}")  # no leap year: the day must be one of every year
    if name.endswith("_percent"):
        return text.removesuffix("%").strip()
    return text.casefold() if options(annotation) else text


def _days(text: str) -> Decimal:
    """Days a week without the zeros behind them, so that equal settings are equal policies."""
    if not _DAYS.fullmatch(text.strip()):
        _refuse()
    days = Decimal(text.strip())
    return (Decimal(int(days)) if days == int(days) else days.normalize()) if 1 <= days <= 5 else _refuse()


def _percent(text: str) -> int:
    number = text.strip().removesuffix("%").strip()
    return int(number) if _WHOLE.fullmatch(number) and int(number) <= 100 else _refuse()


def _of_two(text: str) -> int:
    return int(text) if text.strip() in ("0", "1", "2") else _refuse()


_NUMBERS = {"days_a_week": _days, "agency_part_percent": _percent, "statutory_least": _of_two}
_ONE_NUMBER = {
    "days_a_week": {"default": "5", "allowed": "a number from 1 to 5"},
    "agency_part_percent": {"default": "no part", "allowed": "a whole number from 0 to 100"},
    "statutory_least": {"default": "1", "allowed": "0, 1 or 2"},
}
"""How one of the numbers of a setting by name is typed."""
_BINDING: dict[str, Callable[[Any, Any], Any]] = {"days_a_week": min, "statutory_least": max}
"""Settings by programme that bind, and which of two numbers of one programme, once both are spelt right, does."""
_UNNAMED = {"statutory_least": 1}
"""The number of a programme that such a setting does not name, where there is one."""


def _refuse() -> Any:
    raise ValueError("not a value of this setting")


class _Settings:
    """Settings taken one by one, so that each bad one is named and the others hold."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.switched: dict[str, bool] = {}

    def problem(self, key: str, raw: Any) -> tuple[str, dict[str, Any]] | None:
        """Take a setting; if it cannot be taken, the code of the problem and the words of its message."""
        known = {k.key: k for k in policy_keys()}
        name = key_named(key) or key
        setting, of = of_one_name(name)
        if setting is not None:
            merged = dict(self.values.get(setting, {}))
            try:
                self.values[setting] = merged | _parse(setting, f"{of}={raw}")
            except ValueError:
                return "V602", {"found": raw, "subject": key, "suggestion": "", **_ONE_NUMBER[setting]}
            return None
        if name not in known:
            hint = ""
            if name.startswith("rule.") and name.removeprefix("rule.") in ALWAYS_ON:
                hint = " This rule cannot be switched."
            return "V601", {"found": key, "suggestion": hint or did_you_mean(key, known)}
        suggestion = (
            did_you_mean(str(raw), options(Policy.model_fields[name].annotation)) if name in Policy.model_fields else ""
        )
        refused = {
            "found": raw, "subject": name, "default": known[name].default, "allowed": known[name].range,
            "suggestion": suggestion,
        }  # fmt: skip
        if name.startswith("rule."):
            rule = name.removeprefix("rule.")
            text = ("on" if raw else "off") if isinstance(raw, bool) else str(raw).casefold()
            if text in _OFF | _ON:
                self.switched[rule] = text in _ON
                return None
            return "V602", refused
        try:
            value = _parse(name, raw)
            Policy.model_validate({name: value})
        except ValidationError as error:
            # A setting that does not fit the others' defaults may yet fit their values; it is judged at the end.
            if own := [e for e in error.errors() if e["loc"][:1] == (name,)]:
                why = own[0]["msg"].removeprefix("Value error, ")
                return ("V603" if own[0]["type"] == "value_error" else "V602"), refused | {"why": why}
        except (ValueError, OverflowError):
            return "V602", refused
        self.values[name] = value
        return None

    def problems(self, key: str, raw: Any) -> list[tuple[str, dict[str, Any]]]:
        """Take a setting of the sheet: of a list by name one bad part loses only itself."""
        name = key_named(key)
        parts = [p for part in str(raw).replace(",", ";").split(";") if (p := part.strip())]
        if name not in BY_NAME or len(parts) < 2:
            return [found] if (found := self.problem(key, raw)) else []
        names = [fold(part.partition("=")[0]) for part in parts]
        good: dict[str, Any] = {}
        bad: list[str] = []
        for part, folded in zip(parts, names, strict=True):
            try:
                good |= _parse(name, part) if names.count(folded) == 1 else _refuse()
            except ValueError:
                bad.append(part)
        if not good:
            return [found] if (found := self.problem(key, raw)) else []
        self.values[name] = good
        return [
            ("V602", {"found": part, "subject": name, "suggestion": "", **_ONE_NUMBER[name],
                      "allowed": f"each part as a name, '=' and {_ONE_NUMBER[name]['allowed']}, and each name once"})
            for part in bad
        ]  # fmt: skip

    def build(self) -> tuple[Policy, list[tuple[str, str]]]:
        """The policy, and the settings that had to be left out because they do not fit the others, with the reason."""
        left_out: list[tuple[str, str]] = []
        values = dict(self.values)
        switches = {
            "rules_off": tuple(r for r, on in self.switched.items() if not on and r not in OFF_BY_DEFAULT),
            "rules_on": tuple(r for r, on in self.switched.items() if on and r in OFF_BY_DEFAULT),
        }
        while True:
            try:
                return Policy.model_validate(values | switches), left_out
            except ValidationError as error:
                reason = error.errors()[0]["msg"].removeprefix("Value error, ")
                suspects = sorted(values, key=lambda name: (name not in reason.replace("'", " ").split(), name))
                left_out.append((suspects[0], reason))
                del values[suspects[0]]


def refused_setting(key: str, value: Any) -> str:
    """Why a setting cannot have a value, whatever the others are; blank where it can."""
    found = _Settings().problem(key, value)
    return _said(*found) if found else ""


def _said(code: str, words: Mapping[str, Any]) -> str:
    return f"{_refusal(code, dict(words))}{words.get('suggestion', '')}"


def read_policy(table: Table | None, settings: Mapping[str, Any], today: date, collector: Collector) -> Policy:
    """The policy in force: defaults, then the Policy sheet, then ``settings``.

    Parameters
    ----------
    table
        The Policy sheet, if there is one; a row that cannot be used is reported and the default holds.
    settings
        Settings given for this run; these must all be right.
    today
        Fills ``as_of`` where it is blank.
    collector
        Takes the problems of the sheet.

    Returns
    -------
    Policy
        With ``as_of`` filled.

    Raises
    ------
    PolicyError
        A setting of ``settings`` is unknown, out of range, or does not fit the others.
    """
    taken = _Settings()
    rows: dict[str, Row] = {}
    for row in table.rows if table else ():
        if row.get("setting") is not None:
            row.values["setting"] = key_named(str(row.get("setting"))) or row.get("setting")
    if table:
        _one_spelling_of_keys(table)
        repeated(table, collector, {}, " Until then the default holds.")
    for row in sorted(table.rows if table else (), key=lambda r: r.content):
        key, value = row.get("setting"), row.get("value")
        if key is None or value is None:
            continue
        where: dict[str, Any] = {"sheet": "Policy", "row": row.number, "column": "value"}
        for code, words in taken.problems(str(key), value):
            collector.add(code, **where | words)
        rows[str(key).casefold()] = row
    wrong = [
        f"{key}={value}: {_said(*found)}" for key, value in settings.items() if (found := taken.problem(key, value))
    ]
    if wrong:
        raise PolicyError(" ".join(wrong))
    policy, left_out = taken.build()
    for name, reason in left_out:
        if name in settings or name not in rows:
            raise PolicyError(f"{name}={as_text(taken.values[name])}: {reason}")
        collector.add(
            "V603",
            sheet="Policy",
            row=rows[name].number,
            column="value",
            subject=name,
            found=as_text(taken.values[name]),
            why=reason,
        )
    if policy.independents_so_far > policy.placements_so_far:
        collector.add(
            "V604", sheet="Policy", row=rows["independents_so_far"].number if "independents_so_far" in rows else None,
            column="value", subject="independents_so_far", found=policy.independents_so_far,
            why=f"placements_so_far, of which they are a part, is {policy.placements_so_far}",
        )  # fmt: skip
    return policy.model_copy(update={"as_of": policy.as_of or today})


def _refusal(code: str, words: Mapping[str, Any]) -> str:
    if code == "V601":
        return "unknown setting."
    return f"{words['why']}." if code == "V603" else f"allowed: {words['allowed']}."


def _one_spelling_of_keys(table: Table) -> None:
    """Let the keys of one programme's days a week be one key, so that rows that differ are named."""
    rows = [row for row in table.rows if of_one_name(str(row.get("setting")))[0] is not None]
    keys = one_spelling(str(row.values["setting"]) for row in rows)
    for row in rows:
        row.values["setting"] = keys.find(str(row.values["setting"])) or row.values["setting"]


def with_listed_programmes(
    policy: Policy, programmes: Iterable[str], new: Iterable[str], collector: Collector
) -> Policy:
    """The policy with programmes spelt as on the list; others are reported and stay.

    Parameters
    ----------
    policy
        As read.
    programmes
        The words of the list.
    new
        Programmes of the sheets that are not listed; one of the policy's takes their spelling.
    collector
        Takes programmes that are not listed.

    Returns
    -------
    Policy
        The policy.
    """
    listed = Directory("Lists (programmes)", programmes)
    unlisted = Directory("Lists (programmes)", new)

    def settled(setting: str, name: str, binds: bool = False) -> str:
        found = listed.find(name)
        near = _meant(name, (listed, unlisted)) if found is None and binds else None
        if near is not None:
            where = "Lists (programmes)"
            collector.add("V320", sheet="Policy", column="value", found=name, near=near, where=where)
            return near
        if found is None:
            found = unlisted.find(name)
            collector.add(
                "V203",
                sheet="Policy",
                column="value",
                found=name,
                list="programmes",
                suggestion=_of_stage(listed, name) or listed.suggestion(name),
                subject=setting,
            )
        return found or name

    left_out = tuple(settled("programmes_left_out", p) for p in policy.programmes_left_out)
    groups = [group_of(g) for g in policy.two_statutory_for]
    first_for = tuple(" ".join(filter(None, (settled("two_statutory_for", p), stage))) for p, stage in groups)
    by_programme: dict[str, dict[str, Any]] = {}
    for setting, stricter in _BINDING.items():
        numbers: dict[str, Any] = {}
        for typed, number in getattr(policy, setting).items():
            # No rule is loosened by a guess.
            binds = stricter(number, _UNNAMED.get(setting, number)) == number
            programme = settled(setting, typed, binds)
            numbers[programme] = stricter(number, numbers.get(programme, number))
        by_programme[setting] = numbers
    return policy.model_copy(update={"programmes_left_out": left_out, "two_statutory_for": first_for, **by_programme})


def _meant(name: str, lists: tuple[Directory, ...]) -> str | None:
    """The programme that a name which no sheet has may mean: one slip away, else (short names) the one most like it."""
    alike = (*(d.near(name) for d in lists), *(d.vocabulary.closest(name) for d in lists))
    return next(filter(None, alike), None)


def _of_stage(programmes: Directory, name: str) -> str:
    """What a group may mean whose stage is misspelt ("MSW finals"); blank where it is none."""
    typed, _, stage = name.rpartition(" ")
    programme, meant = programmes.find(typed), closest(stage.casefold(), ("first", "final"))
    return f" Did you mean '{programme} {meant}'?" if programme and meant else ""


def read_policy_toml(path: Path) -> dict[str, str]:
    """Settings of a TOML file, to be given to ``read`` as ``settings``.

    Parameters
    ----------
    path
        A TOML file with the same keys as the Policy sheet, whatever their capitals; ``[rule]`` and settings by
        name, such as ``[days_a_week]``, may be tables.

    Returns
    -------
    dict
        Key to value, as ``--set`` would give them.

    Raises
    ------
    UsageError
        There is no such file.
    PolicyError
        It is not TOML, or a key is unknown.
    """
    try:
        with path.open("rb") as stream:
            data = tomllib.load(stream)
    except OSError as error:
        raise UsageError(f"the policy file '{path}' cannot be opened: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"'{path.name}' is not TOML: {error}") from error
    known = {k.key for k in policy_keys()}
    result: dict[str, str] = {}
    for key, value in data.items():
        nested = {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {key: value}
        for name, raw in nested.items():
            ours = key_named(name)
            if ours is None:
                near = closest(name, known)
                raise PolicyError(
                    f"'{path.name}': unknown setting '{name}'" + (f"; did you mean '{near}'?" if near else "")
                )
            result[ours] = as_text(tuple(raw) if isinstance(raw, list) else raw)
    return result
