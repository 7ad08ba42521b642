"""What only shows when everything has been read: windows that are too short, places unknown, what is not stated."""

from datetime import date
from decimal import Decimal
from typing import Any

from allocator.settling.directories import Directory
from allocator.settling.districts import check_places
from allocator.settling.draft import Draft, one_spelling
from models.base import natural_key
from models.entities import EVIDENCE, Place, TravelTime

EXAMPLE = "EXAMPLE"
"""Ids of the template's example rows start so."""


def check_everything(draft: Draft, places: tuple[Place, ...], travel: tuple[TravelTime, ...]) -> None:
    """Report what only shows when everything has been read.

    Parameters
    ----------
    draft
        Everything has been read and every decision carried out.
    places
        Places with coordinates.
    travel
        Measured times.
    """
    _settle_restrictions(draft)
    _check_offers(draft)
    _check_requests(draft)
    check_places(draft, places, travel)
    _check_statutory(draft)
    _check_evidence(draft)
    _check_examples(draft)


def check_something_left(draft: Draft) -> None:
    """Stop where nothing can be planned for anybody: a run with nothing to do must not look like a success.

    Requests that are all withdrawn, over or found by employers are an answer, not a mistake.

    Parameters
    ----------
    draft
        Everything has been read.
    """
    own = "Each row has its own message: put at least one right."
    usable = [s for s, row in draft.row_by_student.items() if not row.reasons]
    problems: list[tuple[str, str, str]] = []
    if all(t.status == "past" for t in draft.tranches.values()):
        what = "Every tranche is past" if draft.tranches else "No row of Tranches can be used"
        how = "Give the round that is being decided the status deciding." if draft.tranches else own
        problems.append(("Tranches", what, how))
    else:
        if not usable:
            problems.append(("Students", "No row of Students can be used", own))
        elif not draft.requests and all(
            i.code != "V425" for i in draft.collector.issues
        ):  # else there is no round to be in
            asked = bool(draft.table("Requests").rows)
            how = own if asked else "Fill in Students.stage (first or final), or add rows to Requests."
            problems.append(("Requests" if asked else "Students", "No student has a request", how))
        if not draft.offers:
            problems.append(("Offers", "No row of Offers can be used", own))
    for sheet, what, how in problems:
        draft.collector.add("V131", sheet=sheet, what=what, how=how)


def _settle_restrictions(draft: Draft) -> None:
    """One spelling of the universities, programmes and students for whom offers are; names of nobody are reported."""
    students = draft.students.values()
    typed_universities = {s["university"] for s in students} | {draft.policy.university}
    universities = Directory("Students", one_spelling(typed_universities).ids)
    for student in students:
        student["university"] = universities.find(student["university"])
    programmes = Directory("Students", {s["programme"] for s in students} | draft.words.lists["programmes"].keys())
    _settle_parts_of_agencies(draft, Directory("Students", universities.ids | programmes.ids))
    anybody = Directory("", universities.ids | programmes.ids | draft.students.keys())
    for offer, facts in draft.offers.items():
        for column, known in (("universities", universities), ("reserved_for", anybody)):
            typed = facts.get(column) or ()
            names = typed if isinstance(typed, tuple) else (typed,)
            if all(name in known for name in names):
                continue
            settled = tuple(known.find(name) or name for name in names)
            for name in names:
                if known.find(name) is None:
                    draft.collector.add(
                        "V424",
                        sheet="Offers",
                        row=draft.row_number("Offers", offer),
                        column=column,
                        subject=offer,
                        found=name,
                        suggestion=known.suggestion(name),
                    )
            facts[column] = settled if isinstance(typed, tuple) else settled[0]


def _settle_parts_of_agencies(draft: Draft, names: Directory) -> None:
    """Universities and programmes with a part (L11), spelt as students have them; what is only alike is asked about."""
    settled: dict[str, int] = {}
    for typed, percent in draft.policy.agency_part_percent.items():
        name = names.find(typed) or names.near(typed)
        where: dict[str, Any] = {"sheet": "Policy", "column": "value", "found": typed}
        if name is None:
            draft.collector.add("V424", **where, subject="agency_part_percent", suggestion=names.suggestion(typed))
        elif names.find(typed) is None:
            draft.collector.add("V320", **where, near=name, where="Students")
        settled[name or typed] = min(percent, settled.get(name or typed, percent))
    draft.policy = draft.policy.model_copy(update={"agency_part_percent": settled})


def _held(draft: Draft, start: date, end: date, days_a_week: Decimal, agency: str = "") -> int:
    """Placement days from start to end (SEMANTICS S2.2), at an agency if one is named."""
    there = draft.working_days_at.get(agency, draft.working_days)
    return int(there.between(start, end) * days_a_week // 5)


def _check_offers(draft: Draft) -> None:
    for offer, facts in draft.offers.items():
        end = facts.get("latest_end")
        if end is None:
            continue
        policy = draft.policy
        needed = {"first": policy.days_first, "final": policy.days_final}.get(
            facts.get("stage", "either"), min(policy.days_first, policy.days_final)
        )
        start, days_a_week = facts["earliest_start"], facts.get("days_a_week") or Decimal(5)
        held = _held(draft, start, end, days_a_week, facts["agency"])
        if held < needed:
            draft.collector.add(
                "V405",
                sheet="Offers",
                row=draft.row_number("Offers", offer),
                column="latest_end",
                subject=offer,
                start=start,
                end=end,
                days_a_week=days_a_week,
                held=held,
                needed=needed,
            )


def _check_requests(draft: Draft) -> None:
    for name, facts in draft.requests.items():
        end = facts.get("latest_end")
        if end is None:
            continue
        first_day = draft.tranches[facts["tranche"]].first_day
        start = max(facts.get("earliest_start") or first_day, first_day)
        held = _held(draft, start, end, facts["days_a_week_most"])
        if held < facts["days"]:
            draft.collector.add(
                "V406",
                sheet="Requests",
                row=draft.row_number("Requests", name),
                column="latest_end",
                subject=name,
                start=start,
                end=end,
                days_a_week=facts["days_a_week_most"],
                held=held,
                needed=facts["days"],
            )


def _check_statutory(draft: Draft) -> None:
    column = f"statutory_{draft.policy.statutory_test}"
    if draft.offers and draft.policy.on("L04") and all(f.get(column) is None for f in draft.offers.values()):
        draft.collector.add(
            "V415",
            sheet="Offers",
            column=column,
            cost="no placement counts as statutory in any figure, and a final whose first placement is not known to be "
            "statutory either is provisional until somebody says",
        )


def _check_evidence(draft: Draft) -> None:
    """Offers whose evidence does not bear out, or contradicts, what they say of the DfE's test."""
    if not any(facts.get(name) for facts in draft.offers.values() for name in EVIDENCE):
        return  # nobody keeps it
    for offer, facts in draft.offers.items():
        work = [facts.get(name) for name in EVIDENCE[:-1]]
        lacking = [] if "yes" in work else [f"neither {' nor '.join(EVIDENCE[:-1])} is yes"]
        lacking += [] if facts.get(EVIDENCE[-1]) == "yes" else [f"{EVIDENCE[-1]} is not yes"]
        said = facts.get("statutory_dfe")
        where: dict[str, Any] = {"sheet": "Offers", "row": draft.row_number("Offers", offer), "subject": offer}
        if said == "yes" and lacking:
            draft.collector.add("V438", column="statutory_dfe", found=said, why=", ".join(lacking), **where)
        if said == "no" and not lacking:
            named = ", ".join(name for name in EVIDENCE if facts.get(name) == "yes")
            draft.collector.add("V438", column="statutory_dfe", found=said, why=f"{named} are yes", **where)


def _check_examples(draft: Draft) -> None:
    examples = sorted((i for i in draft.students if i.startswith(EXAMPLE)), key=natural_key)
    if examples and len(examples) < len(draft.students):
        row = draft.row_by_student[examples[0]].number
        draft.collector.add("V421", sheet="Students", row=row, column="student", found="; ".join(examples))
