"""Webhooks out: signed, tried again under one key, bounded, and never to an address inside."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from safar.channels.provider import Line, providers
from safar.channels.providers.webhook import Webhook, WebhookLine
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.settings import Sending
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tests.sms_server import CUT_BEFORE, CUT_IN_THE_MIDDLE, GARBAGE, MOVED, SmsServer, running_sms
from safar.channels.webhooks.addresses import queue_of
from safar.channels.webhooks.answering import LARGEST, readable
from safar.channels.webhooks.secrets import drop_secret, list_secrets, make_secret
from safar.channels.webhooks.writing import Template, is_ours
from safar.lib.calls import Caller
from safar.lib.faults import Refused
from safar.outbox.tests.house import NOON, Shop


class Near(Webhook):
    """The same on this machine."""

    def open(self, sending: Sending) -> Line:
        return WebhookLine(Caller(seconds=5))


@pytest.fixture
def other() -> Iterator[SmsServer]:
    """The other system: answers 200 with what it was asked."""
    with running_sms(lambda server, asked: (200, {"got": asked.body})) as one:
        yield one


@pytest.fixture
def call(database_url: str) -> Any:
    def once(now: Any = NOON, kind: Webhook | None = None) -> None:
        kinds = {**providers(), "webhook": kind or Near()}
        one = Dispatcher(database_url, "test", sending=sending(lines=2), kinds=kinds)
        try:
            one.run_once(now)
        finally:
            one.close()

    return once


def test_a_call_says_what_is_known_and_is_signed_by_every_secret_that_lives(shop: Any, other: Any, call: Any) -> None:
    old, new = (make_secret(shop.conn, shop.id, [SECRET]) for _ in range(2))
    sara = shop.person()
    number = shop.decide(sara, kind="webhook", url=f"{other.url}/leads?x=1")
    call()
    (asked,) = other.asked
    said = json.loads(asked.body)
    assert (asked.path, asked.query, asked.headers["content-type"]) == ("/leads", {"x": "1"}, "application/json")
    assert (said["journey"], said["point"], said["contact"]["first_name"]) == ("welcome", "hook-0", "Sara")
    assert (
        asked.headers["idempotency-key"] == asked.headers["safar-delivery"] == said["id"] == f"{sara.bucket}-{number}"
    )
    stamp, *marks = (part.partition("=")[2] for part in asked.headers["safar-signature"].split(","))
    assert int(stamp) == int(NOON.timestamp())
    signed = f"{stamp}.{asked.body}".encode()
    assert marks == [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in (new, old)]
    assert shop.message(sara)["state"] == "accepted"
    assert shop.events() == [], "no answer was to be kept, and it is no message to the contact"


def test_a_point_has_its_own_words(shop: Any, other: Any, call: Any) -> None:
    sara = shop.person('Sa"ra\n}{')
    body = {"name": "{{ contact.first_name }}", "score": 5, "inner": {"list": ["{{ journey.key }}", True, None]}}
    headers = {"Authorization": "Bearer {{ contact.first_name }}"}
    shop.decide(sara, kind="webhook", url=other.url, body=body, headers=headers)
    call()
    (asked,) = other.asked
    assert json.loads(asked.body) == {
        "name": 'Sa"ra\n}{',
        "score": 5,
        "inner": {"list": ["welcome", True, None]},
    }
    assert asked.headers["authorization"] == 'Bearer Sa"ra }{'
    assert "safar-signature" not in asked.headers, "there is no secret yet"


@pytest.mark.parametrize("how", [500, 503, 429, CUT_BEFORE, CUT_IN_THE_MIDDLE])
def test_what_is_no_clear_answer_is_tried_again_under_the_same_key(shop: Any, other: Any, call: Any, how: Any) -> None:
    sara = shop.person()
    shop.decide(sara, kind="webhook", url=other.url)
    other.says.append(how)
    call()
    assert shop.message(sara)["state"] == "retry_wait"
    call(NOON + timedelta(hours=1))
    assert shop.message(sara)["state"] == "accepted"
    first, second = other.asked
    assert (first.body, first.headers["idempotency-key"]) == (second.body, second.headers["idempotency-key"])


@pytest.mark.parametrize(
    ("how", "reason"), [(400, "refused"), (401, "refused"), (404, "refused"), (410, "refused"), (MOVED, "redirect")]
)
def test_a_clear_no_is_the_end(shop: Any, other: Any, call: Any, how: Any, reason: str) -> None:
    sara, ali = shop.person(), shop.person("Ali")
    for person in (sara, ali):
        shop.decide(person, kind="webhook", url=other.url)
    other.says.append(how)
    call()
    message = [shop.message(person) for person in (sara, ali)]
    assert sorted((one["state"], one["reason"]) for one in message) == [("accepted", None), ("failed", reason)]
    assert len(other.asked) == 2, "no redirect is followed"


def test_it_gives_up_after_a_bounded_number_of_calls(shop: Any, other: Any, call: Any) -> None:
    sara = shop.person()
    shop.decide(sara, kind="webhook", url=other.url)
    other.says += [500] * 50
    for day in range(12):
        call(NOON + timedelta(days=day))
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("failed", "given_up")
    assert 3 < len(other.asked) < 12


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://[::1]/", "http://169.254.169.254/latest", "http://0x7f.1/", "http://10.0.0.1/"],
)
def test_nothing_inside_is_called(shop: Any, call: Any, url: str) -> None:
    sara = shop.person()
    shop.decide(sara, kind="webhook", url=url)
    call(kind=Webhook())
    message = shop.message(sara)
    assert message["state"] in ("failed", "retry_wait")
    assert message["reason"] in ("address", "unreachable")
    assert shop.conn.execute("SELECT count(*) FROM circuit").fetchone() == (0,)


def test_an_answer_is_kept_where_the_point_wants_it(shop: Any, other: Any, call: Any) -> None:
    sara = shop.person()
    shop.decide(sara, kind="webhook", url=other.url, keep_answer=True, body={"a": 1})
    call()
    assert shop.events() == [
        (
            "webhook_answered",
            {"journey": "welcome", "point": "hook-0", "status": 200, "answer": {"got": '{"a": 1}'}},
        )
    ]


def test_an_answer_is_bounded_and_plain() -> None:
    assert readable(b'{"a": [1, "x"]}') == {"a": [1, "x"]}
    assert readable(b"  ") is None
    assert readable(b"fine") == "fine"
    assert readable(b'{"a": 1e999}') == '{"a": 1e999}'
    assert readable(b"a\x00b\xff") == "ab\ufffd"
    assert len(readable(b"[" + b"1," * LARGEST + b"1]")) == 2_000


def test_garbage_with_200_is_taken(shop: Any, other: Any, call: Any) -> None:
    sara = shop.person()
    shop.decide(sara, kind="webhook", url=other.url, keep_answer=True)
    other.says.append(GARBAGE)
    call()
    assert shop.message(sara)["state"] == "accepted"
    assert [name for name, _ in shop.events()] == ["webhook_answered"]


def test_nothing_leaves_the_house_in_the_mailbox(conn: Any, shop: Any, other: Any, call: Any) -> None:
    conn.execute("UPDATE accounts_workspace SET send_mode = 'team' WHERE id = %s", (shop.id,))
    sara = shop.person()
    shop.decide(sara, kind="webhook", url=other.url)
    call()
    assert other.asked == []
    assert shop.message(sara)["state"] == "accepted"


def test_a_body_that_grows_too_large_is_the_points_fault(shop: Any, other: Any, call: Any) -> None:
    sara = shop.person("x" * 40_000)
    shop.decide(sara, kind="webhook", url=other.url, body={"a": "{{ contact.first_name }}{{ contact.first_name }}"})
    call()
    assert shop.message(sara)["state"] == "failed"
    assert other.asked == []


def test_two_secrets_live_and_no_third(shop: Any) -> None:
    for _ in range(2):
        make_secret(shop.conn, shop.id, [SECRET])
    with pytest.raises(Refused, match="two secrets live already"):
        make_secret(shop.conn, shop.id, [SECRET])
    newest, oldest = list_secrets(shop.conn, shop.id)
    assert newest.id > oldest.id
    assert drop_secret(shop.conn, shop.id, oldest.id)
    assert not drop_secret(shop.conn, shop.id, oldest.id)
    assert make_secret(shop.conn, shop.id, [SECRET]).startswith(list_secrets(shop.conn, shop.id)[0].beginning)


def test_calls_wait_while_a_secret_is_of_a_lost_key_and_nobody_else_does(
    shop: Any, other: Any, call: Any, conn: Any
) -> None:
    make_secret(shop.conn, shop.id, ["the key of before, which is lost"])
    sara, neighbours = shop.person(), Shop(conn, mode="live")
    mina = neighbours.person("Mina")
    queue = queue_of(other.url)
    shop.decide(sara, kind="webhook", url=other.url, channel=queue)
    neighbours.decide(mina, kind="webhook", url=other.url, channel=queue)
    call()
    assert neighbours.message(mina)["state"] == "accepted"
    assert len(other.asked) == 1, "nothing is called unsigned where there is a secret"
    ((words,),) = conn.execute("SELECT words FROM team_notice WHERE workspace_id = %s", (shop.id,)).fetchall()
    assert "make a new one" in words["en"]
    assert "SAFAR_OLD_SECRET_KEYS" in words["fa"]
    (lost,) = list_secrets(conn, shop.id)
    make_secret(conn, shop.id, [SECRET])
    drop_secret(conn, shop.id, lost.id)
    call(NOON + timedelta(minutes=2))
    assert shop.message(sara)["state"] == "accepted"
    assert "safar-signature" in other.asked[1].headers
    assert conn.execute("SELECT FROM team_notice WHERE over_at IS NULL").fetchone() is None


def test_texts_come_back_to_where_they_stood() -> None:
    made = Template({"a": "1", "b": [{"c": "{two}"}, 3]}, {"X-A": "4"})
    assert made.filled(made.text.replace("{two}", "two")) == ('{"a": "1", "b": [{"c": "two"}, 3]}', {"X-A": "4"})
    assert all(is_ours(name) for name in ("Host", "content-length", "Safar-Signature", "idempotency-key"))
    assert not is_ours("Authorization")
