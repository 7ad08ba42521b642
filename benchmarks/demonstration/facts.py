"""What the demonstration partnership consists of: agencies with their teams, and areas.

From the published reports: the partner agencies, their membership and directorate, and the two totals of social
workers (500 adults', 1,310 children and family). Invented: how the totals divide, every team and its office, all
agencies outside, all numbers of places and educators.
"""

from typing import NamedTuple

AREAS: dict[str, str] = {
    "child protection": "children",
    "children in care": "children",
    "care leavers": "children",
    "fostering and adoption": "children",
    "youth justice": "children",
    "disabled children": "children",
    "early help": "children",
    "older adults": "adults",
    "learning disability": "adults",
    "adult mental health": "adults",
    "physical disability": "adults",
    "hospital": "adults",
    "substance use": "adults",
    "homelessness": "adults",
}
"""Area of practice to adults or children."""


class TeamFacts(NamedTuple):
    """A team's office, areas and, where it is not the agency's, its authority and statutory standing."""

    team: str
    place: str
    areas: tuple[str, ...]
    authority: str | None = None
    statutory: str | None = None


class AgencyFacts(NamedTuple):
    """An agency: ``places`` are offered per tranche (January, May, next January), ``educators`` its PEs, at scale 1.

    ``statutory`` is by the regulator's test (tasks), ``by_setting`` by the partnership's; ``drivers_percent`` is the
    part of its offers for car drivers only.
    """

    agency: str
    kind: str | None
    directorate: str
    membership: str
    authorities: tuple[str, ...]
    workers: int | None
    places: tuple[int, int, int]
    educators: int
    statutory: str
    by_setting: str
    setting: str | None
    drivers_percent: int
    teams: tuple[TeamFacts, ...]
    programmes: tuple[str, ...] = ()
    asks_decision: bool = False
