"""Entry point: Ctrl-C while the libraries are still loading ends quietly, like Ctrl-C anywhere else."""

import sys


def main() -> None:
    """Load the command line and run it; exit code 130 when interrupted before anything was begun."""
    try:
        from allocator.cli import main as run  # noqa: PLC0415 (loading takes a second, and may be interrupted)

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
