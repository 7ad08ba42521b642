"""A model that was made for a dataset near another one, for that one: where they differ in decisions about matches.

A match that may not be, an answer of no, a fix and, mostly, an offer, a student or a PE that is withdrawn change which
pairs are eligible, who may supervise them (``other_educators``) and, but for what is fair (``other_shares``), nothing
else that a row or a tier is made of. So the columns of pairs that are gone are closed and those of fixes taken, counts
of PEs are closed or held by a row; everything else is as it was. Whether that is so
is seen by comparing what the formulation reads: dataset, policy, what is published and in force, what still runs and
has been, and the eligible pairs with their windows and PEs.
"""

from bisect import bisect_left
from collections.abc import Callable
from copy import copy
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Eligibility, PairTable, are_alike, educators_withdrawn_since, withdrawn_since
from allocator.engine.face import Face, Relaxed
from allocator.engine.model import Model, Tiers
from allocator.engine.other_educators import with_other_educators
from allocator.engine.other_shares import OtherShares, with_other_shares
from allocator.formulation.matches import Formulation
from allocator.formulation.program import INFINITY, Indexes, Rows, Vector
from allocator.formulation.sparse import distinct
from allocator.limits import max_changes
from allocator.terms.been import placements_before
from allocator.terms.fair_share import FairShare

NONE: Indexes = np.zeros(0, dtype=np.int64)
TRIED = (0, 1)
"""How many tiers before the last the faces are that are asked for a plan, at what a tier costs.

Of 30 decisions about the demonstration 24 made none of these tiers worse, 5 one of the placed tiers or the priority.
"""


class Carried(NamedTuple):
    """A model with its tiers, and what they leave open.

    ``faces[k]`` are all solutions that have the ``values`` of the first k tiers, and there is none where there are no
    solutions at all; ``rows`` are those of the matrix in which bounds of columns may say more than was looked at.
    """

    model: Model
    tiers: Tiers
    faces: tuple[Face, ...]
    values: tuple[int, ...]
    rows: Indexes = NONE

    def to(self, eligibility: Eligibility) -> "Carried | None":
        """The same for another dataset under the same policy; None where more than matches closed and taken differs."""
        model, before = self.model, self.model.matches.eligibility
        if (
            model.matches.equal.members
            or before.promised
            or eligibility.promised
            or before.policy != eligibility.policy
        ):
            return None
        if max_changes.applies(model.matches) or not _is_near(before, eligibility):
            return None
        matches = _with_eligibility(model.matches, eligibility)
        in_force = before.horizon.in_force
        freed, free = model.matches.freed & in_force.keys(), matches.freed & in_force.keys()
        if (in_force, before.kept, freed) != (eligibility.horizon.in_force, eligibility.kept, free):
            return None
        columns = _columns(model.matches, eligibility.table)
        fixed = eligibility.fixed - before.fixed
        if columns is None or before.fixed - eligibility.fixed:
            return None
        educators = with_other_educators(model.matches, eligibility.table, columns)
        if educators is None:
            return None
        matches.slots, matches.x = educators.slots, matches.x._replace(slot=educators.slot)
        of_fixed = [matches.columns_of.get(request, columns[:0]) for request in fixed]
        is_open = np.zeros(len(matches.x.request), dtype=np.bool_)
        is_open[columns] = True
        taken = np.concatenate([columns[:0], *(mine[is_open[mine]] for mine in of_fixed)])
        if len(taken) != len(fixed):
            return None
        other = self._with_shares(before, eligibility)
        if other is None:
            return None
        program, faces, rows = other
        if len(educators.rows.lower):
            rows = np.append(rows, program.rows + np.arange(len(educators.rows.lower)))
            program, faces = program.with_rows(educators.rows), _with_rows(faces, educators.rows)
        closed = np.append(np.flatnonzero(~matches.x.kept & ~is_open), educators.closed)
        matches.program, program.upper[closed], program.lower[taken] = program, 0, 1
        faces = tuple(takewhile(_has_points, (_narrowed(face, closed, taken) for face in faces)))
        if not faces:
            return self._replace(faces=faces)
        changed = np.concatenate([closed[self.faces[0].upper[closed] > 0], taken])
        matrix = faces[0].matrix
        touched = np.concatenate([self.rows, rows, matrix.by_column.only(changed).at])
        rows = distinct(touched, len(matrix.by_row))
        return Carried(Model(matches, model.paths), self.tiers, faces, self.values, rows)

    def asking_for(self, columns: Indexes) -> "Carried":
        """The same where at least one of some matches is in the plan, which leaves some plans and adds none."""
        model, matches = self.model, copy(self.model.matches)
        row = Rows(
            np.zeros(len(columns), dtype=np.int64), columns, np.ones(len(columns)), np.ones(1), np.array([INFINITY]),
            ["E16"], ["asked"],
        )  # fmt: skip
        matches.program = model.program.with_rows(row)
        rows = np.append(self.rows, model.program.rows)
        return Carried(Model(matches, model.paths), self.tiers, _with_rows(self.faces, row), self.values, rows)

    def _with_shares(self, before: Eligibility, now: Eligibility) -> OtherShares | None:
        program, faces = self.model.program, self.faces
        if (before.dataset.offers, before.dataset.students) == (now.dataset.offers, now.dataset.students):
            return OtherShares(program.with_own_bounds(), faces, NONE)
        shares, others = FairShare(before.terms).shares, FairShare(now.terms).shares
        if shares != others and before.policy.fair_share_hard:
            return None
        return with_other_shares(program, self.tiers, faces, shares, others)

    def deepest(
        self, plan: Vector, relaxed: Callable[[Face, int], Relaxed]
    ) -> tuple[int, Face, Relaxed | None] | None:  # fmt: skip
        """The deepest face that may have a plan, how many tiers left it, and what the next one is there, relaxed.

        Most often one of the last tiers is worse, and narrow faces are told soonest; else one of the first is, and the
        plan in hand tells how far at least it is as before.

        Parameters
        ----------
        plan
            A plan that may be on one; then nothing needs to be relaxed.
        relaxed
            What a tier is, by its number, on a face.
        """
        last = min(len(self.faces), len(self.tiers)) - 1
        # each face is a part of the one before, so that the plan is on all up to the last that it is on
        held = bisect_left(range(1, last + 1), True, key=lambda number: not self.faces[number].holds(plan))
        for number in (last - back for back in TRIED if last - back > held):
            found = relaxed(face := self.face(number), number)
            if found.ending != "infeasible":
                return (number, face, found) if found.ending == "optimal" else None
        return (held, self.face(held), None) if held else None

    def loses_at(self, request: str, offer: str) -> int:
        """The number of the first tier that is known to become worse where a request gets an offer.

        Parameters
        ----------
        request, offer
            A match that no other is merged with.

        Returns
        -------
        int
            The number of tiers where none is known to; 0 where the match is none of the model's.
        """
        matches = self.model.matches
        columns = matches.columns_of.get(request, NONE)
        here = columns[matches.x.offer[columns] == matches.offer_index.get(offer, -1)]
        open_until = [number for number, face in enumerate(self.faces) if (face.upper[here] > 0).any()]
        return open_until[-1] if open_until else 0

    def face(self, number: int) -> Face:
        """What the first tiers leave open, with bounds of columns as rows imply them."""
        return self.faces[number].tightened(self.rows)


def _narrowed(face: Face, closed: Indexes, taken: Indexes) -> Face:
    lower, upper = face.lower.copy(), face.upper.copy()
    lower[taken], upper[closed] = 1, np.minimum(upper[closed], 0)
    return face._replace(lower=lower, upper=upper)


def _with_rows(faces: tuple[Face, ...], rows: Rows) -> tuple[Face, ...]:
    """The same faces with rows behind those of their matrix, which they share."""
    matrix = faces[0].matrix
    by_row = matrix.by_row.then([rows.matrix(matrix.by_row.across)])
    matrix = matrix._replace(by_row=by_row, by_column=by_row.turned())
    return tuple(
        face._replace(
            matrix=matrix, row_lower=np.append(face.row_lower, rows.lower),
            row_upper=np.append(face.row_upper, rows.upper),
        )
        for face in faces
    )  # fmt: skip


def _has_points(face: Face) -> bool:
    """As far as bounds of columns tell."""
    return not (face.lower > face.upper).any()


def _is_near(before: Eligibility, now: Eligibility) -> bool:
    """Whether nothing that a row or a tier is made of differs, but for pairs and for what is fair.

    An offer that is withdrawn is more than its columns where it has a minimum, or where parts of places are shared out;
    a student or a PE, where the number of bands is of others then, or a placement that has been or runs counts no more;
    and a trainee is more who is to have a student by a day.
    """
    if not are_alike(before.dataset, now.dataset):
        return False
    gone, policy = withdrawn_since(before.dataset, now.dataset) or frozenset[str](), before.policy
    offers, parts = before.dataset.offer_by_id, policy.on("L11") and bool(policy.agency_part_percent)
    if gone and (parts or any(offers[offer].minimum is not None for offer in gone)):
        return False
    left, educators = educators_withdrawn_since(before.dataset, now.dataset) or (), before.dataset.educator_by_id
    if any(educators[pe].needs_student_by is not None for pe in left):
        return False
    return (before.dataset.students, before.dataset.educators) == (now.dataset.students, now.dataset.educators) or (
        before.bands == now.bands
        and before.terms.running == now.terms.running
        and placements_before(before.terms) == placements_before(now.terms)
    )


def _with_eligibility(matches: Formulation, eligibility: Eligibility) -> Formulation:
    """A copy that reads another dataset."""
    made = copy(matches)
    made.__dict__.pop("freed", None)
    made.eligibility, made.dataset, made.terms = eligibility, eligibility.dataset, eligibility.terms
    made.kept, made.running = eligibility.kept, eligibility.terms.running
    return made


def _columns(matches: Formulation, table: PairTable) -> Indexes | None:
    """The columns of pairs; None where one has none that is open, or is not as it was."""
    x, number = matches.x, {r.request: i for i, r in enumerate(matches.requests)}
    offers = len(matches.dataset.offers)
    own = np.flatnonzero(~x.kept & (matches.program.upper[: len(x.request)] > 0))
    keys = x.request[own].astype(np.int64) * offers + x.offer[own]
    requests = np.array([number.get(r.request, -1) for r in table.requests], dtype=np.int64)
    if (requests < 0).any():
        return None
    wanted = requests[table.request] * offers + table.offer
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys[order], wanted), max(0, len(keys) - 1))
    if not len(keys) or (keys[order][at] != wanted).any():
        return own[:0] if not len(wanted) else None
    columns = own[order[at]]
    same = (x.minutes[columns] == table.minutes) & (x.stands[columns] == table.stands)
    return columns if same.all() else None
