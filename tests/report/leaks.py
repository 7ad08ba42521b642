"""What is in a paper and may not be: one judge for all that goes to agencies, PEs and students.

It knows nothing of how papers are made: it looks for what the data hold of everybody who is not meant.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from allocator.views.facts import Facts
from models.base import Record

_BETWEEN = re.compile(r"[\s,;:()]+")


def leaked(
    facts: Facts, words: Iterable[object], offers: Iterable[str], students: Iterable[str]
) -> dict[str, set[str]]:
    """What stands in a paper about these offers and students and must not, by kind; empty where nothing does.

    Words of one part are looked for as words of their own (S1 is not in S10), others as they stand.
    """
    text = "\n".join(str(w) for w in words if w is not None)
    parts = set(_BETWEEN.split(text))
    found = {kind: {s for s in secrets if s in parts or (" " in s and s in text)}
             for kind, secrets in _secrets(facts, set(offers), set(students)).items()}  # fmt: skip
    return {kind: secrets for kind, secrets in found.items() if secrets}


def _secrets(facts: Facts, offers: set[str], students: set[str]) -> dict[str, set[str]]:
    data = facts.dataset
    own = [facts.offers[offer] for offer in offers if offer in facts.offers]
    matches = [m for m in facts.matches if m.offer in offers and facts.request(m).student in students]
    sites = {site for offer in own for site in offer.sites}
    places = {offer.place for offer in own} | {spoke.place for offer in own for spoke in offer.spokes}
    agencies = {agency for agency, _ in sites}
    people = {m.pe for m in matches} | {facts.assessor(m) for m in matches}
    shared = {n for s in data.students if s.student in students and s.share_needs for n in s.adjustments}
    wishes = {w for s in data.students for w in (*s.preferred_areas, *s.preferred_agencies, *s.intern_choices)}
    rows: tuple[Record, ...] = (*data.students, *data.requests, *data.offers, *data.educators, *data.published)
    secrets: dict[str, set[Any]] = {
        "other students": {s.student for s in data.students} - students,
        "districts": {s.home for s in data.students if s.home} - places,
        "repeat status": {r.request for r in data.requests},
        "preferences": wishes - agencies,
        "needs not shared": {n for s in data.students for n in s.adjustments} - shared,
        "limits in minutes": {str(s.limit_minutes) for s in data.students},
        "waiting since": {said for s in data.students for said in _days(s.waiting_since)},
        "who lost out": {s.lost_out_before for s in data.students},
        "notes": {getattr(row, "note", None) for row in rows},
        "other agencies": {name for a in data.agencies if a.agency not in agencies for name in (a.agency, a.name)},
        "other places": {o.offer for o in data.offers} - offers,
        "other teams": {t for o in data.offers for _, t in o.sites} - {team for _, team in sites},
        "other PEs": {e.pe for e in data.educators} - people,
    }
    return {kind: {s for s in found if s and s not in ("None", "yes")} for kind, found in secrets.items()}


def _days(day: date | None) -> tuple[str, ...]:
    return (day.isoformat(), f"{day.day} {day:%b %Y}") if day else ()
