"""A table as people work with it: filtered, sorted, grouped, with the columns that they chose, and nothing private."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from allocator.views.table import Column, Table
from api.pages.meeting_view import shared_text, without_attempt
from api.pages.table_view import Filter, Params, Prepared, View, link_to

TABLE = Table(
    title="Students",
    note="",
    columns=(
        Column("Request"), Column("Result"), Column("Due", kind="date"), Column("Minutes one way", kind="whole"),
        Column("Areas", group="First placement"), Column("Areas", group="This placement"), Column("Detail", 40),
    ),
    rows=[
        ["S10/first", "firm", date(2026, 1, 5), 80, "adults", "children", "<b>x</b>"],
        ["S2/first", "provisional", None, 20, "", "", "too far: 95 minutes; PE to be named"],
        ["S1/final/2", "firm", date(2025, 12, 1), None, "adults", "adults", "repeat placement"],
    ],
    tone_column="Result",
    tones=(("provisional", "warn"),),
    above=(("Minutes one way", 75),),
    printed=4,
)  # fmt: skip
FILTERS = (Filter("Result"), Filter("Areas (First placement)"))


def view(*params: tuple[str, str], meeting: bool = False, chosen: tuple[str, ...] = ()) -> View:
    links = {"Request": link_to("/rounds/r/request")}
    return View(Prepared(TABLE, links, meeting=meeting), FILTERS, params, chosen)


def requests(*params: tuple[str, str]) -> list[str]:
    return [str(TABLE.rows[n][0]) for n in view(*params).numbers]


def test_rows_stand_in_the_order_of_the_report_until_somebody_sorts() -> None:
    assert requests() == ["S10/first", "S2/first", "S1/final/2"]
    assert requests(("sort", "Request")) == ["S1/final/2", "S2/first", "S10/first"]  # as people count
    # Blank cells come last, whichever way.
    assert requests(("sort", "Due")) == ["S1/final/2", "S10/first", "S2/first"]
    assert requests(("sort", "-Due")) == ["S10/first", "S1/final/2", "S2/first"]
    assert requests(("sort", "-Minutes one way")) == ["S10/first", "S2/first", "S1/final/2"]
    assert requests(("sort", "No such heading")) == ["S10/first", "S2/first", "S1/final/2"]


def test_rows_are_found_by_words_and_by_column() -> None:
    assert requests(("text", "FIRM adults")) == ["S10/first", "S1/final/2"]
    assert requests(("text", "nobody")) == []
    assert requests(("Result", "firm"), ("text", "2025")) == ["S1/final/2"]
    assert requests(("Areas (First placement)", "none")) == ["S2/first"]
    assert [(c.words, c.taken) for c in view(("Result", "firm")).choices_of(FILTERS[0])] == [
        ("firm (2)", True), ("provisional (1)", False),
    ]  # fmt: skip


def test_rows_are_grouped_under_what_they_share() -> None:
    groups = view(("group", "Result"), ("sort", "Request")).groups
    assert [(g.title, g.numbers) for g in groups] == [("firm", (2, 0)), ("provisional", (1,))]
    assert [g.title for g in view(("group", "Minutes one way")).groups] == [""]  # no column to group by


def test_columns_are_those_that_are_printed_until_somebody_chooses() -> None:
    assert view().shown == ["Request", "Result", "Due", "Minutes one way"]
    assert view(chosen=("Request", "Detail")).shown == ["Request", "Detail"]
    assert view(("show", "Areas (This placement)"), ("show", "nonsense")).shown == ["Request", "Areas (This placement)"]
    # Those of the page come first and in its order, on the page and in what is taken away; others as in the report.
    found = view(("show", "Due"), ("show", "Result"), ("show", "Detail"), chosen=("Detail", "Result"))
    assert found.shown == ["Request", "Detail", "Result", "Due"]
    assert [column.title for column in found.as_table().columns] == found.shown
    assert found.as_table().rows[0] == ["S10/first", "<b>x</b>", "firm", date(2026, 1, 5)]
    row = view(("show", "Areas (This placement)")).groups[0].rows[0]
    assert (
        row == '<tr><th scope="row"><a href="/rounds/r/request?id=S10%2Ffirst">S10/first</a></th><td>children</td></tr>'
    )


def test_cells_are_escaped_marked_and_toned() -> None:
    rows = view(("show", "Detail"), ("show", "Minutes one way")).groups[0].rows
    assert '<td class="number"><strong>80</strong></td><td class="long">&lt;b&gt;x&lt;/b&gt;</td>' in rows[0]
    assert '<td class="number">20</td>' in rows[1]
    assert rows[1].startswith('<tr class="tone-warn">')


def test_a_form_is_shown_where_somebody_filled_it_in_and_folded_it_says_what_holds() -> None:
    assert not view().is_asked
    assert not view(("show", "Detail"), ("done", "published"), ("Result", "")).is_asked
    for asked in (("text", "S2"), ("Result", "firm"), ("group", "Result"), ("sort", "Due")):
        assert view(asked).is_asked
    assert (
        view(("Result", "firm"), ("Result", "provisional"), ("text", "S2")).in_words == "“S2”; Result firm, provisional"
    )
    usual = View(Prepared(TABLE, {}, meeting=False), FILTERS, (), usual=(("Result", "firm"),))
    assert (usual.is_asked, usual.in_words) == (False, "Result firm")


def test_headings_say_what_is_below_them() -> None:
    shown = view(("show", "Minutes one way"), ("show", "Detail"), ("show", "Result"))
    assert [(h.title, h.kind) for h in shown.headings] == [
        ("Request", ""), ("Result", ""), ("Minutes one way", "number"), ("Detail", "words"),
    ]  # fmt: skip


def test_headings_lead_to_the_same_rows_sorted_the_other_way() -> None:
    shown = view(("Result", "firm"), ("sort", "Request"), ("done", "published"))
    request, result, *_ = shown.headings
    assert (request.sorted, request.address) == ("ascending", "?Result=firm&sort=-Request")
    assert (result.sorted, result.address) == ("none", "?Result=firm&sort=Result")


def test_what_is_taken_away_is_what_is_shown() -> None:
    table = view(("Result", "firm"), ("sort", "Request"), ("show", "Detail")).as_table()
    assert [column.title for column in table.columns] == ["Request", "Detail"]
    assert table.rows == [["S1/final/2", "repeat placement"], ["S10/first", "<b>x</b>"]]
    assert (table.note, table.tone_column, list(table.above)) == ("2 of 3 rows.", None, [])


def test_in_a_meeting_columns_that_are_not_listed_are_gone_and_text_says_less() -> None:
    shown = view(("show", "Minutes one way"), ("show", "Detail"), ("show", "Result"), meeting=True)
    assert shown.shown == ["Request", "Result"]  # nobody has said of the column Detail that it is safe
    assert shown.as_table().rows == [["S10/first", "firm"], ["S2/first", "provisional"], ["S1/final", "firm"]]
    assert view(("text", "95"), meeting=True).numbers == []  # what is not shown is not found either
    assert view(("sort", "Minutes one way"), meeting=True).numbers == [0, 1, 2]


def test_text_for_a_meeting() -> None:
    assert (
        shared_text("O1: Ash, X, 45 minutes\nIts place is held by S2/final/3.")
        == "O1: Ash, X\nIts place is held by S2/final."
    )
    assert shared_text("The student needs a lift. PE needed.") == "PE needed."
    assert without_attempt("S9/first/2") == "S9/first"


headings = st.sampled_from(["Request", "Result", "Due", "Minutes one way", "Detail", "nonsense"])
params = st.lists(
    st.tuples(st.sampled_from(["text", "sort", "group", "show", "Result", "x"]), headings | st.sampled_from(["firm", "S"])),
    max_size=6,
)  # fmt: skip


@given(params, st.booleans())
def test_every_row_that_is_shown_is_shown_once_whatever_stands_in_the_address(asked: Params, meeting: bool) -> None:
    shown = View(Prepared(TABLE, {}, meeting=meeting), FILTERS, asked)
    numbers = [n for group in shown.groups for n in group.numbers]
    assert sorted(numbers) == sorted(set(shown.numbers))
    assert len(shown.as_table().rows) == len(numbers)
