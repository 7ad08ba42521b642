"""``placements decide | undo``: a row for the log of decisions, with what it does to the plan before it is taken."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allocator.commands.comparing import show_comparison
from allocator.commands.interrupting import tidied
from allocator.commands.options import (
    AsJson,
    NextFile,
    PolicyFile,
    Settings,
    Workbook,
    settings_of,
)
from allocator.commands.printing import out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN
from allocator.commands.stepping import refused, show_remarks, target_of, wrote

if TYPE_CHECKING:
    from allocator.lifecycle.effect import Effect
    from allocator.lifecycle.entering import Entered
    from allocator.lifecycle.objecting import Refusal
    from allocator.settling.settling import Reading
    from models.plan import Plan
    from models.register import Register

group = typer.Typer()
By = Annotated[str, typer.Option("--by", help="Who decides: initials or a role, never a name.", show_default=False)]
Why = Annotated[str | None, typer.Option("--why", help="Why; it stays in the team's own files.", show_default=False)]
Results = Annotated[
    Path | None,
    typer.Option("--results", help="Folder with the plan of this workbook, to save solving.", show_default=False),
]
Ask = Annotated[bool, typer.Option("--ask", help="Show the effect, and write nothing.")]
SHOWN = 12
"""Lines that each table of an effect shows; with --json it has them all."""


def _cell(help: str) -> Any:
    return typer.Option(help=help, show_default=False)


@group.command(epilog="Example: placements decide partnership.xlsx fix --request S001/first --offer O12 --by LM --ask")
def decide(
    workbook: Workbook,
    kind: Annotated[str, typer.Argument(help="fix, do_not_match, exception, withdraw, ...", show_default=False)],
    by: By,
    about: Annotated[str | None, _cell("Of withdraw: student, offer, pe or supervisor.")] = None,
    request: Annotated[str | None, _cell("The request or student; of together and apart 'S001; S014'.")] = None,
    offer: Annotated[str | None, _cell("The offer.")] = None,
    pe: Annotated[str | None, _cell("The PE.")] = None,
    agency: Annotated[str | None, _cell("The agency.")] = None,
    team: Annotated[str | None, _cell("The team.")] = None,
    rule: Annotated[str | None, _cell("Of exception: the rule.")] = None,
    value: Annotated[str | None, _cell("The value: minutes, an answer, a tranche, days credited, ...")] = None,
    places: Annotated[str | None, _cell("Of hold: places.")] = None,
    until: Annotated[str | None, _cell("Of hold: the last day.")] = None,
    party: Annotated[str | None, _cell("Of declined: student, agency or university.")] = None,
    reason_code: Annotated[str | None, _cell("A reason code.")] = None,
    effective: Annotated[str | None, _cell("The day from which it holds; today by default.")] = None,
    why: Why = None,
    ask: Ask = False,
    results: Results = None,
    out: NextFile = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Decide: show what it does to the plan, and write the next version of the workbook, with a row in Decisions."""
    cells = {
        "decision": kind, "about": about, "request": request, "offer": offer, "pe": pe, "agency": agency, "team": team,
        "rule": rule, "value": value, "places": places, "until": until, "party": party, "reason_code": reason_code,
        "effective": effective, "by": by, "why": why,
    }  # fmt: skip
    given = settings_of(settings, policy_file)

    def step(register: "Register") -> "Entered | Refusal":
        from allocator.lifecycle.entering import enter

        return enter(register, cells, given)

    _take(workbook, step, given, results, None if ask else target_of(workbook, out), as_json)


@group.command(epilog="Example: placements undo partnership-2.xlsx D7 --by LM")
def undo(
    workbook: Workbook,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Of the log; 'row 7' where it has none.", show_default=False)
    ],
    by: By,
    why: Why = None,
    ask: Ask = False,
    results: Results = None,
    out: NextFile = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Undo a decision by a row of its own; the log keeps both."""
    given = settings_of(settings, policy_file)

    def step(register: "Register") -> "Entered | Refusal":
        from allocator.lifecycle.entering import undo as undo_row

        return undo_row(register, name, by, why, given)

    _take(workbook, step, given, results, None if ask else target_of(workbook, out), as_json)


def _take(
    workbook: Path, step: "Callable[[Register], Entered | Refusal]", settings: dict[str, str], results: Path | None,
    target: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Enter a row, show its effect, and write it; without a target nothing is written."""
    from allocator.commands.progress import followed
    from allocator.commands.resolving import found_ways_out, say_ways_out
    from allocator.lifecycle.answers import step_effect
    from allocator.lifecycle.effect import base_of, effect_of, prices_of
    from allocator.lifecycle.next_file import write_step
    from allocator.lifecycle.objecting import Refusal
    from allocator.reading.reader import read_register

    register = read_register(workbook)
    entered = step(register)
    if isinstance(entered, Refusal):
        raise refused(entered, workbook)
    plan = plan_of_results(results, entered.before)
    with followed(progress_console, stoppable=False) as (tell, _):
        base = base_of(entered.before, plan, tell)
        effect = effect_of(base, entered.reading, entered.entry, tell)
        prices = prices_of(base, entered.reading, entered.entry)
    left_out: tuple[str, ...] = ()
    with tidied():
        if target is not None:
            left_out = write_step(workbook, target, register, entered.edits, settings)
    clash, ways = effect.after.plan.clash, None
    if clash is not None:
        ways = found_ways_out(entered.register, entered.reading, clash, settings, entered.entry.row)
    if as_json:
        done = step_effect(entered, effect, prices, ways).model_dump(mode="json")
        print_json(done | {"file": str(target) if target else None, "not_carried_over": list(left_out)})
    else:
        say(f"{entered.entry.words}, by {entered.entry.by}.")
        show_remarks(entered.remarks)
        show_effect(effect)
        for price in prices:
            out_console.print(f"\n[bold]{price.after.name[0].upper()}{price.after.name[1:]}[/]")
            show_effect(price)
        if ways is not None:
            say_ways_out(ways)
        wrote(workbook, target, left_out)
    if clash is not None:
        raise typer.Exit(BROKEN)


def plan_of_results(results: Path | None, reading: "Reading") -> "Plan | None":
    """The plan of a folder, if it is the one of the workbook; else it is said that it is not."""
    from allocator.comparison import open_result
    from allocator.lifecycle.effect import is_best_of

    if results is None:
        return None
    plan = open_result(results).plan
    if is_best_of(plan, reading):
        return plan
    progress_console.print(
        f"The plan in {results} was made from other data or settings, or is not proved: the plan is solved for first.",
        soft_wrap=True, highlight=False, markup=False,
    )  # fmt: skip
    return None


def show_effect(effect: "Effect") -> None:
    """What a step does to the plan: the comparison in words, or the clash."""
    from allocator.commands.tables import clash_panel

    clash = effect.after.plan.clash
    if clash is not None:
        out_console.print(clash_panel(clash))
        return
    show_comparison(effect.comparison, effect.before, effect.after, SHOWN)
    for request in effect.set_aside:
        say(f"The fix of {request} cannot be with it, so {request} is not placed: undo the fix first.")
    if not effect.proved:
        say("Not every tier of the plan after it is proved.")
