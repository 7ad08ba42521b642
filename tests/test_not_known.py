"""What nobody has said yet: never "no", never silently firm, and the match says what to ask of whom."""

from allocator.intake import read_sheets
from allocator.pipeline import allocate
from models.plan import ProvisionalCode
from tests import builders as b
from tests.reading.sheets import TODAY
from tests.rules.case import policy
from tests.test_regressions import all_agree, values


def test_the_least_workbook_places_finals_and_says_what_to_ask() -> None:
    # Ten columns, and none says whether an offer is statutory: five finals, five places, all of them provisional.
    rows = [{"student": f"S{i}", "programme": "MSW", "home": "CR0", "stage": "final"} for i in range(1, 6)]
    offers = [{"agency": "A", "team": f"X{i}", "place": "CR0", "areas": "adults"} for i in range(1, 6)]
    given = {"Tranches": [{"tranche": "T1", "first_day": "2027-01-04"}], "Students": rows, "Offers": offers}
    found = read_sheets(given, {}, TODAY)
    result = allocate(found.dataset, found.policy)
    assert len(result.plan.matches) == 5
    assert result.check.passed
    for match in result.plan.matches:
        assert ProvisionalCode.STATUTORY in [w.code for w in match.waiting]
    [said] = [i for i in found.dataset.issues if i.code == "V415"]
    assert "provisional until somebody says" in said.message


def test_a_known_statutory_place_comes_before_one_that_may_be() -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),),
        offers=(b.offer("O1", statutory_regulator="not_known"), b.offer("O2", team="Y", state="forecast")),
        educators=(b.educator("E1"), b.educator("E2", team="Y")),
    )
    # statutory_final comes before firm: the forecast place that is statutory, not the firm one of which nobody knows.
    assert [m.offer for m in allocate(data, policy()).plan.matches] == ["O2"]
    assert all_agree(data)


def test_a_guarantee_that_rests_on_an_answer_is_not_firm() -> None:
    # S1's first was not statutory. O1's flag is not known: the match waits, counts once in firm and in no statutory tier.
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="no"),),
        offers=(b.offer("O1", statutory_regulator="not_known"),),
    )  # fmt: skip
    [match] = allocate(data, policy()).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [(ProvisionalCode.STATUTORY, "O1", "A")]
    found = values(data)
    assert (found["firm"], found["statutory_final"], found["two_statutory"]) == (1, 0, 0)
    assert all_agree(data)


def test_whether_the_first_was_statutory_is_asked_where_the_final_is_not() -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="not_known"),),
        offers=(b.offer("O1", statutory_regulator="no"),),
    )  # fmt: skip
    [match] = allocate(data, policy()).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [
        (ProvisionalCode.STATUTORY, "the first placement", "university")
    ]
    assert all_agree(data)


def test_a_final_that_is_statutory_asks_nothing_of_its_first() -> None:
    data = b.dataset(requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="not_known"),))
    [match] = allocate(data, policy()).plan.matches
    assert match.waiting == ()
