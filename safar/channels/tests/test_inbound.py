"""What people write to a line: stop words, join words of the same line, and all else; called in, asked for, told twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings

from safar.channels.provider import Inbound, providers
from safar.channels.providers.kavenegar import Kavenegar
from safar.channels.reports import hearing
from safar.channels.services.own import read_owns
from safar.channels.sms.inbound import fold_line, take_inbound
from safar.channels.sms.listening import listen_once
from safar.channels.sms.words import JOIN, STOP, keyword_of, word_of
from safar.channels.tests import sms_server as sms
from safar.channels.tests.own import SARA, connect_own, decide_sms, dispatcher_with
from safar.channels.tests.settings import sending
from safar.channels.tests.sms_server import ACCOUNT, running_sms, speak_kavenegar
from safar.channels.tokens import inbound_address
from safar.outbox.tests.house import NOON

LINE = "10004346"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("11", STOP), ("۱۱", STOP), ("١١", STOP), ("لغو", STOP), ("لغو ۱۱", STOP), (" لغو۱۱. ", STOP), ("«لغو»", STOP), ("لغو\u200c۱۱", STOP),
        ("Stop", STOP), ("STOP!", STOP), ("unsubscribe", STOP), ("لغو اشتراک", STOP), ("12", JOIN), ("۱۲", JOIN), ("START", JOIN),
        ("لغو سفارش من", None), ("111", None), ("stop calling my brother", None), ("سلام", None), ("", None), ("?", None),
    ],
)  # fmt: skip
def test_words(text, word):
    assert word_of(text) == word


@pytest.mark.parametrize(
    ("text", "keyword"),
    [("تخفيف  ويژه", "تخفیف"), ("«OFF20»، لطفا", "off20"), ("۲۰ درصد", "20"), ("  ؟ \n", ""), ("x" * 90, "x" * 60)],
)
def test_keywords(text, keyword):
    assert keyword_of(text) == keyword


def test_a_line_in_two_spellings_is_one():
    spelled = ("10004346", "+9810004346", "۹۸۱۰۰۰۴۳۴۶", "009810004346", "1000 4346")
    assert {fold_line(one) for one in spelled} == {"10004346"}
    assert fold_line("+14155552345") == "+14155552345"
    assert fold_line("+989121234567") == "+989121234567"


@pytest.fixture
def sara(shop, conn):
    """A contact with a number, who has agreed to SMS."""
    person = shop.person("Sara")
    conn.execute("UPDATE contact SET phone = %s WHERE id = %s", (SARA, person.id))
    conn.execute("INSERT INTO identity VALUES (%s, 4, %s, %s)", (shop.id, SARA, person.id))
    return person


def hears(shop, text, *, minutes=0, line=LINE, id="", sender="09121234567"):
    at = NOON + timedelta(minutes=minutes)
    one = Inbound(sender, text, line, id or f"{text}-{minutes}-{line}", at)
    return take_inbound(shop.conn, [one], workspace_id=shop.id, provider="kavenegar", now=at)


def told(shop):
    return shop.conn.execute(
        "SELECT name, consent, properties, contact_id FROM inbox WHERE workspace_id = %s ORDER BY id", (shop.id,)
    ).fetchall()


def barred(shop):
    return [
        row[0]
        for row in shop.conn.execute(
            "SELECT reason FROM suppression WHERE workspace_id = %s AND address = %s", (shop.id, SARA)
        )
    ]


def said_by_hand(shop, person, state, minutes):
    shop.conn.execute(
        "UPDATE consent SET state = %s, at = %s WHERE contact_id = %s AND channel = 'sms'",
        (state, NOON + timedelta(minutes=minutes), person.id),
    )


def test_a_stop_word_bites_at_once_and_is_told_once(shop, sara):
    assert hears(shop, "لغو ۱۱") == 1
    assert hears(shop, "لغو ۱۱") == 0  # the same one again
    assert hears(shop, "11", minutes=1) == 0  # said already
    ((name, consent, properties, contact),) = told(shop)
    assert (name, consent, contact) == ("unsubscribed", {"sms": "withdrawn"}, sara.id)
    assert properties == {"channel": "sms", "text": "لغو ۱۱", "keyword": "لغو", "line": LINE, "from": SARA}
    assert barred(shop) == [f"stop_word:{LINE}"]


def test_the_next_message_meets_it_at_the_gate(shop, sara, database_url, conn):
    conn.execute("TRUNCATE service")
    with running_sms(speak_kavenegar):
        connect_own(shop, providers(), "kavenegar", key="good-key")
        decide_sms(shop, sara)
        hears(shop, "۱۱")
        one = dispatcher_with(database_url, providers())
        one.run_once(NOON)
        one.close()
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("skipped", "suppressed")


def test_a_number_that_a_shop_has_typed_is_the_same_number(shop, sara, database_url, conn):
    """Sent to as the service wants it, and barred by the word that came from it; a transactional message still goes."""
    conn.execute("TRUNCATE service")
    with running_sms(speak_kavenegar) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kavenegar, "base", server.url)
        connect_own(shop, providers(), "kavenegar", key="good-key")
        one = dispatcher_with(database_url, providers())
        decide_sms(shop, sara, "0912 123 45 67", point=1)
        one.run_once(NOON)
        hears(shop, "۱۱")
        decide_sms(shop, sara, "0912 123 45 67", point=2)
        decide_sms(shop, sara, "0912 123 45 67", point=3, **{"class": "transactional"})
        one.run_once(NOON)
        one.close()
    assert [asked["to"] for asked in server.taken] == ["09121234567"] * 2
    assert [shop.message(sara, point)["state"] for point in (1, 2, 3)] == ["accepted", "skipped", "accepted"]
    assert shop.message(sara, 2)["reason"] == "suppressed"


def test_join_gives_again_what_a_stop_word_to_the_same_line_took(shop, sara):
    hears(shop, "11")
    assert hears(shop, "12", minutes=1, line="2000") == 1
    assert barred(shop) == [f"stop_word:{LINE}"]
    assert hears(shop, "۱۲", minutes=2, line="+98" + LINE) == 1
    assert barred(shop) == []
    assert hears(shop, "12", minutes=3) == 1
    assert [(name, consent) for name, consent, *_ in told(shop)] == [
        ("unsubscribed", {"sms": "withdrawn"}),
        ("sms_received", None),
        ("sms_received", {"sms": "given"}),
        ("sms_received", None),
    ]
    assert hears(shop, "11") == 0  # told again by a service that is asked again
    assert barred(shop) == []


def test_join_gives_nothing_back_that_was_withdrawn_elsewhere(shop, sara, conn):
    hears(shop, "11")
    said_by_hand(shop, sara, "withdrawn", 5)
    hears(shop, "12", minutes=6)
    assert barred(shop) == [f"stop_word:{LINE}"]
    conn.execute("UPDATE suppression SET reason = 'unsubscribed' WHERE address = %s", (SARA,))
    said_by_hand(shop, sara, "given", 7)
    hears(shop, "11", minutes=8)
    hears(shop, "12", minutes=9)
    assert barred(shop) == ["unsubscribed"]
    assert [consent for _, consent, *_ in told(shop)] == [{"sms": "withdrawn"}, None, {"sms": "withdrawn"}, None]


def test_a_stop_word_that_comes_late_does_not_undo_a_later_yes(shop, sara):
    said_by_hand(shop, sara, "given", 60)
    assert hears(shop, "11", minutes=1) == 1
    assert barred(shop) == []


def test_anything_else_is_an_event_of_whoever_wrote(shop, sara):
    assert hears(shop, "OFF20 لطفا") == 1
    assert hears(shop, "سلام", sender="0935 000 0000") == 1
    assert hears(shop, "تبلیغ", sender="SHOP") == 0
    assert hears(shop, " ", minutes=5) == 0
    (_, _, first, whose), (name, *_), (_, _, second, stranger) = told(shop)
    assert first == {"text": "OFF20 لطفا", "keyword": "off20", "line": LINE, "from": SARA}
    assert (whose, name) == (sara.id, "identify")  # somebody new comes with their number
    assert (second["from"], stranger == sara.id) == ("+989350000000", False)


def test_hostile_texts_are_kept_as_far_as_they_can_be(shop, sara):
    for number, text in enumerate(["\0", "a\0b", "\ud800x", "x" * 100_000, "'; DROP TABLE inbox; --", "\u202e"]):
        hears(shop, text, minutes=number)
    texts = [properties["text"] for _, _, properties, _ in told(shop)]
    assert texts[:2] == ["ab", "?x"]
    assert max(map(len, texts)) == 2_000


@pytest.fixture
def called(shop, sara, conn, monkeypatch):
    """Calls the address of the workspace's service."""
    conn.execute("TRUNCATE service")
    monkeypatch.setattr(hearing, "_sending", sending)

    def call(how="post", change=lambda path: path, **given):
        path = inbound_address(sending(), read_owns(conn, shop.id)["sms"]).removeprefix("https://safar.example")
        return getattr(Client(SERVER_NAME="localhost"), how)(change(path), **given).status_code

    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        yield call


def test_kavenegar_calls(shop, called):
    connect_own(shop, providers(), "kavenegar", key="good-key", sender=LINE)
    form = {"messageid": "77", "from": "09121234567", "to": LINE, "message": "سلام"}
    assert called(data=form) == 204
    assert called("get", data=form) == 204
    assert called(data=json.dumps({**form, "messageid": 78}), content_type="application/json") == 204
    assert called(data={"messageid": "79"}) == 404
    assert called(data="[" * 2000, content_type="application/json") == 404
    assert called("put") == 405
    for change in (
        lambda p: p[:-1],
        lambda p: p.replace("/sms/", "/email/"),
        lambda p: p.replace("inbound", "reports"),
    ):
        assert called(data=form, change=change) == 404
    assert [name for name, *_ in told(shop)] == ["sms_received", "sms_received"]


def test_twilio_signs_what_it_calls(shop, called, conn):
    connect_own(shop, providers(), "twilio", account=ACCOUNT, token="good-key", sender="+14155552345")
    form = {"MessageSid": "SM1", "From": SARA, "To": "+14155552345", "Body": "STOP"}
    assert called(data=form) == 404
    url = inbound_address(sending(), read_owns(conn, shop.id)["sms"])
    whole = url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(b"good-key", whole.encode(), hashlib.sha1).digest()).decode()
    assert called(data=form, headers={"X-Twilio-Signature": signature}) == 204
    assert barred(shop) == ["stop_word:+14155552345"]


def test_a_service_that_is_asked(shop, sara, conn, monkeypatch):
    conn.execute("TRUNCATE service")
    entries = [
        {"messageid": 5, "message": "۱۱", "sender": "09121234567", "receptor": LINE, "date": int(NOON.timestamp())}
    ]
    with running_sms(speak_kavenegar) as server:
        monkeypatch.setattr(Kavenegar, "base", server.url)
        connect_own(shop, providers(), "kavenegar", key="good-key", sender=LINE)

        def ask(minutes, *says):
            server.says = list(says)
            return listen_once(conn, kinds=providers(), sending=sending(), now=NOON + timedelta(minutes=minutes))

        said = (200, {"return": {"status": 200, "message": ""}, "entries": entries})
        assert ask(0, said) == 1
        assert server.asked[-1].form == {"linenumber": LINE, "isread": "0"}
        assert ask(0.5, said) == 0
        assert len(server.asked) == 1  # it is not a minute yet
        assert ask(1, said) == 0
        assert ask(2, sms.GARBAGE) == 0
        assert ask(4, said) == 0
        assert len(server.asked) == 3  # after a fault it is left alone for a while
        assert ask(13, said) == 0
        assert len(server.asked) == 4
    assert [name for name, *_ in told(shop)] == ["unsubscribed"]
    assert conn.execute("SELECT at FROM suppression WHERE address = %s", (SARA,)).fetchone() == (
        datetime.fromtimestamp(int(NOON.timestamp()), UTC),
    )
