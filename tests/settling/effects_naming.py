"""What a row that names a PE or a supervisor must change among the facts, said a second time (SEMANTICS S9)."""

from collections.abc import Iterator
from typing import Any

from models.base import natural_key
from models.dataset import Dataset
from models.entities import Educator, Offer
from tests.settling.effects_case import WORDS, Case, Fact, People, named_at, people


def name_pe(case: Case) -> Iterator[tuple[Fact, Any]]:
    place, dataset = named_at(case, case.row), case.before
    if place is None:
        return
    # Who was named first has the place; of one day, who comes first by what the row names.
    rows = [
        r for r in (case.row, *case.others) if r["decision"] == "name_pe" and (r.get("on") or case.today) <= case.today
    ]
    rows.sort(key=lambda r: (r.get("on") or case.today, natural_key(" ".join(r.get(c, "") for c in WORDS).strip())))
    may_be = [people(case.unnamed.offer_by_id[place])]
    had = {request: match.pe for request, match in case.unnamed.published_by_request.items()}
    for row in rows:
        if named_at(case, row) != place:
            continue
        offer, pe = dataset.offer_by_id[place], dataset.educator_by_id[row["pe"]]
        blank = not case.unnamed.offer_by_id[place].educators
        may_be = [new for old in may_be for new in _with_name(case.unnamed, offer, old, pe, blank=blank)]
        match = dataset.published_by_request.get(row.get("request", ""))
        if match is not None and match.offer == place:
            to_be_named = (had[match.request] or "TBC").startswith(("TBC", "PE needed")) or _is_going(
                case.unnamed, had[match.request], offer
            )
            had[match.request] = row["pe"] if to_be_named else had[match.request]
            yield ("published", match.request, "pe"), had[match.request]
    yield ("offers", place, "educators"), may_be


def _is_going(dataset: Dataset, name: str | None, offer: Offer) -> bool:
    pe = dataset.educator_by_id.get(name or "")
    left = pe is not None and pe.leaves_on is not None and pe.leaves_on < offer.earliest_start
    return pe is None or left or pe.withdrawn_from is not None


def _with_name(dataset: Dataset, offer: Offer, now: People, pe: Educator, *, blank: bool) -> list[People]:
    """Whom an offer may have when the PE is named there: one unnamed person less, one that fits best."""
    name = ("named", pe.pe, None)
    unnamed = [entry for entry in now if entry[0] == "tbc"]
    if name in now:
        return [now]
    if not unnamed and not now:
        if _asked_anyway(offer, pe):
            return [now]
        # Default policy: one is to be found only where the agency lists nobody.
        listed = {e.employed_by for e in dataset.educators}
        listed |= {a.agency for a in dataset.agencies if a.educators_set_aside}
        beside = frozenset(("named", e.pe, None) for e in dataset.educators if _asked_anyway(offer, e))
        return [beside | {name} | _places(None, 0 if offer.agency in listed else offer.capacity - 1)]
    if not unnamed:
        left = all(kind == "named" and _is_going(dataset, str(who), offer) for kind, who, _ in now)
        return [now | {name} if blank or left else now]
    best = [e for e in unnamed if e[1] == pe.qualification] or [e for e in unnamed if e[1] is None] or unnamed
    found = []
    for entry in best:
        others = now - {entry}
        # Without a number it is for the places for which no other entry stands.
        places = entry[2] or offer.capacity - sum(number or 1 for _, _, number in others)
        found.append(others | {name} | _places(entry[1], places - 1))
    return found


def _places(qualification: str | None, number: int) -> People:
    return frozenset({("tbc", qualification, number)} if number > 0 else ())


def _asked_anyway(offer: Offer, pe: Educator) -> bool:
    if pe.employed_by in ("partnership", "independent"):
        return offer.agency in pe.serves or offer.place in pe.serves
    return pe.employed_by == offer.agency and (pe.team is None or pe.team == offer.team or pe.long_arm)


def name_supervisor(case: Case) -> Iterator[tuple[Fact, Any]]:
    place = named_at(case, case.row)
    if place is None or case.before.offer_by_id[place].on_site_supervisor != "to_be_named":
        return
    on = case.row.get("on") or case.today
    for row in case.others:
        withdrawn = row["decision"] == "withdraw" and row["about"] == "supervisor" and row["offer"] == place
        ends, day = case.before.offer_by_id[place].latest_end, row.get("effective") or row.get("on") or case.today
        missed = day <= case.today or ends is None or day <= ends
        if withdrawn and missed and (row.get("on") or case.today) > on:
            return
    yield ("offers", place, "on_site_supervisor"), "yes"
