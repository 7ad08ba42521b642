"""``placements results-day``: readiness and clearance of many students, typed in one step, and the plan repaired."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.deciding import Ask, Results, plan_of_results, show_effect
from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, NextFile, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN
from allocator.commands.stepping import show_remarks, target_of, wrote

if TYPE_CHECKING:
    from allocator.lifecycle.effect import Effect
    from allocator.lifecycle.results_day import NotReady, ResultsEntered
    from allocator.reading.results_list import ResultsList

group = typer.Typer()


@group.command("results-day", epilog="Example: placements results-day partnership-2.xlsx readiness.csv")
def results_day(
    workbook: Workbook,
    listed: Annotated[
        Path, typer.Argument(metavar="LIST", help="CSV or XLSX: student, readiness, clearance.", show_default=False)
    ],
    ask: Ask = False,
    results: Results = None,
    out: NextFile = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Read a list of results: type them into Students, show what the repaired plan changes, write the next version."""
    from allocator.commands.progress import followed
    from allocator.commands.resolving import show_ways_out
    from allocator.lifecycle.effect import base_of, effect_after
    from allocator.lifecycle.next_file import write_step
    from allocator.lifecycle.results_day import enter_results, kept_though_failed, own_headings
    from allocator.reading.reader import read_register
    from allocator.reading.results_list import read_results_list

    given = settings_of(settings, policy_file)
    target = None if ask else target_of(workbook, out)
    register = read_register(workbook)
    came = read_results_list(listed, own_headings(register))
    entered = enter_results(register, came.rows, given)
    if not entered.edits:
        _finish(workbook, came, entered, None, (), None, (), as_json)
        return
    plan = plan_of_results(results, entered.before)
    with followed(progress_console, stoppable=False) as (tell, _):
        effect = effect_after(base_of(entered.before, plan, tell), entered.reading, "with the results", tell)
    left_out: tuple[str, ...] = ()
    with tidied():
        if target is not None:
            left_out = write_step(workbook, target, register, entered.edits, given)
    _finish(workbook, came, entered, effect, kept_though_failed(effect), target, left_out, as_json)
    clash = effect.after.plan.clash
    if clash is not None:
        if not as_json:
            show_ways_out(entered.register, entered.reading, clash, given)
        raise typer.Exit(BROKEN)


def _finish(
    workbook: Path, came: "ResultsList", entered: "ResultsEntered", effect: "Effect | None",
    failed: "tuple[NotReady, ...]", target: Path | None, left_out: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Say what the list holds, what it does, and what was written."""
    from allocator.commands.tables import issues_table
    from allocator.lifecycle.answers import not_ready_answer, plan_effect
    from allocator.views.words import counted

    if as_json:
        print_json(
            {
                "results": [new._asdict() for new in entered.news], "as_before": entered.as_before,
                "set_aside": list(entered.said), "issues": dumped(came.issues), "sheets_not_read": list(came.left_out),
                "remarks": dumped(entered.remarks),
                "effect": plan_effect(effect).model_dump(mode="json") if effect else None,
                "kept_though_failed": dumped(map(not_ready_answer, failed)),
                "file": str(target) if target else None, "not_carried_over": list(left_out),
            }
        )  # fmt: skip
        return
    if came.issues:
        out_console.print(issues_table(came.issues))
    for name in came.left_out:
        say(f"The sheet '{name}' has no students with results, and was not read.")
    for sentence in entered.said:
        say(sentence)
    for new in entered.news:
        say(f"{new.student}: {new.column} {new.before} -> {new.after}")
    new_ones, others = counted(len(entered.news), "result is", "results are"), counted(entered.as_before, "says", "say")
    say(f"{new_ones} new, {others} what is there already.")
    show_remarks(entered.remarks)
    if effect is not None:
        show_effect(effect)
        _show_failed(failed, target or workbook)
        if effect.after.plan.clash is None and effect.after.plan.unplaced:
            say(f"What moves of promises would buy: placements moves {target or workbook}")
    wrote(workbook, target, left_out)


def _show_failed(failed: "tuple[NotReady, ...]", file: Path) -> None:
    """Who is kept and failed, and what a person may decide."""
    for one in failed:
        say(
            f"{one.request} has {one.offer} ({one.status}) and is kept, although {' and '.join(one.failed)} is failed: "
            "a person decides what becomes of it."
        )
        say(f"  placements decide {file} withdraw --about student --request {one.request} --by ..., or unlock")
