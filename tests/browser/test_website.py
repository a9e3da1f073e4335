"""A website of another origin with the line of script in its pages: what people do there arrives, first without a name, then under theirs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
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


@pytest.fixture
def website() -> Iterator[Any]:
    """A server of its own: `website.head` goes into every page. Another origin than Safar's, which is localhost."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = f"<!doctype html><html lang='fa' dir='rtl'><head><meta charset='utf-8'><title>لیوان</title><link rel='icon' href='data:,'>{server.head}</head><body><h1>لیوان</h1></body></html>"  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.head = ""  # type: ignore[attr-defined]
    server.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
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
