"""How far a run is, in words and as parts of a whole, from what it tells while it works."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from allocator.views.words import tier_words


class Working(NamedTuple):
    """How far a run is.

    ``step`` says what it does now; ``done`` of ``of`` steps are behind it (``of`` 0: that is not known); ``placed`` of
    ``live`` requests have a place in the best plan so far (``live`` 0: there is none yet); ``gap``: how much better the
    tier it works on could still be (None: not known).
    """

    step: str
    done: int
    of: int
    placed: int
    live: int
    gap: int | None


def working(told: Mapping[str, Any]) -> Working:
    """How far a run is.

    Parameters
    ----------
    told
        Its newest progress (:class:`models.run.Progress` by field, or phase, done and of, or cases); empty before any.
    """
    tier, phase = told.get("tier"), told.get("phase")
    done, of = int(told.get("done", 0)), int(told.get("of", told.get("cases", 0)))
    if tier is not None:
        done, of = int(told["number"]), int(told["tiers"])
        step = f"Aim {done + 1} of {of}: {tier_words(tier)}"
        if done + 1 == of and told.get("gap") == 0:
            step, done = "Every aim is proved. The plan is checked, and why who is not placed is looked for", of
    elif phase == "pairs":
        step = "Which offers fit whom"
    elif phase == "report":
        step, done, of = "The plan is found and checked. The report is being written", 1, 1
    else:
        step = f"{done} of {of} looked at" if of else "It begins"
    live = 0 if phase == "pairs" else int(told.get("live", 0))
    return Working(step, done, of, int(told.get("placed", 0)), live, told.get("gap"))
