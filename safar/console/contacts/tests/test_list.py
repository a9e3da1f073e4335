"""The pages around the list: columns, segments, export, tags."""

from __future__ import annotations

import csv
import io
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import make_contact, settle
from safar.contacts.export import export_contacts, safe
from safar.events.jobs.running import run_next
from safar.segments.services import apply_segments


def page(client: Any, shop: Workspace, more: str = "", **headers: str) -> str:
    answer = client.get(f"/w/{shop.slug}/contacts/{more}", headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_empty_list_teaches_the_first_step(
    shop: Workspace, ali: Membership, mina: Membership, browser: Browser
) -> None:
    assert "Import contacts" in page(browser(ali), shop)
    assert "Import contacts" not in page(browser(mina), shop)


def test_search_segment_and_columns(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser
) -> None:
    make_contact(conn, shop, user="sara", name="سارا کریمی", city="شیراز", email="sara@home.ir")
    make_contact(conn, shop, user="ali", name="علی", city="تهران")
    apply_segments(
        shop,
        {"shiraz": {"condition": {"trait": "city", "is": "شیراز"}, "title": {"fa": "شیرازی‌ها", "en": "From Shiraz"}}},
    )
    client = browser(mina, language="fa")
    whole = page(client, shop)
    assert "شیرازی‌ها" in whole
    assert "۲ مخاطب" in whole
    found = page(client, shop, "?q=كريمي", **{"hx-request": "true"})
    assert "سارا" in found
    assert "علی" not in found
    assert "<html" not in found
    assert "علی" not in page(client, shop, "?segment=shiraz").partition('id="contacts"')[2]
    answer = client.post(f"/w/{shop.slug}/contacts/columns/", {"column": ["trait:city", "email", "nonsense"]})
    assert answer.status_code == 303
    table = page(client, shop, **{"hx-request": "true"})
    assert "تهران" in table
    assert "nonsense" not in table


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-2+3", "'-2+3"), ("\tx", "'\tx"), ("+989121234567", "+989121234567"), ("-5", "-5"), ("sara", "sara")],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert safe(cell) == written


def test_the_file_can_be_read_again(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    make_contact(conn, shop, user="sara", name="=سارا", email="sara@home.ir", phone="۰۹۱۲۱۲۳۴۵۶۷", code="۱۲")
    text = "".join(export_contacts(conn, shop.pk))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 1
    assert (rows[0]["id"], rows[0]["name"], rows[0]["email"]) == ("sara", "'=سارا", "sara@home.ir")
    assert rows[0]["orders"] == "0"


def test_export_is_for_analysts_and_leaves_an_audit_entry(
    shop: Workspace, sara: Membership, mina: Membership, browser: Browser
) -> None:
    assert browser(mina).get(f"/w/{shop.slug}/contacts/export.csv").status_code == 403
    assert browser(sara).get(f"/w/{shop.slug}/contacts/export.csv").status_code in (200, 302)


def test_a_tag_is_taken_off_everybody(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser
) -> None:
    client = browser(ali)
    for name in ("sara", "mina"):
        contact = make_contact(conn, shop, user=name, name=name)
        client.post(f"/w/{shop.slug}/contacts/{contact}/tags/", {"add": "old tag"})
    settle()
    listed = client.get(f"/w/{shop.slug}/tags/").content.decode()
    assert "old tag" in listed
    client.post(f"/w/{shop.slug}/tags/remove/", {"tag": "old tag"})
    assert "is being taken off" in client.get(f"/w/{shop.slug}/tags/").content.decode()
    assert run_next(conn)
    settle()
    row = conn.execute(
        "SELECT count(*) FROM contact_tag g JOIN contact c ON c.bucket = g.bucket AND c.id = g.contact_id WHERE c.workspace_id = %s",
        (shop.pk,),
    ).fetchone()
    assert row == (0,)
