"""What a back-test marks as unknown: ways that hang on answers to messages never sent, and all that lies behind them."""

from __future__ import annotations

from typing import Any

from safar.journeys.backtest.answers import find_unknown
from safar.journeys.definition.parse import parse_definition


def journey(points: dict[str, Any], **settings: Any) -> Any:
    start = {"came": {"kind": "event", "event": "Go", "next": next(iter(points))}}
    return parse_definition(
        {"journey": "j", "title": {"en": "J"}, "settings": settings, "start": start, "points": points}
    )


GREET = {"kind": "send_email", "template": "hello", "next": "look"}
TAG = {"kind": "add_tag", "tag": "vip"}


def look(condition: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "if_else", "condition": condition, "paths": {"yes": "vip"}}


def test_a_condition_on_ones_own_message_and_what_lies_behind() -> None:
    for condition in (
        {"message": "greet", "was": "opened"},
        {"message": "hello", "was": "clicked"},
        {"fact": "opens", "at_least": 1},
        {"all": [{"tag": "a"}, {"not": {"event": "email_clicked"}}]},
    ):
        found = find_unknown(journey({"greet": GREET, "look": look(condition), "vip": TAG}))
        assert (found.reads, found.after) == ({"look"}, {"vip"}), condition


def test_what_another_journey_sent_is_in_the_history() -> None:
    condition = {"message": "their-letter", "was": "opened"}
    found = find_unknown(journey({"greet": GREET, "look": look(condition), "vip": TAG}))
    assert not found.reads


def test_before_the_first_message_nothing_is_unknown_unless_one_may_enter_again() -> None:
    points = {"look": look({"fact": "opens", "at_least": 1}), "vip": {**TAG, "next": "greet"}}
    points["greet"] = {"kind": "send_email", "template": "hello"}
    assert not find_unknown(journey(points)).reads
    assert find_unknown(journey(points, reentry="always")).reads == {"look"}


def test_waiting_for_an_answer_and_leaving_by_one() -> None:
    wait = {"kind": "wait", "for": {"event": "email_opened"}, "at_most": "P3D", "paths": {"happened": "vip"}}
    points = {"greet": GREET, "look": wait, "vip": TAG}
    found = find_unknown(journey(points, exit_when={"event": "unsubscribed"}))
    assert (found.reads, found.after, found.leaving) == ({"look"}, {"vip"}, True)


def test_a_journey_that_sends_nothing_knows_everything() -> None:
    condition = {"event": "email_opened"}
    assert not find_unknown(journey({"look": look(condition), "vip": TAG})).reads
