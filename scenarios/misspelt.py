"""Names in a scenario that a base has not, where nothing else refuses them: an answer goes on without them."""

from collections.abc import Iterable, Iterator, Mapping

from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from allocator.views.facts import APART
from models.base import natural_key
from models.register import Register
from scenarios.checking import BRACES
from scenarios.edits import selections_of, with_implied
from scenarios.model import Condition, Edit, FromRows, Measure, Scenario, Where
from scenarios.selecting import Names, unknown_in

_PLACES = ("place", "places")
_VALUED = ("open_word", "open_words", *_PLACES)
"""Kinds of column into which a misspelt name may be typed: what other columns name must be listed."""
_APART = ("apprentice", "step_up")
"""Schemes whose students stand apart from their programme in figures."""


def misspelt(scenario: Scenario, register: Register) -> tuple[str, ...]:
    """What a scenario names that is not there, each in a sentence.

    A selection that finds nothing is an error where it is made; this is about names beside others, names of what is to
    be left out, selections that may be empty (those that something is near), and programmes of measures.

    Parameters
    ----------
    scenario
        With what it extends.
    register
        The base.
    """
    register = with_implied(register, ("Requests", "Agencies", "Teams"))
    names = Names(register)
    edits = (*scenario.edits, *(edit for variant in scenario.variants for edit in variant.edits))
    made = {fold(text) for edit in edits for text in _texts(getattr(edit, "values", {}).values())}
    found = [said for edit in edits for said in _of_edit(names, edit, made)]
    for values in scenario.grid.values():
        if isinstance(values, FromRows):
            found += _of_selection(names, values.sheet, values.where, made, may_be_empty=False)
    return tuple(dict.fromkeys((*found, *_of_measures(names, scenario.answer.measures))))


def _of_edit(names: Names, edit: Edit, made: set[str]) -> Iterator[str]:
    for _, sheet, where in selections_of(edit):
        yield from _of_selection(names, sheet, where, made, may_be_empty=edit.may_be_empty)
    if edit.edit in ("add", "set"):
        yield from _of_values(names, edit.sheet, edit.values)


def _of_values(names: Names, sheet: str, values: Mapping[str, object]) -> Iterator[str]:
    """Words and places that cells are to hold, and no other cell or list has: a place only if another one is near."""
    for name, value in values.items():
        column = SHEETS[sheet].by_name.get(name)
        if column is None or column.kind not in _VALUED:
            continue
        typed = tuple(text for text in _texts([value]) if text and not BRACES.search(text))
        for unknown in unknown_in(names, sheet, {name: typed}):
            if unknown.is_near or column.kind not in _PLACES:
                yield unknown.said


def _of_selection(names: Names, sheet: str, where: Where, made: set[str], *, may_be_empty: bool) -> Iterator[str]:
    for name, condition in where.items():
        if not may_be_empty and not isinstance(condition, tuple) and not str(condition).lstrip().startswith("!="):
            continue  # it finds nothing, and is refused
        known = _without(condition, made)
        for unknown in unknown_in(names, sheet, {name: known}):
            if unknown.is_near or not may_be_empty:
                yield unknown.said


def _without(condition: Condition, made: set[str]) -> Condition:
    """The names of a condition that are known already: not those in braces, nor those that edits bring."""
    several = condition if isinstance(condition, tuple) else (condition,)
    return tuple(
        one for one in several
        if not isinstance(one, str) or not (BRACES.search(one) or fold(one.removeprefix("!=").strip()) in made)
    )  # fmt: skip


def _of_measures(names: Names, measures: Iterable[Measure]) -> Iterator[str]:
    """Programmes that nobody is of, in figures: there apprentices and Step Up stand apart."""
    programmes = {p for p in names.known("Students", "programme") if names.lists.scheme(p) not in _APART}
    known = sorted({*programmes, *APART}, key=natural_key)
    folds = {fold(one) for one in known}
    for name in dict.fromkeys(name for measure in measures for name in measure.programmes):
        if fold(name) not in folds:
            near = did_you_mean(name, known) or f" There are: {', '.join(known)}."
            yield f"a measure is of the programme '{name}', which nobody is of.{near}"


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from (str(one).strip() for one in (value if isinstance(value, list | tuple) else str(value).split(";")))
