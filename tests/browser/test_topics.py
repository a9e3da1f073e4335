"""A contact's topics in a real browser: put down by a member, left by the contact herself by the link in a message."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from safar.accounts.models import Member, Workspace
from safar.channels.tokens import Unsubscribe, make_token
from safar.console.contacts.tests.people import make_contact
from safar.contacts.person import read_person
from safar.contacts.topics import Topic, save_topic
from safar.postgres.connections import connect

_MESSAGE = """
INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class, topic,
    address, state, decided_at)
VALUES (%s, 7, %s, %s, 1, 1, 1, 1, 1, 'message', 'email', 'marketing', 'news', 'mina@home.ir', 'accepted', now())
"""


def test_topics_on_a_contacts_page_and_by_the_link(
    opens: Callable[..., Any], shop: Workspace, ali: Member, unique: str, working: None
) -> None:
    from django.conf import settings

    with connect(os.environ["SAFAR_DATABASE_URL"], application_name="safar tests") as conn:
        for key, fa in (("news", "خبرها"), ("offers", "تخفیف‌ها")):
            save_topic(conn, shop.pk, Topic(key, {"fa": fa}), fresh=True)
        mina = make_contact(conn, shop, user="mina", name="مینا", email=f"mina@{unique}.ir", language="fa")
        conn.execute(_MESSAGE, (mina & 1023, shop.pk, mina))

        seen = opens(ali, language="fa")
        page = seen.go(f"/w/{shop.slug}/contacts/{mina}/")
        page.click("#topics summary >> nth=1")
        page.select_option("#topic-offers", "joined")
        page.fill("#topic-reason-offers", "در فروشگاه گفت")
        page.click("#topics form:visible button")
        expect(page.locator("#topics .list-group-item").nth(1)).to_contain_text("پیوسته")
        expect(page.locator("#topics")).to_contain_text("در فروشگاه گفت")

        token = make_token(Unsubscribe(shop.pk, mina, mina & 1023, 7), settings.SECRET_KEY)
        hers = opens(width=390)
        letter = hers.go(f"/u/{token}")
        expect(letter.locator("main")).to_contain_text("تخفیف‌ها")
        assert hers.too_wide() <= 0
        letter.click("button[value=topic]")
        expect(letter.locator("main")).to_contain_text("خبرها")

        for _ in range(100):
            person = read_person(conn, shop.pk, mina)
            assert person is not None
            if len(person.topics) == 2:
                break
            threading.Event().wait(0.1)
        assert [(one.topic, one.state, one.source) for one in person.topics] == [
            ("news", "left", "unsubscribe"),
            ("offers", "joined", "by_hand"),
        ]
        page = seen.go(f"/w/{shop.slug}/contacts/{mina}/")
        expect(page.locator("#topics .list-group-item").nth(0)).to_contain_text("ترک‌کرده")
        assert seen.complaints == []
