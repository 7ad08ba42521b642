"""Why a request was not placed: what removed its offers, what stands in the way at the rest, the three nearest.

No limit is judged here. What a place would break is asked of the checker (:class:`allocator.checker.OneMore`), and what
is said to unblock it was checked with all of it lifted.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from allocator.checker import LiftedCheck, OneMore
from allocator.eligibility import Codes
from allocator.reasons.changes import Resolved, smallest
from allocator.reasons.lifting import Lifting, Proposal, waits_for_first
from allocator.reasons.lifts import lifted
from allocator.reasons.places import FULL, Asking, Excluded, Place
from allocator.reasons.words import BlockWords, listed
from allocator.solving import Solver
from allocator.terms.view import PairView
from models.base import natural_key
from models.catalogue import RULE_BY_ID
from models.entities import Request
from models.plan import Match, Plan
from models.reasons import Block, Blocked, Change, Lift, Near, Unplaced

NEAREST = 3
BLOCK = 128
"""Requests whose rules are asked together."""
STRUCTURAL = "E01"
"""Offers of another stage, tranche or length say little of a request."""
OF_BOTH = ("E10", "L04", "L05", "L06", "L09")
"""Rules about a student's two placements: no place that is freed changes them."""
TRIED = 6
"""Of so many places that somebody might unblock, the checker is asked whether it would."""
CONFIRMED = 60
"""At most so many requests are told who can unblock their nearest places."""
JUDGED = 120_000
"""Matches that are judged for that, a whole plan for each place: a few seconds, so that large plans are not kept
waiting after their time limit."""
ASKED = 60_000
"""About so many questions to the checker, each a place with one of its PEs, of all requests together."""
ASKED_AT_LEAST = 10
"""Places of every request, so that where thousands are not placed more is asked."""
ASKED_BRIEFLY = 20
"""Places of a request where its reason alone is wanted."""
NOBODY = "nobody"
NOT_FOUND = "not known"
"""Somebody could change something, and that was not enough."""
OF_THE_ROW = "the team (put its row right)"
NOT_TRIED = "not tried: too many requests are not placed"


class Reasons:
    """The reasons of one plan.

    Parameters
    ----------
    solver
        Dataset and policy, which offers each rule excludes, and what would be if a match were fixed.
    plan
        Its plan, without a clash.
    """

    def __init__(self, solver: Solver, plan: Plan) -> None:
        self._eligibility = eligibility = solver.eligibility
        self._dataset, self._policy = eligibility.dataset, eligibility.policy
        # Matches that state nothing of themselves: what waits for what is no limit.
        bare = (Match(request=m.request, offer=m.offer, pe=m.pe, start=m.start, end=m.end) for m in plan.matches)
        self._plan = plan.model_copy(update={"matches": tuple(bare), "unplaced": (), "tiers": ()})
        self._match_by_request = {m.request: m for m in plan.matches}
        self._at_offer: defaultdict[str, list[str]] = defaultdict(list)
        for m in plan.matches:
            self._at_offer[m.offer].append(m.request)
        self._asking = Asking(eligibility, OneMore(self._dataset, self._policy, self._plan), self._at_offer)
        self._lifting, self._words = Lifting(eligibility), BlockWords(self._dataset)
        self._solver, self._stated = solver, plan
        self._asked = ASKED_BRIEFLY

    @cached_property
    def _check(self) -> LiftedCheck:
        return LiftedCheck(self._dataset, self._policy, self._plan)

    @cached_property
    def _resolved(self) -> Resolved:
        return Resolved(self._solver, self._stated)

    def briefly(self, requests: Collection[str]) -> tuple[Unplaced, ...]:
        """Why some requests are not placed: the reasons alone, without what is nearest and what would place them.

        Parameters
        ----------
        requests
            Live ones without a match.
        """
        left = [r for r in self._eligibility.horizon.live if r.request in requests]
        return tuple(self._reason_of(request, excluded, minutes)[0] for request, excluded, minutes in self._seen(left))

    def unplaced(self) -> tuple[Unplaced, ...]:
        """Every live request without a match, in order."""
        left = [r for r in self._eligibility.horizon.live if r.request not in self._match_by_request]
        later = [self._is_later(r) for r in left]
        number = min(CONFIRMED, max(1, JUDGED // (NEAREST * max(1, len(self._plan.matches)))))
        first = sorted(range(len(left)), key=lambda i: later[i])[:number]
        self._asked = max(ASKED_AT_LEAST, int(ASKED / max(1.0, len(left) * self._asking.educators_each)))
        confirmed = {left[i].request for i in first}
        return tuple(
            self._explain(request, excluded, minutes, request.request in confirmed)
            for request, excluded, minutes in self._seen(left)
        )

    def _is_later(self, request: Request) -> bool:
        return self._dataset.tranche_by_id[request.tranche].status == "later"

    def _seen(self, left: list[Request]) -> Iterator[tuple[Request, Excluded, Codes]]:
        """Requests with what each rule excludes for them and with their minutes, whose rules are asked in blocks."""
        for block in (left[i : i + BLOCK] for i in range(0, len(left), BLOCK)):
            view = PairView(self._eligibility.terms, block)
            masks = dict(self._eligibility.masks(view))
            for row, request in enumerate(block):
                excluded = Excluded({rule: m[row] for rule, m in masks.items()}, len(self._dataset.offers))
                yield request, excluded, view.minutes.minutes[row]

    def _explain(self, request: Request, excluded: Excluded, minutes: Codes, confirm: bool) -> Unplaced:
        found, places, fits = self._reason_of(request, excluded, minutes)
        nearest = tuple(self._nearest(places, request, confirm))
        instead = self._instead(request, found.code, places, fits)
        return found.model_copy(update={"nearest": nearest, "change": smallest(nearest), "instead": instead})

    def _reason_of(
        self, request: Request, excluded: Excluded, minutes: Codes
    ) -> tuple[Unplaced, list[Place], set[str]]:
        """Why a request is not placed, the places that were looked at, and the offers that fit it."""
        fits = {p.offer.offer for p in self._eligibility.pairs.get(request.request, ())}
        places = list(self._asking.places(request, excluded, minutes, fits, self._asked))
        first_rules = Counter(excluded.first_rules(self._asking.withdrawn))
        open_offers = {o.offer for o, n in zip(self._dataset.offers, excluded.number().tolist(), strict=True) if not n}
        for place in places:  # offers that only their PEs keep from the request
            if place.offer.offer in open_offers - fits:
                first_rules[next((v.rule for v in place.found if v.rule[0] == "E"), "E16")] += 1
        removed = tuple(
            Blocked(rule=rule, offers=n) for rule, n in sorted(first_rules.items(), key=lambda x: (-x[1], x[0])) if n
        )
        code, reason = self._main_reason(request, [p for p in places if p.offer.offer in fits], len(fits), removed)
        held = {name for offer in fits for name in self._at_offer.get(offer, ())}
        found = Unplaced(
            request=request.request, code=code, reason=reason, removed=removed, eligible_offers=len(fits),
            holders=tuple(sorted(held, key=natural_key)),
        )  # fmt: skip
        return found, places, fits

    def _instead(self, request: Request, code: str, places: list[Place], fits: set[str]) -> Change | None:
        """What it would cost to place the request where it fits, with nothing lifted."""
        fitting = [p for p in places if p.offer.offer in fits]
        if not fitting or code in ("L06", "later", "set aside", "fix"):
            return None
        return self._resolved.fixed(min(fitting, key=lambda p: _nearness(p, True)).match)

    # ---- the nearest -------------------------------------------------------------------------------------------
    def _nearest(self, places: list[Place], request: Request, confirm: bool) -> Iterator[Near]:
        """Those that somebody can unblock come first; of them what the checker confirms."""
        proposed = {p.offer.offer: self._proposed(p) for p in places}
        ordered = sorted(places, key=lambda p: _nearness(p, proposed[p.offer.offer] is not None))
        sure: list[tuple[Place, Proposal]] = []
        left: list[Place] = []
        for place in ordered[: TRIED if confirm else NEAREST]:
            proposal = proposed[place.offer.offer]
            if proposal is not None and confirm and len(sure) < NEAREST and self._confirmed(proposal):
                sure.append((place, proposal))
            else:
                left.append(place)
        for place, (lifts, _) in sure:
            yield self._near(place, request, lifts, self._who(place, lifts))
        for place in left[: NEAREST - len(sure)]:
            yield self._near(place, request, (), self._who_else(request, proposed[place.offer.offer], confirm))

    @staticmethod
    def _who_else(request: Request, proposal: Proposal | None, confirm: bool) -> str:
        """Who unblocks a place where no change was confirmed."""
        if request.set_aside is not None:
            return OF_THE_ROW
        if not confirm:
            return NOT_TRIED
        return NOBODY if proposal is None else NOT_FOUND

    @staticmethod
    def _who(place: Place, lifts: tuple[Lift, ...]) -> str:
        """Who together unblock a place, the checker being content with all that they can change."""
        who = "; ".join(dict.fromkeys(lift.who for lift in lifts))
        first = next((v.subjects[-1] for v in place.found if waits_for_first(v)), None)
        if first is None:
            return who or "the team (fix it there)"
        return f"{who}, once {first} is placed" if who else f"whoever can place {first}"

    def _near(self, place: Place, request: Request, lifts: tuple[Lift, ...], who: str) -> Near:
        blocks = tuple(self._words.block(v, place.match, request) for v in place.found)
        where = f"{place.offer.offer} ({place.offer.agency}, {place.offer.team})"
        return Near(
            offer=place.offer.offer, pe=place.match.pe, rules=place.rules, minutes=place.minutes, blocks=blocks,
            lifts=lifts, sentence=f"{where}: {_sentence(blocks)}.", who=who,
        )  # fmt: skip

    def _proposed(self, place: Place) -> Proposal | None:
        """Lifts of everything but a first placement that is itself not placed."""
        rest = tuple(v for v in place.found if not waits_for_first(v))
        return self._lifting.lifts(place.match, rest, self._asking.educators(place.offer.offer))

    def _confirmed(self, proposal: Proposal) -> bool:
        """Whether the checker finds nothing broken in the plan with the match, but that it waits for its first."""
        lifts, match = proposal
        dataset, policy = lifted(self._dataset, self._policy, lifts)
        match = match.model_copy(update={"start": None, "end": None})
        return all(waits_for_first(v) for v in self._check.violations(dataset, policy, match))

    # ---- the main reason ---------------------------------------------------------------------------------------
    def _main_reason(
        self, request: Request, fitting: list[Place], fits: int, removed: tuple[Blocked, ...]
    ) -> tuple[str, str]:
        code, reason = self._reason(request, fitting, fits, removed)
        if self._is_later(request):
            return "later", f"It belongs to a later tranche. For now: {reason[0].lower()}{reason[1:]}"
        return code, reason

    def _reason(
        self, request: Request, fitting: list[Place], fits: int, removed: tuple[Blocked, ...]
    ) -> tuple[str, str]:
        if request.set_aside is not None:
            return "set aside", f"Its row was set aside: {request.set_aside}"
        if request.request in self._eligibility.fixes_set_aside:
            return "fix", self._fix_reason(request)
        if any(b.rule == "E02" for b in removed):
            return "E02", f"No offer can be used: {RULE_BY_ID['E02'].blocks} (E02)."
        other = self._eligibility.horizon.by_student[request.student].first
        waits_for_first = request.stage == "final" and other is not None and other.request not in self._match_by_request
        if waits_for_first and other is not None and self._policy.on("L06"):
            return (
                "L06",
                f"Its first placement ({other.request}) is not placed, and a final goes only with its first (L06).",
            )
        if not fits:
            return "none eligible", _none_eligible(removed)
        return self._eligible_reason(request, fitting, fits)

    def _fix_reason(self, request: Request) -> str:
        book = self._eligibility.terms.decisions
        fix = book.fixes[request.request]
        if request.request in book.contradicting:
            return f"Two decisions fix it differently (one is {fix.id}): withdraw one of them."
        offer = self._dataset.offer_by_id.get(fix.offer or "")
        if offer is None:
            return f"It is fixed to {fix.offer}, which is not listed."
        place = self._asking.place(request, offer, pe=fix.pe)
        rules = [v for v in place.found if v.rule[0] == "E" and not v.detail.startswith("the fix to")]
        words = "; ".join(f"{RULE_BY_ID[r].blocks} ({r})" for r in dict.fromkeys(v.rule for v in rules))
        pair = f"{fix.offer} with {fix.pe}" if fix.pe else f"{fix.offer}"
        return f"It is fixed to {pair}, which cannot be: {words or f'{fix.pe} is not listed'}."

    def _eligible_reason(self, request: Request, fitting: list[Place], fits: int) -> tuple[str, str]:
        """Each offer that fits the request alone is counted by the first thing that stands in its way."""
        firsts = [_gravest(p) for p in fitting]
        ordered = sorted(Counter(firsts).items(), key=lambda x: (-x[1], x[0]))
        code = ordered[0][0] or "free"
        number = "1 offer fits" if fits == 1 else f"{fits} offers fit"
        asked = f"of the {len(fitting)} nearest, " if fits > len(fitting) else ""
        if len(ordered) == 1 and not asked:
            return code, f"{number} this request alone, but {self._what(request, ordered[0][0], fitting)}."
        reasons = []
        for rule, n in ordered:
            these = [p for p, first in zip(fitting, firsts, strict=True) if first == rule]
            reasons.append(f"at {n} {self._what(request, rule, these)}")
        return code, f"{number} this request alone, but {asked}{'; '.join(reasons)}."

    def _what(self, request: Request, rule: str, these: list[Place]) -> str:
        if not rule:
            return "no rule stands in the way of it"
        if rule == "L04" and self._eligibility.first_of_final(request.request) is None:
            return "its first placement is not recorded, so the final has to be statutory (L04)"
        if rule in FULL:
            held = {s for p in these for v in p.found if v.rule == rule for s in v.subjects[1:]} - {request.request}
            kept = list(dict.fromkeys(w for p in these for v in p.found if v.rule == rule for w in self._words.held(v)))
            if held or kept:
                taken = f"{RULE_BY_ID[rule].blocks} by {listed(tuple(sorted(held, key=natural_key)))}" if held else ""
                also = f" or held {listed(tuple(kept))}" if held else f"the places are held {listed(tuple(kept))}"
                return f"{taken}{also if kept else ''} ({rule})"
            return f"there is no place ({rule})" if rule == "L02" else f"{RULE_BY_ID[rule].blocks} ({rule})"
        blocks = {self._words.block(v, p.match, request).sentence for p in these for v in p.found if v.rule == rule}
        return f"{blocks.pop() if len(blocks) == 1 else RULE_BY_ID[rule].blocks} ({rule})"


def _none_eligible(removed: tuple[Blocked, ...]) -> str:
    """Offers of another stage, tranche or length say little: the sentence is about the others."""
    others = [b for b in removed if b.rule != STRUCTURAL]
    if not others:
        return "No offer takes this stage in this tranche and holds its days (E01)."
    why = "; ".join(f"{b.offers} because {RULE_BY_ID[b.rule].blocks} ({b.rule})" for b in others[:4])
    number = sum(b.offers for b in others)
    which = "The one offer" if number == 1 else f"None of the {number} offers"
    cannot = "cannot" if number == 1 else "can"
    return f"{which} of this stage, tranche and length {cannot} be used: {why}."


def _gravest(place: Place) -> str:
    """Of what stands in the way at one offer the rule that is told: the student's two placements come first."""
    rules = place.rules
    return min(rules, key=lambda r: (r not in OF_BOTH, rules.index(r)), default="")


def _nearness(place: Place, liftable: bool) -> tuple[int, int, int, tuple[tuple[int, int, str], ...]]:
    """One that fits and is full, or that needs one rule lifted, comes first; then fewest rules, then minutes."""
    rules = tuple(dict.fromkeys(v.rule for v in place.found if not waits_for_first(v)))
    one = not set(rules) - set(FULL) or len(rules) == 1
    group = 2 if not liftable else 0 if one else 1
    minutes = 10**6 if place.minutes is None else place.minutes
    return group, 1 if group == 0 else len(rules), minutes, natural_key(place.offer.offer)


def _sentence(blocks: tuple[Block, ...]) -> str:
    if not blocks:
        return "no rule stands in the way"
    if len(blocks) == 1 and blocks[0].sentence.startswith("the fix to"):
        return f"only {blocks[0].sentence}"
    return "; ".join(b.sentence for b in blocks)
