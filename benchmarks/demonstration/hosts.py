"""Agencies and teams in short: what councils of every partnership have."""

from benchmarks.demonstration.draw import scaled
from benchmarks.demonstration.facts import AgencyFacts, TeamFacts


def children_teams(place: str, authority: str | None = None) -> tuple[TeamFacts, ...]:
    """The usual teams of children's services at a place."""
    suffix = f" {authority}" if authority else ""
    return (
        TeamFacts(f"Assessment{suffix}", place, ("child protection",), authority),
        TeamFacts(f"Safeguarding{suffix}", place, ("child protection", "early help"), authority),
        TeamFacts(f"Children in Care{suffix}", place, ("children in care",), authority),
    )


def adults_teams(place: str) -> tuple[TeamFacts, ...]:
    """The usual teams of adults' services at a place."""
    return (
        TeamFacts("Older Adults", place, ("older adults",)),
        TeamFacts("Learning Disability", place, ("learning disability",)),
        TeamFacts("Hospital Discharge", place, ("hospital", "older adults")),
        TeamFacts("Mental Health", place, ("adult mental health",)),
    )


def council(
    agency: str, directorate: str, membership: str, authorities: tuple[str, ...], workers: int | None,
    places: tuple[int, ...], educators: int, drivers_percent: int, teams: tuple[TeamFacts, ...],
) -> AgencyFacts:  # fmt: skip
    """A council's adults' or children's services: statutory by either test."""
    return AgencyFacts(
        agency, "authority", directorate, membership, authorities, workers, places, educators,
        "yes", "yes", None, drivers_percent, teams,
    )  # fmt: skip


def teams_of(agency: AgencyFacts, scale: float) -> list[TeamFacts]:
    """An agency's teams at a scale: the same ones again, numbered, where it grows."""
    number = max(len(agency.teams), scaled(len(agency.teams), scale))
    rounds = [(copy, team) for copy in range(1, number + 1) for team in agency.teams][:number]
    return [team if copy == 1 else team._replace(team=f"{team.team} {copy}") for copy, team in rounds]
