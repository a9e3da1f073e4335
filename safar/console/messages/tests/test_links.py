"""Which links of a message were followed: people's and machines' apart, each message once."""

from __future__ import annotations

import re

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import Membership
from safar.console.conftest import Browser
from safar.console.sent.tests.walk import put
from safar.content.services import apply_templates

HELLO = {"channel": "email", "languages": {"en": {"subject": "Hello", "html": "<p>Hello</p>"}}}
SALE, BLOG = "https://shop.example/sale?a=1&b=2", "https://shop.example/blog"


def test_links_of_a_message(browser: Browser, ali: Membership, conn: psycopg.Connection) -> None:
    apply_templates(ali.workspace, {"hello": HELLO, "other": HELLO})
    address = f"/w/{ali.workspace.slug}/messages/hello/links/"
    client = browser(ali, language="en")
    assert client.get(address).content.decode().strip() == ""
    for number, template in ((1, "hello"), (2, "hello"), (3, "other")):
        put(ali.workspace_id, 3, number, template=template)
    for id, url in ((900, SALE), (901, BLOG)):
        conn.execute("INSERT INTO link (workspace_id, id, url) VALUES (%s, %s, %s)", (ali.workspace_id, id, url))
    reactions = [
        (1, 900, False, "10:00"), (1, 900, False, "11:00"), (1, 900, True, "10:00"), (2, 900, False, "10:00"),
        (2, 901, True, "10:00"), (1, 0, False, "10:00"), (2, 1, True, "10:00"), (3, 901, False, "10:00"),
    ]  # fmt: skip
    for message, link, machine, hour in reactions:
        conn.execute(
            "INSERT INTO reaction VALUES (3, %s, %s, %s, %s::timestamptz, %s, now(), '')",
            (message, link, machine, f"2026-03-21 {hour}Z", ali.workspace_id),
        )
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    rows = [row.split("<td")[1:] for row in page.partition("</tbody>")[0].split("<tr>")[2:]]
    figures = [[re.sub("<[^>]*>", "", f"<td{cell}").strip() for cell in row[1:]] for row in rows]
    assert ["sale" in row[0] for row in rows] == [True, False]
    assert figures == [["2", "0"], ["0", "1"]]
    assert len(asked) < 12
