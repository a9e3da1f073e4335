"""Other systems told of what happens, from the accepted event to the call and its answer: a live engine, a dispatcher, and a server that misbehaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.channels.provider import providers
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tests.sms_server import CUT_BEFORE, CUT_IN_THE_MIDDLE, HANG, SmsServer, running_sms
from safar.channels.tests.test_webhooks import Near
from safar.channels.webhooks.subscriptions import STATES, drop_subscription, save_subscription
from safar.journeys.tests.publishing_story import Story, empty
from safar.outbox.books import read_books


class Calling(Story):
    """With a dispatcher whose webhooks reach this machine."""

    def work(self, limits: Any = None, **later: float) -> None:
        super().work(limits, **later)
        kinds = {**providers(), "webhook": Near()}
        one = Dispatcher(self.url, "test", sending=sending(lines=2), kinds=kinds)
        try:
            one.run_once(self.now)
        finally:
            one.close()
        super().work(limits)

    def calls(self) -> list[tuple[Any, ...]]:
        return self.conn.execute(
            "SELECT state, reason FROM message WHERE kind = 'webhook' ORDER BY decided_at, id"
        ).fetchall()

    def bought(self, who: str, order: str) -> None:
        self.says(who, event="Order Completed", properties={"order_id": order, "total": 5})


@pytest.fixture
def story(conn: Any, database_url: str) -> Iterator[Calling]:
    empty(conn)
    conn.execute("TRUNCATE outbox, message, circuit, webhook_failing, webhook_subscription, purchase")
    one = Calling(conn, database_url, f"calling-{Workspace.objects.count()}")
    conn.execute("UPDATE accounts_workspace SET send_mode = 'live' WHERE id = %s", (one.shop.pk,))
    yield one
    one.closes()
    assert all(line.closes for line in read_books(conn, one.shop.pk))


@pytest.fixture
def other() -> Iterator[SmsServer]:
    """Another system that knows how good a lead is."""

    def speak(server: SmsServer, asked: Any) -> tuple[int, Any]:
        return 200, {"score": 80 if "sara" in asked.body else 5}

    with running_sms(speak) as one:
        yield one


def asks(url: str, **more: Any) -> dict[str, Any]:
    """Calls, waits for the answer, and goes by what it says."""
    good = {"event": "webhook_answered", "since": "entry", "where": {"answer.score": {"at_least": 50}}}
    return {
        "call": {"kind": "call_webhook", "url": url, "keep_answer": True, "next": "heard", **more},
        "heard": {"kind": "wait", "for": {"event": "webhook_answered"}, "at_most": "P2D", "paths": {"happened": "good", "timed_out": "missed"}},
        "good": {"kind": "if_else", "condition": good, "paths": {"yes": "mark", "no": "cold"}},
        "mark": {"kind": "add_tag", "tag": "hot"},
        "cold": {"kind": "add_tag", "tag": "cold"},
        "missed": {"kind": "add_tag", "tag": "missed"},
    }  # fmt: skip


PING = {"kind": "event", "event": "Ping", "next": "call"}


def tags(story: Calling) -> list[tuple[str, str]]:
    return story.conn.execute(
        "SELECT c.external_id, g.tag FROM contact_tag g JOIN contact c ON c.bucket = g.bucket AND c.id = g.contact_id ORDER BY 1"
    ).fetchall()


def test_a_journey_goes_by_what_another_system_answers(story: Calling, other: SmsServer) -> None:
    body = {"who": "{{ contact.name }}"}
    story.publish(PING, points=asks(f"{other.url}/score", body=body))
    for who in ("sara", "ali"):
        story.says(who, type="identify", traits={"name": who})
        story.says(who)
    story.work(minutes=1)
    assert sorted(json.loads(one.body)["who"] for one in other.asked) == ["ali", "sara"]
    assert tags(story) == [("ali", "cold"), ("sara", "hot")]


@pytest.mark.parametrize("how", [500, 503, 429, CUT_BEFORE, CUT_IN_THE_MIDDLE, HANG])
def test_a_server_that_misbehaves_is_called_again_and_the_journey_waits(
    story: Calling, other: SmsServer, how: Any
) -> None:
    other.says = [how]
    story.publish(PING, points=asks(other.url, timeout="PT1S", body={"who": "sara"}))
    story.says("sara")
    story.work(minutes=1)
    assert (len(other.asked), story.calls()[0][0], tags(story)) == (1, "retry_wait", [])
    story.work(hours=1)
    assert (len(other.asked), story.calls(), tags(story)) == (2, [("accepted", None)], [("sara", "hot")])
    assert other.asked[0].headers["idempotency-key"] == other.asked[1].headers["idempotency-key"]


def test_a_refusal_is_the_end_and_the_journey_goes_on(story: Calling, other: SmsServer) -> None:
    other.says = [410]
    story.publish(PING, points=asks(other.url))
    story.says("sara")
    story.work(minutes=1)
    story.work(days=3)
    assert (story.calls(), tags(story)) == ([("failed", "refused")], [("sara", "missed")])


# -- addresses that are told of events


def told(other: SmsServer) -> list[tuple[str, str]]:
    said = [json.loads(one.body) for one in other.asked]
    return [(one["event"], one["userId"]) for one in sorted(said, key=lambda one: one["sequence"])]


def test_an_address_is_told_of_its_events_and_of_no_others(story: Calling, other: SmsServer) -> None:
    number = save_subscription(story.conn, story.shop.pk, url=f"{other.url}/in", names=["Order Completed", "tag_added"])
    story.publish({"kind": "event", "event": "Ping", "next": "mark"}, already=False)
    story.says("sara", type="identify", traits={"email": "sara@people.example"})
    story.bought("sara", "7")
    story.says("ali")
    story.work(minutes=1)
    assert told(other) == [("Order Completed", "sara"), ("tag_added", "ali")]
    call = next(one for one in other.asked if "Order Completed" in one.body)
    first = json.loads(call.body)
    assert first["properties"] == {"order_id": "7", "total": 5}
    assert first["contact"] == {"email": "sara@people.example"}
    assert first["id"] == call.headers["idempotency-key"] == call.headers["safar-delivery"]
    assert first["timestamp"].startswith("2027-03-01T12:00:00")

    assert not drop_subscription(story.conn, story.shop.pk + 1, number)
    assert drop_subscription(story.conn, story.shop.pk, number)
    story.bought("sara", "8")
    story.work(minutes=1)
    assert len(other.asked) == 2


@pytest.mark.parametrize(
    ("names", "expected"), [(["*"], 4), (["Order *"], 2), (["Order *", "Ping", "P*"], 4), (["order *"], 0)]
)
def test_a_star_stands_for_whatever_follows(story: Calling, other: SmsServer, names: list[str], expected: int) -> None:
    """Events that concern nobody else pass in bulk: not these."""
    story.says("sara")
    story.work(minutes=1)
    save_subscription(story.conn, story.shop.pk, url=other.url, names=names)
    story.bought("sara", "1")
    story.says("sara", event="Order Packed")
    story.says("sara")
    story.says("sara", event="Pong")
    story.work(minutes=1)
    assert len(other.asked) == expected
    stored = story.conn.execute("SELECT count(*), count(DISTINCT seq) FROM event").fetchone()
    assert stored == (5, 5)


def test_nobody_else_hears_it_and_who_is_switched_off_hears_nothing(story: Calling, other: SmsServer) -> None:
    save_subscription(story.conn, story.shop.pk + 10_000, url=other.url, names=["*"])
    number = save_subscription(story.conn, story.shop.pk, url=other.url, names=["*"])
    save_subscription(story.conn, story.shop.pk, url=other.url, names=["*"], id=number, active=False)
    story.says("sara")
    story.work(minutes=1)
    assert other.asked == []
    assert story.conn.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_what_became_of_messages_is_told(story: Calling, other: SmsServer) -> None:
    save_subscription(
        story.conn, story.shop.pk, url=other.url, names=[name for names in STATES.values() for name in names]
    )
    for name in (
        "message_delivered",
        "message_bounced",
        "email_opened",
        "email_opened_by_machine",
        "unsubscribed",
        "Ping",
    ):
        story.says("sara", event=name, properties={"message_id": "1-2"})
    story.work(minutes=1)
    assert [event for event, _ in told(other)] == [
        "message_delivered",
        "message_bounced",
        "email_opened",
        "unsubscribed",
    ]


def test_an_event_is_told_once_whatever_happens_on_the_way(story: Calling, other: SmsServer) -> None:
    other.says = [500, CUT_BEFORE, 429]
    save_subscription(story.conn, story.shop.pk, url=other.url, names=["Ping"])
    story.says("sara")
    for _ in range(5):
        story.work(hours=1)
    assert len(other.asked) == 4
    assert len({one.headers["idempotency-key"] for one in other.asked}) == 1
    assert story.calls() == [("accepted", None)]


def test_who_does_not_answer_within_three_days_misses_it(story: Calling, other: SmsServer) -> None:
    other.says = [500] * 100
    save_subscription(story.conn, story.shop.pk, url=other.url, names=["Ping"])
    story.says("sara")
    story.work(minutes=1)
    story.work(days=3, minutes=1)
    assert story.calls() == [("skipped", "expired")]
    story.now += timedelta(days=1)
