"""``placements remote ...``: what the commands do here, done by a service; files and exit statuses are the same."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson, OutFolder, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, FAULT, STOPPED, UNUSABLE

if TYPE_CHECKING:
    from api.client import Placements
    from api.wire.runs import RunView

remote = typer.Typer(
    no_args_is_help=True,
    help="Do over the network what the commands do here. PLACEMENTS_SERVER and PLACEMENTS_TOKEN say where and who.",
)
Server = Annotated[
    str,
    typer.Option(envvar="PLACEMENTS_SERVER", help="Address of the service, such as https://placements.example.org."),
]
Token = Annotated[
    str, typer.Option(envvar="PLACEMENTS_TOKEN", help="Token of your account; better in the environment than typed.")
]
LOCAL = "http://127.0.0.1:8000"
Run = Annotated[str, typer.Argument(help="Id of a run.", show_default=False)]
Round = Annotated[str, typer.Argument(help="Id of a round.", show_default=False)]


def _service(server: str, token: str) -> "Placements":
    from api.commands.opening import needed
    from models.errors import UsageError

    needed()
    from api.client import Placements

    if not token:
        raise UsageError(
            "say who you are: --token, or PLACEMENTS_TOKEN in the environment. Whoever administers the service makes "
            "one by 'placements accounts token LOGIN'"
        )
    if not server.startswith(("http://", "https://")):
        raise UsageError(f"'{server}' is no address of a service: it begins with https:// (or http:// on this machine)")
    return Placements(server, token)


@remote.command(epilog="Example: placements remote allocate my-partnership.xlsx --out results")
def allocate(
    workbook: Workbook,
    out: OutFolder = Path("results"),
    settings: Settings = None,
    policy_file: PolicyFile = None,
    server: Server = LOCAL,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose a plan and write it with its report, as 'placements allocate' does. Ctrl-C stops with the best so far."""
    from allocator.folder import folder_of_results

    with _service(server, token) as service, folder_of_results(out):
        accepted = service.run(workbook, settings_of(settings, policy_file))
        progress_console.print(f"Run {accepted.id}.", highlight=False)
        run = _followed(service, accepted.id)
        files = _fetched(service, run, out)
    _show(run, out, files, as_json)


def _followed(service: "Placements", id: str) -> "RunView":
    """Show how far a run is until it is over; Ctrl-C asks it to stop."""
    from allocator.commands.progress import followed
    from api.wire.runs import RunTold
    from models.run import Progress

    asked = False
    with followed(progress_console) as (tell, stop):
        for event in service.events(id):
            if (
                isinstance(event, RunTold)
                and event.kind == "progress"
                and set(Progress._fields) <= event.content.keys()
            ):
                tell(Progress(*(event.content[field] for field in Progress._fields)))
            if stop.is_set() and not asked:
                service.stop(id)
                asked = True
    return service.run_view(id)


def _fetched(service: "Placements", run: "RunView", out: Path) -> list[Path]:
    """The files of a run into a folder, each whole or not at all."""
    from allocator.files import whole

    written = []
    for file in service.files(run.id):
        target = out / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as partial:
            partial.write_bytes(service.file(run.id, file.path))
        written.append(target)
    return written


def _show(run: "RunView", out: Path, files: list[Path], as_json: bool) -> None:
    """What came out, in the words and with the exit status of a run here."""
    from allocator.commands.tables import plan_summary
    from allocator.results import CHECK, CLASH, DATA, PLAN, written_check, written_data, written_plan
    from models.plan import CheckReport

    plan = written_plan(out / (CLASH if out / CLASH in files else PLAN))
    if as_json:
        print_json({"run": run.model_dump(mode="json"), "files": [str(path) for path in files]})
    elif plan is not None:
        dataset = written_data(out / DATA, plan)
        check = written_check(out / CHECK) or CheckReport(violations=(), tiers=())
        if dataset is not None:
            out_console.print(plan_summary(dataset, plan, check))
        say(f"Run {run.id}: {run.state}. Written to {out}: {len(files)} files.")
    _refuse_ended(run)
    _exit_as(run)


def _refuse_ended(run: "RunView") -> None:
    """Say why a run has no answer, and end with that."""
    if run.state in ("failed", "invalid"):
        detail = (run.problem or {}).get("detail", "no reason was given")
        progress_console.print(f"[bold red]The run is {run.state}:[/] {detail}", highlight=False, soft_wrap=True)
        raise typer.Exit(UNUSABLE if run.state == "invalid" else FAULT)


def _exit_as(run: "RunView") -> None:
    """End with the exit status of a run here."""
    if run.answer == "clash":
        raise typer.Exit(BROKEN)
    if run.state == "stopped":
        raise typer.Exit(STOPPED)


@remote.command(epilog="Example: placements remote verify my-partnership.xlsx results/plan.json")
def verify(
    workbook: Workbook,
    plan: Annotated[Path, typer.Argument(help="plan.json, or a sheet made by hand.", show_default=False)],
    settings: Settings = None,
    policy_file: PolicyFile = None,
    server: Server = LOCAL,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Judge any plan, as 'placements verify' does. Exit 0, 4, or 3 if a row is unreadable."""
    from allocator.commands.judging import Told, show_verdict

    with _service(server, token) as service:
        found = service.check(workbook, plan, settings_of(settings, policy_file))
    told = Told(
        found.matches, found.preference_order, found.check, found.issues, found.rows_not_judged, found.settings_differ
    )
    show_verdict(told, as_json)


@remote.command(epilog="Example: placements remote runs")
def runs(
    state: Annotated[str | None, typer.Option(help="Only those in this state, such as running.")] = None,
    server: Server = LOCAL,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """The newest runs."""
    with _service(server, token) as service:
        found = service.runs(state)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    if not found.runs:
        say("There is no run of yours." if state is None else f"There is no run of yours that is {state}.")
        return
    _table(
        ("run", "state", "answer", "input", "asked for"),
        [(r.id, r.state, r.answer or "", r.filename, f"{r.created:%Y-%m-%d %H:%M}") for r in found.runs],
    )


@remote.command(epilog="Example: placements remote show 0123456789abcdef0123456789abcdef")
def show(run: Run, server: Server = LOCAL, token: Token = "", as_json: AsJson = False) -> None:
    """How a run stands, followed until it is over."""
    with _service(server, token) as service:
        found = service.run_view(run) if as_json else _followed(service, run)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        said = f" ({found.answer})" if found.answer else ""
        say(f"Run {found.id}: {found.state}{said}, {found.filename}.")


@remote.command(epilog="Example: placements remote stop 0123456789abcdef0123456789abcdef")
def stop(run: Run, server: Server = LOCAL, token: Token = "", as_json: AsJson = False) -> None:
    """Ask a run to stop with the best plan so far."""
    with _service(server, token) as service:
        found = service.stop(run)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        say(f"Run {found.id}: {found.state}, asked to stop.")


@remote.command(epilog="Example: placements remote files 0123456789abcdef0123456789abcdef --out results")
def files(
    run: Run, out: OutFolder = Path("results"), server: Server = LOCAL, token: Token = "", as_json: AsJson = False
) -> None:
    """Write the files of a run into a folder."""
    from allocator.folder import folder_of_results

    with _service(server, token) as service, folder_of_results(out):
        written = _fetched(service, service.run_view(run), out)
    if as_json:
        print_json({"files": [str(path) for path in written]})
    else:
        say(f"Written to {out}: {len(written)} files.")


@remote.command(epilog="Example: placements remote compare RUN RUN")
def compare(
    before: Run, after: Run, server: Server = LOCAL, token: Token = "", as_json: AsJson = False
) -> None:  # fmt: skip
    """What is different between the plans of two runs."""
    with _service(server, token) as service:
        found = service.compare(before, after)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        for sentence in found.sentences:
            say(sentence)


@remote.command(epilog="Example: placements remote rounds")
def rounds(server: Server = LOCAL, token: Token = "", as_json: AsJson = False) -> None:
    """The rounds that you are a member of."""
    with _service(server, token) as service:
        found = service.rounds()
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    if not found.rounds:
        say("You are a member of no round. Whoever makes one is; an administrator adds others.")
        return
    _table(
        ("round", "name", "tranches", "workbooks", "decisions"),
        [(r.id, r.name, ", ".join(r.tranches), str(r.datasets), str(r.decisions)) for r in found.rounds],
    )


@remote.command(epilog="Example: placements remote moves ROUND --most 3")
def moves(
    round: Round,
    most: Annotated[int, typer.Option("--most", min=0, max=20, help="Moves that are looked at, at most.")] = 5,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    server: Server = LOCAL,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """What moves of promises buy in a round, as 'placements moves' says it of a workbook."""
    from allocator.commands.moving import show_moves

    with _service(server, token) as service:
        run = _followed(service, service.look_for_moves(round, most, settings_of(settings, policy_file)).id)
        _refuse_ended(run)
        found = service.moves(run.id)
    show_moves(found, as_json)
    _exit_as(run)


@remote.command(epilog="Example: placements remote fit ROUND --offer O012")
def fit(
    round: Round,
    offer: Annotated[str | None, typer.Option("--offer", help="Who suits this place?", show_default=False)] = None,
    request: Annotated[
        str | None, typer.Option("--request", help="Which place suits this request?", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many of the best.")] = 10,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    server: Server = LOCAL,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """The best students for a place of a round, or the best places for a student, as 'placements fit' shows them."""
    from allocator.commands.moving import show_fits

    with _service(server, token) as service:
        given = settings_of(settings, policy_file)
        asked = service.look_for_fits(round, offer=offer, request=request, most=most, settings=given)
        run = _followed(service, asked.id)
        _refuse_ended(run)
        found = service.fits(run.id)
    show_fits(found, as_json, by_request=offer is not None)
    _exit_as(run)


@remote.command(epilog="Example: placements remote publish ROUND RUN --by LM")
def publish(
    round: Round,
    run: Run,
    by: Annotated[str, typer.Option("--by", help="Who publishes: initials or a role.", show_default=False)],
    server: Server = LOCAL,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Put the plan of a run in force in its round, as 'placements publish' does in a workbook."""
    from allocator.commands.publishing import say_in_force

    with _service(server, token) as service:
        made = service.publish(round, run, by, service.round_view(round).version)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        say_in_force(made.version)


@remote.command(epilog="Example: placements remote versions ROUND")
def versions(round: Round, server: Server = LOCAL, token: Token = "", as_json: AsJson = False) -> None:
    """The plans that were published in a round, the one in force last."""
    from allocator.commands.publishing import show_versions

    with _service(server, token) as service:
        found = service.versions(round)
    show_versions([line.version for line in found.versions], as_json)


@remote.command(epilog="Example: placements remote retention")
def retention(server: Server = LOCAL, token: Token = "", as_json: AsJson = False) -> None:
    """What will be deleted for good, and when: of a team its own, of an administrator everybody's."""
    from allocator.views.words import counted

    with _service(server, token) as service:
        found = service.retention()
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for one in found.coming:
        name = f" ({one.name})" if one.name else ""
        unless = " unless somebody changes it" if one.kind == "round" else ""
        say(f"Will be deleted on {one.on:%-d %B %Y}{unless}: {one.kind} {one.id}{name}.")
    if not found.coming:
        days = counted(found.announce_days, "day")
        say(f"Nothing is announced. What is {found.retention_days} days old is deleted, and announced {days} before.")


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading == headings[0])  # an id, to be copied
    for row in rows:
        table.add_row(*map(escape, row))
    out_console.print(table)
