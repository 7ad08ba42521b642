"""The sheets of record: exceptions and decisions, rules, policy, proof and check, input."""

from allocator.terms.company import Placed
from allocator.views.facts import Facts, day
from allocator.views.table import CellValue, Column, Table
from allocator.views.words import (
    BASIS_OF_RULES,
    DECISIONS,
    STAGES,
    counted,
    listed,
    proof_words,
    rows_words,
    rule_words,
    tier_words,
)
from models.base import natural_key
from models.catalogue import OFF_BY_DEFAULT, RULES, Rule
from models.decisions import Decision
from models.plan import CheckReport
from models.policy import Policy

NOT_SWITCHED_ON = "not switched on"
"""Of a rule that is off by default."""


def decisions_table(facts: Facts) -> Table:
    """Exceptions and decisions: what, about whom, by whom, why, and whether the plan uses them."""
    columns = (
        Column("Decision", 18),
        Column("Rule and value", 26),
        Column("About", 34),
        Column("Party", 11, "centred"),
        Column("Reason", 14),
        Column("By", 15, "centred"),
        Column("Why", 36),
        Column("On", 12, "date"),
        Column("Effective", 12, "date"),
        Column("In this plan", 28),
        Column("Reference", 26),
    )
    order = ("exception", *(kind for kind in DECISIONS if kind != "exception"))
    rows = sorted(facts.dataset.decisions, key=lambda d: (order.index(d.decision), natural_key(d.id)))
    return Table(
        title="Decisions",
        note="Exceptions first. The column Why stays in the team's own workbook.",
        columns=columns,
        rows=[_decision_row(facts, d) for d in rows],
        empty="No decision and no exception.",
        tone_column="In this plan",
        tones=(("set aside", "bad"), ("used", "good")),
    )


def _decision_row(facts: Facts, d: Decision) -> list[CellValue]:
    value = STAGES.get(d.value, d.value.replace("_", " ")) if d.value else ""
    if d.decision == "together":
        value = f"one agency, or at most {d.value} minutes by car" if d.value else "one agency"
    if d.decision == "hold":
        value = counted(d.places or 0, "place") + (f" until {day(d.until)}" if d.until else "")
    if d.decision == "end_early":
        value = f"{counted(int(value), 'day')} credited"
    about = (
        ("student", d.student), ("student", d.other), ("request", d.request), ("offer", d.offer), ("PE", d.pe),
        ("agency", d.agency), ("team", d.team),
    )  # fmt: skip
    return [
        DECISIONS[d.decision],
        listed(part for part in (rule_words(d.rule) if d.rule else "", value) if part),
        listed(f"{word} {name}" for word, name in about if name),
        d.party or "",
        (d.reason_code or "").replace("_", " "),
        d.by,
        d.why,
        d.on,
        d.effective,
        decision_use(facts, d),
        d.id,
    ]


def decision_use(facts: Facts, decision: Decision) -> str:
    """What became of a decision in this plan."""
    match = facts.match_of.get(decision.request or "")
    if decision.decision == "exception":
        used = [m.request for m in facts.matches if decision.id in m.exceptions]
        return f"used by {listed(used)}" if used else "not used"
    if decision.decision == "fix":
        if {decision.id, decision.request} & set(facts.plan.fixes_set_aside):
            return "set aside: it cannot be"
        held = match is not None and match.offer == decision.offer and decision.pe in (None, match.pe)
        return "used: matched so" if held else "not matched so"
    if decision.decision == "hold":
        return "used: matched there" if match is not None and match.offer == decision.offer else "in force"
    if decision.decision == "defer":
        request = facts.dataset.request_by_id.get(decision.request or "")
        return "in force" if request is not None and request.tranche == decision.value else "not carried out"
    if decision.decision == "name_supervisor":
        offer = facts.dataset.offer_by_id[decision.offer or ""]
        return "in force" if offer.on_site_supervisor == "yes" else "not carried out"
    if decision.decision == "requested":
        here = match is not None and facts.dataset.offer_by_id[match.offer].agency == decision.agency
        return "binds nobody: " + ("has a place there" if here else "has no place there")
    if decision.decision in ("together", "apart"):
        return _company_use(facts, decision)
    return "in force"


def _company_use(facts: Facts, decision: Decision) -> str:
    """Whether both students are placed, which a decision about two of them does not ask for, and whether it holds."""
    places: dict[str, list[Placed]] = {}
    for m in facts.matches:
        if m.start is not None and m.end is not None:
            student, offer = facts.dataset.request_by_id[m.request].student, facts.dataset.offer_by_id[m.offer]
            places.setdefault(student, []).append(Placed(offer, (m.start, m.end)))
    placed = [s for s in (decision.student, decision.other) if s in places]
    if len(placed) < 2:
        return f"{placed[0]} alone is placed" if placed else "neither is placed"
    one, other = (places[s or ""] for s in (decision.student, decision.other))
    broken = facts.terms.company.conflicts(decision, one, other).any()
    return "not so: both keep their places" if broken else "used: both are placed"


def rules_table(policy: Policy) -> Table:
    """Rules in force: statement, kind, basis, on or off."""
    columns = (
        Column("Rule", 12, "centred"),
        Column("Title", 26),
        Column("In force", 9, "centred"),
        Column("Kind", 20),
        Column("Statement", 76),
        Column("Basis", 26),
        Column("Settings", 26),
    )
    return Table(
        title="Rules",
        note=(
            "H hard; W hard, but a named person may make an exception; A aim; M monitored. "
            "A policy default is to be confirmed by the partnership."
        ),
        columns=columns,
        rows=[_rule_row(policy, rule) for rule in RULES],
        on_paper=False,
        tone_column="In force",
        tones=(("off", "warn"), (NOT_SWITCHED_ON, "quiet")),
    )


def _rule_row(policy: Policy, rule: Rule) -> list[CellValue]:
    in_force = "on" if policy.on(rule.id) else NOT_SWITCHED_ON if rule.id in OFF_BY_DEFAULT else "off"
    basis = listed(BASIS_OF_RULES.get(letter, letter) for letter in rule.basis.split())
    return [rule.id, rule.title, in_force, rule.kind, policy.stated(rule), basis, listed(rule.settings)]


def policy_table(policy: Policy) -> Table:
    """Policy in force: every setting beside its default."""
    columns = (
        Column("Setting", 30),
        Column("Value", 40),
        Column("Default", 40),
        Column("Set here", 9, "centred"),
        Column("Unit", 26),
        Column("Rule", 12, "centred"),
        Column("Meaning", 60),
    )
    rows: list[list[CellValue]] = []
    for name, field in type(policy).model_fields.items():
        value, default = _setting(getattr(policy, name)), _setting(field.get_default(call_default_factory=True))
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        rows.append(
            [
                name,
                value,
                default,
                "" if value == default else "yes",
                str(extra.get("unit", "")),
                str(extra.get("rule", "")),
                field.description,
            ]
        )
    return Table(
        title="Policy",
        note="Every cap, weight, switch and list in force, beside its default.",
        columns=columns,
        rows=rows,
        on_paper=False,
        tone_column="Set here",
        tones=(("yes", "warn"),),
    )


def _setting(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return listed((_setting(v) for v in value), "none")
    if isinstance(value, dict):
        return listed((f"{k} {v}" for k, v in value.items()), "none")
    return str(value)


def proof_table(facts: Facts, check: CheckReport) -> Table:
    """The tiers in their order: value, bound, whether proved, and what the independent check counts."""
    columns = (
        Column("Order", 7, "whole"),
        Column("Tier", 62),
        Column("Direction", 10, "centred"),
        Column("Value", 12, "whole"),
        Column("Bound", 12, "whole"),
        Column("Proof", 44),
        Column("Counted by the check", 12, "whole"),
        Column("Same", 8, "centred"),
    )
    recounted = {t.tier: t.value for t in check.tiers}
    rows: list[list[CellValue]] = []
    for number, tier in enumerate(facts.plan.tiers, start=1):
        again = recounted.get(tier.tier)
        rows.append(
            [
                number,
                tier_words(tier.tier, facts.policy.preference_order),
                "most" if tier.sense == "max" else "least",
                tier.value,
                tier.bound,
                proof_words(tier),
                again,
                "" if again is None else "yes" if again == tier.value else "NO",
            ]
        )
    return Table(
        title="Proof and check",
        note=(
            "Each tier is optimised, proved by a bound, held, and only then the next. "
            f"Data {facts.plan.dataset_digest}, policy {facts.plan.policy_digest}, seed {facts.plan.seed}; "
            "what it cost: run.json."
        ),
        columns=columns,
        rows=rows,
        on_paper=False,
        tone_column="Proof",
        tones=(("not proved", "warn"),),
        empty="No tier was optimised.",
    )


def check_table(check: CheckReport) -> Table:
    """What the independent check found, and what kept matches break."""
    columns = (
        Column("Finding", 22),
        Column("Rule", 34),
        Column("About", 34),
        Column("What", 70),
        Column("Amount", 9, "whole"),
        Column("Limit", 9, "whole"),
    )
    rows: list[list[CellValue]] = [
        [word, rule_words(v.rule), listed(v.subjects), v.message, v.amount, v.limit]
        for word, group in (("violation", check.violations), ("kept despite", check.kept_despite))
        for v in group
    ]
    rows += [["not judged", "", "", text, None, None] for text in check.not_judged]
    return Table(
        title="Check",
        note="Found by code that shares nothing with the engine. A kept match that breaks a rule stays until unlocked.",
        columns=columns,
        rows=rows,
        tone_column="Finding",
        tones=(("violation", "bad"), ("kept despite", "warn")),
        empty="The check found no violation, and no kept match that breaks a rule.",
    )


_LEVELS = {"stop": "stop", "set_aside": "set aside", "warning": "warning"}


def input_table(facts: Facts) -> Table:
    """Every problem of the input, with its remedy."""
    columns = (
        Column("Level", 11, "centred"),
        Column("Code", 8, "centred"),
        Column("Sheet", 13),
        Column("Row", 7),
        Column("Column", 18),
        Column("What", 60),
        Column("Found", 24),
        Column("Allowed", 30),
        Column("Remedy", 44),
    )
    order = {level: n for n, level in enumerate(_LEVELS)}
    issues = sorted(facts.issues, key=lambda i: order[i.level])  # within a level causes come first already
    return Table(
        title="Input",
        note="Rows set aside are not used in this plan. Warnings are for reading; nothing was repaired silently.",
        columns=columns,
        rows=[
            [
                _LEVELS[i.level],
                i.code,
                i.sheet,
                rows_words(i) if i.rows else i.row,
                i.column,
                i.message,
                i.found,
                i.allowed,
                i.remedy,
            ]
            for i in issues
        ],
        tone_column="Level",
        tones=(("set aside", "bad"), ("stop", "bad")),
        empty="The input has no problem.",
    )
