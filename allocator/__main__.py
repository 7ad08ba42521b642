"""Entry point: Ctrl-C while the libraries are still loading ends quietly, like Ctrl-C anywhere else."""

import io
import sys


def main() -> None:
    """Load the command line and run it; exit code 130 when interrupted before anything was begun."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of a sheet
    try:
        from allocator.commands.app import main as run  # noqa: PLC0415 (loading takes a moment, and may be interrupted)

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
