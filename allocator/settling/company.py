"""Rows ``together`` and ``apart`` of the Decisions sheet: which students, and how near or how far (SEMANTICS S5.13)."""

import re
from itertools import combinations
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from allocator.settling.draft import Draft
from models.base import natural_key
from models.decisions import Decision
from models.register import Row

COMPANY = ("together", "apart")
MOST_MINUTES = 600
NOT_USED = ("offer", "pe", "agency", "team", "rule")
"""Columns that say nothing of two students."""
_SEPARATORS = (r"[,&+]|\band\b", r"\s/\s", r"\s")
_MINUTES = re.compile(r"(\d{1,4})(?:\.0+)?\s*(?:m|min|mins|minutes?)?")


class Students(NamedTuple):
    """The listed students whom a row names, each once and in natural order; and what it names that is not listed."""

    listed: tuple[str, ...]
    missing: tuple[str, ...]
    repeated: bool


def students_of(draft: Draft, row: Row) -> Students:
    """Whom the cells ``request`` and ``about`` of a row name, a request standing for its student.

    Parameters
    ----------
    draft
        Knows the students and requests.
    row
        Its cells may hold lists.
    """
    found: list[str] = []
    missing: list[str] = []
    for column in ("about", "request"):
        text = row.get(column)
        for name in _parts(draft, str(text)) if text is not None else ():
            request, student = draft.directory["requests"].find(name), draft.directory["students"].find(name)
            if request is not None:
                found.append(draft.requests[request]["student"])
            elif student is not None and student in draft.students:
                found.append(student)
            elif not (column == "about" and name.casefold() in ("student", "students")):
                missing.append(name)
        if column in row.unreadable:
            missing.append(row.unreadable[column])
    listed = tuple(sorted(set(found), key=natural_key))
    return Students(listed, tuple(missing), len(listed) < len(found))


def _parts(draft: Draft, text: str) -> list[str]:
    """The entries of a list; where no ; separates them and the whole is no id, what else may separate them does."""
    if ";" in text or _is_somebody(draft, text):
        return _split(";", text)
    for pattern in _SEPARATORS:
        parts = _split(pattern, text)
        if len(parts) > 1 and any(_is_somebody(draft, part) for part in parts):
            return parts
    return _split(_SEPARATORS[0], text)


def _split(pattern: str, text: str) -> list[str]:
    return [part.strip() for part in re.split(pattern, text) if part.strip()]


def _is_somebody(draft: Draft, text: str) -> bool:
    return any(draft.directory[kind].find(text) is not None for kind in ("requests", "students"))


def read_company(draft: Draft, kind: str, row: Row) -> tuple[str, tuple[str, ...], list[Decision]]:
    """What a row ``together`` or ``apart`` decides: each of its students with each other.

    Parameters
    ----------
    draft
        Takes what is wrong with the row.
    kind
        The decision.
    row
        Where it stands.

    Returns
    -------
    tuple
        The decision in a few words, the students whom it names, and a decision for every two of them; none where it
        cannot be used.
    """
    students = students_of(draft, row)
    typed = [str(row.get(c)) for c in ("about", "request") if row.get(c) is not None]
    subject = " ".join([kind, *(students.listed or typed)])
    where: dict[str, Any] = {"sheet": "Decisions", "row": row.number, "subject": subject}
    for name in students.missing:
        draft.collector.add(
            "V303", column="request", found=name, where="Students", consequence=", so the row was not used",
            suggestion=draft.directory["students"].suggestion(name), **where,
        )  # fmt: skip
    if students.missing or len(students.listed) < 2:
        if not students.missing:
            missing = "two students in 'request', such as S001; S014"
            if students.repeated:
                missing = f"two different students in 'request'; it names {students.listed[0]} twice"
            draft.collector.add("V503", missing=missing, **where)
        return subject, students.listed, []
    if ignored := [c for c in NOT_USED if row.get(c) is not None]:
        why = f"{' and '.join(ignored)} {'says' if len(ignored) == 1 else 'say'} nothing of two students"
        draft.collector.add("V519", column=ignored[0], why=why, **where)
    value = _minutes(draft, row, where) if kind == "together" else _level(draft, row, where)
    on = row.get("on") or draft.as_of
    kept = {c: row.get(c) for c in ("reason_code", "by", "why") if row.get(c) is not None}
    facts = {"decision": kind, "value": value, "on": on, "effective": row.get("effective") or on} | kept
    return subject, students.listed, [
        Decision.model_validate({"id": _called(row, kind, one, other), "student": one, "other": other} | facts)
        for one, other in combinations(students.listed, 2)
    ]  # fmt: skip


def _called(row: Row, kind: str, one: str, other: str) -> str:
    """The decision about two students in a few words, behind the id of its row where it has one."""
    words = f"{kind} {one} {other}"
    return words if row.get("id") is None else f"{row.get('id')} ({words})"


def _text(row: Row) -> str:
    value = row.get("value")
    return row.unreadable.get("value", "") if value is None else fold(str(value))


def _minutes(draft: Draft, row: Row, where: dict[str, Any]) -> str | None:
    """Minutes between the places; None: one agency alone, also where the value cannot be read."""
    text = _text(row)
    found = _MINUTES.fullmatch(text)
    negative = str(row.get("value")).lstrip().startswith(("-", "\N{MINUS SIGN}"))  # folding drops the sign
    if found and not negative and 1 <= int(found[1]) <= MOST_MINUTES:
        return str(int(found[1]))
    if text not in ("", "agency", "same agency", "one agency"):
        draft.collector.add(
            "V202", column="value", found=row.get("value") or text, suggestion="",
            consequence=": they are held together in one agency",
            allowed=f"minutes from 1 to {MOST_MINUTES}, or leave it blank for one agency", **where,
        )  # fmt: skip
    return None


def _level(draft: Draft, row: Row, where: dict[str, Any]) -> str:
    """Team or agency; agency, which keeps apart in more places, where the value is neither."""
    text = _text(row)
    if text in ("team", "agency"):
        return text
    consequence, allowed = ": they are kept apart in every team of an agency", "team or agency"
    if text:
        draft.collector.add(
            "V202", column="value", found=row.get("value") or text, suggestion="", consequence=consequence,
            allowed=allowed, **where,
        )  # fmt: skip
    else:
        draft.collector.add("V215", column="value", consequence=consequence, allowed=allowed, **where)
    return "agency"


def without_contradictions(
    together: list[Decision], apart: list[Decision]
) -> tuple[list[Decision], list[tuple[Decision, Decision]]]:
    """Together in one agency and apart in agencies cannot both be: what keeps apart stands.

    Parameters
    ----------
    together, apart
        As read.

    Returns
    -------
    tuple
        The rows ``together`` that stand, and each other one with the row that it contradicts.
    """
    in_agencies = {(d.student, d.other): d for d in apart if d.value == "agency"}
    against = [(d, in_agencies[d.student, d.other]) for d in together
               if d.value is None and (d.student, d.other) in in_agencies]  # fmt: skip
    out = {d.id for d, _ in against}
    return [d for d in together if d.id not in out], against
