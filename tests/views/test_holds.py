"""Places that are held, in the report and in an agency's form: two of three at O1, one of which S1 has."""

from datetime import date

from allocator.views.agency_forms import form_tables
from allocator.views.supply import agencies_table, offers_table
from allocator.views.table import Table
from allocator.views.unused import Unused
from models.decisions import Decision
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.report.looking import facts_of, match

UNTIL = date(2026, 2, 27)
HELD = tuple(
    Decision(decision="hold", id=f"D{n}", request=f"S{n}/first", offer="O1", places=1, until=UNTIL, why="SECRET")
    for n in (1, 2)
)
DATA = b.dataset(offers=(b.offer(capacity=3), b.offer("O2")), educators=(b.educator(load=9),), **firsts(4))
FACTS = facts_of(DATA.model_copy(update={"decisions": HELD}), match("S1/first"), match("S3/first", "O2"))


def cells(table: Table, number: int = 0) -> dict[str, object]:
    return dict(zip([c.title for c in table.columns], table.rows[number], strict=True))


def test_the_sheet_offers_says_for_whom_and_why_a_place_is_unused() -> None:
    row = cells(offers_table(FACTS, {}))
    assert row["Held"] == (
        "1 for S1/first until 27 Feb 2026 (decision D1)\n1 for S2/first until 27 Feb 2026 (decision D2)"
    )
    # S1 is there: 1 held for S2 and 1 free for anybody are unused.
    assert row["If unused, why"] == (
        "1 place held for S2/first until 27 Feb 2026 (decision D2). 2 requests that are not placed suit it, but a limit "
        "stands against it: Not placed says which."
    )
    assert row["Who could take it"] == "S2/first (not placed); S4/first (not placed); S3/first"
    without = offers_table(facts_of(DATA, match("S1/first")), {})
    assert "Held" not in [c.title for c in without.columns]


def test_what_is_held_in_full_waits_for_whom_it_is_for() -> None:
    # Of 3 places S1 and S4 have two; the third is held for S2.
    facts = facts_of(FACTS.dataset, match("S1/first"), match("S4/first"))
    row = cells(offers_table(facts, {}))
    assert row["If unused, why"] == "1 place held for S2/first until 27 Feb 2026 (decision D2)."
    assert row["Who could take it"] == "S2/first (not placed)"


def test_the_agencys_row_counts_what_is_held() -> None:
    assert cells(agencies_table(FACTS))["Unused, why"] == (
        "1: requests suit, a limit stands against them\n1: held by a decision"
    )


def test_a_form_says_until_when_and_not_for_whom() -> None:
    table = form_tables(FACTS, "A", Unused(FACTS))["Unused places"]
    row = cells(table)
    assert (row["Place"], row["Not used"], row["Of these held by the team"]) == ("O1", 2, "1 until 27 Feb 2026")
    text = str(table)
    assert not any(secret in text for secret in ("S2", "D2", "SECRET"))
    nobodys = (Decision(decision="hold", id="D9", offer="O1", places=2),)
    facts = facts_of(DATA.model_copy(update={"decisions": nobodys}), match("S1/first"))
    assert cells(form_tables(facts, "A", Unused(facts))["Unused places"])["Of these held by the team"] == "2"
