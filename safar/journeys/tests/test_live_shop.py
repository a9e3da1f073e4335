"""Kinds of a live shop, from an accepted event to the tag at the end of the road, in a fresh workspace by a live engine."""

from __future__ import annotations

from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.contacts.topics import Topic, save_topic
from safar.journeys.hearing import Hearing
from safar.journeys.registry import starting_points
from safar.journeys.tests.publishing_story import Story, empty

Start = dict[str, Any]


@pytest.fixture
def story(conn: Any, database_url: str) -> Story:
    empty(conn)
    conn.execute("TRUNCATE consent, topic, purchase")
    return Story(conn, database_url, f"live-{Workspace.objects.count()}")


def said(**context: Any) -> dict[str, Any]:
    return {"event": "Preferences", "context": context}


def track(event: str, **properties: Any) -> dict[str, Any]:
    return {"event": event, "properties": properties}


HEARD: list[tuple[Start, dict[str, Any], dict[str, Any]]] = [  # starting point, what Sara says, what Ali says
    ({"kind": "signed_up_sms"}, said(consent={"sms": "given"}), said(consent={"email": "given"})),
    ({"kind": "unsubscribed"}, said(consent={"email": "withdrawn"}), said(consent={"email": "pending"})),
    ({"kind": "unsubscribed"}, said(topics={"news": "left"}), said(topics={"other": "left"})),
    ({"kind": "topic_joined", "topic": "news"}, said(topics={"news": True}), said(topics={"news": False})),
    ({"kind": "topic_left", "topic": "news"}, said(topics={"news": "left"}), said(topics={"news": "joined"})),
    ({"kind": "form_submitted", "form": "f"}, track("form_submitted", form="f"), track("form_submitted", form="g")),
    ({"kind": "sms_keyword", "keyword": "12"}, track("sms_received", keyword="۱۲"), track("sms_received", keyword="11")),
    ({"kind": "message_sent"}, track("message_sent", channel="sms"), track("Message Sent")),
    ({"kind": "email_opened", "template": "a"}, track("email_opened", template="a"), track("email_opened", template="b")),
    ({"kind": "email_clicked", "url": "/a"}, track("email_clicked", url="x/a"), track("email_clicked", url="x/b")),
    ({"kind": "link_clicked"}, track("sms_clicked", url="x/a"), track("Clicked", url="x/a")),
    ({"kind": "message_bounced"}, track("message_bounced", channel="email"), track("message_failed", channel="email")),
    (
        {"kind": "ordered_product", "product": "17"},
        track("Order Completed", order_id="1", products=[{"product_id": 17}]),
        track("Order Completed", order_id="1", products=[{"product_id": 18}]),
    ),
    ({"kind": "payment_failed"}, track("Payment Failed", order_id="1"), track("Order Completed", order_id="1")),
    ({"kind": "webhook_received", "hook": "h"}, track("webhook_received", hook="h"), track("webhook_received", hook="i")),
    ({"kind": "order_status", "status": "shipped"}, track("Order Updated", status="shipped"), track("Order Updated", status="paid")),
]  # fmt: skip


@pytest.mark.parametrize(("start", "yes", "no"), HEARD, ids=[start["kind"] for start, _, _ in HEARD])
def test_an_event_brings_in_whom_it_should(story: Story, start: Start, yes: Any, no: Any) -> None:
    save_topic(story.conn, story.shop.pk, Topic("news", {"en": "News"}), fresh=True)
    story.publish({**start, "next": "mark"}, already=False)
    story.says("sara", **yes)
    story.says("ali", **no)
    story.work(minutes=1)
    assert story.entered() == ["sara"]
    assert story.conn.execute("SELECT count(*) FROM contact_tag WHERE tag = 'got-it'").fetchone() == (1,)
    story.closes()


def test_only_the_first_order_is_the_first(story: Story) -> None:
    story.publish({"kind": "first_order", "next": "mark"}, already=False, reentry="always")
    story.says("ali", **track("Order Completed", order_id="0"))
    story.says("ali", **track("Order Cancelled", order_id="0"))
    story.work(minutes=1)
    assert story.entered() == ["ali"]
    for order in ("1", "1", "2"):
        story.says("ali", **track("Order Completed", order_id=order))
        story.work(minutes=1)
    counted = story.conn.execute("SELECT sum(entry_no) FROM enrollment").fetchone()
    assert counted == (1,)


def test_the_same_status_again_is_no_news(story: Story) -> None:
    story.publish({"kind": "order_status", "status": "shipped", "from": "paid", "next": "mark"}, reentry="always")
    entries = []
    for status in ("shipped", "paid", "shipped", "shipped", "paid", "shipped"):
        story.says("sara", **track("Order Updated", order_id=7, status=status))
        story.work(minutes=1)
        row = story.conn.execute("SELECT coalesce(sum(entry_no), 0) FROM enrollment").fetchone()
        entries.append(int(row[0]))
    assert entries == [0, 0, 1, 1, 1, 2]


def test_a_journey_says_what_somebody_wants_to_hear(story: Story) -> None:
    """Taking somebody out of the last topic ends what they are in; a journey that hears of it begins."""
    save_topic(story.conn, story.shop.pk, Topic("news", {"en": "News"}), fresh=True)
    points = {
        "out": {"kind": "change_subscription", "topic": "news", "to": "left", "next": "off"},
        "off": {"kind": "change_subscription", "channel": "sms", "to": "withdrawn", "next": "rest"},
        "rest": {"kind": "delay", "for": "P1D"},
    }
    story.publish({"kind": "topic_left", "topic": "news", "next": "mark"}, key="hears")
    story.publish({"kind": "unsubscribed", "channel": "sms", "next": "mark"}, key="sms")
    story.publish({"kind": "event", "event": "Ping", "next": "out"}, points=points)
    story.says("sara")
    story.work(minutes=1)
    assert (story.entered("hears"), story.entered("sms")) == (["sara"], ["sara"])
    states = story.conn.execute("SELECT channel, state, source FROM consent ORDER BY 1").fetchall()
    assert states == [("sms", "withdrawn", "journey"), ("topic:news", "left", "journey")]
    ended = story.conn.execute(
        "SELECT e.reason FROM enrollment e JOIN journeys_journey j ON j.id = e.journey_id WHERE j.key = 'j'"
    ).fetchall()
    assert ended == [("unsubscribed",)]
    kept = story.conn.execute(
        "SELECT name, properties, context -> 'safar' -> 'consent' FROM event WHERE type = 'internal' AND name ~ 'topic|unsub' ORDER BY seq"
    ).fetchall()
    assert kept == [
        ("topic_left", {"topic": "news"}, {"topic:news": "left"}),
        ("unsubscribed", {"channel": "sms"}, {"sms": "withdrawn"}),
    ]
    story.closes()


def test_every_kind_of_a_live_shop_is_played() -> None:
    """What docs/journeys.md counts to a live shop begins a journey in this file; so does whatever kind comes later and hears an event."""
    played = {start["kind"] for start, *_ in (*HEARD, *STATES)} | {"first_order", "schedule"}
    named = {"event", "page_viewed", "from_journey"}  # played with the engine itself
    hearing = {key for key, kind in starting_points().items() if isinstance(kind, Hearing)}
    assert hearing <= played | named


def minutes_of(story: Story, step: int, most: int) -> int | None:
    """After how many minutes Sara is in; None if she is not by ``most``."""
    for minute in range(step, most + 1, step):
        story.work(minutes=step)
        if story.entered():
            return minute
    return None


STATES: list[tuple[Start, list[dict[str, Any]], dict[str, Any]]] = [  # starting point, what begins it, what answers it
    (
        {"kind": "checkout_abandoned", "after": "PT1H"},
        [track("Checkout Started", order_id="1")],
        track("Order Completed", order_id="1"),
    ),
    (
        {"kind": "browse_abandoned", "after": "PT1H"},
        [track("Product Viewed", sku="m")],
        track("Product Added", sku="m"),
    ),
    (
        {"kind": "email_not_opened", "after": "PT1H", "template": "a"},
        [track("message_sent", channel="email", template="a", message_id="1")],
        track("email_opened", message_id="1"),
    ),
    (
        {"kind": "email_not_clicked", "after": "PT1H"},
        [track("message_sent", channel="email", template="a", message_id="1")],
        track("email_clicked", message_id="1"),
    ),
    (
        {"kind": "ignored_last_n", "n": 2, "after": "PT1H"},
        [track("message_sent", channel="email"), track("message_sent", channel="email")],
        track("email_opened"),
    ),
]


@pytest.mark.parametrize(("start", "begins", "answer"), STATES, ids=[start["kind"] for start, _, _ in STATES])
def test_a_state_comes_true_by_time_and_only_without_an_answer(
    story: Story, start: Start, begins: Any, answer: Any
) -> None:
    story.publish({**start, "next": "mark"}, already=False, reentry="always")
    for one in begins:
        story.says("sara", **one)
        story.says("ali", **one)
    story.work(minutes=30)
    story.says("ali", **answer)
    assert minutes_of(story, 15, 60) == 45
    story.work(days=3)
    assert story.entered() == ["sara"]
    assert story.conn.execute("SELECT sum(entry_no) FROM enrollment").fetchone() == (1,)
    story.closes()


def test_every_e_mail_has_a_time_of_its_own(story: Story) -> None:
    """Three within the hour: the second is opened, the first and the third are asked after, each at its own moment."""
    story.publish({"kind": "email_not_opened", "after": "PT1H", "next": "mark"}, reentry="always")
    for number in ("1", "2", "3"):
        story.says("sara", **track("message_sent", channel="email", message_id=number))
        story.work(minutes=10)
    story.says("sara", **track("email_opened", message_id="2"))
    story.work(hours=3)
    rows = story.conn.execute(
        "SELECT n.properties ->> 'message_id' FROM enrollment_entry n ORDER BY n.entry_no"
    ).fetchall()
    assert rows == [("1",), ("3",)]


def test_a_schedule_brings_in_a_segment_at_an_occasion_and_every_week(story: Story) -> None:
    """BEGIN is a Monday at noon, 20 days before Nowruz 1406."""
    story.vips("sara")
    story.says("ali")
    every = {"kind": "schedule", "segment": "vips", "every": {"time": "10:00", "weekdays": ["wed", "sat"]}}
    nowruz = {"kind": "schedule", "occasion": "nowruz", "offset": "-P3D", "time": "09:00"}
    story.publish({**every, "next": "mark"}, already=False, key="weekly", reentry="always")
    story.publish({**nowruz, "next": "mark"}, already=False, key="nowruz")
    story.work(days=16, hours=20)
    assert story.entered("nowruz") == []
    story.work(hours=1, minutes=30)
    assert (story.entered("nowruz"), story.entered("weekly")) == (["ali", "sara"], ["sara"])
    times = story.conn.execute(
        "SELECT e.entry_no, n.properties FROM enrollment e JOIN enrollment_entry n ON n.enrollment_id = e.id AND n.entry_no = e.entry_no"
        " JOIN journeys_journey j ON j.id = e.journey_id WHERE j.key = 'weekly'"
    ).fetchall()
    assert times == [(5, {"segment": "vips", "date": "2027-03-17"})]
    story.closes()
