"""What commands show where rules clash: the least that would resolve it, which is looked for and can be stopped."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from allocator.commands.printing import progress_console, say

if TYPE_CHECKING:
    from allocator.lifecycle.ways_out import WaysOut
    from allocator.settling.settling import Reading
    from models.plan import Clash
    from models.register import Register


def found_ways_out(
    register: "Register", reading: "Reading", clash: "Clash", settings: Mapping[str, str], taken: int | None = None
) -> "WaysOut":
    """Look for the promises that may move, or the decisions to undo, so that there is a plan.

    Parameters
    ----------
    register, reading
        The input, and what it settles into.
    clash
        What clashes in it.
    settings
        Of this run.
    taken
        The row of a decision that is only asked about: not to take it resolves what it brought.
    """
    from allocator.commands.progress import counting
    from allocator.lifecycle.ways_out import ways_out

    with counting(progress_console, "what would resolve it") as (tell, stop):
        return ways_out(register, reading, clash, settings, stop=stop, besides=taken, told=tell)


def say_ways_out(ways: "WaysOut") -> None:
    """Say what was found."""
    from allocator.lifecycle.ways_out import ways_out_sentences

    for sentence in ways_out_sentences(ways):
        say(sentence)


def show_ways_out(register: "Register", reading: "Reading", clash: "Clash", settings: Mapping[str, str]) -> None:
    """Look for what resolves a clash, as :func:`found_ways_out` does, and say what was found."""
    say_ways_out(found_ways_out(register, reading, clash, settings))
