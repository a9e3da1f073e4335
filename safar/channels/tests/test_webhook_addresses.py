"""Addresses of webhooks, each by itself: a slow one holds up nobody, a dead one waits and is asked now and then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from safar.channels.provider import providers
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tests.sms_server import HANG, SmsServer, running_sms
from safar.channels.tests.test_webhooks import Near
from safar.channels.webhooks.addresses import check_url, host_of, queue_of
from safar.channels.webhooks.pausing import MOST, ask_now, list_failing
from safar.lib.faults import Faults
from safar.outbox.tests.house import NOON


@pytest.fixture
def dispatcher(database_url: str) -> Iterator[Dispatcher]:
    one = Dispatcher(database_url, "test", sending=sending(lines=2, batch=4), kinds={**providers(), "webhook": Near()})
    yield one
    one.close()


def decide(shop: Any, url: str, *, n: int = 1, **more: Any) -> list[Any]:
    people = [shop.person() for _ in range(n)]
    for one in people:
        shop.decide(one, kind="webhook", url=url, channel=queue_of(url), **more)
    return people


def test_a_slow_address_holds_up_nobody_else(shop: Any, dispatcher: Dispatcher) -> None:
    """The slow one says nothing until the other has all its calls: if they stood behind it, they would never come."""
    before: list[int] = []

    def speak(server: SmsServer, asked: Any) -> tuple[int, Any]:
        if len(server.asked) == 6:
            before.append(len(slow.asked))
            slow.released.set()
        return 200, {}

    with running_sms(lambda *_: (200, {})) as slow, running_sms(speak) as other:
        slow.says = [HANG] * 12
        waiting, served = decide(shop, slow.url, n=12), decide(shop, other.url, n=6)
        dispatcher.run_once(NOON)
    assert before[0] <= 2, "only those that its own lines had in hand"
    assert {shop.message(one)["state"] for one in served} == {"accepted"}
    assert {shop.message(one)["channel"] for one in [*served, waiting[0]]} == {"webhook"}


def test_an_address_that_never_answers_waits_and_is_asked_once_a_minute(shop: Any, dispatcher: Dispatcher) -> None:
    with running_sms(lambda *_: (200, {})) as other:
        other.says = [500] * (MOST + 8)  # however many lines are out when the tenth comes back
        people = decide(shop, other.url, n=MOST + 8)
        dispatcher.run_once(NOON)
        called = len(other.asked)
        assert MOST <= called < MOST + 8, "the rest waits"
        (failing,) = list_failing(shop.conn, shop.id)
        assert (failing.host, failing.failures, failing.waiting) == (other.url, called, MOST + 8)
        assert failing.probe_at == NOON + timedelta(minutes=1)
        (words,) = shop.conn.execute("SELECT words ->> 'en' FROM team_notice WHERE over_at IS NULL").fetchone()
        assert other.url in words
        assert "Settings → Webhooks" in words

        other.says = [500]
        dispatcher.run_once(NOON + timedelta(minutes=1))
        assert len(other.asked) == called + 1, "one probe, and it came to nothing"
        dispatcher.run_once(NOON + timedelta(minutes=2))
        dispatcher.run_once(NOON + timedelta(minutes=30))
    assert list_failing(shop.conn, shop.id) == []
    assert shop.conn.execute("SELECT count(*) FROM circuit").fetchone() == (0,)
    assert shop.conn.execute("SELECT count(*) FROM team_notice WHERE over_at IS NULL").fetchone() == (0,)
    assert {shop.message(one)["state"] for one in people} == {"accepted"}


def test_a_hand_asks_a_silent_address_at_once(shop: Any, dispatcher: Dispatcher) -> None:
    with running_sms(lambda *_: (200, {})) as other:
        other.says = [503] * (MOST + 1)
        decide(shop, other.url, n=MOST + 1)
        dispatcher.run_once(NOON)
        (failing,) = list_failing(shop.conn, shop.id)
        assert not ask_now(shop.conn, shop.id + 1, failing.queue), "another workspace's"
        assert ask_now(shop.conn, shop.id, failing.queue)
        assert not ask_now(shop.conn, shop.id, failing.queue)
        shop.conn.execute("UPDATE outbox SET due_at = %s", (NOON,))
        dispatcher.run_once(NOON)
    assert shop.conn.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_what_is_refused_is_an_answer(shop: Any, dispatcher: Dispatcher) -> None:
    with running_sms(lambda *_: (404, {})) as other:
        people = decide(shop, other.url, n=MOST + 3)
        dispatcher.run_once(NOON)
    assert {shop.message(one)["state"] for one in people} == {"failed"}
    assert list_failing(shop.conn, shop.id) == []


def test_a_point_says_how_long_an_answer_is_waited_for(shop: Any, dispatcher: Dispatcher) -> None:
    with running_sms(lambda *_: (200, {})) as other:
        other.says = [HANG]
        (sara,) = decide(shop, other.url, seconds=0.2)
        dispatcher.run_once(NOON)
        assert not other.released.is_set(), "it had not answered yet"
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("retry_wait", "unreachable")


def test_a_queue_is_of_a_host() -> None:
    assert (
        queue_of("https://crm.example/a") == queue_of("https://CRM.example:443/b?c") != queue_of("http://crm.example/a")
    )
    assert host_of("https://crm.example:8443/x") == "https://crm.example:8443"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example",
        "ftp://crm.example/",
        "https://",
        "https://a b/",
        "https://x:y@z/",
        "https://[::1",
        "https://x:0/",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    faults = Faults()
    check_url(url, faults)
    assert faults
