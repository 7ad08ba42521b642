"""The compact model: requests to offers, counts from groups to pools of educators, pathways for two requests.

Columns
    ``x`` one binary per eligible request and offer; they come first, so column j is match j (a kept match whose PE is
    chosen anew has one, fixed at 1); equal offers may have one together (see ``equal_offers``);
    ``y`` one count per group and pool, where a group has a choice of pools; a group is the matches at one offer, stage
    and window that may have the same pools and count alike;
    ``p`` one path per pair of merged classes of a student's two placements (see ``pathways``).

Every rule's rows are in its own file of ``allocator.limits``; the tiers are in ``allocator.engine.tiers``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from allocator.eligibility import AsPublished, Codes, Eligibility, PairTable, SlotChoice
from allocator.formulation.daily import DailyLimit, daily_limits
from allocator.formulation.equal_offers import EqualOffers
from allocator.formulation.pools import Pool, Pools
from allocator.formulation.program import Indexes, Linear, Mask, Program
from allocator.formulation.together import Together
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate
from models.entities import Offer, Request, TeamKey
from models.policy import Policy

Key = TypeVar("Key")


class Match(NamedTuple):
    """What an ``x`` column stands for."""

    column: int
    request: Request
    offer: Offer
    window: Window


class Matches(NamedTuple):
    """The ``x`` columns as arrays (shape: x columns).

    ``request``, ``offer`` and ``slot`` are indexes into the formulation's requests, the dataset's offers and the
    formulation's slots; ``stays_with`` is the index of the published PE who would stay, -1 where nobody would;
    ``stands`` marks promises as they are published.
    """

    request: Codes
    offer: Codes
    slot: Codes
    minutes: Codes
    kept: Mask
    waits: Mask
    counted: Mask
    stays_with: Codes
    stands: Mask


class Group(NamedTuple):
    """Matches that are alike for their choice of educator: ``columns`` are their ``x``."""

    columns: Indexes
    slot: SlotChoice
    kept: bool
    waits: bool
    counted: bool
    stays_with: str | None

    @property
    def window(self) -> Window:
        """First and last day."""
        return self.slot.window

    @property
    def name(self) -> str:
        """What tells it from every other group."""
        return f"{self.slot.offer.offer} {self.slot.stage} {self.window} {self[2:]}"


class Use(NamedTuple):
    """The matches of a group that a pool supervises, as a sum of columns."""

    group: Group
    candidate: Candidate
    pool: Pool | None
    columns: Indexes
    exempt: bool

    @staticmethod
    def total(uses: Iterable["Use"], coefficient: int = 1) -> Linear:
        """The matches of all of some, times a coefficient."""
        columns = [use.columns for use in uses]
        return Linear.sum_of(np.concatenate(columns) if columns else (), coefficient)


class Split(NamedTuple):
    """A group that has a choice of pools: its matches, the counts that share them out, and the row that says so."""

    columns: Indexes
    counts: Indexes
    row: int


class Formulation:
    """The model of a dataset under a policy; rules add their rows to ``program``.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs.
    chosen
        Offer by request, once it is decided who goes where: the model then holds these pairs alone, a group per
        request and a pool per educator, so that individuals can be named under the same rows and tiers.
    equal
        Offers that are decided as one; default: every offer on its own.
    """

    def __init__(
        self, eligibility: Eligibility, chosen: Mapping[str, str] | None = None, equal: EqualOffers | None = None
    ) -> None:
        self.eligibility = eligibility
        self.dataset = eligibility.dataset
        self.equal = equal or EqualOffers.none(self.dataset)
        self.policy: Policy = eligibility.policy
        self.terms = eligibility.terms
        self.program = Program()
        self.kept = eligibility.kept
        self.running = self.terms.running
        self._chosen = chosen
        self.offer_index = {o.offer: i for i, o in enumerate(self.dataset.offers)}
        table = self.equal.merged(_only(eligibility.table, self.offer_index, chosen))
        rechosen = [k for k in self.kept if k.stays is None]
        self.requests: tuple[Request, ...] = (*table.requests, *(k.request for k in rechosen))
        self.slots: tuple[SlotChoice, ...] = (
            *table.slots, *(SlotChoice(k.offer, k.request.stage, k.window, k.choices) for k in rechosen)
        )  # fmt: skip
        self.x = self._matches(table, rechosen)
        given = np.where(self.x.kept | (chosen is not None), 1.0, 0.0)
        self.program.add_columns(np.ones(len(self.x.request)), lower=given, names=self._names)
        used = np.flatnonzero(np.bincount(self.x.slot)).tolist()
        self.pools = Pools(eligibility, (self.slots[s] for s in used), merge=chosen is None)
        self.splits: list[Split] = []
        self.uses = tuple(self._uses())
        self.fewest_changes: int | None = None
        """How many published matches move whatever the plan; None: not known, or of no matter (max_changes)."""
        self.together: list[Together] = []
        """Columns for two students who are to be together (L12)."""
        self.opened: dict[str, int] = {}
        """By offer: the column that says whether an offer with a minimum is used at all (L10)."""

    def match(self, column: int) -> Match:
        """The match of an ``x`` column."""
        slot = self.slots[self.x.slot[column]]
        return Match(column, self.requests[self.x.request[column]], slot.offer, slot.window)

    # ---- columns -----------------------------------------------------------------------------------------------
    def _matches(self, table: PairTable, rechosen: Sequence[AsPublished]) -> Matches:
        extra = len(rechosen)
        request = np.concatenate([table.request, len(table.requests) + np.arange(extra)]).astype(np.int32)
        offer = np.concatenate([table.offer, [self.offer_index[k.offer.offer] for k in rechosen]]).astype(np.int32)
        slot = np.concatenate([table.slot, len(table.slots) + np.arange(extra)]).astype(np.int32)
        minutes = [self.terms.minutes(k.request, k.offer).minutes for k in rechosen]
        forecast = np.array([o.state == "forecast" for o in self.dataset.offers], dtype=np.bool_)
        counted = np.array([self.eligibility.horizon.counted(r) for r in self.requests], dtype=np.bool_)
        asked = self._to_ask(table)
        return Matches(
            request, offer, slot,
            np.concatenate([table.minutes, [-1 if m is None else m for m in minutes]]).astype(np.int32),
            np.arange(len(request)) >= len(table.request),
            forecast[offer] | np.concatenate([asked | table.to_measure, np.zeros(extra, dtype=np.bool_)]),
            counted[request],
            self._stays_with(request, offer),
            np.concatenate([table.stands, np.zeros(extra, dtype=np.bool_)]),
        )  # fmt: skip

    def _names(self) -> list[str]:
        pairs = zip(self.x.request.tolist(), self.x.offer.tolist(), strict=True)
        return [f"{self.requests[r].request} {self.dataset.offers[o].offer}" for r, o in pairs]

    def _to_ask(self, table: PairTable) -> Mask:
        """Pairs whose agency has still to be asked about the student."""
        if not self.policy.on("E06"):
            return np.zeros(len(table.request), dtype=np.bool_)
        agencies = self.dataset.agency_by_id
        asks = [any(a in agencies and agencies[a].asks_decision for a, _ in o.sites) for o in self.dataset.offers]
        found = np.array(asks, dtype=np.bool_)[table.offer]
        rows = {r.request: i for i, r in enumerate(table.requests)}
        for name in {request for request, _ in self.terms.decisions.answers} & rows.keys():
            request = table.requests[rows[name]]
            for pair in range(table.starts[rows[name]], table.starts[rows[name] + 1]):
                offer = self.dataset.offers[table.offer[pair]]
                found[pair] = bool(self.terms.agencies_to_ask(request, offer))
        return found & ~table.stands  # nobody is asked again about what stands

    def _stays_with(self, request: Codes, offer: Codes) -> Codes:
        """Index of the published PE, where the match is the published one and its PE is still listed."""
        published_at = np.full(len(self.requests), -1, dtype=np.int32)
        educator = np.full(len(self.requests), -1, dtype=np.int32)
        number = {e.pe: i for i, e in enumerate(self.dataset.educators)}
        for i, r in enumerate(self.requests):
            published = self.eligibility.horizon.in_force.get(r.request)
            if published is not None and r.request not in self.freed:
                published_at[i] = self.offer_index.get(published.offer, -1)
                educator[i] = number.get(published.pe or "", -1)
        found: Codes = np.where(published_at[request] == offer, educator[request], -1).astype(np.int32)
        return found

    def _uses(self) -> Iterator[Use]:
        x = self.x
        own = np.zeros(len(x.request), dtype=np.int64)  # set apart: everybody when naming, and exceptions to L07
        if self._chosen is not None:
            own = x.request.astype(np.int64) + 1
        else:
            excepted = self.terms.decisions.requests_with_exception("L07")
            apart = np.array([r.request in excepted for r in self.requests], dtype=np.bool_)[x.request]
            own[apart] = np.flatnonzero(apart) + 1
        flags = x.kept * 4 + x.waits * 2 + x.counted * 1
        keys = np.stack([x.slot, flags, x.stays_with, own], axis=1).astype(np.int64)
        _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        ends = np.cumsum(np.bincount(inverse.ravel(), minlength=len(first))).tolist()
        # groups in order of their first column, so that the program does not depend on how keys are sorted
        for number in np.argsort(first, kind="stable").tolist():
            columns = order[ends[number - 1] if number else 0 : ends[number]]
            yield from self._uses_of(self._group(columns))

    def _group(self, columns: Indexes) -> Group:
        x, j = self.x, columns[0]
        staying = self.dataset.educators[x.stays_with[j]].pe if x.stays_with[j] >= 0 else None
        return Group(
            columns.astype(np.int64), self.slots[x.slot[j]], bool(x.kept[j]), bool(x.waits[j]), bool(x.counted[j]),
            staying,
        )  # fmt: skip

    def _uses_of(self, group: Group) -> Iterator[Use]:
        by_pool: dict[str, tuple[Pool | None, Candidate]] = {}
        for candidate in group.slot.educators:
            pool = self.pools.by_pe.get(candidate.pe)
            by_pool.setdefault(pool.name if pool else candidate.pe, (pool, candidate))
        if len(by_pool) == 1:
            pool, candidate = next(iter(by_pool.values()))
            yield Use(group, candidate, pool, group.columns, self._exempt(group, candidate))
            return
        alike, offer = len(group.columns), group.slot.offer
        most = min(alike, offer.capacity) if self.policy.on("L02") and not group.kept else alike
        counts = self.program.add_columns([most] * len(by_pool), names=lambda: [f"{group.name} {p}" for p in by_pool])
        for count, (pool, candidate) in zip(counts.tolist(), by_pool.values(), strict=True):
            yield Use(group, candidate, pool, np.array([count]), self._exempt(group, candidate))
        self.splits.append(Split(group.columns, counts, self.program.rows))
        balance = Linear.total([Linear.sum_of(group.columns), Linear.sum_of(counts, -1)])
        self.program.add_row(balance, rule="L01", subject=offer.offer, lower=0, upper=0)

    def _exempt(self, group: Group, candidate: Candidate) -> bool:
        request = self.requests[self.x.request[group.columns[0]]].request
        return bool(self.terms.decisions.exceptions("L07", request, group.slot.offer.offer, candidate.pe))

    # ---- what rules and tiers ask for -------------------------------------------------------------------------
    def places(self, offer: str) -> int:
        """Places of an offer, and of its equals where they are decided as one."""
        return self.equal.offers[self.offer_index[offer]].capacity

    @cached_property
    def new(self) -> Indexes:
        """``x`` columns of matches that are not kept."""
        return np.flatnonzero(~self.x.kept)

    @cached_property
    def columns_of(self) -> dict[str, Indexes]:
        """``x`` columns by request, kept ones included; a request without any has an empty array."""
        found = {r.request: np.zeros(0, dtype=np.int64) for r in self.requests}
        found |= {self.requests[i].request: columns for i, columns in grouped(self.x.request)}
        return found

    @cached_property
    def columns_at_offer(self) -> dict[str, Indexes]:
        """New columns by offer."""
        return {self.dataset.offers[i].offer: self.new[at] for i, at in grouped(self.x.offer[self.new])}

    @cached_property
    def columns_at_team(self) -> dict[tuple[str, str], Indexes]:
        """New columns by agency and team."""
        offers = self.dataset.offer_by_id
        return _joined(((offers[o].agency, offers[o].team), at) for o, at in self.columns_at_offer.items())

    def columns_with_a_site_in(self, teams: Iterable[TeamKey]) -> Indexes:
        """New columns at offers with a site, the lead or a spoke, in one of some teams."""
        wanted = set(teams)
        there = np.array([not wanted.isdisjoint(o.sites) for o in self.dataset.offers], dtype=np.bool_)
        return self.new[there[self.x.offer[self.new]]]

    @cached_property
    def columns_at_agency(self) -> dict[str, Indexes]:
        """New columns by agency."""
        offers = self.dataset.offer_by_id
        return _joined((offers[o].agency, at) for o, at in self.columns_at_offer.items())

    @cached_property
    def _windows(self) -> tuple[list[Window], Codes]:
        """Distinct windows, and which of them every slot has."""
        numbers: dict[Window, int] = {}
        of_slot = np.array([numbers.setdefault(s.window, len(numbers)) for s in self.slots], dtype=np.int32)
        return list(numbers), of_slot

    def by_window(self, columns: Indexes) -> list[tuple[Window, Linear]]:
        """``x`` columns summed by window."""
        windows, of_slot = self._windows
        return [(windows[i], Linear.sum_of(columns[at])) for i, at in grouped(of_slot[self.x.slot[columns]])]

    def at_most_daily(
        self, windows: Sequence[tuple[Window, Linear]], kept: Sequence[Window], limit: DailyLimit, *, rule: str,
        subject: str, agency: str | None = None,
    ) -> None:  # fmt: skip
        """Rows for a number at once on every working day, of an agency if it is one's, on which it can bind (S2.5)."""
        ends = self.program.upper
        if not kept and limit.is_never_met(sum(float(ends[t.columns] @ t.coefficients) for _, t in windows)):
            return
        calendar = self.terms.calendar if agency is None else self.terms.calendar.at(agency)
        for active, room in daily_limits([w for w, _ in windows], kept, limit, calendar):
            total = Linear.total(windows[i][1] for i in active)
            self.program.add_row(total, rule=rule, subject=subject, upper=room)

    def column_for_opened(self, offer: str) -> int:
        """The column that says whether an offer is used at all, made once."""
        if offer not in self.opened:
            self.opened[offer] = self.program.add_column(1, name=f"opened {offer}")
        return self.opened[offer]

    def columns_as_published(self, requests: Iterable[str]) -> Indexes:
        """``x`` columns of some published requests in force at the offers that they were published at."""
        published, wanted = self.eligibility.horizon.in_force, set(requests)
        at = [
            self.offer_index.get(published[r.request].offer, -1) if r.request in wanted else -1 for r in self.requests
        ]
        return np.flatnonzero(np.array(at, dtype=np.int32)[self.x.request] == self.x.offer)

    @cached_property
    def freed(self) -> frozenset[str]:
        """Published requests in force that data or a decision freed: they do not count as changes (S6.3, S8.1)."""
        eligibility = self.eligibility
        freed = set(eligibility.fixes_set_aside)
        fixes = self.terms.decisions.fixes if self.policy.on("E16") else {}
        unfixed: list[str] = []
        for request_id, published in eligibility.horizon.in_force.items():
            request = eligibility.horizon.live_by_id[request_id]
            fix = fixes.get(request_id)
            if request_id in eligibility.as_promised:  # where it moves it counts as it would once it is unlocked
                freed |= {request_id} - eligibility.table.allowed
            elif fix is None and request.set_aside is None:
                unfixed.append(request_id)
            elif (
                request.set_aside is not None
                or (fix is not None and fix.offer != published.offer)
                or eligibility.published_pair(request, published.offer) is None
            ):
                freed.add(request_id)
        return frozenset(freed.union(self._without_published_pair(unfixed)))

    def _without_published_pair(self, requests: Sequence[str]) -> Iterator[str]:
        """Which requests that no fix binds may no longer have their published offer: the table knows (S6.3)."""
        table, in_force = self.eligibility.table, self.eligibility.horizon.in_force
        row = {r.request: i for i, r in enumerate(table.requests)}
        count = len(self.dataset.offers) + 1  # one that is not listed is the last, which no pair has
        wanted = [row[r] * count + self.offer_index.get(in_force[r].offer, count - 1) for r in requests]
        there = np.isin(np.array(wanted, dtype=np.int64), table.request.astype(np.int64) * count + table.offer)
        return (r for r, found in zip(requests, there.tolist(), strict=True) if not found)

    def kept_at_agency(self, agency: str) -> list[AsPublished]:
        """Kept matches hosted by an agency."""
        return [k for k in self.kept if k.offer.agency == agency]


def grouped(keys: Codes | Indexes) -> Iterator[tuple[int, Indexes]]:
    """Each key and the positions that have it, in order."""
    order = np.argsort(keys, kind="stable")
    rising = keys[order]
    starts = np.flatnonzero(np.diff(rising, prepend=rising[:1] - 1))
    ends = np.append(starts[1:], len(order))[: len(starts)]
    for key, start, end in zip(rising[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield key, order[start:end]


def _joined(parts: Iterable[tuple[Key, Indexes]]) -> dict[Key, Indexes]:
    found: defaultdict[Key, list[Indexes]] = defaultdict(list)
    for key, columns in parts:
        found[key].append(columns)
    return {key: np.sort(np.concatenate(columns)) for key, columns in found.items()}


def _only(table: PairTable, offers: Mapping[str, int], chosen: Mapping[str, str] | None) -> PairTable:
    """The pairs that are chosen; all of them where nothing is."""
    if chosen is None:
        return table
    wanted = np.array(
        [offers[chosen[r.request]] if r.request in chosen else -1 for r in table.requests], dtype=np.int32
    )
    return table.only(table.offer == wanted[table.request])
