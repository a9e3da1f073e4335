"""Mina opens the link of an e-mail on her phone, in Persian and in English: she chooses, confirms, asks; nothing runs there and nothing is loaded."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.channels.consent.confirming import ASKED, ask_confirmation
from safar.channels.tokens import CONFIRMING, Unsubscribe, make_token
from safar.console.contacts.tests.people import make_contact, settle
from safar.contacts.person import read_person
from safar.contacts.preferences import read_preferences
from safar.contacts.requests import list_requests
from safar.contacts.topics import Topic, save_topic
from safar.postgres.connections import connect
from tests.browser.test_pages import serious_faults

SAYS = {
    "fa": {
        "weekly": "حداکثر هفته‌ای یک بار",
        "kept": "انتخاب شما",
        "asked": "درخواست شما",
        "yes": "بله، می‌خواهم",
        "thanks": "تأیید شد",
    },
    "en": {
        "weekly": "Once a week at most",
        "kept": "Your choice",
        "asked": "was told",
        "yes": "Yes, I want them",
        "thanks": "It is confirmed",
    },
}


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_preference_centre_on_a_phone(
    opens: Callable[..., Any], shop: Workspace, unique: str, working: None, language: str
) -> None:
    from django.conf import settings
    from playwright.sync_api import expect

    words = SAYS[language]
    with connect(os.environ["SAFAR_DATABASE_URL"], application_name="safar tests") as conn:
        for key, fa, en in (("news", "خبرها", "News"), ("offers", "تخفیف‌ها", "Offers")):
            save_topic(conn, shop.pk, Topic(key, {"fa": fa, "en": en}), fresh=True)
        mina = make_contact(
            conn,
            shop,
            user="mina",
            first_name="مینا",
            email=f"mina@{unique}.ir",
            phone="09121234567",
            language=language,
        )
        token = make_token(Unsubscribe(shop.pk, mina, mina & 1023, 0), settings.SECRET_KEY)
        hers = opens(width=390)
        page = hers.go(f"/p/{token}")
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
        expect(page.locator("input[name=topic]")).to_have_count(2)
        assert hers.too_wide() <= 0
        assert serious_faults(page) == []
        page.get_by_label(words["weekly"]).check()
        page.locator("input[name=topic][value=offers]").uncheck()
        page.locator("input[name=channel][value=email]").check()
        page.locator("input[name=first_name]").fill("Mînâ")
        page.locator("button[value=keep]").click()
        expect(page.get_by_role("status")).to_contain_text(words["kept"])
        expect(page.locator("input[name=often][value=weekly]")).to_be_checked()
        settle()
        person = read_person(conn, shop.pk, mina)
        assert person is not None
        with conn.cursor() as cursor:
            assert read_preferences(cursor, mina).frequency == "weekly"
        assert [(one.topic, one.state) for one in person.topics] == [("offers", "left")]
        assert {one.channel: one.state for one in person.consents}["email"] == "given"
        assert person.traits["first_name"] == "Mînâ"

        page.locator("button[value=export]").click()
        expect(page.get_by_role("status")).to_contain_text(words["asked"])
        assert [one.kind for one in list_requests(conn, shop.pk)] == ["export"]
        page.locator("header a").click()
        expect(page.locator("html")).to_have_attribute("dir", "ltr" if language == "fa" else "rtl")

        asked = ask_confirmation(conn, workspace_id=shop.pk, contact=mina, channel="sms", proof={"method": "form"})
        assert asked == ASKED
        number = conn.execute("SELECT id FROM confirmation WHERE contact_id = %s", (mina,)).fetchone()
        assert number is not None
        link = make_token(Unsubscribe(shop.pk, mina, mina & 1023, number[0]), settings.SECRET_KEY, CONFIRMING)
        page = hers.go(f"/confirm/{link}")
        assert hers.too_wide() <= 0
        assert serious_faults(page) == []
        page.get_by_role("button", name=words["yes"]).click()
        expect(page.get_by_role("status")).to_contain_text(words["thanks"])
        settle()
        person = read_person(conn, shop.pk, mina)
        assert person is not None
        assert {one.channel: one.state for one in person.consents} == {"email": "given", "sms": "given"}
        assert hers.complaints == []
