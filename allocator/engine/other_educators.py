"""What a model needs for a dataset in which PEs may not take what they could: one withdraws or declines, or is fixed.

The matches of a group are shared out by counts to pools. Where no match of it may have a pool any more, the count is
closed. Where some of its matches, R, may not have the pools L and every other may have every pool, the counts are those
of some sharing out if and only if those of L are together at most as many as the matches that are not in R (Hall's
condition for two classes): one row more. Groups with more classes than that are not carried.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Codes, PairTable, SlotChoice
from allocator.formulation.matches import Formulation, Use
from allocator.formulation.program import INFINITY, Indexes, Linear, Rows
from allocator.formulation.sparse import Mask

NONE: Indexes = np.zeros(0, dtype=np.int64)


class OtherEducators(NamedTuple):
    """Slots as they are now, the slot of every ``x`` column, counts that are closed, and rows for groups in part."""

    slots: tuple[SlotChoice, ...]
    slot: Codes
    closed: Indexes
    rows: Rows


def with_other_educators(matches: Formulation, table: PairTable, columns: Indexes) -> OtherEducators | None:
    """What closes counts of a model so that PEs are chosen as another dataset has them.

    Parameters
    ----------
    matches
        The model.
    table, columns
        Pairs of the other dataset, and the column of each.

    Returns
    -------
    OtherEducators or None
        None where somebody may take more than before, where more than PEs differs, and where rows would not say it all.
    """
    mine = matches.x.slot[columns]
    pair = mine.astype(np.int64) * len(table.slots) + table.slot
    rising = np.sort(pair)
    met = [divmod(n, len(table.slots)) for n in rising[np.diff(rising, prepend=-1) > 0].tolist()]
    differ = [(old, new) for old, new in met if matches.slots[old] != table.slots[new]]
    if not differ:
        return OtherEducators(matches.slots, matches.x.slot, NONE, Rows.none())
    slots, slot = list(matches.slots), matches.x.slot.copy()
    changed = np.zeros(len(slot), dtype=np.bool_)
    for number, other in differ:
        old, new = matches.slots[number], table.slots[other]
        if not _is_part(matches, old, new):
            return None
        here = columns[pair == number * len(table.slots) + other]
        slot[here], changed[here] = len(slots), len(old.educators) > len(new.educators)
        slots.append(new)
    there = np.zeros(len(slot), dtype=np.bool_)
    there[columns] = True
    closed, rows = list[int](), list[tuple[str, Linear]]()
    for uses in _shared_out(matches, changed):
        group = uses[0].group
        lost = {c: _lost(matches, uses, slots[slot[c]]) for c in group.columns[there[group.columns]].tolist()}
        if not lost:
            continue
        if group.stays_with is not None and any(group.stays_with in pools for pools in lost.values()):
            return None  # whoever changes is counted, and no more where the PE before cannot stay
        by_all = frozenset.intersection(*lost.values())
        counts = {_name(use): int(use.columns[0]) for use in uses}
        closed += [counts[pool] for pool in by_all]
        classes = {pools - by_all for pools in lost.values()} - {frozenset()}
        if len(classes) > 1:
            return None
        for pools in classes:
            others = [c for c, found in lost.items() if found == by_all]
            row = Linear.total([Linear.sum_of([counts[pool] for pool in pools]), Linear.sum_of(others, -1)])
            rows.append((group.slot.offer.offer, row))
    return OtherEducators(tuple(slots), slot, np.array(closed, dtype=np.int64), _rows(rows))


def _is_part(matches: Formulation, old: SlotChoice, new: SlotChoice) -> bool:
    """Whether a slot is another one but for PEs that it has no more, of each pool all that it had or none."""
    before = {c.pe: c._replace(educator=None) for c in old.educators}
    now = {c.pe: c._replace(educator=None) for c in new.educators}
    if old[:3] != new[:3] or any(before.get(pe) != candidate for pe, candidate in now.items()):
        return False
    pools = (matches.pools.by_pe.get(pe) for pe in before.keys() - now.keys())
    return all(pool is None or now.keys().isdisjoint(pool.members) for pool in pools)


def _shared_out(matches: Formulation, changed: Mask) -> Iterator[list[Use]]:
    """The uses of every group that has a choice of pools and a match that changed."""
    found: dict[int, list[Use]] = {}
    for use in matches.uses:
        if use.columns is not use.group.columns and (id(use.group) in found or changed[use.group.columns].any()):
            found.setdefault(id(use.group), []).append(use)
    return iter(found.values())


def _name(use: Use) -> str:
    return use.pool.name if use.pool else use.candidate.pe


def _lost(matches: Formulation, uses: Iterable[Use], slot: SlotChoice) -> frozenset[str]:
    """The pools of a group that a match in a slot may not have."""
    pools = (matches.pools.by_pe.get(c.pe) for c in slot.educators)
    may = {pool.name if pool else c.pe for pool, c in zip(pools, slot.educators, strict=True)}
    return frozenset(map(_name, uses)) - may


def _rows(found: list[tuple[str, Linear]]) -> Rows:
    """Rows that are at most 0."""
    lines = [np.full(len(row.columns), n) for n, (_, row) in enumerate(found)]
    order = [np.argsort(row.columns) for _, row in found]
    return Rows(
        np.concatenate([NONE, *lines]),
        np.concatenate([NONE, *(row.columns[at] for (_, row), at in zip(found, order, strict=True))]),
        np.concatenate([np.zeros(0), *(row.coefficients[at] for (_, row), at in zip(found, order, strict=True))]),
        np.full(len(found), -INFINITY), np.zeros(len(found)), ["L01"] * len(found), [offer for offer, _ in found],
    )  # fmt: skip
