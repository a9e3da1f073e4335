"""Live events, their names, and what was refused."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from safar.accounts.models import Membership, Workspace
from safar.console.conftest import Browser
from safar.console.events.tests.walk import put


@pytest.fixture
def busy(shop: Workspace) -> Workspace:
    connection.ensure_connection()
    put(shop.pk, "sara")
    return shop


def test_what_arrived_is_shown_with_its_json_and_a_command(busy: Workspace, mina: Membership, browser: Browser) -> None:
    page = browser(mina).get(f"/w/{busy.slug}/events/").content.decode()
    assert "Seen sara" in page
    assert "sara@shop.example" in page
    assert "&quot;price&quot;: 480000" in page
    assert "YOUR_WRITE_KEY" in page
    assert 'id="poll"' in page


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("", True), ("name=Seen+sara", True), ("name=Other", False), ("type=track", True), ("type=identify", False),
        ("contact=sara", True), ("contact=nobody", False), ("type=nonsense", True), ("before=1", False),
        ("contact=%00", True),
    ],
)  # fmt: skip
def test_filters(busy: Workspace, mina: Membership, browser: Browser, asked: str, there: bool) -> None:
    page = browser(mina).get(f"/w/{busy.slug}/events/?{asked}").content.decode()
    assert ('class="list-group-item event-line"' in page) is there


def test_what_comes_later_comes_by_itself(busy: Workspace, mina: Membership, browser: Browser) -> None:
    client = browser(mina)
    page = client.get(f"/w/{busy.slug}/events/").content.decode()
    address = page.split('id="poll" hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert "event-line" not in client.get(address).content.decode()
    put(busy.pk, "ali", refused=False)
    newer = client.get(address).content.decode()
    assert "Seen ali" in newer
    assert "Seen sara" not in newer
    assert 'hx-swap-oob="true"' in newer


def test_the_page_is_a_page_of_50(
    busy: Workspace, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    for _ in range(60):
        put(busy.pk, "sara", refused=False)
    client = browser(mina)
    page = client.get(f"/w/{busy.slug}/events/").content.decode()
    assert page.count("event-line") == 50
    older = page.split('class="btn" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(f"/w/{busy.slug}/events/{older}").content.decode()
    assert rest.count("event-line") == 11
    assert 'id="poll"' not in rest


def test_names_and_refusals(busy: Workspace, mina: Membership, browser: Browser) -> None:
    client = browser(mina, language="fa")
    names = client.get(f"/w/{busy.slug}/events/names/").content.decode()
    assert "Seen sara" in names
    assert '<bdi dir="auto">480000</bdi>' in names
    assert "Seen sara" not in client.get(f"/w/{busy.slug}/events/names/?q=other").content.decode()
    refused = client.get(f"/w/{busy.slug}/events/refused/").content.decode()
    assert "باید متنی با ۱ تا ۲۵۵ نویسه باشد." in refused
    english = browser(mina).get(f"/w/{busy.slug}/events/refused/").content.decode()
    assert "has to be a text of 1 to 255 characters" in english
    assert "shop/1.0" in refused


def test_empty_pages_teach(shop: Workspace, mina: Membership, browser: Browser) -> None:
    for path in ("", "names/", "refused/"):
        assert 'class="empty' in browser(mina).get(f"/w/{shop.slug}/events/{path}").content.decode(), path


def test_few_queries(busy: Workspace, mina: Membership, browser: Browser) -> None:
    from django.test.utils import CaptureQueriesContext

    client = browser(mina)
    client.get(f"/w/{busy.slug}/events/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/w/{busy.slug}/events/")
    assert len(queries) <= 4  # session, member, membership, workspace; the rest is psycopg's
