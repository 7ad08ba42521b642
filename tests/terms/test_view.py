"""Requests against offers: distinct facts are judged once and spread over the block; decisions looked up."""

from typing import Any

from allocator.terms.decisions import DecisionBook, about_offer, about_request
from allocator.terms.view import PairView, Terms
from models.entities import Offer, Request
from tests import builders as b
from tests.rules.case import decision, exception, policy


def view(**parts: Any) -> PairView:
    data = b.dataset(**parts)
    return PairView(Terms(data, policy()), data.requests)


def many() -> PairView:
    names = [f"S{i}" for i in range(1, 5)]
    requests = tuple(b.request(f"{n}/first", days=70 if n in ("S1", "S4") else 60) for n in names)
    offers = tuple(b.offer(f"O{i}", team="X" if i < 3 else "Y", agency="A" if i < 4 else "B") for i in range(1, 5))
    return view(students=tuple(map(b.student, names)), requests=requests, offers=offers)


def test_each_combination_of_facts_is_judged_once() -> None:
    judged: list[tuple[str, str]] = []

    def excludes(request: Request, offer: Offer) -> bool:
        judged.append((request.request, offer.offer))
        return request.days == 60 and offer.team == "Y"

    found = many().table(lambda r: r.days, lambda o: o.team, excludes)
    # 2 kinds of requests x 2 kinds of offers, each judged on its first example
    assert sorted(judged) == [("S1/first", "O1"), ("S1/first", "O3"), ("S2/first", "O1"), ("S2/first", "O3")]
    assert found.tolist() == [
        [False, False, False, False],
        [False, False, True, True],
        [False, False, True, True],
        [False, False, False, False],
    ]


def test_marked_offers_are_excluded_for_their_request_alone() -> None:
    found = many()
    mask = found.marked(lambda r: found.at_team["A", "Y"] if r.request == "S2/first" else found.at_agency["B"])
    assert mask.tolist() == [
        [False, False, False, True],
        [False, False, True, False],
        [False, False, False, True],
        [False, False, False, True],
    ]


def test_no_requests_or_no_offers_is_an_empty_table() -> None:
    assert view(requests=()).table(lambda r: r.days, lambda o: o.team, lambda r, o: True).shape == (0, 1)
    assert view(offers=()).table(lambda r: r.days, lambda o: o.team, lambda r, o: True).shape == (1, 0)
    assert not many().nothing().any()


def test_exceptions_apply_where_offer_and_pe_are_blank_or_equal() -> None:
    rows = (
        exception("E01", "3"), exception("E01", "5", offer="O1"), exception("E01", "9", request="S2/first"),
        exception("E12", "2026-01-05", pe="E1"),
    )  # fmt: skip
    book = DecisionBook(b.dataset(decisions=rows))
    assert [d.value for d in book.exceptions("E01", "S1/first", "O1")] == ["3", "5"]
    assert [d.value for d in book.exceptions("E01", "S1/first", "O2")] == ["3"]
    assert book.exceptions("E04", "S1/first", "O1") == []
    assert len(book.exceptions("E12", "S1/first", "O1", "E1")) == 1
    assert book.exceptions("E12", "S1/first", "O1", "E2") == []
    assert len(book.exceptions("E12", "S1/first", "O1")) == 1  # whatever the PE
    # The greatest number of days counts.
    assert [book.days_short(b.request(), b.offer(o)) for o in ("O1", "O2")] == [5, 3]
    assert book.requests_with_exception("E01") == {"S1/first", "S2/first"}
    assert book.offers_with_exception("E01") == {"O1"}


def test_what_a_decision_is_about() -> None:
    whole_student = decision("do_not_match", student="S1", agency="A", team="X")
    assert about_request(whole_student, b.request("S1/final"))
    assert not about_request(whole_student, b.request("S2/first"))
    assert about_offer(whole_student, b.offer())
    assert not about_offer(whole_student, b.offer(team="Y"))
    assert not about_offer(decision("do_not_match", offer="O2"), b.offer())


def test_declined_is_about_all_requests_of_the_student() -> None:
    rows = (
        decision("declined", "D1", request="S1/first", offer="O1"), decision("declined", "D2", student="S1", agency="A"),
        decision("declined", "D3", student="S2", agency="A"), decision("declined", "D4", request="S9/first", agency="A"),
    )  # fmt: skip
    terms = Terms(b.dataset(requests=(b.request("S1/first"), b.request("S1/final")), decisions=rows), policy())
    assert [d.id for d in terms.declined_by(b.request("S1/final"))] == ["D1", "D2"]


def test_the_agencys_answer() -> None:
    asking = b.dataset(agencies=(b.agency(asks_decision=True),))
    assert Terms(asking, policy()).agency_answer(b.request(), b.offer()) == "to_ask"
    assert Terms(b.dataset(), policy()).agency_answer(b.request(), b.offer()) == "not_needed"
    assert Terms(b.dataset(), policy()).agency_answer(b.request(), b.offer(agency="unlisted")) == "not_needed"
    answered = decision("agency_decision", request="S1/first", agency="A", value="accepted")
    decided = b.dataset(agencies=(b.agency(asks_decision=True),), decisions=(answered,))
    assert Terms(decided, policy()).agency_answer(b.request(), b.offer()) == "accepted"
