"""What can be read but hardly meant: dates far from today, rounds that have begun, circles, finals before firsts."""

from datetime import date, timedelta

from allocator.reading.dates import show
from allocator.settling.draft import Draft
from models.base import natural_key

YEARS_BACK, YEARS_ON = 2, 4
"""Years before and after today in which what is planned lies; a year typed wrong is mostly farther."""
_PLANNED: dict[str, tuple[str, ...]] = {
    "Tranches": ("first_day", "last_start", "last_end"),
    "Offers": ("earliest_start", "latest_start", "latest_end", "reserved_until"),
    "Requests": ("earliest_start", "latest_end"),
    "Educators": ("available_from", "leaves_on", "absent_from", "absent_to", "needs_student_by", "qualifies_on"),
    "Decisions": ("until", "effective"),
    "Published": ("start", "end"),
    "Commitments": ("from", "to"),
    "Calendar": ("date",),
}
"""Dates of what is planned."""
_MAY_BE_LONG_AGO = frozenset((("Educators", "available_from"), ("Educators", "qualifies_on"), ("Commitments", "from")))
_HAPPENED: dict[str, tuple[str, ...]] = {
    "Students": ("waiting_since",),
    "History": ("start",),
    "Agencies": ("asked_on", "heard_from"),
    "Offers": ("equivalence_on", "received_on"),
    "Published": ("student_told_on",),
    "Outcomes": ("from",),
}
"""Dates of what has happened."""


def check_plausible(draft: Draft) -> None:
    """Warn of what can be read but hardly meant.

    Parameters
    ----------
    draft
        Everything has been read.
    """
    _check_rounds(draft)
    _check_years(draft)
    _check_fall_backs(draft)
    _check_order_of_stages(draft)


def _check_rounds(draft: Draft) -> None:
    for name, tranche in draft.tranches.items():
        if tranche.status != "past" and tranche.first_day < draft.as_of:
            draft.collector.add(
                "V426", sheet="Tranches", row=draft.row_number("Tranches", name), column="first_day", subject=name,
                found=show(tranche.first_day), today=show(draft.as_of),
            )  # fmt: skip


def _check_years(draft: Draft) -> None:
    today = draft.as_of
    first, last = _shifted(today, -YEARS_BACK), _shifted(today, YEARS_ON)
    for sheet, columns in _PLANNED.items():
        for row in draft.table(sheet).rows:
            for column in columns if row.get("status") != "past" else ():
                day = row.get(column)
                early = day is not None and day < first and (sheet, column) not in _MAY_BE_LONG_AGO
                if day is not None and (early or day > last):
                    _say(draft, sheet, row.number, column, day, "years before today" if early else "years from today")
    for sheet, columns in _HAPPENED.items():
        for row in draft.table(sheet).rows:
            for column in columns:
                day = row.get(column)
                if day is not None and day > today + timedelta(days=1):
                    _say(draft, sheet, row.number, column, day, "still to come, though the column tells what has been")


def _say(draft: Draft, sheet: str, row: int, column: str, day: date, why: str) -> None:
    draft.collector.add("V427", sheet=sheet, row=row, column=column, found=show(day), why=why)


def _shifted(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def _check_fall_backs(draft: Draft) -> None:
    """A PE who takes over from another, who takes over from the first: nobody takes over."""
    told: set[str] = set()
    for start in sorted(draft.educators, key=natural_key):
        chain = [start]
        while (after := draft.educators.get(chain[-1], {}).get("fall_back")) and after not in chain:
            chain.append(after)
        if after == start and start not in told:
            told.update(chain)
            draft.collector.add(
                "V428", sheet="Educators", row=draft.row_number("Educators", start), column="fall_back", subject=start,
                found=" -> ".join([*chain, start]),
            )  # fmt: skip


def _check_order_of_stages(draft: Draft) -> None:
    for student, names in draft.requests_of.items():
        asked = [r for name in names if (r := draft.requests[name]).get("found_by") != "employer"]
        firsts = [r for r in asked if r["stage"] == "first"]
        for final in (r for r in asked if r["stage"] == "final"):
            day, live = draft.tranches[final["tranche"]].first_day, draft.tranches[final["tranche"]].status != "past"
            rounds = [draft.tranches[r["tranche"]] for r in firsts]
            later = [r for r in rounds if live and r.status != "past" and r.first_day > day]
            if later:
                draft.collector.add(
                    "V429", sheet="Requests", row=draft.row_number("Requests", final["request"]), column="tranche",
                    subject=student, found=final["tranche"], first=later[0].tranche,
                )  # fmt: skip
