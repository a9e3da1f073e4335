"""Stop and join words by SMS, through the engine, to the contact's page; a keyword to the start of a journey."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.channels.provider import Inbound
from safar.channels.sms.inbound import take_inbound
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import make_contact, settle
from safar.console.journeys.tests.road import go_live
from safar.contacts.person import read_person

PHONE = "+989121234567"
KEYWORD = """
journey: keyword
start: {wrote: {kind: sms_keyword, keyword: تخفیف, next: mark}}
points: {mark: {kind: add_tag, tag: wants-discount}}
"""


@pytest.fixture
def ali_of_the_shop(conn: psycopg.Connection[Any], shop: Workspace) -> int:
    return make_contact(conn, shop, user="ali", phone="09121234567")


def hears(conn: psycopg.Connection[Any], shop: Workspace, text: str, sender: str = "09121234567") -> None:
    one = Inbound(sender, text, "10004346", f"{text}-{sender}", datetime.now(UTC) + timedelta(hours=1))
    assert take_inbound(conn, [one], workspace_id=shop.pk, provider="kavenegar") == 1
    settle()


def sms(conn: psycopg.Connection[Any], contact: int, shop: Workspace) -> tuple[str, str, str]:
    person = read_person(conn, shop.pk, contact)
    assert person is not None
    (found,) = (one for one in person.consents if one.channel == "sms")
    return found.state, found.source, found.suppressed


def test_stop_and_join_on_the_page_of_the_contact(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser, ali_of_the_shop: int
) -> None:
    hears(conn, shop, "لغو ۱۱")
    assert sms(conn, ali_of_the_shop, shop) == ("withdrawn", "sms_word", "stop_word")
    page = browser(sara).get(f"/w/{shop.slug}/contacts/{ali_of_the_shop}/").content.decode()
    assert "a stop word by SMS" in page
    assert "by an SMS to a line" in page
    hears(conn, shop, "۱۲")
    assert sms(conn, ali_of_the_shop, shop) == ("given", "sms_word", "")


def test_a_keyword_lets_even_a_stranger_in(conn: psycopg.Connection[Any], shop: Workspace, sara: Membership) -> None:
    go_live(conn, shop, KEYWORD)
    hears(conn, shop, "تخفيف لطفاً", "0935 000 0000")
    found = conn.execute(
        "SELECT c.phone, t.tag FROM contact c JOIN contact_tag t ON t.bucket = c.bucket AND t.contact_id = c.id WHERE c.workspace_id = %s",
        (shop.pk,),
    ).fetchall()
    assert found == [("+989350000000", "wants-discount")]
