"""What a meeting has still to talk about, one after the other: the next open question is one key away."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from allocator.views.chase import owed, standing
from allocator.views.facts import Facts
from allocator.views.in_meeting import Words
from allocator.views.unused import Unused
from allocator.views.words import counted, educator_name, is_to_be_named
from models.base import natural_key
from models.entities import Request
from models.plan import Match

QuestionKind = Literal["not placed", "overdue", "PE to be named", "unused place", "agency"]
KINDS: dict[QuestionKind, str] = {
    "not placed": "Not placed", "overdue": "Provisional, with something overdue", "PE to be named": "PE to be named",
    "unused place": "Unused places that somebody could take", "agency": "Agencies that owe an answer",
}  # fmt: skip
"""In the order in which they are asked."""


class Question(NamedTuple):
    """An open question. ``which``: the request, offer or agency that it is about; ``key`` names it in an address."""

    kind: QuestionKind
    about: Literal["request", "offer", "agency"]
    which: str
    due: date | None = None
    owner: str = ""

    @property
    def key(self) -> str:
        """The same as long as the question is open."""
        return f"{self.kind}:{self.which}"


def open_questions(facts: Facts, unused: Unused) -> tuple[Question, ...]:
    """The open questions of the tranches that are being decided, in order.

    Who is not placed comes first, by priority as the policy weighs it; then matches for which something is overdue,
    the longest first; PEs to be named; free places that somebody could take, those of which somebody without a place
    could first; agencies that owe an answer.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    unused
        Free places, worked out once.
    """
    return tuple({q.key: q for q in _all(facts, unused)}.values())


def _all(facts: Facts, unused: Unused) -> Iterator[Question]:
    today = facts.as_of
    waiting = [r for r in facts.unplaced if not facts.is_later(r)]
    for request in sorted(waiting, key=lambda r: (-facts.priority(r)[0], natural_key(r.request))):
        yield Question("not placed", "request", request.request)
    placed = {m.request: m for m in facts.matches if not facts.is_later(facts.request(m))}
    overdue = [row for row in owed(facts) if row.days_overdue(today) is not None]
    said = set()
    for row in overdue:
        for name in (row.which,) if row.about == "request" else row.requests:
            if name in placed and name not in said and facts.is_provisional(placed[name]):
                said.add(name)
                yield Question("overdue", "request", name, row.due, row.owner)
    for name, match in placed.items():
        if is_to_be_named(match) and name not in said:
            yield Question("PE to be named", "request", name, owner=facts.agency_name(facts.offer(match).agency))
    deciding = {t.tranche for t in facts.deciding}
    free = [o for o in facts.horizon_offers if o.tranche in deciding and unused.unheld(o)]
    takers = {o.offer: unused.takers(o) for o in free}
    for offer in sorted(free, key=lambda o: (not takers[o.offer][0], natural_key(o.offer))):
        if any(takers[offer.offer]):
            yield Question("unused place", "offer", offer.offer, owner=facts.agency_name(offer.agency))
    names = {facts.agency_name(a.agency): a.agency for a in facts.dataset.agencies}
    for row in overdue:
        if row.about == "agency" and row.which in names:
            yield Question("agency", "agency", names[row.which], row.due, row.owner)


def question_words(facts: Facts, unused: Unused, words: Words, question: Question) -> str:
    """A question in a sentence.

    Parameters
    ----------
    facts, unused
        As for :func:`open_questions`.
    words
        For whom.
    question
        One of these.
    """
    if question.about == "agency":
        return f"It owes an answer: {standing(facts.as_of, question.due)}."
    if question.about == "offer":
        offer = facts.offers[question.which]
        waiting, elsewhere = unused.takers(offer)
        who = counted(len(waiting), "request") + " without a place" if waiting else counted(len(elsewhere), "request")
        return f"{facts.agency_name(offer.agency)}, {offer.team}: {who} could take it."
    request: Request = facts.dataset.request_by_id[question.which]
    match: Match | None = facts.match_of.get(question.which)
    if match is None:
        return words.why(request)
    late = f", {standing(facts.as_of, question.due)}" if question.due else ""
    offer = facts.offer(match)
    where = f"{facts.agency_name(offer.agency)}, {offer.team}, PE {educator_name(match.pe)}"
    return f"{where}: {'; '.join(words.waits(match))}{late}."


def next_of(questions: tuple[Question, ...], about: str, last: Sequence[str] = ()) -> Question | None:
    """The question after the one that is talked about, or was until it was settled; None where none is open.

    Parameters
    ----------
    questions
        Those that are open, in order.
    about
        What is talked about, or the key of its question; blank where that is not known.
    last
        What :func:`from_here` said when a question was talked about last: one that is settled is not among
        ``questions`` any more, and its request may have another question by now.
    """
    at = {question.key: n for n, question in enumerate(questions)}
    here = next((n for n, q in enumerate(questions) if about and about in (q.key, q.which)), None)
    is_last = bool(last) and (here is None or last[0].endswith(f":{about}") or last[0] == about)
    if is_last and last[0] in at:
        here = at[last[0]]
    elif is_last:
        return next((questions[at[key]] for key in last if key in at), questions[0] if questions else None)
    return questions[(-1 if here is None else here) + 1 - len(questions)] if questions else None


def from_here(questions: tuple[Question, ...], here: Question) -> tuple[str, ...]:
    """Keys of the questions from one of them on, and round to the one before it.

    Parameters
    ----------
    questions
        In order.
    here
        One of these.
    """
    at = questions.index(here)
    return tuple(question.key for question in (*questions[at:], *questions[:at]))
