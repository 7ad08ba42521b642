"""The greedy pass: what it takes, in which order, and what it never takes."""

from datetime import date

from benchmarks.greedy import greedy
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Commitment
from models.policy import Policy
from tests.builders import agency, dataset, educator, history, named, offer, request, student, tranche, travel

POLICY = Policy(as_of=date(2025, 11, 17))


def taken(data: Dataset, policy: Policy = POLICY) -> dict[str, tuple[str, str | None]]:
    return {m.request: (m.offer, m.pe) for m in greedy(data, policy).matches}


def test_the_nearest_offer_is_taken() -> None:
    data = dataset(
        offers=(offer("O1", place="P1"), offer("O2", place="P2")),
        travel=(*travel(minutes=40), *travel(destination="P2", minutes=15)),
    )
    assert taken(data) == {"S1/first": ("O2", "E1")}


def test_the_lesser_id_where_two_are_as_near() -> None:
    assert taken(dataset(offers=(offer("O10"), offer("O9")))) == {"S1/first": ("O9", "E1")}


def test_finals_come_before_firsts_and_ids_decide() -> None:
    # one place: S1 needs a first, S2 and S10 a final; finals go first, then by id
    data = dataset(
        students=(student("S1"), student("S2"), student("S10")),
        requests=(request("S1/first"), request("S2/final"), request("S10/final")),
        history=(history("S2"), history("S10")),
    )
    plan = greedy(data, POLICY)
    assert [m.request for m in plan.matches] == ["S2/final"]
    assert [u.request for u in plan.unplaced] == ["S1/first", "S10/final"]


def test_own_educators_come_before_consultants_and_independents() -> None:
    outside = (educator("E1", employed_by="independent", team=None, serves=("A",)),
               educator("E2", employed_by="partnership", team=None, serves=("A",)))  # fmt: skip
    elsewhere = educator("E3", team="Y", long_arm=True)
    # A lists a PE, though one who does not come to the team, so that nobody is to be named there.
    listed = educator("E9", team="Z")
    assert taken(dataset(educators=(*outside, listed))) == {"S1/first": ("O1", "E2")}
    assert taken(dataset(educators=(*outside, elsewhere))) == {"S1/first": ("O1", "E3")}
    assert taken(dataset(educators=(*outside, elsewhere, educator("E4")))) == {"S1/first": ("O1", "E4")}


TWO = {"students": (student("S1"), student("S2")), "requests": (request("S1/first"), request("S2/first"))}


def test_a_full_educator_or_offer_is_passed_over() -> None:
    # E1 takes one student; a second place needs E2, a third place does not exist
    assert taken(dataset(**TWO, offers=(offer(capacity=2),))) == {"S1/first": ("O1", "E1")}
    two_educators = (educator("E1"), educator("E2"))
    both = {"S1/first": ("O1", "E1"), "S2/first": ("O1", "E2")}
    assert taken(dataset(**TWO, offers=(offer(capacity=2),), educators=two_educators)) == both
    assert taken(dataset(**TWO, educators=two_educators)) == {"S1/first": ("O1", "E1")}


def test_commitments_and_the_agency_maximum_count() -> None:
    # at once 2, less the one that another programme has: one place; a commitment that ended before takes nothing
    parts = {"offers": (offer(capacity=2),), "educators": (educator("E1"), educator("E2"))}
    host = agency(maximum_at_once=2)
    taken_by_other = Commitment(agency="A", first_day=date(2026, 1, 1), last_day=date(2026, 2, 1))
    over = Commitment(agency="A", first_day=date(2025, 1, 1), last_day=date(2026, 1, 4))
    assert len(taken(dataset(**TWO, **parts, agencies=(host,), commitments=(taken_by_other,)))) == 1
    assert len(taken(dataset(**TWO, **parts, agencies=(host,), commitments=(over,)))) == 2
    busy = Commitment(pe="E1")
    assert taken(dataset(commitments=(busy,))) == {}


def test_two_placements_of_a_student_go_together() -> None:
    # the first is not statutory, so the final must be (L04): O2 is nearer than O3 and not statutory
    data = dataset(
        tranches=(tranche(), tranche("T2", first_day=date(2026, 9, 7))),
        requests=(request("S1/first"), request("S1/final", tranche="T2")),
        offers=(
            offer("O1", statutory_regulator="no"),
            offer("O2", team="Y", tranche="T2", earliest_start=date(2026, 9, 7), statutory_regulator="no", areas=("a",)),
            offer("O3", team="Z", tranche="T2", earliest_start=date(2026, 9, 7), place="P2", areas=("b",)),
        ),
        educators=(educator("E1"), educator("E2", team="Y"), educator("E3", team="Z")),
        travel=(*travel(), *travel(destination="P2", minutes=50)),
    )  # fmt: skip
    assert taken(data) == {"S1/first": ("O1", "E1"), "S1/final": ("O3", "E3")}


def test_a_final_without_its_first_is_not_placed() -> None:
    data = dataset(
        requests=(request("S1/first", set_aside="days"), request("S1/final", tranche="T1")), offers=(offer("O1"),)
    )
    assert taken(data) == {}


def test_a_fixed_request_comes_first() -> None:
    fix = Decision(decision="fix", id="D1", request="S2/first", student="S2", offer="O1")
    assert taken(dataset(**TWO, decisions=(fix,))) == {"S2/first": ("O1", "E1")}


def test_an_offer_that_opens_for_several_only_is_not_opened_by_one() -> None:
    assert taken(dataset(offers=(offer(capacity=3, minimum=2, educators=named("E1")),))) == {}
