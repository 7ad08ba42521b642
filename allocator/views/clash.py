"""A clash in words: one sentence first, then the rules and rows that cannot hold together."""

from allocator.views.words import shortened
from models.base import natural_key
from models.plan import Clash, ClashMember

SHOWN = 12
"""Kept matches that a line names before "and n more"."""


def clash_sentence(clash: Clash) -> str:
    """What a clash is and what to do about it, first in a sentence, then in what to type."""
    number = len(clash.members)
    what = "This rule or row cannot hold" if number == 1 else f"These {number} rules and rows cannot hold together"
    fixed = [m.subject for m in clash.members if m.rule == "E16"]
    named = [*clash.members, *(m for limits in clash.also for m in limits)]
    kept = {request: f"{request} (kept)" for m in named for request in m.kept}
    names = fixed + [kept[request] for request in sorted(kept, key=natural_key)]
    whose = f": {' or '.join(names)} would have to move" if len(names) > 1 else ""
    remedies = _remedies(clash) if clash.confirmed else []
    how = f"Do one of these: {'; '.join(remedies)}" if remedies else "Change or withdraw one of them"
    return f"No plan: {what[0].lower()}{what[1:]}{whose}. {how}. Then work out the plan anew."


def _remedies(clash: Clash) -> list[str]:
    """What to type: who lifts a limit has to lift those, too, that stand in the way beside it."""
    beside = [[m.remedy for m in limits if m.remedy] for limits in clash.also]
    if not all(beside):  # of a limit beside them nothing can be typed
        return [m.remedy for m in clash.members if m.remedy and m.asks]
    more = "".join(f" and {' or '.join(remedies)}" for remedies in beside)
    return [m.remedy + ("" if m.asks else more) for m in clash.members if m.remedy]


def clash_lines(clash: Clash) -> list[str]:
    """A line for each member, and for what stands in the way beside them: rule, subject, what it asks, who is kept."""
    beside = [f"Also {_line(m)}" for limits in clash.also for m in limits]
    return [*map(_line, clash.members), *beside]


def _line(member: ClashMember) -> str:
    kept = f" Kept there: {shortened(member.kept, SHOWN)}." if member.kept else ""
    return f"{member.rule} {member.subject}: {member.sentence}{kept}"


def clash_proof(clash: Clash) -> str:
    """How sure it is."""
    if not clash.confirmed:
        return "Not confirmed."
    beside = ' Where a limit is lifted, what is named with "also" is in the way still.' if clash.also else ""
    return f"Confirmed: leaving any one out removes this clash.{beside}"


def clash_page(clash: Clash) -> str:
    """The whole as plain text."""
    return "\n".join([clash_sentence(clash), "", *clash_lines(clash), "", clash_proof(clash)]) + "\n"
