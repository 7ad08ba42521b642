"""Where the parts of pictures lie: bars over months, districts with north at the top."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from allocator.views.about import Span
from allocator.views.areas import READABLE, areas_of, centres, together, within
from allocator.views.homes import Home, Homes, Journey, Site
from api.pages.labels import GAP, HIGH, WIDE, Label, Named, labels_of
from api.pages.pictures import EDGE, MAP_WIDTH, WIDTH, map_picture, timeline
from models.entities import Place

SIZE = 10
spots_drawn = st.lists(
    st.builds(
        Named, st.text("ABC", min_size=1, max_size=3), st.integers(-20, 220), st.integers(-20, 220), st.integers(3, 20),
        st.just(""),
    ),
    max_size=12, unique_by=lambda spot: spot.name,
).map(lambda spots: [spot._replace(says=spot.name) for spot in spots])  # fmt: skip


def test_bars_lie_over_the_months_in_which_they_run() -> None:
    spans = [
        Span("student", "S1/first", date(2026, 1, 1), date(2026, 1, 31), 1),
        Span("commitment", "nursing", date(2026, 1, 16), date(2026, 2, 28), 1),
    ]
    found = timeline(spans, date(2026, 2, 1))
    # January and February 2026 are 59 days: 31 of them before February.
    assert [(tick.x, tick.words) for tick in found.ticks] == [(0, "Jan 26"), (round(31 * WIDTH / 59, 1), "Feb 26")]
    first, second = found.parts
    assert (first.x, second.x, second.kind) == (0, round(15 * WIDTH / 59, 1), "commitment")
    assert found.today == found.ticks[1].x
    assert timeline(spans, date(2027, 1, 1)).today is None


def covers(label: Label) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a name."""
    wide, high = WIDE * SIZE * len(label.name), HIGH * SIZE
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, left + wide, label.y - high / 2, label.y + high / 2


@given(spots_drawn, st.lists(st.tuples(st.text("ABC", max_size=3), st.text("ABC", max_size=3)), max_size=8))
def test_no_name_lies_on_another_or_on_a_spot_or_beyond_the_edge(
    spots: list[Named], ends: list[tuple[str, str]]
) -> None:  # fmt: skip
    found = labels_of(spots, ends, SIZE, 200, 200)
    boxes = [covers(label) for label in found]
    taken = [(s.x - s.radius, s.x + s.radius, s.y - s.radius, s.y + s.radius) for s in spots]
    for n, (left, right, top, bottom) in enumerate(boxes):
        assert min(left, top) > -0.1
        assert max(right, bottom) < 200.1
        for west, east, north, south in (*boxes[:n], *taken):
            assert left > east - 0.2 or right < west + 0.2 or top > south - 0.2 or bottom < north + 0.2
    assert len({label.name for label in found}) == len(found)


def test_a_name_stands_where_the_fewest_lines_go_and_is_left_out_where_there_is_no_room() -> None:
    middle, east = Named("M", 100, 100, 5, "M"), Named("E", 180, 100, 4, "E")
    first, second = labels_of((middle, east), [("M", "E")], SIZE, 200, 200)
    assert first == Label("M", 100 - 5 - GAP, 100, "end")
    assert second.anchor == "start"
    crowd = [Named(f"X{n}", 100 + n, 100, 90, "a long name") for n in range(3)]
    assert labels_of(crowd, [], SIZE, 200, 200) == ()


def test_districts_lie_as_on_a_map_and_those_without_coordinates_are_named() -> None:
    places = {
        "N": Place(place="N", latitude=52.0, longitude=0.0), "S": Place(place="S", latitude=51.0, longitude=0.0),
    }  # fmt: skip
    homes = (Home("N", placed=3, not_placed=1), Home("X", placed=0, not_placed=1))
    found = Homes(homes, (Site("S", 1, 1),), (Journey("N", "S", 3, 80, 1), Journey("X", "S", 1, None, 0)))
    picture = map_picture(found, places)
    assert picture is not None
    (home,), (site,), (line,) = picture.homes, picture.sites, picture.lines
    # One degree from north to south is as high as the map may be.
    assert (home.x, home.y, site.x, site.y) == (EDGE, EDGE, EDGE, MAP_WIDTH - EDGE)
    assert home.radius == 3 + 2.2 * 2  # the root of four requests
    assert (line.y, line.to_y, line.over) == (home.y, site.y, True)
    assert picture.left_out == ("X",)
    assert picture.unnamed == ()
    assert [spot.name for spot in picture.labels] == ["N", "S"]
    assert map_picture(found, {}) is None


def many() -> Homes:
    """Three districts of each of nine areas, A to I, from which two requests come each; AA1 to BB1 and within AA."""
    names = [f"{letter}{letter}{n}" for letter in "ABCDEFGHI" for n in (1, 2, 3)]
    homes = tuple(Home(name, placed=2, not_placed=0) for name in names)
    journeys = (Journey("AA1", "BB1", 3, 80, 1), Journey("AA2", "BB1", 2, 20, 0), Journey("AA1", "AA2", 1, 5, 0))
    return Homes(homes, (Site("BB1", 4, 3), Site("AA2", 1, 1)), journeys)


def test_many_districts_are_drawn_by_area_and_one_area_district_by_district() -> None:
    found = many()
    assert len(found.homes) > READABLE
    areas = areas_of(found)
    assert list(areas) == ["AA", "BB", "CC", "DD", "EE", "FF", "GG", "HH", "II"]
    assert (areas["AA"], areas["BB"], areas["CC"]) == (3 * 2 + 1, 3 * 2 + 4, 3 * 2)
    whole = together(found, "")
    assert {(h.district, h.placed) for h in whole.homes} == {(area, 6) for area in areas}
    assert set(whole.journeys) == {Journey("AA", "BB", 5, 80, 1), Journey("AA", "AA", 1, 5, 0)}
    zoomed = together(found, "AA")
    assert {h.district for h in zoomed.homes} == {"AA1", "AA2", "AA3", *areas} - {"AA"}
    assert Journey("AA1", "BB", 3, 80, 1) in zoomed.journeys
    # nobody is lost or counted twice, whichever way they are drawn
    for drawn in (whole, zoomed):
        assert sum(h.placed for h in drawn.homes) == sum(h.placed for h in found.homes)
        assert sum(j.students for j in drawn.journeys) == sum(j.students for j in found.journeys)
    assert [h.district for h in within(found, "BB").homes] == ["BB1", "BB2", "BB3"]
    assert within(found, "BB").journeys == found.journeys[:2]


def test_few_districts_or_none_that_share_an_area_stay_as_they_are() -> None:
    assert areas_of(Homes((Home("KT1", 1, 0), Home("KT2", 1, 0)), (), ())) == {}
    assert areas_of(Homes(tuple(Home(f"the {n}th village", 1, 0) for n in range(READABLE + 9)), (), ())) == {}


def test_an_area_fills_the_picture_and_others_lie_where_they_are() -> None:
    found = many()
    at = {home.district: Place(place=home.district, latitude=51 + n / 100, longitude=0) for n, home in enumerate(found.homes)}  # fmt: skip
    middle = centres(found, at, "AA")
    assert middle["BB"].latitude == sum(at[f"BB{n}"].latitude for n in (1, 2, 3)) / 3
    inside = frozenset(("AA1", "AA2", "AA3"))
    picture = map_picture(together(found, "AA"), middle, inside)
    assert picture is not None
    heights = {spot.name: spot.y for spot in picture.homes}
    assert (heights["AA3"], heights["AA1"]) == (EDGE, MAP_WIDTH - EDGE)  # the northernmost and the southernmost there
    assert heights["BB"] < 0  # north of the picture
    numbered = map_picture(together(found, ""), centres(found, at, ""), numbered=True)
    assert numbered is not None
    assert {spot.name for spot in numbered.labels} >= {"AA 6", "BB 6"}
