"""Shops on their pages: connected, shown, changed, fetched, stopped, taken away; what is secret is never shown again."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.console.conftest import Browser
from safar.events.jobs.queue import list_jobs
from safar.shops.connecting import read_shops
from safar.shops.fetching import KIND

GIVEN = {"domain": "mugs-berlin.myshopify.com", "client": "client", "secret": "hush hush hush"}


def address(who: Membership, rest: str = "") -> str:
    return f"/w/{who.workspace.slug}/settings/shops/{rest}"


def connect(client: Any, who: Membership, conn: psycopg.Connection[Any], system: str, given: Any) -> str:
    """The page of a new shop."""
    answer = client.post(address(who, f"new/?system={system}"), given)
    assert answer.status_code == 303, answer.content.decode()
    return address(who, f"{read_shops(conn, who.workspace_id)[-1].id}/")


def test_a_shop_is_connected_and_its_past_is_asked_for(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="fa")
    assert "شاپیفای" in client.get(address(sara)).content.decode()
    assert "myshopify.com" in client.get(address(sara, "new/?system=shopify")).content.decode()
    assert client.get(address(sara, "new/?system=magento")).status_code == 404
    page = connect(client, sara, conn, "shopify", GIVEN)
    (job,) = list_jobs(conn, sara.workspace_id, KIND)
    (shop,) = read_shops(conn, sara.workspace_id)
    assert job.asked == {"shop": shop.id, "address": f"{settings.SAFAR.public_url}/shops/{shop.token}"}
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(page).content.decode()
    assert len(asked) < 15
    assert shop.token in shown
    assert "hush" not in shown
    assert "https://mugs-berlin.myshopify.com" in client.get(address(sara)).content.decode()
    assert client.get(f"{page}past/").status_code == 200
    assert client.post(f"{page}stop/").status_code == 303
    assert "پس از همین صفحه" in client.get(f"{page}past/").content.decode()
    told = AuditEntry.objects.filter(workspace=sara.workspace, action="connect_shop")
    assert all("hush" not in str(entry.details) for entry in told)


def test_only_what_was_entered_is_said_to_be_kept(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    page = connect(client, sara, conn, "shopify", GIVEN)
    shown = client.get(page).content.decode()
    assert shown.count("Kept, and not shown") == 1  # the client secret; there is no token
    assert "begins with http:" in shown  # of the installation that tests run in
    assert settings.SAFAR.public_url.startswith("http://")


def test_what_is_wrong_stands_beside_its_field(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    shown = client.post(address(sara, "new/?system=shopify"), {**GIVEN, "domain": "mugs.example"}).content.decode()
    assert 'id="id_domain_error"' in shown
    given = {"url": "ftp://livan.example", "secret": "short", "currency": "toman"[:4]}
    shown = client.post(address(sara, "new/?system=woocommerce"), given).content.decode()
    assert {f'id="id_{name}_error"' in shown for name in ("url", "secret")} == {True}


def test_settings_are_changed_and_secrets_stay(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    given = {"url": "https://livan.example", "secret": "a long word of ours"}
    page = connect(client, sara, conn, "woocommerce", given)
    assert client.post(page, {"url": "https://livan.example", "secret": "", "currency": "IRT"}).status_code == 303
    shop = read_shops(conn, sara.workspace_id)[-1]
    assert shop.opened([settings.SECRET_KEY])["secret"] == "a long word of ours"
    assert shop.here.currency == "IRT"
    assert client.post(f"{page}fetch/").status_code == 303
    assert "no carts come this way" in client.get(page).content.decode()
    answer = client.post(f"{page}plugin/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert "a long word of ours" in packed.read("safar/safar-config.php").decode()
    entry = AuditEntry.objects.filter(workspace=sara.workspace, action="change_shop").get()
    assert entry.details == {"changed": ["currency"]}


def test_what_was_refused_is_said_in_plain_words(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    page = connect(client, sara, conn, "shopify", GIVEN)
    shop = read_shops(conn, sara.workspace_id)[-1]
    conn.execute(
        "INSERT INTO refusal (workspace_id, at, key, path, status, said, faults, size, agent)"
        " VALUES (%s, now(), %s, '/shops/x', 401, 'no', '[]', 0, '')",
        (sara.workspace_id, shop.name),
    )
    assert "the secret in the shop is another one than here" in client.get(page).content.decode()
    conn.execute(
        "INSERT INTO shop_delivery VALUES (%s, 'd', %s, 'orders/create', now() + interval '1 minute', 3)",
        (shop.id, sara.workspace_id),
    )
    shown = client.get(page).content.decode()
    assert "is another one than here" not in shown  # what came since was right
    assert "orders/create" in shown


def test_it_is_disconnected(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara)
    page = connect(client, sara, conn, "shopify", GIVEN)
    assert client.post(f"{page}disconnect/").status_code == 303
    assert client.get(page).status_code == 404
    before = conn.execute("SELECT id, token, sealed FROM shop WHERE workspace_id = %s", (sara.workspace_id,)).fetchall()
    assert before[0][2] is None
    assert connect(client, sara, conn, "shopify", GIVEN) == page  # the same shop again: what it said is known
    assert [shop.token for shop in read_shops(conn, sara.workspace_id)] != [before[0][1]]
    assert "connected already" in client.post(address(sara, "new/?system=shopify"), GIVEN).content.decode()
