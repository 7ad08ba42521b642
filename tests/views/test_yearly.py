"""Notice, preferences, directorates, wishes and front-line teams of a year, by hand."""

from datetime import date
from typing import Any

from allocator.views.facts import Facts
from allocator.views.figures import figures
from allocator.views.share import Share
from allocator.views.year import Year
from allocator.views.yearly import Kind, Notice, Wishes, Yearly
from models.entities import CalendarEntry, Published, Team, Word
from models.plan import ProvisionalCode, Waiting
from tests import builders as b
from tests.report.looking import facts_of, match

AREAS = (
    Word(list="areas", word="children", meaning="children"), Word(list="areas", word="adults", meaning="adults"),
    Word(list="areas", word="street", meaning=None),
)  # fmt: skip


def yearly(facts: Facts) -> Yearly:
    return Yearly(Year(facts))


def people(number: int, **changes: Any) -> dict[str, Any]:
    ids = [f"S{n}" for n in range(1, number + 1)]
    return {
        "students": tuple(b.student(s, **changes) for s in ids),
        "requests": tuple(b.request(f"{s}/first") for s in ids),
    }


def test_notice_is_counted_from_the_day_on_which_the_student_is_told() -> None:
    told = Published(request="S1/first", offer="O1", standing="in_force", student_told_on=date(2025, 11, 24))
    begun = date(2025, 10, 1)
    release = (CalendarEntry(tranche="T1", step="release", date=date(2025, 12, 1)),)
    dataset = b.dataset(**people(3), offers=(b.offer(capacity=3),), published=(told,), calendar=release)
    placed = (match("S1/first"), match("S2/first"), match("S3/first", start=begun))
    # Today is 21 November. S1 is told on Monday 24 November: 42 days to 5 January, 6 weeks. S2 on the release, 1
    # December: 35 days, 5 weeks. S3 began in October, and nobody noted when it was told.
    found = yearly(facts_of(dataset, *placed)).notice(list(placed))
    assert found == Notice(Share(1, 2), 5.0, 5.5, 2, 1)
    # One day later S1 has 41 days.
    late = told.model_copy(update={"student_told_on": date(2025, 11, 25)})
    facts = facts_of(dataset.model_copy(update={"published": (late,)}), *placed)
    assert yearly(facts).notice([placed[0]]).enough == Share(0, 1)


def test_without_a_release_who_is_not_told_is_told_today() -> None:
    # 21 November to 5 January: 9 + 31 + 5 = 45 days.
    facts = facts_of(b.dataset(), match())
    assert yearly(facts).notice([match()]) == Notice(Share(1, 1), 45 / 7, 45 / 7, 1, 0)
    past = (CalendarEntry(tranche="T1", step="release", date=date(2025, 11, 1)),)
    assert yearly(facts_of(b.dataset(calendar=past), match())).notice([match()]).least == 45 / 7


def test_first_choices_are_of_those_who_state_one_placed_or_not() -> None:
    students = (
        b.student("S1", preferred_areas=("children", "adults")),
        b.student("S2", preferred_areas=("adults", "children")),
        b.student("S3", preferred_areas=("children",)),
        b.student("S4"),
        b.student("S5", preferred_areas=("children",), university="V"),
    )
    dataset = b.dataset(**people(5) | {"students": students}, offers=(b.offer(capacity=5),))
    found = yearly(facts_of(dataset, *(match(f"S{n}/first") for n in (1, 2, 4)))).preferences()
    # U: S1 has the first choice (children), S2 the second, S3 is not placed, S4 states none: 1 of 3.
    assert [(p.university, p.due, p.placed, p.first_choice) for p in found] == [
        ("U", 4, 3, Share(1, 3)), ("V", 1, 0, Share(0, 1)),
    ]  # fmt: skip
    assert (found[0].minutes, found[0].over_amber, sum(found[0].bands)) == (20, 0, 3)


def test_directorates_follow_the_areas_then_the_agency() -> None:
    offers = (
        b.offer("O1"), b.offer("O2", areas=("adults", "street"), statutory_regulator="no"),
        b.offer("O3", areas=("adults", "children")), b.offer("O4", areas=("street",), setting="school"),
        b.offer("O5", areas=(), agency="B", setting=None),
    )  # fmt: skip
    agencies = (b.agency(), b.agency("B", directorate="adults", membership="outside"))
    dataset = b.dataset(**people(5), offers=offers, agencies=agencies, words=AREAS)
    placed = [match(f"S{n}/first", f"O{n}") for n in range(1, 6)]
    found = yearly(facts_of(dataset, *placed))
    # Adults: O2 (its other area says nothing), O5 by its agency, which is no partner.
    assert found.directorates(placed) == [
        Kind("adults", 2, 1, 1), Kind("children", 1, 1, 1), Kind("both", 1, 1, 1), Kind("not stated", 1, 1, 1),
    ]  # fmt: skip
    assert [(k.kind, k.placements) for k in found.settings(placed)] == [
        ("authority", 3),
        ("school", 1),
        ("not stated", 1),
    ]


def test_wishes_count_statutory_placements_in_a_preferred_area() -> None:
    adults, children = ("adults",), ("children",)
    wishes = {
        "S1": ("children", "adults"),
        "S2": ("children", "adults"),
        "S3": ("children",),
        "S4": (),
        "S5": ("adults",),
    }
    firsts = (
        b.history("S1", areas=adults, setting="authority"),  # another area than the final: both, in contrast
        b.history("S2", areas=children, setting="authority"),  # the same area and setting: both, not in contrast
        b.history("S3", areas=adults),  # not preferred: one
        b.history("S4", areas=children),
        b.history("S5", areas=adults, statutory_regulator="no"),  # not statutory; the final is not preferred: none
    )
    dataset = b.dataset(
        students=tuple(b.student(s, preferred_areas=areas) for s, areas in wishes.items()),
        requests=tuple(b.request(f"{s}/final") for s in wishes), history=firsts, offers=(b.offer(capacity=5),),
    )  # fmt: skip
    facts = facts_of(dataset, *(match(f"{s}/final") for s in wishes))
    assert yearly(facts).wishes() == Wishes(one=1, both=2, contrasting=1, students=4)


def test_of_firm_figures_a_placement_that_waits_meets_no_wish_yet() -> None:
    # S1 prefers both areas, and both placements are statutory; the final waits for a PE, so firmly S1 has one, and of one student.
    dataset = b.dataset(
        students=(b.student("S1", preferred_areas=("adults", "children")),), requests=(b.request("S1/final"),),
        history=(b.history("S1", areas=("adults",)),),
    )  # fmt: skip
    waiting = (Waiting(code=ProvisionalCode.EDUCATOR, who="A"),)
    facts = facts_of(dataset, match("S1/final", waiting=waiting))
    assert yearly(facts).wishes() == Wishes(one=0, both=1, contrasting=1, students=1)
    assert yearly(facts).wishes(firm=True) == Wishes(one=1, both=0, contrasting=0, students=1)
    shares = {f.measure: (f.firm.part, f.all.part) for f in figures(Year(facts)) if f.rule == "M09"}
    assert shares == {"M09 preferred both": (0, 1), "M09 preferred one": (1, 0)}


def test_front_line_teams_that_have_not_offered_in_the_year() -> None:
    teams = (
        Team(agency="A", team="X", front_line=True), Team(agency="A", team="Y", front_line=True),
        Team(agency="A", team="Z", front_line=False), Team(agency="B", team="X", front_line=True),
        Team(agency="A", team="W", front_line=True),
    )  # fmt: skip
    dataset = b.dataset(
        teams=teams, agencies=(b.agency(), b.agency("B", membership="outside")),
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
        offers=(b.offer(), b.offer("O2", team="Y", withdrawn=True), b.offer("O3", team="W", tranche="T2")),
    )  # fmt: skip
    # Of A's front-line teams X offers; Y's offer is withdrawn, W's is of the next year. B is no partner.
    share, silent = yearly(facts_of(dataset)).front_line
    assert (share, [t.team for t in silent]) == (Share(1, 3), ["W", "Y"])
