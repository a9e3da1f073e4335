"""Segments put in place of their names: their own meaning, their order, circles, and how large they may grow."""

from __future__ import annotations

import pytest
from psycopg.sql import SQL

from safar.lib.faults import Faults
from safar.segments.parse import Catalog, order_segments, parse_condition, parse_segments
from safar.segments.tests.conftest import Ground, condition

BOUGHT = {"bought": {"event": "Order Completed"}}


def test_a_segment_keeps_its_meaning_over_all_history(ground: Ground) -> None:
    """exit_when counts from the entry; a segment in it does not."""
    id = ground.contact(events=[("Order Completed", "2026-05-01T00:00Z", {}, 50)])
    direct, by_name = condition({"event": "Order Completed"}), condition({"segment": "bought"}, BOUGHT)
    assert ground.read(id, direct)[0] is True
    assert ground.read(id, direct, from_entry=True)[0] is False
    assert ground.read(id, by_name, from_entry=True)[0] is True
    assert ground.read(id, condition({"not": {"all": [{"event": "Order Completed"}]}}), from_entry=True)[0] is True


@pytest.mark.parametrize("more", [{"within": "P30D"}, {"times": {"at_least": 1}}])
def test_a_window_or_number_counts_from_the_beginning_even_in_exit_when(
    ground: Ground, more: dict[str, object]
) -> None:
    id = ground.contact(events=[("Order Completed", "2026-05-01T00:00Z", {}, 50)])
    assert ground.read(id, condition({"event": "Order Completed", **more}), from_entry=True)[0] is True


def test_a_point_named_in_a_segment_is_a_template(ground: Ground) -> None:
    id = ground.contact(
        events=[("email_opened", "2026-05-01T00:00Z", {"journey": "welcome", "point": "greet", "template": "t"})]
    )
    segments = {"readers": {"message": "greet", "was": "opened"}}
    assert ground.read(id, condition({"message": "greet", "was": "opened"}))[0] is True
    assert ground.read(id, condition({"segment": "readers"}, segments))[0] is False


def test_the_reading_says_what_a_segment_is_now(ground: Ground) -> None:
    id = ground.contact(tags=["vip"])
    named = condition({"segment": "s"}, {"s": {"tag": "vip"}})
    assert ground.read(id, named)[0] is True
    assert ground.read(id, named, segments={"s": condition({"tag": "other"})})[0] is False


def test_a_segments_flip_is_the_conditions_own(ground: Ground) -> None:
    id = ground.contact(events=[("View", "2026-05-05T00:00Z")])
    named = condition({"not": {"segment": "looked"}}, {"looked": {"event": "View", "within": "PT24H"}})
    truth, flip = ground.read(id, named)
    assert (truth, flip and flip.isoformat()) == (False, "2026-05-06T00:00:00+00:00")


def test_whoever_names_stands_behind_whom_it_names() -> None:
    segments = {
        "a": {"all": [{"segment": "c"}, {"not": {"segment": "b"}}]},
        "b": {"tag": "x"},
        "c": {"any": [{"segment": "b"}]},
        "d": 5,
    }
    faults = Faults()
    assert order_segments(segments, faults) == ["b", "c", "a", "d"]
    assert not faults
    assert list(parse_segments({k: v for k, v in segments.items() if k != "d"}, faults)) == ["a", "b", "c"]
    assert not faults


def test_circles_are_refused_with_the_way_round() -> None:
    segments = {
        "a": {"segment": "b"},
        "b": {"not": {"segment": "c"}},
        "c": {"any": [{"tag": "x"}, {"segment": "b"}]},
        "self": {"segment": "self"},
        "sound": {"tag": "x"},
    }
    faults = Faults("segments")
    known = parse_segments(segments, faults)
    assert list(known) == ["sound"]
    assert [str(fault) for fault in faults] == [
        "segments.b: the segments b → c → b stand in a circle",
        "segments.c: the segments c → b → c stand in a circle",
        "segments.self: the segments self → self stand in a circle",
        "segments.a.segment: the segment 'b' is itself wrong: it stands in a circle of segments",
    ]
    for key in "abc":
        faults = Faults()
        assert parse_condition({"segment": key}, faults, Catalog(segments=segments)) is None
        assert faults


def chain(length: int) -> dict[str, object]:
    return {"s0": {"tag": "x"}, **{f"s{n}": {"all": [{"segment": f"s{n - 1}"}]} for n in range(1, length)}}


def test_long_chains_and_large_trees_have_a_limit() -> None:
    assert len(parse_segments(chain(30), Faults())) == 30
    faults = Faults()
    parse_segments(chain(5000), faults)
    assert "nested more than 64 deep here once segments are put in place" in str(next(iter(faults)))
    doubling = {"s0": {"tag": "x"}, **{f"s{n}": {"all": [{"segment": f"s{n - 1}"}] * 2} for n in range(1, 20)}}
    faults = Faults()
    parse_segments(doubling, faults)
    assert "more than 1,000 conditions once its segments are put in place" in str(next(iter(faults)))
    assert parse_condition({"segment": "s19"}, Faults(), Catalog(segments=doubling)) is None


def test_the_largest_that_is_allowed_runs(ground: Ground) -> None:
    known = parse_segments(chain(32), Faults())
    faults = Faults()
    wide = parse_condition({"any": [{"not": {"segment": "s28"}}] * 8}, faults, Catalog(segments=known))
    assert wide is not None, list(faults)
    id = ground.contact(tags=["x"])
    assert ground.read(id, wide)[0] is False
    assert len(SQL("{}").format(wide.holds(ground.reading())).as_string()) < 20_000
