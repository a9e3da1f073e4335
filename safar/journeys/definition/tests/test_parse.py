"""What a right definition is read into."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from safar.journeys.definition.graph import topological
from safar.journeys.definition.model import Definition, Goal
from safar.journeys.definition.parse import parse_definition
from safar.journeys.tests.cases import CATALOG, welcome
from safar.lib.durations import Duration
from safar.segments.catalog import Catalog


def read(**more: Any) -> Definition:
    data = {"journey": "small", "start": {"bought": {"kind": "ordered"}}, **more}
    return parse_definition(data, CATALOG)


def test_the_printed_example() -> None:
    definition = welcome()
    assert definition.key == "welcome"
    assert definition.title == {"en": "Welcome new contacts", "fa": "خوش‌آمدگویی"}
    assert definition.serves == "engagement"
    settings = definition.settings
    assert settings.goal == Goal("Order Completed", within=Duration(days=14), money="total")
    assert (settings.reentry, settings.one_per, settings.control_group) == ("never", None, 10.0)
    assert settings.exit_when is not None
    assert settings.exit_when.reads() == {"consent:email"}
    assert [(start.key, start.kind.key, start.next) for start in definition.starts] == [
        ("signed_up", "signed_up_email", "greet"),
        ("tagged", "tag_added", "greet"),
    ]
    assert definition.starts[0].filter is None
    assert definition.starts[1].filter is not None
    assert [(point.index, point.key) for point in definition.points] == list(
        enumerate(["greet", "bought", "thanks", "mark", "big_cart", "call", "offer"])
    )
    assert definition.point("bought").paths == {"happened": "thanks", "timed_out": "big_cart"}
    assert definition.point("offer").paths == {"next": None}
    assert topological(definition) == (0, 1, 2, 3, 4, 5, 6)


def test_what_is_left_out() -> None:
    definition = read()
    assert definition.title == {"en": "small", "fa": "small"}
    assert definition.serves is None
    assert definition.points == ()
    assert definition.starts[0].next is None
    settings = definition.settings
    assert (settings.reentry, settings.one_per, settings.goal, settings.exit_when, settings.control_group) == (
        "never", None, None, None, 0,
    )  # fmt: skip


def test_null_says_the_same_as_nothing() -> None:
    nothing = dict.fromkeys(["reentry", "one_per", "goal", "exit_when", "control_group"])
    assert read(settings=nothing) == read(settings=None) == read(points=None) == read(title=None) == read()
    assert read(settings={"goal": {"event": "x", "within": None, "where": None, "money": None}}).settings.goal == Goal(
        "x"
    )


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Welcome", {"en": "Welcome", "fa": "Welcome"}),
        ({"fa": "سلام"}, {"en": "سلام", "fa": "سلام"}),
        ({"fa": "سلام", "en": "Hello"}, {"en": "Hello", "fa": "سلام"}),
    ],
)
def test_titles(written: Any, title: dict[str, str]) -> None:
    assert read(title=written).title == title


def test_reentry_and_one_per() -> None:
    settings = read(settings={"reentry": "P30D", "one_per": "order_id", "control_group": 12.5}).settings
    assert settings.reentry == Duration(days=30)
    assert (settings.one_per, settings.control_group) == ("order_id", 12.5)
    assert read(settings={"reentry": "always"}).settings.reentry == "always"


def test_next_is_short_for_a_path_and_a_path_to_null_ends() -> None:
    start = {"s": {"kind": "ordered", "next": "a"}}
    short = read(start=start, points={"a": {"kind": "add_tag", "tag": "x", "next": "b"}, "b": {"kind": "exit"}})
    long = read(
        start={"s": {"kind": "ordered", "paths": {"next": "a"}}},
        points={"a": {"kind": "add_tag", "tag": "x", "paths": {"next": "b"}}, "b": {"kind": "exit", "paths": None}},
    )
    assert short == long
    fork = {"kind": "if_else", "condition": {"tag": "x"}, "paths": {"no": None}}
    assert read(start=start, points={"a": fork}).points[0].paths == {"yes": None, "no": None}


def test_paths_stand_in_the_order_of_the_kind() -> None:
    shares = {"kind": "split", "shares": {"b": 1, "a": 2}, "paths": {"a": "c", "b": "c"}}
    points = {"s": shares, "c": {"kind": "exit"}}
    definition = read(start={"x": {"kind": "ordered", "next": "s"}}, points=points)
    assert list(definition.points[0].paths) == ["b", "a"]


def test_where_the_entry_and_since_may_be_read() -> None:
    since = {"event": "Viewed", "since": "arrival", "where": {"id": {"same_as": "entry.id"}}}
    points = {
        "w": {"kind": "wait", "for": since, "at_most": "P1D", "paths": {"happened": "i"}},
        "i": {
            "kind": "if_else",
            "condition": {"all": [{"entry": "total", "at_least": 1}, {"event": "x", "since": "entry"}]},
        },
    }
    definition = read(
        start={"s": {"kind": "ordered", "next": "w", "filter": {"entry": "total", "at_least": 5}}},
        points=points,
        settings={
            "goal": {"event": "Order Completed", "where": {"id": {"same_as": "entry.id"}}},
            "exit_when": {"event": "Order Cancelled", "since": "entry", "where": {"id": {"same_as": "entry.id"}}},
        },
    )
    wait, fork = definition.points
    assert wait.kind.uses(wait.params) == {"entry", "since_seq"}  # type: ignore[attr-defined]
    assert fork.kind.uses(fork.params) == {"entry", "entry_seq"}  # type: ignore[attr-defined]
    assert definition.settings.goal is not None
    assert definition.settings.goal.where is not None
    assert definition.settings.goal.where.uses() == {"entry"}


def test_a_wait_is_for_events_or_for_a_condition() -> None:
    def awaited(written: Any) -> Any:
        wait = {"kind": "wait", "for": written, "at_most": "PT0S"}
        return read(start={"s": {"kind": "ordered", "next": "w"}}, points={"w": wait}).points[0]

    one = awaited({"event": "x"})
    assert [name for name, _ in one.params["for"].events] == ["x"]
    assert one.kind.stands(one.params)
    several = awaited({"any_event": ["x", {"event": "y", "where": {"a": 1}}]})
    assert [(name, where is None) for name, where in several.params["for"].events] == [("x", True), ("y", False)]
    for condition in ({"event": "x", "times": {"at_least": 1}}, {"event": "x", "since": "arrival"}, {"tag": "x"}):
        point = awaited(condition)
        assert point.params["for"].condition is not None
        assert not point.kind.stands(point.params)


def test_a_delay_for_a_time_always_stands() -> None:
    def stands(**params: Any) -> bool:
        data = {"d": {"kind": "delay", **params}}
        point = read(start={"s": {"kind": "ordered", "next": "d"}}, points=data).points[0]
        return bool(point.kind.stands(point.params))  # type: ignore[attr-defined]

    assert stands(**{"for": "PT1S"})
    assert not stands(**{"for": "PT0S"})
    assert not stands(until={"weekdays": ["sat"]})


def test_a_message_with_variants_says_them_all() -> None:
    variants = {"short": {"template": "a", "share": 30}, "warm": {"share": 70}}
    send = {
        "kind": "send_email",
        "template": "b",
        "topic": "news",
        "not_after": "PT12H",
        "variants": variants,
        "metric": "clicked",
    }
    point = read(start={"s": {"kind": "ordered", "next": "m"}}, points={"m": send}).points[0]
    effect = point.kind.effect(point.params)  # type: ignore[attr-defined]
    assert effect.kind == "message"
    assert effect.not_after == Duration(exact=timedelta(hours=12))
    assert effect.effect == {
        "channel": "email",
        "class": "marketing",
        "template": "b",
        "topic": "news",
        "metric": "clicked",
        "variants": [{"name": "short", "template": "a", "share": 30}, {"name": "warm", "template": "b", "share": 70}],
    }


def test_the_segments_that_must_be_kept() -> None:
    starts = {"s": {"kind": "segment_joined", "segment": "a"}, "t": {"kind": "segment_left", "segment": "b"}}
    data = {"journey": "x", "start": starts}
    assert parse_definition(data, Catalog(segments={"a": 1, "b": 2, "c": 3})).watched_segments() == {"a", "b"}
    assert welcome().watched_segments() == frozenset()


def test_it_is_stored_in_its_order_and_read_back() -> None:
    definition = welcome()
    stored = definition.to_json()
    assert list(json.loads(stored)["points"]) == [point.key for point in definition.points]
    assert parse_definition(stored) == definition
    assert parse_definition(stored.encode()) == definition
    assert parse_definition(json.loads(stored)) == definition
    assert parse_definition(stored).to_json() == stored
