"""Exchange rates on their page: typed as the page writes, kept in the workspace's currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.console.conftest import Browser
from safar.contacts.rates import Rate, read_rates


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/rates/"


def test_a_rate_is_typed_in_the_unit_and_taken_back(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="fa")
    given = {"currency": "eur", "day": "۱۴۰۵/۰۹/۰۱", "rate": "۱۰۵٬۰۰۰٫۵"}
    assert client.post(address(sara), given).status_code == 303
    kept = read_rates(conn, sara.workspace_id)
    assert kept == [Rate("EUR", date(2026, 11, 22), Decimal(1050005))], "rials for tomans"
    page = client.get(address(sara)).content.decode()
    assert "۱۰۵٬۰۰۰٫۵ تومان" in page
    assert f"{address(sara)}EUR/2026-11-22/drop/" in page
    assert client.post(f"{address(sara)}EUR/2026-11-22/drop/").status_code == 303
    assert read_rates(conn, sara.workspace_id) == []
    for gone in ("EUR/2026-11-22", "EUR/2026-13-45", "EUR/soon"):
        assert client.post(f"{address(sara)}{gone}/drop/").status_code == 404
    told = AuditEntry.objects.filter(workspace=sara.workspace, actor=sara.member.email, action__endswith="_rate")
    assert [(entry.action, entry.subject) for entry in told.order_by("id")] == [
        ("set_rate", "currency:EUR"),
        ("drop_rate", "currency:EUR"),
    ]


def test_what_is_no_rate_stands_beside_its_field(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    for field, typed in (("currency", "IRT"), ("day", "soon"), ("rate", "-3"), ("rate", "0"), ("rate", "")):
        given = {"currency": "EUR", "day": "2026-11-22", "rate": "5", field: typed}
        page = client.post(address(sara), given).content.decode()
        assert f'id="id_{field}_error"' in page, (field, typed)
    assert read_rates(conn, sara.workspace_id) == []


def test_orders_without_a_rate_are_told_and_offered(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    for number in (1, 2):
        contact = (sara.workspace_id * 1000 + number) << 10
        conn.execute(
            "INSERT INTO contact (bucket, id, workspace_id, key) VALUES (0, %s, %s, %s)",
            (contact, sara.workspace_id, f"c{number}"),
        )
        conn.execute(
            "INSERT INTO purchase (bucket, contact_id, order_id, at, currency) VALUES (0, %s, 'o', '2026-03-21T12:00Z', 'USD')",
            (contact,),
        )
    page = browser(sara).get(address(sara)).content.decode()
    assert "orders in USD count, but not their money" in page
    assert 'value="USD"' in page


def test_the_page_asks_little(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    client.get(address(sara))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(sara))
    assert (
        len(asked) <= 4
    )  # session, member, membership, workspace; the rest is psycopg's: rates, and orders without one
