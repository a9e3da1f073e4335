"""One message: what it becomes, and every way in which it can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safar.contacts.names import Names
from safar.events.message import check_message
from safar.events.tests.shop import NOW, message
from safar.lib.faults import Faults


def faults_of(trusted: bool = True, **fields: object) -> list[tuple[str, str]]:
    faults = Faults()
    said = {"type": "track", "event": "Mug Seen", "userId": "sara", **fields}
    assert check_message(said, faults, received=NOW, trusted=trusted) is None
    return [(fault.place, fault.message) for fault in faults]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"type": "trak"}, "type"),
        ({"type": None}, "type"),
        ({"type": ["track"]}, "type"),
        ({"event": None}, "event"),
        ({"event": ""}, "event"),
        ({"event": 5}, "event"),
        ({"event": "x" * 256}, "event"),
        ({"userId": None}, "userId"),
        ({"userId": ""}, "userId"),
        ({"userId": 1.5}, "userId"),
        ({"userId": True}, "userId"),
        ({"userId": {}}, "userId"),
        ({"userId": "x" * 257}, "userId"),
        ({"anonymousId": []}, "anonymousId"),
        ({"messageId": 5}, "messageId"),
        ({"messageId": "x" * 256}, "messageId"),
        ({"properties": []}, "properties"),
        ({"properties": "x"}, "properties"),
        ({"properties": {str(n): n for n in range(256)}}, "properties"),
        ({"context": 1}, "context"),
        ({"timestamp": 5}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "1899-12-31T00:00:00Z"}, "timestamp"),
        ({"timestamp": "9999-12-31T23:00:00-05:00"}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+05:00"}, "timestamp"),
        ({"timestamp": "2026-13-01"}, "timestamp"),
        ({"timestamp": "2026-03-21T09:00:01Z"}, "timestamp"),
        ({"originalTimestamp": {}}, "originalTimestamp"),
        ({"sentAt": "x"}, "sentAt"),
        ({"sentAt": "9999-12-31T00:00:00Z", "timestamp": "1900-01-01T00:00:00Z"}, "sentAt"),
        ({"type": "identify", "traits": 5}, "traits"),
        ({"type": "group"}, "groupId"),
        ({"type": "alias"}, "previousId"),
        ({"type": "page", "name": 5}, "name"),
        ({"context": {"consent": {"email": "perhaps"}}}, "context.consent.email"),
        ({"context": {"consent": {"categoryPreferences": {"sms": 1}}}}, "context.consent.categoryPreferences.sms"),
    ],
)
def test_faults(fields, place):
    assert place in [where for where, _ in faults_of(**fields)]


def test_all_faults_at_once():
    assert {place for place, _ in faults_of(event=None, properties=[], timestamp="x")} == {
        "event",
        "properties",
        "timestamp",
    }


@pytest.mark.parametrize("value", [None, 5, "x", [], True])
def test_what_is_no_object(value):
    faults = Faults()
    assert check_message(value, faults, received=NOW, trusted=True) is None
    assert faults


def test_names():
    sara = message(
        type="identify", userId=7, anonymousId="a-1", traits={"email": " S@X.example ", "phone": "09121234567"}
    )
    assert sara.names == Names("7", "a-1", "s@x.example", "+989121234567")
    assert message(type="identify", traits={"email": "s@x.example"}).names == Names(email="s@x.example")
    assert message(userId="sara", traits={"email": "s@x.example"}).names == Names("sara"), (
        "only identify gives addresses"
    )
    assert message(type="alias", userId="new", previousId="old").names == Names("new", previous="old", alias=True)
    assert message(user_id="sara").names == Names("sara"), "as Segment's older pages write it"


AHEAD, AGO = NOW + timedelta(minutes=30), NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, NOW),
        ({"timestamp": AGO.isoformat()}, AGO),
        ({"timestamp": AHEAD.isoformat()}, NOW),
        ({"timestamp": "2026-03-21T11:00:00+03:30"}, NOW - timedelta(minutes=30)),
        ({"timestamp": "2026-03-21"}, NOW - timedelta(hours=8)),
        ({"timestamp": "2026-3-1T08:00:00.5Z"}, datetime(2026, 3, 1, 8, 0, 0, 500_000, UTC)),
        # The sender's clock is two days behind; the message waited there for five minutes.
        (
            {"timestamp": AGO.isoformat(), "sentAt": (AGO + timedelta(minutes=5)).isoformat()},
            NOW - timedelta(minutes=5),
        ),
        ({"originalTimestamp": AGO.isoformat(), "sentAt": AGO.isoformat()}, NOW),
        # Somebody before us has put it right already.
        ({"originalTimestamp": AHEAD.isoformat(), "timestamp": AGO.isoformat(), "sentAt": AHEAD.isoformat()}, AGO),
        # Years ahead, but so is the clock.
        ({"timestamp": "2030-01-01T00:00:00Z", "sentAt": "2030-01-01T00:00:10Z"}, NOW - timedelta(seconds=10)),
    ],
)
def test_timestamps(fields, expected):
    assert message(userId="sara", **fields).timestamp == expected


def test_the_batchs_own_sent_at_counts():
    faults = Faults()
    said = {"type": "track", "event": "Mug Seen", "userId": "sara", "timestamp": "2020-01-01T00:00:00Z"}
    sent = datetime(2020, 1, 1, 0, 1, tzinfo=UTC)
    accepted = check_message(said, faults, received=NOW, trusted=True, sent_at=sent)
    assert accepted is not None
    assert accepted.timestamp == NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"email": "given", "sms": False}, {"email": "given", "sms": "withdrawn"}),
        ({"categoryPreferences": {"email": True, "Advertising": True}}, {"email": "given"}),
        ({"categoryPreferences": {"Advertising": True}}, None),
        ({"sms": "pending", "email": None}, {"sms": "pending"}),
        ("yes", None),
        ({}, None),
    ],
)
def test_consent(said, expected):
    assert message(userId="sara", context={"consent": said}).consent == expected
    assert message(userId="sara", context={"consent": said}, trusted=False).consent is None


def test_a_public_key_is_not_asked_about_consent():
    assert message(userId="sara", context={"consent": {"email": "perhaps"}}, trusted=False).consent is None


@pytest.mark.parametrize("name", ["segment_joined", "sent_to_journey", "added_by_hand", "note_added", "email_opened"])
def test_a_public_key_may_not_say_what_safar_itself_says(name):
    assert [place for place, _ in faults_of(trusted=False, event=name)] == ["event"]
    assert message(type="track", event=name, userId="sara").name == name


def test_topics_are_said_like_consent_and_only_where_one_is_trusted() -> None:
    said = {
        "type": "identify",
        "userId": "sara",
        "context": {"consent": {"email": True}, "topics": {"news": "left", "offers": True}},
    }
    found = check_message(said, Faults(), received=NOW, trusted=True)
    assert found is not None
    assert found.consent == {"email": "given", "topic:news": "left", "topic:offers": "joined"}
    found = check_message(said, Faults(), received=NOW, trusted=False)
    assert found is not None
    assert found.consent is None
    for wrong, place in (
        ({"News!": True}, "context.topics.News!"),
        ({"news": "lefft"}, "context.topics.news"),
        ([], "context.topics"),
    ):
        assert [place for place, _ in faults_of(context={"topics": wrong})] == [place]
