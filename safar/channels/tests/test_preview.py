"""Previews are made as messages are; tests of a message go through the gate like any other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from safar.channels.sending.preview import preview_template, send_test
from safar.channels.sent import Asked, list_sent, open_sent
from safar.channels.tests.settings import sending
from safar.content.pool import Rendered, RenderPool, Unrenderable
from safar.outbox.books import read_books

MADE = Rendered("fa", "سلام سارا", '<html><body dir="rtl"><p>خوش آمدید</p></body></html>', "خوش آمدید\n")
HELLO = {
    "channel": "email",
    "languages": {"fa": {"subject": "سلام {{ contact.first_name }}", "html": "<p>{{ contact.city }}</p>"}},
    "fallbacks": {"contact.first_name": {"fa": "دوست عزیز"}},
}


@pytest.fixture(scope="module")
def pool():
    one = RenderPool(1)
    yield one
    one.close()


def test_a_preview_for_nobody_and_for_a_contact(conn, shop, pool) -> None:
    given = {"language": "fa", "journeys": [], "marketing": True, "sending": sending(), "pool": pool}
    now = datetime.now(UTC)
    made = preview_template(conn, shop.id, HELLO, contact_id=0, now=now, **given)
    assert isinstance(made, Rendered)
    assert made.subject == "سلام دوست عزیز"
    assert "/u/preview" in made.html


def test_nobody_in_particular_has_something_of_the_shop_in_the_cart(conn, shop, pool) -> None:
    cart = "{% for one in cart.products %}{{ one.name }} {{ one.price | number }};{% endfor %} {{ entry.cart_value | number }}"
    template = {"channel": "sms", "languages": {"en": {"text": cart}}, "fallbacks": {}}
    given = {"language": "en", "journeys": [], "marketing": True, "sending": sending(), "pool": pool}
    made = preview_template(conn, shop.id, template, contact_id=0, now=datetime.now(UTC), **given)
    assert isinstance(made, Unrenderable)  # a shop without products: nothing is made up
    for number, name in enumerate(("Mug", "Bowl")):
        conn.execute(
            "INSERT INTO product (workspace_id, id, name, price, seen_at) VALUES (%s, %s, %s, %s, now())",
            (shop.id, str(number), name, 1200 + number),
        )
    made = preview_template(conn, shop.id, template, contact_id=0, now=datetime.now(UTC), **given)
    assert isinstance(made, Rendered)
    assert sorted(made.text.split(";")[:2]) == ["Bowl 1,201", "Mug 1,200"]
    assert made.text.strip().endswith("2,401")


def test_a_test_stays_in_the_mailbox(conn, shop, dispatcher, sink) -> None:
    conn.execute("UPDATE accounts_workspace SET send_mode = 'mailbox' WHERE id = %s", (shop.id,))
    send_test(conn, shop.id, channel="email", to="sara@shop.example", made=MADE, template="hello", by="sara")
    dispatcher.run_once()
    (kept,) = list_sent(conn, shop.id, Asked(state="kept")).lines
    opened = open_sent(conn, shop.id, kept.bucket, kept.id)
    assert opened is not None
    assert (opened.address, opened.subject, opened.kept_for) == ("sara@shop.example", "سلام سارا", "mailbox")
    assert "خوش آمدید" in (opened.body_html or "")
    assert not sink.mails
    (line,) = read_books(conn, shop.id)
    assert (line.kind, line.accepted) == ("test", 1)


def test_a_test_goes_to_the_team_and_to_nobody_else(conn, shop, dispatcher, sink) -> None:
    conn.execute(
        "UPDATE accounts_workspace SET send_mode = 'team', team_addresses = %s WHERE id = %s",
        ('["sara@shop.example"]', shop.id),
    )
    for to in ("sara@shop.example", "ali@shop.example"):
        send_test(conn, shop.id, channel="email", to=to, made=MADE, template="hello", by="sara")
    dispatcher.run_once()
    assert [one.recipients for one in sink.mails] == [["sara@shop.example"]]
    lines = list_sent(conn, shop.id, Asked()).lines
    opened = [open_sent(conn, shop.id, one.bucket, one.id) for one in lines]
    assert {one.address: one.kept_for for one in opened if one} == {
        "sara@shop.example": None,
        "ali@shop.example": "not_team",
    }


def test_a_stopped_workspace_sends_no_tests(conn, shop, dispatcher, sink) -> None:
    conn.execute("UPDATE accounts_workspace SET stopped = true WHERE id = %s", (shop.id,))
    send_test(conn, shop.id, channel="email", to="sara@shop.example", made=MADE, template="hello", by="sara")
    dispatcher.run_once()
    assert not sink.mails
    assert list_sent(conn, shop.id, Asked()).lines == []
