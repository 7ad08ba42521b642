"""What the command line shows: progress on stderr, tables on stdout."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from models.dataset import Dataset
from models.errors import Issue
from models.plan import CheckReport, Plan
from models.run import Progress as Step
from models.run import ProgressListener, StopSignal

LEVEL_WORDS = {"stop": "STOP", "set_aside": "set aside", "warning": "warning"}
LEVEL_STYLE = {"stop": "bold red", "set_aside": "yellow", "warning": "dim"}


@contextmanager
def stoppable(console: Console) -> Iterator[StopSignal]:
    """The first Ctrl-C asks the run to stop with the best plan so far; a second one ends the program."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        console.print("[yellow]Stopping: the best plan so far is checked and written (Ctrl-C again to give up).[/]")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress_bar(console: Console) -> Iterator[ProgressListener]:
    """A live bar: tier, placed, value and bound. Nothing but the last line where stderr is no terminal."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"), TimeElapsedColumn(), console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task("reading", total=None, state="")
    with Live(bar, console=console, transient=True, refresh_per_second=8) if console.is_terminal else bar:

        def tell(step: Step) -> None:
            if step.level is None:
                bar.update(task, description="which offers fit whom", state=f"{step.live} requests")
                return
            gap = "" if step.value is None or step.bound is None else f"gap {abs(step.value - step.bound)}"
            state = f"placed {step.placed}/{step.live}  value {step.value}  {gap}"
            bar.update(task, description=step.level, completed=step.number, total=step.levels, state=state)

        yield tell


def issues_table(issues: tuple[Issue, ...]) -> Group | str:
    """All problems of the input: what was found, where, what is allowed, what to do."""
    if not issues:
        return "No problems found."
    table = Table(title=None, show_lines=False, expand=True)
    for heading, ratio in (("level", 1), ("where", 2), ("what", 5), ("what to do", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    order = {"stop": 0, "set_aside": 1, "warning": 2}
    for issue in sorted(issues, key=lambda i: (order[i.level], i.sheet or "", i.row or 0, i.column or "")):
        what = escape(issue.message) + (f"\n[dim]allowed: {escape(issue.allowed)}[/]" if issue.allowed else "")
        style = LEVEL_STYLE[issue.level]
        table.add_row(
            f"[{style}]{LEVEL_WORDS[issue.level]}[/]\n{issue.code}",
            escape(_where(issue)),
            what,
            escape(issue.remedy or ""),
        )
    counts = Counter[str](i.level for i in issues)
    summary = ", ".join(f"{counts[level]} {LEVEL_WORDS[level]}" for level in order if counts[level])
    return Group(table, summary)


def _where(issue: Issue) -> str:
    parts = [issue.sheet, f"row {issue.row}" if issue.row else None, issue.column]
    return ", ".join(p for p in parts if p) or "-"


def plan_summary(dataset: Dataset, plan: Plan, check: CheckReport) -> Group:
    """What came out: placed by programme, the tiers and their proof, who is not placed."""
    parts: list[Table | Panel | str] = []
    if plan.clash is not None:
        lines = [f"[bold]{escape(m.rule)}[/] {escape(m.subject)}: {escape(m.sentence)}" for m in plan.clash.members]
        proof = "confirmed by two solvers, each member needed" if plan.clash.confirmed else "not confirmed"
        lines.append(f"[dim]{proof}. Change or withdraw any one of these rows, then run again.[/]")
        return Group(
            Panel("\n".join(lines), title="These rules and rows clash: no plan can hold them all", style="red")
        )
    parts.append(_by_programme(dataset, plan))
    parts.append(_tiers(plan))
    if plan.unplaced:
        parts.append(_unplaced(plan))
    proved = sum(t.proved for t in plan.tiers)
    checked = "checked: no rule is broken" if check.passed else f"CHECK: {len(check.violations)} violations"
    stopped = f"; stopped by {plan.stopped}" if plan.stopped else ""
    parts.append(f"[bold]{proved} of {len(plan.tiers)} tiers proved best possible; {checked}{stopped}.[/]")
    return Group(*parts)


def _by_programme(dataset: Dataset, plan: Plan) -> Table:
    rows: dict[tuple[str, str], Counter[str]] = {}
    for request, state in [
        *((m.request, "provisional" if m.waiting else "firm") for m in plan.matches),
        *((u.request, "later" if u.code == "later" else "none") for u in plan.unplaced),
    ]:
        asked = dataset.request_by_id[request]
        key = dataset.student_by_id[asked.student].programme, asked.stage
        rows.setdefault(key, Counter())[state] += 1
    table = Table(title="Placements")
    for heading in ("programme", "stage"):
        table.add_column(heading)
    for heading in ("to place", "firm", "provisional", "none", "later"):
        table.add_column(heading, justify="right")
    for (programme, stage), n in sorted(rows.items()):
        table.add_row(programme, stage, *map(str, (n.total(), n["firm"], n["provisional"], n["none"], n["later"])))
    total = sum(rows.values(), Counter[str]())
    table.add_section()
    table.add_row(
        "all", "", *map(str, (total.total(), total["firm"], total["provisional"], total["none"], total["later"]))
    )
    return table


def _tiers(plan: Plan) -> Table:
    table = Table(title="Aims in order, each proved before the next")
    for heading in ("tier", "best is"):
        table.add_column(heading)
    for heading in ("value", "bound"):
        table.add_column(heading, justify="right")
    table.add_column("proof")
    for t in plan.tiers:
        bound = "-" if t.bound is None else str(t.bound)
        proof = "proved" if t.proved else ("given the tiers above" if t.bound == t.value else "not proved")
        table.add_row(t.tier, "most" if t.sense == "max" else "least", str(t.value), bound, proof)
    return table


def _unplaced(plan: Plan) -> Table:
    table = Table(title="Not placed", expand=True)
    table.add_column("request", no_wrap=True)
    table.add_column("why", ratio=1)
    shown = sorted(plan.unplaced, key=lambda u: u.code == "later")[:12]
    for u in shown:
        table.add_row(u.request, escape(u.reason))
    if len(plan.unplaced) > 12:
        table.add_row("...", f"and {len(plan.unplaced) - 12} more, in report.xlsx")
    return table
