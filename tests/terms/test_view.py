"""Requests against offers: distinct facts are judged once and spread over the block; decisions looked up."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from allocator.terms.decisions import DecisionBook, about_offer, about_request
from allocator.terms.view import PairView, Terms
from models.entities import Offer, Request
from tests import builders as b
from tests.rules.case import decision, exception, policy
from tests.strategies import generate, larger


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


# ---- travel of a block ---------------------------------------------------------------------------------------------
def blocks() -> Iterator[tuple[Terms, PairView]]:
    """Requests and offers of generated partnerships, a part of the offers now and then."""
    luck = random.Random(3)
    for make in (generate, larger):
        for seed in range(1, 121):
            data, settings = make(seed)
            terms = Terms(data, settings)
            offers = luck.sample(data.offers, luck.randint(0, len(data.offers))) if seed % 2 else None
            yield terms, PairView(terms, data.requests, offers)


def test_minutes_of_a_block_are_those_of_each_pair() -> None:
    for terms, found in blocks():
        for (i, request), (j, offer) in product(enumerate(found.requests), enumerate(found.offers)):
            alone = terms.minutes(request, offer)
            assert found.minutes.minutes[i, j] == (-1 if alone.minutes is None else alone.minutes)
            sites = terms.journeys(request, offer)
            for kind, greatest in (("measured", found.minutes.measured), ("estimated", found.minutes.estimated)):
                assert greatest[i, j] == max((-1, *(s.minutes for s in sites if s.minutes and s.kind == kind)))


@pytest.mark.parametrize("percent", [100, 150])
def test_what_is_beyond_its_limit_in_a_block_is_so_alone(percent: int) -> None:
    seen = {True: 0, False: 0}
    for terms, found in blocks():
        beyond = found.beyond_limit(found.minutes.minutes, percent)
        assert beyond.shape == found.shape
        for (i, request), (j, offer) in product(enumerate(found.requests), enumerate(found.offers)):
            limit, minutes = terms.travel_limit(request, offer), terms.minutes(request, offer).minutes
            over = limit is not None and minutes is not None and 100 * minutes > percent * limit
            assert beyond[i, j] == over
            seen[over] += 1
    assert min(seen.values()) > 50


def test_what_is_to_be_measured_in_a_block_is_so_alone() -> None:
    seen = {True: 0, False: 0}
    for terms, found in blocks():
        if not terms.policy.on("E04"):
            continue
        wanted = found.to_be_measured
        for (i, request), (j, offer) in product(enumerate(found.requests), enumerate(found.offers)):
            assert wanted[i, j] == terms.to_be_measured(request, offer)
            seen[bool(wanted[i, j])] += 1
    assert min(seen.values()) > 50


def test_an_exception_raises_the_limit_of_its_request_at_its_offer_alone() -> None:
    # 20 minutes, the student's limit 15, raised to 18 everywhere and to 25 at O2; percent of the limit, exactly.
    given = (exception("E04", "18"), exception("E04", "25", offer="O2"))
    found = view(
        students=(b.student("S1", limit_minutes=15), b.student("S2", limit_minutes=15)),
        requests=(b.request("S1/first"), b.request("S2/first")),
        offers=(b.offer("O1"), b.offer("O2")), decisions=given,
    )  # fmt: skip
    assert found.beyond_limit(found.minutes.minutes).tolist() == [[True, False], [True, True]]
    # 18 x 112% is 20.16, 15 x 133% is 19.95 and 15 x 134% is 20.1
    assert found.beyond_limit(found.minutes.minutes, 111).tolist() == [[True, False], [True, True]]
    assert found.beyond_limit(found.minutes.minutes, 112).tolist() == [[False, False], [True, True]]
    assert found.beyond_limit(found.minutes.minutes, 133).tolist() == [[False, False], [True, True]]
    assert found.beyond_limit(found.minutes.minutes, 134).tolist() == [[False, False], [False, False]]


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
    assert Terms(asking, policy()).agency_answer(b.request(), "A") == "to_ask"
    assert Terms(b.dataset(), policy()).agency_answer(b.request(), "A") == "not_needed"
    assert Terms(b.dataset(), policy()).agency_answer(b.request(), "unlisted") == "not_needed"
    answered = decision("agency_decision", request="S1/first", agency="A", value="accepted")
    decided = b.dataset(agencies=(b.agency(asks_decision=True),), decisions=(answered,))
    assert Terms(decided, policy()).agency_answer(b.request(), "A") == "accepted"
