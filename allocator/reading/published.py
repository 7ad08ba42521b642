"""The plan in force: what each published match stands for now (SEMANTICS S1.4)."""

from allocator.reading.directories import Directory, resolve_column
from allocator.reading.draft import Draft, facts_of
from allocator.reading.tables import Row, repeated
from models.base import PE_NEEDED
from models.decisions import Decision

KEPT = frozenset(("meeting_booked", "meeting_passed", "confirmed", "started"))
FREED = frozenset(("declined", "meeting_failed", "withdrawn"))
OVER = frozenset(("ended", "ended_early"))
_COLUMNS = (
    "request", "offer", "pe", "status", "start", "end", "student_told_on", "meeting_on", "owner", "due", "note",
)  # fmt: skip


def read_published(draft: Draft) -> None:
    """Read the Published sheet into ``draft.published``; what rows stand for is settled after the decisions.

    Parameters
    ----------
    draft
        Requests, offers and educators have been read.
    """
    table = draft.table("Published")
    # A row with an unreadable status is not like the others of its request: it keeps the match where it is.
    lively = [r for r in table.rows if r.get("status") not in FREED | OVER]
    keys = {r.get("request") for r in lively}
    if len(keys) == len(lively):
        # Ended, declined and failed matches of a request may stand beside the one in force; that one counts.
        table.rows = lively + [
            r for r in table.rows if r.get("status") in FREED | OVER and r.get("request") not in keys
        ]
    repeated(table, draft.collector, {})
    requests = Directory("Requests", draft.requests)
    pes = draft.directory["educators"]
    resolve_column(table, "offer", draft.directory["offers"], draft.collector, keep=True)
    resolve_column(table, "pe", pes, draft.collector, keep=True)
    for row in draft.usable("Published"):
        name = requests.find(row.values["request"])
        if name is None:
            name = row.values["request"]
            cause = draft.collector.aside(name, "Requests")
            draft.collector.add(
                "V308" if cause else "V511",
                sheet="Published",
                row=row.number,
                column="request",
                level="warning",
                found=name,
                subject=name,
                consequence=", so the match counts as over",
                suggestion=requests.suggestion(name),
                **cause,
            )
        facts = facts_of(row, *_COLUMNS)
        facts["request"] = name
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


def settle_standings(draft: Draft, unlocked: set[str]) -> None:
    """Say what every published match stands for, which requests are displaced, and who is kept despite a bad row.

    Parameters
    ----------
    draft
        Decisions have been read and carried out.
    unlocked
        Requests whose match may move again.
    """
    for name, facts in draft.published.items():
        status = facts.get("status", "proposed")
        request = draft.requests.get(name)
        offer = draft.offers.get(facts["offer"])
        live = request is not None and draft.tranches[request["tranche"]].status != "past"
        start, end = facts.get("start"), facts.get("end")
        if start and end and end < start:
            del facts["start"], facts["end"]
        student = draft.students.get(request["student"], {}) if request else {}
        if status in OVER or not live:
            facts["standing"] = "over"
            continue
        if status in FREED:
            facts["standing"] = "freed"
        elif student.get("withdrawn"):
            facts["standing"] = "over" if status == "started" else "freed"
        elif _declined(draft, name, facts["offer"]):
            facts["standing"] = "freed"
        elif offer is None or offer.get("withdrawn"):
            facts["standing"] = "freed"
            if request is not None:
                request["displaced"] = True
        elif (
            status in KEPT or facts.get("student_told_on") or "status" in draft.rows["Published", name].unreadable
        ) and name not in unlocked:
            facts["standing"] = "kept"
        else:
            facts["standing"] = "in_force"
        if facts["standing"] == "kept" and request is not None and request.get("set_aside"):
            # A typing error in a row does not undo a fact: the match stays, and the row's problem is named.
            request["set_aside"] = None
            row = draft.rows["Published", name]
            draft.collector.add("V516", sheet="Published", row=row.number, subject=name)


def _declined(draft: Draft, request: str, offer: str) -> bool:
    """Whether a decision 'declined' frees the place (a PE alone that was declined frees none)."""
    student = draft.requests[request]["student"]
    facts = draft.offers.get(offer)
    return any(_covers(d, student, offer, facts) for d in draft.decisions if d.decision == "declined" and d.pe is None)


def _covers(decision: Decision, student: str, offer: str, facts: dict[str, str] | None) -> bool:
    if decision.student != student:
        return False
    if decision.offer is not None:
        return decision.offer == offer
    if facts is None:
        return False
    return decision.agency == facts["agency"] and decision.team in {None, facts["team"]}
