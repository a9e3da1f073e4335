"""The mailbox: what would have been sent is read here, and can do nothing to whoever reads it."""

from __future__ import annotations

import re

from safar.accounts.models import Membership
from safar.console.conftest import Browser
from safar.console.mailbox.tests.walk import put
from safar.console.mailbox.views import ROWS

EVIL = '<script>alert(1)</script><img src="https://spy.example/x.png"><p style="color:red">سلام</p>'


def test_a_message_is_read_in_a_frame_that_can_do_nothing(browser: Browser, mina: Membership) -> None:
    put(mina.workspace_id, 3, 41, subject="سلام مینا", html=EVIL)
    client = browser(mina)
    base = f"/w/{mina.workspace.slug}/mailbox/"
    assert f"{base}3/41/" in client.get(base).content.decode()
    page = client.get(f"{base}3/41/").content.decode()
    assert "<script>alert" not in page
    assert re.search(r"<iframe[^>]* sandbox ", page)
    assert "shop@shop.example" in page
    frame = client.get(f"{base}3/41/html/")
    assert EVIL in frame.content.decode()
    policy = frame.headers["Content-Security-Policy"]
    assert policy.endswith("; sandbox")
    assert "default-src 'none'" in policy
    assert "https:" not in policy
    assert "https:" in client.get(f"{base}3/41/html/?pictures=1").headers["Content-Security-Policy"]
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_pages_of_a_full_mailbox(browser: Browser, mina: Membership) -> None:
    client = browser(mina)
    base = f"/w/{mina.workspace.slug}/mailbox/"
    assert "Nothing here yet" in client.get(base).content.decode()
    for number in range(ROWS + 3):
        put(mina.workspace_id, 5, 1000 + number, subject=f"letter {number}")
    first = client.get(base).content.decode()
    assert first.count("list-group-item-action") == ROWS
    older = re.search(r'href="(\?before=[^"]+)"', first)
    assert older is not None
    assert "letter 0<" in client.get(base + older[1]).content.decode()
    assert client.get(f"{base}?before=nonsense").status_code == 200


def test_numbers_out_of_range_are_not_there(browser: Browser, mina: Membership) -> None:
    for numbers in ("1024/1", "99999999999999999999/1", "1/99999999999999999999"):
        assert browser(mina).get(f"/w/{mina.workspace.slug}/mailbox/{numbers}/").status_code == 404
