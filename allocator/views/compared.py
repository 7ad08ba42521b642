"""A comparison in words: one line for each thing that differs, for the terminal and for the sheet Changes alike."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from allocator.views.facts import Facts, day
from allocator.views.table import Column, Table, Tone
from allocator.views.words import counted, educator_name, listed, tier_words, waiting_words
from models.comparison import (
    AgencyState,
    Comparison,
    EducatorState,
    FieldChange,
    FigureChange,
    Gap,
    InputChanges,
    RequestChange,
    RequestKind,
    RowChange,
    ShareChange,
    StudentState,
    TierChange,
)
from models.plan import Waiting
from models.policy import Policy

KINDS: dict[RequestKind, str] = {
    "newly_placed": "newly placed",
    "newly_unplaced": "no longer placed",
    "new_not_placed": "new, not placed",
    "no_longer_asked": "no longer asked for",
    "moved": "other place",
    "other_pe": "other PE",
    "pe_named": "PE named",
    "other_dates": "other dates",
    "now_firm": "now firm",
    "now_provisional": "now provisional",
}
_KIND_TONES: dict[RequestKind, Tone] = {
    "newly_placed": "good", "pe_named": "good", "now_firm": "good", "newly_unplaced": "bad", "new_not_placed": "bad",
}  # fmt: skip
GAPS: dict[Gap, str] = {
    "data_before": "The data of the first result is not at hand: inputs, figures, students, agencies and PEs are not "
    "compared. Compare result folders, not plan.json alone.",
    "data_after": "The data of the second result is not at hand: inputs, figures, students, agencies and PEs are not "
    "compared. Compare result folders, not plan.json alone.",
    "only_matches_before": "What is published says neither who was not placed, nor what was provisional.",
    "clash_before": "The first result has no plan: rules clash. Only the inputs are compared.",
    "clash_after": "The second result has no plan: rules clash. Only the inputs are compared.",
    "other_year": "The figures are of two different academic years.",
    "only_notes": "No fact of the input differs, only notes, reasons, versions, or what is said about rows set aside.",
}
INPUT_ROWS = 200
"""Rows of a sheet that are listed one by one; more are only counted."""


class Line(NamedTuple):
    """One thing that differs."""

    part: str
    about: str
    what: str
    before: str
    after: str
    tone: Tone = "plain"


def sentences(comparison: Comparison) -> list[str]:
    """The comparison in a few sentences: how many are placed, what happened to requests, which tier decides, gaps."""
    result = []
    if comparison.requests is not None:
        result.append(f"Placed: {comparison.placed_before} before, {comparison.placed_after} after.")
        result.append(f"Requests: {counted_changes(comparison.requests)}.")
    for who, changes in (
        ("Students", comparison.students), ("Agencies", comparison.agencies), ("PEs", comparison.educators)
    ):  # fmt: skip
        if changes:
            verdicts = Counter(change.verdict for change in changes)
            result.append(f"{who}: {verdicts['better']} better off, {verdicts['worse']} worse off.")
    misleading = [f for f in comparison.figures or () if f.misleads]
    result += [f"Take care: {_title(f)}: {_turned_share(f)}: {turned_words(f)}." for f in misleading]
    return result + [GAPS[gap] for gap in comparison.gaps]


def counted_changes(changes: Iterable[RequestChange]) -> str:
    """How many requests changed in each way: ``2 newly placed, 1 other place``."""
    kinds = Counter(change.kind for change in changes)
    return ", ".join(f"{kinds[kind]} {words}" for kind, words in KINDS.items() if kinds[kind]) or "nothing changed"


def decided_words(change: TierChange | None, policy: Policy) -> str:
    """The first tier that differs, which decides between two plans of the same data."""
    if change is None:
        return "Every tier has the same value."
    words = tier_words(change.tier, policy.preference_order)
    return f"The first tier that differs: {words}, {_number(change.before)} before, {_number(change.after)} after."


def lines(comparison: Comparison, policy: Policy, before: Facts | None, after: Facts | None) -> list[Line]:
    """Everything that differs, a line each: requests, tiers, figures, people, inputs.

    Parameters
    ----------
    comparison
        What differs.
    policy
        Of the result after: it orders the tiers.
    before, after
        The data of the two results, to name places; None where it is not at hand.
    """
    place = _place_words(before, after)
    return [
        *(_request_line(change, place) for change in comparison.requests or ()),
        *(_tier_line(change, policy) for change in comparison.tiers if change.verdict != "same"),
        *(_figure_line(change) for change in comparison.figures or ()),
        *(
            Line("Student", c.student, f"{c.verdict} off", student_words(c.before), student_words(c.after))
            for c in comparison.students or ()
        ),
        *(
            Line("Agency", c.agency, f"{c.verdict} off", agency_words(c.before), agency_words(c.after))
            for c in comparison.agencies or ()
        ),
        *(
            Line("PE", c.pe, f"{c.verdict} off", educator_words(c.before), educator_words(c.after))
            for c in comparison.educators or ()
        ),
        *(input_lines(comparison.inputs) if comparison.inputs is not None else ()),
    ]


def changes_table(comparison: Comparison | None, policy: Policy, before: Facts | None, after: Facts) -> Table:
    """The sheet of changes since the last version; None: there is nothing to compare with."""
    rows = lines(comparison, policy, before, after) if comparison else []
    programmes = {r.request: after.student(r).programme for r in after.dataset.requests}
    note = (
        " ".join([f"Compared with {comparison.before}.", *sentences(comparison)])
        if comparison
        else "Compared with nothing: this is the first version."
    )
    tones: dict[str, Tone] = {line.what: line.tone for line in rows if line.tone != "plain"}
    return Table(
        title="Changes",
        note=note,
        columns=(
            Column("What", 11),
            Column("About", 30),
            Column("Programme", 13),
            Column("What changed", 20),
            Column("From", 46),
            Column("To", 46),
        ),
        rows=[[r.part, r.about, programmes.get(r.about, ""), r.what, r.before, r.after] for r in rows],
        empty="Nothing changed." if comparison else "There is nothing to compare with yet.",
        keys=2,
        tone_column="What changed",
        tones=tuple(tones.items()),
    )


def short_change(change: RequestChange) -> str:
    """A change of a request for one cell: ``other place: O1 E1 → O2 E1``."""
    was, is_ = _ids(change.offer_before, change.pe_before), _ids(change.offer_after, change.pe_after)
    if was == is_:
        return KINDS[change.kind]
    return f"{KINDS[change.kind]}: {was} → {is_}"


BRACKETS = re.compile(r" \([^)]*\)")


def setting_words(setting: str) -> str:
    """A setting in words, with the name that is typed: ``longest travel (Policy: travel_limit)``."""
    known = Policy.model_fields.get(setting)
    # what a description has in brackets is the default, or which rule has to be on
    return f"{BRACKETS.sub('', known.description or '')} (Policy: {setting})" if known else setting


def student_words(state: StudentState) -> str:
    """What a student has."""
    if not state.placed:
        return "not placed"
    parts = [f"{' and '.join(state.placed)} placed", f"preference band {state.bands}"]
    if len(state.placed) > 1:
        parts[1] = f"preference bands {state.bands} in all"
    return ", ".join([*parts, "minutes not known" if state.minutes is None else counted(state.minutes, "minute")])


def agency_words(state: AgencyState) -> str:
    """What an agency gives, and whether that is in its range."""
    outside = f", {state.outside_range} outside its range" if state.outside_range else ""
    return f"{state.used} of {counted(state.offered, 'place')} used{outside}"


def educator_words(state: EducatorState) -> str:
    """How many students a PE has, and whether in time where one is needed by a day."""
    in_time = {None: "", True: ", in time", False: ", none in time"}[state.in_time]
    return f"{counted(state.students, 'student') if state.students else 'no student'}{in_time}"


def turned_words(figure: FigureChange) -> str:
    """In words that a percentage goes one way while its number goes the other."""
    share = figure.all if figure.all.turned else figure.firm
    up = share.part_after > share.part_before
    return "the percentage falls while the number rises" if up else "the percentage rises while the number falls"


def _turned_share(figure: FigureChange) -> str:
    share = figure.all if figure.all.turned else figure.firm
    firm = "" if figure.all.turned else "of the firm ones "
    return f"{firm}{_share(share, before=True)} before, {_share(share, before=False)} after"


def _request_line(change: RequestChange, place: Callable[[str | None, str | None, bool], str]) -> Line:
    was = place(change.offer_before, change.pe_before, False)
    is_ = place(change.offer_after, change.pe_after, True)
    if change.kind == "other_dates":
        was = f"{was}, {_dates(change.start_before, change.end_before)}"
        is_ = f"{is_}, {_dates(change.start_after, change.end_after)}"
    elif change.kind == "now_provisional":
        is_ = f"{is_}: {_waiting(change.waiting_after)}"
    elif change.kind == "now_firm":
        was = f"{was}: {_waiting(change.waiting_before)}"
    elif change.kind == "new_not_placed":
        was = "not asked for"
    elif change.kind == "no_longer_asked":
        is_ = "not asked for"
    if change.reason:
        is_ = f"{is_}: {change.reason}"
    return Line("Request", change.request, KINDS[change.kind], was, is_, _KIND_TONES.get(change.kind, "warn"))


def _tier_line(change: TierChange, policy: Policy) -> Line:
    was = _number(change.before) + (" (not proved)" if change.before is not None and not change.proved_before else "")
    is_ = _number(change.after) + (" (not proved)" if change.after is not None and not change.proved_after else "")
    tones: dict[str | None, Tone] = {"better": "good", "worse": "bad"}
    what = change.verdict or "not comparable"
    return Line(
        "Tier", tier_words(change.tier, policy.preference_order), what, was, is_, tones.get(change.verdict, "plain")
    )


def _figure_line(change: FigureChange) -> Line:
    what = turned_words(change) if change.misleads else "figure"
    return Line("Figure", _title(change), what, *_shares(change), "warn" if change.misleads else "plain")


def _title(change: FigureChange) -> str:
    return f"{change.title} ({change.rule}), {change.group}"


def _shares(change: FigureChange) -> tuple[str, str]:
    firm, every = change.firm, change.all
    return (
        f"{_share(every, before=True)}; firm {_share(firm, before=True)}",
        f"{_share(every, before=False)}; firm {_share(firm, before=False)}",
    )


def _share(share: ShareChange, *, before: bool) -> str:
    part, whole = (share.part_before, share.whole_before) if before else (share.part_after, share.whole_after)
    return f"{100 * part / whole:.0f}% ({part} of {whole})" if whole else "–"


def input_lines(inputs: InputChanges) -> Iterator[Line]:
    """How two inputs differ, a line each: settings, then rows; of a sheet in which many differ, how many."""
    for change in inputs.settings:
        yield Line("Setting", setting_words(change.field), "changed", change.before or "none", change.after or "none")
    for count in inputs.counts:
        if count.added + count.removed + count.changed > INPUT_ROWS:
            words = f"{count.added} added, {count.removed} removed, {count.changed} changed"
            yield Line("Input", count.sheet, words, "", "")
        else:
            yield from (_row_line(row) for row in inputs.rows if row.sheet == count.sheet)


def _row_line(row: RowChange) -> Line:
    before = listed(f"{_column(f)}: {f.before or 'blank'}" for f in row.fields)
    after = listed(f"{_column(f)}: {f.after or 'blank'}" for f in row.fields)
    return Line("Input", f"{row.sheet}: {row.row}", f"row {row.kind}", before, after)


def _column(change: FieldChange) -> str:
    return change.field.replace("_", " ")


def _place_words(before: Facts | None, after: Facts | None) -> Callable[[str | None, str | None, bool], str]:
    def words(offer: str | None, pe: str | None, now: bool) -> str:
        if offer is None:
            return "not placed"
        by = f", {_educator(pe)}" if pe else ""
        for facts in (after, before) if now else (before, after):
            found = facts.offers.get(offer) if facts else None
            if facts is not None and found is not None:
                return f"{facts.agency_name(found.agency)}, {found.team} ({offer}){by}"
        return f"{offer}{by}"

    return words


def _ids(offer: str | None, pe: str | None) -> str:
    if offer is None:
        return "none"
    return offer + (f" {_educator(pe)}" if pe else "")


def _educator(pe: str) -> str:
    name = educator_name(pe)
    return f"PE {name}" if name.startswith("to be named") else name


def _dates(start: date | None, end: date | None) -> str:
    return f"{day(start) or 'start not known'} to {day(end) or 'end not known'}"


def _waiting(waiting: tuple[Waiting, ...]) -> str:
    return listed((waiting_words(w) for w in waiting), "PE to be named")


def _number(value: int | None) -> str:
    return "not a tier" if value is None else str(value)
