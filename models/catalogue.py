"""The rule catalogue: one id, one statement, one place for a rule's words.

Messages, ``placements rules``, ``models/RULES.md``, report columns and policy switches are rendered from here.
Kinds: H hard; W hard, but a named person may make an exception; A aim; M monitored. Basis: [P] the partnership's
published documents, [E] national evaluation 2019, [K] Kent and Medway case study, [S] the regulator's standards as
reported publicly, [B] PE standards as published by employers and universities, [D] a policy default to be confirmed.
"""

from typing import Literal

from models.base import Record

Family = Literal["eligibility", "limit", "monitored"]
Grain = Literal["request", "offer", "educator", "plan", "figure"]


class Rule(Record):
    """One rule: its words and its place. ``statement`` names settings in braces; ``Policy.stated`` fills them in.

    ``blocks`` completes "This offer cannot be used because ..."; ``unblocked_by`` says who can lift it.
    ``grain``: what it judges: a request alone, request and offer, the PE, the plan, or a figure of the report.
    """

    id: str
    title: str
    statement: str
    kind: str
    family: Family
    grain: Grain
    basis: str
    blocks: str = ""
    unblocked_by: str = ""
    settings: tuple[str, ...] = ()
    switchable: bool = True


def _e(id: str, title: str, statement: str, kind: str, grain: Grain, basis: str, blocks: str, unblocked_by: str,
       *settings: str) -> Rule:  # fmt: skip
    return Rule(id=id, title=title, statement=statement, kind=kind, family="eligibility", grain=grain, basis=basis,
                blocks=blocks, unblocked_by=unblocked_by, settings=settings)  # fmt: skip


def _l(id: str, title: str, statement: str, kind: str, basis: str, blocks: str, unblocked_by: str, *settings: str,
       switchable: bool = True) -> Rule:  # fmt: skip
    return Rule(id=id, title=title, statement=statement, kind=kind, family="limit", grain="plan", basis=basis,
                blocks=blocks, unblocked_by=unblocked_by, settings=settings, switchable=switchable)  # fmt: skip


def _m(id: str, title: str, statement: str, basis: str, *settings: str) -> Rule:
    return Rule(id=id, title=title, statement=statement, kind="M", family="monitored", grain="figure", basis=basis,
                settings=settings, switchable=False)  # fmt: skip


RULES: tuple[Rule, ...] = (
    _e("E01", "Stage, tranche and dates", "The offer takes the stage (first, final or either), is in the request's tranche, and its dates hold the request's days ({days_first} for a first, {days_final} for a final where nothing else is said); "
       "up to 10 days short by exception.", "H; days short: W", "offer", "S P E",
       "it does not take this stage, tranche or length", "the agency (dates or stage) or the university (days short)", "days_first", "days_final"),
    _e("E02", "Readiness and clearance", "The student has not failed readiness or clearance; pending is provisional.", "H", "request", "P",
       "the student has not passed readiness or clearance", "the university"),
    _e("E03", "Car driver essential", "A car-driver-essential offer needs a student who drives, or the adjustment 'driving covered' which the offer lists.", "H", "offer", "D",
       "it is car driver essential", "the agency (cover the driving)"),
    _e("E04", "Travel", "Travel each way is within the student's and the policy's limit ({travel_limit} minutes); locked students are exempt from the policy's. An estimate excludes only beyond {travel_estimate_percent}% of the limit.", "W", "offer", "D",
       "it is too far", "a named person (exception) or a measured time", "travel_limit", "travel_target", "travel_amber", "travel_estimate_percent"),
    _e("E05", "Conflict of interest", "Agencies, teams and PEs that the student declared are out; so is the team of an employed student's own job.", "H", "offer", "S D",
       "there is a conflict of interest", "nobody"),
    _e("E06", "Agency's decision", "An agency that declined this student is out; 'to ask' is provisional.", "H", "offer", "P", "the agency declined", "the agency"),
    _e("E07", "Adjustments", "An offer that says it cannot meet one of the student's adjustments is out; where it says nothing, provisional.", "H", "offer", "D",
       "it cannot meet an adjustment", "the agency (meet the adjustment)"),
    _e("E08", "Locked students", "Locked requests stay with their agencies and authorities: interns, Step Up, apprentices, sponsored staff.", "H", "offer", "P",
       "the student is locked to other agencies or authorities", "the university (the lock)"),
    _e("E09", "Programme, university, days a week", "The offer accepts programme and university; a reservation for another holds on its last day, too (reserved_until); days a week suit.", "H", "offer", "E D",
       "it is for another programme, university or pattern of days", "the agency (release or pattern)"),
    _e("E10", "Not the same team twice", "Not a team where the student was placed before, in history or in this plan.", "H", "offer", "D", "the student was in this team before", "nobody"),
    _e("E11", "PE qualification", "By the qualification on the day the match starts (from 'qualifies_on' on what the PE 'becomes'): PEPS1 takes firsts; PEPS2 any; a stage 1 trainee firsts, a stage 2 trainee any, each with a current PEPS2 practice assessor. PEPS1 on a final with a PEPS2 assessor by exception.",
       "H; PEPS1 on a final: W", "educator", "B", "no PE there is qualified for this stage", "the agency (a PEPS2, or an assessor) or a named person (exception)", "trainee_finals_percent"),
    _e("E12", "PE registered and current", "The PE is registered (hard), and current on the start date by a student (or qualifying) in the {currency_months} months before, or a refresher (exception possible).", "registered: H; current: W", "educator", "B D",
       "no PE there is registered and current", "the PE (refresher) or a named person (exception)", "currency_months"),
    _e("E13", "Away or declined", "A PE who is away on any working day of the window is out; so are pairs that PE, team, agency or student declined.", "H", "educator", "D",
       "the PE is away, or somebody declined", "the agency (another PE)"),
    _e("E14", "On-site supervisor", "A PE who is not in the team needs an on-site supervisor there (named, or to be named: provisional).", "H", "educator", "B P",
       "there is no on-site supervisor for an off-site PE", "the agency (name a supervisor)"),
    _e("E15", "Reach", "An agency's PE serves their own team, and other teams of the agency if long-arm or without a team; consultants and independents serve the agencies or places listed for them.", "H", "educator", "D",
       "no PE reaches this team", "the agency or the partnership (a PE who serves it)"),
    _e("E16", "Decisions", "Fix, do not match, withdrawn and declined hold.", "H", "offer", "D", "a decision forbids it", "whoever made the decision"),
    _e("E17", "Ranked offers", "Where a student ranks offers, unlisted ones are not eligible.", "H", "offer", "D", "the student did not rank it", "the student"),
    _e("E18", "Repeat placements", "A repeat goes to another team (hard), another agency, another PE, and a PEPS2 who is no trainee (each by exception).", "H; agency, PE, PEPS2: W", "educator", "D",
       "it is not suitable for a repeat placement", "a named person (exception)"),
    _e("E19", "Named PEs", "An offer's named PEs are the only ones for it, also where they have all left (then only whom the plan in force has there may have another who reaches); 'to be named' and 'own' entries are pools for that offer only. "
       "Where nobody is named, listed PEs who reach; one to be named beside them: {educators_to_be_found} (never; where_none_listed: the agency has nobody on Educators, those who left counted as listed; always: as a last resort).", "H", "educator", "P D",
       "its named PEs cannot take this request", "the agency (name another PE)", "educators_to_be_found"),
    _e("E20", "One part of the partnership", "By switch: a student who is of a part of the partnership has places in that part alone; where the student or the place has none, anywhere; not known is provisional.", "H, off", "offer", "E D",
       "it is in another part of the partnership", "the partnership (the student's part, or the team's)"),
    _l("L01", "One match, one PE", "A request has at most one match, with exactly one PE (named or to be named; a kept match may read 'PE needed').", "H", "D", "the request has its match", "nobody", switchable=False),
    _l("L02", "Capacity", "An offer's capacity counts all its matches, and places that a decision holds for others; a team's and an agency's maximum at once counts matches and commitments on every working day.", "H", "P", "the places are taken", "the agency (more places)"),
    _l("L03", "PE load", "A PE's students on any day, over all offers together, commitments taken off, are at most the load; of fractions what is left counts whole students.", "H", "E", "the PE's load is taken", "the agency (another PE, or a greater load)"),
    _l("L04", "Statutory guarantee", "Of a student's two placements at least one is statutory (another number by programme: {statutory_least}; of two each one), by the test that the policy names ({statutory_test}); where that is not known of one, provisional.", "H", "S P E D", "too few of the two placements would be statutory", "the agency (a statutory place)", "statutory_test", "statutory_least"),
    _l("L05", "Contrast", "A student's two placements contrast ({contrast}; any: a new area or another setting, which one that is not known may be, and the match waits; directorate: an area of the other directorate, children's or adults').", "H", "S E D", "the two placements would not contrast", "the partnership (policy) or another place", "contrast", "locked_contrast_by_team"),
    _l("L06", "First before final", "A final in the horizon only with its first, and after it.", "H", "P E", "the first placement is not placed before it", "the agency (dates) or the university"),
    _l("L07", "Independent PEs", "PEs who count as independent ({independent_counts}; partnership: practice consultants; outside: of an agency that is no member; off_site: not in the team) supervise at most {independent_cap_percent}% of an academic year's placements.", "H, exceptions by W", "P E", "the cap on independent PEs is reached", "a named person (exception) or an agency's own PE",
       "independent_cap_percent", "independent_counts", "year_starts", "placements_so_far", "independents_so_far"),
    _l("L08", "Fair share", "An agency's placements of an academic year, by start of their tranche, are within its range, of the {partner_share_percent}% that partners provide; those that are over or that employers found count too. An aim by default, hard by policy.", "A; H by switch", "P D", "the agency is at the top of its range", "the agency", "partner_share_percent", "fair_share_tolerance_percent", "fair_share_hard"),
    _l("L09", "Intern's authority", "Each of an intern's placements is in an agency that is a primary or secondary member and of kind authority, and the two share the same {intern_pair} (authority: a council that both serve; agency: the agency itself); where that is not known, provisional.", "H", "P D",
       "an intern's two placements would not be with one partner authority", "the university (the pairing)", "intern_pair"),
    _l("L10", "Minimum and maximum", "An offer's minimum (if opened, or always); an agency's minimum and maximum in an academic year, of placements by their start, those that are over too.", "H", "E", "the agency's or the offer's number is reached", "the agency"),
    _l("L11", "Greatest part of an agency's places", "By switch: of the places that an agency offers in an academic year, the students of a university or programme have at most its part in percent ({agency_part_percent}), rounded up.", "H, off", "E D", "the university's or programme's part of the agency's places is reached", "the partnership, by its policy", "agency_part_percent"),
    _l("L12", "Together and apart", "Students whom a decision puts together are, where both are placed at the same time, in one agency or so many minutes by car from each other; students whom it keeps apart are never in one team (or agency) at the same time.", "H", "D",
       "a decision puts two students together, or keeps them apart", "whoever made the decision"),
    _l("max_changes", "Published matches that may move", "With a published plan at most {max_changes} of its matches may move, beyond the fewest that events force.", "H", "D", "no more published matches may move", "the team, by its policy or a decision", "max_changes"),
    _m("M01", "Statutory placements by partners", "Three readings, target {partner_share_percent}%: statutory placements by partners, of all; all placements by partners, of all; the partners' part of the statutory ones.", "P"),
    _m("M02", "Two statutory; statutory final", "BA and MSW students due a final in the year, placed or not: with two statutory placements; with a statutory final. The share of those placed stands beside it.", "P"),
    _m("M03", "Independents and consultants", "Placements, and PEs, that are independent, by each definition; ceiling {independent_cap_percent}% of placements by the definition of L07.", "P E"),
    _m("M04", "Weeks of notice", "Weeks from the day the student is told to the start; target {notice_weeks}.", "D", "notice_weeks"),
    _m("M05", "PEs by stage", "PEs at stage 2; PEs by location and status.", "E P"),
    _m("M06", "Finals on trainees", "Finals that rest on trainees, with their fall-back PEPS2 or 'no fall-back'.", "P"),
    _m("M07", "Preferences and travel", "Bands, minutes and first choices by programme and university; outside the team, groups under {smallest_group} are withheld.", "D", "smallest_group"),
    _m("M08", "Adults' and children's", "Placements in adults' and in children's services.", "E"),
    _m("M09", "Preferred and contrasting", "Students due a final whose statutory placements are in an area that they prefer: one; both; both, and in contrast.", "E"),
    _m("M10", "Front-line teams", "Front-line teams that have offered in the year; agencies not heard from.", "E P"),
    _m("M11", "Waiting", "Requests carried over, and since when.", "P"),
)  # fmt: skip

RULE_BY_ID: dict[str, Rule] = {r.id: r for r in RULES}
RULE_IDS: tuple[str, ...] = tuple(r.id for r in RULES)
MONITORED: tuple[str, ...] = tuple(r.id for r in RULES if r.family == "monitored")
OFF_BY_DEFAULT: tuple[str, ...] = ("E20", "L11")
"""Rules that hold only where the policy switches them on (``rule.E20 = on``)."""
ALWAYS_ON: tuple[str, ...] = tuple(r.id for r in RULES if not r.switchable)
JUDGED: tuple[str, ...] = tuple(r.id for r in RULES if r.family != "monitored")
"""Rules that engine, reference, checker and tests must all know (completeness test)."""
EXCEPTION_RULES: tuple[str, ...] = ("E01", "E04", "E11", "E12", "E18", "L07")
"""Rules of kind W: a decision 'exception' may set them aside for one request."""
UNBLOCKED_BY_KIND: dict[str, str] = {
    "exception": "a named person (exception)",
    "place": "the agency (one more place)",
    "maximum": "the agency (a higher maximum)",
    "minimum": "the agency (a lower minimum)",
    "educator": "the agency (name another PE)",
    "decision": "whoever made the decision",
    "setting": "the partnership (policy)",
}
"""Who can make each kind of change that lifts a rule; a fact is changed by whom the rule itself names."""
UNBLOCKED_BY_FACT: dict[str, str] = {"E01": "the agency (dates)", "L06": "the agency (dates) or the university"}
"""Where a rule names more people than can change the fact in question."""
