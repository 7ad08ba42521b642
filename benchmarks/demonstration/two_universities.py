"""``two-universities``: a rural county and a small unitary authority, which two universities share.

Published (Kent and Medway): about 75 finals a year in the county and 30 in the unitary authority; 400 adults' and 702
children's social workers, and 50 and 130; 14 and 6 Step Up students; 25 and 6 apprentices; 84-86% of one university's
students live in the area; 100 + 100 days are those of two partnerships. 105 finals a year of the two universities are
derived: 75 and 30. Elsewhere a partnership uses places twice a year by staggering, and another offers some students
only one part of a county, so that remote places are used: both are here, and where is invented. So are all names, the
cohorts that make 105, teams, places, PEs, agencies outside, and rounds.
"""

from datetime import date

from benchmarks.demonstration.facts import (
    AgencyFacts,
    Cohort,
    Hub,
    HubPlaces,
    Partnership,
    RingFenced,
    Round,
    TeamFacts,
)
from benchmarks.demonstration.hosts import children_teams, council

SEPTEMBER, JANUARY, JUNE, NEXT_SEPTEMBER, NEXT_JANUARY = "SEP26", "JAN27", "JUN27", "SEP27", "JAN28"
FIRST, SECOND = "First University", "Second University"
COUNTY, UNITARY = "County", "Unitary Authority"
_NOT_STATUTORY = {"first": 50, "either": 20, "final": 30}
ROUNDS: dict[str, Round] = {
    SEPTEMBER: Round(
        date(2026, 9, 14), date(2026, 10, 12), date(2027, 3, 12), "past", {"final": 70, "either": 30}, {"firm": 100}
    ),
    JANUARY: Round(
        date(2027, 1, 5), date(2027, 2, 15), date(2027, 7, 30), "deciding",
        {"final": 44, "first": 26, "either": 30}, {"firm": 94, "forecast": 6}, _NOT_STATUTORY,
    ),
    JUNE: Round(
        date(2027, 6, 7), date(2027, 7, 5), date(2027, 12, 17), "later",
        {"final": 10, "first": 60, "either": 30}, {"firm": 50, "forecast": 50}, _NOT_STATUTORY, any_programme=True,
    ),
    NEXT_SEPTEMBER: Round(
        date(2027, 9, 13), date(2027, 10, 11), date(2028, 3, 10), "later",
        {"final": 70, "either": 30}, {"firm": 20, "forecast": 80},
    ),
    NEXT_JANUARY: Round(
        date(2028, 1, 4), date(2028, 2, 14), date(2028, 7, 28), "later",
        {"final": 75, "either": 25}, {"firm": 15, "forecast": 85},
    ),
}  # fmt: skip

_COUNTY_ADULTS = tuple(
    TeamFacts(f"{name} {where}", place, areas)
    for where, place in (("Thanet", "CT9"), ("Canterbury", "CT1"), ("Ashford", "TN23"), ("Maidstone", "ME15"),
                         ("Dartford", "DA1"), ("Dover", "CT16"))
    for name, areas in (("Older Adults", ("older adults",)), ("Learning Disability", ("learning disability",)))
)  # fmt: skip
_COUNTY_CHILDREN = tuple(
    team
    for where, place in (("Thanet", "CT9"), ("Canterbury", "CT1"), ("Ashford", "TN23"), ("Maidstone", "ME14"),
                         ("Dartford", "DA1"), ("Swale", "ME10"), ("Folkestone", "CT20"), ("Tunbridge Wells", "TN4"))
    for team in (
        TeamFacts(f"Safeguarding {where}", place, ("child protection",)),
        TeamFacts(f"Children in Care {where}", place, ("children in care",)),
    )
)  # fmt: skip
AGENCIES: tuple[AgencyFacts, ...] = (
    council(
        "County Children", "children", "primary", (COUNTY,), 702, (9, 62, 52, 15, 34), 78, 60,
        (*_COUNTY_CHILDREN, TeamFacts("Youth Justice", "ME16", ("youth justice",)),
         TeamFacts("Disabled Children", "CT2", ("disabled children",))),
    ),
    council("County Adults", "adults", "primary", (COUNTY,), 400, (6, 36, 32, 9, 22), 46, 60, _COUNTY_ADULTS),
    council(
        "Unitary Children", "children", "primary", (UNITARY,), 130, (3, 18, 16, 3, 12), 22, 10,
        (*children_teams("ME4"), TeamFacts("Leaving Care", "ME7", ("care leavers",))),
    ),
    council(
        "Unitary Adults", "adults", "primary", (UNITARY,), 50, (1, 9, 8, 1, 6), 11, 10,
        (TeamFacts("Older Adults", "ME4", ("older adults",)), TeamFacts("Hospital Discharge", "ME7", ("hospital",)),
         TeamFacts("Learning Disability", "ME8", ("learning disability",))),
    ),
    AgencyFacts(
        "Mental Health Trust", "trust", "adults", "secondary", (COUNTY, UNITARY), None, (2, 12, 11, 2, 8), 14,
        "yes", "yes", None, 20,
        (TeamFacts("Community Recovery East", "CT1", ("adult mental health",), COUNTY),
         TeamFacts("Community Recovery West", "ME16", ("adult mental health",), COUNTY),
         TeamFacts("Community Recovery North", "ME4", ("adult mental health",), UNITARY),
         TeamFacts("Crisis Team", "ME7", ("adult mental health",))),
        asks_decision=True,
    ),
    AgencyFacts(
        "Community Health Trust", "trust", "both", "outside", (COUNTY, UNITARY), None, (1, 6, 6, 1, 4), 6,
        "not known", "no", None, 20,
        (TeamFacts("Children's Therapies", "ME8", ("disabled children",)),
         TeamFacts("Discharge Support", "TN24", ("hospital",))),
    ),
    AgencyFacts(
        "Drug and Alcohol Service", "voluntary", "adults", "outside", (), None, (1, 5, 5, 1, 3), 2,
        "no", "no", None, 0,
        (TeamFacts("Recovery Service Coast", "CT11", ("substance use",)),
         TeamFacts("Recovery Service River", "ME4", ("substance use",))),
    ),
    AgencyFacts(
        "Domestic Abuse Charity", "voluntary", "children", "outside", (), None, (1, 5, 5, 1, 3), 1,
        "no", "no", None, 0,
        (TeamFacts("Family Support", "CT5", ("early help",)), TeamFacts("Refuge", "ME14", ("early help",))),
        ("BA",),
    ),
    AgencyFacts(
        "Schools Trust", "private", "children", "outside", (), None, (2, 9, 8, 2, 4), 0,
        "no", "no", "school", 20,
        (TeamFacts("Academy Coast", "CT10", ("early help",)), TeamFacts("Academy Marsh", "TN28", ("early help",)),
         TeamFacts("Primary School River", "ME2", ("early help",)),
         TeamFacts("Special School", "ME10", ("disabled children",))),
        ("BA",), universities=(FIRST,),
    ),
    AgencyFacts(
        "Homelessness Charity", "voluntary", "adults", "outside", (), None, (2, 5, 5, 2, 3), 1,
        "no", "no", None, 0,
        (TeamFacts("Day Centre", "CT2", ("homelessness",)), TeamFacts("Outreach", "ME7", ("homelessness",))),
        ("BA",), universities=(SECOND,),
    ),
    council(
        "Neighbouring Council Children", "children", "outside", ("Neighbouring Council",), None, (0, 4, 4, 1, 3), 6, 30,
        children_teams("DA6"),
    ),
)  # fmt: skip

COHORTS: tuple[Cohort, ...] = (
    Cohort("BA", 25, (("final", SEPTEMBER),), first_start=date(2026, 1, 12), university=SECOND),
    Cohort("BA", 40, (("final", JANUARY),), first_start=date(2026, 5, 11), university=FIRST),
    Cohort("MSW", 20, (("final", JANUARY),), first_start=date(2026, 5, 11), university=FIRST),
    Cohort("MSW", 20, (("final", JANUARY),), first_start=date(2026, 5, 11), university=SECOND),
    Cohort("BA", 13, (("first", JANUARY), ("final", NEXT_SEPTEMBER)), university=SECOND),
    Cohort("BA", 12, (("first", JANUARY), ("final", NEXT_SEPTEMBER)), university=SECOND, part="east"),
    Cohort("BA", 40, (("first", JUNE), ("final", NEXT_JANUARY)), university=FIRST),
    Cohort("MSW", 20, (("first", JUNE), ("final", NEXT_JANUARY)), university=FIRST),
    Cohort("MSW", 20, (("first", JUNE), ("final", NEXT_JANUARY)), university=SECOND),
    Cohort(
        "Step Up", 20, (("first", JANUARY), ("final", JUNE)), "step_up", "authorities",
        # 14 and 6: 7 and 3 of each 10
        authorities=((COUNTY,), (COUNTY,), (UNITARY,), (COUNTY,), (COUNTY,), (UNITARY,), (COUNTY,), (COUNTY,),
                     (UNITARY,), (COUNTY,)),
        university=SECOND,
    ),
    # 25 and 6 of 31: every fifth
    *(
        Cohort(
            "Apprenticeship", 31, requests, "apprentice", "employer",
            ("County Adults", "County Children", "County Adults", "County Children", "Unitary Children"),
            first_start=date(2026, 5, 11), university=FIRST,
        )
        for requests in ((("final", JANUARY),), (("first", JUNE),))
    ),
)  # fmt: skip

RING_FENCED: tuple[RingFenced, ...] = (
    RingFenced("County Children", None, JANUARY, "first", "Step Up", 8),
    RingFenced("Unitary Children", None, JANUARY, "first", "Step Up", 3),
    RingFenced("County Children", None, JUNE, "final", "Step Up", 8),
    RingFenced("Unitary Children", None, JUNE, "final", "Step Up", 3),
    *(
        RingFenced(agency, None, of, stage, "Apprenticeship", places)
        for agency, places in (("County Adults", 8), ("County Children", 6), ("Unitary Children", 3))
        for of, stage in ((JANUARY, "final"), (JUNE, "first"))
    ),
)  # fmt: skip

# Published of another partnership: a hub lead with up to 6 students. Invented: where it is, its spokes and their days.
HUB = Hub(
    "Unitary Children", "Assessment", JANUARY,
    (HubPlaces(2, "Drug and Alcohol Service/Recovery Service River=20"),
     HubPlaces(2, "Mental Health Trust/Crisis Team=25"),
     HubPlaces(2, "Unitary Children/Leaving Care=15; Schools Trust/Primary School River/ME2=10")),
)  # fmt: skip

_PLACES = """
CT1 51.28 1.09|CT2 51.29 1.08|CT3 51.28 1.21|CT4 51.22 1.06|CT5 51.35 1.03|CT6 51.36 1.13|CT7 51.37 1.30
CT8 51.38 1.34|CT9 51.38 1.39|CT10 51.36 1.43|CT11 51.34 1.41|CT12 51.34 1.37|CT13 51.27 1.33|CT14 51.22 1.39
CT15 51.17 1.28|CT16 51.14 1.30|CT17 51.13 1.29|CT18 51.12 1.15|CT19 51.09 1.17|CT20 51.08 1.16|CT21 51.07 1.08
DA1 51.45 0.21|DA2 51.43 0.23|DA3 51.38 0.31|DA4 51.39 0.23|DA6 51.46 0.14|DA7 51.47 0.15|DA9 51.45 0.28
DA10 51.44 0.30|DA11 51.43 0.35|DA12 51.43 0.39|DA13 51.38 0.35
ME1 51.37 0.50|ME2 51.39 0.48|ME3 51.44 0.55|ME4 51.38 0.53|ME5 51.35 0.53|ME7 51.38 0.56|ME8 51.36 0.60
ME9 51.34 0.72|ME10 51.34 0.74|ME11 51.41 0.75|ME12 51.42 0.80|ME13 51.30 0.89|ME14 51.28 0.54|ME15 51.25 0.53
ME16 51.27 0.49|ME17 51.23 0.58|ME19 51.29 0.40|ME20 51.30 0.46
TN4 51.15 0.25|TN9 51.19 0.27|TN12 51.16 0.42|TN13 51.28 0.18|TN14 51.30 0.16|TN15 51.30 0.27|TN17 51.10 0.54
TN22 50.98 0.10|TN23 51.14 0.86|TN24 51.15 0.89|TN25 51.14 0.94|TN27 51.16 0.72|TN28 50.98 0.95|TN30 51.07 0.69
"""
DISTRICTS: dict[str, tuple[float, float]] = {
    name: (float(latitude), float(longitude))
    for line in _PLACES.split("\n")
    for name, latitude, longitude in (entry.split() for entry in line.split("|") if entry)
}
"""Postcode district to latitude and longitude in degrees, rounded."""
EAST = frozenset(name for name in DISTRICTS if name.startswith("CT") or name in ("TN23", "TN24", "TN28"))

TWO_UNIVERSITIES = Partnership(
    name="two-universities",
    drawn_as="two-universities",
    university=FIRST,
    rounds=ROUNDS,
    agencies=AGENCIES,
    districts=DISTRICTS,
    around=frozenset(("DA6", "DA7", "TN22")),
    cohorts=COHORTS,
    ring_fenced=RING_FENCED,
    hub=HUB,
    taken=(),
    educators_taken={"ASYE": 6},
    consultants=(),
    consultants_in_past_round=0,
    independents=4,
    far="County Children",
    newly_qualified={COUNTY: 67, UNITARY: 12},
    parts={name: "east" if name in EAST else "west" for name in DISTRICTS},
    drives={"yes": 62, None: 38},
    policy=(("days_first", 100), ("rule.E20", "on")),
)
