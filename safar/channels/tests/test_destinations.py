"""The kinds of destinations against servers that speak as the real ones do."""

from __future__ import annotations

import pytest

from safar.channels.notices.kind import kinds, number_of, queue_of
from safar.channels.tests import messengers
from safar.channels.tests.destination_cases import DestinationCases
from safar.lib.faults import Faults


class TestTelegram(DestinationCases):
    key = "telegram"
    speak = messengers.bot
    settings = {"token": messengers.TOKEN, "chat": messengers.CHAT}
    wrong = {"token": "987654321:ZZzzzzzzzz"}
    flood, over = messengers.FLOOD, messengers.KICKED


class TestBale(DestinationCases):
    key = "bale"
    speak = messengers.bot
    settings = {"token": messengers.TOKEN, "chat": messengers.CHAT}
    wrong = {"token": "987654321:ZZzzzzzzzz"}
    flood, over = messengers.FLOOD, messengers.KICKED


class TestSlack(DestinationCases):
    key = "slack"
    speak = messengers.slack
    settings = {"url": "{url}" + messengers.PATH}
    wrong = {"url": "{url}/services/T1/B1/another"}
    flood, over = messengers.SLACK_FLOOD, messengers.SLACK_OVER


def test_every_kind_has_its_suite_or_goes_by_a_channel() -> None:
    own = {cls.key for cls in DestinationCases.__subclasses__()}
    assert {key for key, kind in kinds().items() if not kind.channel} == own
    assert {key: kind.channel for key, kind in kinds().items() if kind.channel} == {"email": "email", "sms": "sms"}


def test_a_queue_knows_its_destination() -> None:
    assert [number_of(queue_of(kinds()["bale"], 12, test=test)) for test in (False, True)] == [12, 12]
    assert [number_of(one) for one in ("email", "destination:", "destination:x", "notice")] == [None] * 4


@pytest.mark.parametrize(
    ("kind", "to", "places"),
    [
        ("email", "", []),
        ("email", "sara@shop.example\nali@shop.example", []),
        ("email", "sara@shop.example\nali at shop", ["to"]),
        ("email", "\n".join(f"a{n}@shop.example" for n in range(21)), ["to"]),
        ("sms", "09121234567\n+4917612345678", []),
        ("sms", "۰۹۱۲۱۲۳۴۵۶۷", []),
        ("sms", "call me", ["to"]),
    ],
)
def test_addresses_are_checked(kind: str, to: str, places: list[str]) -> None:
    faults = Faults()
    kinds()[kind].check({"to": to}, faults)
    assert [fault.place for fault in faults] == places
