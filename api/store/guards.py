"""Triggers that refuse to change what is written once, whoever asks, in either database.

Contents, a round's datasets, decisions, steps of matches and published versions, replies of agencies and what was done
with them, and events of runs are never changed, only deleted. Audit entries are never deleted, and of a changed one
only the details may have been blotted out.
"""

from sqlalchemy import Connection, inspect

WRITTEN_ONCE = (
    "content", "round_dataset", "decision", "match_step", "published_version", "reply", "reply_answer", "run_event",
)  # fmt: skip
BLOTTABLE = ("details", "salt")


def put_guards(connection: Connection) -> None:
    """Put the triggers up, in place of any that are there.

    Parameters
    ----------
    connection
        Of a transaction of its own.
    """
    for statement in _statements(connection):
        connection.exec_driver_sql(statement)


def _statements(connection: Connection) -> list[str]:
    columns = [row[0] for row in connection.exec_driver_sql("select * from audit_entry where 1 = 0").cursor.description]
    sealed = [column for column in columns if column not in BLOTTABLE]
    there = inspect(connection).get_table_names()  # tables of a back-up may be older than the program's
    once = [table for table in WRITTEN_ONCE if table in there]
    return _for_sqlite(once, sealed) if connection.dialect.name == "sqlite" else _for_postgresql(once, sealed)


def _for_sqlite(once: list[str], sealed: list[str]) -> list[str]:
    refuse = "begin select raise(abort, '{} is written once'); end"
    changed = " or ".join(f"new.{column} is not old.{column}" for column in sealed)
    kept = " or ".join(f"new.{column} is not null" for column in BLOTTABLE)
    triggers = {
        **{f"{table}_written_once": f"before update on {table} {refuse.format(table)}" for table in once},
        # "insert or replace" deletes and inserts without a word to the trigger above
        "content_not_replaced": "before insert on content when exists "
        "(select 1 from content where digest = new.digest and packed is not new.packed) " + refuse.format("content"),
        "audit_entry_written_once": f"before update on audit_entry when {changed} or {kept} "
        + refuse.format("audit_entry"),
        "audit_entry_not_deleted": f"before delete on audit_entry {refuse.format('audit_entry')}",
    }
    return [
        statement
        for name, rest in triggers.items()
        for statement in (f"drop trigger if exists {name}", f"create trigger {name} {rest}")
    ]


def _for_postgresql(once: list[str], sealed: list[str]) -> list[str]:
    changed = " or ".join(f"new.{column} is distinct from old.{column}" for column in sealed)
    kept = " or ".join(f"new.{column} is not null" for column in BLOTTABLE)
    triggers = {
        **{f"{table}_written_once": f"before update on {table} for each row" for table in once},
        "audit_entry_written_once": f"before update on audit_entry for each row when ({changed} or {kept})",
        "audit_entry_not_deleted": "before delete on audit_entry for each row",
        "audit_entry_not_emptied": "before truncate on audit_entry for each statement",
    }
    function = (
        "create or replace function refuse_written_once() returns trigger language plpgsql as "
        "$$ begin raise exception '%% is written once', tg_table_name; end $$"
    )
    return [
        function,
        *(
            f"create or replace trigger {name} {rest} execute function refuse_written_once()"
            for name, rest in triggers.items()
        ),
    ]
