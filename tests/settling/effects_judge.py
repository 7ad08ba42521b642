"""What a row of the Decisions sheet must change among the facts, said a second time (SEMANTICS S9), and nothing else.

The judge knows the dataset settled without the row, and what the row means; it states the values that facts must have
with the row. Every other fact must be as it was. It shares no code with settling.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from models.base import natural_key
from models.dataset import Dataset
from models.entities import Offer, Published, Request
from tests.settling.effects_case import WHATEVER, WORDS, Case, Fact, facts, named_at
from tests.settling.effects_naming import name_pe, name_supervisor

_SLIP_OF_THE_PLAN = ("nobody moves by a typing error", "its published offer")
"""What a request's ``set_aside`` says where its published row is at fault, not its own."""
_STAYS = ("meeting_booked", "meeting_passed", "confirmed", "started")
FORBIDS = ("do_not_match", "declined", "defer")


def judge(case: Case, after: Dataset) -> list[str]:
    """Everything that the row should have changed and did not, or changed and should not have."""
    stated = dict(_stated(case))
    old, new = facts(case.before), facts(after)
    problems = [f"{fact}: {old.get(fact)!r} became {new.get(fact)!r}" for fact in old.keys() | new.keys()
                if fact not in stated and old.get(fact) != new.get(fact)]  # fmt: skip
    for fact, wanted in stated.items():
        value = new[fact]
        if wanted is WHATEVER:
            continue
        fits = bool(value) == wanted if fact[2] == "set_aside" else value in wanted if isinstance(wanted, list) else (
            value == wanted
        )  # fmt: skip
        if not fits:
            problems.append(f"{fact}: {value!r}, not {wanted!r}")
    return problems + list(_records(case, after)) + list(_holds(case, after)) + list(_promises(case, after))


def _promises(case: Case, after: Dataset) -> Iterator[str]:
    """A match is a promise while it is kept, and the row that is its own says so: no decision makes it one."""
    for match in after.published:
        before = case.before.published_by_request.get(match.request)
        may_be = match.standing == "kept" and (before is None or before.standing != "kept" or before.promise)
        if match.promise and not may_be:
            yield f"{match.request} is a promise"
        # what only the match had made up for would be set aside, were it to move
        aside = any(i.code == "V516" and i.subject == match.request for i in after.issues)
        if not match.promise and match.standing == "kept" and before is not None and before.promise and not aside:
            yield f"{match.request} is no promise any more"


def _stated(case: Case) -> Iterator[tuple[Fact, Any]]:
    kind = case.row["decision"]
    if kind != "defer":  # a match that is kept no more lets its request be deferred
        for row in case.others:
            if row["decision"] == "defer":
                yield ("requests", row["request"], "tranche"), WHATEVER
    if case.broken:
        yield from _barred(case)
    elif kind in _EFFECTS and not (case.dated_later() and kind in ("unlock", "name_pe", "name_supervisor")):
        yield from _EFFECTS[kind](case)


def _barred(case: Case) -> Iterator[tuple[Fact, Any]]:
    """A row that forbids and cannot be read: whom it names is not placed in this run, unless a kept match has him."""
    if case.row["decision"] not in FORBIDS and case.row.get("value") != "declined":
        return
    for request in case.requests():
        match = case.before.published_by_request.get(request)
        if match is None or match.standing != "kept":
            yield ("requests", request, "set_aside"), True


def _lost(case: Case, match: Published, standing: str, *, displaced: bool) -> Iterator[tuple[Fact, Any]]:
    """A match stands for less than it did: a row that only the kept match had made up for is set aside again."""
    yield ("published", match.request, "standing"), standing
    yield ("requests", match.request, "displaced"), displaced
    request = case.before.request_by_id[match.request]
    slip = any(words in (request.set_aside or "") for words in _SLIP_OF_THE_PLAN)
    if match.standing == "kept" and standing != "over" and request.found_by != "employer":
        yield from _days_beside(case, request)
    if match.standing == "kept" and not slip:
        yield ("requests", match.request, "set_aside"), bool(case.alone.request_by_id[match.request].set_aside)


def _days_beside(case: Case, request: Request) -> Iterator[tuple[Fact, Any]]:
    """A match that no longer keeps its own days leaves those of the placement that the employer found free (S1.9)."""
    dataset = case.before
    for other in dataset.requests:
        if other.student != request.student or other.stage == request.stage or other.found_by != "employer":
            continue
        first = other.stage == "first"
        match = dataset.published_by_request.get(other.request)
        day = other.latest_end if first else other.earliest_start
        if match is not None and match.status not in ("declined", "meeting_failed", "withdrawn"):
            over = match.status in ("ended", "ended_early")
            day = (match.end if first else match.start) or (None if over else day)
        if day is not None and first:
            begins = request.earliest_start or dataset.tranche_by_id[request.tranche].first_day
            yield (
                ("requests", request.request, "earliest_start"),
                (day + timedelta(days=1) if begins <= day else request.earliest_start),
            )
        elif day is not None:
            ends = request.latest_end
            late = ends is None or ends >= day
            yield ("requests", request.request, "latest_end"), day - timedelta(days=1) if late else ends


def _withdraw(case: Case) -> Iterator[tuple[Fact, Any]]:
    row, dataset = case.row, case.before
    day = row.get("effective") or row.get("on") or case.today
    if row["about"] == "student":
        student = case.student()
        assert student is not None
        mine = [r for r in dataset.requests if r.student == student]
        if any(r.found_by == "employer" for r in mine):
            for request in mine:  # the days that are left free beside the employer's are as they are
                for column in ("earliest_start", "latest_end", "not_known"):
                    yield ("requests", request.request, column), WHATEVER
        begins = [dataset.tranche_by_id[r.tranche] for r in mine]
        if day > case.today and any(t.status != "past" and t.first_day < day for t in begins):
            yield from _leaves(case, mine, day)
            return
        yield ("students", student, "withdrawn"), True
        for request in mine:
            match = dataset.published_by_request.get(request.request)
            if match is not None and match.standing != "over":
                # Who had begun has been there; who had not leaves the place free, and has not lost it to anybody.
                yield from _lost(case, match, "over" if match.status == "started" else "freed", displaced=False)
            yield from _slip_forgiven(case, request.request)
            if any(r.found_by == "employer" for r in mine):
                for column in ("earliest_start", "latest_end", "not_known"):  # nothing is planned for them any more
                    yield ("requests", request.request, column), WHATEVER
    elif row["about"] == "offer":
        offer = dataset.offer_by_id[row["offer"]]
        later = day > case.today and day > offer.earliest_start
        if later:
            yield ("offers", row["offer"], "latest_end"), _before(day, offer.latest_end)
            yield ("offers", row["offer"], "minimum"), None
        else:
            yield ("offers", row["offer"], "withdrawn"), True
        for match in dataset.published:
            there = match.offer == row["offer"] and match.standing in ("kept", "in_force")
            if there and not (later and match.end is not None and match.end < day):
                yield from _lost(case, match, "freed", displaced=True)
    elif row["about"] == "pe":
        gone = dataset.educator_by_id[row["pe"]].withdrawn_from
        yield ("educators", row["pe"], "withdrawn_from"), day if gone is None or day < gone else gone
    elif dataset.offer_by_id[row["offer"]].on_site_supervisor == "yes":
        # Where there never was one (no), none is lost, and none will be found by that. Whoever leaves once everybody
        # has gone is not missed.
        ends = dataset.offer_by_id[row["offer"]].latest_end
        if day <= case.today or ends is None or day <= ends:
            decided = row.get("on") or case.today
            named = [
                r.get("on") or case.today for r in case.others
                if r["decision"] == "name_supervisor" and named_at(case, r) == row["offer"]
            ]  # fmt: skip
            again = any(decided <= on <= case.today for on in named)  # who is named on that day or later is another
            yield ("offers", row["offer"], "on_site_supervisor"), "yes" if again else "to_be_named"


def _before(day: date, latest: date | None) -> date:
    eve = day - timedelta(days=1)
    return eve if latest is None or eve < latest else latest


def _leaves(case: Case, requests: list[Request], day: date) -> Iterator[tuple[Fact, Any]]:
    """A student who leaves on a day to come has until then; what would go on is given up, or breaks off."""
    for request in requests:
        match = case.before.published_by_request.get(request.request)
        lost = match is not None and match.standing != "over" and not (match.end is not None and match.end < day)
        if match is not None and lost:
            begun = match.status == "started"
            yield from _lost(case, match, "over" if begun else "freed", displaced=False)
            if begun and (match.start is None or match.start < day):
                yield ("published", match.request, "end"), day - timedelta(days=1)
            if match.standing != "kept":
                yield from _slip_forgiven(case, request.request)
        if request.found_by != "employer" and not any(r.found_by == "employer" for r in requests):
            yield ("requests", request.request, "latest_end"), _before(day, request.latest_end)


def _slip_forgiven(case: Case, request: str) -> Iterator[tuple[Fact, Any]]:
    """Set aside so that a slip moves nobody: no longer, once the match may move; the row's own faults stay."""
    said = case.before.request_by_id[request].set_aside or ""
    if any(words in said for words in _SLIP_OF_THE_PLAN):
        yield ("requests", request, "set_aside"), bool(case.alone.request_by_id[request].set_aside)


def _declined(case: Case) -> Iterator[tuple[Fact, Any]]:
    row, dataset = case.row, case.before
    if row.get("pe"):
        return
    named = {c: row[c] for c in ("offer", "agency", "team") if row.get(c)}
    mine = {r.request for r in dataset.requests if r.student == case.student()}
    # Without a place it is the place that they have, or were to have; nobody declines what has ended.
    theirs = [p for p in dataset.published if p.request in case.requests() and p.status not in ("ended", "ended_early")]
    offers = {p.offer for p in theirs}
    if not named and not theirs:
        yield from _barred(case)
    for match in dataset.published:
        if match.request not in mine or match.standing == "over":
            continue
        place = dataset.offer_by_id.get(match.offer)
        if not named:
            meant = match.offer in offers
        elif "offer" in named:
            meant = match.offer == named["offer"]
        else:
            meant = place is not None and all(getattr(place, c) == v for c, v in named.items())
        if meant:
            yield from _lost(case, match, "freed", displaced=False)
            if match.offer not in dataset.offer_by_id:
                yield from _slip_forgiven(case, match.request)


def _unlock(case: Case) -> Iterator[tuple[Fact, Any]]:
    for name in case.requests():
        match, request = case.before.published_by_request.get(name), case.before.request_by_id[name]
        if match is not None and match.standing == "kept":
            yield from _lost(case, match, "in_force", displaced=request.displaced)
        if match is not None and match.offer not in case.before.offer_by_id and match.standing == "freed":
            stays = "its published offer" in (request.set_aside or "")
            yield ("requests", name, "displaced"), stays or request.displaced
        yield from _slip_forgiven(case, name)
        if any(r["decision"] == "defer" and r["request"] == name for r in case.others):  # it may be deferred now
            yield ("requests", name, "displaced"), WHATEVER
            if match is not None:
                yield ("published", name, "standing"), WHATEVER


def _may_be_deferred_to(dataset: Dataset, tranche: str) -> bool:
    return tranche in dataset.tranche_by_id and dataset.tranche_by_id[tranche].status != "past"


def _defer(case: Case) -> Iterator[tuple[Fact, Any]]:
    dataset, [name], value = case.before, case.requests(), case.row["value"]
    request, match = dataset.request_by_id[name], dataset.published_by_request.get(name)
    if not _may_be_deferred_to(dataset, value):
        yield from _barred(case)
        return
    # The one decided last stands; of one day that whose tranche begins last.
    others = [r for r in case.others if r["decision"] == "defer" and r["request"] == name]
    rows = [r for r in (case.row, *others) if _may_be_deferred_to(dataset, r["value"])]
    value = max(
        rows, key=lambda r: (r.get("on") or case.today, dataset.tranche_by_id[r["value"]].first_day)
    )["value"]  # fmt: skip
    slip = any(words in (request.set_aside or "") for words in _SLIP_OF_THE_PLAN)
    past = dataset.tranche_by_id[request.tranche].status == "past"
    unlocked = any(r["decision"] == "unlock" and r["request"] in (name, request.student) for r in case.others)
    nowhere = match is not None and match.offer not in dataset.offer_by_id and match.standing == "freed"
    told = match is not None and (match.student_told_on is not None or match.status in _STAYS)
    stuck = slip or (nowhere and told)
    offer = dataset.offer_by_id.get(match.offer) if match is not None else None
    if offer is not None and offer.tranche == value != request.tranche:  # it has its place of the new round
        yield ("requests", name, "tranche"), value
        yield from _rounds_apart(dataset, request)
        return
    if past or value == request.tranche or (stuck and not unlocked) or (match is not None and match.standing == "kept"):
        return
    yield ("requests", name, "tranche"), value
    if match is not None and match.standing == "in_force":
        yield ("published", name, "standing"), "freed"
    yield from _rounds_apart(dataset, request)


def _rounds_apart(dataset: Dataset, request: Request) -> Iterator[tuple[Fact, Any]]:
    """The rounds of two placements may be apart now, or no longer."""
    for other in dataset.requests:
        if other.student == request.student:
            for column in ("earliest_start", "latest_end", "not_known"):
                yield ("requests", other.request, column), WHATEVER


_EFFECTS: dict[str, Callable[[Case], Iterator[tuple[Fact, Any]]]] = {
    "withdraw": _withdraw, "declined": _declined, "unlock": _unlock, "name_pe": name_pe,
    "name_supervisor": name_supervisor, "defer": _defer,
}  # fmt: skip
"""The kinds that change facts; of the others the rules ask the decisions themselves."""


def _records(case: Case, after: Dataset) -> Iterator[str]:
    """Other decisions stand as they stood, unless the row contradicts them."""
    without = Counter(d.model_copy(update={"id": ""}) for d in case.before.decisions)
    lost = without - Counter(d.model_copy(update={"id": ""}) for d in after.decisions)
    kind, student = case.row["decision"], case.student()
    for other in lost:
        gone = other.decision == "fix" and (kind == "withdraw" or other.student == student)
        same = other.decision == kind in ("exception", "agency_decision", "defer") and other.request in case.requests()
        if not gone and not same and other.decision != "hold":  # of which all are stated
            yield f"the decision {other!r} is lost"


def _holds(case: Case, after: Dataset) -> Iterator[str]:
    """The places that are held: S9.14, said of the dataset as it is now."""
    rows = [r for r in (*case.others, *([] if case.broken else [case.row])) if r["decision"] == "hold"]
    stand = [(r.get("on") or case.today, natural_key(_called(r)), r) for r in rows if _still_holds(case, after, r)]
    expected: list[tuple[str, str | None, int]] = []
    for offer in after.offers:
        here = sorted((s for s in stand if s[2]["offer"] == offer.offer), key=lambda s: s[:2])
        while here and not _fits(after, offer, [r for *_, r in here]):
            here.pop()  # the newest
        expected += [(offer.offer, r.get("request"), r.get("places") or 1) for *_, r in here]
    found = [(d.offer or "", d.request, d.places or 0) for d in after.decisions if d.decision == "hold"]
    if Counter(expected) != Counter(found):
        yield f"held are {found}, not {expected}"


def _called(row: Mapping[str, Any]) -> str:
    return " ".join(str(row[c]) for c in ("decision", *WORDS) if row.get(c))


def _still_holds(case: Case, after: Dataset, row: Mapping[str, Any]) -> bool:
    if row.get("until") is not None and row["until"] < case.today:
        return False
    offer, request = after.offer_by_id[row["offer"]], after.request_by_id.get(row.get("request", ""))
    if offer.withdrawn or after.tranche_by_id[offer.tranche].status == "past":
        return False
    if request is None:
        return True
    match = after.published_by_request.get(request.request)
    done = request.found_by == "employer" or (match is not None and match.standing == "over")
    gone = after.student_by_id[request.student].withdrawn
    return not (done or gone or after.tranche_by_id[request.tranche].status == "past")


def _fits(after: Dataset, offer: Offer, rows: list[Mapping[str, Any]]) -> bool:
    theirs = {r.get("request") for r in rows}
    told = [
        p for p in after.published
        if p.offer == offer.offer and p.standing == "kept" and p.request not in theirs
        and after.request_by_id[p.request].found_by == "partnership"
    ]  # fmt: skip
    return sum(r.get("places") or 1 for r in rows) + len(told) <= offer.capacity
