"""Objects over a pipe between a batch and its worker processes: a length, then the pickled object."""

import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from typing import IO, Any, NoReturn

READY = "ready"
"""What a worker says first."""
_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], content: object) -> None:
    """Send an object.

    Raises
    ------
    OSError
        Nobody reads any more.
    """
    packed = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(packed)))
    stream.write(packed)
    stream.flush()


def received(stream: IO[bytes]) -> Any:
    """The next object.

    Raises
    ------
    EOFError
        The other side has ended.
    """
    return pickle.loads(_bytes(stream, _LENGTH.unpack(_bytes(stream, _LENGTH.size))[0]))


def _bytes(stream: IO[bytes], count: int) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise EOFError
    return found


def serve(do: Callable[[Any, Any], object]) -> NoReturn:
    """Be a worker process: say so, then answer whatever comes, until the input ends.

    Parameters
    ----------
    do
        Given the base of a job (None where it is that of the job before), and the job.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch decides what Ctrl-C means
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not come between
    try:
        send(out, READY)
        while True:
            send(out, do(*received(sys.stdin.buffer)))
    except (EOFError, BrokenPipeError):
        os._exit(0)  # nobody is left to tell
