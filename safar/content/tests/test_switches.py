"""What a message says itself of being tracked: kept, refused with its place, and left out where it says nothing."""

from __future__ import annotations

import pytest

from safar.content.switches import check_switches, complete_switches
from safar.lib.faults import Faults


@pytest.mark.parametrize(
    ("written", "channel", "places"),
    [
        ({}, "email", []),
        ({"opens": False, "clicks": True, "utm": True}, "email", []),
        ({"utm": {"utm_campaign": "yalda-{variant}"}}, "sms", []),
        ([], "email", ["tracking"]),
        ({"opens": True}, "sms", ["tracking.opens"]),
        ({"opens": "yes", "click": True}, "email", ["tracking.opens", "tracking.click"]),
        ({"utm": {"utm_term": "a", "utm_source": 3}}, "email", ["tracking.utm.utm_term", "tracking.utm.utm_source"]),
        ({"utm": {"utm_campaign": "{jurney}"}}, "email", ["tracking.utm.utm_campaign"]),
        ({"utm": {"utm_campaign": "a" * 101}}, "email", ["tracking.utm.utm_campaign"]),
    ],
)
def test_what_is_refused(written: object, channel: str, places: list[str]) -> None:
    faults = Faults()
    check_switches(written, channel, faults.at("tracking"))
    assert [each.place for each in faults] == places


def test_what_says_nothing_is_left_out() -> None:
    assert complete_switches(None) == {}
    assert complete_switches({"opens": None, "clicks": False}) == {"clicks": False}
    assert complete_switches({"utm": {"utm_source": ""}}) == {"utm": True}
    assert complete_switches({"utm": {"utm_source": "", "utm_campaign": "y"}}) == {"utm": {"utm_campaign": "y"}}
