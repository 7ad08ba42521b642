"""Policies: tier orders, switches, caps and variants."""

from datetime import timedelta

from models.catalogue import ALWAYS_ON, JUDGED, OFF_BY_DEFAULT
from models.policy import DEFAULT_TIERS, IMPROVED_BY_PLACING_FEWER, Policy, TierName
from tests.generated.choosing import Choice, Themes
from tests.generated.frame import MONDAY, PROGRAMMES


def build_policy(choice: Choice, themes: Themes) -> Policy:
    """A policy that :class:`models.policy.Policy` accepts; ``as_of`` is always filled."""
    choice, themes = choice.of("policy"), themes.of("policy")
    facts: dict[str, object] = {"as_of": MONDAY - timedelta(days=choice.number(0, 40)), "seed": choice.number(1, 5)}
    facts["preference_order"] = choice.of("preference_order").pick(("generous", "greedy", "sum"))
    if themes("tier order"):
        facts["tiers"] = _tiers(themes.draw("tier order"), greedy=facts["preference_order"] == "greedy")
    facts["placed_total"] = choice.of("placed_total").flag(25)
    if themes("rules off"):
        facts["rules_off"] = themes.draw("rules off").some(
            [r for r in JUDGED if r not in (*ALWAYS_ON, *OFF_BY_DEFAULT)], 14
        )
    facts["rules_on"] = tuple(
        rule for rule, theme in (("E20", "parts"), ("L11", "parts of agencies")) if themes(theme, 90)
    )
    if themes("published"):
        facts["max_changes"] = themes.draw("published").pick((0, None, 1))
    facts["statutory_test"] = choice.of("statutory_test").pick(("regulator", "dfe"))
    facts["contrast"] = choice.of("contrast").pick(("any", "area", "setting", "both"))
    facts["locked_contrast_by_team"] = choice.of("locked_contrast_by_team").flag(50)
    if themes("educators to be found"):
        facts["educators_to_be_found"] = themes.draw("educators to be found").pick(("always", "never"))
    if themes("independents"):
        facts |= {
            "independent_cap_percent": themes.draw("independents").pick((20, 34, 50, 100, 0)),
            "independent_counts": themes.draw("independents").pick(
                (
                    ("independent", "partnership"),
                    ("independent",),
                    ("partnership",),
                    ("off_site",),
                    ("independent", "outside"),
                    ("outside", "off_site"),
                )
            ),
            "placements_so_far": (so_far := themes.draw("independents").number(0, 5)),
            "independents_so_far": themes.draw("independents").number(0, min(so_far, 2)),
        }
    if themes("parts of agencies"):
        draw = themes.draw("parts of agencies")
        names = draw.some(("U1", "BA", "MSW", "U2"), 50)
        facts["agency_part_percent"] = {name: draw.pick((50, 34, 25, 60, 0)) for name in names}
    if themes("lost out"):
        facts["draw_lost_out"] = themes.draw("lost out").pick((1000, 300, 0))
    if themes("academic year") or themes("fair share", 60):
        facts["year_starts"] = themes.draw("academic year").pick(("01-12", "01-19"))
    if themes("fair share"):
        facts |= {
            "fair_share_hard": themes.draw("fair share").flag(40),
            "partner_share_percent": themes.draw("fair share").pick((75, 50, 100)),
            "fair_share_tolerance_percent": themes.draw("fair share").pick((15, 60)),
        }
    if themes("weights", 40):
        facts |= {
            "priority_weights": themes.draw("weights").pick(((1, 2, 3, 4), (3, 0, 3, 1))),
            "own_educator_weights": themes.draw("weights").pick(((1, 5, 0, 2), (2, 2, 2, 2))),
            "intern_counts": themes.draw("weights").number(1, 3),
        }
    if themes("statutory numbers"):
        own = themes.draw("statutory numbers")
        facts["statutory_least"] = {p: own.pick((2, 0, 1)) for p in PROGRAMMES if own.flag(80)}
    if themes("statutory groups"):
        own = themes.draw("statutory groups")
        every = own.shuffled(own.some(("MSW", "BA final", "BA first", "MSW first", "BA"), 50))
        facts["two_statutory_for"] = tuple(
            g for n, g in enumerate(every) if g.split()[0] not in every[:n] or g.split()[0] == g
        )
    if themes("directorates"):
        facts["contrast"] = "directorate"
    if themes("interns", 50):
        facts["intern_pair"] = "agency"
    if themes("left out", 50):
        facts["programmes_left_out"] = ("BA",)
    if themes("trainees"):
        facts["trainee_finals_percent"] = themes.draw("trainees").pick((30, 50, 0))
    if themes("preferences"):
        facts["points_agency"] = themes.draw("preferences").pick(((0,), (20, 10)))
    if themes("travel"):
        facts |= {
            "travel_limit": themes.draw("travel").pick((90, 60, 40)),
            "travel_target": themes.draw("travel").pick((30, 40)),
        }
    return Policy.model_validate(facts)


def _tiers(choice: Choice, *, greedy: bool) -> tuple[TierName, ...]:
    order = choice.shuffled(choice.some(DEFAULT_TIERS, 80))
    if "placed" not in order:
        order.insert(0, "placed")
    late = [t for t in order if t in IMPROVED_BY_PLACING_FEWER and not (greedy and t == "preferences")]
    before = [t for t in order[: order.index("placed")] if t not in late]
    return (*before, "placed", *(t for t in order if t not in before and t != "placed"))
