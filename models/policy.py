"""Every cap, weight, switch, list and tier order, as data with a default.

One table serves ``placements policy``, the Policy sheet, TOML and ``--set``: the fields of :class:`Policy`, each with
unit, range and the rule that owns it. A switch is written ``rule.E04 = off``.
"""

import hashlib
import json
from decimal import Decimal
from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from models.base import Date, Record
from models.catalogue import ALWAYS_ON, OFF_BY_DEFAULT, RULE_IDS, Rule

TierName = Literal[
    "placed", "complete", "priority", "changes", "statutory_final", "two_statutory", "firm", "partner_share",
    "own_educators", "trainee_finals", "trainees", "fair_share", "overload", "preferences", "travel", "lottery",
]  # fmt: skip
DEFAULT_TIERS: tuple[TierName, ...] = (
    "placed", "complete", "priority", "changes", "statutory_final", "two_statutory", "firm", "partner_share",
    "own_educators", "trainee_finals", "trainees", "fair_share", "overload", "preferences", "travel", "lottery",
)  # fmt: skip
STATUTORY_TESTS: dict[str, str] = {"regulator": "the regulator's", "dfe": "the DfE's"}
"""Whose test it is, in words."""
IMPROVED_BY_PLACING_FEWER = frozenset(
    ("firm", "partner_share", "own_educators", "trainee_finals", "overload", "preferences", "travel")
)
"""Tiers that could be improved by placing fewer: they may not stand before ``placed`` (greedy preferences may)."""


def _in_words(value: object) -> str:
    """A setting inside a sentence."""
    if value is None:
        return "any number"
    if isinstance(value, dict):
        return "; ".join(f"{name} {number}" for name, number in value.items()) or "none named"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def setting(default: Any, *, unit: str, rule: str, meaning: str, **limits: Any) -> Any:
    """A policy field: default, unit, owning rule and meaning, with pydantic's limits."""
    return Field(default=default, description=meaning, json_schema_extra={"unit": unit, "rule": rule}, **limits)


OTHERS = "others"
"""Who is in no group of ``two_statutory_for``: the last part of the tier."""
Percent = Annotated[int, Field(ge=0, le=100)]
StatutoryNumber = Annotated[int, Field(ge=0, le=2)]
Independent = Literal["independent", "partnership", "outside", "off_site"]
"""Senses in which a PE is independent (L07)."""


class Policy(Record):
    """What the partnership decided for itself. Every field has a default; none is a rule of law by being here."""

    as_of: Date | None = setting(
        None, unit="date", rule="-", meaning="today, for every rule; blank: the day of the run"
    )
    seed: int = setting(1, unit="number", rule="-", meaning="seed of the tie-break draw", ge=0)
    draw_lost_out: int = setting(
        1000,
        unit="added to a draw of 0 to 999, for each band better than the worst, and once more",
        rule="lottery",
        meaning="what having lost out before counts in the draw; 0: nothing",
        ge=0,
        le=10_000,
    )
    university: str = setting("University", unit="name", rule="E09", meaning="a student's university where blank")
    educators_to_be_found: Literal["never", "where_none_listed", "always"] = setting(
        "where_none_listed",
        unit="word",
        rule="E19",
        meaning="where an offer says nothing of its PEs, whether one may be named later: never; where its agency has "
        "nobody on Educators; always, as a last resort",
    )
    tiers: tuple[TierName, ...] = setting(
        DEFAULT_TIERS, unit="list", rule="-", meaning="order of the tiers; those left out are not optimised"
    )
    placed_total: bool = setting(False, unit="yes/no", rule="-", meaning="one total instead of finals, firsts, later")
    preference_order: Literal["generous", "greedy", "sum"] = setting(
        "generous", unit="word", rule="-", meaning="nobody badly matched first, best matches first, or least total"
    )
    max_changes: int | None = setting(
        0,
        unit="published requests; none = no limit",
        rule="max_changes",
        meaning="most published matches that may move, beyond the fewest that events force",
        ge=0,
    )
    rules_off: tuple[str, ...] = setting((), unit="rule ids", rule="-", meaning="rules switched off (rule.E04 = off)")
    rules_on: tuple[str, ...] = setting(
        (), unit="rule ids", rule="-", meaning="rules switched on that are off by default (rule.E20 = on)"
    )
    programmes_left_out: tuple[str, ...] = setting(
        (),
        unit="list",
        rule="-",
        meaning="programmes whose requests are placed after all others, and that no other tier counts",
    )
    statutory_test: Literal["regulator", "dfe"] = setting(
        "regulator",
        unit="word",
        rule="L04",
        meaning="the flag that counts as statutory: the regulator's (tasks) or the DfE's (setting)",
    )
    statutory_least: dict[str, StatutoryNumber] = setting(
        {},
        unit="placements by programme",
        rule="L04",
        meaning="of two placements so many have to be statutory; a programme that is not named: 1",
    )
    contrast: Literal["any", "area", "setting", "directorate", "both"] = setting(
        "any",
        unit="word",
        rule="L05",
        meaning="what makes two placements contrast (directorate: children's after adults' or the reverse; both: area "
        "and setting)",
    )
    locked_contrast_by_team: bool = setting(
        True, unit="yes/no", rule="L05", meaning="for locked students another team is contrast enough"
    )
    independent_cap_percent: Percent = setting(
        20, unit="% of placements", rule="L07", meaning="most placements with independent PEs in an academic year"
    )
    independent_counts: tuple[Independent, ...] = setting(
        ("independent", "partnership"),
        unit="list",
        rule="L07",
        meaning="which PEs count as independent (partnership = practice consultants; outside = employed by an agency "
        "that is no member; off_site = not in the team)",
    )
    year_starts: str = setting(
        "09-01",
        unit="MM-DD",
        rule="L07",
        meaning="first day of the academic year",
        pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
    )
    placements_so_far: int = setting(
        0, unit="placements", rule="L07", meaning="this academic year's placements that are not in Published", ge=0
    )
    independents_so_far: int = setting(0, unit="placements", rule="L07", meaning="of those, with independent PEs", ge=0)
    partner_share_percent: Percent = setting(
        75, unit="% of placements", rule="L08", meaning="part that partners are to provide"
    )
    fair_share_tolerance_percent: Percent = setting(
        15, unit="% of quota", rule="L08", meaning="half width of an agency's range, at least 1 placement"
    )
    fair_share_hard: bool = setting(
        False, unit="yes/no", rule="L08", meaning="the range binds, instead of being an aim"
    )
    agency_part_percent: dict[str, Percent] = setting(
        {},
        unit="% of an agency's places, by university or programme",
        rule="L11",
        meaning="greatest part that the students of a university or programme may have, rounded up (rule.L11 on)",
    )
    trainee_finals_percent: Percent = setting(
        30, unit="% of finals", rule="E11", meaning="finals that may rest on trainees before the tier counts"
    )
    currency_months: int = setting(
        24, unit="months", rule="E12", meaning="a PE stays current so long after the last student", ge=0, le=120
    )
    travel_limit: int = setting(90, unit="minutes one way", rule="E04", meaning="longest travel", ge=1, le=600)
    travel_target: int = setting(
        60, unit="minutes one way", rule="E04", meaning="travel that is good enough", ge=0, le=600
    )
    travel_amber: int = setting(
        75, unit="minutes one way", rule="E04", meaning="travel that the report marks", ge=0, le=600
    )
    travel_estimate_percent: int = setting(
        150, unit="% of the limit", rule="E04", meaning="an estimate excludes only beyond this", ge=100, le=1000
    )
    road_factor_percent: int = setting(
        130, unit="%", rule="E04", meaning="road distance over straight line", ge=100, le=300
    )
    near_km: int = setting(8, unit="km", rule="E04", meaning="distance at the slower speed", ge=0)
    public_overhead: int = setting(15, unit="minutes", rule="E04", meaning="public transport: before setting off", ge=0)
    public_near_speed: int = setting(18, unit="km/h", rule="E04", meaning="public transport: near speed", ge=1)
    public_far_speed: int = setting(40, unit="km/h", rule="E04", meaning="public transport: far speed", ge=1)
    car_overhead: int = setting(8, unit="minutes", rule="E04", meaning="car: before setting off", ge=0)
    car_near_speed: int = setting(28, unit="km/h", rule="E04", meaning="car: near speed", ge=1)
    car_far_speed: int = setting(60, unit="km/h", rule="E04", meaning="car: far speed", ge=1)
    points_area: tuple[int, ...] = setting(
        (60, 40, 20), unit="points by rank", rule="preferences", meaning="for the best-ranked area"
    )
    points_agency: tuple[int, ...] = setting(
        (0,),
        unit="points by rank",
        rule="preferences",
        meaning="for a preferred agency (many teams forbid naming them)",
    )
    points_travel: int = setting(40, unit="points", rule="preferences", meaning="for travel within target", ge=0)
    band_points: tuple[int, int, int, int] = setting(
        (80, 60, 40, 20), unit="points", rule="preferences", meaning="least points of bands 1 to 4; else band 5"
    )
    priority_weights: tuple[int, int, int, int] = setting(
        (5, 4, 2, 1),
        unit="weights",
        rule="priority",
        meaning="displaced or waiting; graduation due; needs, a limit of travel or caring; repeat: the greatest counts",
    )
    intern_pair: Literal["authority", "agency"] = setting(
        "authority",
        unit="word",
        rule="L09",
        meaning="what an intern's two placements share: an authority, or the agency itself",
    )
    intern_counts: int = setting(
        1, unit="students", rule="complete", meaning="how many students an intern counts as", ge=1, le=10
    )
    own_educator_weights: tuple[int, int, int, int] = setting(
        (4, 3, 2, 1),
        unit="weights",
        rule="own_educators",
        meaning="PE needed; independent; practice consultant; elsewhere in the agency. In the team: 0",
    )
    two_statutory_for: tuple[str, ...] = setting(
        (),
        unit="programmes, or programme and stage, in order",
        rule="two_statutory",
        meaning="whose two statutory placements come first: a tier for each, and one for everybody else; none: one tier",
    )
    days_first: int = setting(70, unit="days", rule="E01", meaning="length of a first placement", ge=1, le=400)
    days_final: int = setting(100, unit="days", rule="E01", meaning="length of a final placement", ge=1, le=400)
    days_a_week: dict[str, Decimal] = setting(
        {}, unit="days a week by programme", rule="E09", meaning="most days a week where a request says nothing (5)"
    )
    notice_weeks: int = setting(6, unit="weeks", rule="M04", meaning="target notice from publication to start", ge=0)
    smallest_group: int = setting(
        10, unit="persons", rule="M07", meaning="smaller groups are withheld where persons could be recognised", ge=1
    )

    @field_validator("statutory_test", mode="before")
    @classmethod
    def _old_word(cls, value: object) -> object:
        """The DfE's test was called the partnership's in earlier files."""
        return "dfe" if value == "partnership" else value

    @field_validator("rules_off")
    @classmethod
    def _known_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - set(RULE_IDS))
        if unknown:
            raise ValueError(f"unknown rule {', '.join(unknown)}; allowed: {', '.join(RULE_IDS)}")
        fixed = sorted(set(value) & set(ALWAYS_ON))
        if fixed:
            raise ValueError(f"{', '.join(fixed)} cannot be switched off")
        return tuple(sorted(set(value)))

    @field_validator("rules_on")
    @classmethod
    def _rules_that_are_off(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        others = sorted(set(value) - set(OFF_BY_DEFAULT))
        if others:
            raise ValueError(f"{', '.join(others)}: not off by default; allowed: {', '.join(OFF_BY_DEFAULT)}")
        return tuple(sorted(set(value)))

    @field_validator("two_statutory_for")
    @classmethod
    def _groups_that_can_have_somebody(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        value = tuple(" ".join(filter(None, group_of(name))) for name in value)
        for number, name in enumerate(value):
            programme = group_of(name)[0]
            if name.casefold() == OTHERS:
                raise ValueError(f"'{OTHERS}' is who is in no group, and is added by itself")
            if {name.casefold(), programme.casefold()} & {earlier.casefold() for earlier in value[:number]}:
                raise ValueError(f"'{name}' has nobody: a group before it has them all")
        return value

    @field_validator("tiers")
    @classmethod
    def _tiers_once(cls, value: tuple[TierName, ...]) -> tuple[TierName, ...]:
        if len(set(value)) != len(value):
            raise ValueError("a tier may be named once")
        return value

    @model_validator(mode="after")
    def _placed_first(self) -> Self:
        before = self.tiers[: self.tiers.index("placed")] if "placed" in self.tiers else self.tiers
        for tier in before:
            if tier == "preferences" and self.preference_order == "greedy":
                continue
            if tier in IMPROVED_BY_PLACING_FEWER:
                raise ValueError(
                    f"tier '{tier}' could be improved by placing fewer, so 'placed' must come before it "
                    "(only preferences with preference_order greedy may come before it)"
                )
        if self.travel_target > self.travel_limit:
            raise ValueError("travel_target may not exceed travel_limit")
        return self

    def on(self, rule: str) -> bool:
        """Whether a rule is switched on (a setting, not a judgement)."""
        return rule not in self.rules_off and (rule not in OFF_BY_DEFAULT or rule in self.rules_on)

    def least_statutory(self, programme: str) -> int:
        """How many of a student's two placements have to be statutory (a setting, not a judgement)."""
        return self.statutory_least.get(programme, 1)

    def academic_year(self, day: Date) -> int:
        """The calendar year in which the academic year of a day begins (a way to count, not a judgement).

        Parameters
        ----------
        day
            Any day.

        Returns
        -------
        int
            2025 for the academic year 2025-26.
        """
        month, first = map(int, self.year_starts.split("-"))
        return day.year if (day.month, day.day) >= (month, first) else day.year - 1

    def stated(self, rule: Rule) -> str:
        """The statement of a rule with the settings in force.

        Parameters
        ----------
        rule
            Of the catalogue; its statement names settings in braces.

        Returns
        -------
        str
            Such as "... at most 10% of an academic year's placements."
        """
        names = [name for _, name, _, _ in Formatter().parse(rule.statement) if name]
        return rule.statement.format(**{name: _in_words(getattr(self, name)) for name in names})

    @property
    def digest(self) -> str:
        """BLAKE2b digest (32 hex digits) of all settings."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Tier(Record):
    """One optimised integer of the lexicographic order; one name in ``Policy.tiers`` may stand for several."""

    name: str
    sense: Literal["max", "min"]


def group_of(name: str) -> tuple[str, Literal["first", "final"] | None]:
    """Programme and stage that a group of ``two_statutory_for`` names: ``BA final``, or ``BA`` and no stage."""
    programme, _, stage = name.rpartition(" ")
    if programme and stage.casefold() == "first":
        return programme, "first"
    return (programme, "final") if programme and stage.casefold() == "final" else (name, None)


def tier_order(policy: Policy, bands: int, has_published: bool) -> tuple[Tier, ...]:
    """The flat lexicographic order that a policy asks for (names only; SEMANTICS S6).

    Parameters
    ----------
    policy
        Holds tiers, ``placed_total`` and ``preference_order``.
    bands
        Number of preference bands in the dataset (S6.7).
    has_published
        Whether a published row is kept or in force; without one ``changes`` is not optimised.

    Returns
    -------
    tuple of Tier
        Names such as ``placed.finals`` or ``preferences.band5``, first optimised first.
    """
    parts: dict[str, list[tuple[str, Literal["max", "min"]]]] = {
        "placed": [("placed.total", "max")]
        if policy.placed_total
        else [("placed.finals", "max"), ("placed.firsts", "max"), ("placed.later", "max")],
        "complete": [("complete", "max")],
        "priority": [("priority", "max")],
        "changes": [("changes.offers", "min"), ("changes.educators", "min")] if has_published else [],
        "statutory_final": [("statutory_final", "max")],
        "two_statutory": [(f"two_statutory.{g}", "max") for g in (*policy.two_statutory_for, OTHERS)]
        if policy.two_statutory_for
        else [("two_statutory", "max")],
        "lottery": [("lottery", "max")],
        "preferences": {
            "generous": [(f"preferences.band{b}", "min") for b in range(bands, 1, -1)],
            "greedy": [(f"preferences.band{b}", "max") for b in range(1, bands + 1)],
            "sum": [("preferences.sum", "min")],
        }[policy.preference_order],  # type: ignore[dict-item]
    }
    order = [Tier(name=name, sense=sense) for tier in policy.tiers for name, sense in parts.get(tier, [(tier, "min")])]
    if policy.programmes_left_out:
        # A draw that comes last decides among plans that are equal for everybody.
        order.insert(len(order) - (policy.tiers[-1:] == ("lottery",)), Tier(name="left_out", sense="max"))
    return tuple(order)
