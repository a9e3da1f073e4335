"""Pattern or free text: which goes first, what stands in for what, and how a free text ends; as it is kept with the message."""

from __future__ import annotations

import pytest

from safar.channels.provider import providers
from safar.channels.providers.kavenegar import Kavenegar
from safar.channels.providers.smsir import SmsIr
from safar.channels.sms.patterns import Pattern
from safar.channels.sms.text import ways_of
from safar.channels.tests import sms_server as sms
from safar.channels.tests.own import ALI, SARA, connect_own, decide_sms, dispatcher_with
from safar.channels.tests.sms_server import running_sms, speak_kavenegar, speak_smsir
from safar.content.pool import Rendered
from safar.content.sms import count
from safar.lib import calls
from safar.outbox.tests.house import NOON

RULES = providers()["kavenegar"].patterns
FILLED = {"code": "order-shipped", "text": "سارا، سفارش فرستاده شد", "values": {"token": "سارا"}, "second": False}
BERLIN = "+491701234567"


def made(text="متن", pattern=None, language="fa"):
    return Rendered(language, "", "", text, pattern)


def ways(one, **changes):
    given = {"klass": "marketing", "address": SARA, "rules": RULES, "strict": True}
    found, why = ways_of(one, **{**given, **changes})
    return [(way.text, way.pattern.code if way.pattern else None) for way in found], why


FREE = ("متن\nلغو۱۱", None)
BY_PATTERN = ("سارا، سفارش فرستاده شد", "order-shipped")


def test_the_pattern_goes_first_unless_it_says_second():
    assert ways(made(pattern=FILLED)) == ([BY_PATTERN, FREE], "")
    assert ways(made(pattern={**FILLED, "second": True})) == ([FREE, BY_PATTERN], "")
    assert ways(made("", FILLED)) == ([BY_PATTERN], "")
    assert ways(made()) == ([FREE], "")


def test_what_the_service_cannot_take_is_left_for_the_free_text():
    long = {**FILLED, "values": {"token": "x" * 101}}
    assert ways(made(pattern=long)) == ([FREE], "the variable token is longer than 100 characters")
    assert ways(made(pattern=FILLED), rules=None)[0] == [FREE]
    assert ways(made("", FILLED), rules=None) == ([], "the SMS service takes no patterns")
    assert ways(made("", long), strict=False)[0] == [BY_PATTERN]  # the mailbox shows what is written


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("متن", {}, "متن\nلغو۱۱"),
        ("متن \n", {}, "متن\nلغو۱۱"),
        ("متن\nلغو ۱۱", {}, "متن\nلغو ۱۱"),
        ("لغو11", {}, "لغو11"),
        ("متن", {"klass": "transactional"}, "متن"),
        ("متن", {"klass": "test"}, "متن"),
        ("Hi", {"address": BERLIN}, "Hi"),
        ("متن", {"address": BERLIN}, "متن"),
        ("Hi", {}, "Hi\nلغو۱۱"),
        ("متن", {"address": None}, "متن\nلغو۱۱"),
    ],
)
def test_how_a_free_text_ends(text, changes, expected):
    assert ways(made(text), **changes)[0] == [(expected, None)]


WRITTEN = {
    "code": "order-shipped",
    "text": "%token عزیز، سفارش %token2 فرستاده شد.",
    "variables": {"token": "{{ contact.first_name }}", "token2": "1001"},
}


@pytest.fixture
def kavenegar(monkeypatch, conn, shop):
    conn.execute("TRUNCATE service, report_wait")
    with running_sms(speak_kavenegar) as one:
        monkeypatch.setattr(Kavenegar, "base", one.url)
        connect_own(shop, providers(), "kavenegar", key="good-key", sender="10004346")
        yield one


@pytest.fixture
def carrier(database_url, kavenegar):
    one = dispatcher_with(database_url, providers())
    yield one
    one.close()


def send(shop, carrier, parts, *, name="Sara", phone=SARA, at=NOON, **more):
    shop.template("shipped", {"en": parts}, channel="sms")
    person = shop.person(name)
    decide_sms(shop, person, phone)
    shop.conn.execute(
        'UPDATE outbox SET effect = effect || \'{"template": "shipped"}\' WHERE contact_id = %s', (person.id,)
    )
    if more:
        shop.conn.execute(
            'UPDATE outbox SET effect = effect || \'{"class": "transactional"}\' WHERE contact_id = %s', (person.id,)
        )
    carrier.run_once(at)
    return person


def test_a_pattern_is_sent_and_kept_as_one(shop, carrier, kavenegar):
    sara = send(shop, carrier, {"pattern": WRITTEN})
    message = shop.message(sara)
    assert kavenegar.filled == [
        {"to": "09121234567", "code": "order-shipped", "values": {"token": "Sara", "token2": "1001"}}
    ]
    assert (message["state"], message["body_text"]) == ("accepted", "Sara عزیز، سفارش 1001 فرستاده شد.")
    assert message["pattern"] == {"code": "order-shipped", "values": {"token": "Sara", "token2": "1001"}}
    assert message["parts"] == count(message["body_text"]).parts


def test_an_advertising_text_is_counted_with_its_stop_word(shop, carrier, kavenegar):
    sara = send(shop, carrier, {"text": "x" * 65})
    assert kavenegar.taken[0]["text"] == "x" * 65 + "\nلغو۱۱"
    assert (shop.message(sara)["parts"], shop.message(sara)["pattern"]) == (2, None)


def test_a_pattern_that_the_service_refuses_leaves_it_to_the_free_text(shop, carrier, kavenegar):
    sara = send(shop, carrier, {"text": "سفارش شما فرستاده شد", "pattern": {**WRITTEN, "code": "not-approved-yet"}})
    assert [one["text"] for one in kavenegar.taken] == ["سفارش شما فرستاده شد\nلغو۱۱"]
    message = shop.message(sara)
    assert (message["state"], message["pattern"], message["parts"]) == ("accepted", None, 1)
    assert message["body_text"] == "سفارش شما فرستاده شد\nلغو۱۱"


def test_alone_it_fails_in_words(shop, carrier, kavenegar):
    sara = send(shop, carrier, {"pattern": {**WRITTEN, "code": "not-approved-yet"}})
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("failed", "pattern")
    ali = send(
        shop, carrier, {"pattern": {**WRITTEN, "variables": {"token": "{{ contact.nickname }}"}}}, name="Ali", phone=ALI
    )
    assert (shop.message(ali)["state"], shop.message(ali)["reason"]) == ("failed", "cannot_be_rendered")
    assert "token" in shop.message(ali)["said"]
    assert kavenegar.taken == []


def test_what_was_begun_as_a_pattern_is_tried_again_as_that_pattern(shop, carrier, kavenegar):
    kavenegar.says = [sms.AWAY]
    sara = send(shop, carrier, {"text": "متن", "pattern": WRITTEN})
    assert shop.message(sara)["state"] == "retry_wait"
    shop.template("shipped", {"en": {"text": "another"}}, channel="sms")
    shop.conn.execute("UPDATE outbox SET due_at = %s, state = 0 WHERE contact_id = %s", (NOON, sara.id))
    carrier.run_once(NOON)
    assert (shop.message(sara)["state"], kavenegar.filled[0]["code"]) == ("accepted", "order-shipped")


def test_a_lost_answer_of_a_pattern_is_a_doubt_and_not_a_second_message(shop, carrier, kavenegar, monkeypatch):
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.3)
    kavenegar.says = [sms.CUT_BEFORE]
    sara = send(shop, carrier, {"text": "متن", "pattern": WRITTEN})
    assert (shop.message(sara)["state"], len(kavenegar.taken)) == ("in_doubt", 1)


@pytest.mark.parametrize("transactional", [True, False])
def test_who_has_barred_advertising_gets_a_pattern_only_where_it_is_no_advertising(
    shop, conn, database_url, monkeypatch, transactional
):
    conn.execute("TRUNCATE service")
    pattern = {"code": "4004", "text": "#NAME# عزیز", "variables": {"NAME": "{{ contact.first_name }}"}, "second": True}
    with running_sms(speak_smsir) as one:
        monkeypatch.setattr(SmsIr, "base", one.url)
        connect_own(shop, providers(), "smsir", key="good-key", sender="30001")
        one.says = [(200, {"status": 1, "data": {"messageIds": [0]}})]
        carrier = dispatcher_with(database_url, providers())
        sara = send(
            shop, carrier, {"text": "متن", "pattern": pattern}, **({"transactional": True} if transactional else {})
        )
        carrier.close()
    message = shop.message(sara)
    if transactional:
        assert (message["state"], message["pattern"]["code"]) == ("accepted", "4004")
        assert message["body_text"] == "Sara عزیز"
    else:
        assert (message["state"], message["reason"], one.filled) == ("failed", "blacklisted", [])


def test_the_mailbox_keeps_what_would_have_gone(shop, conn, carrier, kavenegar):
    conn.execute("UPDATE accounts_workspace SET send_mode = 'mailbox' WHERE id = %s", (shop.id,))
    sara = send(shop, carrier, {"text": "متن", "pattern": WRITTEN})
    assert shop.message(sara)["body_text"] == "Sara عزیز، سفارش 1001 فرستاده شد."
    assert isinstance(shop.message(sara)["pattern"], dict)
    assert kavenegar.asked == []


def test_a_pattern_of_a_value_is_never_filled_twice():
    from safar.content.pattern_text import fill

    assert fill("%token و %token2", {"token": "%token2", "token2": "ب"}) == "%token2 و ب"
    assert Pattern("x", {}).values == {}
