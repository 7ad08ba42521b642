"""``placements store ...`` and ``placements audit ...``: what an administrator does with what is kept."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.opening import Database, opened, settings_of

group = typer.Typer()
store_group = typer.Typer(no_args_is_help=True, help="The store: back-up, restore, retention, tables.")
audit_group = typer.Typer(no_args_is_help=True, help="The audit: who did what when.")
group.add_typer(store_group, name="store")
group.add_typer(audit_group, name="audit")


@store_group.command(epilog="Example: placements store back-up placements-2026-01-05.zip")
def back_up(
    file: Annotated[Path, typer.Argument(help="File to write; keep it as safely as the store itself.")],
    database: Database = None,
) -> None:
    """Write the whole store, as it is at one moment, into a file, while the service goes on."""
    from allocator.begun import folder_made
    from allocator.commands.interrupting import tidied
    from allocator.commands.printing import say
    from allocator.files import check_folder

    check_folder(file)
    with opened(database=database) as (store, _):
        from api.store import backing_up
        from api.store.moments import utc_now

        with tidied(), folder_made(file.parent):
            written = backing_up.back_up(store, file, utc_now())
    say(f"{file} holds {_held(written)}.")


@store_group.command(epilog="Example: placements store restore placements-2026-01-05.zip --database sqlite:///new.db")
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="File that back-up wrote.")],
    database: Annotated[
        str, typer.Option(help="URL of an empty database of either kind; never the one that is in use.")
    ],
) -> None:
    """Fill an empty database from a back-up, of whichever kind that was, and look whether all of it is there."""
    from allocator.commands.printing import say

    settings = settings_of(database=database)
    from api.store import backing_up

    restored = backing_up.restore(file, settings.database)
    say(f"Restored {_held(restored)}; every file is whole and the audit holds.")
    say("Rounds that were deleted, accounts that were closed and tokens that were revoked since are back: do so again.")


@store_group.command()
def migrate(database: Database = None) -> None:
    """Bring the store to the newest tables; starting the service does the same."""
    from allocator.commands.printing import say

    with opened(make=True, database=database):
        from api.store.migrating import newest
    say(f"The store has the newest tables ({newest()}).")


@store_group.command()
def retain(
    database: Database = None,
    retention_days: Annotated[
        int | None, typer.Option(help="Kept that long after the last change. [default: 730]")
    ] = None,
    announce_days: Annotated[
        int | None, typer.Option(help="Announced that long before it is deleted. [default: 7]")
    ] = None,
) -> None:
    """Announce what will be deleted, and delete for good what was announced and is due; the service does so daily."""
    from allocator.commands.printing import say

    days: dict[str, Any] = {"retention_days": retention_days, "announce_days": announce_days}
    with opened(database=database, **days) as (store, settings):
        from api.store import retention
        from api.store.moments import utc_now

        done = retention.carry_out(store, settings, utc_now())
        with store.reading() as session:
            coming = retention.coming(session, settings)
    for one in done.deleted:
        say(f"Deleted for good: {one.kind} {one.id}.")
    for one in coming:
        say(f"Will be deleted on {one.on:%-d %B %Y} unless somebody changes it: {one.kind} {one.id}.")
    if not done.deleted and not coming:
        say("Nothing is due, and nothing will be within the days of announcement.")
    if done.scrubbed is False:
        say("Others were at work for too long to rewrite the database without what was deleted: run this again.")


@audit_group.command(epilog="Example: placements audit verify --kept 1042:9f86d081884c7d65...")
def verify(
    database: Database = None,
    kept: Annotated[
        str | None, typer.Option(help="NUMBER:SEAL as an earlier verify printed them; they have to be there still.")
    ] = None,
) -> None:
    """Walk the audit from its beginning: exit status 4 where an entry was changed, taken out, moved, or cut off."""
    from allocator.commands.printing import progress_console, say
    from allocator.commands.statuses import BROKEN
    from allocator.views.words import counted

    with opened(database=database) as (store, _):
        from api.store import audit

        anchor = audit.anchor_of(kept) if kept is not None else None
        with store.reading() as session:
            broken, head = audit.verify(session, anchor), audit.head(session)
    if broken is not None:
        progress_console.print(
            f"[bold red]The audit does not hold from entry {broken} on:[/] it was changed, taken out, moved or cut off "
            "by somebody with access to the database. Compare it with a back-up.",
            soft_wrap=True, highlight=False,
        )  # fmt: skip
        raise typer.Exit(BROKEN)
    entries = counted(head[0], "entry", "entries")
    say(f"The audit holds: {entries}. Note this outside of the database: {head[0]}:{head[1]}")


_SAID = (("round", "round"), ("run", "run"), ("content", "file"))
"""Tables that are told of, and what a row of them is called."""


def _held(manifest: object) -> str:
    from allocator.views.words import counted
    from api.store.backing_up import Manifest

    assert isinstance(manifest, Manifest)
    rows = {table.name: table.rows for table in manifest.tables}
    rounds, runs, files = (counted(rows[table], word) for table, word in _SAID)
    return (
        f"{rounds}, {runs} and {files} as of "
        f"{manifest.at:%-d %B %Y %H:%M} UTC, and {counted(manifest.audit_number, 'entry', 'entries')} of the audit"
    )
