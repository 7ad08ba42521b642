"""Nothing that goes out holds more than its reader may see: the agencies' forms and the letters, by one judge."""

import pytest
from hypothesis import given

from allocator.report.letters import letters_of
from allocator.views.agency_forms import form_tables, hosts
from allocator.views.facts import Facts
from allocator.views.table import Table
from allocator.views.unused import Unused
from models.statuses import FREED
from tests import builders as b
from tests.report.leaks import leaked
from tests.report.looking import facts_of, match
from tests.report.partnership import POLICY, generated
from tests.report.sent import plans

NAMES = {f"student{n}": f"Nameof{n}" for n in range(5)}


def cells(table: Table) -> list[dict[str, object]]:
    return [dict(zip([c.title for c in table.columns], row, strict=True)) for row in table.rows]


def offers_of(facts: Facts, agency: str) -> set[str]:
    return {o.offer for o in facts.dataset.offers if agency in {a for a, _ in o.sites}}


def students_at(facts: Facts, agency: str) -> set[str]:
    """Who is placed there in this plan."""
    return {facts.request(m).student for m in facts.matches if m.offer in offers_of(facts, agency)}


def known_at(facts: Facts, offers: set[str]) -> set[str]:
    """Students of whom an agency was told, since they were sent to it, or told themselves."""
    return {
        facts.dataset.request_by_id[p.request].student
        for p in facts.dataset.published
        if p.offer in offers and p.standing != "over" and p.status not in FREED
        and (p.status != "proposed" or p.student_told_on is not None)
    }  # fmt: skip


def judge_forms(facts: Facts) -> int:
    for agency in hosts(facts):
        students = students_at(facts, agency)
        words = [w for t in form_tables(facts, agency, Unused(facts)).values() for row in t.rows for w in row]
        assert leaked(facts, words, offers_of(facts, agency), students) == {}
        assert students <= set(words)
    return len(hosts(facts))


def judge_letters(facts: Facts, names: dict[str, str]) -> int:
    tables = letters_of(facts, names)
    by_agency: dict[str, list[object]] = {}
    for row in (*cells(tables["agencies"]), *cells(tables["placements"])):
        by_agency.setdefault(str(row["Agency"]), []).extend(row.values())
    for agency, words in by_agency.items():
        offers, students = offers_of(facts, agency), students_at(facts, agency)
        may_be_named = students | known_at(facts, offers)
        assert leaked(facts, words, offers, may_be_named) == {}
        assert students <= {str(w) for w in words}
        others = {name for student, name in names.items() if student not in may_be_named}
        assert not any(name in str(w) for name in others for w in words)
        assert "provisional" not in words  # readiness would follow from it
    for row in cells(tables["educators"]):
        pe = str(row["PE"])
        offers = {m.offer for m in facts.matches if m.pe == pe}
        offers |= {p.offer for p in facts.dataset.published if p.pe == pe}
        words = [w for heading, w in row.items() if heading not in ("PE", "PE's name")]
        assert leaked(facts, words, offers, {str(row["Student"])}) == {}
    for row in cells(tables["students"]):
        # a student's own needs are not in it either
        offers = {m.offer for m in facts.matches if facts.request(m).student == row["Student"]}
        assert leaked(facts, row.values(), offers, {str(row["Student"])}) == {}
    return sum(len(t.rows) for t in tables.values())


@given(plans())
def test_no_form_of_an_agency_says_what_it_may_not(facts: Facts) -> None:
    judge_forms(facts)


@given(plans())
def test_no_letter_says_what_its_reader_may_not_see(facts: Facts) -> None:
    judge_letters(facts, {})
    judge_letters(facts, NAMES)


def test_the_forms_and_letters_of_a_whole_partnership() -> None:
    dataset, result = generated(40)
    facts = Facts(dataset, POLICY, result.plan)
    # A form for each agency with an offer; a letter for each match three times at most, and one for each agency.
    assert judge_forms(facts) == len({o.agency for o in dataset.offers})
    assert judge_letters(facts, {}) > 2 * len(result.plan.matches)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("S2", "other students"), ("P0", "districts"), ("S1/first", "repeat status"), ("ramp", "needs not shared"),
     ("O2", "other places"), ("E2", "other PEs"), ("B", "other agencies"), ("77", "limits in minutes")],
)  # fmt: skip
def test_the_judge_sees_a_leak(word: str, kind: str) -> None:
    dataset = b.dataset(
        students=(b.student("S1", adjustments=("ramp",), limit_minutes=77), b.student("S2")),
        requests=(b.request(), b.request("S2/first")),
        agencies=(b.agency(), b.agency("B")),
        offers=(b.offer(), b.offer("O2", agency="B")),
        educators=(b.educator(), b.educator("E2", employed_by="B")),
    )
    facts = facts_of(dataset, match(), match("S2/first", "O2", "E2"))
    assert leaked(facts, ["S1", "O1", "E1", "P1", "X", "A"], {"O1"}, {"S1"}) == {}
    assert leaked(facts, [f"S1, O1 ({word})"], {"O1"}, {"S1"}) == {kind: {word}}
