"""``placements replies``: agencies' reply forms read back; each reply is shown before anybody accepts it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allocator.commands.deciding import By, Results, plan_of_results, show_effect
from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, NextFile, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, STOPPED, USAGE
from allocator.commands.stepping import show_remarks, target_of, wrote

if TYPE_CHECKING:
    from allocator.lifecycle.accepting import Accepted, Desk, Looked
    from allocator.lifecycle.replies import FormFound, Proposal, Replies

group = typer.Typer()
ALL_HARMLESS = "all-harmless"


@group.command(epilog="Example: placements replies partnership-2.xlsx returned/*.xlsx --by LM --accept all-harmless")
def replies(
    workbook: Workbook,
    forms: Annotated[
        list[Path], typer.Argument(metavar="FORM...", help="Reply forms that came back.", show_default=False)
    ],
    by: By,
    accept: Annotated[
        str | None,
        typer.Option("--accept", help=f"{ALL_HARMLESS}, or numbers: 1,3. By default nothing is.", show_default=False),
    ] = None,
    results: Results = None,
    out: NextFile = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Read reply forms: what each reply would do, and whom it harms; those accepted make the next version."""
    from allocator.commands.progress import followed
    from allocator.commands.resolving import show_ways_out
    from allocator.lifecycle.accepting import Desk
    from allocator.lifecycle.effect import base_of
    from allocator.lifecycle.next_file import write_step
    from allocator.lifecycle.recognising import recognised, version_expected
    from allocator.lifecycle.replies import replies_of
    from allocator.lifecycle.reply_forms import read_reply_form
    from allocator.reading.reader import read_register
    from allocator.settling.settling import settle
    from allocator.views.agency_forms import reason_codes

    given = settings_of(settings, policy_file)
    target = None if accept is None else target_of(workbook, out)
    register = read_register(workbook)
    reading = settle(register, given, each=True)
    came = [read_reply_form(path, reason_codes(reading.dataset)) for path in forms]
    in_force = version_expected(reading.dataset, results)
    plan = plan_of_results(results, reading)
    with followed(progress_console, stoppable=False) as (tell, _):
        base = base_of(reading, plan, tell)
        found = replies_of(recognised(came, reading.dataset, in_force), reading.dataset, base.base)
    desk = Desk(register, base, by, given)
    looked, accepted, stopped = _in_hand(desk, found.proposals, accept)
    left_out: tuple[str, ...] = ()
    taken = None if accepted is None else accepted.taken
    with tidied():
        if target is not None and taken is not None:
            left_out = write_step(workbook, target, register, taken.edits, given)
    written = target if taken is not None else None
    clash = accepted.effect.after.plan.clash if accepted is not None and accepted.effect is not None else None
    if as_json:
        print_json(_as_data(found, looked, accepted, written, left_out))
    else:
        for form in found.forms:
            _show_form(form)
        if in_force is None:
            say("Of which version forms are is not judged: nothing is published, and no --results is named.")
        _show_proposals(found.proposals, looked)
        if accepted is not None:
            _show_accepted(accepted)
        if clash is not None and taken is not None:
            show_ways_out(taken.register, taken.reading, clash, given)
        wrote(workbook, written, left_out)
    if clash is not None:
        raise typer.Exit(BROKEN)
    if stopped:
        raise typer.Exit(STOPPED)
    if accepted is not None and accepted.refused and taken is None:
        raise typer.Exit(USAGE)


def _in_hand(
    desk: "Desk", proposals: "Sequence[Proposal]", accept: str | None
) -> "tuple[tuple[Looked, ...], Accepted | None, bool]":
    """What each proposal does, what was accepted, and whether Ctrl-C left some that were not looked at."""
    from allocator.commands.progress import counting

    chosen = _chosen(accept, proposals)
    if chosen is not None:
        return (), desk.accept(chosen), False
    with counting(progress_console, "replies looked at") as (count, stop):
        looked = desk.look(proposals, stop.is_set, count)
    return looked, None if accept is None else desk.accept_harmless(looked), stop.is_set()


def _chosen(accept: str | None, proposals: "Sequence[Proposal]") -> "dict[int, Proposal] | None":
    """The proposals that are accepted by number; None where they are not named so.

    Raises
    ------
    UsageError
        Something else is named, or a number that there is not.
    """
    from models.errors import UsageError

    if accept is None or accept.strip().casefold() == ALL_HARMLESS:
        return None
    parts = [part.strip() for part in accept.split(",") if part.strip()]
    wrong = [p for p in parts if not p.isdecimal() or not 0 < int(p) <= len(proposals)]
    if wrong or not parts:
        numbers = f"numbers from 1 to {len(proposals)}, such as 1,3" if proposals else "nothing: there are no proposals"
        raise UsageError(f"--accept {accept}: name {ALL_HARMLESS}, or {numbers}")
    return {number: proposals[number - 1] for number in sorted(map(int, parts))}


def _show_form(form: "FormFound") -> None:
    """A form, what of it is to be said, and the cells that cannot be read."""
    from allocator.commands.tables import issues_table

    whose = f" ({form.agency})" if form.agency else ""
    say(f"{form.name}{whose}: {form.answered} of {form.rows} rows filled in.")
    for sentence in form.said:
        say(f"  {sentence}")
    if form.issues:
        out_console.print(issues_table(form.issues))


def _show_proposals(proposals: "Sequence[Proposal]", looked: "Sequence[Looked]") -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    if not proposals:
        say("Nothing is proposed.")
        return
    shown = {one.number: one for one in looked}
    several = len({proposal.form for proposal in proposals}) > 1
    table = Table(box=box.HORIZONTALS, expand=True, show_lines=True)
    table.add_column("", justify="right")
    for heading, ratio in (("reply", 4), ("what it does", 4), ("whom it harms", 3)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for number, proposal in enumerate(proposals, 1):
        one = shown.get(number)
        where = f"{proposal.form}, {proposal.where}" if several else proposal.where
        does = "" if one is None else one.refusal.words if one.refusal else one.line
        harm = "" if one is None or one.refusal or not one.looked else "\n".join(one.harm) or "nobody"
        reply = f"{escape(proposal.says)}\n[dim]{escape(where)}[/]"
        table.add_row(str(number), reply, escape(does), f"[red]{escape(harm)}[/]" if one and one.harm else harm)
    out_console.print(table)
    if looked and all(one.looked for one in looked):
        harmless = sum(one.harmless for one in looked)
        refused = sum(one.refusal is not None for one in looked)
        say(f"{len(looked)} proposed: {harmless} harm nobody, {refused} cannot be taken. Effects are each by itself.")


def _show_accepted(accepted: "Accepted") -> None:
    for number, refusal in accepted.refused:
        say(f"{number}: {refusal.words}")
    for number, harm in accepted.left:
        say(f"{number} was left out: with those before it, {'; '.join(harm)}.")
    numbers = ", ".join(map(str, accepted.numbers))
    say(f"Accepted: {numbers}." if numbers else "Nothing was accepted.")
    if accepted.taken is not None:
        show_remarks(accepted.taken.remarks)
    if accepted.effect is not None:
        show_effect(accepted.effect)


def _as_data(
    found: "Replies", looked: "Sequence[Looked]", accepted: "Accepted | None", written: Path | None,
    left_out: tuple[str, ...],
) -> dict[str, Any]:  # fmt: skip
    from allocator.lifecycle.answers import form_answer, plan_effect, proposal_answer

    shown = {one.number: one for one in looked}
    proposals = [
        proposal_answer(number, proposal, shown.get(number)).model_dump(mode="json", exclude_unset=True)
        for number, proposal in enumerate(found.proposals, 1)
    ]
    taken = accepted.taken if accepted else None
    return {
        "forms": [form_answer(form).model_dump(mode="json") for form in found.forms],
        "proposals": proposals, "accepted": list(accepted.numbers) if accepted else [],
        "refused": {str(n): r.words for n, r in accepted.refused} if accepted else {},
        "left_out": {str(n): list(harm) for n, harm in accepted.left} if accepted else {},
        "remarks": dumped(taken.remarks) if taken else [],
        "effect": plan_effect(accepted.effect).model_dump(mode="json") if accepted and accepted.effect else None,
        "file": str(written) if written else None, "not_carried_over": list(left_out),
    }  # fmt: skip
