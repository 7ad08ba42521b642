"""The sheets about rounds and students: Tranches, Students, Requests, History."""

# ruff: noqa: E501  (a column is a line)

from allocator.reading.columns import Sheet, column, statutory

STAGES = ("first", "final")
CHECKS = ("passed", "pending", "failed")

TRANCHES = Sheet(
    "Tranches",
    "a round of placements",
    (
        column("tranche", "id", "the name of the round, such as January finals", least=True, width=20),
        column("first_day", "date", "first day of its placements", least=True),
        column("last_start", "date", "latest start", "no limit", limits=True),
        column("last_end", "date", "latest end", "no limit", limits=True),
        column("status", "word", "whether it is being decided now", "deciding if it is the only tranche", allowed=("deciding", "later", "past"), meant=("deciding",)),
        column("stages", "words", "stages that it takes", "all", allowed=STAGES, meant=STAGES),
        column("programmes", "open_words", "programmes that it takes", "all", words="programmes", width=20),
    ),
    key=("tranche",),
    required=True,
)  # fmt: skip

STUDENTS = Sheet(
    "Students",
    "a student",
    (
        column("student", "id", "the student's reference; never a name", least=True),
        column("programme", "open_word", "the student's programme", least=True, words="programmes"),
        column("home", "place", "postcode district of the home, such as CR0; never the full postcode", least=True),
        column("stage", "word", "the placement to find; makes the request in the tranche being decided", "no request from this sheet", allowed=STAGES, meant=STAGES, least=True),
        column("university", "text", "the student's university", "the policy's university", width=18),
        column("drives", "yes_no", "has a car to use", "no"),
        column("mode", "word", "how the student travels", "car if the student drives, else public", allowed=("car", "public")),
        column("readiness", "word", "readiness for direct practice", "passed for a student who has only a final, else pending", allowed=CHECKS, asks=True),
        column("clearance", "word", "disclosure and barring, occupational health", "pending", allowed=CHECKS, protects=True),
        column("scheme", "word", "a scheme that ties the student to employers", "by programme", allowed=("intern", "step_up", "apprentice", "sponsored"), asks=True),
        column("employer_agency", "reference", "agency that employs the student", "not employed", width=20),
        column("employer_team", "reference", "team of the student's own job (barred)", "none", width=20),
        column("excluded", "references", "agencies, agency/team or PEs with a conflict of interest (barred)", "none", protects=True, width=24),
        column("limit_minutes", "whole", "the longest this student can travel, minutes one way", "the policy's limit", protects=True, low=1, high=600),
        column("adjustments", "open_words", "functional needs, such as step-free; never a diagnosis", "none", words="adjustments", protects=True, width=20),
        column("share_needs", "yes_no", "yes: the student agreed that the agency is told of the adjustments", "no"),
        column("caring", "yes_no", "cares for somebody (priority only)", "no"),
        column("preferred_areas", "open_words", "areas, best first", "no preference", words="areas", width=22),
        column("preferred_agencies", "references", "agencies, best first", "no preference", width=22),
        column("intern_choices", "references", "agencies that offer internships, best first", "no choice", width=22),
        column("ranked_offers", "ranking", "offers, best first: O12 > O7 = O9 (others are then not eligible)", "not ranked", width=20, limits=True),
        column("waiting_since", "date", "waiting for a place since (priority)", "not waiting"),
        column("lost_out_before", "text", "what the student missed before", "nothing"),
        column("part", "text", "part of the partnership to which the student is confined (with rule.E20 on)", "every part"),
        column("first_agency", "reference", "agency of the first placement, where History has no row", "not recorded", width=20),
        column("first_team", "reference", "team of the first placement", "not recorded", width=20),
        column("first_areas", "open_words", "areas of the first placement", "not recorded", words="areas", width=20),
        column("first_setting", "open_word", "setting of the first placement", "not recorded", words="settings"),
        column("first_statutory", "word", "whether the first placement was statutory", "not known", allowed=("yes", "no", "by_equivalence")),
        column("note", "text", "for the team's own files only", "none", width=30),
    ),
    key=("student",),
    required=True,
)  # fmt: skip

REQUESTS = Sheet(
    "Requests",
    "a placement to find, where Students.stage is not enough",
    (
        column("student", "reference", "the student's reference"),
        column("stage", "word", "first or final placement", allowed=STAGES, meant=STAGES, unreadable="the row cannot be used, and this placement is not looked for"),
        column("attempt", "whole", "1, or 2 for a repeat or a remainder", "1", low=1, high=9),
        column("tranche", "reference", "the round", "the tranche being decided", limits=True, width=20),
        column("days", "whole", "placement days still to do", "the policy's days of the stage, less those credited before", low=1, high=400, limits=True),
        column("days_a_week", "days_a_week", "days a week: 3 (at most 3), 2.5 or 3-5 (from 3 to 5)", "the programme's (policy)", limits=True),
        column("earliest_start", "date", "not before", "the offer's", limits=True),
        column("latest_end", "date", "not after", "the offer's", limits=True),
        column("repeat", "yes_no", "whether it repeats a placement", "yes if attempt is more than 1", asks=True),
        column("graduation_due", "yes_no", "yes only if the next tranche delays the award", "no"),
        column("locked_agencies", "references", "the only agencies for this request", "any", protects=True, width=22),
        column("locked_authorities", "references", "the only councils for this request", "any", protects=True, width=22),
        column("found_by", "word", "employer: found by the employer, counted but not matched; say when it is (earliest_start, latest_end); where: Published, locked_agencies or Students.employer_agency", "partnership", allowed=("partnership", "employer")),
        column("note", "text", "for the team's own files only", "none", width=30),
    ),
    key=("student", "stage", "attempt"),
)  # fmt: skip

HISTORY = Sheet(
    "History",
    "a placement that the student had",
    (
        column("student", "reference", "the student's reference"),
        column("stage", "word", "first or final placement", allowed=STAGES, meant=STAGES),
        column("agency", "reference", "where it was", "not recorded", width=20),
        column("team", "reference", "the team (need not be listed)", "not recorded", width=20),
        column("areas", "open_words", "areas of practice", "not recorded", words="areas", width=20),
        column("setting", "open_word", "setting", "not recorded", words="settings"),
        *statutory("the placement that was done", "not known (to ask; counted nowhere)"),
        column("start", "date", "its first day", "not recorded"),
        column("outcome", "word", "how it ended", "passed", allowed=("passed", "failed", "ended_early"), asks=True),
        column("days_credited", "whole", "placement days that count", "all if passed, else 0", low=0, high=400),
        column("pe", "reference", "the practice educator", "not recorded"),
        column("pe_kind", "text", "the practice educator's kind then", "not recorded"),
    ),
    absent="finals count as 'first placement not recorded' unless Students has the first_ columns: only offers that are statutory, or may be",
)  # fmt: skip
