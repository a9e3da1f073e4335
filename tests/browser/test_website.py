"""A website of another origin with the line of script in its pages: what people do there arrives, first without a name, then under theirs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from safar.contacts.names import ANONYMOUS
from tests.browser.conftest import Seen

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]


WELCOME = """
journey: welcome
title: {en: Welcome, fa: خوش‌آمد}
settings: {goal: {event: Order Completed, within: P14D, money: total}}
start:
  asked: {kind: form_submitted, form: news, next: greet}
points:
  greet: {kind: send_email, template: greeting, next: waits}
  waits: {kind: wait, for: {event: Gift Taken}, at_most: P7D, paths: {}}
"""


@pytest.fixture
def website() -> Iterator[Any]:
    """A server of its own: `website.head` goes into every page. Another origin than Safar's, which is localhost."""

    class Server(ThreadingHTTPServer):
        head = ""

        @property
        def address(self) -> str:
            return f"http://127.0.0.1:{self.server_port}"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = f"<!doctype html><html lang='fa' dir='rtl'><head><meta charset='utf-8'><title>لیوان</title><link rel='icon' href='data:,'>{server.head}</head><body><h1>لیوان</h1></body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None: ...

    server = Server(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(20)


def a_key(shop: Any, sites: list[str]) -> str:
    from safar.accounts.models import ApiKey
    from safar.accounts.services import create_key, set_key_sites

    plain = create_key(workspace=shop, kind="write")
    set_key_sites(key=ApiKey.objects.get(plain=plain), sites=sites)
    return plain


def applied(conn: psycopg.Connection[Any], shop: Any) -> list[tuple[Any, ...]]:
    """(name, userId of the contact, context) of every event, after the engine has applied what came."""
    from safar.journeys.engine.loop import Engine

    engine = Engine(os.environ["SAFAR_DATABASE_URL"])
    while engine.run_once():
        pass
    engine.close()
    return conn.execute(
        "SELECT e.name, c.external_id, e.context, e.properties FROM event e JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id"
        " WHERE e.workspace_id = %s ORDER BY e.timestamp, e.seq",
        (shop.pk,),
    ).fetchall()


def answered(page: Any) -> Any:
    return page.expect_response(
        lambda response: response.url.endswith("/v1/batch") and response.request.method == "POST"
    )


def test_what_was_done_without_a_name_is_theirs_who_is_named(
    opens: Callable[..., Seen], shop: Any, conn: psycopg.Connection[Any], website: Any
) -> None:
    seen = opens(language="fa")
    website.head = f'<script async src="{seen.site}/site/safar.js" data-key="{a_key(shop, ["127.0.0.1"])}"></script>'
    page = seen.page
    with answered(page) as told:
        page.goto(f"{website.address}/mugs?utm_source=insta&utm_campaign=yalda")
    assert told.value.status == 200
    anonymous = page.evaluate("JSON.parse(localStorage.getItem('safar.who')).anonymousId")
    kept = conn.execute(
        "SELECT value FROM identity WHERE workspace_id = %s AND kind = %s", (shop.pk, ANONYMOUS)
    ).fetchall()
    assert [value for (value,) in kept] == [anonymous]
    with answered(page):
        page.evaluate("history.pushState(null, '', '/mugs/blue')")
    with answered(page):
        page.evaluate("safar('identify', 'sara', {email: 'sara@people.example'})")
    with answered(page):
        page.evaluate("safar('track', 'Cart Updated', {cart_value: 480000})")

    events = applied(conn, shop)
    assert [event[:2] for event in events] == [
        ("page_viewed", "sara"), ("page_viewed", "sara"), ("identify", "sara"), ("Cart Updated", "sara"),
    ]  # fmt: skip
    assert [event[3]["path"] for event in events[:2]] == ["/mugs", "/mugs/blue"]
    for *_, context, _ in events:
        assert context["campaign"] == {"source": "insta", "name": "yalda"}
        assert context["session"] == {"id": events[0][2]["session"]["id"], "number": 1}
    assert [complaint for complaint in seen.complaints if "from elsewhere" not in complaint] == []


def test_a_site_that_may_not_send_is_told_so_and_breaks_nothing(
    opens: Callable[..., Seen], shop: Any, conn: psycopg.Connection[Any], website: Any
) -> None:
    seen = opens()
    website.head = f'<script async src="{seen.site}/site/safar.js" data-key="{a_key(shop, ["shop.example"])}"></script>'
    with answered(seen.page) as told:
        seen.page.goto(website.address)
    assert told.value.status == 403
    assert f"pages of {website.address} may not send with this key" in told.value.json()["error"]
    expect(seen.page.locator("h1")).to_be_visible()
    assert applied(conn, shop) == []


def test_nothing_is_kept_or_sent_before_consent(
    opens: Callable[..., Seen], shop: Any, conn: psycopg.Connection[Any], website: Any
) -> None:
    seen = opens()
    website.head = (
        f'<script async src="{seen.site}/site/safar.js" data-key="{a_key(shop, [])}" data-consent="required"></script>'
    )
    page = seen.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(website.address)
    page.wait_for_function("window.safar && safar.loaded")
    page.evaluate("safar('track', 'Mug Seen')")
    assert page.evaluate("localStorage.length") == 0
    assert not [url for url in sent if "/v1/" in url]
    with answered(page):
        page.evaluate("safar.consent({analytics: true})")
    assert sorted(name for name, *_ in applied(conn, shop)) == ["Mug Seen", "page_viewed"]


def test_from_a_pop_up_to_an_order(
    opens: Callable[..., Seen], site: str, shop: Any, sara: Any, conn: psycopg.Connection[Any], database_url: str, website: Any, monkeypatch: Any
) -> None:  # fmt: skip
    """In Persian, on a phone: a pop-up of another origin is filled in, a journey writes, its link is followed, the order is that contact's."""
    from django.conf import settings

    from safar.channels.sending.dispatch import Dispatcher
    from safar.channels.tests.settings import sending
    from safar.channels.tracking import ledger
    from safar.console.journeys.tests.road import settle
    from safar.content.services import apply_templates
    from safar.journeys.drafts import make_journey, read_text
    from safar.journeys.services import publish
    from safar.segments.services import apply_segments
    from safar.website.form import Consent, Field, Form
    from safar.website.keeping import save_form

    monkeypatch.setattr(ledger, "WAIT", 0.02)
    form = Form(
        key="news", title={"fa": "خبرنامهٔ لیوان"}, text={"fa": "هر هفته یک لیوان تازه"}, thanks={"fa": "خوش آمدید"}, after=0, path="/mugs*",
        fields=(Field("email", True), Field("first_name")), consents=(Consent("email", {"fa": "برایم خبر بفرستید"}),),
    )  # fmt: skip
    save_form(conn, shop.pk, form, live=True, fresh=True)
    # For those who have agreed already, and surely are who they are: whoever comes by the link of a message.
    apply_segments(shop, {"readers": {"consent": "email", "is": "given"}})
    club = Form(key="club", title={"fa": "باشگاه مشتریان"}, after=0, path="/sale", segment="readers", members="inside")
    save_form(conn, shop.pk, club, live=True, fresh=True)
    conn.execute("INSERT INTO tracking (workspace_id, sites) VALUES (%s, '{127.0.0.1}')", (shop.pk,))
    sale = f"{website.address}/sale"
    html = f'<p>سلام {{{{ contact.first_name }}}}</p><a href="{sale}">لیوان‌ها</a>'
    languages = {"fa": {"subject": "خوش آمدید", "html": html}}
    apply_templates(shop, {"greeting": {"channel": "email", "languages": languages}})
    make_journey(shop, read_text(WELCOME), by="sara@shop.example")
    publish(shop, "welcome", connection=conn)

    hers = opens(language="fa", width=390)
    page = hers.page
    website.head = f'<script async src="{site}/site/safar.js" data-key="{a_key(shop, ["127.0.0.1"])}"></script>'
    with answered(page):
        page.goto(f"{website.address}/mugs?utm_source=insta")
    dialog = page.get_by_role("dialog", name="خبرنامهٔ لیوان")
    expect(dialog).to_be_visible(timeout=20_000)
    assert dialog.locator(".inside").evaluate("it => getComputedStyle(it).direction") == "rtl"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.evaluate("localStorage.removeItem('safar.forms')")  # as after a week
    page.reload()
    expect(dialog).to_be_visible(timeout=20_000)

    # Nobody reads a form in no time: the first press is asked for once more.
    dialog.get_by_label("ایمیل").fill("mina@people")
    dialog.get_by_role("button", name="فرستادن").click()
    expect(dialog.locator(".said")).not_to_be_empty(timeout=20_000)
    dialog.get_by_label("ایمیل").fill("mina@people.example")
    dialog.get_by_label("نام", exact=True).fill("مینا")
    dialog.get_by_label("برایم خبر بفرستید").check()

    def sent() -> bool:
        with page.expect_response(lambda response: "/f/" in response.url) as answer:
            dialog.get_by_role("button", name="فرستادن").click()
        return bool(answer.value.status == 200)

    waits_until(sent)
    expect(dialog.get_by_text("خوش آمدید")).to_be_visible()
    assert [text for text in hers.complaints if "from elsewhere" not in text and "422" not in text] == []

    settle()
    ago = datetime.now(UTC) - timedelta(minutes=10)
    conn.execute("UPDATE outbox SET decided_at = %s, due_at = %s WHERE workspace_id = %s", (ago, ago, shop.pk))
    dispatcher = Dispatcher(
        database_url, "test", sending=sending(secret_key=settings.SECRET_KEY, public_url=site, email_url=None)
    )
    dispatcher.run_once(ago)
    dispatcher.close()
    row = conn.execute("SELECT source FROM mailbox WHERE workspace_id = %s", (shop.pk,)).fetchone()
    assert row is not None
    letter = message_from_bytes(row[0], policy=policy.SMTP).get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "سلام مینا" in letter
    mail = page.context.new_page()
    mail.set_content(letter)
    link = mail.get_by_role("link", name="لیوان‌ها").get_attribute("href")
    for _ in range(
        5
    ):  # where the link leads to is looked up; if that is too slow it asks for patience, and one presses again
        answer = mail.goto(str(link), wait_until="commit", timeout=60_000)
        if answer is not None and answer.ok:
            break
    mail.wait_for_url(sale, timeout=60_000)  # who it is was said by the address, and stands there no more
    expect(mail.get_by_role("dialog", name="باشگاه مشتریان")).to_be_visible(timeout=20_000)
    with answered(mail):
        mail.evaluate("safar('track', 'Order Completed', {order_id: 'o-1', total: 480000})")
    events = {name: properties for name, _, _, properties in applied(conn, shop)}
    assert {"page_viewed", "form_submitted", "Order Completed"} <= set(events)
    people = "SELECT email, traits->>'first_name' FROM contact WHERE workspace_id = %s AND merged_into IS NULL"
    assert conn.execute(people, (shop.pk,)).fetchall() == [("mina@people.example", "مینا")]

    told = opens(sara, language="fa")
    told.go(f"/w/{shop.slug}/website/")
    expect(told.page.get_by_role("link", name="خبرنامهٔ لیوان", exact=True)).to_be_visible()
    told.go(f"/w/{shop.slug}/website/news/figures/")
    expect(told.page.get_by_role("row", name="insta")).to_contain_text("۱")
    expect(told.page.get_by_text("۱ سفارش از ۱ نفرشان پس از آن")).to_be_visible()
    told.go(f"/w/{shop.slug}/website/news/")
    drawn = told.page.frame_locator("#preview iframe:not([hidden])")
    expect(drawn.get_by_role("dialog", name="خبرنامهٔ لیوان")).to_be_visible(timeout=20_000)
    told.page.get_by_label("عنوان به فارسی").fill("لیوان‌های تازه")
    expect(drawn.get_by_role("dialog", name="لیوان‌های تازه")).to_be_visible(timeout=20_000)
    expect(told.page.get_by_label("عنوان به فارسی")).to_be_focused()
    told.go(f"/f/{token_of(conn, shop)}")
    expect(told.page.get_by_role("heading", name="خبرنامهٔ لیوان")).to_be_visible()
    assert told.complaints == []


def token_of(conn: psycopg.Connection[Any], shop: Any) -> str:
    from safar.website.keeping import list_forms

    return next(one.token for one in list_forms(conn, shop.pk) if one.form.key == "news")


def waits_until(done: Callable[[], bool], most: float = 20) -> None:
    deadline = time.monotonic() + most
    while not done():
        assert time.monotonic() < deadline
        threading.Event().wait(0.5)
