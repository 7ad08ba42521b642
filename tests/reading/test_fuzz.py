"""Nothing crashes: whatever stands in whatever cells, reading gives a result or names what is wrong."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.intake import read_sheets
from allocator.reading.sheets_record import SHEETS
from models.errors import InputUnusableError
from tests.reading.sheets import TODAY, sheets

_PLAUSIBLE = (
    "S1", "S2", "S3", "S1/first", "S2/final", "S3/final", "O1", "O2", "O3", "PE1", "PE2", "PE9", "A", "B", "C", "A/X", "B/Y", "X", "Y",
    "T0", "T1", "T2", "CR0", "SM1", "Council", "first", "final", "either", "yes", "no", "not known", "tbc", "TBC PEPS1 x2",
    "own PEPS2; PE1", "own", "x0", "fix", "do_not_match", "do not mach", "withdraw", "declined", "exception", "agency_decision",
    "name_pe", "unlock", "hold", "student", "offer", "pe", "supervisor", "E01", "E04", "E11", "E12", "E18", "L07", "E03", "confirmed",
    "started", "ended", "meeting booked", "declined", "later", "past", "deciding", "3-5", "O1 > O2 = O3", "O1=O1", "2027-01-04", "31/12/2027",
    "2026-02-30", "1/25/2027", "-1", "1.5", "1e400", "0", "#N/A", "CR0 1AB", "adults, children", "adults; ;", "areas", "headings",
    "programmes", "adjustments", "intern", "step up", "partnership", "independent", "PE needed", "university", "travel_limit", "seed",
    "tiers", "rule.E04", "rule.L01", "days_a_week", "BA=3", "max_changes", "none", "as_of", "regulator", "driving covered", "\x00", "\ud800", "Total",
)  # fmt: skip
CELL = st.one_of(
    st.none(), st.sampled_from(_PLAUSIBLE), st.text(max_size=12), st.integers(), st.floats(), st.booleans(),
    st.dates(min_value=date(1980, 1, 1), max_value=date(2120, 1, 1)), st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1)),
    st.lists(st.sampled_from(_PLAUSIBLE), max_size=3),
)  # fmt: skip
COLUMN = st.sampled_from([(s.name, c.name) for s in SHEETS.values() for c in s.columns])


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    given_sheets = sheets()
    for sheet, column in draw(st.lists(COLUMN, min_size=1, max_size=8)):
        rows = given_sheets[sheet]
        if draw(st.booleans()):
            rows.append(dict(draw(st.sampled_from(rows))))
        draw(st.sampled_from(rows))[column] = draw(CELL)
    return given_sheets


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt())
def test_nothing_but_unusable_input_is_ever_raised(given_sheets: dict[str, list[dict[str, Any]]]) -> None:
    with suppress(InputUnusableError):
        reading = read_sheets(given_sheets, today=TODAY)
        assert len(reading.dataset.digest) == 32  # everything that was read can be written down
        assert all(i.level != "stop" for i in reading.issues)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(given_sheets: dict[str, list[dict[str, Any]]], chance: Any) -> None:
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in given_sheets.items()}
    outcomes = []
    for variant in (given_sheets, shuffled):
        try:
            found = read_sheets(variant, today=TODAY)
            outcomes.append((found.dataset.digest, found.policy.digest))
        except InputUnusableError as error:
            outcomes.append(("stop", ",".join(sorted(i.code for i in error.issues if i.level == "stop"))))
    assert outcomes[0] == outcomes[1]
