"""Sara and Ali are in the segment, Mina is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:  # this file may be loaded before Django is set up
    from safar.accounts.models import Workspace


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What was read is not kept: these tests look again at once."""
    from safar.console.campaigns.tests.road import clock
    from safar.journeys import living, overview
    from safar.journeys.campaigns import progress
    from safar.journeys.reckoning import variants

    for module, name in (
        (living, "_living"),
        (overview, "_tallies"),
        (progress, "_counts"),
        (variants, "_counts"),
    ):
        monkeypatch.setattr(getattr(module, name), "_least", 0.0)
        monkeypatch.setattr(getattr(module, name), "_most", 0.0)
    yield
    clock["ahead"] += 5


@pytest.fixture
def filled(conn: psycopg.Connection[Any], shop: Workspace) -> Workspace:
    """Sara and Ali are in the segment, Mina is not; Sara has agreed to e-mails."""
    from safar.console.contacts.tests.people import make_contact, settle
    from safar.content.services import apply_templates
    from safar.events.edit import edit_of
    from safar.events.editing import put_in
    from safar.segments.services import apply_segments

    text = {
        "fa": {"subject": "یلدا مبارک", "html": "<p>انار</p>"},
        "en": {"subject": "Merry Yalda", "html": "<p>Pomegranates</p>"},
    }
    short = {"fa": {"text": "یلدا مبارک"}}
    apply_templates(
        shop,
        {
            "yalda": {"channel": "email", "title": "شب یلدا", "languages": text},
            "warm": {"channel": "email", "languages": text},
            "short": {"channel": "sms", "languages": short},
        },
    )
    apply_segments(
        shop,
        {
            "vip": {"title": {"fa": "خاص‌ها", "en": "VIPs"}, "condition": {"tag": "vip"}},
            "nobody": {"title": {"en": "Nobody"}, "condition": {"tag": "nobody"}},
        },
    )
    for name in ("sara", "ali", "mina"):
        id = make_contact(conn, shop, user=name, first_name=name.title(), email=f"{name}@x.ir")
        tags = {"add": ["vip"]} if name != "mina" else {}
        consent = {"email": "given"} if name == "sara" else {}
        put_in(conn, shop.pk, id, edit_of(by="ali@x.ir", tags=tags, consent=consent, reason="test"), wait=0)
    settle()
    return shop
