"""The plan in force: what each published match stands for now (SEMANTICS S1.4)."""

import re
from collections.abc import Mapping
from datetime import date

from allocator.reading.folding import fold
from allocator.settling.directories import Directory, resolve_column
from allocator.settling.draft import Draft, Facts, facts_of
from allocator.settling.lost import held_words, is_lost
from allocator.settling.repeats import repeated
from allocator.settling.staying import stays
from allocator.settling.withdrawals import DAY, runs_on
from models.base import PE_NEEDED
from models.register import Row
from models.statuses import FACTS, FREED, OVER

_COLUMNS = (
    "request", "offer", "pe", "status", "start", "end", "student_told_on", "meeting_on", "owner", "due", "note",
)  # fmt: skip

_PARTS = re.compile(r"[/\s]+")
_FIRST_ATTEMPT = re.compile(r"\s*/\s*0*1\s*$")
"""The end of the id of a first attempt, where somebody typed it out: ``S1/first/1`` is ``S1/first``."""
_REQUEST = re.compile(r"/(first|final)(/\d)?")
"""What follows the student in the id of a request."""


def read_published(draft: Draft) -> None:
    """Read the Published sheet into ``draft.published``; what rows stand for is settled after the decisions.

    Parameters
    ----------
    draft
        Requests, offers and educators have been read.
    """
    table = draft.table("Published")
    requests = draft.directory["requests"]
    for row in table.rows:
        _settle_request(draft, row)
    # Ended, declined and failed matches of a request may stand beside the one in force; that one counts.
    lively = {row.get("request") for row in table.rows if row.get("status") not in (*FREED, *OVER)}
    table.rows = [r for r in table.rows if r.get("status") not in (*FREED, *OVER) or r.get("request") not in lively]
    table.rows = _last_of_each(table.rows, lively)
    for (name,), rows in repeated(table, draft.collector, {}).items():
        if name in lively & draft.requests.keys():
            first = min(rows, key=lambda r: r.number)
            draft.unclear[name] = (first, "Published has several rows for it that differ")
    for row in table.rows:
        if row.reasons and row.get("request") in draft.requests and stays(row):
            draft.unclear[row.values["request"]] = (row, "its published row cannot be used")
    pes = draft.directory["educators"]
    resolve_column(table, "offer", draft.directory["offers"], draft.collector, keep=True, ask=True)
    resolve_column(table, "pe", pes, draft.collector, keep=True, ask=True)
    for row in draft.usable("Published"):
        name = row.values["request"]
        facts = facts_of(row, *_COLUMNS)
        facts["request"] = name
        if name not in draft.requests:
            cause = draft.collector.aside(name, "Requests")
            held = held_words(draft, facts) if is_lost(draft, row, facts) else ""
            draft.collector.add(
                "V308" if cause else "V523" if held else "V511",
                sheet="Published",
                row=row.number,
                column="request",
                level="warning",
                found=name,
                subject=name,
                held=held,
                consequence=f": {held} held for it" if held else ", so the match counts as over",
                suggestion=requests.suggestion(name),
                **cause,
            )
        _check_dates(draft, row, name)
        draft.published[name] = facts
        draft.rows["Published", name] = row
        pe = facts.get("pe")
        if pe and pe not in pes and pe != PE_NEEDED and "@" not in pe:
            draft.collector.add(
                "V303",
                sheet="Published",
                row=row.number,
                column="pe",
                found=pe,
                where="Educators",
                level="warning",
                consequence=", so the match needs a PE anew",
                suggestion=pes.suggestion(pe),
            )


def _last_of_each(rows: list[Row], lively: set[str | None]) -> list[Row]:
    """Of a request's matches none of which is in force one that has ended counts, else the last that failed.

    Were all of them passed over because they differ, who has had the placement would be placed again.
    """
    last: dict[str | None, Row] = {}
    for row in rows:
        name = row.get("request")
        if name is None or name in lively or row.reasons:
            continue
        before = last.setdefault(name, row)
        if _rank(row) > _rank(before):
            last[name] = row
    return [r for r in rows if (n := r.get("request")) not in last or r.reasons or r.content == last[n].content]


def _rank(row: Row) -> tuple[bool, date, str]:
    day = row.get("end") or row.get("start") or date.min
    return row.get("status") in OVER, day, row.content


def _settle_request(draft: Draft, row: Row) -> None:
    """Find the request of a row; where several may be meant and the match stays, none of them may be placed anew."""
    typed = row.get("request") or row.unreadable.get("request")
    if typed is None:
        return
    named, meant = requests_meant(typed, draft.directory["requests"], draft.directory["students"], draft.requests_of)
    if named:
        row.values["request"] = meant[0]
    elif len(meant) == 1:
        row.values["request"] = meant[0]
        draft.collector.add(
            "V320", sheet="Published", row=row.number, column="request", found=typed, near=meant[0], where="Requests"
        )
    elif row.get("status") not in (*FREED, *OVER) and stays(row):
        for name in meant:
            draft.unclear[name] = (row, f"a published match of '{typed}' may be its own")


def requests_meant(
    typed: str, requests: Directory, students: Directory, requests_of: Mapping[str, tuple[str, ...]]
) -> tuple[bool, tuple[str, ...]]:
    """The requests that a cell of Published means.

    Parameters
    ----------
    typed
        What stands there.
    requests, students
        Those that are listed.
    requests_of
        The requests of each student.

    Returns
    -------
    tuple
        Whether it names the one request that follows, and the requests that it may mean; none where it is the id of one
        that is gone.
    """
    found = requests.find(typed) or requests.find(_FIRST_ATTEMPT.sub("", typed))
    if found is not None:
        return True, (found,)
    near = requests.near(typed)
    student = students.find(typed) or students.near(typed)
    if near is not None or student is not None:
        return False, (near,) if near is not None else requests_of.get(student or "", ())
    parts = _PARTS.split(fold(typed))
    for n in range(len(parts) - 1, 0, -1):
        student = students.find(" ".join(parts[:n]))
        if student is not None:
            gone = _REQUEST.fullmatch(fold(typed)[len(fold(student)) :])
            return False, () if gone else requests_of.get(student, ())
    return False, ()


def _check_dates(draft: Draft, row: Row, name: str) -> None:
    start, end = row.get("start"), row.get("end")
    if start and end and end < start:
        draft.collector.add(
            "V220",
            sheet="Published",
            row=row.number,
            column="end",
            subject=name,
            found=f"start {start}, end {end}",
            consequence=", so the computed window holds",
        )


def standing_of(draft: Draft, name: str) -> str:
    """What a published match stands for, after what was withdrawn, declined and unlocked so far (SEMANTICS S1.4).

    Parameters
    ----------
    draft
        The plan in force has been read.
    name
        Its request, which is published.

    Returns
    -------
    str
        ``over``, ``freed``, ``kept`` or ``in_force``.
    """
    facts, request = draft.published[name], draft.requests.get(name)
    status = facts.get("status", "proposed")
    if status in OVER or request is None or draft.tranches[request["tranche"]].status == "past":
        return "over"
    if status in FREED:
        return "freed"
    if _is_leaving(draft, name):
        return "over" if status == "started" else "freed"
    if name in draft.given_up or is_without_place(draft, name):
        return "freed"
    return "kept" if stays(draft.rows["Published", name]) and name not in draft.unlocked else "in_force"


def _is_leaving(draft: Draft, name: str) -> bool:
    """Whether the student of a published match has left, or leaves before it ends."""
    student = draft.requests[name]["student"]
    return draft.students[student].get("withdrawn") or runs_on(draft.published[name], draft.leaving.get(student))


def is_without_place(draft: Draft, name: str) -> bool:
    """Whether a published match that nobody gave up has lost its offer, which is not listed, withdrawn or closes.

    Parameters
    ----------
    draft
        The plan in force has been read.
    name
        Its request, which is listed, and published.
    """
    facts = draft.published[name]
    offer = draft.offers.get(facts["offer"])
    if facts.get("status") in (*FREED, *OVER) or name in draft.given_up or _is_leaving(draft, name):
        return False
    return offer is None or offer.get("withdrawn", False) or runs_on(facts, draft.closing.get(facts["offer"]))


def settle_standings(draft: Draft) -> None:
    """Say what every published match stands for, which requests are displaced, and who is kept despite a bad row.

    Parameters
    ----------
    draft
        Decisions but fixes have been carried out.
    """
    for name, facts in draft.published.items():
        request, offer = draft.requests.get(name), draft.offers.get(facts["offer"])
        start, end = facts.get("start"), facts.get("end")
        if start and end and end < start:
            del facts["start"], facts["end"]
        facts["standing"] = standing_of(draft, name)
        if request is None or facts["standing"] == "over":
            leaves = draft.leaving.get(request["student"]) if request else None
            breaks_off = facts.get("status") == "started" and leaves is not None and runs_on(facts, leaves)
            if leaves is not None and breaks_off and (start is None or start < leaves):
                facts["end"] = leaves - DAY  # it takes its room until then
        elif is_without_place(draft, name):
            if offer is None and stays(draft.rows["Published", name]) and name not in draft.unlocked:
                _not_moved(draft, name, facts["offer"])
            else:
                request["displaced"] = True
            if offer is None:
                _report_offer(draft, name, facts["offer"], request.get("set_aside"))
        facts["promise"] = facts["standing"] == "kept" and _is_promise(draft.rows["Published", name], request)
        if facts["standing"] == "kept" and request is not None and request.get("set_aside"):
            # A typing error in a row does not undo a fact: the match stays, and the row's problem is named.
            draft.collector.withdraw("V422", name)
            row = draft.rows["Published", name]
            draft.collector.add("V516", sheet="Published", row=row.number, subject=name, why=request["set_aside"])
            request["set_aside"] = None
    for name, (row, cause) in draft.unclear.items():
        why = f"{cause}, and nobody moves by a typing error"
        request = draft.requests[name]
        live = draft.tranches[request["tranche"]].status != "past"
        if draft.published.get(name, {}).get("standing") == "kept":
            continue  # a row of its own says where it is
        if live and name not in draft.unlocked and not draft.students[request["student"]].get("withdrawn"):
            request["set_aside"] = request.get("set_aside") or why
            draft.collector.add("V422", sheet="Published", row=row.number, subject=name, why=why)


def _is_promise(row: Row, request: Facts | None) -> bool:
    """Whether a kept match is known to be no fact, and its request could be placed elsewhere."""
    unclear = "status" in row.unreadable or "status" in row.not_known
    fact = row.get("status") in FACTS
    return not (unclear or fact or request is None or request.get("set_aside"))


def _not_moved(draft: Draft, name: str, offer: str) -> None:
    """Set a request aside whose match stays, but at an offer that is not there: it may not be placed elsewhere."""
    request = draft.requests[name]
    cause = draft.collector.aside(offer, "Offers")
    why = "has a row that was set aside" if cause else "is not on Offers"
    request["set_aside"] = request.get("set_aside") or f"its published offer '{offer}' {why}"


def _report_offer(draft: Draft, name: str, offer: str, set_aside: str | None) -> None:
    cost = (
        f", so {name} cannot be placed in this run (nobody moves by a typing error)"
        if set_aside
        else ", so the match is not in force and the request is looked at anew"
    )
    draft.collector.add(
        "V303",
        sheet="Published",
        row=draft.rows["Published", name].number,
        column="offer",
        level="set_aside" if set_aside else "warning",
        subject=name,
        found=offer,
        where="Offers",
        consequence=cost,
        suggestion=draft.directory["offers"].suggestion(offer),
    )
