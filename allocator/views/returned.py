"""The yearly return as it leaves the team: few persons are withheld, and what they would follow from."""

from collections.abc import Mapping, Sequence, Set

from allocator.views.facts import Facts
from allocator.views.returns import ALL, EDUCATORS, ReturnRow, Value
from allocator.views.share import Share
from allocator.views.version import version
from allocator.views.withheld import TOTAL, WITHHELD, withheld
from allocator.views.year import Year

_SAME = (
    ("stage: PEPS2", "at stage 2"),
    ("location: independent", "provider: independent", "independent: not employed by a member"),
    ("location: practice consultant", "provider: the partnership (consultants)"),
)
"""Rows about the same PEs, or about all of them and some more."""


def return_data(facts: Facts, rows: Sequence[ReturnRow]) -> dict[str, object]:
    """The return as data, for whoever it is sent to: small groups of persons are withheld.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    rows
        Of :func:`return_rows`.

    Returns
    -------
    dict
        Ready for JSON. A withheld value has ``withheld`` true and no numbers.
    """
    smallest = facts.policy.smallest_group
    hidden = _withheld(rows, smallest)
    return {
        "schema_version": 1,
        "academic_year": Year(facts).words,
        "as_of": facts.as_of.isoformat() if facts.as_of else None,
        "plan": version(facts.plan),
        "smallest_group": smallest,
        "rows": [
            {
                "part": row.part,
                "row": row.row,
                "values": {g: {WITHHELD: True} if (number, g) in hidden else _datum(v) for g, v in row.values.items()},
                "source": row.source,
                "gaps": row.gaps_outside,
            }
            for number, row in enumerate(rows)
        ],
    }


def _withheld(rows: Sequence[ReturnRow], smallest: int) -> set[tuple[int, str]]:
    """Row and group of every value that is withheld: few persons, or what few persons would follow from."""
    tables: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        tables.setdefault((row.part, row.table), []).append(number)
    hidden: set[tuple[int, str]] = set()
    for numbers in tables.values():
        hidden |= _withheld_of({n: _persons(rows[n]) for n in numbers}, smallest)
    return _as_elsewhere(rows, _as_elsewhere(rows, hidden))


def _as_elsewhere(rows: Sequence[ReturnRow], hidden: Set[tuple[int, str]]) -> set[tuple[int, str]]:
    """PEs whom two tables count under two names go in both, and beside one that goes alone the next smallest."""
    found, number_of = set(hidden), {row.row: n for n, row in enumerate(rows) if row.part == EDUCATORS}
    for names in _SAME:
        same = [number_of[name] for name in names if name in number_of]
        for number in same if any((n, ALL) in found for n in same) else ():
            found.add((number, ALL))
            table = [n for n in number_of.values() if rows[n].table == rows[number].table]
            left = {n: v.part for n in table if (n, ALL) not in found and isinstance(v := rows[n].values[ALL], Share)}
            if left and len(left) == len(table) - 1:
                found.add((min(left, key=lambda n: left[n]), ALL))
    return found


def _persons(row: ReturnRow) -> dict[str, Share]:
    return {g: v for g, v in (row.persons or row.values).items() if isinstance(v, Share)}


def _withheld_of(table: Mapping[int, Mapping[str, Share]], smallest: int) -> set[tuple[int, str]]:
    """Of rows that count each person once, and of whom none of them counts."""
    groups = dict.fromkeys(g for shares in table.values() for g in shares)
    if not groups:
        return set()
    inner = [g for g in groups if g != ALL] or [ALL]
    names = {group: f"group {group}" for group in inner}  # the total of a table has a name of its own
    counts = {(str(n), names[g]): shares[g].part for n, shares in table.items() for g in inner if g in shares}
    for group in inner:
        wholes = [shares[group] for shares in table.values() if group in shares]
        counts["rest", names[group]] = max(share.whole for share in wholes) - sum(share.part for share in wholes)
    gone = withheld(counts, smallest)
    columns = names | {ALL: TOTAL if inner != [ALL] else names[ALL]}
    return {
        (n, g)
        for n, shares in table.items()
        for g in shares
        if (str(n), columns[g]) in gone or (TOTAL, columns[g]) in gone
    }


def _datum(value: Value) -> dict[str, object]:
    if not isinstance(value, Share):
        return {"number": value}
    percent = None if value.percent is None else round(value.percent, 1)
    return {"number": value.part, "of": value.whole, "percent": percent}
