"""Placements that employers found: the student's other one is not at the same time, or it is said that it may be."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from allocator.reading.dates import show
from allocator.settling.draft import Draft, Facts
from allocator.settling.requests import request_id
from models.entities import Tranche
from models.register import Row
from models.statuses import FREED, OVER

DAY = timedelta(days=1)
OTHER = {"first": "final", "final": "first"}
COLUMN = {"first": "latest_end", "final": "earliest_start"}
"""Where the day stands that an employer-found placement of a stage keeps free for the other one."""


def keep_free(draft: Draft) -> None:
    """Move a request's dates out of the way of the student's placement that the employer found (SEMANTICS S1.9).

    Parameters
    ----------
    draft
        Everything has been read and every decision carried out; requests take dates, or what is not known.
    """
    for row, other in _beside_each_other(draft):
        name = _name(row)
        day, source = _day(draft, row, name)
        if day is not None:
            _keep_off(draft, row, other, day, source)
        elif not source and not _rounds_apart(draft, name, other):
            _wait(draft, row, other)


def _beside_each_other(draft: Draft) -> Iterator[tuple[Row, Facts]]:
    """Rows of placements that employers found, each with the student's request of the other stage that is matched."""
    for row in draft.table("Requests").rows:
        student, stage = row.get("student"), row.get("stage")
        if row.get("found_by") != "employer" or stage is None or draft.students.get(student, {}).get("withdrawn"):
            continue
        for other in (draft.requests[name] for name in draft.requests_of.get(student, ())):
            live = draft.tranches[other["tranche"]].status != "past" and other.get("found_by") != "employer"
            if live and other["stage"] == OTHER[stage]:
                yield row, other


def _name(row: Row) -> str:
    return request_id(row.values["student"], row.values["stage"], row.get("attempt") or 1)


def _day(draft: Draft, row: Row, name: str) -> tuple[date | None, str]:
    """The last day of a first, the first day of a final, and where it stands; "" where nobody has said it.

    What was published of it says more than the request: that only bounds it.
    """
    first = row.values["stage"] == "first"
    published = draft.published.get(name, {})
    if published.get("status", "proposed") not in FREED:
        day: date | None = published.get("end" if first else "start")
        if day is not None:
            return day, f"Published.{'end' if first else 'start'}"
        if published.get("status") in OVER:
            return None, "it is over"
    column = COLUMN[row.values["stage"]]
    return (day, f"Requests.{column}") if (day := row.get(column)) is not None else (None, "")


def _rounds_apart(draft: Draft, name: str, other: Facts) -> bool:
    """Whether the two rounds do not meet, so that nothing rests on the days; a round that is past has been."""
    found = draft.requests.get(name)
    if found is None:
        return False
    tranches: dict[str, Tranche] = {r["stage"]: draft.tranches[r["tranche"]] for r in (found, other)}
    last = tranches["first"].last_end
    return tranches["first"].status == "past" or (last is not None and last < tranches["final"].first_day)


def _keep_off(draft: Draft, row: Row, other: Facts, day: date, source: str) -> None:
    """Let a final start after the first, a first end before the final; a match that stays has its own dates."""
    final = other["stage"] == "final"
    stays = draft.published.get(other["request"], {})
    if stays.get("standing") == "kept" and (theirs := stays.get("start" if final else "end")) is not None:
        if theirs <= day if final else theirs >= day:
            _say(draft, "V431", row, other, day, source, theirs=f"{'starts' if final else 'ends'} on {show(theirs)}")
        return
    if final:
        earliest = other.get("earliest_start") or draft.tranches[other["tranche"]].first_day
        if earliest <= day:
            other["earliest_start"] = day + DAY
            _say(draft, "V430", row, other, day, source, what=f"starts no earlier than {show(day + DAY)}")
    elif (other.get("latest_end") or date.max) >= day:
        other["latest_end"] = day - DAY
        _say(draft, "V430", row, other, day, source, what=f"ends no later than {show(day - DAY)}")


def _say(draft: Draft, code: str, row: Row, other: Facts, day: date, source: str, **facts: Any) -> None:
    stage = row.values["stage"]
    draft.collector.add(
        code, sheet="Requests", row=row.number, column=COLUMN[stage], subject=other["request"], name=_name(row),
        does="ends" if stage == "first" else "starts", day=show(day), source=source, **facts,
    )  # fmt: skip


def _wait(draft: Draft, row: Row, other: Facts) -> None:
    """Nobody has said when the employer's placement is: the match may be at the same time, and waits for it."""
    name, column = _name(row), COLUMN[row.values["stage"]]
    other["not_known"] = (*other["not_known"], f"{column} of {name}")
    draft.collector.add(
        "V432", sheet="Requests", row=row.number, column=column, subject=other["request"], name=name,
        does="ends" if row.values["stage"] == "first" else "starts",
    )  # fmt: skip
