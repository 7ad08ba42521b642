"""Rows of one key that differ: what they limit is not let go."""

from tests.reading.sheets import all_of, of_code, reading, with_row


def test_of_a_team_that_stands_on_rows_that_differ_the_least_maximum_holds() -> None:
    rows = with_row("Teams", 2, maximum_at_once=3)
    again = {"agency": "A", "team": "X", "place": "SM1"}
    for others, least in (
        ([again], 3),  # the other says nothing
        ([again | {"maximum_at_once": 2}], 2),
        ([again | {"maximum_at_once": 2}, again | {"maximum_at_once": "lots"}], 0),  # one cannot be read: nobody new
    ):
        read = reading(Teams=[*rows, *others])
        team = next(t for t in read.dataset.teams if t.team == "X")
        assert team.maximum_at_once == least
        said = {i.message for i in read.issues if i.code == "V301" and i.sheet == "Teams"}
        count = 1 + len(others)
        assert said == {
            f"A/X stands on {count} rows that differ; none of them was used, except that the least of their "
            "maximum_at_once holds."
        }


def test_of_measured_times_that_differ_the_longest_counts() -> None:
    # One slower than the other; the third cannot be read and is no time.
    times = [{"from": "CR0", "to": "SM1", "mode": "car", "minutes": m} for m in (40, 95, "far")]
    read = reading(Travel=times)
    assert [t.minutes for t in read.dataset.travel] == [95]
    assert "the longest time counts until one of them is left" in {
        i.message.partition("; ")[2].rstrip(".") for i in read.issues if i.code == "V301"
    }
    # Equal ones are one, as before.
    assert [t.minutes for t in reading(Travel=all_of("Travel") * 2).dataset.travel] == [25]
    assert of_code(reading(Travel=all_of("Travel") * 2).issues, "V302").sheet == "Travel"
