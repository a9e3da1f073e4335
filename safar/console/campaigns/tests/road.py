"""A campaign on its way through the browser's door, and an engine that is ahead of time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.test import Client

from safar.accounts.models import Workspace
from safar.journeys.engine.loop import Engine
from safar.journeys.models import Journey

ASKED = {"title": "Yalda", "segment": "vip", "message": "yalda", "when": "now", "second": "", "share": "", "goal": ""}
# Minutes by which earlier tests have moved the lanes' clocks.
clock = {"ahead": 0.0}


def at(shop: Workspace, path: str = "") -> str:
    return f"/w/{shop.slug}/campaigns/{path}"


def plan(client: Client, shop: Workspace, **more: str) -> str:
    """Plans a campaign and gives the address of its page."""
    answer = client.post(at(shop, "new/"), {**ASKED, **more})
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["location"])


def send(client: Client, page: str) -> str:
    """Sends what the page shows, and gives the page that follows."""
    key = page.rstrip("/").rpartition("/")[2]
    revision = Journey.objects.get(key=key, workspace__slug=page.split("/")[2]).revision
    return client.post(f"{page}send/", {"revision": revision}, follow=True).content.decode()


def later(minutes: float) -> None:
    """An engine some minutes from now."""
    then = datetime.now(UTC) + timedelta(minutes=clock["ahead"] + minutes)
    engine = Engine(os.environ["SAFAR_DATABASE_URL"], now=lambda: then)
    try:
        while engine.run_once():
            pass
    finally:
        engine.close()


def strip(page: str) -> str:
    return page.replace('<span class="num">', "").replace("</span>", "")
