"""Boundary cases of the rules about the two placements of one student."""

from datetime import date
from typing import Any

from models.entities import Spoke, Word
from tests import builders as b
from tests.rules.case import LAST_FRIDAY, Case, Triple, case, two_offers

MONDAY_AFTER = date(2026, 4, 13)
"""The first working day after a first that runs from 2026-01-05 to 2026-04-10."""
BOTH_REQUESTS = (b.request("S1/first"), b.request("S1/final"))
EDUCATORS = (b.educator("E1"), b.educator("E2", team="Y"))
FIRST: Triple = ("S1/first", "O1", "E1")


def final_place(name: str, **changes: Any) -> Any:
    """A place for a final in team Y, after the first, with a new area and another setting."""
    facts: dict[str, Any] = {"team": "Y", "earliest_start": MONDAY_AFTER, "areas": ("adults",), "setting": "voluntary"}
    return b.offer(name, **facts | changes)


def after_first(
    rule: str, name: str, good: dict[str, Any], bad: dict[str, Any], first: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None, bad_pe: str = "E2", **parts: Any,
) -> Case:  # fmt: skip
    """First in O1; the final may be in O2 (``good``) and not in O3 (``bad``)."""
    offers = (b.offer("O1", **first or {}), final_place("O2", **good), final_place("O3", **bad))
    legal, illegal = (FIRST, ("S1/final", "O2", "E2")), (FIRST, ("S1/final", "O3", bad_pe))
    return case(
        rule,
        name,
        legal,
        illegal,
        settings,
        **{"offers": offers, "requests": BOTH_REQUESTS, "educators": EDUCATORS} | parts,
    )


def after_history(
    rule: str, name: str, first: dict[str, Any] | None, good: dict[str, Any], bad: dict[str, Any],
    settings: dict[str, Any] | None = None, **parts: Any,
) -> Case:  # fmt: skip
    """Only a final in the horizon; the first is a History row, or not recorded (None)."""
    offers = (b.offer("O1", **good), b.offer("O2", **bad))
    facts: dict[str, Any] = {"offers": offers, "requests": (b.request("S1/final"),)}
    if first is not None:
        facts["history"] = (b.history("S1", **first),)
    return case(rule, name, (("S1/final", "O1", "E1"),), (("S1/final", "O2", "E1"),), settings, **facts | parts)


NOT_STATUTORY = {"statutory_regulator": "no"}
NOT_KNOWN = {"statutory_regulator": "not_known"}
SAME = {"areas": ("children",), "setting": "authority"}
"""The first's own area and setting."""


def spoke(agency: str, team: str) -> dict[str, Any]:
    """One spoke, near by."""
    return {"spokes": (Spoke(agency=agency, team=team, place="P1", days=10),)}


THREE = (*EDUCATORS, b.educator("E3", team="Z"))
E10_IN_PLAN = (
    after_first("E10", "team twice in the plan", {"team": "Y"}, {"team": "X"}, bad_pe="E1"),
    # The final's lead is where the first has a spoke; two spokes in one team; the first's lead is the final's spoke.
    after_first("E10", "lead in a spoke's team", {}, {"team": "Z"}, spoke("A", "Z"), bad_pe="E3", educators=THREE),
    after_first("E10", "one spoke twice", spoke("B", "V"), spoke("B", "W"), spoke("B", "W")),
    after_first("E10", "spoke in the lead's team", spoke("A", "Z"), spoke("A", "X")),
)
L04: tuple[Case, ...] = (
    after_first("L04", "neither is statutory", {"statutory_regulator": "by_equivalence"}, NOT_STATUTORY, NOT_STATUTORY),
    # What is not known is to be asked: it stands in nobody's way, and nothing but "no" breaks the guarantee.
    after_first("L04", "not known may be statutory", NOT_KNOWN, NOT_STATUTORY, NOT_STATUTORY),
    after_history("L04", "not known whether the first not recorded", None, NOT_KNOWN, NOT_STATUTORY),
    after_history("L04", "not known after a history that was not", NOT_STATUTORY, NOT_KNOWN, NOT_STATUTORY),
    after_first("L04", "DfE's test", {}, {"statutory_dfe": "no"}, {"statutory_dfe": "no"},
                {"statutory_test": "dfe"}),
    after_history("L04", "after a history that was not statutory", NOT_STATUTORY, {}, NOT_STATUTORY),
    # A failed first is no first: nothing is recorded, so the final must be statutory itself.
    after_history("L04", "first not recorded", {"outcome": "failed"}, {}, NOT_STATUTORY),
    after_history("L04", "no history", None, {}, NOT_STATUTORY),
)  # fmt: skip
MSW_TWO = {"statutory_least": {"MSW": 2}}
L04 += (
    # Both asked for: each alone has to be, whatever the other is; not known may be.
    two_offers("L04", "both: a first alone", NOT_KNOWN, NOT_STATUTORY, MSW_TWO),
    after_first("L04", "both: the final", NOT_KNOWN, NOT_STATUTORY, settings=MSW_TWO),
    after_first("L04", "both: of this programme", {}, NOT_STATUTORY, settings={"statutory_least": {"BA": 0, "MSW": 2}}),
    after_history("L04", "both: first not recorded", None, {}, NOT_STATUTORY, MSW_TWO),
    # What was not statutory cannot be undone: the final has to be all the same.
    after_history("L04", "both: the first was not", NOT_STATUTORY, NOT_KNOWN, NOT_STATUTORY, MSW_TWO),
    # None asked of one programme: S2 is BA, and S1 is MSW.
    case("L04", "none of this programme", (("S2/final", "O1", "E1"),), (("S1/final", "O1", "E1"),), {"statutory_least": {"BA": 0}},
         students=(b.student("S1"), b.student("S2", programme="BA")), requests=(b.request("S1/final"), b.request("S2/final")),
         history=(b.history("S1", **NOT_STATUTORY), b.history("S2", **NOT_STATUTORY)), offers=(b.offer(**NOT_STATUTORY),)),
)  # fmt: skip
BY_DIRECTORATE = {"contrast": "directorate"}
AREAS: dict[str, Any] = {
    "words": tuple(
        Word(list="areas", word=word, meaning=meaning)
        for word, meaning in (("children", "children"), ("fostering", "children"), ("adults", "adults"), ("hospital", "both"), ("hub", None))
    )
}  # fmt: skip
L05 = (
    # Another area and setting are not enough where both areas are children's.
    after_first("L05", "directorate", {}, {"areas": ("fostering",)}, settings=BY_DIRECTORATE, **AREAS),
    after_first("L05", "directorate: one area of two", {"areas": ("fostering", "adults")}, {"areas": ("fostering", "children")},
                settings=BY_DIRECTORATE, **AREAS),
    # Of both, of none that is known, none at all: it may be the other one.
    after_first("L05", "directorate: both", {"areas": ("hospital",)}, {"areas": ("children",)}, settings=BY_DIRECTORATE, **AREAS),
    after_first("L05", "directorate: not known", {"areas": ("fostering", "hub")}, {"areas": ("children",)}, settings=BY_DIRECTORATE, **AREAS),
    after_first("L05", "directorate: no area", {"areas": ()}, {"areas": ("children",)}, settings=BY_DIRECTORATE, **AREAS),
    case("L05", "directorate: a first of both", (("S1/final", "O1", "E1"),), (("S2/final", "O1", "E1"),), BY_DIRECTORATE,
         students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/final"), b.request("S2/final")),
         history=(b.history("S1", areas=("adults", "children")), b.history("S2", areas=("fostering",))), **AREAS),
    after_first("L05", "another setting", {"areas": ("children",)}, SAME),
    after_first("L05", "a new area", {"setting": "authority", "areas": ("children", "adults")}, SAME),
    # What one knows not to be so bars; a setting that nobody knows may be another one, as by policy setting.
    after_first("L05", "an unknown setting may be another", {"setting": None, "areas": ("children",)}, SAME),
    after_first("L05", "policy area", {"setting": "authority"}, {"areas": ("children",)}, settings={"contrast": "area"}),
    after_first("L05", "policy setting", {"areas": ("children",)}, {"setting": "authority"}, settings={"contrast": "setting"}),
    after_first("L05", "policy setting, unknown", {"areas": ("children",), "setting": None}, {"setting": "authority"},
                settings={"contrast": "setting"}),
    after_first("L05", "policy both: setting", {}, {"setting": "authority"}, settings={"contrast": "both"}),
    after_first("L05", "policy both: area", {}, {"areas": ("children",)}, settings={"contrast": "both"}),
    case("L05", "history without areas", (("S1/final", "O1", "E1"),), (("S2/final", "O1", "E1"),),
         students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/final"), b.request("S2/final")),
         history=(b.history("S1", areas=(), setting="authority"), b.history("S2", **SAME))),
    # Locked: another team is contrast enough; not locked: it is not.
    case("L05", "locked by team", (("S1/final", "O1", "E1"),), (("S2/final", "O1", "E1"),),
         students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/final", locked_agencies=("A",)), b.request("S2/final")),
         history=(b.history("S1", **SAME), b.history("S2", **SAME))),
    after_history("L05", "locked, policy off", SAME, {"setting": "voluntary"}, {}, {"locked_contrast_by_team": False},
                  requests=(b.request("S1/final", locked_agencies=("A",)),)),
)  # fmt: skip
L06 = (
    case("L06", "final without its first", (FIRST, ("S1/final", "O2", "E2")), (("S1/final", "O2", "E2"),),
         offers=(b.offer("O1"), final_place("O2")), requests=BOTH_REQUESTS, educators=EDUCATORS),
    # The first ends on Friday 2026-04-10; a final that starts that day is too early.
    after_first("L06", "final after its first", {}, {"earliest_start": LAST_FRIDAY}),
)  # fmt: skip
INTERN: dict[str, Any] = {"students": (b.student(scheme="intern"),)}
WHO_KNOWS: dict[str, Any] = {"not_known": ("authorities",)}
TRUST = b.agency("T", kind="trust", membership="outside", authorities=("L",))
COUNCIL = b.agency(authorities=("L",))
L09 = (
    # An intern locked to one council was put into an outside trust: alone, with no other placement in sight.
    two_offers("L09", "no place in an outside trust", {}, {"agency": "T", "authorities": ("L",)}, pes=("E1", "E2"),
               agencies=(COUNCIL, TRUST), educators=(b.educator("E1"), b.educator("E2", employed_by="T")), **INTERN),
    # A member, and no authority; an authority, and no member.
    two_offers("L09", "a trust that is a member", {}, {"agency": "T"}, pes=("E1", "E2"),
               agencies=(COUNCIL, b.agency("T", kind="trust")), educators=(b.educator("E1"), b.educator("E2", employed_by="T")), **INTERN),
    two_offers("L09", "an authority outside", {}, {"agency": "T"}, pes=("E1", "E2"), agencies=(COUNCIL, b.agency("T", membership="outside")),
               educators=(b.educator("E1"), b.educator("E2", employed_by="T")), **INTERN),
    # What nobody has said of an agency is never "no": not its kind, not its membership.
    two_offers("L09", "kind or membership not known", {"agency": "N"}, {"agency": "T"}, pes=("E1", "E2"),
               agencies=(b.agency("N", kind=None, membership="outside", not_known=("membership",)), b.agency("T", kind="private")),
               educators=(b.educator("E1", employed_by="N"), b.educator("E2", employed_by="T")), **INTERN),
    # The first of one intern was in an outside trust that serves the same council, that of the other in a council.
    case("L09", "history in an outside trust", (("S2/final", "O1", "E1"),), (("S1/final", "O1", "E1"),), agencies=(COUNCIL, b.agency("C"), TRUST),
         students=(b.student("S1", scheme="intern"), b.student("S2", scheme="intern")), requests=(b.request("S1/final"), b.request("S2/final")),
         history=(b.history("S1", agency="T", authorities=("L",)), b.history("S2", agency="C", authorities=("L",))),
         offers=(b.offer(authorities=("L",)),)),
    # By agency: one authority is not enough where the agencies are two; authorities do not matter in one agency.
    after_first("L09", "the same agency", {}, {"agency": "T", "authorities": ("L",)}, {"authorities": ("L",)}, {"intern_pair": "agency"},
                agencies=(COUNCIL, b.agency("T", authorities=("L",))), educators=(*EDUCATORS, b.educator("E3", employed_by="T", team="Y")),
                bad_pe="E3", **INTERN),
    two_offers("L09", "the same agency as in history", {}, {"agency": "T"}, {"intern_pair": "agency"}, "S1/final", ("E1", "E2"),
               requests=(b.request("S1/final"),),
               history=(b.history(agency="A"),), agencies=(COUNCIL, b.agency("T")),
               educators=(b.educator("E1"), b.educator("E2", employed_by="T")), **INTERN),
    after_first("L09", "no authority in common", {"authorities": ("M", "N")}, {"authorities": ("N",)}, {"authorities": ("L", "M")}, **INTERN),
    # What nobody has said is never "no"; some of the agency's are not others. O1 not known: O2 and O3 alike may be, so O3 has L too.
    after_first("L09", "not known for the final", WHO_KNOWS, {"not_known": ("authorities",), "authorities": ("N",)}, {"authorities": ("L",)}, **INTERN),
    after_first("L09", "neither is said", {"authorities": ("L",)}, {"authorities": ()}, {"authorities": ("L",)}, **INTERN),
    after_history("L09", "not known after history", {"authorities": ("L",)}, WHO_KNOWS, {"authorities": ("M",)}, **INTERN),
    after_history("L09", "with history", {"authorities": ("L",)}, {"authorities": ("L",)}, {"authorities": ("M",)}, **INTERN),
)  # fmt: skip

STUDENT_CASES: tuple[Case, ...] = (*E10_IN_PLAN, *L04, *L05, *L06, *L09)
