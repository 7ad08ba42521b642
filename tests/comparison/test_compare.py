"""Two small results, one datum changed: everything that follows from it is in the record, and nothing else."""

from datetime import date
from typing import Any

from allocator.comparison import compare, published_result, result_of
from allocator.comparison.inputs import input_changes
from allocator.comparison.tiers import first_difference, tier_changes
from allocator.views.compared import INPUT_ROWS, changes_table, lines, sentences
from models.comparison import Comparison, ShareChange
from models.dataset import Dataset
from models.entities import Place, Published
from models.plan import Clash, ClashMember, Plan, ProvisionalCode, TierResult, Waiting
from models.policy import Policy
from models.reasons import Unplaced
from models.versions import Version
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match, outcome

WAITS = (Waiting(code=ProvisionalCode.CLEARANCE),)


def three() -> Dataset:
    """Three students, two offers of three places, one PE each."""
    ids = ("S1", "S2", "S3")
    return b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(capacity=3), b.offer("O2", capacity=3, team="Y")),
        educators=(b.educator(), b.educator("E2", team="Y")),
    )


def plan(dataset: Dataset, *matches: Any, policy: Policy = POLICY, **changes: Any) -> Plan:
    placed = {m.request for m in matches}
    unplaced = tuple(
        Unplaced(request=r.request, code="limits", reason=f"Why {r.request}.")
        for r in dataset.requests
        if r.request not in placed
    )
    return outcome(dataset, *matches, policy=policy, **{"unplaced": unplaced} | changes).plan


def compared(before: Plan, after: Plan, old: Dataset | None = None, new: Dataset | None = None) -> Comparison:
    return compare(result_of("one", before, old), result_of("two", after, new or old))


def kinds(comparison: Comparison) -> list[tuple[str, str]]:
    return [(c.request, c.kind) for c in comparison.requests or ()]


def test_the_same_result_has_no_difference() -> None:
    data = three()
    same = compared(
        plan(data, match(), match("S2/first", "O2", "E2")), plan(data, match(), match("S2/first", "O2", "E2")), data
    )
    assert same.inputs is not None
    assert (same.inputs.rows, same.inputs.settings, same.requests) == ((), (), ())
    assert (same.figures, same.students, same.agencies, same.educators, same.gaps) == ((), (), (), (), ())


def test_each_request_has_one_kind_of_change() -> None:
    data = three()
    before = plan(data, match(), match("S2/first"))
    # S1 goes from O1 to O2; S2 loses its place, S3 gets one.
    after = plan(data, match(offer="O2", pe="E2"), match("S3/first"))
    found = compared(before, after, data)
    assert kinds(found) == [("S1/first", "moved"), ("S2/first", "newly_unplaced"), ("S3/first", "newly_placed")]
    assert found.requests is not None
    assert found.requests[1].reason == "Why S2/first."
    assert (found.placed_before, found.placed_after) == (2, 2)
    # The same place and PE: only what it waits for, then only the PE, then only the dates.
    held = plan(data, match())
    assert kinds(compared(held, plan(data, match(waiting=WAITS)))) == [("S1/first", "now_provisional")]
    assert kinds(compared(plan(data, match(waiting=WAITS)), held)) == [("S1/first", "now_firm")]
    assert kinds(compared(held, plan(data, match(pe="TBC@O1")))) == [("S1/first", "other_pe")]
    assert kinds(compared(plan(data, match(pe="TBC@O1")), held)) == [("S1/first", "pe_named")]
    assert kinds(compared(plan(data, match(pe="TBC@O1")), plan(data, match(pe="own PEPS2@O1")))) == [
        ("S1/first", "other_pe")
    ]
    assert kinds(compared(held, plan(data, match(end=date(2026, 4, 17))))) == [("S1/first", "other_dates")]


def test_a_request_that_is_gone_is_not_newly_unplaced_and_a_new_one_is_named() -> None:
    data = three()
    fewer = data.model_copy(update={"students": data.students[:2], "requests": data.requests[:2]})
    found = compared(plan(data, match(), match("S3/first")), plan(fewer, match()), data, fewer)
    assert kinds(found) == [("S3/first", "no_longer_asked")]
    assert kinds(compared(plan(fewer, match()), plan(data, match()), fewer, data)) == [("S3/first", "new_not_placed")]
    # Only S1 and S2 are in both: nobody is better or worse off.
    assert found.students == ()


def test_a_request_that_was_not_placed_is_named_when_it_goes_as_when_it_comes() -> None:
    data = three()
    fewer = data.model_copy(update={"students": data.students[:2], "requests": data.requests[:2]})
    # S1 has O1 in both; S2 has no place in either; S3, without a place, is in one of the two only.
    gone = compared(plan(data, match()), plan(fewer, match()), data, fewer)
    assert kinds(gone) == [("S3/first", "no_longer_asked")]
    [line] = [x for x in lines(gone, POLICY, None, None) if x.part == "Request"]
    assert (line.what, line.before, line.after) == ("no longer asked for", "not placed", "not asked for")
    new = compared(plan(fewer, match()), plan(data, match()), fewer, data)
    assert kinds(new) == [("S3/first", "new_not_placed")]


def test_students_placed_then_band_then_minutes() -> None:
    # O1 is 20 minutes away and O2 50; neither student states an area, so the bands are the same.
    data = three().model_copy(
        update={
            "travel": (*b.travel(), *b.travel(destination="P2", minutes=50)),
            "offers": (b.offer(capacity=3), b.offer("O2", capacity=3, team="Y", place="P2")),
        }
    )
    before = plan(data, match(), match("S2/first", "O2", "E2"))
    after = plan(data, match(offer="O2", pe="E2"), match("S3/first"))
    found = {c.student: c for c in compared(before, after, data).students or ()}
    assert {s: c.verdict for s, c in found.items()} == {"S1": "worse", "S2": "worse", "S3": "better"}
    assert (found["S1"].before.minutes, found["S1"].after.minutes) == (20, 50)
    assert (found["S2"].before.placed, found["S2"].after.placed) == (("first",), ())


def test_agencies_by_range_then_use_and_educators_by_a_student_in_time() -> None:
    data = three().model_copy(
        update={
            "agencies": (b.agency(social_workers_fte=10), b.agency("B", social_workers_fte=10)),
            "offers": (b.offer(capacity=3), b.offer("O2", capacity=3, agency="B", team="Y")),
            "educators": (
                b.educator(load=3, needs_student_by=date(2026, 2, 1)),
                b.educator("E2", employed_by="B", load=3),
            ),
        }
    )
    # 75% of 3 requests is 2 (2.25 rounded), so 1 is asked of each; the range is 0 to 2.
    # Before: A has 1 and B 0. After: A has 3, one above its range.
    before = plan(data, match())
    after = plan(data, match(), match("S2/first"), match("S3/first"))
    found = compared(before, after, data)
    assert [(c.agency, c.verdict, c.before.outside_range, c.after.outside_range) for c in found.agencies or ()] == [
        ("A", "worse", 0, 1)
    ]
    # B within its range either way: one more of its places used is better.
    moved = compared(before, plan(data, match(offer="O2", pe="E2")), data)
    assert [(c.agency, c.verdict) for c in moved.agencies or ()] == [("A", "worse"), ("B", "better")]
    assert [(c.pe, c.verdict, c.after.in_time) for c in moved.educators or ()] == [
        ("E1", "worse", False),
        ("E2", "better", None),
    ]
    # E1 with three students instead of one is neither better nor worse off.
    assert found.educators == ()


def test_a_percentage_that_rises_while_its_number_falls_is_said() -> None:
    # 8 of 10 are 80%; 6 of 7 are 86%: the percentage rises, two fewer are placed.
    assert ShareChange(part_before=8, whole_before=10, part_after=6, whole_after=7).turned
    # 6 of 10 are 60%: it falls with its number. Of nothing there is no percentage.
    assert not ShareChange(part_before=8, whole_before=10, part_after=6, whole_after=10).turned
    assert not ShareChange(part_before=0, whole_before=0, part_after=6, whole_after=10).turned
    # Before: 2 of 3 placements are by partners (67%); after: the 1 that is left (100%).
    data = three().model_copy(
        update={
            "agencies": (b.agency(), b.agency("Z", membership="outside")),
            "offers": (b.offer(capacity=3), b.offer("O2", agency="Z", team="Y")),
        }
    )
    before = plan(data, match(), match("S2/first"), match("S3/first", "O2", "E2"))
    found = compared(before, plan(data, match()), data)
    shares = {f.title: f for f in found.figures or () if f.rule == "M01"}["All placements provided by partners"]
    assert (shares.all.part_before, shares.all.whole_before, shares.all.part_after, shares.all.whole_after) == (
        2,
        3,
        1,
        1,
    )
    assert shares.misleads
    assert any(
        s.startswith("Take care: All placements provided by partners")
        and s.endswith("the percentage rises while the number falls.")
        for s in sentences(found)
    )


def test_a_share_of_those_placed_that_rises_as_fewer_are_placed_is_said_and_the_share_of_those_due_falls() -> None:
    ids = [f"S{n}" for n in range(1, 30)]
    data = b.dataset(
        students=tuple(b.student(s, programme="BA") for s in ids),
        requests=tuple(b.request(f"{s}/final") for s in ids),
        history=tuple(b.history(s) for s in ids),
        offers=(b.offer(capacity=23), b.offer("O2", capacity=6, statutory_regulator="no")),
    )  # fmt: skip

    def placed(statutory: int, others: int) -> Plan:
        finals = [match(f"{s}/final", "O1" if n < statutory else "O2", "TBC@O1") for n, s in enumerate(ids)]
        return plan(data, *finals[: statutory + others])

    found = {f.title: f for f in compared(placed(23, 6), placed(21, 4), data).figures or () if f.rule == "M02"}
    # 29 are due. Of those placed 23 of 29 (79%), then 21 of 25 (84%): it rises, and two students fewer have one.
    beside = found["BA students with a statutory final, of those placed"]
    assert (beside.all.part_after, beside.all.whole_after, beside.misleads) == (21, 25, True)
    # Of those due 23 of 29, then 21 of 29 (72%).
    due = found["BA students with a statutory final"]
    assert (due.all.part_after, due.all.whole_after, due.misleads) == (21, 29, False)
    said = [s for s in sentences(compared(placed(23, 6), placed(21, 4), data)) if s.startswith("Take care")]
    assert (
        "Take care: BA students with a statutory final, of those placed (M02), BA, MSW and others: 79% (23 of 29) before, 84% (21 of 25) "
        "after: the percentage rises while the number falls." in said
    )


def test_inputs_are_rows_added_removed_and_changed_and_notes_are_none() -> None:
    before = three()
    after = before.model_copy(
        update={
            "students": (b.student("S1", home="P9"), *before.students[1:]),
            "offers": (before.offers[0].model_copy(update={"note": "call them"}), b.offer("O3")),
            "educators": (b.educator(), b.educator("E2", team="Y", current_until=None)),
        }
    )
    found = input_changes(before, after, POLICY, POLICY.model_copy(update={"travel_limit": 75, "rules_off": ("E04",)}))
    assert [(r.sheet, r.row, r.kind) for r in found.rows] == [
        ("Students", "S1", "changed"),
        ("Offers", "O2", "removed"),
        ("Offers", "O3", "added"),
        ("Educators", "E2", "changed"),
    ]
    assert [(f.field, f.before, f.after) for f in found.rows[0].fields] == [("home", "P0", "P9")]
    assert [(f.field, f.before, f.after) for f in found.rows[3].fields] == [("current_until", "2030-01-01", None)]
    assert [(c.sheet, c.added, c.removed, c.changed) for c in found.counts] == [
        ("Students", 0, 0, 1), ("Offers", 1, 1, 0), ("Educators", 0, 0, 1),
    ]  # fmt: skip
    assert [(f.field, f.before, f.after) for f in found.settings] == [
        ("rules_off", None, "E04"),
        ("travel_limit", "90", "75"),
    ]


def test_every_sheet_of_a_dataset_is_compared() -> None:
    empty = Dataset()
    for name, field in Dataset.model_fields.items():
        if name == "issues":
            continue
        full = b.dataset(
            history=(b.history(),),
            bank_holidays=(date(2026, 1, 1),),
            published=(Published(request="S1/first", offer="O1", standing="in_force"),),
        )
        rows = getattr(full, name)
        if rows:
            changes = input_changes(empty, empty.model_copy(update={name: rows}), POLICY, POLICY)
            assert len(changes.rows) == len(rows), field


def test_rows_without_an_id_are_matched_by_what_names_them_and_counted() -> None:
    once, twice = b.dataset(history=(b.history(),)), b.dataset(history=(b.history(), b.history()))
    found = input_changes(once, twice, POLICY, POLICY)
    assert [(r.sheet, r.row, r.kind) for r in found.rows] == [("History", "S1, first, 2025-05-05, H (2)", "added")]


def test_tiers_are_better_or_worse_in_their_sense_and_the_first_that_differs_decides() -> None:
    before = [
        TierResult(tier="placed.firsts", sense="max", value=3, bound=3, proved=True),
        TierResult(tier="travel", sense="min", value=40),
        TierResult(tier="complete", sense="max", value=3),
    ]
    after = [
        TierResult(tier="placed.firsts", sense="max", value=3, bound=3, proved=True),
        TierResult(tier="travel", sense="min", value=30, bound=30, proved=True),
        TierResult(tier="preferences.band1", sense="max", value=1),
    ]
    found = {c.tier: c for c in tier_changes(before, after)}
    assert list(found) == ["placed.firsts", "travel", "preferences.band1", "complete"]
    assert [c.verdict for c in found.values()] == ["same", "better", None, None]
    assert (found["travel"].difference, found["travel"].proved_before, found["travel"].proved_after) == (
        -10,
        False,
        True,
    )
    decides = first_difference(found.values())
    assert decides is not None
    assert decides.tier == "travel"
    # Greedy orders want many in band 5's place, generous ones few: that is no "better".
    turned = tier_changes([TierResult(tier="x", sense="min", value=1)], [TierResult(tier="x", sense="max", value=2)])
    assert turned[0].verdict is None


def test_what_could_not_be_compared_is_said() -> None:
    data = three()
    alone = compare(result_of("one", plan(data, match())), result_of("two", plan(data, match()), data))
    assert (alone.inputs, alone.figures, alone.students, alone.gaps) == (None, None, None, ("data_before",))
    clash = Clash(members=(ClashMember(rule="L02", subject="O1", sentence="no"),), confirmed=True)
    clashed = compared(plan(data, match()), plan(data, clash=clash, unplaced=()), data)
    assert (clashed.requests, clashed.figures, clashed.gaps) == (None, None, ("clash_after",))
    assert clashed.inputs is not None
    noted = data.model_copy(update={"students": (b.student("S1", note="tall"), *data.students[1:])})
    assert compared(plan(data, match()), plan(noted, match()), data, noted).gaps == ("only_notes",)
    assert all(not s.endswith("..") for s in sentences(alone) + sentences(clashed))


def test_what_is_published_does_not_say_who_was_unplaced_or_provisional() -> None:
    data = three().model_copy(
        update={
            "published": (
                Published(request="S1/first", offer="O1", standing="in_force", pe="E1", start=date(2026, 1, 5)),
            )
        }
    )
    facts = facts_of(data, match(waiting=WAITS), unplaced=plan(data, match()).unplaced)
    published = published_result(facts)
    assert published is not None
    found = compare(published, result_of("two", facts.plan, data))
    assert kinds(found) == []
    assert found.gaps == ("only_matches_before",)
    assert published_result(facts_of(three(), match())) is None
    assert published.name == "the published plan"
    versions = (Version(version=1), Version(version=2, published_on=date(2026, 1, 2)))
    named = published_result(facts_of(data.model_copy(update={"versions": versions}), match()))
    assert named is not None
    assert named.name == "version 2 of 2 Jan 2026"


def test_what_an_employer_found_is_not_taken_for_a_match_that_is_gone() -> None:
    by = {"S1/first": "employer"}
    data = three()
    requests = tuple(r.model_copy(update={"found_by": by.get(r.request, r.found_by)}) for r in data.requests)
    rows = tuple(Published(request=f"S{n}/first", offer="O1", standing="in_force", pe="E1") for n in (1, 2))
    data = data.model_copy(update={"requests": requests, "published": rows})
    facts = facts_of(data, match("S2/first"))
    published = published_result(facts)
    assert published is not None
    assert kinds(compare(published, result_of("two", facts.plan, data))) == []
    alone = facts_of(data.model_copy(update={"published": rows[:1]}), match("S2/first"))
    assert published_result(alone) is None


def test_rows_of_a_sheet_with_many_differences_are_counted_and_those_of_others_listed() -> None:
    data, many = three(), INPUT_ROWS + 1
    places = tuple(Place(place=f"P{n}", latitude=51, longitude=0) for n in range(many))
    later = data.model_copy(update={"places": places, "offers": (b.offer(capacity=9), *data.offers[1:])})
    found = compared(plan(data, match()), plan(later, match()), data, later)
    shown = [(x.about, x.what) for x in lines(found, POLICY, None, None) if x.part == "Input"]
    assert shown == [("Offers: O1", "row changed"), ("Places", f"{many} added, 0 removed, 0 changed")]


def test_words_name_places_where_they_are_known() -> None:
    data = three()
    old, new = plan(data, match()), plan(data, match(offer="O2", pe="E2"))
    facts = facts_of(data, match(offer="O2", pe="E2"))
    found = compared(old, new, data)
    line = lines(found, POLICY, None, facts)[0]
    assert (line.before, line.after) == ("A, X (O1), E1", "A, Y (O2), E2")
    bare = lines(compared(old, new), POLICY, None, None)[0]
    assert (bare.before, bare.after) == ("O1, E1", "O2, E2")
    table = changes_table(found, POLICY, None, facts)
    assert ["Request", "S1/first", "MSW", "other place", "A, X (O1), E1", "A, Y (O2), E2"] in [
        list(r) for r in table.rows
    ]
    assert changes_table(None, POLICY, None, facts).rows == []
