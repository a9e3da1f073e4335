"""A plan becomes a journey, and is read out of it again; of a map that says more it says what it can."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from safar.journeys.campaigns.plan import Plan, Variant, is_campaign, read_plan, write_plan
from safar.journeys.definition.parse import parse_definition
from safar.journeys.tests.cases import CATALOG

TEHRAN = ZoneInfo("Asia/Tehran")
AT = datetime(2027, 3, 21, 8, 30, tzinfo=TEHRAN)
LEAST = Plan({"fa": "یلدا"}, "big-spenders", "email", (Variant("yalda"),))
MOST = Plan(
    {"en": "Yalda", "fa": "یلدا"}, "big-spenders", "sms", (Variant("short", 30), Variant("warm", 70)),
    at=AT, goal="Order Completed", days=7, money="total", control_group=10,
)  # fmt: skip


@pytest.mark.parametrize("plan", [LEAST, MOST])
def test_what_is_written_is_read_again(plan: Plan) -> None:
    found = read_plan(write_plan(plan), "Asia/Tehran")
    assert found == plan
    assert found is not None
    assert found.plain


def test_it_is_a_journey_like_any_other() -> None:
    definition = parse_definition({"journey": "yalda", **write_plan(MOST)}, CATALOG)
    assert [start.kind.key for start in definition.starts] == ["segment_once"]
    assert [point.kind.key for point in definition.points] == ["send_sms"]
    assert definition.settings.control_group == 10


def test_a_map_that_says_more_is_a_campaign_but_not_plain() -> None:
    draft = write_plan(LEAST)
    draft["points"]["tag"] = {"kind": "add_tag", "tag": "yalda"}
    draft["points"]["message"]["next"] = "tag"
    found = read_plan(draft, "Asia/Tehran")
    assert found is not None
    assert not found.plain
    assert found.variants == (Variant("yalda"),)


def test_what_is_compared_and_at_whose_hour() -> None:
    plan = replace(LEAST, variants=(Variant("yalda"), Variant("warm")), metric="opened", best_hour=True)
    draft = write_plan(plan)
    assert draft["points"]["message"] | {"metric": "opened", "send_at": "best_hour"} == draft["points"]["message"]
    assert read_plan(draft, "Asia/Tehran") == plan
    later = replace(plan, at=datetime(2027, 3, 21, 8, tzinfo=UTC))
    assert later.ends == datetime(2027, 3, 22, 8, tzinfo=UTC)


def test_a_moment_without_an_offset_goes_round_the_earth() -> None:
    draft = write_plan(LEAST)
    draft["start"]["people"]["at"] = "2027-03-21T08:00"
    found = read_plan(draft, "Asia/Tehran")
    assert found is not None
    assert found.local
    assert found.begins == datetime(2027, 3, 20, 18, 0, tzinfo=UTC)
    assert found.ends is not None
    assert found.begins is not None
    assert found.ends - found.begins == timedelta(hours=26)


@pytest.mark.parametrize(
    "draft",
    [
        {}, {"start": None}, {"start": []}, {"start": {}}, {"start": {"a": {"kind": "event", "event": "x"}}}, [], None, {"start": {"a": 1}},
        {"start": {"a": {"kind": "segment_once"}, "b": {"kind": "event"}}},
    ],
)  # fmt: skip
def test_anything_else_is_no_campaign(draft: object) -> None:
    assert not is_campaign(draft)


@pytest.mark.parametrize("wrong", [None, 3, [], {}, "x", {"variants": [1]}, {"a": 1}])
def test_drafts_with_whatever_faults_are_read(wrong: object) -> None:
    draft = {"settings": wrong, "points": {"a": wrong, "b": {"kind": "send_email", "variants": wrong, "template": wrong}},
             "title": wrong, "start": {"a": {"kind": "segment_once", "segment": wrong, "at": wrong}}}  # fmt: skip
    assert read_plan(draft, "UTC") is not None
