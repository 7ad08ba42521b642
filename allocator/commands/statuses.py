"""Exit statuses: what the shell is told. Errors carry a code; which status that is, only the commands say."""

from typing import Final

DONE: Final = 0
"""Proved, or within the gap asked for."""
FAULT: Final = 1
"""A fault of the program."""
USAGE: Final = 2
"""The call does not fit, or a step may not be taken."""
UNUSABLE: Final = 3
"""Input, policy, plan or scenario cannot be used."""
BROKEN: Final = 4
"""The rules clash, or (verify) a plan breaks them."""
STOPPED: Final = 5
"""Stopped with a plan."""
INTERRUPTED: Final = 130
"""Ctrl-C before there was a plan; as shells count it: 128 and the number of the signal."""

_OF_CODE = {
    "usage": USAGE,
    "unwritten": USAGE,
    "refused": USAGE,
    "input_unusable": UNUSABLE,
    "policy": UNUSABLE,
    "scenario": UNUSABLE,
    "clash": BROKEN,
    "plan_unfit": BROKEN,
}


def status_of(code: str) -> int:
    """The exit status for the ``code`` of an error; that of a fault of the program for every other."""
    return _OF_CODE.get(code, FAULT)
