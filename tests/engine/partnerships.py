"""Partnerships whose relaxed bounds no plan reaches, and others that more than one test looks at."""

from datetime import date
from typing import Any

from models.dataset import Dataset
from models.entities import Offer
from tests import builders as b

SEPTEMBER = date(2026, 9, 7)
"""A Monday of the academic year 2026-27."""
INDEPENDENT: dict[str, Any] = {"employed_by": "independent", "team": None, "serves": ("A",)}


def firsts(number: int) -> dict[str, Any]:
    """Students S1, S2, ... with a first each."""
    names = [f"S{i}" for i in range(1, number + 1)]
    return {"students": tuple(map(b.student, names)), "requests": tuple(b.request(f"{n}/first") for n in names)}


def remade(data: Dataset, **parts: Any) -> Dataset:
    """The dataset with whole collections replaced; made anew, since a copy would keep the lookups of the old one."""
    return Dataset(**{name: getattr(data, name) for name in Dataset.model_fields} | parts)


def minimum_beyond_the_load() -> Dataset:
    """Two firsts; O1 opens for two or none; its one PE takes one: relaxed 1 (half opened), in truth nobody."""
    return b.dataset(offers=(b.offer(capacity=2, minimum=2),), **firsts(2))


def cap_in_two_years() -> Dataset:
    """Two academic years with an own PE for two and an independent for one each, and four firsts each.

    Under the cap of 20%, with two own placements a year, I <= (2 + I) / 5, so I <= 1/2: relaxed 5 in both years
    together, in truth 4. The row of the cap alone, with four who could have an own PE, would allow I <= (4 + I) / 5: 1.
    """
    years = {"a": None, "b": SEPTEMBER}
    students, requests, offers, educators = [], [], [], []
    for year, start in years.items():
        begins = start or b.MONDAY
        for i in range(4):
            students.append(b.student(f"S{year}{i}"))
            dates = {"latest_end": date(2026, 8, 1)} if start is None else {"earliest_start": start}
            requests.append(b.request(f"S{year}{i}/first", **dates))
        own, alone = b.named(f"E{year}"), b.named(f"I{year}")
        offers.append(b.offer(f"O{year}1", earliest_start=begins, capacity=2, educators=own))
        offers.append(b.offer(f"O{year}2", earliest_start=begins, educators=alone))
        educators += [b.educator(f"E{year}", load=2), b.educator(f"I{year}", **INDEPENDENT)]
    return b.dataset(
        students=tuple(students), requests=tuple(requests), offers=tuple(offers), educators=tuple(educators)
    )


def half_opened_offers(pairs: int) -> Dataset:
    """``pairs`` times the partnership whose offer opens for two and has a PE for one, each in a team of its own."""
    names = [f"S{i}" for i in range(1, 2 * pairs + 1)]
    teams = [f"X{i}" for i in range(1, pairs + 1)]
    return b.dataset(
        students=tuple(map(b.student, names)),
        requests=tuple(b.request(f"{n}/first") for n in names),
        offers=tuple(b.offer(f"O{t}", team=t, capacity=2, minimum=2) for t in teams),
        educators=tuple(b.educator(f"E{t}", team=t) for t in teams),
    )


def with_a_row_for_every_place(data: Dataset) -> Dataset:
    """Offers divided into rows of one place each, as many workbooks have them; those of others' rows stay."""
    named = {p.offer for p in data.published} | {d.offer for d in data.decisions}
    offers: list[Offer] = []
    for offer in data.offers:
        if offer.offer in named or offer.capacity == 1:
            offers.append(offer)
        else:
            rows = [f"{offer.offer}-{i + 1}" for i in range(offer.capacity)]
            offers += [offer.model_copy(update={"offer": row, "capacity": 1, "minimum": None}) for row in rows]
    return remade(data, offers=tuple(offers))
