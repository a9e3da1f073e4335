"""The newcomer's whole way, in both languages: by the one-time link to a ready-made journey, its message in other words, published, people on the map."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from safar.console.templatetags.assets import built
from tests.browser.conftest import Seen

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]
CART = {"cart_value": 480000, "products": [{"product_id": "1", "name": "Mug", "price": 240000, "quantity": 2}]}
PEOPLE = ("sara", "ali", "mina", "sara-2", "ali-2", "mina-2")


@pytest.fixture
def hours(conn: psycopg.Connection[Any], database_url: str) -> Iterator[Callable[[float], None]]:
    """Lets so many hours pass for engine and dispatcher; afterwards the lanes know nothing of them."""
    from safar.channels.sending.dispatch import Dispatcher
    from safar.channels.tests.settings import sending
    from safar.journeys.engine.loop import Engine

    def pass_by(number: float) -> None:
        later = datetime.now(UTC) + timedelta(hours=number)
        engine = Engine(os.environ["SAFAR_DATABASE_URL"], now=lambda: later)
        while engine.run_once():
            pass
        engine.close()
        dispatcher = Dispatcher(database_url, "test", sending=sending(email_url=None))
        dispatcher.run_once(later)
        dispatcher.close()

    yield pass_by
    conn.execute("UPDATE lane SET clock = '1900-01-01Z'")


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "Your cart is just as you left it", "Your mugs are waiting for you"),
        ("fa", "سبدتان همان‌طور که گذاشتید مانده است", "ماگ‌هایتان منتظرند"),
    ],
)
def test_from_the_link_to_people_on_the_map(
    opens: Callable[..., Seen],
    shop: Any,
    sara: Any,
    conn: psycopg.Connection[Any],
    hours: Any,
    language: str,
    old: str,
    new: str,
) -> None:
    from safar.accounts.links import create_sign_in_link

    shop.language = language
    shop.save()
    seen = opens(language=language)
    page = seen.go(f"/enter/{create_sign_in_link(member=sara)}/")
    page.locator("form button[type=submit].w-100").click()
    page.wait_for_url(f"**/w/{shop.slug}/")
    page.locator(f'nav a[href="/w/{shop.slug}/journeys/"], aside a[href="/w/{shop.slug}/journeys/"]').first.click()
    page.locator('a[href$="/journeys/new/"]').first.click()
    page.locator('form:has(input[value="abandoned-cart"]) button').click()
    page.wait_for_url("**/journeys/abandoned-cart/**")

    # From the point to its message, and back.
    page.locator('.point[data-ref="points.remind"]').click()
    page.locator('.panel a[href$="/messages/cart-remind/"]').click()
    text = page.locator('.block[data-kind="text"] textarea').first
    text.fill(text.input_value().replace(old, new))
    page.locator(".message-tools .btn-primary").click()
    page.locator('.message[data-saving="saved"]').wait_for()
    page.go_back()
    page.locator(".map").wait_for()

    page.locator(".toolbar .btn-primary").click()
    page.locator("dialog.map-dialog .dialog-buttons .btn-primary").click()
    page.locator('.point[data-ref="points.remind"]').wait_for()
    for person in PEOPLE:
        leaves_a_cart(conn, shop, person)
    hours(2)
    page.locator('.point[data-ref="points.comes_back"] .figure-strong', has_text=re.compile("[1-6۱-۶]")).wait_for()
    assert seen.complaints == []

    page = seen.go(f"/w/{shop.slug}/sent/")
    page.locator(".stretched-link").first.click()
    page.frame_locator("iframe.mail-frame").get_by_text(new).first.wait_for()


def leaves_a_cart(conn: psycopg.Connection[Any], shop: Any, person: str) -> None:
    from safar.events.accept import accept
    from safar.events.message import check_message
    from safar.lib.faults import Faults

    who = {"userId": person, "type": "identify", "traits": {"email": f"{person}@people.example"}}
    said = [
        {**who, "context": {"consent": {"email": "given"}}},
        {"userId": person, "type": "track", "event": "Cart Updated", "properties": CART},
    ]
    messages = [check_message(one, Faults(), received=datetime.now(UTC), trusted=True) for one in said]
    accept(conn, shop.pk, [one for one in messages if one is not None], trusted=True)
