"""Hard rules that clash: a smallest set of rules and rows that cannot hold together.

Rows are grouped by rule and subject. The rows of a proof that no relaxed point holds all of them (Farkas) mostly clash
by themselves; else what demands something comes with them, then whatever the points break that are left, until there is
none. Of these groups halves are dropped as long as the rest still clashes (the divide and conquer of QuickXplain,
Junker 2004). A point that was found answers every later question about rows that it does not break. Every member is
confirmed: without it the set can hold, with all of them it cannot, and CP-SAT agrees, which is given the rows as they
are written. Then its limits are lifted, and what the same demands clash with now is named beside them, and so on: who
lifts one limit is not to find the next one in the next run. Where the clock or somebody stops the run, what is left
then is the set, not confirmed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Set

import numpy as np

from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.face import TOLERANCE, Face
from allocator.engine.plan_on import any_plan
from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes, Lazy, Mask
from allocator.formulation.sparse import distinct
from allocator.terms.been import placements_before
from allocator.terms.fair_share import FairShare
from allocator.terms.holds import Held
from models.catalogue import RULE_BY_ID
from models.errors import SolverFaultError
from models.plan import Clash, ClashMember
from models.run import Limits

CONFIRMING_WORK = 400_000
Key = tuple[str, str]


class ClashFinder:
    """Finds a smallest clashing set in a program that is known to be infeasible.

    Parameters
    ----------
    model
        Its rows; no solution holds all of them.
    budget
        Of the run: its clock and stop signal end the search for fewer members. Work is not limited.
    """

    def __init__(self, model: Formulation, budget: Budget) -> None:
        self._budget = budget
        self._words = _Words(model)
        model.program.add_rows(model.program.lazy.every())
        model.program.lazy = Lazy()  # each of them may be a member now
        self._whole = Face.written(model.program)
        self._groups: defaultdict[Key, list[int]] = defaultdict(list)
        always: list[int] = []
        for number, (rule, subject) in enumerate(model.program.origins):
            if rule in RULE_BY_ID and rule != "L01":
                self._groups[rule, subject].append(number)
            elif rule != "shortfall":  # whose columns may always count what is missing
                always.append(number)
        demands = (self._whole.row_lower > 0) | (self._whole.row_upper < 0)
        self._demanding = {key for key, rows in self._groups.items() if demands[rows].any()}
        unbounded = np.full(len(demands), np.inf)
        self._nothing = self._whole._replace(row_lower=-unbounded, row_upper=unbounded)
        self._always = self._with(self._nothing, np.array(always, dtype=np.int64))
        self._demanded: tuple[frozenset[Key], Face] = (frozenset(), self._always.tightened())
        self._fewest = np.zeros(model.program.columns)
        self._fewest[: len(model.x.request)] = 1  # a point of few matches breaks few rows
        self._program = model.program
        self._points: list[Mask] = []
        """Of every point that was found: which rows it breaks."""

    def find(self) -> Clash:
        """The clash, members in order of rule and subject."""
        clashing = self._clashing(self._demanding, self._groups)
        if clashing is None:
            raise SolverFaultError("a clash in which every row can hold")
        members = sorted(self._smallest([], [], clashing))
        confirmed = (
            not self._stopped
            and self._second_opinion(members)
            and all(self._can_hold([k for k in members if k != dropped]) for dropped in members)
        )
        also = self._also(members) if confirmed else []
        asking = self._demanding.intersection(members)
        return Clash(
            members=self._words.members(members, asking),
            confirmed=confirmed,
            also=tuple(self._words.members(limits, asking) for limits in also),
        )

    def _also(self, members: list[Key]) -> list[list[Key]]:
        """Sets of limits that what is demanded clashes with where the limits of the sets before are lifted."""
        asking = [k for k in members if k in self._demanding]
        left = set(self._groups) - self._demanding - set(members)
        found: list[list[Key]] = []
        while asking and len(asking) < len(members) and not self._stopped:
            clashing = self._clashing(asking, left)
            if clashing is None:
                break
            limits = sorted(self._smallest(asking, [], [k for k in clashing if k not in self._demanding]))
            if self._stopped or not self._second_opinion([*asking, *limits]):
                break
            found.append(limits)
            left -= set(limits)
        return found

    @property
    def _stopped(self) -> bool:
        return self._budget.stopped() in ("time limit", "interrupted")

    def _clashing(self, asking: Iterable[Key], among: Collection[Key]) -> list[Key] | None:
        """A set that clashes: the rows of a proof, else with them what demands something and what points break.

        None where the demands and all that is given can hold.
        """
        keys = set(asking)
        every = self._with(self._tightened(sorted(keys)), self._rows(sorted(among)))
        proof = set(highs.clashing_rows(every).tolist())
        if not proof and self._is_there_a_plan(every):
            return None
        proving = {key for key in {*keys, *among} if not proof.isdisjoint(self._groups[key])}
        if proving and not self._can_hold(sorted(proving)):
            return self._in_order(proving)
        keys |= proving
        while (point := self._point(sorted(keys))) is not None:
            broken = {key for key in among if point[self._groups[key]].any()} - keys
            if not broken:
                return None
            keys |= broken
        return self._in_order(keys)

    def _is_there_a_plan(self, face: Face) -> bool:
        """Whether a face of nearly all rows has a whole point: looked for near a relaxed one of few matches."""
        return any_plan(self._program, face, self._fewest, None) is not None

    def _in_order(self, keys: Iterable[Key]) -> list[Key]:
        """What demands something is tried last, so that it stays in the set and the rest is dropped early."""
        return sorted(keys, key=lambda k: (k in self._demanding, k))

    def _smallest(self, given: list[Key], added: list[Key], keys: list[Key]) -> list[Key]:
        """Members among ``keys`` of a smallest clashing set with ``given`` and ``added``, which was added last."""
        if added and not self._stopped and not self._can_hold([*given, *added]):
            return []
        if len(keys) <= 1 or self._stopped:
            return keys
        half = len(keys) // 2
        left, right = keys[:half], keys[half:]
        from_left = self._smallest([*given, *added], right, left)
        from_right = self._smallest([*given, *added], from_left, right)
        return [*from_left, *from_right]

    def _rows(self, keys: Iterable[Key]) -> Indexes:
        return np.array([row for key in keys for row in self._groups[key]], dtype=np.int64)

    def _with(self, face: Face, rows: Indexes) -> Face:
        """A face with some more rows."""
        lower, upper = face.row_lower.copy(), face.row_upper.copy()
        lower[rows], upper[rows] = self._whole.row_lower[rows], self._whole.row_upper[rows]
        return face._replace(row_lower=lower, row_upper=upper)

    def _tightened(self, keys: list[Key]) -> Face:
        """What some rows leave; where nearly the same is demanded time and again, little of it is new."""
        demanded = self._demanding.intersection(keys)
        if demanded != self._demanded[0]:
            rows = self._rows(demanded)
            self._demanded = frozenset(demanded), self._with(self._always, rows).tightened()
        rows = self._rows(k for k in keys if k not in demanded)
        return self._with(self._demanded[1], rows).tightened(rows)

    def _can_hold(self, keys: list[Key]) -> bool:
        rows = self._rows(keys)
        return not all(broken[rows].any() for broken in self._points) or self._point(keys) is not None

    def _point(self, keys: list[Key]) -> Mask | None:
        """Which rows a point of few matches breaks that holds those of some groups; None where there is none."""
        face = self._tightened(keys)
        found = highs.search(face, self._fewest, None, Budget(Limits(), None), None, concerned(face))
        if found.ending == "stopped":
            raise SolverFaultError("a clash could not be decided")
        if found.solution is None:
            return None
        whole = np.where(self._whole.integer, np.round(found.solution), found.solution)
        activity = self._whole.matrix.by_column.spread(whole)
        broken = (activity < self._whole.row_lower - TOLERANCE) | (activity > self._whole.row_upper + TOLERANCE)
        self._points.append(broken)
        return broken

    def _second_opinion(self, keys: list[Key]) -> bool:
        face = self._with(self._always, self._rows(keys))  # with bounds as they are written
        proof = highs.clashing_rows(face)
        if len(proof):  # rows that clash do so whatever the others ask, and CP-SAT is slow in large programs
            face = self._with(self._nothing, proof)
            there = np.zeros(len(face.lower), dtype=np.bool_)
            there[face.matrix.by_row.only(proof).at] = True
            face = face._replace(upper=np.where(there, face.upper, face.lower))
        found = cp_sat.search(face, np.zeros(len(face.lower)), None, Budget(Limits(), None), CONFIRMING_WORK)
        return found.ending == "infeasible"


def concerned(face: Face) -> Mask:
    """Columns that hang together, row by row, with a row that the lower bounds break; the others may stay at them."""
    matrix, counts = face.matrix, np.isfinite(face.row_lower) | np.isfinite(face.row_upper)
    activity = matrix.by_column.spread(face.lower)
    rows = np.flatnonzero((activity < face.row_lower - TOLERANCE) | (activity > face.row_upper + TOLERANCE))
    found, left = np.zeros(len(face.lower), dtype=np.bool_), face.open
    while len(rows):
        counts[rows] = False
        columns = distinct(matrix.by_row.only(rows).at, len(matrix.by_column))
        columns = columns[left[columns]]
        found[columns], left[columns] = True, False
        rows = distinct(matrix.by_column.only(columns).at, len(matrix.by_row))
        rows = rows[counts[rows]]
    return found


class _Words:
    """Says what each member asks, with the numbers of its row."""

    def __init__(self, model: Formulation) -> None:
        self._dataset = model.dataset
        self._terms = model.terms
        self._policy = model.policy
        self._pools = model.pools.by_pe
        self._fixes = {d.request: d for d in model.dataset.decisions if d.decision == "fix"}

    def members(self, keys: list[Key], asking: Set[Key]) -> tuple[ClashMember, ...]:
        """Every member with its sentence and what to type; ``asking`` are those of the whole clash that ask."""
        self._fixed = [self._fixes[subject] for rule, subject in asking if rule == "E16" and subject in self._fixes]
        return tuple(self.member(*key, asks=key in asking) for key in keys)

    def member(self, rule: str, subject: str, *, asks: bool) -> ClashMember:
        """A member with its sentence: the row's own words, else the rule's statement."""
        own = {
            "E16": self._fix,
            "L02": self._capacity,
            "L03": self._load,
            "L08": self._range,
            "L10": self._numbers,
            "L12": self._company,
        }.get(rule)
        sentence = own(subject) if own else None
        words = sentence or self._policy.stated(RULE_BY_ID[rule])
        remedy, kept = self._remedy(rule, subject), self._kept(rule, subject)
        return ClashMember(rule=rule, subject=subject, sentence=words, remedy=remedy, kept=kept, asks=asks)

    def _kept(self, rule: str, subject: str) -> tuple[str, ...]:
        """The kept matches that take of what a row limits: of an offer, a team, an agency, or PEs."""
        rows = [p for p in self._dataset.published if p.standing == "kept"]
        if rule == "L03" and (pool := self._pools.get(subject)) is not None:
            return tuple(p.request for p in rows if p.pe in pool.members)
        if rule not in ("L02", "L08", "L10"):
            return ()
        return tuple(
            p.request
            for p in rows
            if (offer := self._dataset.offer_by_id.get(p.offer or "")) is not None
            and subject in (offer.offer, offer.agency, f"{offer.agency}/{offer.team}")
        )

    def _remedy(self, rule: str, subject: str) -> str:
        fix = self._fixes.get(subject)
        if rule == "E16" and fix is not None:
            return f"delete decision {fix.id} on the sheet Decisions, which fixes {subject} to {fix.offer}"
        if rule == "L02" and subject in self._dataset.offer_by_id:
            over, held = self._over(subject), self._held(subject)
            ids = " and ".join(h.hold.id for h in held)
            released = f"delete decision {ids} on the sheet Decisions, by which places of {subject} are held, or "
            more = f"raise the capacity of {subject} on the sheet Offers" + (f" by {over}" if over > 0 else "")
            return (released if held else "") + more
        if rule == "L12":
            return f"delete decision {subject} on the sheet Decisions"
        if rule == "L03":
            return f"raise the load of {subject} on the sheet Educators"
        if rule == "L08":
            return "let the range be an aim again (fair_share_hard = no on the sheet Policy)"
        if rule in ("L02", "L10"):
            if subject in self._dataset.offer_by_id:
                return f"lower the minimum of {subject} on the sheet Offers"
            sheet = "Agencies" if subject in self._dataset.agency_by_id else "Teams"
            return f"change the number of {subject} on the sheet {sheet}"
        return "raise the part in agency_part_percent on the sheet Policy" if rule == "L11" else ""

    def _over(self, offer: str) -> int:
        """How many more than its places an offer would have: fixed to it, kept there, and held for others."""
        wanted = len(self._there(offer)) + sum(h.places for h in self._held(offer))
        return wanted - self._dataset.offer_by_id[offer].capacity

    def _there(self, offer: str) -> list[str]:
        """Requests that are fixed to an offer, and those that are kept there."""
        kept = [p.request for p in self._dataset.published if p.offer == offer and p.standing == "kept"]
        return kept + [d.request or "" for d in self._fixed if d.offer == offer]

    def _held(self, offer: str) -> list[Held]:
        """What is held of an offer for others than those."""
        return self._terms.holds.empty(offer, self._there(offer))

    def _fix(self, subject: str) -> str | None:
        fix = self._fixes.get(subject)
        if fix is None:
            return None
        pe = f" with {fix.pe}" if fix.pe else ""
        by = f" (decision {fix.id}, by {fix.by})" if fix.by else f" (decision {fix.id})"
        return f"{subject} is fixed to {fix.offer}{pe}{by}."

    def _capacity(self, subject: str) -> str | None:
        offer = self._dataset.offer_by_id.get(subject)
        if offer is not None:
            over, held = self._over(subject), self._held(subject)
            parts = [f", {h.places} of {'it' if offer.capacity == 1 else 'them'} held {h.words(str)}" for h in held]
            what = "fixed, kept or held" if held else "fixed or kept"
            parts += [f", {over} fewer than are {what} there"] if over > 0 else []
            return f"{subject} has {offer.capacity} place{'s' if offer.capacity != 1 else ''} in all{''.join(parts)}."
        agency = self._dataset.agency_by_id.get(subject)
        team = self._dataset.team_by_key.get(tuple(subject.split("/", 1)))  # type: ignore[arg-type]
        most = agency.maximum_at_once if agency else team.maximum_at_once if team else None
        return None if most is None else f"{subject} takes at most {most} at once, other programmes included."

    def _load(self, subject: str) -> str | None:
        pool = self._pools.get(subject)
        if pool is None or not pool.listed:
            return None
        if len(pool.members) == 1:
            load = self._dataset.educator_by_id[subject].load
            return f"{subject} takes at most {load} at once, commitments included."
        most = len(pool.members) * pool.load
        return f"{', '.join(pool.members)} together take at most {most} at once, commitments included."

    def _company(self, subject: str) -> str | None:
        decision = next((d for d in self._dataset.decisions if d.id == subject), None)
        if decision is None:
            return None
        by = f" (decision {decision.id}, by {decision.by})" if decision.by else f" (decision {decision.id})"
        two = f"{decision.student} and {decision.other}"
        if decision.decision == "apart":
            return f"{two} are never in one {decision.value} at the same time{by}."
        near = f" or at most {decision.value} minutes by car from each other" if decision.value else ""
        return f"{two} are in one agency{near}, where both are placed at the same time{by}."

    def _numbers(self, subject: str) -> str | None:
        offer, agency = self._dataset.offer_by_id.get(subject), self._dataset.agency_by_id.get(subject)
        if offer is not None:
            always = "always" if offer.minimum_kind == "always" else "if it takes any"
            return f"{subject} asks for at least {offer.minimum} {always}."
        if agency is None:
            return None
        least = f"at least {agency.minimum_in_year}" if agency.minimum_in_year is not None else ""
        most = f"at most {agency.maximum_in_year}" if agency.maximum_in_year is not None else ""
        return f"{subject} asks for {' and '.join(p for p in (least, most) if p)} in the year{self._had(subject)}."

    def _range(self, subject: str) -> str | None:
        shares = [s for s in FairShare(self._terms).shares if s.agency == subject]
        asked = " and ".join(f"{s.floor} to {s.ceiling} placements in {s.year}-{(s.year + 1) % 100:02}" for s in shares)
        return f"{subject} is asked for {asked}{self._had(subject)}, which is a limit by the policy."

    def _had(self, agency: str) -> str:
        """Placements outside the plan that an agency's numbers of a year count."""
        had = [b for b in placements_before(self._terms) if b.offer is not None and b.offer.agency == agency]
        return f", counting {len(had)} outside the plan (over, or found by employers)" if had else ""
