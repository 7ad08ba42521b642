"""Everything read, validated, immutable; sorted by natural id so that the order of rows never matters."""

import hashlib
import json
from collections import defaultdict
from functools import cached_property

from models.base import Date, Record
from models.decisions import Decision
from models.entities import (
    Agency,
    CalendarEntry,
    Commitment,
    Educator,
    History,
    Offer,
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
    commitments: tuple[Commitment, ...] = ()
    decisions: tuple[Decision, ...] = ()
    published: tuple[Published, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    words: tuple[Word, ...] = ()
    bank_holidays: tuple[Date, ...] = ()
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
        """BLAKE2b digest (32 hex digits) of all facts, notes and issues included."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
