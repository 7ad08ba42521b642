"""L11, by switch: a university's or programme's greatest part of the places that an agency offers in a year (S5.12).

agency, academic year of the offer's tranche, and name: sum of new x of its students <= max(0, limit - kept), where
limit = ceil(percent x places / 100) over the offers of the horizon that are not withdrawn.
"""

from collections import defaultdict

import numpy as np

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear
from models.dataset import Dataset
from models.entities import Offer, Student
from models.policy import Policy

RULE = "L11"
Account = tuple[str, int]
"""An agency, and the calendar year in which an academic year begins."""


def account_of(offer: Offer, dataset: Dataset, policy: Policy) -> Account | None:
    """Agency and academic year under which an offer counts; None where its tranche is not in the horizon."""
    tranche = dataset.tranche_by_id[offer.tranche]
    return None if tranche.status == "past" else (offer.agency, policy.academic_year(tranche.first_day))


def limits(dataset: Dataset, policy: Policy) -> dict[tuple[Account, str], int]:
    """The most placements of each university or programme with a part, by agency and academic year."""
    places: defaultdict[Account, int] = defaultdict(int)
    for offer in dataset.offers:
        account = account_of(offer, dataset, policy)
        if account is not None:
            places[account] += 0 if offer.withdrawn else offer.capacity
    return {
        (account, name): -(-percent * number // 100)
        for account, number in places.items()
        for name, percent in policy.agency_part_percent.items()
    }


def rows(model: Formulation) -> None:
    """One row for each agency, year and name."""
    accounts = [account_of(o, model.dataset, model.policy) for o in model.dataset.offers]
    numbers = {account: n for n, account in enumerate(dict.fromkeys(accounts))}
    of_match = np.array([numbers[a] for a in accounts], dtype=np.int64)[model.x.offer[model.new]]
    students = [model.terms.student(r) for r in model.requests]
    for name in model.policy.agency_part_percent:
        own = np.array([_is_of(name, s) for s in students], dtype=np.bool_)[model.x.request[model.new]]
        kept: defaultdict[Account | None, int] = defaultdict(int)
        for k in model.kept:
            kept[account_of(k.offer, model.dataset, model.policy)] += _is_of(name, model.terms.student(k.request))
        for (account, of), most in limits(model.dataset, model.policy).items():
            if of == name:
                here = model.new[own & (of_match == numbers[account])]
                subject = f"{name} at {account[0]} {account[1]}"
                model.program.add_row(
                    Linear.sum_of(here), rule=RULE, subject=subject, upper=max(0, most - kept[account])
                )


def _is_of(name: str, student: Student) -> bool:
    return name in (student.university, student.programme)
