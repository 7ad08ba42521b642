"""Decisions as a meeting says them, and which columns of the sheet Decisions each of them uses."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from allocator.views.words import DECISIONS
from models.decisions import UNDO


class Uses(NamedTuple):
    """The columns that a decision uses: those without which it is none, those that may be blank, and what it does."""

    needs: tuple[str, ...]
    may: tuple[str, ...]
    does: str


_WHERE = ("agency", "team", "offer", "pe")
USES: Mapping[str, Uses] = {
    "fix": Uses(("request", "offer"), ("pe",), "This request gets this place."),
    "do_not_match": Uses(("request",), _WHERE, "This pair never: fill in offer, PE, agency or team."),
    "exception": Uses(
        ("request", "rule"), ("value", "offer", "pe"), "A rule binds this request beyond the value only."
    ),
    "withdraw": Uses(("about",), ("request", "offer", "pe", "reason_code", "effective"), "Out of this round."),
    "declined": Uses(
        ("request",), ("party", *_WHERE, "reason_code", "effective"),
        "Meeting failed, or somebody said no: the place is free, and not for this student again.",
    ),
    "hold": Uses(("offer",), ("request", "places", "until"), "Places are kept for a request, or for nobody yet."),
    "agency_decision": Uses(("request", "agency", "value"), (), "What the agency answered."),
    "name_pe": Uses(("pe",), ("offer", "request"), "Fills a PE who is to be named."),
    "name_supervisor": Uses(("offer",), ("request",), "Fills an on-site supervisor who is to be named."),
    "requested": Uses(("request", "agency"), ("team", "offer"), "The agency asks for this student; nobody is bound."),
    "defer": Uses(("request", "value"), (), "The request moves to a later tranche."),
    "end_early": Uses(("request", "value", "effective"), ("reason_code",), "A placement that runs ends early."),
    "unlock": Uses(("request",), (), "This match may move again."),
    "together": Uses(("request",), ("value",), "Two students in one agency, or near each other."),
    "apart": Uses(("request",), ("value",), "Two students never in one team, or one agency."),
    UNDO: Uses(("value",), (), "A decision does not count any more; the log keeps both."),
}  # fmt: skip
"""By decision, the ones that are taken most first. ``by`` is needed and ``why`` may be typed with each."""
HINTS: Mapping[tuple[str, str], str] = {
    ("withdraw", "about"): "what is withdrawn", ("withdraw", "request"): "of a student: the request or student",
    ("agency_decision", "value"): "not_needed, to_ask, accepted or declined",
    ("defer", "value"): "the tranche", ("end_early", "value"): "the days credited",
    ("end_early", "effective"): "the last day", ("together", "request"): "both students: S001; S014",
    ("apart", "request"): "both students: S001; S014",
    ("together", "value"): "most minutes between the places; blank: one agency", ("apart", "value"): "team or agency",
    ("hold", "until"): "the last day on which they are kept", ("hold", "places"): "how many; blank: 1",
    ("hold", "request"): "whom they are for; blank: nobody yet",
    (UNDO, "value"): "the id of the decision, such as D7",
    ("exception", "value"): "E01 days short, E04 minutes, E11 a PE, E12 a day, E18 agency, PE or PEPS2",
    ("declined", "agency"): "the narrowest filled of agency, team, offer, PE is barred",
}  # fmt: skip
"""What a column means of a decision, where its name does not say it."""
PRIVATE = ("exception", "together")
"""Decisions whose value says something of a student: what is exceptional, and minutes."""
_BESIDE = ("places", "party", "until", "reason_code", "effective")


def decision_name(kind: str) -> str:
    """A decision as the meeting calls it."""
    return {**DECISIONS, UNDO: "undo"}.get(kind, kind)


def decided_words(row: Mapping[str, Any], *, shared: bool = False) -> str:
    """A row of the sheet Decisions in a few words: ``fix S006/first, O12``.

    Parameters
    ----------
    row
        By column, or by field of the decision that it was read as.
    shared
        Agencies look on: what is exceptional of a student, and the minutes of two, are left out.
    """
    kind = str(row.get("decision") or "")
    whom = ("request",) if row.get("request") else ("student", "other")
    about = [str(row[c]) for c in ("about", *whom, *reversed(_WHERE)) if row.get(c)]
    private = shared and kind in PRIVATE
    more = [] if private else [str(row[c]) for c in ("rule", "value") if row.get(c)]
    on = row.get("on")
    beside = [
        f"{column.replace('_', ' ')} {row[column]}"
        for column in _BESIDE
        if row.get(column) and not (column == "effective" and row[column] == on)
    ]
    words = ", ".join([*about, *more, *beside])
    return f"{decision_name(kind)}{': ' if words else ''}{words}"


def is_whole(row: Mapping[str, Any]) -> bool:
    """Whether a row has all that its decision needs, so that its effect can be looked at.

    Parameters
    ----------
    row
        By column.
    """
    uses = USES.get(str(row.get("decision") or ""))
    return uses is not None and all(row.get(column) for column in uses.needs)
