from api.jobs.order import LARGEST, SCENARIOS, Queued, Waiting, cost_of, is_quick, tags


def test_larger_inputs_cost_more_and_a_library_most() -> None:
    # 50,000 bytes cost one more; a workbook of 140 KB costs 1 + 2
    assert cost_of("allocate", 0) == 1
    assert cost_of("allocate", 140_000) == 3
    assert cost_of("allocate", 10**9) == LARGEST < cost_of("scenarios", 10) == SCENARIOS


def test_priority_above_nothing_comes_later_and_no_cost_is_below_one() -> None:
    assert cost_of("allocate", 0, 5) == 6
    assert cost_of("allocate", 0, -5) == 1


def test_one_round_with_twenty_runs_does_not_hold_up_the_first_of_another() -> None:
    first = tags([Waiting(f"a{n}", "a", 3) for n in range(20)], [])
    # 3, 6, 9, ...
    assert list(first.values()) == [3 * (n + 1) for n in range(20)]
    queue = [Queued("a", 3, tag, begun=tag == 3) for tag in first.values()]
    # what is begun began at 0, so the other's first one stands at 0 + 3: before the second of the twenty
    assert tags([Waiting("b", "b", 3)], queue) == {"b": 3}


def test_small_before_big_also_of_the_same_round() -> None:
    big = tags([Waiting("big", "a", 100), Waiting("bigger", "a", 100)], [])
    queue = [Queued("a", 100, big["big"], begun=True), Queued("a", 100, big["bigger"], begun=False)]
    # the first big one is under way since 0: 0 + 1 is before the second at 200
    assert tags([Waiting("small", "a", 1)], queue)["small"] == 1 < big["bigger"] == 200


def test_nothing_waits_for_ever_behind_small_ones() -> None:
    queue = [Queued("a", 100, 100, begun=False)]
    last = 0
    for number in range(101):
        begun = [Queued("b", 1, last, begun=True)] if last else []
        last = tags([Waiting(f"b{number}", "b", 1)], [*queue, *begun])[f"b{number}"]
    # the small ones move the queue on by one each: the 101st comes after the big one
    assert last == 101


def test_after_everything_is_done_tags_begin_anew() -> None:
    assert tags([Waiting("a", "a", 4)], []) == {"a": 4}


def test_a_look_is_quick_unless_it_asks_for_everything_there_is() -> None:
    assert is_quick("effect", {})
    assert is_quick("fits", {"judged": 20})
    assert not is_quick("fits", {"judged": 21})
    assert not is_quick("fits", {"judged": None})
    assert not is_quick("moves", {})
    assert not is_quick("allocate", {"judged": 20})
