"""What can be said of a scenario before there is a base: columns, settings, measures, kinds, parameters, draws."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import prod
from typing import Any

from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from allocator.settling.policy_keys import as_text, key_named, policy_keys
from allocator.settling.settings import refused_setting
from scenarios.edits.apply import selections_of, sheets_of
from scenarios.edits.changing import multiplies, percent_of, typed_into
from scenarios.edits.people import day_of
from scenarios.errors import EditError
from scenarios.kinds import DRAWS, NEEDS
from scenarios.measures import MEASURES, OF_AGENCIES
from scenarios.model import AS_IT_IS, Edit, FromRows, Measure, Scenario, Value, Where
from scenarios.selecting import check_condition
from scenarios.wording import Place, shown

POLICY = "policy."
MOST_CASES = 10_000
"""Cases that a grid may make, variants counted, draws not."""
BRACES = re.compile(r"\{(\w+)\}")
_PARAMETER = re.compile(r"\w+")
_ALWAYS = 100.0
_AGENCY = "agency"
_RECRUITED = "recruited_percent"
Found = Iterator[tuple[Place, str]]


def problems_of(own: Scenario, whole: Scenario, kinds: Collection[str] | None) -> Found:
    """Everything that is wrong with a scenario, each with its place in the file.

    Parameters
    ----------
    own
        As its file has it.
    whole
        With what it extends.
    kinds
        The kinds of answer that there are; None where nobody answers.
    """
    yield from _settings(own.policy, ("policy",))
    for number, edit in enumerate(own.edits):
        yield from _edit(edit, ("edits", number))
    for number, variant in enumerate(own.variants):
        yield from _settings(variant.policy, ("variants", number, "policy"))
        for of_variant, edit in enumerate(variant.edits):
            yield from _edit(edit, ("variants", number, "edits", of_variant))
    known = (*MEASURES, *OF_AGENCIES)
    for number, measure in enumerate(own.answer.measures):
        if measure.name not in known:
            near = did_you_mean(measure.name, known)
            place: Place = ("answer", "measures", number, "name")
            yield place, f"there is no measure '{measure.name}'.{near} Allowed: {', '.join(known)}."
        yield from _measure(measure, ("answer", "measures", number))
    kind = own.answer.kind
    if kinds is not None and kind not in kinds:
        near = did_you_mean(kind, kinds)
        yield ("answer", "kind"), f"there is no answer '{kind}'.{near} Allowed: {', '.join(kinds)}."
    if not own.question.strip():
        yield ("question",), "'question' is blank: it heads the answer."
    yield from _needs(own, whole)
    yield from _names(own, whole)
    yield from _grid(own)
    yield from _parameters(own, whole)


def _measure(measure: Measure, at: Place) -> Found:
    """What narrows a measure, and cannot."""
    schemes = SHEETS["Students"].by_name["scheme"].allowed
    if measure.scheme and measure.scheme not in schemes:
        near = did_you_mean(measure.scheme, schemes)
        yield (*at, "scheme"), f"there is no scheme '{measure.scheme}'.{near} Allowed: {', '.join(schemes)}."
    if measure.name in OF_AGENCIES:
        if measure.by != _AGENCY:
            yield at, f"the measure '{measure.name}' is of an agency each: write by = \"{_AGENCY}\"."
        for part in ("programmes", "scheme", "stage"):
            if getattr(measure, part):
                said = f"the measure '{measure.name}' is of all that an agency has in the year, and has no {part}."
                yield (*at, part), said


def _needs(own: Scenario, whole: Scenario) -> Found:
    """What the kind of answer needs, and has not."""
    kind, needs = whole.answer.kind, NEEDS.get(whole.answer.kind)
    if needs is None:
        return
    if whole.draws is not None and kind != DRAWS:
        said = f"the answer '{kind}' has no room for draws. Write kind = \"{DRAWS}\", or leave draws out."
        yield ("answer", "kind"), said
    measures = whole.answer.measures
    right = len(measures) >= len(needs.measures) and all(
        measure.by == by for measure, by in zip(measures, needs.measures, strict=False)
    )
    if not right:
        wanted = " and ".join(
            f"{which} with {f'by = {by!r}'.replace(chr(39), chr(34)) if by else 'no by'}"
            for which, by in zip(("a first one", "a second one"), needs.measures, strict=False)
        )
        yield ("answer", "measures"), f"the answer '{kind}' needs measures: {wanted}."
    if len(whole.grid) < needs.grid:
        yield ("answer", "kind"), f"the answer '{kind}' needs a grid of {needs.grid} parameters or more."
    for name, word in own.answer.words.items():
        at: Place = ("answer", "words", name)
        if needs.words is not None and name not in needs.words:
            near = did_you_mean(name, needs.words)
            allowed = f"Allowed: {', '.join(needs.words)}." if needs.words else "It has none."
            yield at, f"the answer '{kind}' has no word '{name}'.{near} {allowed}"
        elif name == _RECRUITED and not (word.isdecimal() and 0 < int(word) <= _ALWAYS):
            yield at, f"'{shown(at)}' is '{word}', and must be a whole number from 1 to 100."


def remarks_of(scenario: Scenario) -> Iterator[str]:
    """What is allowed, and probably not meant."""
    edits = (*scenario.edits, *(edit for variant in scenario.variants for edit in variant.edits))
    if scenario.draws is not None and scenario.draws.number > 1 and not any(map(is_random, edits)):
        yield (
            f"nothing in it is drawn, so its {scenario.draws.number} draws are all the same. "
            "Chance is in withdraw, in scale, and in part."
        )
    if scenario.draws is None and any(edit.edit == "withdraw" and edit.probability not in (0, 1) for edit in edits):
        yield "who withdraws is drawn once alone, and another draw may say something else: ask for [draws]."


def is_random(edit: Edit) -> bool:
    """Whether an edit may change other rows in another draw."""
    if edit.edit == "withdraw":
        return True
    part = edit.percent if edit.edit == "scale" else edit.part if edit.edit in ("set", "qualify") else _ALWAYS
    return isinstance(part, str) or part % _ALWAYS != 0


def _settings(policy: Mapping[str, Any], at: Place) -> Found:
    for name, value in policy.items():
        yield from _setting(name, (value,), (*at, name))


def _setting(name: str, values: Iterable[Any], at: Place) -> Found:
    """A setting with all values that it is given; those with a parameter in them are known later."""
    if key_named(name) is None:
        near = did_you_mean(name, [key.key for key in policy_keys()])
        yield at, f"there is no setting '{name}'.{near} `placements policy` lists them."
        return
    for value in values:
        said = "" if _open(value) else refused_setting(name, setting_text(value))
        if said:
            yield at, f"'{shown(at)}' is {setting_text(value)!r}; {said}"


def setting_text(value: Any) -> str:
    """What a scenario gives as a setting, as it is typed on the Policy sheet."""
    return value if isinstance(value, str) else as_text(tuple(value) if isinstance(value, list) else value)


def _edit(edit: Edit, at: Place) -> Found:
    """An edit whose cells, columns, days and percentages can be judged without a base."""
    sheet = next(iter(sheets_of(edit)), "")
    for part, of_sheet, where in selections_of(edit):
        yield from _where(of_sheet, where, (*at, part))
    if edit.edit == "add" and edit.each_team is not None:
        for part in sorted({"like", "number"} & edit.model_fields_set):
            yield (*at, part), f"'{shown((*at, part))}': each_team adds one offer for each team. Leave {part} out."
    if edit.edit == "set" and not edit.values:
        yield (*at, "values"), f"'{shown((*at, 'values'))}' is empty, so nothing would be set."
    for name, value in getattr(edit, "values", {}).items():
        if edit.edit == "add" and multiplies(value):
            yield (*at, "values", name), f"'{shown((*at, 'values', name))}': a new row holds nothing to multiply."
        elif not _open(value):
            yield from _judged(
                (*at, "values", name), lambda name=name, value=value: typed_into(None, sheet, name, value)
            )
        elif name not in SHEETS[sheet].by_name:
            yield from _judged((*at, "values", name), lambda name=name: typed_into(None, sheet, name, ""))
    for part in ("percent", "part"):
        value = getattr(edit, part, None)
        if isinstance(value, str) and not _open(value):
            yield from _judged((*at, part), lambda value=value: percent_of(value))
    for part in ("on", "until"):
        value = getattr(edit, part, "")
        if value and not _open(value):
            yield from _judged((*at, part), lambda value=value: day_of(value, date.min))


def _judged(at: Place, judge: Any) -> Found:
    try:
        judge()
    except EditError as error:
        yield at, f"'{shown(at)}': {error}"


def _where(sheet: str, where: Where, at: Place) -> Found:
    for name, condition in where.items():
        given = tuple(one for one in (condition if isinstance(condition, tuple) else (condition,)) if not _open(one))
        yield from _judged((*at, name), lambda name=name, given=given: check_condition(sheet, name, given))


def _open(value: Any) -> bool:
    """Whether a parameter is put in, so that the value is not known yet."""
    if isinstance(value, (list, tuple)):
        return any(map(_open, value))
    return isinstance(value, str) and BRACES.search(value) is not None


def _names(own: Scenario, whole: Scenario) -> Found:
    for number, variant in enumerate(own.variants):
        if variant.name in [other.name for other in own.variants[:number]]:
            yield ("variants", number, "name"), f"two variants are named '{variant.name}'."
        if not variant.name.strip():
            yield ("variants", number, "name"), f"'variants[{number + 1}].name' is blank: a case needs a name."
        elif variant.name == AS_IT_IS and whole.with_base:
            yield (
                ("variants", number, "name"),
                f"'{AS_IT_IS}' is the case that changes nothing: name the variant otherwise.",
            )


def _twice(name: str, values: Sequence[Value]) -> Iterator[str]:
    """That a value would be solved twice, however it is spelt: ``1`` and ``1.0``."""
    spelt: dict[str, dict[str, None]] = {}
    number = Counter(map(_as_one, values))
    for value in values:
        spelt.setdefault(_as_one(value), {})[str(value)] = None
    several = [" and ".join(spelt[key]) for key, times in number.items() if times > 1 and len(spelt[key]) > 1]
    twice = sorted(key for key, times in number.items() if times > 1 and len(spelt[key]) == 1)
    if twice:
        yield f"'grid.{name}' has {' and '.join(twice)} twice."
    yield from (f"'grid.{name}' has {both}, which are one value. Leave one out." for both in several)


def _as_one(value: Value) -> str:
    """Equal values in one spelling; text stays, as an id may look like a number."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _grid(own: Scenario) -> Found:
    for name, values in own.grid.items():
        at: Place = ("grid", name)
        if name.startswith(POLICY):
            yield from _setting(name.removeprefix(POLICY), () if isinstance(values, FromRows) else values, at)
        elif not _PARAMETER.fullmatch(name):
            yield (
                at,
                f"'{name}' cannot be put in braces. A parameter is letters, digits and _, or policy. and a setting.",
            )
        if isinstance(values, FromRows):
            column = values.column
            yield from _judged((*at, "column"), lambda v=values, c=column: typed_into(None, v.sheet, c, ""))
            yield from _where(values.sheet, values.where, (*at, "where"))
            continue
        if not values:
            yield at, f"'grid.{name}' has no values, so there would be no case."
        yield from ((at, said) for said in _twice(name, values))
    number = prod(len(v) for v in own.grid.values() if not isinstance(v, FromRows)) * max(1, len(own.variants))
    if number > MOST_CASES:
        yield ("grid",), f"the grid makes {number:,} cases. At most {MOST_CASES:,} are run: give fewer values."


def _parameters(own: Scenario, whole: Scenario) -> Found:
    """Parameters that nobody uses, and braces that name none."""
    places: dict[Place, set[str]] = {}
    for number, edit in enumerate(own.edits):
        places["edits", number] = named_in(edit.model_dump())
    for number, variant in enumerate(own.variants):
        for of_variant, edit in enumerate(variant.edits):
            places["variants", number, "edits", of_variant] = named_in(edit.model_dump())
        places["variants", number, "policy"] = named_in(variant.policy)
    places["policy",] = named_in(own.policy)
    everything = {
        *named_in([edit.model_dump() for edit in whole.edits]), *named_in(whole.policy),
        *named_in([variant.model_dump() for variant in whole.variants]),
    }  # fmt: skip
    here = set().union(*places.values())
    places["extends",] = everything - here
    for place, names in places.items():
        for name in sorted(names - set(whole.grid)):
            known = [parameter for parameter in whole.grid if not parameter.startswith(POLICY)]
            near = did_you_mean(name, known)
            yield place, f"'{{{name}}}' names no parameter of the grid.{near} Parameters: {', '.join(known) or 'none'}."
    for name in own.grid:
        if _PARAMETER.fullmatch(name) and name not in everything:
            near = did_you_mean(name, everything)
            yield (
                ("grid", name),
                f"nothing uses the parameter '{name}'. Write {{{name}}} in an edit or a setting.{near}",
            )


def named_in(value: Any) -> set[str]:
    """The parameters that braces name, however deep."""
    if isinstance(value, Mapping):
        return set().union(*map(named_in, value.values()))
    if isinstance(value, (list, tuple)):
        return set().union(*map(named_in, value))
    return set(BRACES.findall(value)) if isinstance(value, str) else set()
