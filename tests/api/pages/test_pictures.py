"""Where the parts of pictures lie: bars over months, districts with north at the top."""

from datetime import date

from allocator.views.about import Span
from allocator.views.homes import Home, Homes, Journey, Site
from api.pages.pictures import EDGE, MAP_WIDTH, WIDTH, map_picture, timeline
from models.entities import Place


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
    assert [spot.name for spot in picture.labels] == ["N", "S"]
    assert map_picture(found, {}) is None
