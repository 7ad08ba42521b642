"""What the command line shows on stdout: problems of the input, plans, checks, catalogue and policy as tables."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from allocator.settling import PolicyKey
from allocator.views.aside import lost_words
from allocator.views.chase import Owed, standing
from allocator.views.clash import clash_lines, clash_proof, clash_sentence
from allocator.views.compared import short_change
from allocator.views.facts import day
from allocator.views.forced import forced_words
from allocator.views.words import rows_aside, rows_words, tier_words
from models.catalogue import Rule
from models.comparison import RequestChange
from models.dataset import Dataset
from models.errors import Issue
from models.plan import CheckReport, Clash, Plan, TierResult
from models.policy import Policy
from models.versions import Version

LEVEL_WORDS = {"stop": "STOP", "set_aside": "set aside", "warning": "warning"}
LEVEL_STYLE = {"stop": "bold red", "set_aside": "red", "warning": "dim"}
STOPPED_WORDS = {
    "time limit": "the time limit",
    "work limit": "the work limit",
    "interrupted": "Ctrl-C",
    "size": "the size of the input",
}
SHOWN_SUBJECTS = 3
"""Subjects that one sentence about many names."""


# ---- problems of the input -------------------------------------------------------------------------------------
WHERE_ALL_ARE = "'placements check', and the sheet Input of report.xlsx"
NAMED_ROWS = 2
"""Runs of rows that the table of problems names."""


def issues_table(issues: Iterable[Issue], most: int | None = None) -> RenderableType:
    """Problems of the input: where, what was found, what is allowed, what to do; ``most`` of them, default all."""
    found = list(issues)  # they come in order, causes first
    if not found:
        return "No problems found."
    shown = found[:most]
    table = _table("problem", "where", expand=True, lines=True)
    table.add_column("what, and what to do", ratio=1, overflow="fold")
    for issue in shown:
        what = [escape(issue.message)]
        said = f"{issue.message} {issue.remedy or ''}"
        if issue.allowed and issue.allowed not in said:  # else it stands there already
            what.append(f"[dim]Allowed: {escape(issue.allowed)}.[/]")
        what += [f"[green]To do:[/] {escape(issue.remedy)}"] if issue.remedy else []
        level = f"[{LEVEL_STYLE[issue.level]}]{LEVEL_WORDS[issue.level]}[/]\n[dim]{issue.code}[/]"
        table.add_row(level, escape(_where(issue)), "\n".join(what))
    rest = f" Shown are the first {len(shown)} problems; all: {WHERE_ALL_ARE}." if len(found) > len(shown) else ""
    return Group(table, f"{counted(found)}.{rest}", *(f"[red]{escape(lost)}[/]" for lost in lost_words(found)))


def counted(issues: Iterable[Issue]) -> str:
    """How many rows are set aside, and how many problems of the other levels there are; '1 set aside, 3 warnings'."""
    issues = list(issues)
    counts = Counter[str](issue.level for issue in issues if issue.level != "set_aside")
    counts["set_aside"] = rows_aside(issues)[1]
    words = (("stop", "STOP"), ("set_aside", "set aside"), ("warning", "warning"))
    return ", ".join(
        f"{counts[level]} {word}{'s' if level == 'warning' and counts[level] > 1 else ''}"
        for level, word in words
        if counts[level]
    )


def _where(issue: Issue) -> str:
    if issue.rows:
        # A few of them: the column is narrow; JSON and the report's sheet Input have more.
        rows = "rows " + rows_words(issue, NAMED_ROWS).replace(" and ", "\nand ")
        return "\n".join(part for part in (issue.sheet, rows, issue.column) if part)
    row = f"row {issue.row}" if issue.row else None
    return "\n".join([" ".join(p for p in (issue.sheet, row) if p) or "-", *([issue.column] if issue.column else [])])


# ---- a plan ----------------------------------------------------------------------------------------------------
def plan_summary(dataset: Dataset, plan: Plan, check: CheckReport) -> RenderableType:
    """What came out: placed by programme, the tiers and their proof, who is not placed; or the clash."""
    if plan.clash is not None:
        return clash_panel(plan.clash)
    parts: list[RenderableType] = [_by_programme(dataset, plan), _remarks(dataset, plan)]
    parts.append(_tiers(plan.tiers, plan.policy.preference_order, proofs=True))
    parts += [_unplaced(plan)] if plan.unplaced else []
    parts.append(_verdict(plan, check))
    return Group(*parts)


def check_summary(matches: int, preference_order: str, check: CheckReport) -> RenderableType:
    """What the checker found in any plan: every rule broken, what is not judged, the tiers as they come out."""
    parts: list[RenderableType] = []
    if check.violations:
        table = _table("rule", "who", title="Rules broken", expand=True, lines=True)
        table.add_column("what", ratio=1, overflow="fold")
        for v in check.violations:
            amounts = "" if v.amount is None or v.limit is None else f"\n{v.amount}, where {v.limit} is the limit"
            table.add_row(f"[bold red]{v.rule}[/]", escape("\n".join(v.subjects)), escape(v.message) + amounts)
        parts.append(table)
    parts += [f"[dim]Kept despite {v.rule}: {escape(v.message)}[/]" for v in check.kept_despite]
    parts += [f"[dim]Not judged: {escape(line)}[/]" for line in _together(check.not_judged)]
    parts.append(_tiers(check.tiers, preference_order, proofs=False))
    number = len(check.violations)
    found = f"[bold red]{_number(number, 'violation')}.[/]" if number else "[bold green]No rule is broken.[/]"
    parts.append(f"{_number(matches, 'match', 'matches')} judged. {found}")
    return Group(*parts)


def _together(sentences: Iterable[str]) -> list[str]:
    """Sentences of the form ``subject: what``; those of many subjects that say the same as one, with their number."""
    subjects: dict[str, list[str]] = {}
    for sentence in sentences:
        subject, _, what = sentence.partition(": ")
        subjects.setdefault(what, []).append(subject)
    lines = []
    for what, named in subjects.items():
        more = f" and {len(named) - SHOWN_SUBJECTS} more" if len(named) > SHOWN_SUBJECTS else ""
        lines.append(": ".join(part for part in (", ".join(named[:SHOWN_SUBJECTS]) + more, what) if part))
    return lines


def clash_panel(clash: Clash) -> RenderableType:
    """A clash: what to do about it, the rules and rows in it, and how sure it is."""
    lines = [f"[bold]{escape(clash_sentence(clash))}[/]", "", *map(escape, clash_lines(clash))]
    return Panel("\n".join([*lines, "", f"[dim]{clash_proof(clash)}[/]"]), border_style="red")


def _by_programme(dataset: Dataset, plan: Plan) -> Table:
    rows: dict[tuple[str, str], Counter[str]] = {}
    for request, state in [
        *((m.request, "provisional" if m.waiting else "firm") for m in plan.matches),
        *((u.request, "later" if u.code == "later" else "none") for u in plan.unplaced),
    ]:
        asked = dataset.request_by_id[request]
        key = dataset.student_by_id[asked.student].programme, asked.stage
        rows.setdefault(key, Counter())[state] += 1
    table = _table("programme", "stage", title="Placements")
    for heading in ("to place", "firm", "provisional", "not placed", "later"):
        table.add_column(heading, justify="right")
    states = ("firm", "provisional", "none", "later")
    for (programme, stage), n in sorted(rows.items(), key=lambda row: (row[0][0], row[0][1] == "final")):
        table.add_row(escape(programme), stage, *map(str, (n.total(), *(n[s] for s in states))))
    total = sum(rows.values(), Counter[str]())
    table.add_section()
    table.add_row("all", "", *map(str, (total.total(), *(total[s] for s in states))), style="bold")
    return table


def _remarks(dataset: Dataset, plan: Plan) -> str:
    """What the table leaves out; ends in a blank line, as tables do."""
    remarks = (
        ["later: of a later tranche, and not placed yet."] if any(u.code == "later" for u in plan.unplaced) else []
    )
    employers = sum(r.found_by == "employer" for r in dataset.requests)
    if employers:
        remarks.append(f"Besides, {_number(employers, 'request')} found by employers: counted, not matched.")
    return f"[dim]{' '.join(remarks)}[/]\n" if remarks else ""


def _tiers(tiers: Sequence[TierResult], preference_order: str, *, proofs: bool) -> Table:
    title = "Tiers, each made as good as can be before the next" if proofs else "Tiers, recomputed"
    table = _table(title=title)
    table.add_column("tier", overflow="fold")
    table.add_column("best is")
    table.add_column("value", justify="right")
    if proofs:
        table.add_column("proof")
    for t in tiers:
        sense = "most" if t.sense == "max" else "least"
        cells = [tier_words(t.tier, preference_order), sense, str(t.value)]
        table.add_row(*cells, *([_proof(t)] if proofs else []))
    return table


def _proof(tier: TierResult) -> str:
    if tier.proved:
        return "[green]proved[/]"
    if tier.bound is None:
        return "[yellow]not reached[/]"
    words = "best, given those above" if tier.bound == tier.value else f"not proved, bound {tier.bound}"
    return f"[yellow]{words}[/]"


def _unplaced(plan: Plan) -> Table:
    """Everybody of the tranche being decided who is not placed: a list that is cut hides whom it is about."""
    table = _table("request", title="Not placed", expand=True)
    table.add_column("why", ratio=1)
    now = [u for u in plan.unplaced if u.code != "later"]
    for u in now:
        table.add_row(u.request, escape(u.reason))
    later = len(plan.unplaced) - len(now)
    if later:
        table.add_row("...", f"and {later} of later tranches: sheet 'Not placed' of report.xlsx")
    return table


def _verdict(plan: Plan, check: CheckReport) -> str:
    provisional = sum(bool(m.waiting) for m in plan.matches)
    proved = sum(t.proved for t in plan.tiers)
    lines = [
        f"[bold]{len(plan.matches)} of {_number(len(plan.matches) + len(plan.unplaced), 'request')} placed[/]: "
        f"{len(plan.matches) - provisional} firm, {provisional} provisional.",
        f"{proved} of {_number(len(plan.tiers), 'tier')} proved best possible.",
        "Checked independently: no rule is broken." if check.passed else "The check FAILED.",
    ]
    if words := forced_words(plan):
        lines.append(escape(words))
    if plan.stopped:
        lines.append(f"[yellow]Stopped by {STOPPED_WORDS[plan.stopped]}: what is not proved may still get better.[/]")
    return "\n".join(lines)


# ---- the chase list --------------------------------------------------------------------------------------------
def chase_table(rows: Iterable[Owed], today: date | None) -> Table:
    """Who owes what by when, in the order of the rows."""
    table = _table("due", title="Chase list", expand=True, lines=True)
    for heading, ratio in (("owner", 3), ("what", 6), ("about", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for row in rows:
        state = standing(today, row.due)
        tone = "red" if state.startswith("overdue") else "yellow" if state == "today" else ""
        due = "\n".join(part for part in (day(row.due), state) if part)
        about = f"{row.about} {row.which}" + (f"\n{row.where}" if row.where else "")
        table.add_row(f"[{tone}]{due}[/]" if tone else due, *map(escape, (row.owner, row.what, about)))
    return table


# ---- versions --------------------------------------------------------------------------------------------------
def published_table(changes: Iterable[RequestChange], said: Mapping[str, Mapping[str, str]]) -> Table:
    """Who has not what was published before, and what was typed about it, by request and column."""
    words = {change.request: short_change(change) for change in changes}
    table = _table("request", title="Published otherwise than before", expand=True)
    for heading in ("what", "cleared, since it was about the other match"):
        table.add_column(heading, ratio=1, overflow="fold")
    for request in [*words, *(r for r in said if r not in words)]:
        cleared = ", ".join(f"{column} {text}" for column, text in said.get(request, {}).items())
        table.add_row(escape(request), escape(words.get(request, "")), escape(cleared))
    return table


def versions_table(versions: Iterable[Version]) -> Table:
    """The plans that were published, the one in force last."""
    table = _table("version", "published on", "by", "plan", expand=True)
    for heading in ("placed", "proved"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("what was new in it", ratio=1, overflow="fold")
    for v in versions:
        shares = (_of(v.placed, v.of), _of(v.proved, v.tiers))
        table.add_row(
            str(v.version), day(v.published_on), escape(v.by or ""), escape(v.plan or ""), *shares,
            escape(v.changes or ""),
        )  # fmt: skip
    return table


def _of(part: int | None, whole: int | None) -> str:
    return "" if part is None else str(part) if whole is None else f"{part} of {whole}"


# ---- catalogue and policy --------------------------------------------------------------------------------------
def rules_table(rules: Iterable[Rule], policy: Policy) -> Table:
    """The rule catalogue: id, words, kind, settings, basis."""
    table = _table("id", expand=True, lines=True)
    table.add_column("rule", ratio=1)
    table.add_column("settings, kind, basis", overflow="fold")
    for r in rules:
        switch = (f"rule.{r.id}",) if r.switchable else ()
        facts = [*r.settings, *switch, f"[dim]{r.kind}[/]", f"[dim]{r.basis}[/]"]
        table.add_row(r.id, f"[bold]{r.title}.[/] {escape(policy.stated(r))}", "\n".join(facts))
    return table


def policy_table(keys: Iterable[PolicyKey]) -> Table:
    """Every setting: key, default, meaning with range, unit and owning rule."""
    table = _table("setting", expand=True, lines=True)
    table.add_column("default", ratio=2, overflow="fold")
    table.add_column("meaning", ratio=3, overflow="fold")
    for key in keys:
        facts = "; ".join(p for p in (key.range, key.unit, key.rule) if p and p != "-")
        table.add_row(key.key, escape(key.default), f"{escape(key.meaning)}\n[dim]{escape(facts)}[/]")
    return table


def _table(*keys: str, title: str | None = None, expand: bool = False, lines: bool = False) -> Table:
    """A light table whose first columns are never broken; ``lines`` between rows that take several."""
    table = Table(
        title=title, title_justify="left", title_style="bold", expand=expand, show_lines=lines,
        box=box.HORIZONTALS if lines else box.SIMPLE_HEAD,
    )  # fmt: skip
    for heading in keys:
        table.add_column(heading, no_wrap=True)
    return table


def _number(number: int, word: str, plural: str | None = None) -> str:
    return f"{number} {word if number == 1 else plural or word + 's'}"
