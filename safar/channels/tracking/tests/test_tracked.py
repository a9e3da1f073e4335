"""A message with links: what leaves the house, what stays in it, and what comes back of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from safar.channels.estimate import parts_of_template
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tracking.links import Short, shorten
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.marking import short_sample
from safar.channels.tracking.reactions import note_hits
from safar.channels.tracking.settings import Tracking, read_tracking, set_tracking
from safar.channels.tracking.tokens import OPENED, TRAP, Tracked, read_tracked
from safar.content.pool import Rendered
from safar.outbox.tests.house import NOON, Shop

LETTER = {
    "en": {
        "subject": "Hello",
        "html": '<p>Hi</p><a href="https://shop.example/sale?a=1&amp;b=2">Sale</a> <a href="https://shop.example/cart/{{ contact.first_name }}">Cart</a>'
        ' <a href="{{ unsubscribe_url }}">No more</a> <a href="mailto:hello@shop.example">Write</a>',
    }
}
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
SALE = "https://shop.example/sale?a=1&b=2"


@pytest.fixture
def shop(conn):
    one = Shop(conn)
    one.template("welcome", LETTER)
    return one


@pytest.fixture
def dispatch(database_url):
    one = Dispatcher(database_url, "test", sending=sending(short_host="shp.example"))
    yield lambda now=NOON: one.run_once(now)
    one.close()


def wire(shop, part="html"):
    """What went over the wire last."""
    (source,) = shop.conn.execute(
        "SELECT source FROM mailbox WHERE workspace_id = %s ORDER BY message_id DESC LIMIT 1", (shop.id,)
    ).fetchone()
    return message_from_bytes(source, policy=policy.SMTP).get_body((part,)).get_content()


def tokens(html):
    """(where, what) of each tracked address, in order."""
    found = re.findall(r"https://([\w.]+)/([co])/([\w-]{52})", html)
    return [(f"{host}/{way}", read_tracked(token, [SECRET])) for host, way, token in found]


def targets(shop):
    rows = shop.conn.execute("SELECT id, url, contact_id FROM link WHERE workspace_id = %s", (shop.id,))
    return {id: (url, contact) for id, url, contact in rows}


def hit(what, minutes=30.0, **rest):
    return Hit(what, NOON + timedelta(minutes=minutes), **{"agent": PHONE, **rest})


def told(shop):
    return [
        (name, properties)
        for name, properties in shop.events()
        if name.endswith(("_opened", "_clicked", "_by_machine"))
    ]


def test_links_are_tracked_on_the_wire_and_kept_as_they_were_written(shop, dispatch):
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatch()
    found = tokens(wire(shop))
    sale, cart, trap, pixel = (what for _, what in found)
    assert [where for where, _ in found] == ["safar.example/c"] * 3 + ["safar.example/o"]
    assert (trap.link_id, pixel.link_id) == (TRAP, OPENED)
    assert {(one.workspace_id, one.bucket, one.message_id) for _, one in found} == {
        (shop.id, sara.bucket, shop.message(sara)["id"])
    }
    assert targets(shop) == {sale.link_id: (SALE, None), cart.link_id: ("https://shop.example/cart/Sara", sara.id)}
    assert "safar.example/u/" in wire(shop)
    assert "mailto:hello@shop.example" in wire(shop)
    assert "/c/" not in shop.message(sara)["body_html"]  # so nobody of the team opens it for her by looking at it
    assert "/c/" not in wire(shop, "plain")


def test_a_link_of_two_people_is_nobodys_own(shop, dispatch):
    sara, other = shop.person("Sara"), shop.person("Sara")
    shop.decide(sara)
    dispatch()
    shop.decide(other)
    dispatch()
    assert {contact for _, contact in targets(shop).values()} == {None}


def test_a_domain_of_its_own_and_what_is_switched_off(shop, dispatch):
    set_tracking(shop.conn, shop.id, Tracking(host="links.shop.example", opens=False), sending=sending())
    shop.decide(shop.person("Sara"))
    dispatch()
    assert [where for where, _ in tokens(wire(shop))] == ["links.shop.example/c"] * 3
    set_tracking(shop.conn, shop.id, Tracking(opens=False, clicks=False), sending=sending())
    shop.decide(shop.person("Ali"))
    dispatch()
    assert tokens(wire(shop)) == []


def test_who_does_not_want_to_be_watched_is_not(shop, dispatch):
    mina, sara = shop.person("Mina"), shop.person("Sara")
    refuses = "INSERT INTO consent VALUES (%s, %s, 'tracking', 'withdrawn', %s, '')"
    shop.conn.execute(refuses, (mina.bucket, mina.id, NOON))
    shop.decide(mina)
    dispatch()
    assert tokens(wire(shop)) == []
    shop.decide(sara)
    dispatch()
    pixel = tokens(wire(shop))[-1][1]
    shop.conn.execute(refuses, (sara.bucket, sara.id, NOON))  # who says so later is not written down for older mail
    assert note_hits(shop.conn, [hit(pixel)]) == 0
    assert told(shop) == []


def says(shop, key, own):
    """What a message says itself of being tracked."""
    shop.conn.execute(
        "UPDATE content_template SET tracking = %s WHERE workspace_id = %s AND key = %s",
        (json.dumps(own), shop.id, key),
    )


def test_a_message_says_itself_what_is_tracked_of_it(shop, dispatch):
    sites = Tracking(sites=("shop.example",))
    set_tracking(shop.conn, shop.id, sites, sending=sending())
    says(shop, "welcome", {"opens": False, "utm": {"utm_campaign": "yalda-{language}"}})
    shop.decide(shop.person("Sara"))
    dispatch()
    assert [where for where, _ in tokens(wire(shop))] == ["safar.example/c"] * 3  # no picture
    own = "utm_source=safar&utm_medium=email&utm_campaign=yalda-en"
    assert f"{SALE}&{own}" in {url for url, _ in targets(shop).values()}
    assert f"{SALE}&{own}" in wire(shop, "plain")
    says(shop, "welcome", {"opens": True, "clicks": False, "utm": False})
    set_tracking(shop.conn, shop.id, replace(sites, opens=False, utm=True), sending=sending())
    shop.decide(shop.person("Ali"))
    dispatch()
    assert [where for where, _ in tokens(wire(shop))] == ["safar.example/o"]
    assert "utm_" not in wire(shop)
    assert "utm_" not in wire(shop, "plain")


def test_who_does_not_want_to_be_watched_is_watched_by_no_message(shop, dispatch):
    says(shop, "welcome", {"opens": True, "clicks": True})
    mina = shop.person("Mina")
    shop.conn.execute(
        "INSERT INTO consent VALUES (%s, %s, 'tracking', 'withdrawn', %s, '')", (mina.bucket, mina.id, NOON)
    )
    shop.decide(mina)
    dispatch()
    assert tokens(wire(shop)) == []


@pytest.mark.parametrize(
    ("own", "link"),
    [
        ({}, r"https://shp\.example/\w{7}$"),
        ({"clicks": False}, r"https://shop\.example/sale$"),
        ({"clicks": False, "utm": True}, r"https://shop\.example/sale\?utm_source=safar&utm_medium=sms"),
    ],
)
def test_the_link_of_an_sms_by_what_its_message_says(shop, dispatch, own, link):
    set_tracking(shop.conn, shop.id, Tracking(sites=("shop.example",)), sending=sending())
    shop.template("sale", {"en": {"text": "Sale: https://shop.example/sale"}}, channel="sms")
    says(shop, "sale", own)
    sara = shop.person("Sara")
    shop.conn.execute("UPDATE contact SET phone = '+989121234567' WHERE id = %s", (sara.id,))
    shop.decide(sara, channel="sms", template="sale", **{"class": "transactional"})
    dispatch()
    assert re.search(link, shop.message(sara)["body_text"])


def test_utm_parameters_go_to_own_sites_only(shop, dispatch):
    shop.template(
        "welcome",
        {"en": {"subject": "x", "html": '<a href="https://shop.example/">a</a><a href="https://other.example/">b</a>'}},
    )
    given = Tracking(utm=True, sites=("shop.example",), utm_campaign="{journey}-{point}")
    set_tracking(shop.conn, shop.id, given, sending=sending())
    assert read_tracking(shop.conn, shop.id) == given
    shop.decide(shop.person("Sara"))
    dispatch()
    assert sorted(url for url, _ in targets(shop).values()) == [
        "https://other.example/",
        "https://shop.example/?utm_source=safar&utm_medium=email&utm_campaign=welcome-greet-0",
    ]


def test_opened_and_clicked_are_events_and_stand_on_the_message(shop, dispatch):
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatch()
    sale, _, _, pixel = (what for _, what in tokens(wire(shop)))
    assert note_hits(shop.conn, [hit(pixel, 30), hit(sale, 31)]) == 2
    message = shop.message(sara)
    said = {
        "journey": "welcome", "point": "greet-0", "template": "welcome", "channel": "email",
        "message_id": f"{sara.bucket}-{message['id']}",
    }  # fmt: skip
    assert told(shop) == [
        ("email_opened", said),
        ("email_clicked", {**said, "url": SALE, "link": str(sale.link_id)}),
    ]
    assert message["opened_at"] == NOON + timedelta(minutes=30)
    assert message["clicked_at"] == NOON + timedelta(minutes=31)


def test_the_same_again_is_told_once_an_hour(shop, dispatch):
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatch()
    pixel = tokens(wire(shop))[-1][1]
    assert [note_hits(shop.conn, [hit(pixel, at)]) for at in (30, 31, 59, 61, 200)] == [1, 0, 0, 1, 1]
    assert shop.message(sara)["opened_at"] == NOON + timedelta(minutes=30)


def test_who_clicks_has_opened(shop, dispatch):
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatch()
    sale, *_, pixel = (what for _, what in tokens(wire(shop)))
    assert note_hits(shop.conn, [hit(sale)]) == 2
    assert [name for name, _ in told(shop)] == ["email_opened", "email_clicked"]
    assert note_hits(shop.conn, [hit(pixel, 31)]) == 0


def test_machines_are_kept_apart(shop, dispatch):
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatch()
    sale, cart, trap, pixel = (what for _, what in tokens(wire(shop)))
    assert note_hits(shop.conn, [hit(pixel, agent="Mozilla/5.0"), hit(sale, head=True), hit(trap)]) == 2
    assert [(name, said["machine"], said["reason"]) for name, said in told(shop)] == [
        ("email_opened_by_machine", True, "apple_privacy"),
        ("email_clicked_by_machine", True, "trap"),
    ]
    assert note_hits(shop.conn, [hit(cart, 30.5)]) == 1  # the scanner goes on, in another request
    message = shop.message(sara)
    assert (message["opened_at"], message["clicked_at"]) == (None, None)
    assert note_hits(shop.conn, [hit(pixel, 90), hit(sale, 91)]) == 2  # and later Sara herself
    assert shop.message(sara)["clicked_at"] is not None


def test_what_is_no_message_of_a_contact_leaves_nothing(shop, dispatch, conn):
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatch()
    pixel = tokens(wire(shop))[-1][1]
    elsewhere = type(pixel)(shop.id + 1, pixel.bucket, pixel.message_id, OPENED)
    gone = type(pixel)(shop.id, pixel.bucket, 2**40, OPENED)
    assert note_hits(conn, [hit(elsewhere), hit(gone)]) == 0
    conn.execute("UPDATE message SET kind = 'test' WHERE workspace_id = %s", (shop.id,))
    assert note_hits(conn, [hit(pixel)]) == 0


def test_an_sms_has_one_short_link_that_is_counted_with_it(shop, dispatch):
    text = "{{ contact.first_name }}: https://shop.example/a/very/long/way/to/the/sale https://other.example/"
    shop.template("sale", {"en": {"text": text}}, channel="sms")
    sara = shop.person("Sara")
    shop.conn.execute("UPDATE contact SET phone = '+989121234567' WHERE id = %s", (sara.id,))
    shop.decide(sara, channel="sms", template="sale", **{"class": "transactional"})
    dispatch()
    message = shop.message(sara)
    found = re.fullmatch(r"Sara: (https://shp\.example/(\w{7})) https://other\.example/", message["body_text"])
    assert found
    assert message["parts"] == 1
    row = shop.conn.execute(
        "SELECT bucket, message_id, link_id FROM short_link WHERE code = %s", (found[2],)
    ).fetchone()
    assert row[:2] == (sara.bucket, message["id"])
    assert targets(shop)[row[2]] == ("https://shop.example/a/very/long/way/to/the/sale", None)
    what = Short(shop.id, *row)
    again = shorten(shop.conn, [what])
    assert again == {row[:2]: found[2]}  # the same at every attempt


def test_a_click_in_an_sms_is_no_opening(shop, dispatch):
    shop.template("sale", {"en": {"text": "https://shop.example/"}}, channel="sms")
    sara = shop.person("Sara")
    shop.conn.execute("UPDATE contact SET phone = '+989121234567' WHERE id = %s", (sara.id,))
    shop.decide(sara, channel="sms", template="sale", **{"class": "transactional"})
    dispatch()
    row = shop.conn.execute(
        "SELECT workspace_id, bucket, message_id, link_id FROM short_link WHERE workspace_id = %s", (shop.id,)
    ).fetchone()
    assert note_hits(shop.conn, [hit(Tracked(*row))]) == 1
    assert told(shop)[0][0] == "sms_clicked"
    assert shop.message(sara)["opened_at"] is None


def test_both_ways_of_an_sms_lead_by_one_short_link(shop):
    both = {
        "code": "sale",
        "text": "Sara: https://shop.example/a/b",
        "values": {"token": "Sara", "token2": "https://shop.example/a/b"},
        "second": False,
    }
    made = Rendered("en", "", "", "Now: https://shop.example/a/b", both)
    found = short_sample(made, Tracking(short_host="shp.ir"), sending())
    assert found.text == "Now: https://shp.ir/xxxxxxx"
    assert found.pattern == {
        **both,
        "text": "Sara: https://shp.ir/xxxxxxx",
        "values": {"token": "Sara", "token2": "https://shp.ir/xxxxxxx"},
    }
    assert short_sample(made, Tracking(clicks=False), sending()) == made
    alone = Rendered("en", "", "", "", both)
    assert (
        short_sample(alone, Tracking(short_host="shp.ir"), sending()).pattern["values"]["token2"].endswith("/xxxxxxx")
    )
    ours = Rendered("en", "", "", "https://safar.example/u/abc")
    assert short_sample(ours, Tracking(), sending()) == ours


def test_parts_are_counted_with_the_short_link():
    long = {"channel": "sms", "fallbacks": {}, "languages": {"fa": {"text": f"سلام https://shop.example/{'a' * 60}"}}}
    assert parts_of_template(long, "fa") == 2

    def short(own):
        return "" if own.get("clicks") is False else "https://shp.ir/xxxxxxx"

    assert parts_of_template(long, "fa", short=short) == 1
    assert parts_of_template({**long, "tracking": {"clicks": False}}, "fa", short=short) == 2
