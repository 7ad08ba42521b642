"""The rule catalogue as a page: ``placements rules --markdown`` writes ``models/RULES.md``."""

from models.catalogue import OFF_BY_DEFAULT, RULES, Rule
from models.policy import Policy

DEFAULTS = Policy()

FAMILIES = {
    "eligibility": "Eligibility: which request, offer and PE may be combined",
    "limit": "Limits: what may hold together",
    "monitored": "Monitored: figures of the report",
}
BASIS = (
    "Kinds: H hard; W hard, but a named person may make an exception for one request; A aim; M monitored. "
    "Basis: P the partnership's published documents, E national evaluation (2019), K Kent and Medway case study, "
    "S the regulator's standards as reported publicly, B PE standards as published by employers and universities, "
    'D a policy default to be confirmed by the partnership (never "the rule").'
)


def as_markdown() -> str:
    """The whole catalogue in Markdown."""
    lines = ["# Rules", "", "Generated from `models/catalogue.py` by `make rules-page`; do not edit.", "", BASIS]
    for family, heading in FAMILIES.items():
        lines += ["", f"## {heading}", "", "| id | rule | kind | settings | basis |", "|---|---|---|---|---|"]
        lines += [_row(rule) for rule in RULES if rule.family == family]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    off = " *(off unless switched on)*" if rule.id in OFF_BY_DEFAULT else ""
    settings = ", ".join(f"`{s}`" for s in rule.settings) + (f" `rule.{rule.id}`" if rule.switchable else "")
    words = f"**{rule.title}.** {DEFAULTS.stated(rule)}{off}"
    return f"| {rule.id} | {words} | {rule.kind} | {settings.strip()} | {rule.basis} |"
