"""What two placements of one student may not be together, as rows: few of them where few pairs are forbidden.

First and final are placements of kinds, and kinds are in groups. Let ``F`` be kinds of first and ``G`` kinds of final
none of which goes with any of ``F``. Who has a first of ``F`` or a final of ``G`` takes one path, and this begins in a
group of ``F`` or ends in one of ``G``; nobody counts twice. So the matches of ``F`` and ``G`` are no more than the
paths that begin or end there. Of these rows the greatest ``F`` and ``G`` within each group, or all, of firsts and of
finals are enough for whole placements, and leave hardly any relaxed solution in between (with one group they are
Hall's conditions of the flow from kind to kind, and leave none; Hall 1935).

Groups that no chain of paths links are apart, as those of the three authorities with one of which an intern has both
placements. Rows of what is linked are enough then: let ``F`` and ``G`` be of several components. Within each component
their kinds have a row of their own, or they are ``F`` or ``G`` alone there, and their matches no more than those of
their groups, which are as many as the paths of these. No path counts in two components, so what is asked of ``F`` and
``G`` is the sum.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Codes
from allocator.formulation.program import Mask


class Incompatible(NamedTuple):
    """Kinds of first and of final (masks), none of the one with any of the other; ``begins`` and ``ends``: groups."""

    firsts: Mask
    finals: Mask
    begins: Mask
    ends: Mask


def incompatible_kinds(
    forbidden: Mask, first_group: Codes, final_group: Codes, most: int
) -> tuple[Incompatible, ...] | None:
    """The rows of a student; None where they are more than ``most``.

    Parameters
    ----------
    forbidden
        Shape: kinds of first x kinds of final.
    first_group, final_group
        The group of each kind, from 0.
    most
        So many at most.
    """
    kinds, final_kinds = forbidden.shape
    path = np.zeros((_number(first_group), _number(final_group)), dtype=np.bool_)
    np.logical_or.at(path, np.ix_(first_group, final_group), ~forbidden)
    of_first, of_final = components(path)
    not_with = [_bits(column) for column in forbidden.T]  # by final, the firsts that do not go with it
    whole = _unions(first_group), _unions(final_group)
    found: dict[tuple[int, int], None] = {}
    for number in range(_number(of_first)):
        here, there = _parts(first_group, of_first == number), _parts(final_group, of_final == number)
        for firsts, finals in product(here, there):
            members = [j for j in range(final_kinds) if finals >> j & 1]
            for closed in _closed([not_with[j] & firsts for j in members], most):
                others = sum(1 << j for j in members if not_with[j] & closed == closed)
                if closed not in whole[0] or others not in whole[1]:  # else there is no path between their groups
                    found[closed, others] = None
            if len(found) > most:
                return None
    masks = ((_mask(first, kinds), _mask(final, final_kinds)) for first, final in found)
    return tuple(Incompatible(f, g, _groups(f, first_group), _groups(g, final_group)) for f, g in masks)


def components(allowed: Mask) -> tuple[Codes, Codes]:
    """The component of every first and of every final, from 0: those that pairs which go together link to each other.

    Parameters
    ----------
    allowed
        Shape: firsts x finals.

    Returns
    -------
    tuple of Codes
        Of firsts and of finals; -1: goes with nothing.
    """
    first, final = (np.full(number, -1, dtype=np.int32) for number in allowed.shape)
    for begin in np.flatnonzero(allowed.any(axis=1)).tolist():
        if first[begin] < 0:
            here = np.arange(len(first)) == begin
            while not np.array_equal(linked := allowed[:, allowed[here].any(axis=0)].any(axis=1), here):
                here = linked
            first[here] = final[allowed[here].any(axis=0)] = _number(first)
    return first, final


def _number(codes: Codes) -> int:
    """How many there are, numbered from 0."""
    return int(codes.max(initial=-1)) + 1


def _groups(kinds: Mask, group: Codes) -> Mask:
    """The groups of some kinds."""
    found = np.zeros(_number(group), dtype=np.bool_)
    found[group[kinds]] = True
    return found


def _parts(group: Codes, here: Mask) -> list[int]:
    """The kinds of each group of a component, and of all of its groups."""
    groups = [kinds for kinds, inside in zip(_each(group), here.tolist(), strict=True) if inside]
    return list(dict.fromkeys([*groups, sum(groups)]))


def _each(group: Codes) -> list[int]:
    """The kinds of each group."""
    return [_bits(group == g) for g in range(_number(group))]


def _unions(group: Codes) -> set[int]:
    """The kinds of some groups, for every choice of some."""
    found = {0}
    for kinds in _each(group):
        found |= {kinds | other for other in found}
    return found


def _closed(sets: list[int], most: int) -> set[int]:
    """All that some of the sets have in common, as far as that is not nothing; a few more than ``most`` at most."""
    found: set[int] = set()
    for one in sets:
        found |= {one & other for other in found} | {one}
        if len(found) > most + 1:
            break
    return found - {0}


def _bits(mask: Mask) -> int:
    return sum(1 << i for i in np.flatnonzero(mask).tolist())


def _mask(bits: int, length: int) -> Mask:
    return np.array([bool(bits >> i & 1) for i in range(length)], dtype=np.bool_)
