"""Offers more, one for each team that has none yet for a stage and tranche."""

from typing import Any

from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from models.register import Register, Row
from scenarios.edits.changing import with_more
from scenarios.errors import EditError
from scenarios.model import Add, Where
from scenarios.selecting import selected, value_of

EITHER = "either"


def offers_of_teams(register: Register, edit: Add, teams: Where) -> tuple[Register, str]:
    """One offer for each selected team that offers nothing for the stage and tranche of the values.

    Parameters
    ----------
    register, edit
        As for every edit; the edit's values are those of each new offer.
    teams
        Which teams.

    Raises
    ------
    EditError
        It is not about Offers, or no team is selected.
    """
    if edit.sheet != "Offers":
        raise EditError(f"add: each_team is for Offers, not for {edit.sheet}.")
    rows = selected(register, "Teams", teams)
    if not rows and not edit.may_be_empty:
        raise EditError(f"add: no team is {teams}.")
    values = {name: value_of(SHEETS["Offers"], name, typed) for name, typed in edit.values.items()}
    have = {_team(row) for row in selected(register, "Offers", {}) if _serves(row, values, register)}
    made = [{"agency": row.get("agency"), "team": row.get("team")} | values for row in rows if _team(row) not in have]
    return with_more(register, "Offers", made), f"{len(made)} more on Offers, of {len(rows)} teams"


def _team(row: Row) -> tuple[str, str]:
    return fold(str(row.get("agency"))), fold(str(row.get("team")))


def _serves(row: Row, values: dict[str, Any], register: Register) -> bool:
    stage, wanted = row.get("stage") or EITHER, values.get("stage") or EITHER
    if stage != EITHER and wanted not in (EITHER, stage):
        return False
    return _tranche(row.get("tranche"), register) == _tranche(values.get("tranche"), register)


def _tranche(typed: Any, register: Register) -> str:
    """A tranche as it is compared; blank is the one being decided."""
    if typed is None:
        rows = selected(register, "Tranches", {"status": "deciding"})
        typed = rows[0].get("tranche") if rows else ""
    return fold(str(typed))
