"""Before publishing: parts and cost of each SMS, by the text as it stands; without a price not known, and never 0."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.channels.senders import Sender, set_sender
from safar.console.conftest import Browser
from safar.console.journeys.tests.road import WELCOME, draw
from safar.content.services import apply_templates

pytestmark = pytest.mark.usefixtures("database_url", "fresh_figures")

TEXT = "سلام " * 14  # 69 letters: one part, and two with the stop word
PATTERN = {"code": "shipped", "text": "%token", "variables": {"token": "{{ contact.first_name }}"}}


def test_parts_and_cost_of_each_sms(
    shop: Workspace, ali: Membership, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    draw(shop, WELCOME.replace("send_email", "send_sms"))
    url = f"/w/{shop.slug}/journeys/welcome/publishing.json"

    def costs(languages: Any) -> Any:
        apply_templates(shop, {"hello": {"channel": "sms", "title": "Hello", "languages": {"fa": languages}}})
        return browser(ali).get(url, {"about": "cost"}).json()

    told = costs({"text": TEXT})
    assert told["sms"] == [{"title": "Hello", "parts": 2, "cost": None}]
    assert told["left"].endswith("/messages/left/")
    set_sender(conn, shop.pk, Sender("sms", part_price=Decimal(1185)))
    assert costs({"text": TEXT})["sms"][0]["cost"] == "237 Tomans"
    assert costs({"text": TEXT, "pattern": PATTERN})["sms"][0]["parts"] == 1
    assert costs({"text": TEXT, "pattern": {**PATTERN, "second": True}})["sms"][0]["parts"] == 2
    assert browser(mina).get(url, {"about": "cost"}).json()["left"] == ""
