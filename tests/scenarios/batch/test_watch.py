"""What a run says while it works, and how it is read back."""

import json
from pathlib import Path

from scenarios.batch.watch import Event, Tail, Watch, events, into


def test_phases_samples_and_facts_are_events() -> None:
    said: list[Event] = []
    watch = Watch(60, said.append)
    with watch.phase("read"):
        pass
    watch.facts(counts={"students": 2})
    with watch.solving():
        watch.sample(3, "placed.finals", 2, 4)
    kinds = [next(key for key in event if key not in ("at", "memory")) for event in said]
    assert kinds == ["phase", "facts", "clock", "sample", "clock"]
    assert said[3]["sample"] | {"seconds": 0} == {
        "seconds": 0, "placed": 3, "tier": "placed.finals", "value": 2, "bound": 4,
    }  # fmt: skip
    assert [event["clock"] for event in said if "clock" in event] == ["start", "stop"]


def test_the_clock_stands_still_before_and_after_solving() -> None:
    watch = Watch(60, lambda event: None)
    assert (watch.seconds, watch.left) == (0, 60)
    with watch.solving():
        pass
    stopped = watch.seconds
    assert watch.seconds == stopped
    assert watch.left == 60 - stopped


def test_samples_that_say_nothing_new_are_thinned_and_whole_plans_are_not() -> None:
    said: list[Event] = []
    watch = Watch(60, said.append)
    with watch.solving():
        for value in range(50):
            watch.sample(3, "firm", value)  # the same tier and number placed, within a tenth of a second
        watch.sample(4, "firm", 50)
        watch.sample(4, "firm", 50, values={"firm": 50})
    samples = [event["sample"] for event in said if "sample" in event]
    assert len(samples) < 50
    assert samples[0]["value"] == 0
    assert samples[-1]["values"] == {"firm": 50}


def test_events_are_read_as_far_as_they_are_whole(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    tail = Tail(file)
    assert tail.fresh() == []
    with into(file) as write:
        write({"phase": "read", "seconds": 1})
    assert tail.fresh() == [{"phase": "read", "seconds": 1}]
    with file.open("a") as stream:
        stream.write('{"clock": "st')  # killed while writing
    assert tail.fresh() == []
    assert events(file) == [{"phase": "read", "seconds": 1}]
    with file.open("a") as stream:
        stream.write('art"}\n')
    assert tail.fresh() == [{"clock": "start"}]
    assert len(file.read_text().splitlines()) == 2
    assert all(json.loads(line) for line in file.read_text().splitlines())
