"""The figures that a meeting looks up first, each as a card: now, firm, the target, and the year before."""

from collections.abc import Mapping
from typing import NamedTuple

from allocator.views.facts import Facts
from allocator.views.figures import Figure, figures
from allocator.views.past import PastYears, past_words
from allocator.views.year import MAIN, Year
from models.policy import Policy

SHOWN = ("M01", "M02", "M03", "M04", "M06")
"""Figures of which a meeting looks up the first, of M02 each programme's."""


class Card(NamedTuple):
    """A figure at a glance: words, and the same as percentages for whoever draws them (None: there is none).

    ``last``: the year before and its value, blank where there is none.
    """

    rule: str
    title: str
    words: str
    firm_words: str
    target: str
    last: str
    percent: float | None
    firm: float | None
    aim: int | None


def headline_figures(year: Year) -> list[Figure]:
    """The first of each figure of BA, MSW and other programmes; of M02 each programme's.

    Parameters
    ----------
    year
        The academic year of a plan.
    """
    rows = [row for row in figures(year) if row.rule in SHOWN and row.group == MAIN]
    return [row for n, row in enumerate(rows) if row.rule == "M02" or row.rule not in {r.rule for r in rows[:n]}]


def headlines(facts: Facts) -> list[Card]:
    """Those that have a value, as cards.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    names, aims = PastYears(facts).years, aims_of(facts.policy)
    found = (row for row in headline_figures(Year(facts)) if row.all.percent is not None)
    return [_card(row, names[-1] if names else "", aims.get(row.rule)) for row in found]


def aims_of(policy: Policy) -> Mapping[str, int]:
    """The targets that are percentages, by figure."""
    return {
        "M01": policy.partner_share_percent, "M03": policy.independent_cap_percent,
        "M06": policy.trainee_finals_percent,
    }  # fmt: skip


def _card(figure: Figure, year: str, aim: int | None) -> Card:
    before = past_words(figure.past[-1], share=True) if figure.past and figure.past[-1] is not None else ""
    return Card(
        figure.rule, figure.title, figure.all.words, figure.firm_words, figure.target,
        f"{year}: {before}" if before else "", figure.all.percent, None if figure.ceiling else figure.firm.percent, aim,
    )  # fmt: skip
