"""The compact model: requests to offers, counts from groups to pools of educators, pathways for two requests.

Columns
    ``x`` one binary per eligible request and offer (a kept match whose PE is chosen anew has one, fixed at 1);
    ``y`` one count per group and pool, where a group has a choice of pools; a group is the matches at one offer, stage
    and window that may have the same pools and count alike;
    ``p`` one path per pair of merged classes of a student's two placements (see ``pathways``).

Every rule's rows are in its own file of ``allocator.rules``; the levels are in ``levels``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from allocator.eligibility import Eligibility, Pair
from allocator.engine.kept import KeptMatch, kept_matches
from allocator.engine.pools import Pool, Pools
from allocator.engine.program import Program, Term
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate
from models.entities import Offer, Request
from models.policy import Policy


class Column(NamedTuple):
    """An ``x`` column: this request at this offer."""

    column: int
    request: Request
    offer: Offer
    window: Window
    kept: bool
    waits: bool
    counted: bool
    published_pe: str | None


class Group(NamedTuple):
    """Matches that are alike for their choice of educator."""

    offer: Offer
    stage: str
    window: Window
    columns: tuple[Column, ...]


class Use(NamedTuple):
    """The matches of a group that a pool supervises, as a sum of columns."""

    group: Group
    candidate: Candidate
    pool: Pool | None
    columns: tuple[int, ...]
    exempt: bool

    @property
    def sample(self) -> Column:
        """Any column of the group: they are alike in all that matters here."""
        return self.group.columns[0]

    def terms(self, coefficient: int = 1) -> list[Term]:
        """The sum, times a coefficient."""
        return [(c, coefficient) for c in self.columns]


class Ways(NamedTuple):
    """The path columns that a match of a student with two open requests may go with, and the one for it alone."""

    paths: frozenset[int]
    alone: int | None


class Formulation:
    """The model of a dataset under a policy; rules add their rows to ``program``.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs.
    chosen
        Offer by request, once it is decided who goes where: the model then holds these pairs alone, a group per
        request and a pool per educator, so that individuals can be named under the same rows and levels.
    """

    def __init__(self, eligibility: Eligibility, chosen: Mapping[str, str] | None = None) -> None:
        self.eligibility = eligibility
        self.dataset = eligibility.dataset
        self.policy: Policy = eligibility.policy
        self.terms = eligibility.terms
        self.program = Program()
        self.kept = kept_matches(eligibility)
        self._chosen = chosen
        self.pairs: dict[str, tuple[Pair, ...]] = {
            request: tuple(p for p in pairs if chosen is None or chosen.get(request) == p.offer.offer)
            for request, pairs in eligibility.pairs.items()
        }
        rechosen = {
            k.request.request: Pair(k.request, k.offer, k.window, k.choices) for k in self.kept if k.educator is None
        }
        everybody = (p for ps in (*self.pairs.values(), tuple(rechosen.values())) for p in ps)
        self.pools = Pools(eligibility, everybody, merge=chosen is None)
        self.columns: dict[str, list[Column]] = {}
        self._educators: dict[int, tuple[Candidate, ...]] = {}
        for pairs in self.pairs.values():
            for pair in pairs:
                self._add_pair(pair, kept=False)
        for pair in rechosen.values():
            self._add_pair(pair, kept=True)
        self.uses = tuple(self._uses())
        self.extra: dict[tuple[str, str], int] = {}
        self.paths: dict[str, tuple[tuple[int, bool], ...]] = {}
        self.ways: dict[int, Ways] = {}

    # ---- columns -----------------------------------------------------------------------------------------------
    def _add_pair(self, pair: Pair, *, kept: bool) -> None:
        request, offer = pair.request, pair.offer
        horizon = self.eligibility.horizon
        published = horizon.in_force.get(request.request)
        waits = offer.state == "forecast"
        if not kept:
            to_ask = self.policy.on("E06") and self.terms.agency_answer(request, offer) == "to_ask"
            waits = waits or to_ask or self.terms.to_be_measured(request, offer)
        index = self.program.add_column(1, lower=1 if kept or self._chosen is not None else 0)
        same_offer = published is not None and published.offer == offer.offer and request.request not in self.freed
        column = Column(
            index, request, offer, pair.window, kept, waits, horizon.counted(request),
            published.pe if published is not None and same_offer else None,
        )  # fmt: skip
        self.columns.setdefault(request.request, []).append(column)
        self._educators[index] = pair.educators

    def _uses(self) -> Iterator[Use]:
        grouped: defaultdict[tuple[object, ...], list[Column]] = defaultdict(list)
        for columns in self.columns.values():
            for column in columns:
                choices = tuple(self._choice(column, c) for c in self._educators[column.column])
                key = (
                    column.offer.offer, column.request.stage, column.window, column.kept, column.waits, column.counted,
                    self._changed_unless(column), choices, self._chosen is not None and column.request.request,
                )  # fmt: skip
                grouped[key].append(column)
        for columns in grouped.values():
            group = Group(columns[0].offer, columns[0].request.stage, columns[0].window, tuple(columns))
            yield from self._uses_of(group)

    def _choice(self, column: Column, candidate: Candidate) -> tuple[str, bool]:
        pool = self.pools.by_pe.get(candidate.pe)
        return (pool.name if pool else candidate.pe), self._exempt(column, candidate)

    def _changed_unless(self, column: Column) -> str | None:
        return column.published_pe if column.published_pe in self.dataset.educator_by_id else None

    def _exempt(self, column: Column, candidate: Candidate) -> bool:
        return bool(self.terms.decisions.exceptions("L07", column.request.request, column.offer.offer, candidate.pe))

    def _uses_of(self, group: Group) -> Iterator[Use]:
        by_pool: dict[str, tuple[Pool | None, Candidate]] = {}
        for candidate in self._educators[group.columns[0].column]:
            pool = self.pools.by_pe.get(candidate.pe)
            by_pool.setdefault(pool.name if pool else candidate.pe, (pool, candidate))
        xs = tuple(c.column for c in group.columns)
        if len(by_pool) == 1:
            pool, candidate = next(iter(by_pool.values()))
            yield Use(group, candidate, pool, xs, self._exempt(group.columns[0], candidate))
            return
        balance: list[Term] = [(x, 1) for x in xs]
        most = min(len(xs), group.offer.capacity) if self.policy.on("L02") and not group.columns[0].kept else len(xs)
        for pool, candidate in by_pool.values():
            count = self.program.add_column(most)
            balance.append((count, -1))
            yield Use(group, candidate, pool, (count,), self._exempt(group.columns[0], candidate))
        self.program.add_row(balance, rule="L01", subject=group.offer.offer, lower=0, upper=0)

    # ---- what rules and levels ask for -------------------------------------------------------------------------
    def new_columns(self) -> Iterator[Column]:
        """Columns of matches that are not kept."""
        for columns in self.columns.values():
            for column in columns:
                if not column.kept:
                    yield column

    @cached_property
    def columns_at_offer(self) -> dict[str, list[Column]]:
        """New columns by offer."""
        found: dict[str, list[Column]] = {}
        for column in self.new_columns():
            found.setdefault(column.offer.offer, []).append(column)
        return found

    def daily_rows(
        self,
        windows: list[tuple[Window, list[Term]]],
        kept: Iterable[Window],
        limit: "DailyLimit",
        *,
        rule: str,
        subject: str,
    ) -> None:
        """At most the limit on every working day, written for the days on which it can bind (S2.5, S5.1).

        The number on a day changes only where a window or a commitment begins, so those days suffice; a day whose
        windows are among another's with no greater limit adds nothing.
        """
        kept = list(kept)
        calendar = self.terms.calendar
        days = {calendar.on_or_after(d) for d in (*(w[0] for w, _ in windows), *(w[0] for w in kept), *limit.begins)}
        found: dict[frozenset[int], int] = {}
        for day in sorted(days):
            active = frozenset(i for i, (w, _) in enumerate(windows) if w[0] <= day <= w[1])
            room = max(0, limit.on(day) - sum(w[0] <= day <= w[1] for w in kept))
            if active:
                found[active] = min(room, found.get(active, room))
        for active, room in found.items():
            if any(active < other and found[other] <= room for other in found):
                continue
            terms = [t for i in sorted(active) for t in windows[i][1]]
            self.program.add_row(terms, rule=rule, subject=subject, upper=room)

    def column_for(self, kind: str, subject: str, upper: float) -> int:
        """An extra integer column (an opened offer), made once."""
        key = kind, subject
        if key not in self.extra:
            self.extra[key] = self.program.add_column(upper)
        return self.extra[key]

    @cached_property
    def freed(self) -> frozenset[str]:
        """Published requests in force that data or a decision freed: they do not count as changes (S6.3, S8.1)."""
        eligibility = self.eligibility
        freed = set(eligibility.fixes_set_aside)
        for request_id, published in eligibility.horizon.in_force.items():
            request = eligibility.horizon.live_by_id[request_id]
            fix = self.terms.decisions.fixes.get(request_id) if self.policy.on("E16") else None
            sent_elsewhere = fix is not None and fix.offer != published.offer
            possible = eligibility.published_pair(request, published.offer) is not None
            if request.set_aside is not None or sent_elsewhere or not possible:
                freed.add(request_id)
        return frozenset(freed)

    def kept_at_agency(self, agency: str) -> list[KeptMatch]:
        """Kept matches hosted by an agency."""
        return [k for k in self.kept if k.offer.agency == agency]


class DailyLimit:
    """A number at once, less what other programmes take on the day, never below 0."""

    def __init__(self, most: int, commitments: Iterable[tuple[date | None, date | None, int]]) -> None:
        self._most = most
        self._commitments = tuple(commitments)
        self.begins = tuple(first for first, _, _ in self._commitments if first is not None)

    def on(self, day: date) -> int:
        """The limit on a day."""
        taken = sum(
            number
            for first, last, number in self._commitments
            if (first is None or first <= day) and (last is None or day <= last)
        )
        return max(0, self._most - taken)
