"""What agencies replied, as steps that a person may accept.

A form is the agency's answer to a proposal, before the pre-placement meeting. So **yes** is the decision
``agency_decision accepted`` where the agency has to be asked, and for a published match the steps of the ladder that it
shows: it was sent to the agency; with a day, the meeting is booked. Whether a meeting went well no form says. **No** is
the decision ``declined`` by the agency, which bars that place for that student and leaves it to others; a place that is
gone for everybody is **withdrawn**: the offer, where all its places are, else as many of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from allocator.lifecycle.ladder import MEETING
from allocator.lifecycle.recognising import Recognised
from allocator.lifecycle.reply_forms import NEW_PLACE, FormRow
from allocator.reading.folding import fold
from allocator.reading.spelling import did_you_mean
from allocator.settling.directories import Directory
from allocator.views.agency_forms import (
    MEETING_ON,
    OUTCOME,
    PE_NAMED,
    REASON,
    REPLY_SHEET,
    STAYS_OPEN,
    SUPERVISOR_NAMED,
    UNUSED_SHEET,
    VISITS_SHEET,
    WITHDRAWN,
)
from allocator.views.words import counted
from models.dataset import Dataset
from models.entities import Offer, Published
from models.errors import Issue
from models.plan import Match, Plan, ProvisionalCode


class Decided(NamedTuple):
    """A row for the log of decisions."""

    cells: Mapping[str, Any]


class MarkedStep(NamedTuple):
    """A step of the ladder for a published match."""

    request: str
    step: str
    on: date | None = None


class FewerPlaces(NamedTuple):
    """So many places of an offer are gone, and not all."""

    offer: str
    places: int


Step = Decided | MarkedStep | FewerPlaces


class Proposal(NamedTuple):
    """What a reply asks for: the form and where in it, what it says in words, and the steps, all of them or none."""

    form: str
    where: str
    says: str
    steps: tuple[Step, ...]


class FormFound(NamedTuple):
    """A form: whose it is, how many of its rows are filled in, what is to be said of it, and its problems."""

    name: str
    agency: str | None
    answered: int
    rows: int
    said: tuple[str, ...]
    issues: tuple[Issue, ...]


class Replies(NamedTuple):
    """What came back: every form, and what the replies propose, in the order of forms and rows."""

    forms: tuple[FormFound, ...]
    proposals: tuple[Proposal, ...]


def replies_of(forms: Iterable[Recognised], dataset: Dataset, plan: Plan) -> Replies:
    """What forms propose.

    Parameters
    ----------
    forms
        In their order.
    dataset, plan
        What holds: replies are about matches of this plan.

    Returns
    -------
    Replies
        Nothing is decided by it.
    """
    found: list[FormFound] = []
    proposals: list[Proposal] = []
    supervisors: set[str] = set()
    for form in forms:
        read = _Form(form, dataset, plan, supervisors)
        proposals += read.proposals()
        answered = sum(row.answered for row in form.rows)
        said = (*form.said, *read.said, *read.not_answered())
        found.append(FormFound(form.name, form.agency, answered, len(form.rows), said, form.issues))
    return Replies(tuple(found), tuple(proposals))


def contradiction_of(row: FormRow) -> str | None:
    """What contradicts each other in a row of a form; None where nothing does.

    Parameters
    ----------
    row
        As it was filled in.
    """
    reason = row.replies.get(REASON)
    if row.replies.get(OUTCOME) == "yes" and (reason or row.replies.get(WITHDRAWN) == "yes"):
        against = f"'{reason}'" if reason else f"'{WITHDRAWN}'"
        return f"yes and {against} contradict each other"
    return None


def unclear_in(row: FormRow) -> str | None:
    """What somebody would have to ask about a row of a form, whatever the plan is; None where it is clear.

    Parameters
    ----------
    row
        As it was filled in.
    """
    replies = row.replies
    if replies.get(REASON) and OUTCOME not in replies and OUTCOME not in row.unreadable and WITHDRAWN not in replies:
        return "a reason code and no outcome"
    return contradiction_of(row)


class _Form:
    """One form beside the plan. ``supervisors`` are offers for which one was named before."""

    def __init__(self, form: Recognised, dataset: Dataset, plan: Plan, supervisors: set[str]) -> None:
        self._form, self._dataset, self._supervisors = form, dataset, supervisors
        self._agency = form.agency or ""
        self._offers = Directory("Offers", dataset.offer_by_id)
        self._students = Directory("Students", dataset.student_by_id)
        self._educators = Directory("Educators", dataset.educator_by_id)
        self._matches = plan.matches
        self._used = Counter(match.offer for match in plan.matches)
        self._about: set[str] = set()
        self.said: list[str] = []

    def proposals(self) -> list[Proposal]:
        """What every row asks for; places that are gone come last."""
        found: list[Proposal] = []
        gone: dict[str, list[tuple[FormRow, Match]]] = {}
        closed: dict[str, FormRow] = {}
        for row in self._form.rows:
            offer = self._offer(row)
            if offer is None:
                continue
            if row.sheet == UNUSED_SHEET:
                if row.replies.get(STAYS_OPEN) == "no":
                    closed[offer.offer] = row
                continue
            match = self._match(row, offer)
            if match is None:
                continue
            if row.sheet == REPLY_SHEET:
                self._about.add(match.request)
            if row.replies.get(WITHDRAWN) == "yes" and row.replies.get(OUTCOME) != "yes":
                if OUTCOME in row.unreadable:
                    self._say(row, "the place is withdrawn beside an outcome that cannot be read: ask which holds.")
                    continue
                gone.setdefault(offer.offer, []).append((row, match))
            elif row.answered:
                found += self._of_row(row, match)
        return [*found, *self._gone(gone, closed)]

    def not_answered(self) -> Iterator[str]:
        """What the form leaves open: it is blank, rows of it are, or placements of the plan are not in it."""
        rows = [row for row in self._form.rows if row.sheet != UNUSED_SHEET]
        if self._form.rows and not any(row.answered for row in self._form.rows):
            yield "It was not filled in."
        elif blank := sum(not row.answered for row in rows):
            yield f"Not answered: {blank} of {counted(len(rows), 'row')}."
        if not self._form.rows:
            return
        mine = (m for m in self._matches if self._dataset.offer_by_id[m.offer].agency == self._agency)
        absent = [f"{m.request} at {m.offer}" for m in mine if m.request not in self._about]
        if absent:
            yield f"Planned and not answered by this form: {', '.join(absent)}."

    # -- What a row is about -------------------------------------------------------------------------------------------

    def _offer(self, row: FormRow) -> Offer | None:
        name = self._offers.find(row.place or "")
        if name is None:
            unknown = f"there is no place '{row.place}'.{did_you_mean(row.place or '', self._offers.ids)}"
            if row.sheet == UNUSED_SHEET:
                self.said.append(f"{row.where}: {unknown} {NEW_PLACE}")
            else:
                self._say(row, unknown)
            return None
        offer = self._dataset.offer_by_id[name]
        theirs = {offer.agency} if row.sheet != VISITS_SHEET else {spoke.agency for spoke in offer.spokes}
        if self._agency not in theirs:
            self._say(row, f"{name} is a place of {offer.agency}, not of {self._agency}.")
            return None
        return offer

    def _match(self, row: FormRow, offer: Offer) -> Match | None:
        student = self._students.find(row.student or "")
        if student is None:
            self._say(row, f"there is no student '{row.student}'.{did_you_mean(row.student or '', self._students.ids)}")
            return None
        requests = self._dataset.request_by_id
        theirs = [m for m in self._matches if requests[m.request].student == student]
        here = [m for m in theirs if m.offer == offer.offer]
        if len(here) > 1:  # a first and a final in one place
            here = [m for m in here if requests[m.request].stage == fold(row.stage or "")]
        if len(here) == 1:
            return here[0]
        now = ", ".join(f"{m.request} has {m.offer}" for m in theirs) or f"{student} has no place"
        self._say(row, f"{student} at {offer.offer} is not in the plan (now {now}).")
        return None

    def _say(self, row: FormRow, words: str) -> None:
        if row.answered:
            words = f"{words[0].upper()}{words[1:]}".rstrip()
            self.said.append(f"{row.where}: {words} The row was not used.")

    # -- What it proposes ----------------------------------------------------------------------------------------------

    def _of_row(self, row: FormRow, match: Match) -> Iterator[Proposal]:
        outcome, reason = row.replies.get(OUTCOME), row.replies.get(REASON)
        if contradiction := contradiction_of(row):
            self._say(row, f"{contradiction}: ask which holds.")
            return
        if outcome == "no":
            yield self._no(row, match)
            return
        if outcome == "yes":
            yield from self._yes(row, match)
        elif reason and OUTCOME not in row.unreadable:
            self.said.append(f"{row.where}: a reason code and no outcome, so nothing was declined: ask.")
        if row.sheet == REPLY_SHEET and OUTCOME not in row.unreadable:
            yield from self._named(row, match)

    def _yes(self, row: FormRow, match: Match) -> Iterator[Proposal]:
        proposed = False
        if any(w.code == ProvisionalCode.TO_ASK and w.who == self._agency for w in match.waiting):
            proposed = True
            cells = {
                "decision": "agency_decision", "request": match.request, "agency": self._agency, "value": "accepted",
                "why": self._why(row),
            }  # fmt: skip
            yield self._proposal(row, match, "yes: the agency was to be asked, and accepts", Decided(cells))
        steps = tuple(self._steps(row, match))
        if steps:
            words = ", ".join(step.step if step.on is None else f"{step.step} on {step.on}" for step in steps)
            yield self._proposal(row, match, f"yes: {words}", *steps)
        elif not proposed:
            self.said.append(f"{row.where}: {match.request} at {match.offer}: yes. Nothing waits for that answer.")

    def _steps(self, row: FormRow, match: Match) -> Iterator[MarkedStep]:
        """The steps of the ladder that a yes shows."""
        day, published = row.replies.get(MEETING_ON), self._published(match)
        if published is None:
            if day is not None:
                self.said.append(f"{row.where}: a meeting is noted once the plan is published.")
            return
        status = published.status
        if status == "proposed" and row.sheet == REPLY_SHEET:
            yield MarkedStep(match.request, "sent_to_agency")
            status = "sent_to_agency"
        if day is not None and status == "sent_to_agency":
            yield MarkedStep(match.request, "meeting_booked")
        if day is not None and day != published.meeting_on:
            yield MarkedStep(match.request, MEETING, day)

    def _published(self, match: Match) -> Published | None:
        found = self._dataset.published_by_request.get(match.request)
        same = found is not None and found.offer == match.offer and found.standing in ("kept", "in_force")
        return found if same else None

    def _no(self, row: FormRow, match: Match) -> Proposal:
        reason = row.replies.get(REASON)
        because = f" ({reason})" if reason else ", without a reason code"
        return self._proposal(row, match, f"no{because}", Decided(self._declined(row, match)))

    def _declined(self, row: FormRow, match: Match) -> dict[str, Any]:
        place = {"offer": match.offer} if row.sheet == REPLY_SHEET else {"agency": self._agency, "team": row.team}
        reason = row.replies.get(REASON)
        facts = {"request": match.request, "party": "agency", "reason_code": reason, **place}
        return {"decision": "declined", "why": self._why(row), **facts}

    def _named(self, row: FormRow, match: Match) -> Iterator[Proposal]:
        typed = row.replies.get(PE_NAMED)
        pe = self._educators.find(typed) if typed is not None else None
        if typed is not None and pe is None:
            nearest = did_you_mean(typed, self._educators.ids)
            self.said.append(
                f"{row.where}: no PE '{typed}' is on Educators.{nearest} Add a row there, and read the form again."
            )
        elif pe is not None and match.pe != pe:
            place = {"request": match.request, "offer": match.offer}
            cells = {"decision": "name_pe", "pe": pe, "why": self._why(row), **place}
            yield self._proposal(row, match, f"PE named: {pe}", Decided(cells))
        supervisor = row.replies.get(SUPERVISOR_NAMED)
        open_still = self._dataset.offer_by_id[match.offer].on_site_supervisor == "to_be_named"
        if supervisor is not None and open_still and match.offer not in self._supervisors:
            self._supervisors.add(match.offer)
            why = f"{self._why(row)}: {supervisor}"
            cells = {"decision": "name_supervisor", "offer": match.offer, "why": why}
            yield self._proposal(row, match, f"supervisor named: {supervisor}", Decided(cells))

    def _gone(
        self, gone: Mapping[str, list[tuple[FormRow, Match]]], closed: Mapping[str, FormRow]
    ) -> Iterator[Proposal]:
        """Places that are withdrawn: an offer as a whole, or as many places of it."""
        for name in dict.fromkeys((*gone, *closed)):
            offer, taken = self._dataset.offer_by_id[name], gone.get(name, [])
            unused = max(0, offer.capacity - self._used[name]) if name in closed else 0
            rows = [row for row, _ in taken] + ([closed[name]] if name in closed else [])
            where = "; ".join(row.where for row in rows)
            if len(taken) == self._used[name] and len(taken) + unused >= offer.capacity:
                reason = next((r for row, _ in taken if (r := row.replies.get(REASON))), None)
                facts = {"about": "offer", "offer": name, "reason_code": reason}
                cells = {"decision": "withdraw", "why": self._why(rows[0]), **facts}
                whole = f"{name}: withdrawn" if offer.capacity == 1 else f"{name}: all places withdrawn"
                yield Proposal(self._form.name, where, whole, (Decided(cells),))
                continue
            full = self._used[name] > offer.capacity  # kept beyond it: what goes leaves no free place
            fewer = () if full else (FewerPlaces(name, 1),)
            for row, match in taken:
                steps = (Decided(self._declined(row, match)), *fewer)
                yield self._proposal(row, match, f"the place is withdrawn, others of {name} stay", *steps)
            if unused:
                words = f"{name}: {counted(unused, 'unused place')} of {offer.capacity} withdrawn"
                yield Proposal(self._form.name, closed[name].where, words, (FewerPlaces(name, unused),))

    def _why(self, row: FormRow) -> str:
        """Where a decision comes from, for the log."""
        return f"reply form of {self._agency}, {row.where}"

    def _proposal(self, row: FormRow, match: Match, says: str, *steps: Step) -> Proposal:
        return Proposal(self._form.name, row.where, f"{match.request} at {match.offer}: {says}", steps)
