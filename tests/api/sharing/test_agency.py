"""An agency's part of a plan has what is its own, and nothing else."""

import json

import pytest

from allocator.views.facts import Facts
from api.problems import NotFoundError
from api.sharing.agency import agency_plan, form_of
from tests import builders as b
from tests.api.sharing.partnership import HIDDEN, MINE, OTHER, its_plan, two_agencies
from tests.report.looking import facts_of, match


@pytest.fixture(scope="module")
def facts() -> Facts:
    dataset = two_agencies()
    done = its_plan(dataset)
    return Facts(dataset, done.plan.policy, done.plan)


def test_its_offers_students_and_account(facts: Facts) -> None:
    mine = agency_plan(facts, MINE)
    assert [(o.offer, o.places, o.used) for o in mine.offers] == [("O-ALDER", 3, 2)]
    # Two places of three used: one is left over.
    assert mine.account is not None
    assert (mine.account.offered, mine.account.used, mine.account.unused) == (3, 2, 1)
    form, unused = mine.form
    student = form.headings.index("Student reference")
    assert {row[student] for row in form.rows} == {"S-ALDER", "S-ALDER2"}
    assert "Outcome: yes or no" in form.to_fill
    assert [row[0] for row in unused.rows] == ["O-ALDER"]


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_it_must_not_see(facts: Facts, kind: str) -> None:
    """Every word of these stands in the dataset, so a leak would show."""
    text, source = (
        agency_plan(facts, MINE).model_dump_json(),
        facts.dataset.model_dump_json() + facts.plan.model_dump_json(),
    )
    for word in HIDDEN[kind]:
        assert word in source
        assert word not in text
    assert "failed" not in text  # readiness of a student who is not theirs
    assert "large print" in text  # agreed to be shared


def test_an_agency_without_offers_has_its_account_alone() -> None:
    facts = facts_of(b.dataset(agencies=(b.agency(), b.agency("C"))))
    plan = agency_plan(facts, "C")
    assert (plan.offers, plan.form) == ((), ())
    assert plan.account is not None


def test_a_stranger_gets_nothing(facts: Facts) -> None:
    for name in ("", "alder trust", "Alder", "PE-ALDER"):
        with pytest.raises(NotFoundError):
            agency_plan(facts, name)
        with pytest.raises(NotFoundError):
            form_of(facts, name)


def test_forms_are_told_apart_as_the_report_does() -> None:
    # Both names make the same file name; the second has a number.
    facts = facts_of(
        b.dataset(offers=(b.offer(agency="A/B"), b.offer("O2", agency="A:B"))), match(),
    )  # fmt: skip
    assert {form_of(facts, "A/B"), form_of(facts, "A:B")} == {"agencies/A-B.xlsx", "agencies/A-B (2).xlsx"}


def test_the_other_agency_sees_its_own(facts: Facts) -> None:
    text = json.dumps(agency_plan(facts, OTHER).model_dump(mode="json"))
    assert "S-BIRCH" in text
    assert "ALDER" not in text
