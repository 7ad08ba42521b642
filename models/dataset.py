"""Everything read, validated, immutable; sorted by natural id so that the order of rows never matters."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from models.base import Date, Record
from models.decisions import Decision
from models.entities import (
    Agency,
    CalendarEntry,
    ClosedDay,
    Commitment,
    Educator,
    Employment,
    History,
    Offer,
    Past,
    Place,
    Published,
    Request,
    Student,
    Team,
    TeamKey,
    Tranche,
    TravelTime,
    Word,
)
from models.errors import Issue
from models.versions import Version

ROWS_AT_A_TIME = 1000
"""Rows of a sheet that are written as one piece of JSON."""


class Dataset(Record):
    """A partnership at one moment. Lookups by id are cached; they hold facts only."""

    tranches: tuple[Tranche, ...] = ()
    students: tuple[Student, ...] = ()
    requests: tuple[Request, ...] = ()
    history: tuple[History, ...] = ()
    agencies: tuple[Agency, ...] = ()
    teams: tuple[Team, ...] = ()
    offers: tuple[Offer, ...] = ()
    educators: tuple[Educator, ...] = ()
    places: tuple[Place, ...] = ()
    travel: tuple[TravelTime, ...] = ()
    past: tuple[Past, ...] = ()
    outcomes: tuple[Employment, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    decisions: tuple[Decision, ...] = ()
    published: tuple[Published, ...] = ()
    versions: tuple[Version, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    words: tuple[Word, ...] = ()
    bank_holidays: tuple[Date, ...] = ()
    closed_days: tuple[ClosedDay, ...] = ()
    issues: tuple[Issue, ...] = ()

    @cached_property
    def tranche_by_id(self) -> dict[str, Tranche]:
        """Tranches by id."""
        return {t.tranche: t for t in self.tranches}

    @cached_property
    def student_by_id(self) -> dict[str, Student]:
        """Students by id."""
        return {s.student: s for s in self.students}

    @cached_property
    def request_by_id(self) -> dict[str, Request]:
        """Requests by id."""
        return {r.request: r for r in self.requests}

    @cached_property
    def offer_by_id(self) -> dict[str, Offer]:
        """Offers by id."""
        return {o.offer: o for o in self.offers}

    @cached_property
    def agency_by_id(self) -> dict[str, Agency]:
        """Agencies by id."""
        return {a.agency: a for a in self.agencies}

    @cached_property
    def team_by_key(self) -> dict[TeamKey, Team]:
        """Teams by (agency, team)."""
        return {(t.agency, t.team): t for t in self.teams}

    @cached_property
    def educator_by_id(self) -> dict[str, Educator]:
        """Listed educators by id."""
        return {e.pe: e for e in self.educators}

    @cached_property
    def place_by_id(self) -> dict[str, Place]:
        """Places with coordinates by id."""
        return {p.place: p for p in self.places}

    @cached_property
    def published_by_request(self) -> dict[str, Published]:
        """Published rows by request."""
        return {p.request: p for p in self.published}

    @cached_property
    def history_by_student(self) -> dict[str, tuple[History, ...]]:
        """History rows by student, in the dataset's order."""
        rows: defaultdict[str, list[History]] = defaultdict(list)
        for h in self.history:
            rows[h.student].append(h)
        return {k: tuple(v) for k, v in rows.items()}

    @cached_property
    def digest(self) -> str:
        """BLAKE2b digest (32 hex digits) of all facts, notes and issues included: of their JSON, its keys in order."""
        found = hashlib.blake2b(digest_size=16)
        for text in self._json_in_parts():
            found.update(text.encode())
        return found.hexdigest()

    def sharing(self, other: "Dataset") -> "Dataset":
        """The same dataset, with the very tables of another one where they are equal.

        To compare the two, and to say the digest of this one, then takes what differs and no more.
        """
        same = {name: rows for name in type(self).model_fields if (rows := getattr(other, name)) == getattr(self, name)}
        made = self.model_copy(update=same)
        made._texts.update((name, text) for name, text in other._texts.items() if name in same)
        return made

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The JSON of tables that are short, once it was made."""
        return {}

    def _json_in_parts(self) -> Iterator[str]:
        """The dataset as JSON, some rows at a time: in one piece it takes as much memory as the dataset itself."""
        for n, name in enumerate(sorted(type(self).model_fields)):
            yield f'{"," if n else "{"}"{name}":['
            rows: tuple[Record | Date, ...] = getattr(self, name)
            if len(rows) <= ROWS_AT_A_TIME and name not in self._texts:
                self._texts[name] = _as_json(rows)
            if name in self._texts:
                yield self._texts[name]
            else:
                for start in range(0, len(rows), ROWS_AT_A_TIME):
                    yield ("," if start else "") + _as_json(rows[start : start + ROWS_AT_A_TIME])
            yield "]"
        yield "}"


def _as_json(rows: tuple[Record | Date, ...]) -> str:
    """Rows as JSON, without the brackets around them."""
    found = [r.model_dump(mode="json") if isinstance(r, Record) else r.isoformat() for r in rows]
    return json.dumps(found, sort_keys=True, separators=(",", ":"))[1:-1]
