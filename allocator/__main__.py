"""Entry point: what the process needs before anything is loaded, then the command line."""

import io
import os
import signal
import sys
from typing import TextIO

from allocator.commands.interrupting import leave
from allocator.commands.memory import NOT_ENOUGH, is_full_memory
from allocator.commands.statuses import USAGE


class _UntilClosed(io.FileIO):
    """A stream whose reader may go away (``| head``): what nobody reads is no fault, and is dropped."""

    def write(self, content: object) -> int:
        try:
            return super().write(content)  # type: ignore[arg-type]
        except BrokenPipeError:
            return memoryview(content).nbytes  # type: ignore[arg-type]


def main() -> None:
    """Run the command line; exit status 130 when interrupted before there was a plan."""
    try:
        signal.signal(signal.SIGINT, leave)
        # OpenBLAS keeps 20 MB and more for every thread, and where it does not get them later ends the process itself.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        sys.stdout, sys.stderr = _lasting(sys.stdout), _lasting(sys.stderr)
        from allocator.commands.app import main as run  # noqa: PLC0415 (loading takes a moment, and may be interrupted)

        run()
    except KeyboardInterrupt:
        leave()
    except Exception as error:
        # what a command meets is told there; here the program itself did not find room to load
        if not is_full_memory(error):
            raise
        os.write(2, f"{NOT_ENOUGH}\n".encode())
        sys.exit(USAGE)


def _lasting(stream: TextIO) -> TextIO:
    """The stream, safe from letters that a terminal does not know and from a reader who goes away."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if not stream.isatty():
        raw = io.BufferedWriter(_UntilClosed(stream.fileno(), "w", closefd=False))
        stream = io.TextIOWrapper(raw, encoding=stream.encoding, line_buffering=stream.line_buffering)
    stream.reconfigure(errors="backslashreplace")
    return stream


if __name__ == "__main__":
    main()
