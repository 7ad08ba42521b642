"""Offers more, one for each team that has none yet for a stage and round."""

from allocator.views.words import counted
from models.register import Register, Row
from scenarios.edits.changing import At, name_of, row_of, with_fresh_ids, with_more
from scenarios.edits.checks import added_values, found
from scenarios.edits.rounds import Rounds
from scenarios.errors import EditError
from scenarios.model import Add, Where
from scenarios.selecting import Names

EITHER = "either"


def offers_of_teams(register: Register, edit: Add, teams: Where, at: At) -> tuple[Register, str]:
    """One offer for each selected team that offers nothing for the stage and round of the values.

    Parameters
    ----------
    register, edit, at
        As for every edit; the edit's values are those of each new offer.
    teams
        Which teams.

    Raises
    ------
    EditError
        It is not about Offers, or no team is selected.
    """
    if edit.sheet != "Offers":
        raise EditError(f"each_team is for Offers, not for {edit.sheet}.")
    names = Names(register)
    rounds = Rounds(names, at.as_of)
    rows = found(register, names, "Teams", teams, edit.may_be_empty)
    values = added_values(names, "Offers", edit.values)
    new = row_of(values)
    stage, tranche = new.get("stage") or EITHER, rounds.of(new)
    like = {stage, EITHER} if stage != EITHER else {"first", "final", EITHER}
    have = {
        _team(names, row) for row in names.rows("Offers")
        if rounds.of(row) == tranche and (row.get("stage") or EITHER) in like
    }  # fmt: skip
    made = [
        row_of({"agency": row.get("agency"), "team": row.get("team")} | values)
        for row in sorted(rows, key=lambda row: name_of("Teams", row)) if _team(names, row) not in have
    ]  # fmt: skip
    made = with_fresh_ids(register, "Offers", made)
    return with_more(register, "Offers", made), f"{len(made)} more on Offers, of {counted(len(rows), 'team')}"


def _team(names: Names, row: Row) -> tuple[str, str]:
    return names.key("Offers", "agency", row.get("agency")), names.key("Offers", "team", row.get("team"))
