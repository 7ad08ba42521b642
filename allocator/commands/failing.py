"""An error of the program's own as a message, an exit status and, with ``--json``, an object."""

from rich.markup import escape

from allocator.commands.memory import NOT_ENOUGH, is_full_memory
from allocator.commands.printing import dumped, print_json, progress_console
from allocator.commands.statuses import FAULT, UNUSABLE, status_of
from models.errors import AllocationError, InputUnusableError, RefusedError, UsageError


def told(error: Exception, as_json: bool) -> int | None:
    """Say what went wrong, and return the exit status; None where nobody expected the error."""
    if is_full_memory(error):
        return _report(UsageError(NOT_ENOUGH), as_json)
    if isinstance(error, OSError):
        words = f"{error.filename or 'a file'} cannot be read or written: {error.strerror or error}"
        return _report(UsageError(words), as_json)
    return _report(error, as_json) if isinstance(error, AllocationError) else None


def _report(error: AllocationError, as_json: bool) -> int:
    """Say what is wrong on stderr, and with ``--json`` on stdout too."""
    status = status_of(error.code)
    issues = error.issues if isinstance(error, InputUnusableError | RefusedError) else ()
    if issues and not isinstance(error, RefusedError):
        from allocator.commands.tables import issues_table

        progress_console.print(issues_table(issues))
        progress_console.print("[bold red]The input cannot be used until what is marked STOP is put right.[/]")
    else:
        fault = "A fault of the program, not of your input: " if status == FAULT else ""
        progress_console.print(f"[bold red]{fault}[/]{escape(str(error))}", soft_wrap=True, highlight=False)
    if as_json:
        failed = {"error": str(error), "code": error.code, "exit_code": status, "issues": dumped(issues)}
        failed |= {"undo_first": list(error.undo_first)} if isinstance(error, RefusedError) else {}
        print_json({"usable": False} | failed if status == UNUSABLE else failed)
    return status
