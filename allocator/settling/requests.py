"""Requests: from their sheet and from Students.stage; blanks resolved; one live request of a stage per student."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from allocator.settling.directories import Directory, resolve_column
from allocator.settling.draft import Draft, Facts, facts_of
from allocator.settling.repeats import repeated
from allocator.settling.tranches import TrancheChooser, check_admitted
from models.base import natural_key
from models.register import Row

_COLUMNS = (
    "student",
    "stage",
    "earliest_start",
    "latest_end",
    "locked_agencies",
    "locked_authorities",
    "found_by",
    "note",
)


def request_id(student: str, stage: str, attempt: int) -> str:
    """The id of a request.

    Parameters
    ----------
    student, stage, attempt
        What it is for.

    Returns
    -------
    str
        ``S001/first``; ``S001/first/2`` from the second attempt on.
    """
    return f"{student}/{stage}" if attempt == 1 else f"{student}/{stage}/{attempt}"


def read_requests(draft: Draft) -> None:
    """Make every request, in ``draft.requests``; then complete students' readiness.

    Parameters
    ----------
    draft
        Takes requests and problems; students, history and tranches have been read.
    """
    table = draft.table("Requests")
    resolve_column(table, "student", draft.directory["students"], draft.collector)
    resolve_column(table, "tranche", draft.directory["tranches"], draft.collector)
    resolve_column(table, "locked_agencies", draft.directory["agencies"], draft.collector)
    resolve_column(table, "locked_authorities", draft.directory["authorities"], draft.collector)
    apart = repeated(table, draft.collector, {"attempt": 1})
    # Of rows that differ one stands for all, so that the request is still counted; it is not placed.
    for rows in apart.values():
        chosen = min(rows, key=lambda r: r.content)
        chosen.reasons.append("it stands on several rows that differ")
        table.rows.append(chosen)
    chooser = TrancheChooser(draft, "Requests")
    for row in table.rows:
        if row.get("student") and row.get("stage"):
            _add(draft, row, chooser)
    chooser.report()
    covered = {(facts["student"], facts["stage"]) for facts in draft.requests.values()}
    unread = {(r.get("student"), r.get("stage")) for r in table.rows if r.reasons}
    chooser = TrancheChooser(draft, "Students")
    for student, row in draft.row_by_student.items():
        for stage in draft.stages_apart.get(student, [row.get("stage")]):
            if stage and (student, stage) not in covered and (student, stage) not in unread:
                made = Row(row.number, {"student": student, "stage": stage}, list(row.reasons))
                _add(draft, made, chooser, "Students")
    chooser.report()
    _lower_attempts(draft)
    for name in sorted(draft.requests, key=natural_key):
        student = draft.requests[name]["student"]
        draft.requests_of[student] = (*draft.requests_of.get(student, ()), name)
    draft.directory["requests"] = Directory("Requests", draft.requests)
    _complete(draft)


def _add(draft: Draft, row: Row, chooser: TrancheChooser, sheet: str = "Requests") -> None:
    facts: Facts = facts_of(row, *_COLUMNS)
    student, stage, attempt = facts["student"], facts["stage"], row.get("attempt") or 1
    name = request_id(student, stage, attempt)
    programme = draft.students[student]["programme"]
    stated = row.get("tranche")
    if "tranche" in row.unreadable:
        tranche = chooser.any(stage, programme)
    else:
        tranche = stated or chooser.choose(stage, (programme,), row.number, name)
    if tranche is None:
        return
    if stated is not None:
        check_admitted(draft.tranches[stated], stage, programme, row.number, name, draft)
    least, most = row.get("days_a_week") or (Decimal(1), draft.policy.days_a_week.get(programme, Decimal(5)))
    reasons = list(dict.fromkeys([*draft.row_by_student[student].reasons, *row.reasons]))
    facts |= {
        "request": name,
        "tranche": tranche,
        "attempt": attempt,
        "days": row.get("days") or _days(draft, student, stage, attempt, row, sheet),
        "days_a_week_least": least,
        "days_a_week_most": most,
        "repeat": row.get("repeat") == "yes" if row.get("repeat") else attempt > 1,
        "graduation_due": row.get("graduation_due") == "yes",
        "set_aside": "; ".join(reasons) or None,
        "not_known": row.not_known,
    }
    if facts["set_aside"]:
        draft.collector.add("V422", sheet=sheet, row=row.number, subject=name, why=facts["set_aside"])
    draft.requests[name] = facts
    draft.rows["Requests", name] = row


def _days(draft: Draft, student: str, stage: str, attempt: int, row: Row, sheet: str) -> int:
    """The policy's days; for a later attempt, less those that earlier ones credited."""
    needed = draft.policy.days_first if stage == "first" else draft.policy.days_final
    if attempt == 1:
        return needed
    credited = draft.credited.get((student, stage), 0)
    if credited < needed:
        return needed - credited
    draft.collector.add(
        "V418",
        sheet=sheet,
        row=row.number,
        column="days",
        subject=request_id(student, stage, attempt),
        credited=credited,
        needed=needed,
    )
    return needed


def _live(draft: Draft) -> dict[str, Facts]:
    """Requests of the horizon that the partnership is to find (SEMANTICS S1.1, before any withdrawal)."""
    return {
        name: facts
        for name, facts in draft.requests.items()
        if draft.tranches[facts["tranche"]].status != "past" and facts.get("found_by") != "employer"
    }


def _lower_attempts(draft: Draft) -> None:
    """Leave one request of each student and stage in the horizon: the highest attempt (SEMANTICS S1.3)."""
    best: dict[tuple[str, str], str] = {}
    for name, facts in sorted(_live(draft).items(), key=lambda pair: pair[1]["attempt"]):
        key = (facts["student"], facts["stage"])
        lower = best.get(key)
        if lower is not None:
            row = draft.rows["Requests", lower]
            draft.collector.add("V408", sheet="Requests", row=row.number, subject=lower, other=name)
            del draft.requests[lower]
        best[key] = name


def _complete(draft: Draft) -> None:
    """Readiness where it is blank, and what is missing about students and their requests."""
    with_request = {facts["student"] for facts in draft.requests.values()}
    on_requests: dict[str | None, list[Row]] = {}
    for row in draft.table("Requests").rows:
        on_requests.setdefault(row.get("student"), []).append(row)
    former = {row.get("student") for row in draft.table("Outcomes").rows}
    former |= {h.student for h in draft.history if h.stage == "final" and h.outcome == "passed"}
    stages: dict[str, set[str]] = {}
    for facts in _live(draft).values():
        stages.setdefault(facts["student"], set()).add(facts["stage"])
    first_passed = {h.student for h in draft.history if h.stage == "first" and h.outcome == "passed"}
    for student, facts in draft.students.items():
        row = draft.row_by_student[student]
        asked = stages.get(student, set())
        facts.setdefault("readiness", "passed" if asked == {"final"} else "pending")
        where: dict[str, Any] = {"sheet": "Students", "row": row.number, "column": "stage", "subject": student}
        if student not in with_request:
            # A stage that was read has its own message.
            asking = on_requests.get(student, ())
            if row.get("stage") or draft.stages_apart.get(student) or any(r.get("stage") for r in asking):
                continue
            if asking:
                _say_what_is_lost(draft, student, asking)
            elif student not in former:
                unread = row.unreadable.get("stage")
                why = f", since its stage '{unread}' cannot be read" if unread else ""
                how = "Fill in Students.stage with first or final, or add a row to Requests"
                draft.collector.add("V401", why=why, how=how, **where)
        elif asked == {"final"} and student not in first_passed:
            draft.collector.add("V402", **where)
    rows_of_requests = {id(row) for row in draft.table("Requests").rows}
    for name, facts in draft.requests.items():
        scheme = draft.students[facts["student"]]["scheme"]
        if (
            scheme
            and not facts.get("locked_agencies")
            and not facts.get("locked_authorities")
            and facts.get("found_by") != "employer"
        ):
            row = draft.rows["Requests", name]
            own = id(row) in rows_of_requests
            draft.collector.add(
                "V403",
                sheet="Requests" if own else "Students",
                row=row.number,
                column="locked_agencies" if own else "scheme",
                subject=name,
                scheme=scheme,
            )


def _say_what_is_lost(draft: Draft, student: str, rows: Sequence[Row]) -> None:
    """Say that nothing is looked for, of a student for whom no row on Requests says which placement is to be found."""
    row = min(rows, key=lambda r: r.content)
    unread = row.unreadable.get("stage")
    cause = f"the stage '{unread}' on Requests cannot be read" if unread else "the stage on Requests is blank"
    draft.collector.add(
        "V401", sheet="Requests", rows=[r.number for r in rows], column="stage", subject=student,
        why=f", since {cause}", how="Type first or final there",
    )  # fmt: skip
