"""Published figures of past years, shown beside a plan's own when the caller says whose they are."""

from models.base import Record


class PublishedYear(Record):
    """One academic year as published, in whole percent; None: not published.

    ``independents`` counts practice consultants too. ``remark`` belongs to ``statutory_by_partners``.
    """

    year: str
    statutory_by_partners: int | None = None
    ba_two_statutory: int | None = None
    msw_two_statutory: int | None = None
    ba_statutory_final: int | None = None
    msw_statutory_final: int | None = None
    independents: int | None = None
    remark: str | None = None


DEVELOPING_TOGETHER: tuple[PublishedYear, ...] = (
    PublishedYear(year="2017-18", independents=3),
    PublishedYear(
        year="2018-19",
        statutory_by_partners=47,
        ba_two_statutory=22,
        msw_two_statutory=85,
        ba_statutory_final=83,
        msw_statutory_final=90,
        independents=8,
    ),
    PublishedYear(
        year="2019-20",
        statutory_by_partners=68,
        ba_two_statutory=48,
        msw_two_statutory=71,
        ba_statutory_final=91,
        msw_statutory_final=87,
        independents=5,
    ),
    PublishedYear(
        year="2020-21",
        statutory_by_partners=80,
        ba_two_statutory=86,
        msw_two_statutory=100,
        ba_statutory_final=93,
        msw_statutory_final=100,
        independents=4,
    ),
    PublishedYear(
        year="2021-22",
        statutory_by_partners=73,
        ba_two_statutory=69,
        msw_two_statutory=92,
        ba_statutory_final=79,
        msw_statutory_final=92,
        independents=6,
        remark="if all May placements go ahead",
    ),
)
"""Public reports of the South West London and Surrey teaching partnership, 2020-22."""
