"""What a demonstration partnership consists of; the numbers of each stand in a module of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from benchmarks.demonstration import calibration as c

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
Shares = Mapping[str, int]
NO_SHARES: Shares = {}
NO_WORDS: Mapping[str, str] = {}


class TeamFacts(NamedTuple):
    """A team's office, areas and, where it is not the agency's, its authority and statutory standing."""

    team: str
    place: str
    areas: tuple[str, ...]
    authority: str | None = None
    statutory: str | None = None


class AgencyFacts(NamedTuple):
    """An agency: ``places`` are offered per round, in the order of rounds, ``educators`` its PEs, at scale 1.

    ``statutory`` is by the regulator's test (tasks), ``by_setting`` by the partnership's; ``drivers_percent`` is the
    part of its offers for car drivers only. ``programmes`` and ``universities``: those that it takes; none: all.
    """

    agency: str
    kind: str | None
    directorate: str
    membership: str
    authorities: tuple[str, ...]
    workers: int | None
    places: tuple[int, ...]
    educators: int
    statutory: str
    by_setting: str
    setting: str | None
    drivers_percent: int
    teams: tuple[TeamFacts, ...]
    programmes: tuple[str, ...] = ()
    asks_decision: bool = False
    universities: tuple[str, ...] = ()


class Round(NamedTuple):
    """A round: its dates, which stages its offers take, and how many of them are firm.

    ``not_statutory``: the stages where an agency's work is not statutory (none: as everywhere).
    ``any_programme``: agencies that take some programmes only take all in this round.
    """

    first_day: date
    last_start: date
    last_end: date
    status: Literal["past", "deciding", "later"]
    stages: Shares
    forecast: Shares
    not_statutory: Shares = NO_SHARES
    any_programme: bool = False


class Cohort(NamedTuple):
    """Students alike: what they need (stage and round), and what ties them.

    ``tie``: the locks of their requests: ``intern`` (agency, then its authority), ``adults`` (an adults' agency),
    ``authorities`` (Step Up), ``employer``; ``found_by_employer``: counted, not matched. ``first_start``: when the
    first of students who need only a final began. ``part``: the part of the partnership to which they are confined.
    """

    programme: str
    students: int
    requests: tuple[tuple[str, str], ...]
    scheme: str | None = None
    tie: Literal["intern", "adults", "authorities", "employer"] | None = None
    employers: tuple[str, ...] = ()
    authorities: tuple[tuple[str, ...], ...] = ()
    found_by_employer: bool = False
    first_start: date | None = None
    university: str | None = None
    part: str | None = None


class RingFenced(NamedTuple):
    """Places of an agency's own that a programme has until a release date; ``authority``: that of the team."""

    agency: str
    authority: str | None
    round: str
    stage: str
    programme: str
    places: int


class Taken(NamedTuple):
    """Placements at once that another programme takes of an agency in the spring."""

    agency: str
    programme: str
    number: int


class HubPlaces(NamedTuple):
    """Places of a hub that make one offer, and where else their students are: ``agency/team/place=days``."""

    places: int
    spokes: str | None = None


class Hub(NamedTuple):
    """A student hub: one PE, the hub lead, takes all its places. Spokes are teams of agencies of the partnership."""

    agency: str
    team: str
    round: str
    offers: tuple[HubPlaces, ...] = (HubPlaces(c.HUB_PLACES),)

    @property
    def places(self) -> int:
        """All that its lead takes."""
        return sum(offer.places for offer in self.offers)


class Partnership(NamedTuple):
    """A demonstration partnership, at scale 1.

    Dates are those of the calendar that the shared numbers use (:data:`calibration.AS_OF`); ``days_moved`` moves all
    of them at the end, ``round_names`` renames rounds.
    """

    name: str
    drawn_as: str
    """Where chance comes from: partnerships that are drawn as one have the same agencies, offers and PEs."""
    university: str
    rounds: Mapping[str, Round]
    agencies: tuple[AgencyFacts, ...]
    districts: Mapping[str, tuple[float, float]]
    around: frozenset[str]
    """Districts outside the partnership's area."""
    cohorts: tuple[Cohort, ...]
    ring_fenced: tuple[RingFenced, ...]
    hub: Hub
    taken: tuple[Taken, ...]
    educators_taken: Shares
    """PEs of councils whose one student in the spring is another programme's, by programme."""
    consultants: tuple[int, ...]
    """Load of each practice consultant."""
    consultants_in_past_round: int
    """Of the placements of the past round, those with a practice consultant."""
    independents: int
    far: str
    """The agency to which a student agreed to travel far."""
    newly_qualified: Shares = NO_SHARES
    """Newly qualified posts a year by authority (``""``: of all), which divide by the social workers employed."""
    parts: Mapping[str, str] = NO_WORDS
    """The part of the partnership in which a place is; none: it has no parts."""
    past: tuple[tuple[str, str, int, int | None], ...] = ()
    """Published figures of earlier years: year, measure, percent, target."""
    drives: Mapping[str | None, int] = c.DRIVES
    qualification: Shares = c.QUALIFICATION
    not_going_on: int = 0
    """PEs of councils at PEPS1 who would be PEPS2, had more gone on."""
    educators_of_offer: Shares = c.EDUCATORS_OF_OFFER
    no_educator_percent: int = c.NO_EDUCATOR_PERCENT
    policy: tuple[tuple[str, object], ...] = ()
    days_moved: int = 0
    round_names: Mapping[str, str] = NO_WORDS

    @property
    def deciding(self) -> str:
        """The round being decided."""
        return next(name for name, facts in self.rounds.items() if facts.status == "deciding")

    def by_name(self, agency: str) -> AgencyFacts:
        """An agency by its name."""
        return next(facts for facts in self.agencies if facts.agency == agency)
