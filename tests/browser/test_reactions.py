"""A letter is opened in a browser, its link is clicked, an order follows: the map says who opened, who clicked, and what the message earned."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import psycopg
import pytest

from safar.console.templatetags.assets import built
from tests.browser.conftest import Seen

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"


def test_opened_clicked_ordered_earned(
    opens: Callable[..., Seen],
    site: str,
    shop: Any,
    sara: Any,
    conn: psycopg.Connection[Any],
    database_url: str,
    monkeypatch: Any,
) -> None:
    from django.conf import settings

    from safar.channels.sending.dispatch import Dispatcher
    from safar.channels.tests.settings import sending
    from safar.channels.tracking import ledger
    from safar.console.journeys.tests.road import go_live, happens, settle
    from safar.content.services import apply_templates

    monkeypatch.setattr(ledger, "WAIT", 0.02)  # nobody else's hits are waited for
    go_live(conn, shop)
    target = (
        f"{site.replace('localhost', '127.0.0.1')}/healthz?sale=1"  # the shop's page, as far as a browser is concerned
    )
    html = f'<p>Hello</p><a href="{target}">The sale</a>'
    apply_templates(shop, {"hello": {"channel": "email", "languages": {"en": {"subject": "Hello", "html": html}}}})
    agrees(conn, shop, "mina")
    happens(conn, shop, "mina", "Shop Opened")
    ago = datetime.now(UTC) - timedelta(minutes=10)  # nobody opens within seconds
    conn.execute("UPDATE outbox SET decided_at = %s, due_at = %s WHERE workspace_id = %s", (ago, ago, shop.pk))
    dispatcher = Dispatcher(
        database_url, "test", sending=sending(secret_key=settings.SECRET_KEY, public_url=site, email_url=None)
    )
    dispatcher.run_once(ago)
    dispatcher.close()

    # Mina's mail program.
    row = conn.execute("SELECT source FROM mailbox WHERE workspace_id = %s", (shop.pk,)).fetchone()
    assert row is not None
    letter = message_from_bytes(row[0], policy=policy.SMTP).get_body(("html",)).get_content()  # type: ignore[union-attr]
    hers = opens(user_agent=PHONE, width=390).page
    with hers.expect_response(re.compile("/o/")) as pixel:
        hers.set_content(letter)
    assert pixel.value.body()[:6] == b"GIF89a"
    hers.get_by_role("link", name="The sale").click()
    hers.wait_for_url(target)
    told(conn, shop, {"email_opened", "email_clicked"})
    settle()
    facts = conn.execute(
        "SELECT f.opens, f.clicks, f.unopened_in_a_row FROM contact_facts f JOIN contact c ON c.bucket = f.bucket AND c.id = f.contact_id"
        " WHERE c.workspace_id = %s AND c.external_id = 'mina'",
        (shop.pk,),
    ).fetchone()
    assert facts == (1, 1, 0)
    happens(conn, shop, "mina", "Order Completed", order_id="o-1", total=20_000)

    # What the shop sees.
    seen = opens(sara, language="en")
    page = seen.go(f"/w/{shop.slug}/journeys/welcome/")
    page.locator('.point[data-ref="points.greet"]').click()
    figures = page.locator(".panel .figures")
    for label in ("opened", "clicked"):
        line = figures.locator(
            ".figures-line", has=page.locator("dt", has_text=re.compile(f"^{label}$", re.IGNORECASE))
        )
        line.locator("dd").get_by_text(re.compile("^1")).wait_for()
    figures.get_by_text(re.compile("2,000")).first.wait_for()  # 20,000 rials
    figures.locator('a[href*="state=clicked"]').click()
    page.wait_for_url("**/sent/**state=clicked**")
    page.locator(".stretched-link").first.click()
    history = page.locator(".card", has=page.get_by_text("What became of it"))
    history.get_by_text("A link was clicked").wait_for()
    history.get_by_text(target).wait_for()
    assert seen.complaints == []


def agrees(conn: psycopg.Connection[Any], shop: Any, person: str) -> None:
    from safar.events.accept import accept
    from safar.events.message import check_message
    from safar.lib.faults import Faults

    message = {
        "userId": person, "type": "identify", "traits": {"email": f"{person}@people.example"},
        "context": {"consent": {"email": "given"}},
    }  # fmt: skip
    found = check_message(message, Faults(), received=datetime.now(UTC), trusted=True)
    assert found is not None
    accept(conn, shop.pk, [found], trusted=True)


def told(conn: psycopg.Connection[Any], shop: Any, names: set[str]) -> None:
    """Waits until these are in the inbox."""
    wanted = "SELECT name FROM inbox WHERE workspace_id = %s AND name = ANY (%s)"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if {name for (name,) in conn.execute(wanted, (shop.pk, list(names)))} == names:
            return
        threading.Event().wait(0.05)
    raise AssertionError(conn.execute("SELECT name, properties FROM inbox").fetchall())
