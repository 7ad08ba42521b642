"""A clash in words: one sentence first, then the rules and rows that cannot hold together."""

from models.base import natural_key
from models.plan import Clash


def clash_sentence(clash: Clash) -> str:
    """What a clash is and what to do about it, first in a sentence, then in what to type."""
    number = len(clash.members)
    what = "This rule or row cannot hold" if number == 1 else f"These {number} rules and rows cannot hold together"
    fixed = [m.subject for m in clash.members if m.rule == "E16"]
    kept = {request: f"{request} (kept)" for m in clash.members for request in m.kept}
    names = fixed + [kept[request] for request in sorted(kept, key=natural_key)]
    whose = f": {' or '.join(names)} would have to move" if len(names) > 1 else ""
    remedies = [m.remedy for m in clash.members if m.remedy and clash.confirmed]
    how = f"Do one of these: {'; '.join(remedies)}" if remedies else "Change or withdraw one of them"
    return f"No plan: {what[0].lower()}{what[1:]}{whose}. {how}. Then run again."


def clash_lines(clash: Clash) -> list[str]:
    """A line for each member: rule, subject, and what they ask for."""
    return [f"{m.rule} {m.subject}: {m.sentence}" for m in clash.members]


def clash_proof(clash: Clash) -> str:
    """How sure it is."""
    return "Confirmed: leaving any one out removes this clash." if clash.confirmed else "Not confirmed."


def clash_page(clash: Clash) -> str:
    """The whole as plain text."""
    return "\n".join([clash_sentence(clash), "", *clash_lines(clash), "", clash_proof(clash)]) + "\n"
