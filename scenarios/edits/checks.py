"""What every edit asks first: the rows that it is about, and whether what it names is listed."""

from collections.abc import Mapping
from typing import Any

from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from allocator.settling.educators import UNIVERSITY
from models.register import Register, Row
from scenarios.edits.changing import multiplies, typed_into
from scenarios.errors import EditError
from scenarios.model import Where
from scenarios.selecting import Names, nothing_found, selected


def found(register: Register, names: Names, sheet: str, where: Where, empty: bool) -> tuple[Row, ...]:
    """The rows that an edit is about.

    Raises
    ------
    EditError
        There are none, and the edit does not say that there may be none.
    """
    rows = selected(register, sheet, where, names)
    if not rows and not empty:
        raise EditError(f"{nothing_found(names, sheet, where)} Mend the selection, or write may_be_empty = true.")
    return rows


def added_values(names: Names, sheet: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What cells of a new row hold; see :func:`listed_values`.

    Raises
    ------
    EditError
        As there; or one is to be multiplied, and a new row has no number yet.
    """
    times = next((name for name, value in typed.items() if multiplies(value)), None)
    if times is not None:
        raise EditError(f"{sheet}.{times}: '{typed[times]}' multiplies what a cell holds, and a new row holds nothing.")
    return listed_values(names, sheet, typed)


def listed_values(names: Names, sheet: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What cells hold after somebody types into them; what they name must be listed.

    Settling would set aside a row that names an agency which is not there, and the answer would be that of others.

    Raises
    ------
    EditError
        A column cannot hold a value, or an agency, offer, PE, student or round is not listed.
    """
    values = {name: typed_into(None, sheet, name, value) for name, value in typed.items()}
    for name, value in values.items():
        kind = names.sheet_of(name)
        if kind is None or SHEETS[sheet].by_name[name].kind in ("id", "educators") or not names.rows(kind):
            continue
        listed = names.directory(kind)
        for text in value if isinstance(value, tuple) else (value,):
            known = name == "practice_assessor" and text == UNIVERSITY
            if isinstance(text, str) and not known and listed.find(text) is None:
                near = did_you_mean(text, sorted(listed.ids))
                raise EditError(f"{sheet}.{name}: '{text}' is not on {kind}.{near}")
    return values
