"""Rules about the two placements of one student (SEMANTICS S5.4 to S5.6, S5.9)."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from allocator.checker.facts import Facts
from allocator.checker.findings import Findings
from allocator.checker.pair_rules import Breach
from allocator.checker.placements import Placement
from models.base import Known
from models.entities import History, Offer
from models.policy import STATUTORY_TESTS


class Both(NamedTuple):
    """A placed final and its first: a match of the plan, a History row, where it still runs, or None (not recorded)."""

    final: Placement
    first: Placement | History | Offer | None

    @property
    def first_place(self) -> Offer | History | None:
        """What holds the first's areas, setting, team and flags."""
        return self.first.offer if isinstance(self.first, Placement) else self.first

    @property
    def nothing_new(self) -> bool:
        """Both are kept, history and what runs being facts: then breaches are listed, not enforced."""
        return self.final.kept and not (isinstance(self.first, Placement) and not self.first.kept)


def first_of_final(facts: Facts, student: str, placements: dict[str, Placement]) -> Placement | History | Offer | None:
    """The first of a final (S1.7), where it is placed, history, or running since a round before."""
    live = facts.live_by_student[student].get("first")
    return placements.get(live.request) if live is not None else facts.first_before(student)


def pairs(facts: Facts, placements: list[Placement]) -> Iterator[Both]:
    """Every placed final whose pair rules bind: its first placed, history, running or not recorded (S5.4)."""
    by_request = {p.request.request: p for p in placements}
    for final in placements:
        if final.request.stage == "final":
            first = first_of_final(facts, final.student.student, by_request)
            if first is not None or "first" not in facts.live_by_student[final.student.student]:
                yield Both(final, first)


def e10_in_plan(facts: Facts, both: Both) -> Breach | None:
    """First and final of one student are not in one team (S3.10)."""
    if not isinstance(both.first, Placement):
        return None
    shared = [site for site in both.first.offer.sites if site in both.final.offer.sites]
    return Breach(f"both placements are in team {shared[0][1]} of {shared[0][0]}") if shared else None


def l04_statutory(facts: Facts, both: Both) -> Breach | None:
    """At least one placement is statutory, or its flag is not known; first not recorded: the final (S5.5)."""
    if facts.statutory_wanted(both.final.student) != 1:
        return None
    places = [p for p in (both.first_place, both.final.offer) if p is not None]
    found = sum(facts.is_statutory(p) for p in places)
    if found or any(facts.may_be_statutory(p) for p in places):
        return None
    return Breach(f"by {STATUTORY_TESTS[facts.policy.statutory_test]} test", found, 1)


def l04_alone(facts: Facts, placement: Placement) -> Breach | None:
    """Where both have to be statutory, each is, or its flag is not known (S5.5)."""
    offer = placement.offer
    if facts.statutory_wanted(placement.student) < 2 or facts.is_statutory(offer) or facts.may_be_statutory(offer):
        return None
    return Breach(f"by {STATUTORY_TESTS[facts.policy.statutory_test]} test both have to be")


def waits_for_an_answer(facts: Facts, placements: list[Placement]) -> frozenset[str]:
    """Matches that wait because their student's guarantee needs an answer that is not known to be yes (S5.5).

    Finals, where one of two placements is enough; where both are asked for, each match of which it is not known, and
    a final whose first, in no plan, is not known to have been statutory, or is not recorded.
    """
    if not facts.policy.on("L04"):
        return frozenset()
    found = {
        p.request.request
        for p in placements
        if facts.statutory_wanted(p.student) == 2 and facts.may_be_statutory(p.offer)
    }
    for both in pairs(facts, placements):
        wanted = facts.statutory_wanted(both.final.student)
        places = [p for p in (both.first_place, both.final.offer) if p is not None]
        if wanted == 2:
            open_ = not isinstance(both.first, Placement) and (both.first is None or facts.may_be_statutory(both.first))
        else:
            open_ = not any(map(facts.is_statutory, places)) and any(map(facts.may_be_statutory, places))
        if wanted and open_:
            found.add(both.final.request.request)
    return frozenset(found)


def one_directorate(facts: Facts, areas: tuple[str, ...]) -> bool:
    """Whether all areas are known to be of one and the same directorate (S5.6)."""
    return {facts.directorates.get(area) for area in areas} in ({"adults"}, {"children"})


def l05_contrast(facts: Facts, both: Both) -> Breach | None:
    """A new area, another setting or directorate, as the policy says (S5.6)."""
    first, final = both.first_place, both.final.offer
    if first is None:
        return None
    new_area = not first.areas or bool(set(final.areas) - set(first.areas))
    one_unknown = first.setting is None or final.setting is None
    other_setting = not one_unknown and first.setting != final.setting
    contrasts = {
        "any": new_area or other_setting or one_unknown,
        "area": new_area,
        "setting": other_setting or one_unknown,
        "directorate": not one_directorate(facts, (*first.areas, *final.areas)) or not (first.areas and final.areas),
        "both": new_area and (other_setting or one_unknown),
    }[facts.policy.contrast]
    by_team = (
        facts.policy.locked_contrast_by_team
        and facts.locked(both.final.request)
        and first.team is not None
        and (first.agency, first.team) != (final.agency, final.team)
    )
    if contrasts or by_team:
        return None
    return Breach(f"{', '.join(final.areas) or 'no area'} in setting {final.setting or 'not known'} after the first")


def l06_order(facts: Facts, both: Both) -> Breach | None:
    """The final starts on a later day than the first ends (S5.4). Amount: days between, at least 1."""
    if not isinstance(both.first, Placement):
        return None
    gap = (both.final.window.start - both.first.window.end).days
    if gap >= 1:
        return None
    return Breach(f"the first ends {both.first.window.end}, the final starts {both.final.window.start}", gap, 1)


def authority_of_member(facts: Facts, agency: str | None) -> Known:
    """Whether an agency is a partner authority: a member, and of kind authority (S5.9)."""
    entity = facts.dataset.agency_by_id.get(agency or "")
    if entity is None:
        return "not_known"
    is_member = "membership" in entity.not_known or facts.is_partner(entity.agency)
    may_be_authority = entity.kind in (None, "authority")
    if not (is_member and may_be_authority):
        return "no"
    return "not_known" if entity.kind is None or "membership" in entity.not_known else "yes"


def l09_authority(facts: Facts, both: Both) -> Breach | None:
    """An intern's placements are with one partner authority, or may be, where history or "not known" leave it open.

    That a new match is with none is said of it alone.
    """
    first, final = both.first_place, both.final.offer
    if both.final.student.scheme != "intern" or first is None:
        return None
    new = isinstance(both.first, Placement) and not both.first.kept, not both.final.kept
    for stage, place, told in zip(("first", "final"), (first, final), new, strict=True):
        if authority_of_member(facts, place.agency) == "no":
            return None if told else Breach(f"{place.agency}, where the {stage} is, is no partner authority")
    if facts.policy.intern_pair == "agency":
        known = isinstance(first, Offer) or first.agency in facts.dataset.agency_by_id
        return Breach(f"{first.agency} and {final.agency}") if known and first.agency != final.agency else None
    for place in (first, final):
        if not place.authorities and (isinstance(place, History) or "authorities" in place.not_known):
            return None
    if set(first.authorities) & set(final.authorities):
        return None
    return Breach("no authority in common")


def l09_alone(facts: Facts, placement: Placement) -> Breach | None:
    """An intern is in an agency that is a partner authority, or may be (S5.9)."""
    if placement.student.scheme == "intern" and authority_of_member(facts, placement.offer.agency) == "no":
        return Breach(f"{placement.offer.agency} is no partner authority")
    return None


STUDENT_RULES: dict[str, Callable[[Facts, Both], Breach | None]] = {
    "E10": e10_in_plan,
    "L04": l04_statutory,
    "L05": l05_contrast,
    "L06": l06_order,
    "L09": l09_authority,
}
ALONE_RULES: dict[str, Callable[[Facts, Placement], Breach | None]] = {"L04": l04_alone, "L09": l09_alone}
"""What of these binds a placement of its own, whatever the other one."""


def judge_students(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Every pair rule of one student; a new final also needs its live first (L06)."""
    placed = {p.request.request for p in placements}
    for both in pairs(facts, placements):
        subjects: tuple[str, ...] = (both.final.request.request, both.final.offer.offer)
        if isinstance(both.first, Placement):
            subjects += (both.first.request.request, both.first.offer.offer)
        for rule, judge in STUDENT_RULES.items():
            breach = judge(facts, both) if facts.policy.on(rule) else None
            if breach is not None:
                findings.add(rule, subjects, *breach, kept=both.nothing_new)
    for placement in placements:
        for rule, of_one in ALONE_RULES.items():
            breach = of_one(facts, placement) if facts.policy.on(rule) else None
            if breach is not None:
                one = placement.request.request, placement.offer.offer
                findings.add(rule, one, *breach, kept=placement.kept)
    for final in placements if facts.policy.on("L06") else ():
        first = facts.live_by_student[final.student.student].get("first")
        if final.request.stage == "final" and not final.kept and first is not None and first.request not in placed:
            findings.add(
                "L06", (final.request.request, final.offer.offer, first.request), f"{first.request} is not placed"
            )
        if final.request.stage == "final":
            _judge_running_firsts(facts, final, findings)


def _judge_running_firsts(facts: Facts, final: Placement, findings: Findings) -> None:
    """A first of a round before that still runs ends before the final starts; amount: days between, at least 1."""
    for first, running in facts.running_by_student.get(final.student.student, ()):
        if first.stage == "first" and final.window.start <= running.window.end:
            detail = f"{running.row.request} runs until {running.window.end}, the final starts {final.window.start}"
            subjects = (final.request.request, final.offer.offer, running.row.request)
            gap = (final.window.start - running.window.end).days
            findings.add("L06", subjects, detail, gap, 1, kept=final.kept)
