"""Which changes would lift what blocks a place. They are proposals, to be confirmed by the checker."""

from collections.abc import Iterator
from datetime import date
from math import ceil

from allocator.eligibility import Eligibility
from allocator.reasons.words import at_once, day_words
from allocator.terms.decisions import about_offer, about_request
from models.base import natural_key
from models.catalogue import RULE_BY_ID, UNBLOCKED_BY_FACT, UNBLOCKED_BY_KIND
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Offer, Request
from models.plan import Match, Violation
from models.policy import STATUTORY_TESTS
from models.reasons import Lift, LiftKind

MOST_DAYS_SHORT = 10
"""An exception to E01 takes off at most so many days (rules catalogue)."""
NAMED = "TBC PEPS2@{}"
"""The PE of a match that rests on another PE being named."""


Proposal = tuple[tuple[Lift, ...], Match]
"""Lifts, and the match that they suppose: another PE may be named for it."""


class Lifting:
    """Proposes lifts for what one match more would break.

    Parameters
    ----------
    eligibility
        Dataset, policy and the days that a placement takes.
    """

    def __init__(self, eligibility: Eligibility) -> None:
        self._eligibility = eligibility
        self._dataset: Dataset = eligibility.dataset

    def lifts(self, match: Match, found: tuple[Violation, ...], educators: tuple[str, ...]) -> Proposal | None:
        """Lifts for all of them, and the match with the PE whom they suppose; None where nobody can lift something.

        Parameters
        ----------
        match
            The match that would break something.
        found
            What it would break.
        educators
            PEs and pools of the offer now.
        """
        request, offer = self._dataset.request_by_id[match.request], self._dataset.offer_by_id[match.offer]
        by_pe = [v for v in found if _is_about(v, match.pe)]
        alone = [v for v in found if v not in by_pe]
        if any(v.rule == "L02" and v.detail.startswith("offer ") for v in found) and self._follows(offer, match.pe):
            by_pe = [v for v in by_pe if v.rule != "L03"]
        lifts = [self._lifts(v, match, request, offer) for v in alone]
        single = self._exception_about_pe(by_pe[0], match) if len(by_pe) == 1 else None
        if single is not None:
            lifts.append((single,))
        elif by_pe:
            named = NAMED.format(offer.offer)
            lifts.append((self._another(by_pe[0].rule, match, educators),))
            match = match.model_copy(update={"pe": named})
        if not all(lifts):
            return None
        return tuple(dict.fromkeys(lift for some in lifts for lift in some)), match

    @staticmethod
    def _follows(offer: Offer, pe: str | None) -> bool:
        """Whether a pool takes as many as the offer has places, so that a place more is one PE more (S4.2)."""
        entries = [e for e in offer.educators if e.kind != "named" and e.pool_id(offer.offer) == pe]
        plain = pe == f"TBC@{offer.offer}" and not entries
        return plain or any(e.kind == "tbc" and e.places is None for e in entries)

    # ---- the PE ------------------------------------------------------------------------------------------------
    def _exception_about_pe(self, found: Violation, match: Match) -> Lift | None:
        """E12 and L07 for one request, where that alone would do; a named supervisor for E14."""
        educator = self._dataset.educator_by_id.get(match.pe or "")
        if found.rule == "E12" and match.start is not None and educator is not None and educator.registered != "no":
            value = match.start.isoformat()
            return _lift(
                "exception", "E12", match, match.request, f"{match.pe} counts as current on {day_words(match.start)}",
                value,
            )  # fmt: skip
        if found.rule == "L07":
            return _lift("exception", "L07", match, match.request, f"{match.request} is left out of the cap (L07)")
        if found.rule == "E14":
            return _lift("fact", "E14", match, match.offer, f"{match.offer} names an on-site supervisor")
        return None

    @staticmethod
    def _another(rule: str, match: Match, educators: tuple[str, ...]) -> Lift:
        return _lift(
            "educator", rule, match, match.offer, f"{match.offer} names one PE more (a PEPS2)", "\n".join(educators)
        )

    # ---- everything else ---------------------------------------------------------------------------------------
    def _lifts(self, found: Violation, match: Match, request: Request, offer: Offer) -> tuple[Lift, ...]:
        rule = found.rule
        if rule in ("E13", "E16"):
            return tuple(self._undone(rule, match, request, offer))
        if rule == "L12":
            return tuple(self._undo(rule, match, d) for d in self._dataset.decisions if d.id == found.subjects[2])
        if rule == "E01":
            return self._days(match, request, offer)
        if rule == "E04":
            words = f"{match.request} may travel {found.amount} minutes to {match.offer}"
            return (_lift("exception", rule, match, match.request, words, str(found.amount)),)
        if rule == "E18":
            words = f"the repeat {match.request} may be in agency {offer.agency}"
            return (_lift("exception", rule, match, match.request, words, "agency"),)
        if rule == "L02" and found.detail.startswith("offer "):
            return self._place(found, match, offer)
        if rule in ("L02", "L08", "L10"):
            return (self._number(found, match, offer),)
        if rule in ("L04", "L05"):
            return self._setting(rule, match, request)
        if rule == "L11":
            return self._part(found, match, request)
        if rule == "L06":
            return self._later(found, match, request, offer)
        if rule == "E06":
            return (self._accepted(match, request, offer),)
        words_of_fact = {
            "E02": f"{request.student} passes",
            "E03": f"{match.offer} covers the driving of {request.student}",
            "E07": f"{match.offer} meets the adjustment of {request.student}",
            "E08": f"the lock of {match.request} is widened to {match.offer}",
            "E09": f"{match.offer} is released for {match.request}, or its pattern of days is changed",
            "E17": f"{request.student} ranks {match.offer} too",
            "E20": f"{request.student} may be in every part of the partnership",
            "L09": f"{request.student} is no intern",
        }.get(rule)
        return () if words_of_fact is None else (_lift("fact", rule, match, match.request, words_of_fact),)

    def _accepted(self, match: Match, request: Request, offer: Offer) -> Lift:
        """E06: every agency of a site that declined; where a spoke's did, it is not the offer's that can unblock it."""
        answers = self._eligibility.terms.decisions.answers
        agencies = dict.fromkeys(a for a, _ in offer.sites if answers.get((request.request, a)) == "declined")
        who = " and ".join(agencies)
        words = f"{who} accept{'s' if len(agencies) == 1 else ''} {request.request}"
        lift = _lift("fact", "E06", match, match.request, words)
        return lift if who == offer.agency else lift.model_copy(update={"who": who})

    def _undone(self, rule: str, match: Match, request: Request, offer: Offer) -> Iterator[Lift]:
        """Decisions that bar the pair, each to be undone by whoever made it."""
        for d in self._dataset.decisions:
            if self._bars(d, rule, request, offer):
                yield self._undo(rule, match, d)

    @staticmethod
    def _undo(rule: str, match: Match, d: Decision) -> Lift:
        by = f", by {d.by}" if d.by else ""
        return _lift("decision", rule, match, d.id, f"decision {d.id} ({d.decision}{by}) is undone")

    def _bars(self, d: Decision, rule: str, request: Request, offer: Offer) -> bool:
        if d.pe is not None and d.decision != "fix":
            return False
        if rule == "E16":
            fixed = d.decision == "fix" and d.request == request.request
            return fixed or (d.decision == "do_not_match" and about_request(d, request) and about_offer(d, offer))
        student = d.student
        if student is None and d.request is not None and d.request in self._dataset.request_by_id:
            student = self._dataset.request_by_id[d.request].student
        if d.decision != "declined" or student != request.student:
            return False
        return d.offer == offer.offer if d.offer is not None else about_offer(d, offer)

    def _days(self, match: Match, request: Request, offer: Offer) -> tuple[Lift, ...]:
        """Some days short by exception, where they are few; else other dates."""
        terms = self._eligibility.terms
        already = terms.decisions.days_short(request, offer)
        whole = terms.calendar.window(request, offer, 0)
        starts_late = offer.latest_start is not None and whole[0] > offer.latest_start
        ends = [d for d in (offer.latest_end, request.latest_end) if d is not None]
        for short in range(already + 1, MOST_DAYS_SHORT + 1) if not starts_late and ends else ():
            if terms.calendar.window(request, offer, short)[1] <= min(ends):
                words = f"{match.request} is {short} days short at {match.offer}"
                return (_lift("exception", "E01", match, match.request, words, str(short)),)
        start, end = terms.window(request, offer)
        words = f"{match.offer} and {match.request} run from {day_words(start)} to {day_words(end)}"
        return (_lift("fact", "E01", match, match.offer, words, f"{start}/{end}"),)

    def _later(self, found: Violation, match: Match, request: Request, offer: Offer) -> tuple[Lift, ...]:
        """A final that starts on the day after its first ends; a first that is not placed is not lifted here."""
        if found.amount is None or request.stage != "final" or match.start is None:
            return ()
        calendar, short = self._eligibility.terms.calendar, self._eligibility.terms.decisions.days_short(request, offer)
        after = match.start.toordinal() - found.amount + 1
        moved = request.model_copy(update={"earliest_start": match.start.fromordinal(after)})
        start, end = calendar.window(moved, offer, short)
        words = f"{match.request} runs at {match.offer} from {day_words(start)} to {day_words(end)}"
        return (_lift("fact", "L06", match, match.request, words, f"{start}/{end}"),)

    def _setting(self, rule: str, match: Match, request: Request) -> tuple[Lift, ...]:
        """L04 and L05 of one student: only the policy can be another, at this offer."""
        policy = self._eligibility.policy
        programme = self._dataset.student_by_id[request.student].programme
        if rule == "L04" and policy.least_statutory(programme) == 2:
            words = f"one statutory placement of two is enough for {programme} (Policy: statutory_least)"
            return (_lift("setting", rule, match, "statutory_least", words, f"{programme}=1"),)
        if rule == "L04":
            other = "dfe" if policy.statutory_test == "regulator" else "regulator"
            words = f"what counts as statutory is {STATUTORY_TESTS[other]} test (Policy: statutory_test)"
            return (_lift("setting", rule, match, "statutory_test", words, other),)
        locked = self._eligibility.horizon.is_locked(request)
        if locked and not policy.locked_contrast_by_team:
            words = "another team is contrast enough for locked students (Policy: locked_contrast_by_team)"
            return (_lift("setting", rule, match, "locked_contrast_by_team", words, "true"),)
        if policy.contrast == "any":
            return ()
        return (_lift("setting", rule, match, "contrast", "any contrast is enough (Policy: contrast)", "any"),)

    def _part(self, found: Violation, match: Match, request: Request) -> tuple[Lift, ...]:
        """L11: the least percent that is enough, where the agency has places enough."""
        student = self._dataset.student_by_id[request.student]
        of = next(n for n in (student.university, student.programme) if n and found.detail.startswith(f"{n} at "))
        places = int(found.detail.removesuffix(" places").rpartition(" ")[2])
        enough = (p for p in range(101) if -(-p * places // 100) >= (found.amount or 0))
        percent = next(enough, None)
        if percent is None:
            return ()
        words = f"{of} may have {percent}% of an agency's places (Policy: agency_part_percent)"
        return (_lift("setting", "L11", match, f"agency_part_percent.{of}", words, str(percent)),)

    def _place(self, found: Violation, match: Match, offer: Offer) -> tuple[Lift, ...]:
        """Places that are held are given up, those held last first; what then is missing are places more."""
        more = (found.amount or 0) - (found.limit or 0)
        lifts: list[Lift] = []
        held = self._eligibility.terms.holds.empty(offer.offer, found.subjects[1:])
        for empty in sorted(held, key=lambda h: (h.hold.on or date.min, natural_key(h.hold.id)), reverse=True):
            if more > 0:
                lifts.append(self._undo("L02", match, empty.hold))
                more -= empty.places
        if more > 0:
            words = f"{offer.offer} has {_more(more)} more"
            lifts.append(_lift("place", "L02", match, offer.offer, words, str(offer.capacity + more)))
        return tuple(lifts)

    def _number(self, found: Violation, match: Match, offer: Offer) -> Lift:
        """One in a number more (a minimum: as many as there would be)."""
        more = (found.amount or 0) - (found.limit or 0)
        if found.rule == "L08":
            words = "the agencies' ranges are an aim, no limit (Policy: fair_share_hard)"
            return _lift("setting", "L08", match, "fair_share_hard", words, "false")
        if found.rule == "L10" and more < 0:
            words = f"{offer.offer} opens for {found.amount}"
            return _lift("minimum", "L10", match, offer.offer, words, str(found.amount))
        of_team = found.rule == "L02" and found.detail.startswith("team ")
        who = f"{offer.agency}/{offer.team}" if of_team else offer.agency
        label = f"team {offer.team} of {offer.agency}" if of_team else offer.agency
        # What other programmes have is taken off the maximum, which they may exceed already.
        committed = at_once(found)[2] if found.rule == "L02" else 0
        most = (found.amount or 0) + ceil(committed)
        when = "at once" if found.rule == "L02" else "in the year"
        return _lift("maximum", found.rule, match, who, f"{label} takes {most} {when}", str(most))


def waits_for_first(found: Violation) -> bool:
    """Whether a final only waits for its first, which is itself not placed."""
    return found.rule == "L06" and found.amount is None


def _more(number: int) -> str:
    return "1 place" if number == 1 else f"{number} places"


def _is_about(found: Violation, pe: str | None) -> bool:
    """Whether another PE could make the difference."""
    if found.rule in ("L03", "L07"):
        return True
    return found.rule.startswith(("E", "L01")) and len(found.subjects) > 2 and found.subjects[2] == pe


def _lift(kind: LiftKind, rule: str, match: Match, subject: str, words: str, value: str | None = None) -> Lift:
    fact = UNBLOCKED_BY_FACT.get(rule, RULE_BY_ID[rule].unblocked_by)
    return Lift(
        kind=kind, rule=rule, request=match.request, offer=match.offer, subject=subject, value=value, sentence=words,
        who=fact if kind == "fact" else UNBLOCKED_BY_KIND[kind],
    )  # fmt: skip
