"""The sheets about hosts: Agencies, Teams, Offers, Educators, Places, Travel, Commitments."""

# ruff: noqa: E501  (a column is a line)

from allocator.reading.columns import Sheet, column, evidence, statutory
from allocator.reading.sheets_people import STAGES

NOBODY_NEW = "nobody new is placed there until it can be read"
KINDS = ("authority", "trust", "voluntary", "private")
QUALIFICATIONS = ("PEPS1", "PEPS2", "trainee_1", "trainee_2")

QUALIFIED = ("PEPS1", "PEPS2")

AGENCIES = Sheet(
    "Agencies",
    "an agency",
    (
        column("agency", "id", "the agency's id; a council's adults' and children's services are two agencies", width=24),
        column("name", "text", "the agency's full name", "the id", width=30),
        column("kind", "word", "a company owned by councils is an authority", "not known", allowed=KINDS),
        column("directorate", "word", "adults, children or both", "both", allowed=("adults", "children", "both")),
        column("membership", "word", "membership of the partnership", "outside", allowed=("primary", "secondary", "outside")),
        column("authorities", "references", "the councils it serves", "none", width=22),
        column("also_called", "references", "other names on other sheets", "none", width=22),
        column("social_workers_fte", "decimal", "full-time-equivalent qualified social workers (permanent)", "no fair-share range", low=0),
        column("maximum_at_once", "whole", "most placements on any day, other programmes included", "no limit", low=0, limits=True, unreadable=NOBODY_NEW),
        column("minimum_in_year", "whole", "least placements of an academic year, by their start, those that are over counted", "no limit", low=0, asks=True, unreadable="nothing is asked of the agency, and every match there waits, until it can be read"),
        column("maximum_in_year", "whole", "most placements of an academic year, by their start, those that are over counted", "no limit", low=0, limits=True, unreadable=NOBODY_NEW),
        column("nqsw_posts", "whole", "newly qualified posts a year", "not stated", low=0, high=10_000),
        column("internships", "whole", "interns that it takes", "not stated", low=0, high=1000),
        column("asked_on", "date", "asked for offers on", "not recorded"),
        column("heard_from", "date", "last answer on", "not recorded"),
        column("attended", "dates", "allocation meetings at which it was", "none recorded", width=22),
        column("asks_decision", "yes_no", "yes: every match waits for the agency's answer", "no", asks=True),
        column("part", "text", "part of the partnership (with rule.E20 on)", "students of every part"),
    ),
    key=("agency",),
    absent="agencies are made from Offers, all outside the partnership: no fair share, no councils, no other names",
)  # fmt: skip

TEAMS = Sheet(
    "Teams",
    "a team (offers take their blanks from here)",
    (
        column("agency", "reference", "the team's agency", width=24),
        column("team", "id", "the team", width=22),
        column("place", "place", "postcode district of the team's base", "not known"),
        column("areas", "open_words", "areas of practice", "not known", words="areas", width=20),
        column("setting", "open_word", "setting", "the agency's kind", words="settings"),
        *statutory("what a student does there", "not known (to ask; counted nowhere)"),
        *evidence("not stated"),
        column("authorities", "references", "the councils that the team serves", "the agency's", width=22),
        column("front_line", "yes_no", "a front-line team", "not known"),
        column("vacancies", "whole", "posts that are vacant", "not stated", low=0, high=1000),
        column("maximum_at_once", "whole", "most placements on any day, other programmes included", "no limit", low=0, limits=True, unreadable=NOBODY_NEW),
        column("part", "text", "part of the partnership (with rule.E20 on)", "the agency's"),
    ),
    key=("agency", "team"),
)  # fmt: skip

OFFERS = Sheet(
    "Offers",
    "places in a team",
    (
        column("offer", "id", "the offer's id", "numbered"),
        column("agency", "reference", "the agency", least=True, width=24),
        column("team", "reference", "the team", least=True, width=22),
        column("place", "place", "postcode district of the team's base; never the full postcode", "the team's", least=True),
        column("areas", "open_words", "areas of practice", "the team's", words="areas", least=True, width=28),
        column("setting", "open_word", "setting", "the team's, else the agency's kind", words="settings"),
        *statutory("what a student does there", "the team's, else not known (to ask; counted nowhere)"),
        *evidence("the team's"),
        column("equivalence_by", "text", "who approved the equivalence: initials or role", "not recorded"),
        column("equivalence_on", "date", "when the equivalence was approved", "not recorded"),
        column("stage", "word", "stage that it takes", "either", allowed=(*STAGES, "either"), limits=True, unreadable=NOBODY_NEW),
        column("tranche", "reference", "the round", "the tranche being decided", limits=True, width=20),
        column("capacity", "whole", "places, net of other programmes", "1", low=0, high=1000, limits=True, unreadable=NOBODY_NEW, none=True),
        column("minimum", "whole", "least students", "none", low=0, high=1000, limits=True, unreadable=NOBODY_NEW, none=True),
        column("minimum_kind", "word", "if_opened: at least so many or none; always: at least so many", "if_opened", allowed=("if_opened", "always"), limits=True, unreadable=NOBODY_NEW, beside="minimum"),
        column("earliest_start", "date", "not before", "the tranche's first day", limits=True, unreadable=NOBODY_NEW),
        column("latest_start", "date", "start not after", "the tranche's", limits=True, unreadable=NOBODY_NEW),
        column("latest_end", "date", "end not after", "the tranche's", limits=True, unreadable=NOBODY_NEW),
        column("days_a_week", "decimal", "days a week (2.5 is allowed)", "as many as the request takes at most", low=1, high=5, limits=True, unreadable=NOBODY_NEW),
        column("driver_essential", "yes_no", "car driver essential", "no", limits=True, unreadable=NOBODY_NEW),
        column("features", "open_words", "what it has, such as step-free", "nothing stated", words="features", width=20),
        column("cannot", "open_words", "what it cannot offer", "nothing stated", words="features", width=20),
        column("universities", "references", "only for these universities", "all", width=18),
        column("programmes", "open_words", "only for these programmes", "all", words="programmes", width=18),
        column("reserved_for", "text", "kept for a programme, university or student", "nobody", width=18),
        column("reserved_until", "date", "the last day that it is kept for them", "always"),
        column("educators", "educators", "who supervises", "any PE who reaches the team; one to be named as educators_to_be_found says", width=24),
        column("on_site_supervisor", "word", "needed only where the PE is not in the team", "to_be_named", allowed=("yes", "to_be_named", "no"), width=18),
        column("spokes", "spokes", "other sites, and how many of a student's days are there: agency/team/place=days", "none: all days in the team", limits=True, unreadable=NOBODY_NEW, width=24),
        column("authorities", "references", "the councils that it serves", "the team's, else the agency's", width=22),
        column("state", "word", "firm, or a forecast", "firm", allowed=("firm", "forecast"), asks=True),
        column("probability", "decimal", "of a forecast, from 0 to 1 (scenarios only)", "not stated", low=0, high=1),
        column("received_on", "date", "received on", "not recorded"),
        column("note", "text", "for the team's own files only", "none", width=30),
    ),
    key=("offer",),
    required=True,
)  # fmt: skip

EDUCATORS = Sheet(
    "Educators",
    "a practice educator (PE)",
    (
        column("pe", "id", "the PE's reference; never a name"),
        column("employed_by", "reference", "an agency, partnership or independent", width=24),
        column("team", "reference", "the PE's own team", "none: serves the agency, as elsewhere in it", width=22),
        column("qualification", "word", "qualification", allowed=QUALIFICATIONS),
        column("practice_assessor", "reference", "of a trainee: a PE or university", "to be named"),
        column("registered", "word", "registered as a social worker; never the number", "not_checked", allowed=("yes", "no", "not_checked")),
        column("current_until", "date", "counts as current until", "not recorded"),
        column("last_student", "date", "had a student last on", "not recorded"),
        column("load", "decimal", "most students at once, other programmes included (1.5 is allowed: what is left counts whole students)", "1; consultants and independents 2; trainees 1", low=0, high=100, limits=True, unreadable=NOBODY_NEW, none=True),
        column("available_from", "date", "available from", "now", limits=True, unreadable=NOBODY_NEW),
        column("leaves_on", "date", "leaves on", "stays", limits=True, unreadable=NOBODY_NEW),
        column("absent_from", "date", "away from", "not away", protects=True),
        column("absent_to", "date", "away to", "not away; open if absent_from is filled", protects=True),
        column("long_arm", "yes_no", "serves other teams of the agency", "no"),
        column("serves", "places", "agencies or places that a consultant or independent serves", "none", width=24),
        column("fall_back", "reference", "the PE who takes over from a trainee", "none"),
        column("needs_student_by", "date", "a trainee who needs a student by", "no need"),
        column("qualifies_on", "date", "the day on which the PE qualifies, or did", "stays as qualification says"),
        column("becomes", "word", "what the PE is from qualifies_on on", "with qualifies_on: PEPS1 of a trainee_1, else PEPS2", allowed=QUALIFIED),
        column("assesses_at_most", "whole", "of a practice assessor: most trainees at once; more are named in the report, and not refused", "not stated", low=0, high=100),
        column("note", "text", "for the team's own files only", "none", width=30),
    ),
    key=("pe",),
    absent="every PE is 'to be named': no loads across teams, no reach, no qualification is judged",
)  # fmt: skip

PLACES = Sheet(
    "Places",
    "a place",
    (
        column("place", "place", "a postcode district or a place's id"),
        column("latitude", "decimal", "degrees north", low=-90, high=90),
        column("longitude", "decimal", "degrees east (west is negative)", low=-180, high=180),
    ),
    key=("place",),
    absent="no travel can be estimated: only times on Travel count, other matches wait for a measured time",
)  # fmt: skip

TRAVEL = Sheet(
    "Travel",
    "a measured time",
    (
        column("from", "place", "where from"),
        column("to", "place", "where to"),
        column("mode", "word", "how", allowed=("car", "public")),
        column("minutes", "whole", "minutes one way", low=0, high=1440),
    ),
    key=("from", "to", "mode"),
)  # fmt: skip

COMMITMENTS = Sheet(
    "Commitments",
    "what another programme takes from a maximum or a load",
    (
        column("agency", "reference", "the agency that it takes from", "team or pe is filled", limits=True, width=24),
        column("team", "reference", "the team that it takes from", "agency or pe is filled", width=22),
        column("pe", "reference", "the PE that it takes from", "agency or team is filled", limits=True),
        column("programme", "text", "the other programme", "not recorded"),
        column("from", "date", "first day", "open"),
        column("to", "date", "last day", "open"),
        column("number", "decimal", "how many (0.5 is allowed)", "1", low=0, high=1000, limits=True, unreadable="all that there is counts as taken until it can be read"),
    ),
)  # fmt: skip
